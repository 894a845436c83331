"""Seeing: what an officer sees of the package in a case, by need; and having more of it shown, with a reason.

An agency sees the groups of fields that the table grants it, the goods items it judges, the documents of its own kinds, and every
place that a measure of the case has read. Customs decides last and sees all; the auditor sees all, and each reading is recorded.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from lxml import etree

from app import clock, markup, web
from app.access import Actor, require
from app.database import session
from app.declarations import masking
from app.declarations.finders import get_attachment
from app.declarations.masking import GROUPS, WHOLE, Sight
from app.declarations.models import Version
from app.declarations.pointers import pointer
from app.errors import Fault, Invalid, Text
from app.identity.models import Person
from app.ledger.recording import digest, record
from app.requirements.compiling import CompiledEdition
from app.requirements.outcome import Lane, Outcome
from app.reviews import finders, needs, policy
from app.reviews.models import Review
from app.reviews.seeing_models import Unmasking

HOURS = timedelta(hours=24)
"""How long what was shown for a reason stays shown, unless the case is decided before."""
LEAST, MOST = 10, 500
"""Characters of the officer's own words."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody of the agency had shown in this case: by whom, which groups, why, until when."""

    name: str
    groups: Sequence[str]
    reason: Text
    words: str
    at: datetime
    until: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class Seeing:
    """The sight of one reader of one case, and everything that was shown in it for a reason."""

    sight: Sight
    shown: Sequence[Shown] = ()


def by_right(review: Review) -> Sight:
    """Return what the agency of a review sees of the package without a reason; costs no statement (``lane`` is loaded)."""
    granted = needs.needs_of(review.agency)
    if any(need.group == needs.ANY for need in granted):
        return WHOLE
    lanes = [Lane.from_dict(data) for data in (review.lane["lane"], *review.lane["behind"])]
    return Sight(
        groups=frozenset(need.group for need in granted if need.group != masking.DOCUMENTS),
        items=frozenset(review.items),
        documents=frozenset(code for need in granted for code in need.codes) | _wanted(lanes),
        pointers=frozenset(_read(lanes)),
    )


def _wanted(lanes: Iterable[Lane]) -> frozenset[str]:
    """Codes of documents that the measures of a case demand, may ask for, or were satisfied by."""
    found: set[str] = set()
    for measure in (measure for lane in lanes for measure in lane.measures):
        found.update(code for ways in measure.required for way in ways for code in way)
        found.update(measure.may_be_asked)
        found.update(one.code for finding in measure.findings for one in finding.found)
    return frozenset(found)


def _read(lanes: Iterable[Lane]) -> Iterable[str]:
    for measure in (measure for lane in lanes for measure in lane.measures):
        for finding in measure.findings:
            yield from (fact.pointer for fact in finding.facts if fact.pointer)
            # What an accredited trader keeps stands nowhere in the package.
            yield from (pointer(one.path) for one in finding.found if one.path)


def look(review: Review, *, actor: Actor) -> Seeing:
    """Return what this reader sees of a case now; one statement, none for whoever sees all."""
    if actor.kind in ("auditor", "system"):
        return Seeing(WHOLE)
    sight = by_right(review)
    if sight.whole:
        return Seeing(sight)
    rows = _rows(review.id)
    now = clock.now()
    mine = [row for row, _name in rows if row.person_id == actor.person_id and row.until > now] if review.open else []
    until = {group: row.until for row in sorted(mine, key=lambda one: one.until) for group in row.groups}
    return Seeing(sight.adding(until) if until else sight, [_shown(row, name, actor) for row, name in rows])


def sight_of(review: Review, *, actor: Actor) -> Sight:
    """Return what this reader sees of a case now."""
    return look(review, actor=actor).sight


def get_case_file(review_id: uuid.UUID, attachment_id: uuid.UUID, *, actor: Actor) -> finders.CaseFile:
    """Return a file of the case's own package, with what the reader sees of it. Raises NotFound for any other file or case."""
    review = finders.get_review(review_id, actor=actor)
    attachment = get_attachment(review.declaration_id, attachment_id)
    return finders.CaseFile(review, attachment, sight_of(review, actor=actor))


