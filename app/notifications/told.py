"""The catalogue: which event is told to which side, in which words, to whom, where it leads, and how unless chosen otherwise.

The letter of a row stands in ``templates/mail/<side>/<event>.txt``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.notifications.audience import (
    Audience,
    accredited,
    alarmed,
    assignee,
    by_itself,
    examining,
    foretold,
    guardians,
    handed_to,
    holder,
    inspectors,
    is_infected,
    keepers,
    mentioned,
    of_the_agency,
    of_the_house,
    oneself,
    proposer,
    revokers,
    to_check,
    to_clearance,
    to_key,
    to_library,
    to_package,
    to_question,
    to_webhook,
    trader,
    was_agreed,
    watchers,
)

P = Permission
TRADER, OFFICER = "trader", "officer"
ACCOUNT = "account"
"""What happens to one's own account: told to everybody, in the window and by mail, and nobody can choose otherwise."""
NOW, DIGEST, NONE = "now", "digest", "none"
MAILS: Mapping[str, Any] = {NOW: _l("at once"), DIGEST: _l("in the daily digest"), NONE: _l("no e-mail")}
"""The ways of mail in words."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event told to one side; ``in_window`` and ``mail`` hold for whoever has not chosen otherwise."""

    event: str
    side: str
    words: Any
    audience: Audience
    in_window: bool = True
    mail: str = NONE

    @property
    def template(self) -> str:
        """The letter, below ``templates``."""
        return f"mail/{self.side}/{self.event}.txt"


