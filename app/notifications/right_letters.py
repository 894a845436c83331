"""The letter to a right holder: goods that seem to bear its mark are held. It names neither the trader nor the goods."""

from __future__ import annotations

import html
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy.orm import joinedload

from app import clock, rendering
from app.database import session
from app.jobs import registry
from app.jobs.registry import Step
from app.notifications import transport
from app.notifications.lettering import SETTINGS, Letter
from app.risk.rights_models import Suspension
from config import Settings

JOB = "rights.letter"


def write(suspension_id: str) -> Mapping[str, str]:
    """Return the letter; an empty one when nothing is suspended any more."""
    query = sa.select(Suspension).where(Suspension.id == uuid.UUID(suspension_id))
    found = session().scalar(query.options(joinedload(Suspension.mark), joinedload(Suspension.declaration)))
    if found is None or found.status != "suspended" or found.due_at is None:
        return {}
    letter = _letter(found)
    return {
        "to": found.mark.email, "key": f"suspension-{found.id}", "language": letter.language, "subject": letter.subject,
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


def _letter(found: Suspension) -> Letter:
    settings: Settings = current_app.extensions["akno.settings"]
    made = rendering.environment()
    made.globals["_"] = gettext
    assert found.due_at is not None
    with force_locale(found.mark.language):
        values: dict[str, Any] = {
            "language": found.mark.language, "number": found.mark.number, "office": found.declaration.office_code,
            "due": f"{found.due_at.astimezone(clock.MINSK):%d.%m.%Y %H:%M}", "reference": str(found.id)[:8],
            "link": f"{settings.base_url}/intellectual-property",
            "subject": gettext("Akno: goods that seem to bear your mark are held"),
        }  # fmt: skip
        text, page = (made.get_template(f"mail/right.{kind}").render(**values) for kind in ("txt", "html"))
    return Letter(found.mark.language, str(values["subject"]), html.unescape(text), page)


registry.register(JOB, Step(write), Step(send, writing=False))
