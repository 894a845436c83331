"""The changes of the API, read from ``changelog.md`` beside this file: entries by day, and the feeds made of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from app.errors import Text

FILE = Path(__file__).with_name("changelog.md")
KINDS = ("added", "changed", "deprecated", "removed", "fixed")
LANGUAGES = ("be", "ru", "en")

_DAY = re.compile(r"## (\d{4}-\d{2}-\d{2})")
_ENTRY = re.compile(rf"- ({'|'.join(KINDS)}) `([^`]+)`")
_TEXT = re.compile(r"  - (be|ru|en): (\S.*)")
_ATOM = "http://www.w3.org/2005/Atom"


class ChangelogBroken(ValueError):
    """The file does not have its form; the message names the line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: its day, its kind (one of KINDS), what it is about, and what is to be said of it."""

    on: date
    kind: str
    subject: str
    text: Text

    @property
    def id(self) -> str:
        """The anchor of the entry: stable, for feeds and links lead to it."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.on}-{self.kind}-{self.subject}".lower()).strip("-")


@cache
def entries() -> tuple[Entry, ...]:
    """Return every change, newest day first, in the order of the file."""
    return read(FILE.read_text("utf-8"))


def read(text: str) -> tuple[Entry, ...]:
    """Read the file. Raises ChangelogBroken for an entry without its day or one of its languages, and for a double id."""
    found: list[tuple[date, str, str, dict[str, str]]] = []
    on: date | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if day := _DAY.fullmatch(line):
            on = date.fromisoformat(day[1])
        elif entry := _ENTRY.fullmatch(line):
            if on is None:
                raise ChangelogBroken(f"line {number}: a change before the first day")
            found.append((on, entry[1], entry[2], {}))
        elif line.startswith(("- ", "  ")):
            said = _TEXT.fullmatch(line)
            if said is None or not found:
                raise ChangelogBroken(f"line {number}: {line.strip()[:60]}")
            found[-1][3][said[1]] = said[2]
    made = tuple(Entry(*one) for one in found)
    _judge(made)
    return made


def _judge(made: Sequence[Entry]) -> None:
    for one in made:
        if set(one.text) != set(LANGUAGES):
            raise ChangelogBroken(f"{one.id}: a language is missing")
    if len({one.id for one in made}) != len(made):
        raise ChangelogBroken("two changes of one day have the same kind and subject")
    if [one.on for one in made] != sorted((one.on for one in made), reverse=True):
        raise ChangelogBroken("the newest day stands first")


def as_feed(base_url: str) -> dict[str, Any]:
    """Return the changes as a JSON Feed (version 1.1); the texts of all three languages stand in ``_akno``."""
    page = f"{base_url}/developers/changelog"
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Akno API",
        "home_page_url": page,
        "feed_url": f"{page}.json",
        "language": "en",
        "items": [
            {
                "id": one.id,
                "url": f"{page}#{one.id}",
                "title": _title(one),
                "content_text": one.text["en"],
                "date_published": f"{one.on}T00:00:00Z",
                "tags": [one.kind, one.subject],
                "_akno": {"kind": one.kind, "subject": one.subject, "texts": _texts(one.text)},
            }
            for one in entries()
        ],
    }


def as_atom(base_url: str) -> bytes:
    """Return the changes as an Atom feed."""
    page = f"{base_url}/developers/changelog"
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    _add(feed, "title", "Akno API")
    _add(feed, "id", page)
    _add(feed, "link", rel="alternate", href=page)
    _add(feed, "link", rel="self", href=f"{page}.atom")
    _add(feed, "updated", f"{entries()[0].on}T00:00:00Z")
    _add(_add(feed, "author"), "name", "Akno")
    for one in entries():
        entry = _add(feed, "entry")
        _add(entry, "title", _title(one))
        _add(entry, "id", f"{page}#{one.id}")
        _add(entry, "link", rel="alternate", href=f"{page}#{one.id}")
        _add(entry, "updated", f"{one.on}T00:00:00Z")
        _add(entry, "summary", one.text["en"])
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="UTF-8"))


def _title(one: Entry) -> str:
    return f"{one.kind.capitalize()}: {one.subject}"


def _texts(text: Text) -> Mapping[str, str]:
    return {language: text[language] for language in LANGUAGES}


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    made.text = text
    return made
