"""How an officer likes the queue: filters kept under a name, columns, keyboard, the filter it opens with."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.access import Actor, require
from app.database import new_id, session
from app.errors import Fault, Invalid, NotFound, Text
from app.reviews import policy
from app.reviews.filtering import Filter
from app.reviews.queue_models import DeskSetting, SavedFilter

COLUMNS = ("goods", "why", "kind", "queued", "officer")
"""Columns that can be left out; the package and its deadline always stand there."""
LONGEST_NAME = 60
LONGEST_QUERY = 1000
MOST_FILTERS = 30


@dataclass(frozen=True, slots=True)
class Liking:
    """How the queue looks for one officer: what is kept, or what is usual."""

    keyboard: bool = True
    columns: tuple[str, ...] = COLUMNS
    opens_with: uuid.UUID | None = None


def liking_of(actor: Actor) -> Liking:
    """Return how this officer likes the queue."""
    kept = session().get(DeskSetting, actor.person_id) if actor.person_id else None
    if kept is None:
        return Liking()
    shown = tuple(name for name in COLUMNS if name in kept.columns)
    return Liking(kept.keyboard, shown, kept.opens_with_id)


def list_filters(actor: Actor) -> Sequence[SavedFilter]:
    """Return the officer's own filters and those the agency shares, by name."""
    query = (
        sa.select(SavedFilter)
        .where(SavedFilter.agency == actor.agency)
        .where(sa.or_(SavedFilter.person_id == actor.person_id, SavedFilter.shared.is_(True)))
        .order_by(SavedFilter.name, SavedFilter.id)
        .limit(200)
    )
    return session().scalars(query).all()


def get_filter(filter_id: uuid.UUID, *, actor: Actor) -> SavedFilter:
    """Return a filter the officer may use. Raises NotFound for another agency's and for a colleague's own."""
    found = session().get(SavedFilter, filter_id)
    if found is None or found.agency != actor.agency or not (found.shared or found.person_id == actor.person_id):
        raise NotFound()
    return found


def save_filter(name: str, chosen: Filter, *, shared: bool, by: Actor) -> SavedFilter:
    """Keep a filter under a name; one's own of that name is replaced. Raises Invalid for a name that cannot be."""
    require(policy.see_queue, by)
    name = " ".join(name.split())
    own = {one.name: one for one in list_filters(by) if one.person_id == by.person_id}
    faults = list(_name_faults(name, len(own) - (name in own)))
    if faults:
        raise Invalid(faults)
    # Pressed twice at once, the second waits here for the first and then replaces what it kept.
    session().execute(_new_filter(name, by))
    query = sa.select(SavedFilter).where(
        SavedFilter.person_id == by.person_id, SavedFilter.agency == by.agency, SavedFilter.name == name
    )
    kept = session().scalars(query.execution_options(populate_existing=True)).one()
    kept.query, kept.shared = chosen.query()[:LONGEST_QUERY], shared
    session().flush()
    return kept


def _new_filter(name: str, by: Actor) -> Any:
    engine = session().get_bind().dialect.name
    insert: Any = postgresql.insert if engine == "postgresql" else sqlite.insert
    row = {
        "id": new_id(), "agency": by.agency, "person_id": by.person_id, "person_name": by.name, "name": name, "query": "",
        "shared": False, "created_at": clock.now(),
    }  # fmt: skip
    return insert(SavedFilter.__table__).values(row).on_conflict_do_nothing()


def drop_filter(kept: SavedFilter, *, by: Actor) -> None:
    """Forget a filter; whoever's queue opened with it opens as usual. Raises NotAllowed for a colleague's."""
    require(policy.drop_filter, by, kept)
    opening = sa.update(DeskSetting).where(DeskSetting.opens_with_id == kept.id).values(opens_with_id=None)
    session().execute(opening)
    session().delete(kept)


def set_liking(*, keyboard: bool, columns: Iterable[str], opens_with: SavedFilter | None, by: Actor) -> DeskSetting:
    """Keep how an officer likes the queue. Raises NotAllowed for anyone without a queue."""
    require(policy.see_queue, by)
    kept = session().get(DeskSetting, by.person_id)
    if kept is None:
        kept = DeskSetting(person_id=by.person_id)
        session().add(kept)
    wanted = set(columns)
    kept.keyboard = keyboard
    kept.columns = [name for name in COLUMNS if name in wanted]
    kept.opens_with_id = opens_with.id if opens_with else None
    session().flush()
    return kept


def _name_faults(name: str, others: int) -> Iterable[Fault]:
    if not name:
        yield Fault("FILTER-NAME-MISSING", *_TEXTS["FILTER-NAME-MISSING"], field="name")
    if len(name) > LONGEST_NAME:
        yield Fault("FILTER-NAME-LONG", *_TEXTS["FILTER-NAME-LONG"], value=name, field="name")
    if others >= MOST_FILTERS:
        yield Fault("FILTER-TOO-MANY", *_TEXTS["FILTER-TOO-MANY"], field="name")


def _t(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


_TEXTS: dict[str, tuple[Text, Text]] = {
    "FILTER-NAME-MISSING": (
        _t("Фільтр не мае назвы.", "У фильтра нет названия.", "The filter has no name."),
        _t(
            "Назавіце яго так, як будзеце шукаць: напрыклад, «Брэст, мяса».",
            "Назовите его так, как будете искать: например, «Брест, мясо».",
            "Name it as you will look for it: for example, “Brest, meat”.",
        ),
    ),
    "FILTER-NAME-LONG": (
        _t("Назва фільтра задоўгая.", "Название фильтра слишком длинное.", "The name of the filter is too long."),
        _t("Скараціце яе да 60 знакаў.", "Сократите его до 60 знаков.", "Shorten it to 60 characters."),
    ),
    "FILTER-TOO-MANY": (
        _t("У вас ужо 30 фільтраў.", "У вас уже 30 фильтров.", "You have 30 filters already."),
        _t(
            "Выдаліце той, які больш не патрэбны.",
            "Удалите тот, который больше не нужен.",
            "Delete one that is no longer needed.",
        ),
    ),
}
