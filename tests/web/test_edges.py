"""The edge of every request: headers, caching, hosts, methods, errors in the look of the window, one honest transaction."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app import clock
from app import database as rows
from app.clearance import publishing
from app.database import Database, transaction
from app.declarations.models import Declaration
from app.errors import Conflict
from app.identity.models import Organisation
from app.reviews import deciding_views
from app.web import refuse
from tests.factories.world import PASSWORD, World
from tests.intake.arrivals import bearer, counted, grown, key_of
from tests.journeys.roads import file_bytes, file_xml, packed, state

STATIC = ("static", "bootstrap.static")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
NOTHING = "00000000-0000-7000-8000-000000000000"


SHARED = ("/api/v1/requirements", "/api/v1/goods", "/api/v1/reference", "/developers/bundle", "/log", "/verify/")
"""What is the same for everybody may be kept by caches; nothing else may."""


def safe(answer: Any) -> None:
    """Look at what every answer must carry."""
    shared = answer.headers["Cache-Control"].startswith("public") and answer.request.path.startswith(SHARED)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value or (shared and name == "Cache-Control"), name
    if shared:
        assert "Set-Cookie" not in answer.headers
    assert shared or "Cookie" in answer.headers["Vary"]
    assert answer.headers["X-Request-Id"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def addresses(app: Flask, method: str) -> list[tuple[str, str]]:
    """Every route of a method with something plausible in place of its ids: (endpoint, path)."""
    found = []
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint not in STATIC:
            path = re.sub(r"<(\w+:)?\w*kind>", "json", rule.rule)
            path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
            path = re.sub(r"<uuid:\w+>", NOTHING, path)
            path = re.sub(r"<int:\w+>", "1", path)
            found.append((rule.endpoint, re.sub(r"<(\w+:)?\w+>", "x", path)))
    return sorted(found)


def test_every_page_carries_the_headers(app: Flask, world: World, database: Database) -> None:
    stranger = app.test_client()
    with app.app_context(), transaction(database):
        publishing.publish()
    people = (world.vera, world.bogdan, world.maria, world.mikola, world.admin, world.audit)
    where = file_xml(world.vera, packed("bicycles"))
    for _, path in addresses(app, "GET"):
        safe(stranger.get(path))
        for who in people:
            who.sign_in()
            answer = who.browser.get(path.replace(f"/packages/{NOTHING}", where))
            assert answer.status_code < 500, (who.name, path)
            safe(answer)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("POST", "/queue", 405), ("DELETE", "/packages", 405), ("POST", "/sign-in", 400),
     ("GET", "/packages/not-an-id", 404), ("TRACE", "/", 405), ("PUT", "/file", 405), ("PROPFIND", "/", 405),
     ("GET", "/%00", 404), ("GET", "/../../etc/passwd", 404), ("GET", "/verify/%F0%9F%90%84", None)],
)  # fmt: skip
def test_errors_carry_them_too_in_the_look_of_the_window(
    app: Flask, method: str, path: str, status: int | None
) -> None:
    answer = app.test_client().open(path, method=method)
    assert answer.status_code == status or (status is None and answer.status_code < 500)
    safe(answer)
    page = html.fromstring(answer.text)
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("//header | //nav")
    if status == 405:
        assert answer.headers["Allow"]


def test_too_large_a_form_is_a_page(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.vera.get("/file")
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 10_000)
    answer = world.vera.browser.post("/file", data={"csrf_token": world.vera.token(), "package": "x" * 20_000})
    assert answer.status_code == 413
    safe(answer)
    assert html.fromstring(answer.text).xpath("//h1")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:99999", "[::1", "local host"])
def test_an_unknown_host_is_refused(app: Flask, database: Database, host: str) -> None:
    """S-HOST: in the look of the window or not at all, but never with that host in the page."""
    for path in ("/", "/sign-in", "/api/v1/declarations", "/nothing"):
        answer = app.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert host not in answer.text
        assert host not in str(answer.headers)


def test_forwarded_hosts_are_not_believed(app: Flask) -> None:
    answer = app.test_client().get(
        "/packages", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    )
    assert "evil" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/measures", "/health", "/rules"])
def test_head_and_options(app: Flask, path: str) -> None:
    head, options = app.test_client().head(path), app.test_client().options(path)
    assert (head.status_code, head.data) == (200, b"")
    assert "POST" not in options.headers["Allow"] or path == "/sign-in"
    safe(head)
    safe(options)


NEXTS = (
    "//evil.example", "/\\evil.example", "https://evil.example", "https:evil.example", "\thttps://evil.example",
    "https://ok@evil.example", "/\tevil", "///evil.example", "javascript:alert(1)", "/%0d%0aX: y\r\nX: y", "\\\\evil.example",
)  # fmt: skip


@pytest.mark.parametrize("address", NEXTS)
def test_nobody_is_sent_elsewhere_after_signing_in(app: Flask, world: World, address: str) -> None:
    vera = world.vera
    vera.page = app.test_client().get("/sign-in")
    vera.browser.get("/sign-in")
    page = vera.browser.get("/sign-in", query_string={"next": address})
    token = html.fromstring(page.text).xpath("//input[@name='csrf_token']/@value")[0]
    answer = vera.browser.post(
        "/sign-in", query_string={"next": address},
        data={"csrf_token": token, "email": vera.email, "password": PASSWORD, "next": address},
    )  # fmt: skip
    assert answer.status_code == 303 or answer.status_code == 302, answer.text
    assert re.fullmatch(r"/(?![/\\])[^\\\s]*", answer.headers["Location"])
    assert "X" not in {name for name, _ in answer.headers}


# --- one request is one transaction --------------------------------------------------------------------------------


def test_reading_never_writes(app: Flask, world: World, database: Database) -> None:
    """Every GET route, for everybody: the reading engine refuses a write, so a page that tried would be a 500."""
    with app.app_context(), transaction(database):
        publishing.publish()
    where = file_xml(world.vera, packed("bicycles"))
    receipt = file_bytes(world.vera, b"x", "x.xml")
    people = (world.vera, world.maria, world.admin, world.audit)
    for who in people:
        who.sign_in()
    before = counted(database)
    for _, path in addresses(app, "GET"):
        for who in people:
            for real in {
                path,
                path.replace(f"/packages/{NOTHING}", where),
                path.replace(f"/receipts/{NOTHING}", receipt),
            }:
                answer = who.browser.get(real)
                assert answer.status_code < 500, (who.name, real)
                assert who.browser.head(real).status_code < 500
    changed = grown(before, counted(database))
    assert set(changed) <= {"ledger_entries"}, changed
    with database.reading.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.execute(sa.text("DELETE FROM ledger_cursors"))


def test_a_commit_that_fails_is_never_a_success(
    app: Flask, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = packed("bicycles")
    key = key_of(database)
    world.vera.get("/file")
    before = counted(database)
    real = rows.Session.commit

    def breaks(session: Any) -> None:
        if session.get_bind() is database.writing:
            raise RuntimeError("the disk is gone")
        real(session)

    with monkeypatch.context() as broken:
        broken.setattr(rows.Session, "commit", breaks)
        page = world.vera.post("/file", package=(io.BytesIO(package.xml), "a.xml"))
        answer = app.test_client().post(
            "/api/v1/declarations", data=package.xml, headers=bearer(key, Idempotency_Key="one")
        )
    assert (page.status_code, answer.status_code) == (500, 500)
    assert html.fromstring(page.text).xpath("//h1")
    assert answer.mimetype == "application/problem+json"
    assert "disk" not in page.text + answer.text
    assert page.headers.get("Location") is None
    safe(page)
    safe(answer)
    assert grown(before, counted(database)) == {}
    assert file_xml(world.vera, package).startswith("/packages/")


def test_a_busy_database_is_told_as_busy(
    app: Flask, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of(database)
    world.vera.get("/file")

    def locked(*_arguments: Any, **_keywords: Any) -> Any:
        raise sa.exc.OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr("app.intake.receiving.receive", locked)
    page = world.vera.post("/file", package=(io.BytesIO(b"x"), "a.xml"))
    answer = app.test_client().post("/api/v1/declarations", data=b"x", headers=bearer(key, Idempotency_Key="one"))
    for one in (page, answer):
        assert one.status_code == 503
        assert one.headers["Retry-After"] == "5"
        assert "INSERT" not in one.text
        safe(one)
    assert answer.mimetype == "application/problem+json"


def test_a_database_that_cannot_be_had_at_all_is_told_as_busy(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anybody knows who asks: the page that says so must not ask the database who it is."""
    world.vera.get("/file")

    def locked(_token: str, **_options: Any) -> Any:
        raise sa.exc.OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    monkeypatch.setattr("app.identity.sessions.find", locked)
    answer = world.vera.browser.post("/file", data={"csrf_token": world.vera.token()})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    safe(answer)


