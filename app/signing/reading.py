"""Reading out of a paper which clearance it says it is: the address of verification it links to. Pure; opens untrusted files.

What is read says nothing of who wrote it: ``judging`` does. A damaged file is read as far as it goes.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pikepdf

MOST_PAGES = 20
MOST_LINKS = 20
_ADDRESS = re.compile(r"/verify/([0-9A-Za-z-]{40,80})(?:#c=([0-9A-Za-z._,:+~\-]{1,400}))?$")
_SEPARATORS = re.compile(r"[\s\-.]+")
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_MOST_ADDRESS = 800


@dataclass(frozen=True, slots=True)
class Link:
    """An address of verification: the code as it is stored, and the claims behind it, ``""`` on older papers."""

    code: str
    claims: str = ""


def links_in(data: bytes) -> list[Link]:
    """Return what a PDF links to, each once. Raises pikepdf's PdfError for what cannot be opened at all."""
    found: dict[Link, None] = {}
    with pikepdf.open(io.BytesIO(data)) as document:
        for page in list(document.pages)[:MOST_PAGES]:
            for note in page.get("/Annots", pikepdf.Array()):
                address = str(note.get("/A", pikepdf.Dictionary()).get("/URI", ""))
                if seen := _ADDRESS.search(address[:_MOST_ADDRESS]):
                    found[Link(stored(seen[1]), seen[2] or "")] = None
    return list(found)[:MOST_LINKS]


def stored(code: str) -> str:
    """Return a printed code as it is stored: no separators, capital letters, O read as 0, I and L as 1."""
    return _SEPARATORS.sub("", code).upper().translate(_READ_AS)
