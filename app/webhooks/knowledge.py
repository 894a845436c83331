"""What a trader's software may know: which events enter the feed of the owner and of the filer, with which facts.

One table. An event that does not stand here is the agencies' own and never leaves; a fact that does not stand in its row
stays inside. Facts are ids, codes, numbers and moments: the ledger holds nothing else, and names or words never.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Known:
    """One event of the feed: its words for people, the payload keys that may be told, and under which name the subject's id
    stands. ``once_agreed``: only where the trader had been told a time before."""

    words: Any
    facts: tuple[str, ...] = ()
    subject: str = ""
    once_agreed: bool = False


_CLEARANCE = "clearance_id"
_INSPECTION = "inspection_id"
_QUESTION = "question_id"

KNOWN: Mapping[str, Known] = {
    "declaration.submitted": Known(_l("Package filed and registered"), ("version", "digest", "edition")),
    "declaration.held": Known(_l("The files of a package are being scanned")),
    "declaration.stopped": Known(_l("Package stopped: malicious software in a file"), ("files",)),
    "declaration.routed": Known(_l("Package sent to its agencies"), ("agencies",)),
    "declaration.asked": Known(_l("Package waits for an answer")),
    "declaration.resumed": Known(_l("Package goes on")),
    "declaration.amended": Known(
        _l("New version filed"), ("version", "digest", "cause", "carried", "reopened", "closed")
    ),
    "declaration.partly_released": Known(_l("Some goods released"), ("version", "digest", "items")),
    "declaration.released": Known(_l("Package released"), ("version", "digest", "items")),
    "declaration.refused": Known(_l("Package refused"), ("version", "digest")),
    "declaration.withdrawn": Known(_l("Package withdrawn")),
    "review.opened": Known(_l("An agency has the package"), ("agency", "due_at", "items")),
    "review.carried": Known(_l("A decision holds for the new version"), ("agency", "version", "from_version")),
    "review.stopped": Known(_l("The clock of an agency stands"), ("agency", "due_at")),
    "review.resumed": Known(_l("The clock of an agency runs again"), ("agency", "due_at")),
    "review.extended": Known(_l("A deadline is extended"), ("agency", "due_at")),
    "review.decided": Known(_l("An agency has decided"), ("agency", "version", "digest", "outcomes")),
    "review.reopened": Known(_l("An agency decides anew"), ("agency",)),
    "question.asked": Known(
        _l("An agency asks"), ("agency", "sign", "wanted", "due_at", "on_silence", "pointer"), _QUESTION
    ),
    "question.followed_up": Known(_l("An agency asks again"), ("agency", "due_at"), _QUESTION),
    "question.deadline_near": Known(_l("The time for an answer runs out"), ("agency", "due_at"), _QUESTION),
    "question.answered": Known(_l("Question answered"), ("agency", "version"), _QUESTION),
    "question.lapsed": Known(_l("Question not answered in time"), ("agency", "on_silence"), _QUESTION),
    "question.settled": Known(_l("Question settled"), ("agency",), _QUESTION),
    "question.withdrawn": Known(_l("Question withdrawn"), ("agency",), _QUESTION),
    "inspection.agreed": Known(
        _l("Place and time of an inspection"), ("place", "from", "agencies"), _INSPECTION
    ),
    "inspection.slot_proposed": Known(
        _l("The time of an inspection no longer holds"), (), _INSPECTION, once_agreed=True
    ),
    "inspection.cancelled": Known(_l("Inspection cancelled"), (), _INSPECTION, once_agreed=True),
    "inspection.done": Known(_l("Inspection done"), (), _INSPECTION, once_agreed=True),
    "clearance.issued": Known(_l("Clearance ready"), ("number", "sha256"), _CLEARANCE),
    "clearance.superseded": Known(_l("A new clearance took the place of this one"), ("number",), _CLEARANCE),
    "clearance.revoked": Known(_l("Clearance revoked"), ("number",), _CLEARANCE),
}  # fmt: skip

# Every event carries the number of its package as ``number``.
_TOLD_AS = {"number": "clearance_number"}
TEST = "webhook.test"
"""The event of a test: made for one endpoint, in no feed."""


def facts_of(event: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be told of an entry's payload; an empty fact is left out. Raises KeyError for an event that stays
    inside."""
    found = {_TOLD_AS.get(name, name): payload.get(name) for name in KNOWN[event].facts}
    return {name: value for name, value in found.items() if value not in (None, "")}
