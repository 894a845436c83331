"""The request log as its owner reads it, and how it is forgotten after thirty days; what came without a key after one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app import clock
from app.api.models import REFUSED, ApiRequest
from app.database import session
from app.errors import NotFound
from app.identity.models import ApiKey
from app.jobs import registry
from app.web import Page

PAGE = 50
KEPT = timedelta(days=30)
"""How long a request is remembered."""
KEPT_WITHOUT_KEY = timedelta(days=1)
"""How long one without a key is: it stands in nobody's log, and whoever has no key must not be able to fill our disk."""
AT_ONCE = 1000
"""Rows forgotten in one transaction; the worker looks every second."""

KINDS: Mapping[str, object] = {
    "": _l("All"), "answered": _l("Answered"), "refused": _l("Refused"), "failed": _l("Failed on our side"),
}  # fmt: skip
"""Classes of answers by which the list is narrowed: 2xx and 3xx, 4xx, 5xx."""
_WHERE: Mapping[str, tuple[sa.ColumnElement[bool] | sa.TextClause, ...]] = {
    "": (),
    "answered": (ApiRequest.status < 400,),
    "refused": (sa.text(REFUSED), ApiRequest.status < 500),
    "failed": (sa.text(REFUSED), ApiRequest.status >= 500),
}


def list_requests(key: ApiKey, kind: str = "", cursor: str | None = None, *, limit: int = PAGE) -> Page[ApiRequest]:
    """Return the requests of a key, newest first. Raises NotFound for a class or cursor that is none of ours."""
    if kind not in _WHERE:
        raise NotFound
    query = (
        sa.select(ApiRequest)
        .where(ApiRequest.key_id == key.id, ApiRequest.at > clock.now() - KEPT, *_WHERE[kind])
        .order_by(ApiRequest.at.desc(), ApiRequest.id.desc())
        .limit(limit + 1)
    )
    if cursor:
        at, row = _place(cursor)
        query = query.where(sa.tuple_(ApiRequest.at, ApiRequest.id) < sa.tuple_(at, row))
    rows = session().scalars(query).all()
    if len(rows) <= limit:
        return Page(rows)
    last = rows[limit - 1]
    return Page(rows[:limit], f"{last.at.isoformat()}~{last.id}")


def _place(cursor: str) -> tuple[sa.BindParameter[object], sa.BindParameter[object]]:
    at, _tilde, row = cursor.partition("~")
    try:
        return sa.literal(clock.moment_of(at), ApiRequest.at.type), sa.literal(uuid.UUID(row))
    except ValueError:
        raise NotFound from None


def list_old() -> Sequence[str]:
    """Return a key of work for each kind of rows of which something is too old: a look at the ends of two indexes."""
    oldest = sa.select(sa.func.min(ApiRequest.at))
    ends = {"page": (oldest, KEPT), "nameless": (oldest.where(ApiRequest.key_id.is_(None)), KEPT_WITHOUT_KEY)}
    now = clock.now()
    found = {kind: (session().scalar(query), kept) for kind, (query, kept) in ends.items()}
    return [kind for kind, (at, kept) in found.items() if at is not None and at <= now - kept]


def forget(kind: str) -> int:
    """Delete the oldest requests (``page``: beyond thirty days; ``nameless``: without a key, beyond one), at most a thousand;
    returns how many. Safe to repeat."""
    if kind == "nameless":
        old = sa.select(ApiRequest.id).where(
            ApiRequest.key_id.is_(None), ApiRequest.at <= clock.now() - KEPT_WITHOUT_KEY
        )
    else:
        old = sa.select(ApiRequest.id).where(ApiRequest.at <= clock.now() - KEPT)
    old = old.order_by(ApiRequest.at).limit(AT_ONCE)
    gone = session().execute(sa.delete(ApiRequest).where(ApiRequest.id.in_(old.scalar_subquery())))
    return cast("sa.CursorResult[Any]", gone).rowcount


registry.watch("api.requests", list_old, forget)
