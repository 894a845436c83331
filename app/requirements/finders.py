"""Reads of reference data. The compiled edition is kept per process by its hash: one small query says which one
holds.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import database
from app.errors import Unavailable
from app.requirements import loading, packaged, searching
from app.requirements.compiling import CompiledEdition, compile_rows, packaged_edition
from app.requirements.models import Edition
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


def search_goods(edition: CompiledEdition, words: str, *, limit: int = searching.MOST) -> list[GoodsCodeRow]:
    """Find HS codes by their first digits, or by words in Belarusian, Russian or English; best first."""
    return [hit.row for hit in searching.search(edition, words, limit=limit)]


def legal_acts() -> tuple[packaged.Row, ...]:
    """Return the legal acts the measures rest on, with where each was seen and the confidence."""
    return packaged.table("legal_acts")
