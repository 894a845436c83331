"""Every file of the corpus at the library's door, and every form that lies: its answer, in little time, nothing kept of it."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from app.database import Database
from app.documents import storage
from tests.factories.world import Someone, World
from tests.hostile import costs
from tests.hostile.documents import FILES, Brought
from tests.hostile.forms import FORMS, TOKEN, WHOLE, Form, uploaded
from tests.intake.arrivals import bearer, counted, grown, key_of

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)  # fmt: skip
"""What the reader of a form that breaks off has spooled to a file is closed when it is swept up, not before."""
PARTS = 6
UNSEEN = frozenset("\0\r\n\u202e")


@pytest.fixture(scope="module", autouse=True)
def _swept() -> Iterator[None]:
    yield
    gc.collect()


@cache
def brought(name: str) -> Brought:
    return FILES[name]()


@cache
def form(name: str) -> Form:
    return FORMS[name]()


def kept() -> set[str]:
    """What lies in the store: the names of its files."""
    root = storage.store().root
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def anna(world: World) -> Iterator[Someone]:
    """Somebody with a library, on its page."""
    world.anna.get("/documents")
    yield world.anna
    assert world.anna.get("/healthz").status_code == 200


@pytest.mark.parametrize("part", range(PARTS))
def test_each_file_is_answered_at_both_doors(app: Flask, database: Database, anna: Someone, part: int) -> None:
    """F1 to F7: what is refused says why and leaves nothing; what is taken leaves as a download in a sandbox."""
    key = key_of(database, "anna")
    for name in sorted(FILES)[part::PARTS]:
        one = brought(name)
        before, store = counted(database), kept()
        with costs.measured() as cost:
            page = sent(app, anna, uploaded(one))
        assert cost.bearable, (name, cost)
        assert page.status_code == (422 if one.code else 303), (name, page.status_code)
        assert not UNSEEN & set(str(page.headers.get("Location", ""))), name
        if one.code:
            assert grown(before, counted(database)) == {}, name
            assert kept() == store, name
            with costs.measured() as cost:
                _refused_by_machine(app, key, name, one)
            assert cost.bearable, (name, cost)
            assert kept() == store, name
        else:
            _leaves_as_a_download(anna, name)


def _refused_by_machine(app: Flask, key: str, name: str, one: Brought) -> None:
    told = bearer(key) | {"X-File-Name": _percented(one.name)}
    answer = app.test_client().post("/api/v1/documents", data=one.data, headers=told)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), (name, answer.text)
    assert [fault["code"] for fault in answer.json["errors"]] == [one.code], name


def _percented(name: str) -> str:
    return "".join(f"%{byte:02x}" for byte in name.encode())


def _leaves_as_a_download(who: Someone, name: str) -> None:
    page = who.get("/documents")
    where = next(line for line in page.text.split('"') if line.startswith("/documents/") and line.endswith("/file"))
    answer = who.browser.get(where)
    assert answer.status_code == 200, name
    _a_download(answer, name)


def _a_download(answer: TestResponse, name: str) -> None:
    assert answer.headers["Content-Disposition"].startswith("attachment;"), name
    assert answer.headers["X-Content-Type-Options"] == "nosniff", name
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'", name
    assert answer.headers["Cache-Control"] == "no-store", name
    assert answer.mimetype in ("application/pdf", "image/png", "image/jpeg", "application/xml"), name


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_lies(app: Flask, database: Database, anna: Someone, name: str) -> None:
    """F7, F8, F9: refused early, or its file is judged by its bytes and its name is cleaned at the door."""
    one = form(name)
    before = counted(database)
    with costs.measured() as cost:
        answer = sent(
            app, anna, one, bearer(key_of(database, "anna"), Idempotency_Key=name) if "/api/" in one.path else {}
        )
    assert cost.bearable, cost
    assert answer.status_code in one.answers, answer.text[:2000]
    assert "a=b" not in str(answer.headers)
    assert "<img" not in answer.text
    more = grown(before, counted(database))
    if answer.status_code != 303:
        assert not more.keys() & {"documents", "blobs", "receipts", "declarations"}, more
    elif "documents" in more:
        where = next(
            one for one in anna.get("/documents").text.split('"') if one.endswith("/file") and "/documents/" in one
        )
        _a_download(anna.browser.get(where), name)


def sent(app: Flask, who: Someone, one: Form, headers: Mapping[str, str] = MappingProxyType({})) -> TestResponse:
    """Send a form as it is, with the cookie and the token of somebody: werkzeug's client would put its lengths right."""
    body = one.body.replace(TOKEN, who.token().encode())
    builder = EnvironBuilder(one.path, method="POST", headers=dict(headers))
    environ = builder.get_environ() | {"CONTENT_TYPE": one.kind, "wsgi.input": io.BytesIO(body)}
    cookie = who.browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    environ["HTTP_COOKIE"] = f"{cookie.key}={cookie.value}"
    environ.pop("CONTENT_LENGTH", None)
    if one.length is None:
        environ["wsgi.input_terminated"] = True
    else:
        environ["CONTENT_LENGTH"] = str(len(body) if one.length == WHOLE else one.length)
    return TestResponse(*run_wsgi_app(app, environ, buffered=True), builder.get_request())
