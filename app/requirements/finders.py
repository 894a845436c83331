"""Reads of reference data. The compiled edition is kept per process by its hash: one small query says which one
holds.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import database
from app.errors import NotFound, Unavailable
from app.requirements import loading, packaged
from app.requirements.compiling import CompiledEdition, compile_rows, packaged_edition
from app.requirements.models import Agency, CustomsOffice, Edition
from app.requirements.rows import GoodsCodeRow

KEPT = 3
"""Compiled editions kept in the process: the present one and those that old cases are being replayed with."""

_LATEST = sa.select(Edition.hash).order_by(Edition.number.desc()).limit(1)
_compiled: dict[str, CompiledEdition] = {}


def current_edition(session: Session | None = None) -> CompiledEdition:
    """Return the compiled edition the database holds now. Raises Unavailable when no reference data was loaded."""
    session = session or database.session()
    latest = session.scalar(_LATEST)
    if latest is None:
        raise Unavailable("Reference data is not loaded yet: run `flask reference load`.")
    if latest not in _compiled:
        while len(_compiled) >= KEPT:
            _compiled.pop(next(iter(_compiled)))
        _compiled[latest] = _compile(session, latest)
    return _compiled[latest]


def _compile(session: Session, digest: str) -> CompiledEdition:
    travelling = packaged_edition()
    return travelling if travelling.hash == digest else compile_rows(loading.read(session))


def forget_editions() -> None:
    """Empty the process's compiled editions: for tests that change reference data under one process."""
    _compiled.clear()


def get_edition(session: Session, number: int) -> Edition:
    """Return an edition by its number. Raises NotFound."""
    edition = session.scalar(sa.select(Edition).where(Edition.number == number))
    if edition is None:
        raise NotFound(f"There is no edition {number}.")
    return edition


def get_agency(session: Session, code: str, *, on: date) -> Agency:
    """Return an agency as of a day. Raises NotFound."""
    agency = session.scalar(sa.select(Agency).where(Agency.code == code, Agency.as_of(on)))
    if agency is None:
        raise NotFound(f"There is no agency {code} on {on.isoformat()}.")
    return agency


def list_signing_agencies(session: Session, *, on: date) -> list[Agency]:
    """Return the agencies that have a queue on a day, in the order of their codes; there are a handful."""
    rows = sa.select(Agency).where(Agency.mode == "signs", Agency.as_of(on)).order_by(Agency.code)
    return list(session.scalars(rows))


def get_office(session: Session, code: str, *, on: date) -> CustomsOffice:
    """Return a customs office by its five-digit or eight-digit code as of a day. Raises NotFound."""
    office = session.scalar(
        sa.select(CustomsOffice)
        .where(sa.or_(CustomsOffice.code == code, CustomsOffice.code8 == code), CustomsOffice.as_of(on))
        .limit(1)
    )
    if office is None:
        raise NotFound(f"There is no customs office {code} on {on.isoformat()}.")
    return office


def list_offices(session: Session, *, on: date) -> list[CustomsOffice]:
    """Return the customs offices with an EAEU code on a day: those a package can be filed at."""
    rows = sa.select(CustomsOffice).where(CustomsOffice.code8 != "", CustomsOffice.as_of(on))
    return list(session.scalars(rows.order_by(CustomsOffice.code)))


def document_type_choices(edition: CompiledEdition, language: str) -> list[tuple[str, str]]:
    """Return code and label of every document type for a list box; those some measure asks for come first."""
    asked = {code for measure in edition.measures for way in measure.demands for codes in way for code in codes}
    asked.update(code for measure in edition.measures for code in measure.optional)
    choices = [(code, f"{code} · {wanted.label[language]}") for code, wanted in edition.wanted.items()]
    return sorted(choices, key=lambda choice: (choice[0] not in asked, choice[0]))


def search_goods(edition: CompiledEdition, words: str, *, limit: int = 30) -> list[GoodsCodeRow]:
    """Find HS codes by their first digits, or by words that all stand in its names (Belarusian, Russian,
    English); shortest first.
    """
    wanted = words.casefold().split()
    if not wanted:
        return []
    digits = "".join(wanted).replace(".", "")
    if digits.isdigit():
        found = [row for code, row in edition.goods.items() if code.startswith(digits[:6])]
    else:
        found = [
            row
            for row in edition.goods.values()
            if all(word in f"{row.name_en} {row.name_ru} {row.name_be}".casefold() for word in wanted)
        ]
    return sorted(found, key=lambda row: (len(row.code), row.code))[:limit]


def legal_acts() -> tuple[packaged.Row, ...]:
    """Return the legal acts the measures rest on, with where each was seen and the confidence."""
    return packaged.table("legal_acts")
