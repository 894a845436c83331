"""The timeline of a case: what the ledger holds, in words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.errors import Text
from app.ledger.models import Entry
from app.reviews.naming import Names

WORDS: Mapping[str, Any] = {
    "declaration.drafted": _l("Draft started"),
    "declaration.copied": _l("Copied from an earlier package"),
    "declaration.submitted": _l("Filed and registered"),
    "declaration.held": _l("Its files are being scanned: no agency sees it before"),
    "declaration.stopped": _l("Stopped: malicious software was found in a file"),
    "declaration.routed": _l("Sent to the agencies it concerns"),
    "declaration.amended": _l("Changed by the trader: a new version"),
    "declaration.partly_released": _l("Partly released"),
    "declaration.released": _l("Released"),
    "declaration.refused": _l("Refused: no goods item may go"),
    "declaration.withdrawn": _l("Withdrawn by the trader"),
    "review.opened": _l("Asked to sign"),
    "review.claimed": _l("Taken on by an officer"),
    "review.lapsed": _l("The claim ran out"),
    "review.released": _l("Given back to the queue"),
    "review.reassigned": _l("Handed to another officer"),
    "review.extended": _l("Deadline extended"),
    "review.breached": _l("Deadline passed"),
    "review.carried": _l("Goes on with the new version: what changed is not its own"),
    "review.superseded": _l("Closed: a newer version or a withdrawal took its place"),
    "review.proposed": _l("Proposed to a second officer"),
    "review.proposal_withdrawn": _l("The proposal was taken back"),
    "review.proposal_returned": _l("The proposal was returned"),
    "review.decided": _l("Decided"),
    "review.reopened": _l("Opened again by a supervisor"),
    "proposal.failed": _l("A recorded decision could not be signed"),
    "question.asked": _l("Question to the trader"),
    "question.followed_up": _l("The trader was asked again"),
    "question.deadline_near": _l("The time for an answer runs out"),
    "question.answered": _l("The trader answered"),
    "question.lapsed": _l("No answer came in time"),
    "question.settled": _l("Question settled"),
    "question.withdrawn": _l("Question withdrawn"),
    "inspection.ordered": _l("Inspection ordered"),
    "inspection.slot_proposed": _l("Another time of inspection proposed"),
    "inspection.slot_accepted": _l("Time of inspection accepted"),
    "inspection.declined": _l("Takes no part in the inspection"),
    "inspection.agreed": _l("Inspection agreed"),
    "inspection.service_called": _l("A service was called to the inspection"),
    "inspection.sample_taken": _l("Sample taken"),
    "inspection.sample_answered": _l("The laboratory answered"),
    "inspection.finding_recorded": _l("Finding of the inspection recorded"),
    "inspection.done": _l("Inspection done"),
    "inspection.cancelled": _l("Inspection cancelled"),
    "clearance.requested": _l("Clearance asked for"),
    "clearance.issued": _l("Clearance issued"),
    "clearance.replacement_asked": _l("A new paper was asked for"),
    "clearance.superseded": _l("Clearance replaced by a newer one"),
    "clearance.revocation_asked": _l("Revocation of the clearance asked for"),
    "clearance.revocation_dropped": _l("Revocation dropped: the clearance holds"),
    "clearance.revoked": _l("Clearance revoked"),
    "check.opened": _l("Check after release opened"),
    "check.answered": _l("The trader answered the check after release"),
    "check.lapsed": _l("The check after release was not answered in time"),
    "check.concluded": _l("The check after release is concluded: a second officer signs it"),
    "check.returned": _l("The conclusion of the check was returned"),
    "check.closed": _l("Check after release closed"),
    "check.dropped": _l("Check after release dropped"),
}
OUTCOMES: Mapping[str, Any] = {
    "approved": _l("approved"),
    "conditions": _l("approved with conditions"),
    "held": _l("held"),
    "refused": _l("refused"),
    "unknown": _l("not decided"),
}
FOR_OFFICERS = frozenset(
    {
        "review.claimed",
        "review.released",
        "review.reassigned",
        "review.lapsed",
        "review.proposed",
        "review.proposal_withdrawn",
        "review.proposal_returned",
        "proposal.failed",
        "inspection.slot_proposed",
        "inspection.slot_accepted",
        "inspection.declined",
        "inspection.service_called",
        "inspection.sample_taken",
        "inspection.sample_answered",
        "inspection.finding_recorded",
        "check.concluded",
        "check.returned",
    }
)
"""What the trader is not told: who works on it, how the agencies agree, who was called, what was found before it is decided."""
OF_ITSELF = frozenset(
    {"review.opened", "review.breached", "review.lapsed", "review.superseded", "review.carried", "declaration.routed"}
)
"""What the window does of itself: nobody's name stands beside it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline: when, which agency (code, and name or None), what, outcomes per goods item, who."""

    at: datetime
    agency_code: str
    agency: Text | None
    words: Any
    outcomes: tuple[tuple[int, Any], ...]
    who: str


def tell(entries: Sequence[Entry], people: Mapping[uuid.UUID, str], names: Names) -> list[Moment]:
    """Turn ledger entries into lines, oldest first; entries that say nothing about the case are left out."""
    return [
        Moment(
            entry.at,
            entry.payload.get("agency", ""),
            names.agency(entry.payload["agency"]) if entry.payload.get("agency") else None,
            WORDS[entry.event],
            tuple(
                (int(number), OUTCOMES.get(outcome, outcome))
                for number, outcome in sorted(_outcomes(entry).items(), key=lambda pair: int(pair[0]))
            ),
            people.get(entry.person_id, "") if entry.person_id and entry.event not in OF_ITSELF else "",
        )
        for entry in entries
        if entry.event in WORDS
    ]


def _outcomes(entry: Entry) -> Mapping[str, str]:
    """What was decided; what is only proposed is not told, for a second officer may have to look without knowing it."""
    said: Mapping[str, str] = entry.payload.get("outcomes", {}) if entry.event == "review.decided" else {}
    return said
