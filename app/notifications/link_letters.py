"""Letters with a link that lets somebody in: an invitation, or a new password. The token is made here, in the worker, and is in
the letter alone: neither the database nor the queue of jobs holds it. Trying again makes another token for the same link.
"""

from __future__ import annotations

import html
import uuid
from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext

from app import rendering
from app.access import SYSTEM
from app.identity import links
from app.identity.account_models import AccountLink
from app.jobs import registry
from app.jobs.registry import Step
from app.ledger.recording import record
from app.notifications import transport
from app.notifications.lettering import SETTINGS, Letter
from config import Settings

PATHS: Mapping[str, str] = {links.INVITATION: "/invitations/", links.RESET: "/reset/"}


def write(link_id: str) -> Mapping[str, str]:
    """Give the link its token and return the letter; an empty one when there is nobody to write to."""
    found = links.get_unwritten(uuid.UUID(link_id))
    if found is None or found[0].kind not in PATHS:
        return {}
    link, person = found
    if link.kind == links.RESET and link.token_hash is None:
        record("person.reset_asked", "person", person.id, by=SYSTEM)
    letter = _letter(link, links.give_token(link), person.language)
    return {
        "to": person.email, "key": f"link-{link.id}", "language": letter.language, "subject": letter.subject,
        "text": letter.text, "html": letter.html,
    }  # fmt: skip


def send(written: Mapping[str, str]) -> None:
    """Hand the letter over, with no transaction held meanwhile. Raises transport.MailRefused: the job is tried again."""
    if not written:
        return
    settings: Settings = current_app.extensions["akno.settings"]
    letter = Letter(written["language"], written["subject"], written["text"], written["html"])
    message = transport.compose(
        letter, to=written["to"], sender=settings.mail_from, key=written["key"],
        settings_url=settings.base_url + SETTINGS,
    )  # fmt: skip
    transport.sending(settings)(message)


def _letter(link: AccountLink, token: str, language: str) -> Letter:
    settings: Settings = current_app.extensions["akno.settings"]
    made = rendering.environment()
    made.globals["_"] = gettext
    with force_locale(language):
        values: dict[str, Any] = {
            "language": language, "link": f"{settings.base_url}{PATHS[link.kind]}{token}", "kind": link.kind,
            "subject": gettext("Akno: set your password"),
        }  # fmt: skip
        text, page = (made.get_template(f"mail/link.{kind}").render(**values) for kind in ("txt", "html"))
    return Letter(language, str(values["subject"]), html.unescape(text), page)


registry.register(links.LETTER, Step(write), Step(send, writing=False))
