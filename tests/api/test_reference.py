"""The reference data of the API: lists by edition, for anyone, kept by caches, page by page and as CSV."""

from __future__ import annotations

import csv
import io
import itertools
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.clock import today
from app.database import Database, transaction
from app.requirements import loading, packaged, publishing, rows
from app.requirements.models import Edition
from tests.intake.arrivals import bearer, key_of

DOOR = "/api/v1/reference"


def _all(client: FlaskClient, name: str, **query: Any) -> list[dict[str, Any]]:
    """Every row of a list, page after page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = client.get(f"{DOOR}/{name}", query_string=query | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        body = answer.get_json()
        found += body["rows"]
        cursor = body["next"]
        if cursor is None:
            return found


def test_what_there_is(client: FlaskClient, database: Database) -> None:
    answer = client.get(DOOR)
    body = answer.get_json()
    with transaction(database, writing=False) as session:
        held = session.scalars(sa.select(Edition)).one()
    assert body["edition"]["hash"] == held.hash == body["editions"][0]["hash"]
    assert [one["name"] for one in body["lists"]] == list(publishing.LISTINGS)
    for one in body["lists"]:
        assert set(one["title"]) == {"be", "ru", "en"}
        assert client.get(one["link"], query_string={"limit": 1}).status_code == 200, one["link"]


@pytest.mark.parametrize("name", list(publishing.LISTINGS))
def test_every_list_is_whole_as_pages_and_as_csv(client: FlaskClient, name: str) -> None:
    paged = _all(client, name, limit=400)
    assert paged
    assert list(paged[0]) == list(publishing.LISTINGS[name].columns) or set(paged[0]) == set(
        publishing.LISTINGS[name].columns
    )
    answer = client.get(f"{DOOR}/{name}", headers={"Accept": "text/csv"})
    assert answer.mimetype == "text/csv"
    assert "charset=utf-8" in answer.content_type
    written = list(csv.DictReader(io.StringIO(answer.text)))
    assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in paged] == written


def test_nothing_of_the_files_is_left_out(client: FlaskClient) -> None:
    said, on = packaged.edition_rows(), today()
    for name, held in (("measures", said.measures), ("goods", said.goods_codes), ("offices", said.offices)):
        holding = {row.code for row in held if row.valid_from <= on and (row.valid_to is None or on < row.valid_to)}
        assert {row["code"] for row in _all(client, name, limit=1000)} == holding


def test_pages_of_one_row_miss_none_and_repeat_none(client: FlaskClient) -> None:
    groups = _all(client, "country-groups", limit=1)
    pairs = [(row["group"], row["country"]) for row in groups]
    assert len(set(pairs)) == len(pairs)
    assert pairs == [(row["group"], row["country"]) for row in _all(client, "country-groups", limit=1000)]


def test_a_list_on_another_day(client: FlaskClient, database: Database) -> None:
    """A row that ended stands where it held; one that begins later is not there before."""
    was, will = today() - timedelta(days=400), today() + timedelta(days=30)
    fresh = rows.CodeRow(
        code_list="incoterms", code="XXX", name_be="X", name_ru="X", name_en="X", note="", source="", confidence="",
        valid_from=was, valid_to=will,
    )  # fmt: skip
    with transaction(database) as session:
        said = packaged.edition_rows()
        loading.load(session, type(said)(**{**_parts(said), "codes": (*said.codes, fresh)}))

    def codes(on: date) -> set[str]:
        return {row["code"] for row in _all(client, "incoterms", on=on.isoformat())}

    assert "XXX" in codes(today())
    assert "XXX" in codes(was)
    assert "XXX" not in codes(was - timedelta(days=1))
    assert "XXX" in codes(will - timedelta(days=1))
    assert "XXX" not in codes(will)


def _parts(said: rows.EditionRows) -> dict[str, Any]:
    return {name: getattr(said, name) for name in said.__dataclass_fields__}


def test_an_edition_that_holds_no_more_is_gone(client: FlaskClient, database: Database) -> None:
    first = client.get(DOOR).get_json()["edition"]
    assert client.get(f"{DOOR}/incoterms", query_string={"edition": first["hash"]}).status_code == 200
    assert client.get(f"{DOOR}/incoterms", query_string={"edition": str(first["number"])}).status_code == 200
    kept = client.get(f"{DOOR}/incoterms").headers["ETag"]
    with transaction(database) as session:
        said = packaged.edition_rows()
        loading.load(session, type(said)(**{**_parts(said), "codes": said.codes[1:]}))
    gone = client.get(f"{DOOR}/incoterms", query_string={"edition": first["hash"]})
    assert gone.status_code == 410
    assert (gone.get_json()["code"], gone.get_json()["edition"]) == ("edition-gone", first["number"] + 1)
    assert gone.headers["Cache-Control"] == "no-store"
    assert client.get(f"{DOOR}/incoterms", query_string={"edition": "no-such"}).status_code == 404
    assert client.get(f"{DOOR}/incoterms", headers={"If-None-Match": kept}).status_code == 200


def test_caches_keep_it_and_ask_again(client: FlaskClient) -> None:
    for address, accept in ((DOOR, "*/*"), (f"{DOOR}/agencies", "*/*"), (f"{DOOR}/agencies", "text/csv")):
        answer = client.get(address, headers={"Accept": accept})
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert {"Accept", "Authorization"} <= set(answer.headers["Vary"].split(", "))
        assert "Set-Cookie" not in answer.headers
        again = client.get(address, headers={"Accept": accept, "If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == answer.headers["ETag"]
    tags = [
        client.get(f"{DOOR}/agencies", query_string=query, headers={"Accept": accept}).headers["ETag"]
        for query, accept in itertools.product(({}, {"limit": 3}, {"on": "2020-01-01"}), ("*/*", "text/csv"))
    ]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "1001"}, {"limit": "x"}, {"on": "22.11.2026"}, {"on": "20261122"}, {"on": "2026-13-01"}, {"cursor": "x" * 401},
     {"other": "1"}],
)  # fmt: skip
def test_a_request_of_another_form_is_refused(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get(f"{DOOR}/agencies", query_string=query)
    assert answer.status_code == 400
    assert answer.get_json()["errors"]


@pytest.mark.parametrize("cursor", ["x", "====", "W10", "WyJhIl0", "WyJhIiwiYiIsImMiXQ", "WyJcdTAwMDAiLCIyMDI2LTAxLTAxIiwieCJd", "bnVsbA", "%FF", "WzFd"])  # fmt: skip
def test_a_bent_cursor_leads_nowhere(client: FlaskClient, cursor: str) -> None:
    assert client.get(f"{DOOR}/agencies", query_string={"cursor": cursor}).status_code == 404
    assert client.get(f"{DOOR}/acts", query_string={"cursor": cursor}).status_code == 404
    assert client.get(f"{DOOR}/no-such-list").status_code == 404


def test_no_cache_keeps_what_a_key_was_answered(client: FlaskClient, database: Database) -> None:
    """A key of test mode is answered by the other window under the same address."""
    headers = bearer(key_of(database, scopes=("declaration:read",)))
    assert client.get(f"{DOOR}/agencies", headers=headers).headers["Cache-Control"] == "no-store"
