"""The register of intellectual property: a mark is entered for its holder, and ended; never edited."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.database import new_id, session
from app.errors import Conflict, Fault, Invalid
from app.ledger.recording import digest, record
from app.risk import names, rights_policy
from app.risk.models import RiskStamp
from app.risk.rights_finders import PART
from app.risk.rights_models import ProtectedMark
from app.risk.rights_words import fault

MOST_DAYS = 3 * 366
"""Three years at most (EAEU Customs Code, art. 386, recalled)."""
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,180}\.[^@\s<>,;\".]{2,20}")


@dataclass(frozen=True, slots=True)
class MarkMeant:
    """A mark as it is entered; ``until`` is its last day."""

    number: str
    holder: str
    email: str
    language: str
    mark: str
    prefixes: tuple[str, ...]
    until: date | None


def enter(meant: MarkMeant, *, by: Actor) -> ProtectedMark:
    """Enter a mark. From the next package on it is looked for. Raises NotAllowed, Invalid with every fault."""
    require(rights_policy.enter, by)
    faults = examine(meant, today=clock.today())
    taken = sa.select(ProtectedMark.id).where(ProtectedMark.number == meant.number.strip())
    if session().scalar(taken) is not None:
        faults.append(fault("MARK-NUMBER", "number"))
    if faults or meant.until is None:
        raise Invalid(faults)
    mark = ProtectedMark(
        id=new_id(), number=meant.number.strip(), holder=meant.holder.strip(), email=meant.email.strip(),
        language=meant.language if meant.language in ("be", "ru", "en") else "ru", mark=meant.mark.strip(),
        compared=_compared(meant.mark), prefixes=f" {' '.join(sorted(set(meant.prefixes)))} ", valid_from=clock.today(),
        valid_to=meant.until + timedelta(days=1), entered_at=clock.now(), entered_by_id=by.person_id,
        entered_by_name=by.name,
    )  # fmt: skip
    session().add(mark)
    _stamp()
    session().flush()
    record("mark.registered", "protected-mark", mark.id, by=by, number=mark.number, until=mark.valid_to.isoformat())
    return mark


def examine(meant: MarkMeant, *, today: date) -> list[Fault]:
    """Return every fault of a mark, but for a number that is taken. Pure."""
    faults = [
        fault("MARK-PREFIX", "prefixes", value=one)
        for one in meant.prefixes
        if not (one.isascii() and one.isdigit() and 2 <= len(one) <= 10)
    ]
    told = (
        ("MARK-NUMBER", "number", 0 < len(meant.number.strip()) <= 35),
        ("MARK-HOLDER", "holder", 3 <= len(meant.holder.strip()) <= 160),
        ("MARK-EMAIL", "email", _ADDRESS.fullmatch(meant.email.strip()) is not None),
        ("MARK-WORDS", "mark", 2 <= len(meant.mark.strip()) <= 160 and bool(_compared(meant.mark))),
        ("MARK-DAYS", "until", meant.until is not None and today <= meant.until < today + timedelta(days=MOST_DAYS)),
    )
    return faults + [fault(code, field) for code, field, fits in told if not fits]


def end(mark: ProtectedMark, *, reason: str, by: Actor) -> ProtectedMark:
    """Take a mark off the register; what is suspended stays so until it is settled. Raises NotAllowed, Invalid, Conflict."""
    require(rights_policy.enter, by)
    must_say(reason, "why")
    mark = session().get_one(ProtectedMark, mark.id, with_for_update=True, populate_existing=True)
    if mark.ended_at is not None:
        raise Conflict(_l("This mark has ended already."), {"ended_at": str(mark.ended_at)})
    mark.ended_at, mark.ended_because = clock.now(), reason.strip()
    _stamp()
    session().flush()
    record("mark.ended", "protected-mark", mark.id, by=by, number=mark.number, reason_digest=digest(reason.strip()))
    return mark


def must_say(text: str, field: str) -> None:
    """Raise Invalid for a reason that says nothing."""
    if len(re.findall(r"\w", text)) < 3 or len(text) > 2000:
        raise Invalid([fault("MARK-REASON", field)])


def _compared(mark: str) -> str:
    return " ".join(filter(None, map(names.skeleton_of, names.in_order(mark))))[:200]


def _stamp() -> None:
    """Let every process know that what it keeps of the register no longer holds."""
    number = secrets.randbits(62) + 1
    raised = session().execute(sa.update(RiskStamp).where(RiskStamp.part == PART).values(number=number))
    if not raised.rowcount:  # type: ignore[attr-defined]
        session().add(RiskStamp(part=PART, number=number))
