"""The library by the API: upload a file once, find it by its bytes, use it in packages that name its SHA-256."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import Database, transaction
from app.declarations.models import Attachment
from app.documents.models import Blob, Document
from tests.api.test_door import problem
from tests.documents.files import pdf
from tests.intake.arrivals import FILE, bearer, counted, grown, key_of
from tests.journeys.roads import packed

DOOR = "/api/v1/documents"
RIGHTS = (*FILE, "document:read")


def upload(app: Flask, key: str, data: bytes, name: str | None = None, **query: str) -> Any:
    headers = bearer(key) | ({"X-File-Name": name} if name else {})
    return app.test_client().post(DOOR, data=data, query_string=query, headers=headers, content_type="application/pdf")


def get(app: Flask, address: str, key: str, **headers: str) -> Any:
    return app.test_client().get(address, headers=bearer(key, **headers))


def test_a_file_is_uploaded_listed_and_fetched(app: Flask, database: Database) -> None:
    key, data = key_of(database, "anna", RIGHTS), pdf()
    answer = upload(app, key, data, quote("Сертыфікат № 12.pdf"), type="01202", number="UA-12")
    assert answer.status_code == 201, answer.text
    body = answer.get_json()
    assert answer.headers["Location"] == body["links"]["self"]
    assert (body["file_name"], body["type"], body["number"]) == ("Сертыфікат № 12.pdf", "01202", "UA-12")
    assert (body["sha256"], body["size"]) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (body["media_type"], body["scan"]) == ("application/pdf", "not scanned")
    assert get(app, DOOR, key).get_json() == {"rows": [body], "next": None}
    assert get(app, f"{DOOR}?sha256={body['sha256']}", key).get_json()["rows"] == [body]
    assert get(app, f"{DOOR}?sha256={'0' * 64}", key).get_json()["rows"] == []
    shown = get(app, body["links"]["self"], key)
    assert shown.get_json() == body
    assert get(app, body["links"]["self"], key, If_None_Match=shown.headers["ETag"]).status_code == 304
    file = get(app, body["links"]["file"], key)
    assert (file.data, file.headers["ETag"], file.headers["X-Content-Type-Options"]) == (
        data,
        f'"{body["sha256"]}"',
        "nosniff",
    )
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert get(app, body["links"]["file"], key, If_None_Match=f'"{body["sha256"]}"').status_code == 304


def test_an_upload_may_be_repeated(app: Flask, database: Database) -> None:
    key, data = key_of(database, "anna", RIGHTS), pdf()
    first = upload(app, key, data, "one.pdf", number="7")
    before = counted(database)
    again = upload(app, key, data, "one.pdf", number="7")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert {name: rows for name, rows in grown(before, counted(database)).items() if name != "api_requests"} == {}
    other = upload(app, key, data, "one.pdf", number="8")
    assert other.status_code == 201
    assert other.get_json()["sha256"] == first.get_json()["sha256"]


def test_a_name_is_not_needed(app: Flask, database: Database) -> None:
    key = key_of(database, "anna", RIGHTS)
    assert upload(app, key, pdf()).get_json()["file_name"] == "document.pdf"
    raw = "Дазвол.pdf".encode().decode("latin-1")
    assert upload(app, key, pdf(), raw).get_json()["file_name"] == "Дазвол.pdf", "bytes of UTF-8 as they are do too"


@pytest.mark.parametrize(
    ("data", "name", "query", "code"),
    [
        (b"", "a.pdf", {}, "FILE-EMPTY"),
        (b"MZ\x90\x00" * 20, "a.pdf", {}, "FILE-NOT-AS-NAMED"),
        (b"hello", "a.exe", {}, "FILE-TYPE"),
        (b"%PDF-1.7 broken", "a.pdf", {}, "FILE-BROKEN"),
        (pdf(), "..%2F..%2Fetc%2Fpasswd.pdf", {}, "FILE-NAME"),
        (pdf(), "%FF%FE.pdf", {}, "FILE-NAME"),
        (pdf(), "a.pdf%00.exe", {}, "FILE-NAME"),
        (pdf(), "a.pdf", {"type": "99999"}, "DOC-TYPE-UNKNOWN"),
    ],
)
def test_a_file_that_is_not_taken(
    app: Flask, database: Database, data: bytes, name: str, query: dict[str, str], code: str
) -> None:
    key = key_of(database, "anna", RIGHTS)
    before = counted(database)
    body = problem(upload(app, key, data, name, **query), 422)
    assert [one["code"] for one in body["errors"]] == [code]
    assert all(one["message"] and one["remedy"] for one in body["errors"])
    assert set(grown(before, counted(database))) <= {"api_requests"}


@pytest.mark.parametrize("query", [{"type": "1234567"}, {"number": "9" * 71}, {"dates": "1"}])
def test_a_request_of_another_form(app: Flask, database: Database, query: dict[str, str]) -> None:
    assert problem(upload(app, key_of(database, "anna", RIGHTS), pdf(), "a.pdf", **query), 400)["code"] == "request"


def test_whose_it_is(app: Flask, database: Database) -> None:
    key = key_of(database, "anna", RIGHTS)
    links = upload(app, key, pdf(), "a.pdf").get_json()["links"]
    stranger, reader = key_of(database, "vera", RIGHTS), key_of(database, "anna", ("document:read",))
    for address in links.values():
        assert problem(get(app, address, stranger), 404)["code"] == "not-found"
        assert get(app, address, reader).status_code == 200
        assert problem(app.test_client().get(address), 401)["code"] == "key-needed"
    assert get(app, DOOR, stranger).get_json()["rows"] == []
    assert problem(upload(app, reader, pdf(), "b.pdf"), 403)["code"] == "not-allowed"
    assert problem(get(app, DOOR, key_of(database, "anna", ("declaration:read",))), 403)["code"] == "not-allowed"


def test_pages(app: Flask, database: Database) -> None:
    key = key_of(database, "anna", RIGHTS)
    for number in range(5):
        assert upload(app, key, pdf(), f"{number}.pdf", number=str(number)).status_code == 201
    seen, cursor = [], ""
    while True:
        body = get(app, f"{DOOR}?limit=2" + (f"&cursor={quote(cursor)}" if cursor else ""), key).get_json()
        seen += [one["number"] for one in body["rows"]]
        cursor = body["next"]
        if cursor is None:
            break
    assert seen == ["4", "3", "2", "1", "0"]
    assert problem(get(app, f"{DOOR}?cursor=bent", key), 404)["code"] == "not-found"
    assert problem(get(app, f"{DOOR}?limit=101", key), 400)["code"] == "request"


def test_what_a_scanner_found_is_not_handed_out(app: Flask, database: Database) -> None:
    key = key_of(database, "anna", RIGHTS)
    body = upload(app, key, pdf(), "a.pdf").get_json()
    with transaction(database) as session:
        session.execute(sa.update(Blob).where(Blob.sha256 == body["sha256"]).values(scan="infected"))
    assert get(app, body["links"]["self"], key).get_json()["scan"] == "infected"
    for headers in ({}, {"If_None_Match": f'"{body["sha256"]}"'}):
        assert problem(get(app, body["links"]["file"], key, **headers), 403)["code"] == "not-allowed"


def test_a_file_of_the_library_named_by_its_digest_counts_as_attached(app: Flask, database: Database) -> None:
    """The XML alone is filed: what stands in the library under the SHA-256 that it names is attached to the package."""
    key, package = key_of(database, "anna", RIGHTS), packed("beef_flowers_pet")
    assert package.files
    headers = bearer(key, Idempotency_Key="a") | {"Content-Type": "application/xml"}
    refused = app.test_client().post("/api/v1/declarations", data=package.xml, headers=headers)
    assert "DOC-MISSING" in {one["code"] for one in problem(refused, 422)["errors"]}
    ids = {upload(app, key, data, quote(name)).get_json()["id"] for name, data in package.files.items()}
    headers["Idempotency-Key"] = "b"
    filed = app.test_client().post("/api/v1/declarations", data=package.xml, headers=headers)
    assert filed.status_code == 201, filed.text
    with transaction(database, writing=False) as session:
        attached = set(map(str, session.scalars(sa.select(Attachment.document_id))))
        assert attached == ids
        assert len(ids) == session.scalar(sa.select(sa.func.count()).select_from(Document))