def test_a_page_that_tells_of_a_refusal_holds_up_no_writer(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer: while the page is drawn, somebody else writes."""
    file_xml(world.anna, packed("beef_flowers_pet"))
    page = html.fromstring(world.olga.get("/queue").text)
    case = next(str(link) for link in page.xpath("//a/@href") if "/cases/" in link)
    drawn = []

    def write_meanwhile(*arguments: Any, **keywords: Any) -> str:
        with transaction(database) as other:
            other.execute(sa.update(Organisation).values(city=Organisation.city))
        drawn.append("written")
        return desk_page(*arguments, **keywords)

    desk_page = deciding_views.desk_page
    monkeypatch.setattr(deciding_views, "desk_page", write_meanwhile)
    answer = world.olga.post(f"{case.partition('?')[0]}/decide", claim="yes")
    assert answer.status_code in (412, 422)
    assert drawn


def test_a_refusal_shown_as_a_redirect_keeps_nothing(app: Flask, database: Database) -> None:
    """A view that writes and then refuses: the 303 to another page must not commit what was half done."""
    with app.test_request_context("/x", method="POST"):
        app.preprocess_request()
        rows.session().add(
            Organisation(kind="trader", name="half done", city="", address_line="", created_at=clock.now())
        )
        rows.session().flush()
        refuse(Conflict("somebody was first"))
        app.process_response(app.make_response(("", 303, {"Location": "/"})))
    with transaction(database, writing=False) as session:
        assert session.scalar(sa.select(sa.func.count()).where(Organisation.name == "half done")) == 0


# --- forging -------------------------------------------------------------------------------------------------------


def _forge(browser: FlaskClient, path: str, token: str | None, **headers: str) -> Any:
    data = {"rest": "yes", "email": "a@b.c", "confirmed": "yes"} | ({"csrf_token": token} if token is not None else {})
    return browser.post(path, data=data, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_no_form_works_without_its_token(app: Flask, world: World, database: Database) -> None:
    """S-CSRF: every POST route; no token, an empty one, another session's, text that says it is JSON."""
    with app.app_context(), transaction(database):
        publishing.publish()
    where = file_xml(world.vera, packed("bicycles"))
    receipt = file_bytes(world.vera, b"x", "x.xml")
    people = (world.vera, world.maria, world.admin)
    for who in people:
        who.get("/account")
    others = world.anna.get("/account") and world.anna.token()
    routes = [one for one in addresses(app, "POST") if not one[1].startswith("/api/")]
    assert len(routes) > 20
    before = counted(database)
    for _, path in routes:
        real = path.replace(f"/packages/{NOTHING}", where).replace(f"/receipts/{NOTHING}", receipt)
        for who in people:
            for token in (None, "", "x", others):
                assert _forge(who.browser, real, token).status_code in (400, 403), real
            plain = who.browser.post(real, data='{"csrf_token": "x"}', content_type="text/plain")
            assert plain.status_code in (400, 403), real
        assert app.test_client().post(real).status_code in (400, 403), real
    assert grown(before, counted(database)) == {}
    assert state(world.vera, where)["status"] == "under-review"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "x"},
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/forgotten"])
def test_a_form_on_a_foreign_page_is_refused_even_with_its_token(
    world: World, database: Database, path: str, headers: dict[str, str]
) -> None:
    """S-CSRF: the browser itself says where a form stood; signing in and out are forms too."""
    world.vera.get("/account")
    before = counted(database)
    answer = world.vera.browser.post(
        path, data={"csrf_token": world.vera.token(), "email": "a@b.by", "password": "x"}, headers=headers
    )
    assert answer.status_code == 403
    safe(answer)
    assert grown(before, counted(database)) == {}


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}]
)
def test_a_form_on_our_own_page_is_taken(world: World, headers: dict[str, str]) -> None:
    world.vera.get("/account")
    data = {"csrf_token": world.vera.token()}
    assert world.vera.browser.post("/sign-out", data=data, headers=headers).status_code == 303


