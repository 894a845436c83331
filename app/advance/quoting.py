"""Quoting: a declaration names the advance information of its goods (document 10060, or an earlier document); it moves on, and
what differs becomes facts of the risk.

A number of ours that is about somebody else's goods, or that has ended, is a fault; a number that is not here may be another
window's: nothing can be told of it, and that is no fault.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from app import markup
from app.access import SYSTEM
from app.advance import differing
from app.advance.differing import Difference
from app.advance.finders import Quoted, find_quoted
from app.advance.lifecycle import ADVANCE, ON_THE_WAY
from app.advance.message import Advance
from app.advance.models import AdvanceInfo
from app.advance.numbering import PATTERN
from app.advance.words import fault
from app.database import session
from app.declarations import codec, finders
from app.declarations.models import Declaration
from app.declarations.package import Package
from app.errors import Fault
from app.ledger.recording import Happening

DOCUMENT = "10060"
"""Preliminary information in the EAEU classifier of documents (Customs Union Commission Decision 378, annex 8)."""
ENDED = ("withdrawn", "expired", "closed")


def numbers_of(package: Package) -> tuple[str, ...]:
    """Return the numbers of advance information that a package quotes, each once, in their order."""
    quoted = [one.number for one in package.all_documents if one.type == DOCUMENT]
    earlier = [*package.previous_documents, *(one for line in package.lines for one in line.previous_documents)]
    quoted += [one.number for one in earlier if one.type == DOCUMENT or PATTERN.fullmatch(one.number.strip())]
    return tuple(dict.fromkeys(number.strip() for number in quoted if number.strip()))


def read(package: Package, owner_id: uuid.UUID | None) -> Mapping[str, Quoted]:
    """Return what a package quotes and is registered here; no statement where it quotes nothing, else one."""
    return find_quoted(numbers_of(package), owner_id)


def faults(package: Package, quoted: Mapping[str, Quoted], *, of: uuid.UUID | None = None) -> list[Fault]:
    """ADVANCE-QUOTED-OTHER, ADVANCE-QUOTED-ENDED: what is wrong by what is registered here. ``of``: the package that is being
    changed; what it quoted before may have been closed with it."""
    found = []
    for number, path in _places(package):
        one = quoted.get(number)
        if one is None:
            continue
        if not one.own:
            found.append(fault("ADVANCE-QUOTED-OTHER", value=number, path=path))
        elif one.info.status in ENDED and (of is None or one.info.quoted_by_id != of):
            found.append(fault("ADVANCE-QUOTED-ENDED", value=number, path=path))
    return found


def _places(package: Package) -> Iterable[tuple[str, str]]:
    for one in package.all_documents:
        if one.type == DOCUMENT:
            yield one.number.strip(), one.path
    for earlier in (*package.previous_documents, *(one for line in package.lines for one in line.previous_documents)):
        yield earlier.number.strip(), earlier.path


def differences(package: Package, quoted: Mapping[str, Quoted]) -> tuple[Difference, ...]:
    """Return what the package says otherwise than all it quotes together. Several consignments are not compared: a package
    that brings them together differs from each."""
    own = [one for one in quoted.values() if one.own]
    return differing.differences(own[0].message, package) if len(own) == 1 else ()


def quote(declaration: Declaration, package: Package, quoted: Mapping[str, Quoted]) -> list[Happening]:
    """Move what a registered package quotes on; returns what is to be recorded. Quoting it again from the same package says
    nothing new."""
    found = []
    for one in quoted.values():
        info = one.info
        if not one.own or info.quoted_by_id == declaration.id:
            continue
        # What was read before may have come meanwhile: the package is locked first, then what it quotes.
        session().refresh(info, with_for_update={"of": AdvanceInfo})
        if info.status not in (*ON_THE_WAY, "arrived"):
            continue
        info.quoted_by_id = declaration.id
        step = "quote" if info.status in ON_THE_WAY else "quote-arrived"
        kinds = sorted({difference.kind for difference in differing.differences(one.message, package)})
        found.append(ADVANCE.step(info, step, by=SYSTEM, number=info.number, differences=kinds))
    return found


def find_declared(info: AdvanceInfo, message: Advance) -> tuple[Declaration | None, tuple[Difference, ...]]:
    """Return the package that quotes advance information last, and what it says otherwise as it stands now."""
    declaration = session().get(Declaration, info.quoted_by_id) if info.quoted_by_id is not None else None
    if declaration is None:
        return None, ()
    tree = markup.read(finders.get_version(declaration).canonical)
    return declaration, differing.differences(message, codec.to_package(tree))