def sight_in(version: Version, review: Review, sight: Sight) -> Sight:
    """Return the same sight of another version than the one that is judged: goods items may be numbered anew there, so the agency
    sees those that it was asked about in that version, and the places that its measures have read in that one."""
    if sight.whole or version.number == review.version:
        return sight
    lanes = list(Outcome.from_dict(version.outcome).standing_in(review.agency))
    items = frozenset(number for lane in lanes[:1] for number in lane.items)
    return replace(sight, items=None if sight.items is None else items, pointers=frozenset(_read(lanes)))


def tree_of(version: Version, review: Review, edition: CompiledEdition, *, actor: Actor) -> etree._Element:
    """Return the tree of a version as this reader of a case may read it."""
    sight = sight_in(version, review, sight_of(review, actor=actor))
    return masking.mask(markup.read(version.canonical), sight, edition.document_code)


def _rows(review_id: uuid.UUID) -> Sequence[tuple[Unmasking, str]]:
    query = sa.select(Unmasking, Person.full_name).join(Person, Person.id == Unmasking.person_id)
    found = session().execute(query.where(Unmasking.review_id == review_id).order_by(Unmasking.at))
    return [(row[0], row[1]) for row in found]


def _shown(row: Unmasking, name: str, actor: Actor) -> Shown:
    reason = needs.find_reason(row.reason_code)
    text = reason.text if reason else {"en": row.reason_code}
    return Shown(name, row.groups, text, row.reason, row.at, row.until, row.person_id == actor.person_id)


def unmask(review: Review, *, groups: Sequence[str], reason_code: str, reason: str, by: Actor) -> Unmasking:
    """Show hidden groups of fields to an officer, for this case only, for 24 hours or until it is decided.

    Raises NotAllowed, Invalid for groups or reasons that are none (fields ``groups``, ``reason_code``, ``reason``).
    """
    review = finders.lock_review(review)
    require(policy.unmask, by, review)
    finders.refuse_own_package(review, by)
    words = " ".join(reason.split())
    faults = list(examine(groups, reason_code, words))
    if faults:
        raise Invalid(faults)
    now = web.arrived_at()
    asked = [group for group in GROUPS if group in groups]
    row = Unmasking(
        review_id=review.id,
        declaration_id=review.declaration_id,
        agency=review.agency,
        person_id=by.person_id,
        groups=asked,
        reason_code=reason_code,
        reason=words,
        at=now,
        until=now + HOURS,
    )
    session().add(row)
    session().flush()
    record(
        "declaration.unmasked", "declaration", review.declaration_id, by=by, declaration_id=review.declaration_id,
        agency=review.agency, review=str(review.id), fields=asked, reason_digest=digest(f"{reason_code}: {words}"),
    )  # fmt: skip
    return row


def examine(groups: Sequence[str], reason_code: str, reason: str) -> Iterable[Fault]:
    """Yield what is wrong with an asking: pure."""
    if not groups or any(group not in GROUPS for group in groups):
        yield Fault(
            code="SHOW-GROUPS", field="groups",
            message={"be": "Не выбрана, што паказаць.", "ru": "Не выбрано, что показать.", "en": "Nothing is chosen to be shown."},
            remedy={"be": "Пазначце хаця б адну групу.", "ru": "Отметьте хотя бы одну группу.", "en": "Tick at least one group."},
        )  # fmt: skip
    if needs.find_reason(reason_code) is None:
        yield Fault(
            code="SHOW-REASON", field="reason_code",
            message={"be": "Прычына не выбрана.", "ru": "Причина не выбрана.", "en": "No reason is chosen."},
            remedy={"be": "Выберыце прычыну са спіса.", "ru": "Выберите причину из списка.", "en": "Choose a reason from the list."},
        )  # fmt: skip
    if not LEAST <= len(reason) <= MOST:
        yield Fault(
            code="SHOW-WORDS", field="reason",
            message={
                "be": f"Тлумачэнне мае {len(reason)} знакаў.", "ru": f"В пояснении {len(reason)} знаков.",
                "en": f"The explanation has {len(reason)} characters.",
            },
            remedy={
                "be": f"Напішыце, навошта гэта патрэбна: ад {LEAST} да {MOST} знакаў.",
                "ru": f"Напишите, зачем это нужно: от {LEAST} до {MOST} знаков.",
                "en": f"Write what you need it for: {LEAST} to {MOST} characters.",
            },
        )  # fmt: skip
