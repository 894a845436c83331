"""The life of an accreditation, one row per step (issue 6, point 5)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import Actor, Permission, Verdict
from app.errors import Conflict
from app.lifecycle import Lifecycle, Transition
from app.traders import policy
from app.traders.models import IN_FORCE

P = Permission
_APPLY, _EXAMINE, _GRANT = P.ACCREDITATION_APPLY, P.ACCREDITATION_EXAMINE, P.ACCREDITATION_GRANT


def _own(accreditation: Any, by: Actor) -> Verdict:
    return policy.change(by, accreditation)


def _examines(accreditation: Any, by: Actor) -> Verdict:
    return policy.examine(by, accreditation)


def _decides(accreditation: Any, by: Actor) -> Verdict:
    return policy.decide(by, accreditation)


def _supervises(accreditation: Any, by: Actor) -> Verdict:
    return policy.supervise(by, accreditation)


ACCREDITATION = Lifecycle(
    "accreditation",
    {
        "draft": _l("Being written"),
        "applied": _l("Sent, not looked at yet"),
        "examination": _l("Under examination"),
        "incomplete": _l("To be completed by the applicant"),
        "proposed": _l("Waits for a decision"),
        "granted": _l("In force"),
        "suspended": _l("Suspended"),
        "refused": _l("Refused"),
        "revoked": _l("Revoked"),
        "expired": _l("Expired"),
        "withdrawn": _l("Taken back"),
    },
    (
        Transition("apply", ("draft",), "applied", _APPLY, "accreditation.applied", _own),
        Transition("take", ("applied", "examination"), "examination", _EXAMINE, "accreditation.taken", _examines),
        Transition("ask", ("examination",), "incomplete", _EXAMINE, "accreditation.asked", _examines),
        Transition("complete", ("incomplete",), "examination", _APPLY, "accreditation.completed", _own),
        Transition("propose", ("examination",), "proposed", _EXAMINE, "accreditation.proposed", _examines),
        # Who grants is another person than who examined: four eyes.
        Transition("return", ("proposed",), "examination", _GRANT, "accreditation.returned", _decides),
        Transition("grant", ("proposed",), "granted", _GRANT, "accreditation.granted", _decides),
        Transition("refuse", ("proposed",), "refused", _GRANT, "accreditation.refused", _decides),
        Transition(
            "withdraw", ("draft", "applied", "examination", "incomplete", "proposed"), "withdrawn", _APPLY,
            "accreditation.withdrawn", _own,
        ),
        Transition("suspend", ("granted",), "suspended", _GRANT, "accreditation.suspended", _supervises),
        Transition("restore", ("suspended",), "granted", _GRANT, "accreditation.restored", _supervises),
        Transition("revoke", IN_FORCE, "revoked", _GRANT, "accreditation.revoked", _supervises),
        Transition("give-up", IN_FORCE, "withdrawn", _APPLY, "accreditation.given_up", _own),
        Transition("announce", IN_FORCE, None, None, "accreditation.end_announced"),
        Transition("expire", IN_FORCE, "expired", None, "accreditation.expired"),
    ),
)  # fmt: skip


def must_be(accreditation: Any, *states: str) -> None:
    """Raise Conflict unless it is in one of some states: who was late is told that first, not what is wrong in a form."""
    if accreditation.status not in states:
        words = ACCREDITATION.words[accreditation.status]
        raise Conflict(
            _l("This can no longer be done: the state is now “%(state)s”.", state=words),
            {"state": accreditation.status},
        )