_ANSWER = P.QUESTION_ANSWER
ROWS: Sequence[Told] = (
    Told("question.asked", TRADER, _l("An agency asks you a question"), trader(to_question, right=_ANSWER), mail=NOW),
    Told("question.followed_up", TRADER, _l("An agency asks you again"), trader(to_question, right=_ANSWER), mail=NOW),
    Told(
        "question.deadline_near", TRADER, _l("The time for your answer runs out"),
        trader(to_question, right=_ANSWER), mail=NOW,
    ),
    Told(
        "question.lapsed", TRADER, _l("A question was not answered in time"), trader(to_question, right=_ANSWER),
        mail=NOW,
    ),
    Told(
        "question.withdrawn", TRADER, _l("A question is withdrawn: you need not answer it"),
        trader(to_question, right=_ANSWER), mail=DIGEST,
    ),
    Told("declaration.submitted", TRADER, _l("Package filed and registered"), trader(to_package()), in_window=False),
    Told("declaration.amended", TRADER, _l("A new version of a package is filed"), trader(to_package("#versions"))),
    Told("declaration.partly_released", TRADER, _l("Some goods are released"), trader(to_package()), mail=NOW),
    Told("declaration.released", TRADER, _l("Package released"), trader(to_package()), mail=NOW),
    Told("declaration.refused", TRADER, _l("Package refused"), trader(to_package()), mail=NOW),
    Told("review.extended", TRADER, _l("A deadline is extended"), trader(to_package()), mail=DIGEST),
    Told(
        "inspection.agreed", TRADER, _l("Place and time of an inspection"), trader(to_package("#inspections")), mail=NOW
    ),
    Told(
        "inspection.slot_proposed", TRADER, _l("The time of an inspection no longer holds"),
        trader(to_package("#inspections"), when=was_agreed), mail=NOW,
    ),
    Told(
        "inspection.cancelled", TRADER, _l("An inspection is cancelled"),
        trader(to_package("#inspections"), when=was_agreed), mail=NOW,
    ),
    Told(
        "clearance.issued", TRADER, _l("Your clearance is ready"), trader(to_clearance, right=P.CLEARANCE_DOWNLOAD),
        mail=NOW,
    ),
    Told(
        "clearance.superseded", TRADER, _l("A new clearance takes the place of an earlier one"),
        trader(to_package("#clearances"), right=P.CLEARANCE_DOWNLOAD), mail=NOW,
    ),
    Told(
        "clearance.revoked", TRADER, _l("A clearance is revoked"), trader(to_clearance, right=P.CLEARANCE_DOWNLOAD),
        mail=NOW,
    ),
    Told("check.opened", TRADER, _l("An agency checks goods that were released"), trader(to_check, right=_ANSWER), mail=NOW),
    Told("check.lapsed", TRADER, _l("A check after release was not answered in time"), trader(to_check, right=_ANSWER), mail=NOW),
    Told("check.closed", TRADER, _l("A check after release is closed"), trader(to_check), mail=NOW),
    Told("check.dropped", TRADER, _l("A check after release is dropped: nothing is wanted any more"), trader(to_check), mail=DIGEST),
    Told("ruling.entered", TRADER, _l("An advance ruling is given to you"), holder, mail=NOW),
    Told("ruling.ended", TRADER, _l("An advance ruling given to you has ended"), holder, mail=NOW),
    Told("accreditation.asked", TRADER, _l("An agency asks you to complete an application"), accredited, mail=NOW),
    Told("accreditation.granted", TRADER, _l("An accreditation is granted to you"), accredited, mail=NOW),
    Told("accreditation.refused", TRADER, _l("An application for accreditation is refused"), accredited, mail=NOW),
    Told("accreditation.suspended", TRADER, _l("Your accreditation is suspended"), accredited, mail=NOW),
    Told("accreditation.restored", TRADER, _l("Your accreditation is in force again"), accredited, mail=NOW),
    Told("accreditation.revoked", TRADER, _l("Your accreditation is revoked"), accredited, mail=NOW),
    Told("accreditation.end_announced", TRADER, _l("Your accreditation ends soon"), accredited, mail=NOW),
    Told("accreditation.expired", TRADER, _l("Your accreditation has expired"), accredited, mail=DIGEST),
    Told("advance.check_announced", TRADER, _l("A check awaits goods that are announced"), foretold, mail=NOW),
    Told("advance.no_check_announced", TRADER, _l("No check awaits goods that are announced"), foretold, mail=NOW),
    Told("key.end_announced", TRADER, _l("A key of your software ends soon"), of_the_house(to_key, P.KEY_MANAGE), mail=NOW),
    Told(
        "webhook.disabled", TRADER, _l("A webhook stands still"),
        of_the_house(to_webhook, P.WEBHOOK_MANAGE, when=by_itself), mail=NOW,
    ),
    Told(
        "declaration.stopped", TRADER, _l("A package is stopped: malicious software was found in a file"),
        trader(to_package("#held")), mail=NOW,
    ),
    Told(
        "document.scanned", TRADER, _l("Malicious software was found in a file of yours"),
        of_the_house(to_library, P.DOCUMENT_READ, when=is_infected), mail=NOW,
    ),
    Told("alert.raised", OFFICER, _l("An alert from the road"), alarmed),
    Told("note.written", OFFICER, _l("A note names you"), mentioned, mail=NOW),
    Told("review.reassigned", OFFICER, _l("A case is handed to you"), handed_to, mail=NOW),
    Told("question.answered", OFFICER, _l("The trader answered"), assignee("#questions")),
    Told("question.lapsed", OFFICER, _l("The trader did not answer in time"), assignee("#questions")),
    Told("review.opened", OFFICER, _l("A new version opened your case again"), assignee(anew=True)),
    Told("review.reopened", OFFICER, _l("A supervisor opened your case again"), assignee(), mail=DIGEST),
    Told("review.proposed", OFFICER, _l("A decision waits for a second officer"), of_the_agency(P.REVIEW_COUNTERSIGN)),
    Told("review.proposal_returned", OFFICER, _l("Your proposal was returned"), proposer),
    Told("proposal.failed", OFFICER, _l("Your decision could not be signed"), proposer, mail=NOW),
    Told("inspection.ordered", OFFICER, _l("Your agency is called to an inspection"), inspectors),
    Told("inspection.slot_proposed", OFFICER, _l("Another time of an inspection is proposed"), inspectors),
    Told("accreditation.applied", OFFICER, _l("A trader applies for an accreditation"), examining(P.ACCREDITATION_EXAMINE)),
    Told("accreditation.completed", OFFICER, _l("An application for accreditation is completed"), examining(P.ACCREDITATION_EXAMINE)),
    Told("accreditation.proposed", OFFICER, _l("An accreditation waits for your decision"), examining(P.ACCREDITATION_GRANT)),
    Told("review.breached", OFFICER, _l("A deadline has passed"), of_the_agency(P.QUEUE_SUPERVISE), mail=DIGEST),
    Told("check.answered", OFFICER, _l("The trader answered a check after release"), of_the_agency(P.CHECK_CONDUCT, "#checks")),
    Told("check.concluded", OFFICER, _l("A serious finding waits for a second officer"), of_the_agency(P.REVIEW_COUNTERSIGN, "#checks")),
    Told("clearance.revocation_asked", OFFICER, _l("A revocation waits for your confirmation"), revokers, mail=NOW),
    Told(
        "person.signed_in_from_new_place", ACCOUNT, _l("Somebody signed in to your account from a new place"),
        oneself("/account#sessions"), mail=NOW,
    ),
    Told("person.guessed_at", ACCOUNT, _l("Somebody guesses at the password of your account"), oneself("/account#sessions"), mail=NOW),
    Told("person.password_set", ACCOUNT, _l("The password of your account is changed"), oneself("/account#sessions"), mail=NOW),
    Told(
        "person.factor_refused", ACCOUNT, _l("A second factor of your account was not given, or was wrong"),
        oneself("/account#sessions"), mail=NOW,
    ),
    Told("person.factor_added", ACCOUNT, _l("A second factor is added to your account"), oneself("/account/factors"), mail=NOW),
    Told("person.factor_removed", ACCOUNT, _l("A second factor of your account is removed"), oneself("/account/factors"), mail=NOW),
    Told("person.recovery_code_used", ACCOUNT, _l("A recovery code of your account was used"), oneself("/account/factors"), mail=NOW),
    Told("scanner.stopped", ACCOUNT, _l("The virus scanner does not work: files are held"), keepers("/health"), mail=NOW),
    Told("scanner.resumed", ACCOUNT, _l("The virus scanner works again"), keepers("/health"), mail=NOW),
    Told("person.glass_broken", ACCOUNT, _l("Somebody made a break-glass link for an administrator"), guardians, mail=NOW),
    Told("log.stopped", ACCOUNT, _l("The log signs nothing"), watchers("/log"), mail=NOW),
    Told("log.resumed", ACCOUNT, _l("The log signs again"), watchers("/log"), mail=NOW),
    Told("log.recovered", ACCOUNT, _l("The log lost what it had signed and goes on under a new name"), watchers("/log"), mail=NOW),
    Told("signing.stopped", ACCOUNT, _l("Clearances cannot be signed"), keepers("/health"), mail=NOW),
    Told("signing.resumed", ACCOUNT, _l("Clearances can be signed again"), keepers("/health"), mail=NOW),
    Told("signing.key_end_announced", ACCOUNT, _l("The signing key of the window ends soon"), keepers("/health"), mail=NOW),
)  # fmt: skip
BY_KEY: Mapping[tuple[str, str], Told] = {(row.event, row.side): row for row in ROWS}
EVENTS = frozenset(row.event for row in ROWS)


def rows_of(event: str) -> list[Told]:
    """Return how an event is told: one's own account first, then the trader's side."""
    return [row for side in (ACCOUNT, TRADER, OFFICER) if (row := BY_KEY.get((event, side))) is not None]


def side_of(kind: str) -> str:
    """Return which side a kind of organisation stands on; "" for one that is told nothing."""
    return {"trader": TRADER, "broker": TRADER, "agency": OFFICER}.get(kind, "")
