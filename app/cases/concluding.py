"""Concluding a check after release: what was found, how heavy it is; a serious finding is signed by a second officer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app import clock
from app.access import Actor, require
from app.cases import finders, policy
from app.cases.lifecycle import POST_CLEARANCE
from app.cases.models import PostClearanceCheck
from app.cases.opening import needs_words
from app.cases.words import KINDS, WEIGHTS, fault
from app.database import session
from app.documents import gate
from app.documents.finders import get_blob
from app.errors import Fault, Invalid, NotAllowed
from app.ledger.recording import digest
from app.reviews.finders import OWN_PACKAGE, has_part
from app.reviews.question_finders import lock_declaration

LONGEST_ACT = 35


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about a goods item (None: the package): kind and weight are codes of ``words``."""

    item: int | None
    kind: str
    weight: str


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The result of a check: findings, the words the trader reads, the number of the act."""

    findings: tuple[Finding, ...]
    words: str
    act: str = ""

    @property
    def outcome(self) -> str:
        """The heaviest weight of the findings."""
        order = list(WEIGHTS)
        return max((one.weight for one in self.findings), key=order.index, default="none")


def conclude(check: PostClearanceCheck, conclusion: Conclusion, *, by: Actor) -> PostClearanceCheck:
    """Close a check, or hand a serious finding to a second officer.

    Raises NotAllowed, Invalid with every fault, Conflict from a wrong state or while a file waits for the scanner.
    """
    check = _locked(check, by)
    require(policy.conduct, by, check)
    for one in check.files:
        gate.must_pass(get_blob(one.sha256))
    faults = examine(conclusion, check.items)
    if faults:
        raise Invalid(faults)
    check.findings = [{"item": one.item, "kind": one.kind, "weight": one.weight} for one in conclusion.findings]
    check.outcome, check.conclusion = conclusion.outcome, conclusion.words.strip()
    check.act_number = conclusion.act.strip()
    check.concluded_by_id, check.concluded_by_name = by.person_id, by.name
    check.second_by_id, check.second_by_name, check.returned_because = None, "", ""
    if conclusion.outcome == "serious":
        _move(check, "propose", by, outcome="serious", text_digest=digest(check.conclusion))
    else:
        _close(check, "close", by)
    session().flush()
    return check


def confirm(check: PostClearanceCheck, *, by: Actor) -> PostClearanceCheck:
    """Sign a serious finding as the second officer. Raises NotAllowed, Conflict."""
    check = _locked(check, by)
    check.second_by_id, check.second_by_name = by.person_id, by.name
    _close(check, "confirm", by)
    session().flush()
    return check


def give_back(check: PostClearanceCheck, *, reason: str, by: Actor) -> PostClearanceCheck:
    """Return a conclusion to its officer. Raises NotAllowed, Invalid (no reason), Conflict."""
    check = _locked(check, by)
    faults = needs_words(reason, "PCC-REASON", "return-reason")
    if faults:
        raise Invalid(faults)
    _move(check, "return", by, reason_digest=digest(reason.strip()))
    check.returned_because = reason.strip()
    check.second_by_id, check.second_by_name = by.person_id, by.name
    session().flush()
    return check


def examine(conclusion: Conclusion, items: Sequence[int]) -> list[Fault]:
    """Return every fault of a conclusion. Pure."""
    faults = []
    if not conclusion.findings:
        faults.append(fault("PCC-KIND", "kind-0"))
    for one in conclusion.findings:
        where = one.item or 0
        if one.kind not in KINDS or (one.item is not None and one.item not in items):
            faults.append(fault("PCC-KIND", f"kind-{where}"))
        elif one.weight not in WEIGHTS or (one.weight == "none") != (one.kind == "none"):
            faults.append(fault("PCC-WEIGHT", f"weight-{where}"))
    faults += needs_words(conclusion.words, "PCC-CONCLUSION", "conclusion")
    act = conclusion.act.strip()
    if len(act) > LONGEST_ACT or (not faults and conclusion.outcome == "serious" and not act):
        faults.append(fault("PCC-ACT", "act"))
    return faults


def _locked(check: PostClearanceCheck, by: Actor) -> PostClearanceCheck:
    """Lock package and check in the order of the house; nobody judges a package in which they have a part."""
    lock_declaration(check.declaration_id)
    check = finders.lock_check(check.id)
    if has_part(check.declaration, by):
        raise NotAllowed(OWN_PACKAGE)
    return check


def _close(check: PostClearanceCheck, step: str, by: Actor) -> None:
    check.closed_at = clock.now()
    kinds = sorted({one["kind"] for one in check.findings})
    _move(check, step, by, outcome=check.outcome, kinds=kinds, items=check.items, text_digest=digest(check.conclusion))


def _move(check: PostClearanceCheck, step: str, by: Actor, **payload: object) -> None:
    POST_CLEARANCE.move(check, step, by=by, agency=check.agency, declaration=str(check.declaration_id), **payload)