def test_behind_tls_a_form_says_where_it_comes_from(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """S-CSRF, missing Origin: every browser that has a Secure cookie of ours names the site or the origin."""
    world.vera.get("/account")
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    answer = world.vera.browser.post("/sign-out", data={"csrf_token": world.vera.token()})
    assert answer.status_code == 403


def test_a_token_of_an_earlier_sign_in_is_dead(world: World, database: Database) -> None:
    vera = world.vera
    vera.get("/account")
    old = vera.token()
    assert vera.browser.post("/sign-out", data={"csrf_token": old}).status_code in (302, 303)
    vera.signed_in = False
    vera.page = None
    vera.sign_in()
    before = counted(database)
    assert _forge(vera.browser, "/sign-out", old).status_code == 400
    assert grown(before, counted(database)) == {}


def test_methods_cannot_be_overridden(app: Flask, world: World, database: Database) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    before = counted(database)
    for headers in ({"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "DELETE"}):
        world.vera.browser.get(f"{where}/withdraw", headers=headers)
        world.vera.browser.get(f"{where}/withdraw?_method=POST", headers=headers)
    assert grown(before, counted(database)) == {}


def test_a_failed_form_is_422_and_keeps_what_was_typed(world: World) -> None:
    page = world.admin.get("/organisations/new")
    assert page.status_code == 200
    form = next(f for f in html.fromstring(page.text).forms if "/organisations" in (f.action or ""))
    names = {name for name, _ in form.form_values()}
    answer = world.admin.submit("/organisations", follow=False, name="ТАА «Новы <b>Дом</b>»", unp="12345")
    assert answer.status_code == 422, names
    assert "ТАА «Новы &lt;b&gt;Дом&lt;/b&gt;»" in answer.text
    assert "<b>Дом" not in answer.text


def test_pages_after_signing_out_need_signing_in(world: World, database: Database) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    world.vera.get(where)
    cookies = [(one.key, one.value) for one in world.vera.browser._cookies.values()]  # type: ignore[union-attr]
    world.vera.browser.post("/sign-out", data={"csrf_token": world.vera.token()})
    thief = world.vera.app.test_client()
    for name, value in cookies:
        thief.set_cookie(name, value or "")
    assert thief.get(where).status_code == 302
    with transaction(database, writing=False) as session:
        number = session.scalars(sa.select(Declaration.number)).one()
    assert number not in thief.get(where).text
