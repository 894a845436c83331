"""Verification: what anyone who holds the code or the paper may learn, and nothing else."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import pikepdf

from app.clearance import finders
from app.clearance.facts import ClearanceFacts, EarlierFacts
from app.clearance.models import Clearance
from app.documents import apart
from app.documents.wording import NotTaken
from app.errors import Text

STATES = {"issued": "genuine", "superseded": "superseded", "revoked": "revoked"}
"""State of the row: what the page says. A clearance that is only requested has no paper, so nothing can be compared.
That a revocation is asked for is no state: until a second supervisor confirms it, the clearance is genuine."""

MOST_PAPER_BYTES = 5 * 1024 * 1024
"""Bytes of a file that is compared with our papers: ours have a tenth of a megabyte."""
_LOOK_SECONDS = 2.0
_LOOK_MEMORY = 256 * 1024 * 1024
_MOST_PAGES = 20
_CODE = re.compile(r"/verify/([0-9A-Za-z-]{40,80})$")


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer to a code or a file: ``state`` is genuine, altered (files only), superseded, revoked or unknown;
    ``clearance`` None when unknown.

    ``successor``: number of the clearance that holds in place of a superseded one. ``later``: numbers of the clearances
    that hold for further goods of the package.
    """

    state: str
    clearance: Clearance | None = None
    successor: str = ""
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """What somebody at the border compares with the paper and the goods. No name, no address, no document number."""

    number: str
    issued_at: datetime
    office: Text
    item_count: int
    net_kg: Decimal
    released: tuple[int, ...]
    earlier: tuple[EarlierFacts, ...]
    held_back: tuple[int, ...]
    version: int
    serial: int


def verify(code: str) -> Verified:
    """Answer a code, however it was typed. A registration number or a clearance number is no code: unknown."""
    return _answer(finders.find_by_code(code))


def verify_paper(data: bytes) -> Verified:
    """Answer a file: genuine (superseded, revoked) when it is byte for byte a paper of ours; altered when it is another
    file in which the code of a clearance stands; else unknown. Nothing of it is stored."""
    exact = finders.find_by_paper(hashlib.sha256(data).hexdigest())
    if exact is not None:
        return _answer(exact)
    for code in _codes_in(data):
        named = _answer(finders.find_by_code(code))
        if named.clearance is not None:
            return replace(named, state="altered")
    return Verified("unknown")


def _answer(clearance: Clearance | None) -> Verified:
    if clearance is None or clearance.status not in STATES:
        return Verified("unknown")
    package = finders.list_clearances(clearance.declaration_id)
    later = tuple(one.number for one in package if one.serial > clearance.serial and one.status == "issued")
    return Verified(STATES[clearance.status], clearance, _successor(clearance, package), later)


def _codes_in(data: bytes) -> list[str]:
    """The codes of clearances that a PDF links to; it is opened apart, for anyone may have made it."""
    if not data.startswith(b"%PDF-"):
        return []
    try:
        found: list[str] = apart.look(_linked, data, seconds=_LOOK_SECONDS, memory=_LOOK_MEMORY)
    except NotTaken:
        return []
    return found


def _linked(data: bytes) -> list[str]:
    codes: dict[str, None] = {}
    with pikepdf.open(io.BytesIO(data)) as document:
        for page in list(document.pages)[:_MOST_PAGES]:
            for note in page.get("/Annots", pikepdf.Array()):
                address = str(note.get("/A", pikepdf.Dictionary()).get("/URI", ""))
                if found := _CODE.search(address[:300]):
                    codes[found[1]] = None
    return list(codes)[:_MOST_PAGES]


def _successor(clearance: Clearance, package: Sequence[Clearance]) -> str:
    """The last paper in the row of those that took each other's place."""
    follows = {one.replaces_id: one for one in package if one.replaces_id is not None and one.status != "requested"}
    last = clearance
    while (following := follows.get(last.id)) is not None:
        last = following
    return last.number if last is not clearance else ""


def compared(facts: ClearanceFacts) -> Compared:
    """Take from the facts what the public page shows."""
    return Compared(
        number=facts.number,
        issued_at=facts.issued_at,
        office=facts.office,
        item_count=len(facts.goods),
        net_kg=facts.released_net_kg,
        released=facts.released,
        earlier=facts.earlier,
        held_back=facts.held_back,
        version=facts.version,
        serial=facts.serial,
    )
