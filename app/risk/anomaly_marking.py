"""Marking an anomaly: explained, or worth a look. It decides nothing: the package goes its way either way."""

from __future__ import annotations

from app import clock
from app.access import Actor, require
from app.database import session
from app.declarations.models import Declaration
from app.errors import Fault, Invalid
from app.ledger import recording
from app.risk import anomaly_policy as policy
from app.risk.anomaly_lifecycle import LIFECYCLE
from app.risk.parts import refuse_part
from app.risk.peers_models import Anomaly

LEAST, MOST = 5, 500
"""Characters of the reason."""


def mark(anomaly: Anomaly, *, step: str, reason: str, by: Actor) -> Anomaly:
    """Take a step of the lifecycle, ``explain`` or ``note``, with a reason in words.

    Raises NotAllowed, Conflict when it stands so already, Invalid (field ``reason``).
    """
    session().refresh(anomaly, attribute_names=["_status"], with_for_update=True)
    require(policy.mark, by, anomaly)
    refuse_part(session().get_one(Declaration, anomaly.declaration_id), by)
    words = " ".join(reason.split())
    if not LEAST <= len(words) <= MOST:
        raise Invalid([_reason(len(words))])
    LIFECYCLE.move(
        anomaly, step, by=by, declaration=str(anomaly.declaration_id), version=anomaly.version,
        reason_digest=recording.digest(words),
    )  # fmt: skip
    anomaly.marked_at, anomaly.marked_by_id, anomaly.reason = clock.now(), by.person_id, words
    session().flush()
    return anomaly


def _reason(length: int) -> Fault:
    few = length < LEAST
    return Fault(
        "ANOMALY-REASON",
        {
            "be": "Прычыны няма, або яна занадта кароткая." if few else f"Прычына даўжэйшая за {MOST} знакаў.",
            "ru": "Причины нет, или она слишком короткая." if few else f"Причина длиннее {MOST} знаков.",
            "en": "The reason is missing or too short." if few else f"The reason is longer than {MOST} characters.",
        },
        {
            "be": f"Напішыце адным сказам, што вы ўбачылі: ад {LEAST} да {MOST} знакаў.",
            "ru": f"Напишите одной фразой, что вы увидели: от {LEAST} до {MOST} знаков.",
            "en": f"Say in one sentence what you saw: {LEAST} to {MOST} characters.",
        },
        field="reason",
    )
