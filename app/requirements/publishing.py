"""The reference data as anyone may fetch them: which lists there are, which rows of one hold on a day, page by page.

Lists of the edition stand in the database and are effective-dated; those that only travel with the program hold always.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.database import session
from app.errors import NotFound, Text, Unavailable
from app.requirements import models, packaged, rows
from app.requirements.models import Edition

SHOWN_EDITIONS = 20
"""Editions that are named, newest first."""

Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its name in an address, its title, where it stands, which columns it has and which of them name a row.

    ``model`` None: it travels with the program, in ``table`` of the package's data. ``within``: the code list of that name.
    """

    name: str
    title: Text
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    model: type[Any] | None = None
    within: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of a list, in order, and the cursor of the next ones or None."""

    rows: Sequence[Mapping[str, Value]]
    following: str | None = None


def _of(model: type[Any], row: type[Any], *key: str, left_out: str = "") -> dict[str, Any]:
    names = tuple(one.name for one in fields(row) if one.name not in ("valid_from", "valid_to", left_out))
    return {"model": model, "columns": (*names, "valid_from", "valid_to"), "key": key}


def _titled(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


_CODES = _of(models.CodeListEntry, rows.CodeRow, "code", left_out="code_list")
_CODE_LISTS = (
    ("countries", "countries", _titled("Краіны", "Страны", "Countries")),
    ("currencies", "currencies", _titled("Валюты", "Валюты", "Currencies")),
    ("procedures", "procedures", _titled("Мытныя працэдуры", "Таможенные процедуры", "Customs procedures")),
    ("incoterms", "incoterms", _titled("Умовы пастаўкі", "Условия поставки", "Terms of delivery")),
    ("packages", "packages", _titled("Віды ўпакоўкі", "Виды упаковки", "Kinds of packages")),
    ("units", "units", _titled("Адзінкі вымярэння", "Единицы измерения", "Units of measure")),
    ("transport-modes", "UNECE-REC19", _titled("Віды транспарту", "Виды транспорта", "Modes of transport")),
    ("transport-modes-eaeu", "EAEU-378-A3", _titled("Віды транспарту (ЕАЭС)", "Виды транспорта (ЕАЭС)", "Modes of transport (EAEU)")),
    ("declaration-types", "declaration_type", _titled("Тыпы дэкларацый", "Типы деклараций", "Types of declaration")),
    ("valuation-methods", "valuation_method", _titled("Метады вызначэння кошту", "Методы определения стоимости", "Methods of valuation")),
    ("transit-directions", "transit_direction", _titled("Напрамкі транзіту", "Направления транзита", "Directions of transit")),
    ("release-decisions", "release_decision", _titled("Рашэнні аб выпуску", "Решения о выпуске", "Decisions on release")),
)  # fmt: skip


def _travelling(name: str, table: str, title: Text) -> Listing:
    return Listing(name, title, tuple(packaged.table(table)[0]), table=table)


LISTINGS: Mapping[str, Listing] = {
    one.name: one
    for one in (
        Listing("agencies", _titled("Ведамствы", "Ведомства", "Agencies"), **_of(models.Agency, rows.AgencyRow, "code")),
        Listing("measures", _titled("Меры рэгулявання", "Меры регулирования", "Measures"), **_of(models.Measure, rows.MeasureRow, "code")),
        Listing("document-types", _titled("Віды дакументаў", "Виды документов", "Kinds of documents"), **_of(models.DocumentType, rows.DocumentTypeRow, "code")),
        Listing("flags", _titled("Прыкметы тавараў", "Признаки товаров", "Flags of goods"), **_of(models.ItemFlag, rows.ItemFlagRow, "code")),
        Listing("country-groups", _titled("Групы краін", "Группы стран", "Groups of countries"), **_of(models.CountryGroup, rows.CountryGroupRow, "group", "country")),
        Listing("goods", _titled("Тавары (ГС 2022)", "Товары (ГС 2022)", "Goods (HS 2022)"), **_of(models.GoodsCode, rows.GoodsCodeRow, "code")),
        Listing("offices", _titled("Мытныя органы", "Таможенные органы", "Customs offices"), **_of(models.CustomsOffice, rows.OfficeRow, "code")),
        *(Listing(name, title, within=within, **_CODES) for name, within, title in _CODE_LISTS),
        _travelling("acts", "legal_acts", _titled("Прававыя акты", "Правовые акты", "Legal acts")),
        _travelling("questions", "questions", _titled("Пытанні да адпраўніка", "Вопросы к отправителю", "Questions to the sender")),
        _travelling("flag-words", "flag_groups", _titled("Словы прыкмет", "Слова признаков", "Words of the flags")),
        _travelling("document-twins", "document_twins", _titled("Адпаведнасць UN/CEFACT 1001", "Соответствие UN/CEFACT 1001", "Twins in UN/CEFACT 1001")),
    )
}  # fmt: skip
"""Every list by its name, in the order in which they are shown."""


def get_listing(name: str) -> Listing:
    """Return a list by its name. Raises NotFound."""
    if name not in LISTINGS:
        raise NotFound(f"no list {name}")
    return LISTINGS[name]


def list_editions() -> Sequence[Edition]:
    """Return the newest editions, the one that holds first. Raises Unavailable when no reference data was loaded."""
    query = sa.select(Edition).order_by(Edition.number.desc()).limit(SHOWN_EDITIONS)
    found = session().scalars(query).all()
    if not found:
        raise Unavailable("Reference data is not loaded yet: run `flask reference load`.")
    return found


def list_rows(listing: Listing, *, on: date, cursor: str = "", limit: int | None = None) -> Slice:
    """Return the rows of a list that hold on a day, in the order of their keys; ``limit`` None: all of them.

    Raises NotFound for a cursor that is none of ours.
    """
    place = _read(cursor) if cursor else None
    if listing.model is None:
        return _travelled(listing, place, limit)
    model = listing.model
    order = [getattr(model, name) for name in (*listing.key, "valid_from", "id")]
    query = sa.select(model.id, *(getattr(model, name) for name in listing.columns)).where(model.as_of(on))
    if listing.within:
        query = query.where(model.code_list == listing.within)
    if place is not None:
        query = query.where(sa.tuple_(*order) > _bound(place, order))
    found = session().execute(query.order_by(*order).limit(None if limit is None else limit + 1)).all()
    more = limit is not None and len(found) > limit
    taken = found[:limit] if more else found
    following = _written([str(getattr(taken[-1], column.key)) for column in order]) if more else None
    return Slice([_shown(one._asdict()) for one in taken], following)


def _travelled(listing: Listing, place: list[str] | None, limit: int | None) -> Slice:
    """Rows that travel with the program stand in the order of their file: a place in it is a number."""
    if place is not None and not (len(place) == 1 and place[0].isdecimal()):
        raise NotFound("no such page")
    everything = packaged.table(listing.table)
    start = int(place[0]) if place else 0
    end = len(everything) if limit is None else start + limit
    return Slice([dict(one) for one in everything[start:end]], _written([str(end)]) if end < len(everything) else None)


def _bound(place: list[str], order: Sequence[Any]) -> Any:
    """The values of a cursor as the columns hold them."""
    kinds = [column.type.python_type for column in order]
    if len(place) != len(kinds):
        raise NotFound("no such page")
    try:
        values = [
            date.fromisoformat(text) if kind is date else kind(text) for kind, text in zip(kinds, place, strict=True)
        ]
    except ValueError:
        raise NotFound("no such page") from None
    return sa.tuple_(*(sa.literal(value, column.type) for value, column in zip(values, order, strict=True)))


def _shown(row: dict[str, Any]) -> dict[str, Value]:
    row.pop("id")
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def _written(place: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(cursor: str) -> list[str]:
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raise NotFound("no such page") from None
    # Printable text only: no key of ours has a control character or half a letter, and PostgreSQL stores no NUL.
    if not isinstance(found, list) or not all(isinstance(one, str) and one.isprintable() for one in found):
        raise NotFound("no such page")
    return found
