"""Who may do what: permissions, roles, the actor behind an act, and the two questions ``require`` and ``can``.

Roles are code and are reviewed like code; the database stores memberships only. Rules about one object (ownership,
agency, claim) stand in each capability's ``policy``.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from app.errors import NotAllowed


class Permission(StrEnum):
    """Every right of the window: ``thing:verb``."""

    DECLARATION_PREPARE = "declaration:prepare"
    DECLARATION_SUBMIT = "declaration:submit"
    DECLARATION_WITHDRAW = "declaration:withdraw"
    DECLARATION_READ = "declaration:read"
    DECLARATION_AMEND = "declaration:amend"
    QUESTION_ANSWER = "question:answer"
    DOCUMENT_UPLOAD = "document:upload"
    DOCUMENT_READ = "document:read"
    REVIEW_READ = "review:read"
    REVIEW_CLAIM = "review:claim"
    REVIEW_DECIDE = "review:decide"
    REVIEW_ASK = "review:ask"
    REVIEW_INSPECT = "review:inspect"
    REVIEW_COUNTERSIGN = "review:countersign"
    REVIEW_OVERRIDE = "review:override"
    REVIEW_REASSIGN = "review:reassign"
    REVIEW_EXTEND = "review:extend"
    NOTE_WRITE = "note:write"
    QUEUE_SUPERVISE = "queue:supervise"
    CLEARANCE_RELEASE = "clearance:release"
    CLEARANCE_DOWNLOAD = "clearance:download"
    CLEARANCE_REVOKE = "clearance:revoke"
    MANDATE_GRANT = "mandate:grant"
    MANDATE_ACCEPT = "mandate:accept"
    KEY_MANAGE = "key:manage"
    WEBHOOK_MANAGE = "webhook:manage"
    RULING_ENTER = "ruling:enter"
    ORGANISATION_MANAGE = "organisation:manage"
    PERSON_MANAGE = "person:manage"
    MEASURE_READ = "measure:read"
    LEDGER_READ = "ledger:read"
    JOB_RETRY = "job:retry"
    FIELD_UNMASK = "field:unmask"
    PERSONAL_DATA_MANAGE = "personal-data:manage"
    RISK_READ = "risk:read"
    INDICATOR_PROPOSE = "indicator:propose"
    INDICATOR_AGREE = "indicator:agree"
    ACCREDITATION_APPLY = "accreditation:apply"
    ACCREDITATION_EXAMINE = "accreditation:examine"
    ACCREDITATION_GRANT = "accreditation:grant"
    ADVANCE_FILE = "advance:file"
    ADVANCE_READ = "advance:read"
    MOVEMENT_REPORT = "movement:report"
    ALERT_SETTLE = "alert:settle"
    CHECK_CONDUCT = "check:conduct"
    WATCHLIST_READ = "watchlist:read"
    WATCHLIST_MANAGE = "watchlist:manage"
    RIGHT_REGISTER = "right:register"


P = Permission
RIGHTS: Mapping[Permission, Any] = {
    P.DECLARATION_PREPARE: _l("prepare packages"),
    P.DECLARATION_SUBMIT: _l("send packages"),
    P.DECLARATION_WITHDRAW: _l("withdraw packages"),
    P.DECLARATION_READ: _l("read packages"),
    P.DECLARATION_AMEND: _l("amend packages"),
    P.QUESTION_ANSWER: _l("answer questions"),
    P.DOCUMENT_UPLOAD: _l("upload documents"),
    P.DOCUMENT_READ: _l("read documents"),
    P.REVIEW_READ: _l("read cases"),
    P.REVIEW_CLAIM: _l("claim cases"),
    P.REVIEW_DECIDE: _l("decide cases"),
    P.REVIEW_ASK: _l("ask the trader"),
    P.REVIEW_INSPECT: _l("order inspections"),
    P.REVIEW_COUNTERSIGN: _l("sign as the second officer"),
    P.REVIEW_OVERRIDE: _l("override a proposal"),
    P.REVIEW_REASSIGN: _l("hand cases on"),
    P.REVIEW_EXTEND: _l("extend a deadline"),
    P.NOTE_WRITE: _l("write notes on cases"),
    P.QUEUE_SUPERVISE: _l("supervise the queue"),
    P.CLEARANCE_RELEASE: _l("release goods"),
    P.CLEARANCE_DOWNLOAD: _l("download clearances"),
    P.CLEARANCE_REVOKE: _l("revoke clearances"),
    P.MANDATE_GRANT: _l("give mandates"),
    P.MANDATE_ACCEPT: _l("accept mandates"),
    P.KEY_MANAGE: _l("make and revoke keys"),
    P.WEBHOOK_MANAGE: _l("manage webhooks"),
    P.RULING_ENTER: _l("enter advance rulings"),
    P.ORGANISATION_MANAGE: _l("manage organisations"),
    P.PERSON_MANAGE: _l("manage people"),
    P.MEASURE_READ: _l("read measures"),
    P.LEDGER_READ: _l("read the record of events"),
    P.JOB_RETRY: _l("start jobs again"),
    P.FIELD_UNMASK: _l("uncover fields with a reason"),
    P.PERSONAL_DATA_MANAGE: _l("export and erase personal data"),
    P.RISK_READ: _l("read risk assessments"),
    P.INDICATOR_PROPOSE: _l("propose risk indicators"),
    P.INDICATOR_AGREE: _l("agree to risk indicators"),
    P.ACCREDITATION_APPLY: _l("apply for an accreditation"),
    P.ACCREDITATION_EXAMINE: _l("examine applications for accreditation"),
    P.ACCREDITATION_GRANT: _l("grant and withdraw accreditations"),
    P.ADVANCE_FILE: _l("send advance information"),
    P.ADVANCE_READ: _l("read advance information"),
    P.MOVEMENT_REPORT: _l("report position, arrival and seals"),
    P.ALERT_SETTLE: _l("settle alerts"),
    P.CHECK_CONDUCT: _l("check packages after their release"),
    P.WATCHLIST_READ: _l("read watch-lists"),
    P.WATCHLIST_MANAGE: _l("take entries on and off watch-lists"),
    P.RIGHT_REGISTER: _l("keep the register of intellectual property"),
}
"""Every right in words, for the reason of a refusal."""

_FILING = {
    P.DECLARATION_PREPARE, P.DECLARATION_SUBMIT, P.DECLARATION_WITHDRAW, P.DECLARATION_READ, P.DECLARATION_AMEND,
    P.QUESTION_ANSWER,
    P.DOCUMENT_UPLOAD, P.DOCUMENT_READ, P.CLEARANCE_DOWNLOAD, P.MEASURE_READ, P.ADVANCE_FILE,
}  # fmt: skip
_OFFICER = {
    P.REVIEW_READ, P.REVIEW_CLAIM, P.REVIEW_DECIDE, P.REVIEW_ASK, P.REVIEW_INSPECT, P.REVIEW_COUNTERSIGN, P.NOTE_WRITE,
    P.FIELD_UNMASK, P.RISK_READ, P.ACCREDITATION_EXAMINE, P.ADVANCE_READ, P.ALERT_SETTLE,
    P.CHECK_CONDUCT, P.WATCHLIST_READ,
    P.DECLARATION_READ, P.DOCUMENT_READ, P.CLEARANCE_DOWNLOAD,
    P.MEASURE_READ,
}  # fmt: skip

ROLES: dict[str, frozenset[Permission]] = {
    "trader-owner": frozenset(_FILING | {P.MANDATE_GRANT, P.KEY_MANAGE, P.WEBHOOK_MANAGE, P.ACCREDITATION_APPLY}),
    "trader-clerk": frozenset(_FILING),
    "trader-reader": frozenset({P.DECLARATION_READ, P.DOCUMENT_READ, P.CLEARANCE_DOWNLOAD, P.MEASURE_READ}),
    "broker": frozenset(_FILING | {P.MANDATE_ACCEPT, P.KEY_MANAGE, P.WEBHOOK_MANAGE}),
    "officer": frozenset(_OFFICER),
    "customs-officer": frozenset(_OFFICER | {P.CLEARANCE_RELEASE}),
    "supervisor": frozenset(
        _OFFICER
        | {
            P.REVIEW_REASSIGN,
            P.REVIEW_OVERRIDE,
            P.REVIEW_EXTEND,
            P.QUEUE_SUPERVISE,
            P.CLEARANCE_REVOKE,
            P.RULING_ENTER,
            P.INDICATOR_PROPOSE,
            P.INDICATOR_AGREE,
            P.ACCREDITATION_GRANT,
            P.WATCHLIST_MANAGE,
            P.RIGHT_REGISTER,
        }
    ),
    "analyst": frozenset({P.RISK_READ, P.INDICATOR_PROPOSE, P.MEASURE_READ}),
    "carrier": frozenset({P.ADVANCE_FILE, P.MOVEMENT_REPORT, P.KEY_MANAGE, P.MEASURE_READ}),
    "warehouse": frozenset({P.MOVEMENT_REPORT, P.KEY_MANAGE, P.MEASURE_READ}),
    "auditor": frozenset(
        {
            P.DECLARATION_READ,
            P.REVIEW_READ,
            P.DOCUMENT_READ,
            P.CLEARANCE_DOWNLOAD,
            P.LEDGER_READ,
            P.MEASURE_READ,
            P.RISK_READ,
            P.ADVANCE_READ,
            P.WATCHLIST_READ,
        }
    ),
    "administrator": frozenset(
        {P.ORGANISATION_MANAGE, P.PERSON_MANAGE, P.JOB_RETRY, P.MEASURE_READ, P.PERSONAL_DATA_MANAGE}
    ),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The one behind an act: a person under one membership, a machine by its key, or the window itself.

    ``kind`` is trader, broker, agency, operator, auditor, nobody or system; ``agency`` and ``office`` are codes.
    """

    person_id: uuid.UUID | None = None
    name: str = ""
    organisation_id: uuid.UUID | None = None
    organisation: str = ""
    kind: str = "nobody"
    unp: str = ""
    agency: str = ""
    office: str = ""
    post: str = ""
    personal_number: str = ""
    roles: tuple[str, ...] = ()
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    channel: str = "web"
    language: str = "be"

    def can(self, permission: Permission) -> bool:
        """Whether any role of this membership holds the permission."""
        return permission in self.permissions

    @property
    def signed_in(self) -> bool:
        """Whether somebody is known behind the act."""
        return self.person_id is not None


