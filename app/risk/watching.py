"""Watch-lists as they are kept: proposed by one, taken on by another, ended with a reason; candidates settled by an officer."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import Actor, require
from app.database import new_id, session
from app.declarations.models import Declaration
from app.errors import Fault, Invalid
from app.ledger.recording import Happening, digest, record, record_all
from app.requirements.finders import current_edition
from app.risk import names, watch_finders
from app.risk import watch_policy as policy
from app.risk.models import RiskStamp
from app.risk.parts import refuse_part
from app.risk.watch_finders import PART
from app.risk.watch_lifecycle import WATCH_CANDIDATE, WATCH_ENTRY
from app.risk.watch_matching import Found
from app.risk.watch_models import KINDS, NAME, WatchCandidate, WatchEntry
from app.risk.watch_words import CONFIDENCE, EFFECTS, SOURCES, fault

LONGEST, LONGEST_REASON = 200, 2000
MOST_DAYS = 366
"""An entry that nobody renews within a year is one nobody looks after."""
_INSERT: sa.Insert = sa.insert(WatchCandidate.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Meant:
    """An entry as an officer means it; ``until`` is its last day."""

    kind: str
    words: str
    source: str
    reference: str
    confidence: str
    reason: str
    effect: str
    shared: tuple[str, ...]
    until: date | None


def propose(meant: Meant, *, by: Actor) -> WatchEntry:
    """Propose an entry; nobody looks for it before a supervisor has taken it on. Raises NotAllowed, Invalid with every fault."""
    require(policy.enter, by)
    faults = examine(meant, today=clock.today())
    if faults or meant.until is None:
        raise Invalid(faults)
    entry = WatchEntry(
        id=new_id(), agency=by.agency, kind=meant.kind, words=meant.words.strip(), compared=compared(meant),
        source=meant.source, reference=meant.reference.strip(), confidence=meant.confidence, reason=meant.reason.strip(),
        effect=meant.effect, shared=_between(set(meant.shared) - {by.agency}), valid_from=clock.today(),
        valid_to=meant.until + timedelta(days=1), entered_at=clock.now(), entered_by_id=by.person_id, entered_by_name=by.name,
    )  # fmt: skip
    WATCH_ENTRY.begin(entry)
    session().add(entry)
    session().flush()
    record(
        "watch.proposed", "watch-entry", entry.id, by=by, agency=entry.agency, kind=entry.kind,
        until=entry.valid_to.isoformat(),
    )  # fmt: skip
    return entry


def _between(agencies: Iterable[str]) -> str:
    return "".join(f" {one}" for one in sorted(agencies)) + " "


def compared(meant: Meant) -> str:
    """Return what is compared: the skeleton of a name, the bare signs of a number."""
    return (names.skeleton(meant.words) if meant.kind == NAME else names.mark(meant.words))[:LONGEST]


def examine(meant: Meant, *, today: date) -> list[Fault]:
    """Return every fault of an entry; an empty list when it can be proposed."""
    faults = []
    chosen = {"kind": KINDS, "source": SOURCES, "confidence": CONFIDENCE, "effect": EFFECTS}
    faults += [fault("WATCH-CHOICE", name) for name, known in chosen.items() if getattr(meant, name) not in known]
    if len(compared(meant)) < 3 or len(meant.words) > LONGEST:
        faults.append(fault("WATCH-WORDS", "words"))
    faults += _said(meant.reason, "reason")
    if (meant.source in ("foreign", "court") and not meant.reference.strip()) or len(meant.reference) > 70:
        faults.append(fault("WATCH-REFERENCE", "reference"))
    if meant.until is None or not today < meant.until + timedelta(days=1) <= today + timedelta(days=MOST_DAYS):
        faults.append(fault("WATCH-DAYS", "until"))
    known_agencies = current_edition().agencies
    faults += [fault("WATCH-AGENCY", "shared", value=one) for one in meant.shared if one not in known_agencies]
    return faults


def confirm(entry: WatchEntry, *, by: Actor) -> WatchEntry:
    """Take a proposed entry on: from the next package on it is looked for. Raises NotAllowed, Conflict."""
    entry = watch_finders.lock_entry(entry.id)
    WATCH_ENTRY.move(entry, "confirm", by=by, agency=entry.agency)
    return _settled(entry, by)


def refuse(entry: WatchEntry, *, reason: str, by: Actor) -> WatchEntry:
    """Do not take a proposed entry on. Raises NotAllowed, Invalid (no reason), Conflict."""
    return _put_away(entry, "refuse", reason, by)


def end(entry: WatchEntry, *, reason: str, by: Actor) -> WatchEntry:
    """Take an entry off the list. Raises NotAllowed, Invalid (no reason), Conflict."""
    return _put_away(entry, "end", reason, by)


def _put_away(entry: WatchEntry, step: str, reason: str, by: Actor) -> WatchEntry:
    faults = _said(reason, "why")
    if faults:
        raise Invalid(faults)
    entry = watch_finders.lock_entry(entry.id)
    WATCH_ENTRY.move(entry, step, by=by, agency=entry.agency, reason_digest=digest(reason.strip()))
    entry.ended_because = reason.strip()
    return _settled(entry, by)


def _settled(entry: WatchEntry, by: Actor) -> WatchEntry:
    entry.settled_at, entry.settled_by_id, entry.settled_by_name = clock.now(), by.person_id, by.name
    stamp()
    session().flush()
    return entry


def stamp() -> None:
    """Let every process know that what it keeps of the lists no longer holds."""
    number = secrets.randbits(62) + 1
    raised = session().execute(sa.update(RiskStamp).where(RiskStamp.part == PART).values(number=number))
    if not raised.rowcount:  # type: ignore[attr-defined]
        session().add(RiskStamp(part=PART, number=number))


# --- what was found ---------------------------------------------------------------------------------------------------


def keep(declaration: Declaration, found: Sequence[Found]) -> list[Happening]:
    """Write what was found in a version of a package, in one statement; returns what is to be recorded. No trader sees the
    entries: they belong to no package's story."""
    at = clock.now()
    rows = [_row(declaration, one, at) for one in found]
    if rows:
        session().execute(_INSERT, rows)
    return [
        Happening(
            "watch.candidate_noticed", "watch-candidate", row["id"],
            {
                "agency": row["agency"], "package": str(declaration.id), "version": declaration.version,
                "entry": str(row["entry_id"]), "likeness": row["likeness"],
            },
        )
        for row in rows
    ]  # fmt: skip


