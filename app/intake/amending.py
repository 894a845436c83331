"""Amending: the trader changes a filed package, and a new version takes the place of the last (domain.md section 4).

It is judged under the law of the day of registration, keeps its number, reference, owner, direction and office, and never
takes out what an agency has decided. Either the whole change is taken, or nothing happens and every fault is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from lxml import etree
from sqlalchemy.orm import joinedload, undefer

from app import clock
from app.access import SYSTEM, Actor, require
from app.advance import quoting
from app.database import new_id, session
from app.declarations import codec, comparing, editing, finders, marks, parsing, policy, versions
from app.declarations.comparing import Change
from app.declarations.lifecycle import AMENDABLE, DECLARATION
from app.declarations.models import Attachment, Declaration, Version
from app.declarations.package import Package
from app.documents import uploading
from app.errors import Conflict, Fault, Invalid, Stale
from app.intake import amend_words, attachments, holding, submission
from app.intake.submission import Judged
from app.ledger.recording import Happening, record_all
from app.reviews import carrying, greening, naming
from app.reviews import finders as reviews
from app.risk import assessing

AMENDED, ANSWERED = "amended", "answered"
"""Why there is a new version: the trader's own change, or the answer to a question."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A change held against everything it must satisfy: what differs, what stands in the way, the law's answer.

    ``moved``: goods items that have another number now, old to new; ``removed``: old numbers of those that are gone.
    """

    changes: Sequence[Change]
    faults: Sequence[Fault]
    package: Package
    canonical: bytes
    judged: Judged
    moved: Mapping[int, int]
    removed: frozenset[int]


@dataclass(frozen=True, slots=True)
class Preview:
    """What sending a change now would do: what differs, what stands in the way, which agencies look again."""

    version: int
    changes: Sequence[Change]
    faults: Sequence[Fault]
    package: Package
    fate: carrying.Fate


def amend(
    declaration: Declaration, tree: etree._Element, *, cause: str, by: Actor, expected_version: int,
    arrival: bytes | None = None, keep_draft: bool = False,
) -> Version:  # fmt: skip
    """Make a new version of a filed package out of a whole tree, and take its reviews along.

    ``cause``: ``amended`` or ``answered``; ``expected_version``: the one the writer saw; ``arrival``: the bytes as received
    where there are any (else the canonical ones are kept); ``keep_draft``: a change that is being written stays. Locks the package first, then its reviews and what hangs on
    them: a caller that holds reviews must read them afresh, for a review may have a successor now (questions name it).
    Raises Conflict in a state that cannot be changed, Stale for another version than the one seen, NotAllowed by policy,
    Invalid with every fault; nothing is changed then.
    """
    declaration = lock(declaration)
    must_be_amendable(declaration)
    require(policy.amend, by, declaration)
    must_be_seen(declaration, expected_version)
    current = finders.get_version(declaration)
    found = examine(declaration, current, tree, by=by)
    if found.faults:
        raise Invalid(found.faults)
    return _write(declaration, found, cause, arrival, by, keep_draft=keep_draft or cause == ANSWERED)


def lock(declaration: Declaration) -> Declaration:
    """Lock the row of a package and read it afresh; on SQLite the writing transaction is the lock."""
    query = (
        sa.select(Declaration)
        .where(Declaration.id == declaration.id)
        .options(joinedload(Declaration.owner), joinedload(Declaration.filer), undefer(Declaration.draft_xml))
        .with_for_update(of=Declaration)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).one()


def must_be_amendable(declaration: Declaration) -> None:
    """Raise Conflict when a package can no longer be changed, with what can be done instead."""
    if declaration.status in AMENDABLE:
        return
    raise Conflict(
        _l(
            "This package can no longer be changed: its state is “%(state)s”. What was filed stays as it is; "
            "copy it as new for another consignment.",
            state=DECLARATION.words[declaration.status],
        ),
        {"state": declaration.status, "code": "AMEND-CLOSED"},
    )


def must_be_seen(declaration: Declaration, version: int) -> None:
    """Raise Stale when somebody made a newer version than the one this change was made against."""
    if version != declaration.version:
        raise Stale(
            _l(
                "Version %(current)s has come since you looked at version %(seen)s. Nothing is sent, and what you "
                "wrote is kept: look at what your change would do to the newer version, then send it again.",
                seen=version,
                current=declaration.version,
            ),
            {"version": declaration.version, "seen": version},
        )


def preview(
    declaration: Declaration, tree: etree._Element, *, by: Actor, sent: frozenset[str] = frozenset()
) -> Preview:
    """Return what a change would do if it were sent now; stores nothing. ``sent``: as ``submission.judge`` takes it."""
    current = finders.get_version(declaration)
    found = examine(declaration, current, tree, by=by, sent=sent)
    judged = found.judged
    fate = carrying.foresee(
        reviews.list_reviews(declaration.id), judged.outcome, codec.digest(found.canonical), judged.edition.customs
    )
    return Preview(declaration.version, found.changes, found.faults, found.package, fate)


def examine(
    declaration: Declaration, current: Version, tree: etree._Element, *, by: Actor, sent: frozenset[str] = frozenset()
) -> Examined:
    """Hold a change against the schema, the version that holds, what agencies decided, the rules and the law."""
    canonical = codec.canonical(tree)
    parsed = parsing.parse(canonical)
    package = codec.to_package(tree)
    before = parsing.plain(current.canonical).tree
    if before is None:
        raise RuntimeError(f"the stored XML of package {declaration.id} cannot be read")
    changes = comparing.compare(before, tree)
    judged = submission.judge(package, by=by, tree=tree, of=declaration, sent=sent)
    older, paired = codec.to_package(before), comparing.paired_items(before, tree)
    faults = [*_another_package(older, package)]
    if not faults:
        faults = [*parsed.faults, *_about_versions(declaration, before, paired, changes), *judged.faults]
    moved = {was: now for was, now in paired.items() if was != now}
    removed = frozenset(range(1, len(older.lines) + 1)) - paired.keys()
    return Examined(changes, faults, package, canonical, judged, moved, removed)


def _another_package(before: Package, after: Package) -> Iterator[Fault]:
    """What a package is known by does not change: reference, owner, direction, office."""
    named = after.owner_party or before.owner_party
    for code, was, now, path in (
        ("LRN", before.lrn, after.lrn, "/Declaration/FunctionalReferenceID"),
        ("DIRECTION", before.type_code, after.type_code, "/Declaration/TypeCode"),
        ("OWNER", before.owner, after.owner, f"{named.path}/ID" if named else "/Declaration"),
        ("OFFICE", before.office, after.office, "/Declaration/DeclarationOfficeID"),
    ):
        if was != now:
            yield amend_words.fault(f"AMEND-OTHER-{code}", path=path, value=now, was=was)


def _about_versions(
    declaration: Declaration, before: etree._Element, paired: Mapping[int, int], changes: Sequence[Change]
) -> Iterator[Fault]:
    if not changes:
        yield amend_words.fault("AMEND-NOTHING", number=str(declaration.version))
        return
    judged = carrying.find_judged(declaration.id)
    if not judged:
        return
    names = naming.names()
    for number, agencies in judged.items():
        if paired.get(number) != number:
            path = f"{editing.ITEM}[{number}]"
            words = editing.get_leaf(before, f"{path}/Commodity/Description")
            yield amend_words.fault(
                "AMEND-ITEM-JUDGED", path=path, value=words, number=str(number), agencies=names.agencies(agencies)
            )


# --- writing ------------------------------------------------------------------------------------------------------


def _write(
    declaration: Declaration, found: Examined, cause: str, arrival: bytes | None, by: Actor, *, keep_draft: bool
) -> Version:
    judged, package = found.judged, found.package
    body = arrival if arrival is not None else found.canonical
    received = uploading.keep(body, media_type="application/zip" if body[:2] == b"PK" else "application/xml")
    _fill(declaration, found, keep_draft=keep_draft)
    session().flush()
    version = versions.file_version(
        declaration, canonical=found.canonical, package=package, outcome=judged.outcome, edition=judged.edition.hash,
        received_sha256=received.sha256, by=by, cause=cause,
    )  # fmt: skip
    _attach(declaration, judged)
    marks.keep(declaration, package, unp=package.owner)
    assessed = assessing.assess(
        declaration, package, judged.owner, judged.outcome, edition=judged.edition, on=submission.filing_day(declaration),
        quoted=judged.quoted,
    )  # fmt: skip
    fate, happenings = _taken_along(declaration, version, found, assessed, by)
    amended = DECLARATION.step(
        declaration, "amend", by=by, version=declaration.version, digest=declaration.digest, edition=judged.edition.hash,
        cause=cause, carried=list(fate.carried), reopened=[*fate.reopened, *fate.opened], closed=list(fate.closed),
    )  # fmt: skip
    if declaration.status == "awaiting-trader" and not carrying.count_open_questions(declaration.id):
        happenings.append(DECLARATION.step(declaration, "resume", by=by))
    session().flush()
    record_all([amended, *assessing.keep(assessed), *happenings], by=by)
    if judged.quoted:
        record_all(quoting.quote(declaration, package, judged.quoted), by=SYSTEM)
    if declaration.status != holding.HELD:
        rules = greening.find_rules(assessed, on=clock.today())
        greening.sign_off(declaration, assessed, rules)
    return version


def _taken_along(
    declaration: Declaration, version: Version, found: Examined, assessed: assessing.Assessed, by: Actor
) -> tuple[carrying.Fate, list[Happening]]:
    """What becomes of the reviews. A package that is still held has none: its new version waits for the scanner instead."""
    if declaration.status == holding.HELD:
        holding.hold_again(declaration)
        return carrying.Fate(), []
    judged = found.judged
    return carrying.carry(
        declaration, version, judged.outcome, found.package, edition=judged.edition, by=by, moved=found.moved,
        removed=found.removed, assessed=assessed,
    )  # fmt: skip


def _fill(declaration: Declaration, found: Examined, *, keep_draft: bool) -> None:
    """What lists show of the package, as the new version has it."""
    package = found.package
    declaration.version += 1
    declaration.digest = codec.digest(found.canonical)
    declaration.content_digest = submission.content_digest(found.canonical, package.lrn)
    declaration.goods_summary = versions.goods_summary(package)
    declaration.line_count = len(package.lines)
    declaration.partner_country = package.export_country if package.direction != "export" else package.destination
    declaration.updated_at = clock.now()
    if not keep_draft:
        declaration.draft_xml, declaration.draft_notes = None, {}


def _attach(declaration: Declaration, judged: Judged) -> None:
    """Tie the files to the package as it stands now. A file that is the same stays; one that went is kept for the versions
    that had it."""
    there = {_key(one): one for one in finders.list_attachments(declaration.id)}
    wanted = {_wanted(one): one for one in judged.standing.values()}
    for key, attachment in there.items():
        if key not in wanted:
            attachment.dropped_in = declaration.version
    for key, one in wanted.items():
        if key not in there:
            session().add(
                Attachment(
                    id=new_id(), declaration_id=declaration.id, document_id=one.document.id, sha256=one.document.sha256,
                    file_name=one.document.file_name, item=one.declared.item, type_code=one.type_code,
                    number=one.declared.number,
                )
            )  # fmt: skip
    session().flush()


def _key(one: Attachment) -> tuple[str, int | None, str, str]:
    return one.sha256, one.item, one.type_code, one.number


def _wanted(one: attachments.Standing) -> tuple[str, int | None, str, str]:
    return one.document.sha256, one.declared.item, one.type_code, one.declared.number
