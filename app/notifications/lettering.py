"""Letters: what goes out by mail about one notice, or about several at once. Outside any request, in the reader's language.

A letter says a number, what happened and where to look: no names, no goods, nothing a stranger could use who reads it.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from flask_babel import force_locale, gettext, ngettext
from jinja2 import Environment

from app import rendering
from app.notifications.models import Notice
from app.notifications.told import BY_KEY
from app.shell import moment

SETTINGS = "/notices/settings"
ALL = "/notices"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be sent: language, subject, the text as plain words and as a page."""

    language: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing told: its headline with the number of the package, what it means, the whole address."""

    headline: str
    words: str
    link: str


def write(notices: Sequence[Notice], *, language: str, base_url: str, digest: bool = False) -> Letter:
    """Return the letter about some notices; one alone is told in full in its subject. Raises ValueError for none."""
    if not notices:
        raise ValueError("a letter needs something to tell")
    with force_locale(language):
        lines = [_line(one, language, base_url) for one in notices]
        subject = lines[0].headline
        if digest or len(lines) > 1:
            subject = ngettext("Akno: %(num)d notice", "Akno: %(num)d notices", len(lines))
        values = {
            "language": language, "subject": subject, "lines": lines, "several": len(lines) > 1, "digest": digest,
            "settings": base_url + SETTINGS, "everything": base_url + ALL,
        }  # fmt: skip
        text, page = (_letters().get_template(f"mail/letter.{kind}").render(**values) for kind in ("txt", "html"))
    return Letter(language, subject, _plain(text), page)


def headline(notice: Notice) -> str:
    """Return what happened and to which package, in the language in force."""
    row = BY_KEY[notice.event, notice.side]
    number = notice.facts.get("number", "")
    return f"{row.words}: {number}" if number else str(row.words)


def _line(notice: Notice, language: str, base_url: str) -> Line:
    row = BY_KEY[notice.event, notice.side]
    words = _letters().get_template(row.template).render(**said(notice.facts, language))
    return Line(headline(notice), _plain(words).strip(), base_url + notice.path)


def said(facts: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return what a letter may name, moments written out; what an event does not carry is empty."""
    return {
        "due": _moment(facts.get("due_at", ""), language),
        "slot": _moment(facts.get("slot", ""), language),
        "clearance": str(facts.get("clearance", "")),
        "question": str(facts.get("question", "")),
    }


def _moment(text: Any, language: str) -> str:
    return moment(datetime.fromisoformat(str(text)), "long", language) if text else ""


def _plain(rendered: str) -> str:
    """What a template gives is escaped, for it could be a page; a letter's text is not."""
    return html.unescape(rendered)


@cache
def _letters() -> Environment:
    made = rendering.environment()
    made.globals["_"] = gettext
    return made
