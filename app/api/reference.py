"""GET /api/v1/reference: the code lists and measures by edition, for anyone, to be kept by caches."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, g, jsonify, request, url_for

from app import clock, web
from app.api import door, problem
from app.api.reference_shapes import ListPath, ReferenceShape, RowsQuery, RowsShape
from app.errors import NotFound
from app.requirements import packaged, publishing
from app.requirements.models import Edition
from app.requirements.publishing import Listing

blueprint = door.resource(
    "reference", __name__, "Code lists, kinds of documents, measures of the law: by edition, for anyone."
)

KEPT_SECONDS = 300
"""How long a cache may answer in our place; after it asks again and mostly hears 304."""
CSV = "text/csv"
_KEPT = {"Cache-Control": "public, max-age=300: the same for everybody; no-store for who comes with a key"}


@blueprint.get(
    "/reference",
    responses=door.answers(shape=ReferenceShape, headers=_KEPT, by_key=False, tagged=True),
)
@web.public
def show_reference() -> Any:
    """The lists there are, and their edition.

    Every load that changes anything makes a new edition with the hash of the whole content. Rows are never edited: one that
    changes is ended and a new one begins, so that `on` gives what held on any day.
    """
    editions = publishing.list_editions()
    answer = jsonify(
        edition=_edition(editions[0]),
        editions=[_edition(one) for one in editions],
        lists=[
            {"name": one.name, "title": dict(one.title), "columns": list(one.columns), "link": _link(one.name)}
            for one in publishing.LISTINGS.values()
        ],
    )
    return _kept(answer, _tag(editions[0].hash))


@blueprint.get(
    "/reference/<string:name>",
    responses=door.answers(
        shape=RowsShape,
        refusals=(404, 410),
        kinds={CSV: {"type": "string", "description": "The whole list with a head line, UTF-8"}},
        headers=_KEPT,
        by_key=False,
        tagged=True,
    ),
)
@web.public
def list_reference(path: ListPath, query: RowsQuery) -> Any:
    """The rows of one list that hold on a day.

    JSON page by page (`next` is the cursor of the page after), or with `Accept: text/csv` the whole list at once.
    """
    listing = publishing.get_listing(path.name)
    editions = publishing.list_editions()
    held = editions[0]
    if query.edition and not _names(query.edition, held):
        return _gone(query.edition, editions)
    on = query.on or clock.today()
    as_csv = request.accept_mimetypes.best_match(["application/json", CSV]) == CSV
    travelled = packaged.digest(listing.table) if listing.table else ""
    tag = _tag(held.hash, travelled, listing.name, on, query.cursor, query.limit, as_csv)
    if request.if_none_match.contains(tag):
        return _kept(Response(status=304), tag)
    if as_csv:
        rows = publishing.list_rows(listing, on=on).rows
        return _kept(_as_csv(listing, rows, f"{listing.name}-{on}.csv"), tag)
    found = publishing.list_rows(listing, on=on, cursor=query.cursor, limit=query.limit)
    answer = jsonify(
        name=listing.name, edition=_edition(held), on=on.isoformat(), rows=list(found.rows), next=found.following
    )
    return _kept(answer, tag)


def _names(said: str, edition: Edition) -> bool:
    return said in (str(edition.number), edition.hash)


def _gone(said: str, editions: Sequence[Edition]) -> Response:
    """An edition that once held is gone; one that never was is not found."""
    if not any(_names(said, one) for one in editions):
        raise NotFound(f"no edition {said}")
    return problem.problem(410, "edition-gone", edition=editions[0].number, hash=editions[0].hash)


def _edition(edition: Edition) -> dict[str, Any]:
    return {"number": edition.number, "hash": edition.hash, "loaded_at": edition.loaded_at.isoformat()}


def _link(name: str) -> str:
    return url_for("api_reference.list_reference", name=name)


def _tag(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:24]


def _kept(answer: Response, tag: str) -> Any:
    """Let caches keep the answer, unless it was asked with a key: a key of test mode is answered by the other window, and under
    the same address. 304 for whoever has it already."""
    if g.get("key") is None:
        web.share(KEPT_SECONDS)
    answer.headers["Vary"] = "Accept, Authorization"
    return door.tagged(answer, tag)


def _as_csv(listing: Listing, rows: Sequence[Mapping[str, publishing.Value]], name: str) -> Response:
    out = io.StringIO()
    writer = csv.DictWriter(out, listing.columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    disposition = f'attachment; filename="{name}"'
    return Response(out.getvalue(), mimetype=CSV, headers={"Content-Disposition": disposition})