def _row(declaration: Declaration, one: Found, at: Any) -> dict[str, Any]:
    return {
        "id": new_id(), "declaration_id": declaration.id, "version": declaration.version, "entry_id": one.entry.id,
        "agency": one.entry.agencies[0], "place": one.place, "words": one.words[:LONGEST], "compared": one.compared[:LONGEST],
        "likeness": one.likeness, "pairs": [list(pair) for pair in one.pairs], "at": at,
        "status": "confirmed" if one.sure else WATCH_CANDIDATE.initial, "settled_at": None, "settled_by_id": None,
        "settled_by_name": "", "reason": "",
    }  # fmt: skip


def settle(candidate: WatchCandidate, *, same: bool, reason: str, by: Actor) -> WatchCandidate:
    """Say whether what was found is what is looked for. What an officer rejected does not come again for the same name; what
    was confirmed counts in full from then on. Raises NotAllowed, Invalid (no reason), Conflict."""
    faults = _said(reason, "why")
    if faults:
        raise Invalid(faults)
    candidate = watch_finders.lock_candidate(candidate.id)
    refuse_part(candidate.declaration, by)
    WATCH_CANDIDATE.move(
        candidate, "confirm" if same else "reject", by=by, agency=by.agency, package=str(candidate.declaration_id),
        entry=str(candidate.entry_id), reason_digest=digest(reason.strip()),
    )  # fmt: skip
    candidate.settled_at, candidate.settled_by_id, candidate.settled_by_name = clock.now(), by.person_id, by.name
    candidate.reason = reason.strip()
    stamp()
    session().flush()
    return candidate


def remember_reading(entries: Iterable[WatchEntry], *, by: Actor) -> None:
    """Remember who has read which entries (issue: every read of a watch-list is recorded); called in a transaction of its own."""
    per_agency: Mapping[str, list[str]] = {}
    for one in entries:
        per_agency.setdefault(one.agency, []).append(str(one.id))  # type: ignore[attr-defined]
    told = [
        Happening("watch.read", "watch-list", new_id(), {"agency": agency, "entries": ids})
        for agency, ids in per_agency.items()
    ]
    record_all(told or [Happening("watch.read", "watch-list", new_id(), {"agency": by.agency, "entries": []})], by=by)


def _said(text: str, field: str) -> list[Fault]:
    return [fault("WATCH-REASON", field)] if len(re.findall(r"\w", text)) < 3 or len(text) > LONGEST_REASON else []
