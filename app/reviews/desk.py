"""The case desk: everything an officer needs to judge a case, gathered into plain values for one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app import markup
from app.access import Actor
from app.declarations.codec import to_package
from app.declarations.everything import Branch, branches
from app.declarations.finders import get_version, list_attachments
from app.declarations.masking import WHOLE, Sight, veil
from app.declarations.models import Attachment, Version
from app.declarations.package import Line, Package, SupportingDocument
from app.declarations.structure import leaves
from app.documents.models import Blob
from app.errors import Text
from app.ledger.finders import list_entries
from app.requirements import wording
from app.requirements.compiling import CompiledEdition
from app.requirements.outcome import AppliedMeasure, Fact, Found, ItemFinding, Lane, NotTriggered
from app.reviews import finders, seeing
from app.reviews.deciding import results_of
from app.reviews.history import Moment, tell
from app.reviews.models import Review
from app.reviews.naming import Names
from app.reviews.seeing import Seeing

ANY_GOODS = "*"
"""The prefix of a measure that reads every goods code."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A supporting document beside the facts: our code and its plain name, what was declared, the file and its scan.

    ``hidden``: not needed by the reader's agency; then only its kind is there.
    """

    declared: SupportingDocument
    code: str
    label: Text
    attachment: Attachment | None
    blob: Blob | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why this agency judges an item: the measure, whose it is, the facts that matched, the documents that satisfy it."""

    measure: AppliedMeasure
    agency: str
    facts: tuple[Fact, ...]
    found: tuple[Found, ...]
    wanted: tuple[Text, ...]
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ItemDesk:
    """One goods item on the desk."""

    line: Line
    papers: tuple[Paper, ...]
    reasons: tuple[Reason, ...]
    result: str
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole page. ``reasons`` are the measures on any goods; those on certain goods stand at their item. ``full``: whether
    this reader may read other agencies' texts (customs and the auditor). ``hidden``: groups of which something is hidden."""

    review: Review
    version: Version
    package: Package
    items: tuple[ItemDesk, ...]
    papers: tuple[Paper, ...]
    reasons: tuple[Reason, ...]
    reviews: Sequence[Review]
    panes: tuple[finders.Pane, ...]
    not_triggered: tuple[tuple[str, tuple[Text, ...]], ...]
    history: Sequence[Moment]
    leaves: Sequence[tuple[str, str]]
    full: bool
    seeing: Seeing
    hidden: Sequence[str] = ()
    has_part: bool = False

    @property
    def sight(self) -> Sight:
        """What this reader sees of the package."""
        return self.seeing.sight

    def reads(self, other: Review) -> bool:
        """Whether this reader may read what officers wrote on a review: of one's own agency, customs and the auditor of
        all; nobody who has a part in the package."""
        return not self.has_part and (self.full or other.id == self.review.id)

    @property
    def branches(self) -> Sequence[Branch]:
        """Every value of the package for reading, folded by goods item."""
        return branches(self.leaves)

    @property
    def waiting(self) -> list[str]:
        """The agencies whose decision customs still waits for; empty on any other agency's desk."""
        if not self.review.releases:
            return []
        return [one.agency for one in self.reviews if not one.releases and one.status != "decided"]

    def shows_who(self, moment: Moment) -> bool:
        """Whether this reader may know who did it: one's own agency, customs and the auditor; others see the agency."""
        return self.full or moment.agency is None or moment.agency_code == self.review.agency


def lay_out(review: Review, names: Names, *, actor: Actor) -> Desk:
    """Gather a case for one reader; ``review`` comes from ``finders.get_review``.

    Who also works for the trader or the filer reads the facts and the state of each agency, and nothing that officers say:
    the timeline too tells whom they called and what is proposed.
    """
    has_part = finders.has_part(review.declaration, actor)
    edition = names.edition
    version = get_version(review.declaration, review.version)
    seen = seeing.look(review, actor=actor)
    tree, hidden = veil(markup.read(version.canonical), seen.sight, edition.document_code)
    package = to_package(tree)
    files = list_attachments(review.declaration_id, dropped=review.version < review.declaration.version)
    papers = papers_of(package, edition, files, seen.sight)
    reviews = finders.list_reviews(review.declaration_id, decisions=True)
    entries = list_entries(review.declaration_id)
    lanes = [Lane.from_dict(data) for data in (review.lane["lane"], *review.lane["behind"])]
    return Desk(
        review=review,
        version=version,
        package=package,
        items=tuple(_items(review, package, papers, lanes, reviews, edition)),
        papers=tuple(paper for paper in papers if paper.declared.item is None),
        reasons=tuple(_general_reasons(lanes, edition)),
        reviews=reviews,
        panes=tuple(finders.pane_of(one) for one in reviews),
        not_triggered=_not_triggered(version.outcome, edition),
        history=() if has_part else tell(entries, finders.find_names(entry.person_id for entry in entries), names),
        leaves=leaves(tree),
        full=review.releases or actor.kind in ("auditor", "system"),
        seeing=seen,
        hidden=hidden,
        has_part=has_part,
    )