NOBODY = Actor()
SYSTEM = Actor(kind="system", name="Akno", permissions=frozenset(Permission), channel="system")


def permissions_of(roles: tuple[str, ...] | list[str]) -> frozenset[Permission]:
    """All permissions of some roles; an unknown role raises KeyError, for roles are code."""
    return frozenset().union(*(ROLES[role] for role in roles)) if roles else frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes, or no with a reason in the user's words."""

    ok: bool
    reason: Any = ""

    def __bool__(self) -> bool:
        return self.ok


YES = Verdict(True)


def no(reason: Any) -> Verdict:
    """A refusal with its reason."""
    return Verdict(False, reason)


Policy = Callable[[Actor, Any], Verdict]


def holds(actor: Actor, permission: Permission) -> Verdict:
    """Whether the actor's roles hold the permission, as a verdict that names it."""
    if actor.can(permission):
        return YES
    return no(_l("Your role does not include this: %(right)s.", right=RIGHTS[permission]))


def require(policy: Policy, actor: Actor, subject: Any = None) -> None:
    """Ask a policy and raise NotAllowed with its reason when the answer is no."""
    verdict = policy(actor, subject)
    if not verdict:
        raise NotAllowed(verdict.reason)


def can(policy: Policy, actor: Actor, subject: Any = None) -> bool:
    """Ask a policy without raising: for buttons and lists."""
    return policy(actor, subject).ok
