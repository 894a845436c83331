"""The way a letter takes: into a folder (demonstration, tests), or to a mail server. Chosen by one setting."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app import clock
from app.notifications.lettering import Letter
from config import Settings

TIMEOUT_SECONDS = 10.0
"""What a mail server may take for each answer."""
Send = Callable[[EmailMessage], None]


class MailRefused(Exception):
    """A letter could not be handed over; the words name no address, for an administrator reads them."""


def compose(letter: Letter, *, to: str, sender: str, key: str, settings_url: str) -> EmailMessage:
    """Return the message of a letter. ``key`` makes its id: a letter that is sent again is the same letter."""
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    # A name of somebody may stand in it; a line break there would begin another header, and the library refuses the letter.
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{key}@{sender.rpartition('@')[2].strip('> ') or 'akno'}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{settings_url}>"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    # Last: setting the content puts away the headers that speak of it.
    message["Content-Language"] = letter.language
    return message


def sending(settings: Settings) -> Send:
    """Return how letters leave this installation."""
    if settings.mail == "file":
        return lambda message: _keep(message, settings.mail_dir)
    return lambda message: _hand_over(message, settings.smtp_url.get_secret_value())


def _keep(message: EmailMessage, folder: Path) -> None:
    """Write the letter as one file, whole or not at all; the same letter again takes the place of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    name = message["Message-ID"].strip("<>").partition("@")[0]
    part = folder / f".{name}.part"
    part.touch(mode=0o600)
    part.write_bytes(message.as_bytes())
    os.replace(part, folder / f"{name}.eml")


def _hand_over(message: EmailMessage, url: str) -> None:
    where = urlsplit(url)
    host = where.hostname or "localhost"
    trust = ssl.create_default_context()
    try:
        if where.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, where.port or 465, timeout=TIMEOUT_SECONDS, context=trust)
        else:
            server = smtplib.SMTP(host, where.port or 25, timeout=TIMEOUT_SECONDS)
        with server:
            if where.scheme == "smtp+starttls":
                server.starttls(context=trust)
            if where.username:
                server.login(unquote(where.username), unquote(where.password or ""))
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = sorted({code for code, _words in refused.recipients.values()})
        raise MailRefused(f"the mail server does not take letters for this address {codes}") from None
    except smtplib.SMTPResponseException as refused:
        raise MailRefused(f"the mail server refused ({refused.smtp_code})") from None
    except (smtplib.SMTPException, OSError) as broken:
        raise MailRefused(f"the mail server could not be reached ({type(broken).__name__})") from None
