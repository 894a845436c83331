"""Who may do what with a check after release: the agency that released or judged, the trader whose package it was."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds, no
from app.cases.models import PostClearanceCheck
from app.declarations import policy as packages
from app.reviews import policy as reviews
from app.reviews.models import Review

P = Permission
RELEASED = ("partly-released", "released")
"""States of a package in which something has gone: only then is there an after."""


def see_list(actor: Actor, _subject: object = None) -> Verdict:
    """Open the list: officers of an agency."""
    if actor.kind != "agency" or not actor.agency:
        return no(_l("Checks after release are listed for the officers of the agency that makes them."))
    return holds(actor, P.CHECK_CONDUCT)


def open_on(actor: Actor, review: Review) -> Verdict:
    """Open a check: an officer of an agency that has judged the package, in the office it was filed at."""
    verdict = holds(actor, P.CHECK_CONDUCT)
    if not verdict:
        return verdict
    verdict = reviews.ask(actor, review)
    if verdict and review.status == "superseded":
        return no(_l("A newer version took the place of this case: open the check on that one."))
    if verdict and review.declaration.status not in RELEASED:
        return no(_l("Nothing of this package is released yet: its questions are asked in the case."))
    return verdict


def read(actor: Actor, check: PostClearanceCheck) -> Verdict:
    """Read it: whoever the finder knows, with the right of the side."""
    return holds(actor, P.REVIEW_READ if actor.kind in ("agency", "auditor") else P.DECLARATION_READ)


def answer(actor: Actor, check: PostClearanceCheck) -> Verdict:
    """Answer: who may answer questions on the package."""
    return packages.answer(actor, check.declaration)


def conduct(actor: Actor, check: PostClearanceCheck) -> Verdict:
    """Examine, conclude, drop: an officer of its agency and office."""
    verdict = holds(actor, P.CHECK_CONDUCT)
    if not verdict:
        return verdict
    if actor.agency != check.agency:
        return no(_l("This check is another agency's."))
    if actor.office and actor.office != check.office_code:
        return no(_l("This check belongs to another office of your agency."))
    return YES


def confirm(actor: Actor, check: PostClearanceCheck) -> Verdict:
    """Sign a serious finding as the second officer: never the one who concluded."""
    verdict = holds(actor, P.REVIEW_COUNTERSIGN)
    if not verdict:
        return verdict
    verdict = conduct(actor, check)
    if verdict and check.concluded_by_id == actor.person_id:
        return no(_l("You wrote this conclusion: another officer of your agency signs it."))
    return verdict
