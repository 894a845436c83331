"""Who may read a thread with the trader, and who may write in it: the agency that asks."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Actor, Permission, Verdict, holds, no
from app.reviews import policy
from app.reviews.question_finders import Thread


def read(actor: Actor, thread: Thread) -> Verdict:
    """Read a thread: who may read the case it was found from."""
    return policy.read(actor, thread.review)


def read_file(actor: Actor, thread: Thread) -> Verdict:
    """Read a file of an answer: who may read the thread and its documents."""
    verdict = holds(actor, Permission.DOCUMENT_READ)
    return read(actor, thread) if verdict else verdict


def ask(actor: Actor, thread: Thread) -> Verdict:
    """Ask on, settle or withdraw: an officer of the agency that asked, who may judge its review."""
    verdict = policy.ask(actor, thread.review)
    if not verdict:
        return verdict
    asked = actor.agency == thread.question.agency
    return verdict if asked else no(_l("This question was asked by another agency."))