def _items(
    review: Review, package: Package, papers: Sequence[Paper], lanes: Sequence[Lane], reviews: Sequence[Review],
    edition: CompiledEdition,
) -> Iterable[ItemDesk]:  # fmt: skip
    results = results_of(reviews)
    for line in package.lines:
        if line.number in review.items:
            yield ItemDesk(
                line,
                tuple(paper for paper in papers if paper.declared.item == line.number),
                tuple(_reasons(line.number, lanes, edition)),
                results.get(line.number, ""),
                tuple(_said_by_others(line.number, review, reviews)),
            )


def papers_of(
    package: Package, edition: CompiledEdition, attachments: Sequence[Attachment], sight: Sight = WHOLE
) -> list[Paper]:
    """Return every document of a package beside the file that stands behind it; one statement for all the files. Of a hidden
    one only the kind: ``package`` comes from the masked tree."""
    blobs = finders.find_blobs(attachment.sha256 for attachment in attachments)
    papers = []
    for document in package.all_documents:
        code = edition.document_code(document.category, document.type)
        row = edition.document_types.get(code)
        label = {"be": row.label_be, "ru": row.label_ru, "en": row.label_en} if row else {"en": code}
        seen = sight.sees_paper(code, document.item)
        file = _file_of(document, code, attachments) if seen else None
        papers.append(Paper(document, code, label, file, blobs.get(file.sha256) if file else None, not seen))
    return papers


def _file_of(document: SupportingDocument, code: str, attachments: Sequence[Attachment]) -> Attachment | None:
    """The file whose digest the document names, else the one that stands at the same item with the same type and number."""
    same = [one for one in attachments if document.file_sha256 and one.sha256 == document.file_sha256.lower()]
    near = [
        one
        for one in same or attachments
        if (one.item, one.type_code, one.number) == (document.item, code, document.number)
    ]
    return next(iter(near or same), None)


def _reasons(number: int, lanes: Iterable[Lane], edition: CompiledEdition) -> Iterable[Reason]:
    for lane in lanes:
        for measure in lane.measures:
            for finding in measure.findings:
                if finding.item == number and measure.prefix != ANY_GOODS:
                    yield _reason(measure, lane, finding, (number,), edition)


def _general_reasons(lanes: Iterable[Lane], edition: CompiledEdition) -> Iterable[Reason]:
    """Measures on any goods say the same of every item: they are told once, with the facts of the first one."""
    for lane in lanes:
        for measure in lane.measures:
            if measure.prefix == ANY_GOODS and measure.findings:
                yield _reason(measure, lane, measure.findings[0], measure.items, edition)


def _reason(
    measure: AppliedMeasure, lane: Lane, finding: ItemFinding, items: tuple[int, ...], edition: CompiledEdition
) -> Reason:
    wanted = tuple(wording.documents(ways, edition) for ways in measure.required)
    return Reason(measure, lane.agency, finding.facts, finding.found, wanted, items)


def _said_by_others(number: int, review: Review, reviews: Sequence[Review]) -> Iterable[tuple[str, str]]:
    """What each other agency says about an item: its outcome, empty while it has not decided."""
    for other in reviews:
        if other.id != review.id and number in other.items:
            yield other.agency, str(other.results.get(str(number), ""))


def _not_triggered(outcome: Mapping[str, Any], edition: CompiledEdition) -> tuple[tuple[str, tuple[Text, ...]], ...]:
    rows = [NotTriggered.from_dict(data) for data in outcome["not_triggered"]]
    return tuple(
        (row.agency, tuple(wording.why(reason, edition) for reason in row.reasons))
        for row in rows
        if row.mode == "signs"
    )
