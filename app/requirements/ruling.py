"""Advance rulings: customs enters what it has ruled beforehand, and ends it. A ruling is never edited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import clock
from app.access import Actor, require
from app.database import session
from app.errors import Conflict, Fault, Invalid
from app.identity.finders import find_organisation_by_unp, list_memberships
from app.identity.models import Organisation
from app.ledger import recording
from app.requirements import ruling_policy as policy
from app.requirements import searching
from app.requirements.compiling import CompiledEdition
from app.requirements.finders import current_edition
from app.requirements.inquiry import country_of, day_of
from app.requirements.ruling_models import Ruling
from app.requirements.ruling_words import fault

CLASSIFICATION, ORIGIN, VALUE = "classification", "origin", "value"
DOCUMENT_CODES: Mapping[str, str] = {CLASSIFICATION: "05013", ORIGIN: "06015", VALUE: "04400"}
"""Under which kind of document a ruling is quoted (Customs Union Commission Decision 378, annex 8)."""
MOST_TEXT = 4000
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{0,49}")
"""What a number may be written with: it stands in the record of events, which holds codes and no words."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a ruling as typed; the names and their order are those of its boxes. ``valid_until`` is the last day, inclusive."""

    number: str = ""
    kind: str = ""
    holder_unp: str = ""
    valid_from: str = ""
    valid_until: str = ""
    goods: str = ""
    goods_code: str = ""
    origin: str = ""
    method: str = ""
    reasons: str = ""
    published_goods: str = ""
    published_reasons: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the boxes mean."""

    holder: Organisation | None
    code: str
    origin: str
    begins: date | None
    ends: date | None


def enter(typed: Typed, *, by: Actor) -> Ruling:
    """Enter a ruling. Raises NotAllowed, or Invalid with every fault at its box."""
    require(policy.enter, by)
    edition = current_edition()
    said = _read(typed, edition)
    faults = [*_about(typed, said, edition), *_texts(typed, said), *_days(typed, said), *_person(said, by)]
    if faults or said.holder is None or said.begins is None or said.ends is None:
        raise Invalid(faults)
    ruling = Ruling(
        number=typed.number,
        kind=typed.kind,
        document_code=DOCUMENT_CODES[typed.kind],
        agency=by.agency,
        holder_id=said.holder.id,
        goods=typed.goods,
        goods_code=said.code,
        origin=said.origin if typed.kind == ORIGIN else "",
        method=typed.method if typed.kind == VALUE else "",
        reasons=typed.reasons,
        published_goods=typed.published_goods,
        published_reasons=typed.published_reasons,
        searched=searching.fold(f"{typed.published_goods} {typed.published_reasons}".strip()),
        valid_from=said.begins,
        valid_to=said.ends + timedelta(days=1),
        entered_at=clock.now(),
        entered_by_id=by.person_id,
    )
    try:
        with session().begin_nested():
            session().add(ruling)
            session().flush()
    except IntegrityError:
        raise Invalid([fault("RULING-NUMBER-TAKEN", "number", typed.number)]) from None
    recording.record(
        "ruling.entered", "ruling", ruling.id, by=by, number=ruling.number, kind=ruling.kind, agency=ruling.agency
    )
    return ruling


def end(ruling: Ruling, *, reason: str, by: Actor) -> Ruling:
    """End a ruling today: no package filed from today on may rest on it. Raises NotAllowed, Conflict when somebody was first,
    or Invalid without a reason."""
    session().refresh(ruling, attribute_names=["ended_at"], with_for_update=True)
    if ruling.ended_at is not None:
        raise Conflict(policy.end(by, ruling).reason)
    require(policy.end, by, ruling)
    words = reason.strip()
    if not words or len(words) > MOST_TEXT:
        raise Invalid([fault("RULING-END-REASON", "reason", words)])
    ruling.ended_at, ruling.ended_by_id, ruling.ended_because = clock.now(), by.person_id, words
    session().flush()
    recording.record(
        "ruling.ended", "ruling", ruling.id, by=by, number=ruling.number, agency=ruling.agency,
        reason_digest=recording.digest(words),
    )  # fmt: skip
    return ruling


# --- what is wrong, box by box --------------------------------------------------------------------------------------


def _read(typed: Typed, edition: CompiledEdition) -> _Read:
    return _Read(
        holder=find_organisation_by_unp(typed.holder_unp.strip().upper()),
        code="".join(typed.goods_code.split()),
        origin=country_of(edition, typed.origin),
        begins=day_of(typed.valid_from),
        ends=day_of(typed.valid_until),
    )


def _about(typed: Typed, said: _Read, edition: CompiledEdition) -> list[Fault]:
    """Number, kind, and what each kind must say."""
    faults = []
    if not _NUMBER.fullmatch(typed.number):
        faults.append(fault("RULING-NUMBER", "number", typed.number))
    elif _taken(typed.number):
        faults.append(fault("RULING-NUMBER-TAKEN", "number", typed.number))
    if typed.kind not in DOCUMENT_CODES:
        faults.append(fault("RULING-KIND-MISSING", "kind", typed.kind))
    if (said.code or typed.kind == CLASSIFICATION) and not _is_code(said.code, edition):
        faults.append(fault("RULING-CODE", "goods_code", typed.goods_code))
    if typed.kind == ORIGIN and said.origin not in edition.lists["countries"]:
        faults.append(fault("RULING-ORIGIN", "origin", typed.origin))
    if typed.kind == VALUE and typed.method not in edition.lists["valuation_method"]:
        faults.append(fault("RULING-METHOD", "method", typed.method))
    return faults


def _is_code(code: str, edition: CompiledEdition) -> bool:
    return len(code) == 10 and code.isascii() and code.isdigit() and code[:6] in edition.goods


def _taken(number: str) -> bool:
    return session().scalar(sa.select(sa.literal(1)).where(Ruling.number == number)) is not None


def _texts(typed: Typed, said: _Read) -> list[Fault]:
    faults = []
    for box, code in (("goods", "RULING-GOODS"), ("reasons", "RULING-REASONS")):
        if not 0 < len(getattr(typed, box)) <= MOST_TEXT:
            faults.append(fault(code, box))
    public = {"published_goods": typed.published_goods, "published_reasons": typed.published_reasons}
    empty = [box for box, text in public.items() if not text]
    if len(empty) == 1:
        faults.append(fault("RULING-PUBLISHED-BOTH", empty[0]))
    for box, code in (("published_goods", "RULING-GOODS"), ("published_reasons", "RULING-REASONS")):
        if len(public[box]) > MOST_TEXT:
            faults.append(fault(code, box))
    if said.holder is not None:
        faults += [fault("RULING-PUBLISHED-HOLDER", box) for box, text in public.items() if _names(text, said.holder)]
    return faults


_QUOTED = re.compile(r"[«“\"„](.+?)[»”\"“]")


def _names(text: str, holder: Organisation) -> bool:
    """Whether a text for everybody names the holder: by its UNP, its whole name, or the name between the quotation marks."""
    folded = searching.fold(text)
    core = _QUOTED.search(holder.name)
    names = [holder.unp or "", holder.name, core[1] if core else ""]
    return any(searching.fold(name) in folded for name in names if len(name) > 3)


def _days(typed: Typed, said: _Read) -> list[Fault]:
    faults = [
        fault("RULING-DAY", box, getattr(typed, box))
        for box, day in (("valid_from", said.begins), ("valid_until", said.ends))
        if day is None
    ]
    if said.begins is not None and said.ends is not None and said.ends < said.begins:
        faults.append(fault("RULING-DAYS-ORDER", "valid_until", typed.valid_until))
    return faults


def _person(said: _Read, by: Actor) -> list[Fault]:
    """A ruling is given to a trader, and by nobody who works for it too."""
    holder = said.holder
    if holder is None or holder.kind != "trader" or holder.closed_at is not None:
        return [fault("RULING-HOLDER-UNKNOWN", "holder_unp")]
    houses: list[Any] = []
    if by.person_id is not None:
        houses = [one.organisation_id for one in list_memberships(by.person_id, clock.today())]
    return [fault("RULING-OWN", "holder_unp")] if holder.id in houses else []
