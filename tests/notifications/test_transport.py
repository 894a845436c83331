"""Letters to a real mail server on the loopback, and to a folder; what an administrator reads names no address."""

from __future__ import annotations

import email
import email.policy
import os
import stat

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from pydantic import ValidationError

from app.notifications import transport
from app.notifications.lettering import Letter
from config import Settings
from tests.postgresql import free_port

pytestmark = pytest.mark.pure
SECRET = "only for tests: 0123456789abcdef0123456789abcdef"
LETTER = Letter("be", "Пытанне: 06611/231126/0000001", "Адкажыце.\nhttps://w.example/packages/1\n", "<p>Адкажыце.</p>")


class Box(Message):
    """A mail server's box; it takes nothing for ``gone@``."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[email.message.Message] = []

    def handle_message(self, message) -> None:
        self.got.append(message)

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address.startswith("gone@"):
            return f"550 {address} is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def box():
    controller = Controller(Box(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def settings(**changed) -> Settings:
    return Settings(secret_key=SECRET, mail_from="window@akno.example", **changed)


def message(to: str = "anna@akno.example"):
    return transport.compose(
        LETTER,
        to=to,
        sender="Akno <window@akno.example>",
        key="notices-1",
        settings_url="https://w.example/notices/settings",
    )


def test_a_letter_reaches_a_mail_server(box):
    transport.sending(settings(mail="smtp", smtp_url=f"smtp://127.0.0.1:{box.port}"))(message())
    (got,) = box.handler.got
    read = email.message_from_bytes(got.as_bytes(), policy=email.policy.default)
    assert read["Subject"] == LETTER.subject
    assert read["Message-ID"] == "<notices-1@akno.example>"
    assert read.get_body(("plain",)).get_content().startswith("Адкажыце.")
    assert "<p>Адкажыце.</p>" in read.get_body(("html",)).get_content()
    assert read["Auto-Submitted"] == "auto-generated"


def test_a_refused_address_is_not_named_to_the_administrator(box):
    send = transport.sending(settings(mail="smtp", smtp_url=f"smtp://127.0.0.1:{box.port}"))
    with pytest.raises(transport.MailRefused) as told:
        send(message("gone@akno.example"))
    assert "550" in str(told.value)
    assert "gone" not in str(told.value)
    assert box.handler.got == []


def test_a_server_without_encryption_gets_nothing_when_encryption_is_asked_for(box):
    send = transport.sending(settings(mail="smtp", smtp_url=f"smtp+starttls://user:word@127.0.0.1:{box.port}"))
    with pytest.raises(transport.MailRefused) as told:
        send(message())
    assert "word" not in str(told.value)
    assert box.handler.got == []


def test_a_server_that_is_not_there_is_said_so():
    send = transport.sending(settings(mail="smtp", smtp_url=f"smtp://127.0.0.1:{free_port()}"))
    with pytest.raises(transport.MailRefused, match="could not be reached"):
        send(message())


def test_the_folder_holds_each_letter_once_and_for_oneself(tmp_path):
    send = transport.sending(settings(mail="file", mail_dir=tmp_path / "mail"))
    send(message())
    send(message())
    (file,) = list((tmp_path / "mail").iterdir())
    assert file.name == "notices-1.eml"
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert email.message_from_bytes(file.read_bytes(), policy=email.policy.default)["To"] == "anna@akno.example"


@pytest.mark.parametrize("url", ["", "127.0.0.1:25", "http://mail.example", "smtp://"])
def test_mail_by_a_server_needs_its_address(url):
    with pytest.raises(ValidationError, match="AKNO_SMTP_URL"):
        settings(mail="smtp", smtp_url=url)
