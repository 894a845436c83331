"""The open door under a hostile hand: bodies that are no JSON or too much of it, parameters that were bent, repeated or made
up, headers that lie, names and texts that are code. Whatever comes is refused in words or shown as text; never a mistake of
ours, and nothing of it is kept."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from urllib.parse import quote

import pytest

from app.api.document import document
from tests.architecture.conftest import Stage
from tests.architecture.machines import KEYS, Sent
from tests.architecture.paths import routes_of, url_of
from tests.architecture.test_hostile import HOSTILE, WORDS, address, form

DEEP = 10_000
HUGE = "9" * 5000
BROKEN: tuple[bytes, ...] = (
    b"", b" ", b"{", b"}", b"null", b"[]", b'"x"', b"1", b"true", b"NaN", b"{}}", b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}",
    b"\x00", b"[" * DEEP, b"[" * DEEP + b"]" * DEEP, b'{"a":' * DEEP + b"1" + b"}" * DEEP, b'{"label": "\xff\xfe"}',
    b"'{}'", b"<xml/>", b"PK\x03\x04", b"{" + b'"a":1,' * 100_000 + b'"a":1}',
)  # fmt: skip
VALUES: tuple[str, ...] = (
    "null", "true", "-1", "0", "1e999", "-1e999", "NaN", "Infinity", "1.5", "9223372036854775808", "-9223372036854775809", HUGE,
    '""', '"' + "x" * 100_000 + '"', '"\\u0000"', '"\\ud800"', '"a\\u202eb"', "[]", "{}", "[[]]", "[null]", '[{"a":[]}]', '{"a":1}',
    '["' + "x" * 1000 + '"]', "[" * 500 + "]" * 500, '"0001-01-01"', '"9999-12-31T23:59:59-14:00"', '"=HYPERLINK(1)"',
    json.dumps(HOSTILE), "[" + ",".join(["1"] * 50_000) + "]",
)  # fmt: skip
FIELDS = {
    "api_declarations.withdraw_declaration": ("reason",),
    "api_questions.answer_question": ("version", "text", "value", "unit", "documents"),
    "api_webhooks.add_webhook": ("url", "label", "events"),
    "api_webhooks.change_webhook": ("url", "label", "events"),
    "api_webhooks.rotate_webhook_secret": ("hours",),
    "api_webhooks.replay_webhook": ("after", "until"),
}
"""What is read as JSON, and its members."""
BY = {"api_webhooks": "key-webhooks", "api_questions": "key-answer", "api_declarations": "key-withdraw"}
TOLD = {200, 201, 202, 204, 400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 414, 415, 422, 428}


def _machines(stage: Stage) -> list[tuple[str, str, str]]:
    """Method, address and key of each operation that reads JSON."""
    found = {}
    for method, rule, endpoint, variant in routes_of(stage.app):
        if endpoint in FIELDS and method in ("POST", "PATCH") and variant not in ("draft", "by broker"):
            found[endpoint] = (method, url_of(stage, rule, endpoint, variant), BY[endpoint.partition(".")[0]])
    assert set(found) == set(FIELDS)
    return [found[name] for name in FIELDS]


def _is_told(answer: Any, *about: object) -> None:
    """A refusal is a problem with a code; it never shows what stands in our house."""
    assert answer.status_code in TOLD, (*about, answer.status_code, answer.text[:300])
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json", about
        assert answer.get_json()["code"], about
    for word in ("Traceback", "sqlalchemy", "sqlite3", "psycopg", "/work/", 'File "'):
        assert word not in answer.text, about


@pytest.mark.parametrize("which", range(len(FIELDS)), ids=list(FIELDS))
def test_a_body_that_is_no_json_of_ours(stage: Stage, which: int) -> None:
    method, url, role = _machines(stage)[which]
    for body in BROKEN:
        for kind in ("application/json", "text/plain", "application/json; charset=utf-16", ""):
            sent = Sent(body, {"Content-Type": kind}) if kind else Sent(body)
            answer = stage.send(role, method, url, sent)
            _is_told(answer, url, body[:40], kind)
            assert answer.status_code in (400, 413, 415, 422), (url, body[:40], kind, answer.status_code)
            assert not any(stage.kept)


@pytest.mark.parametrize("which", range(len(FIELDS)), ids=list(FIELDS))
def test_values_of_a_kind_that_nobody_asked_for(stage: Stage, which: int) -> None:
    method, url, role = _machines(stage)[which]
    for name in (*FIELDS[list(FIELDS)[which]], "__proto__", "id", ""):
        for value in VALUES:
            body = f'{{"{name}": {value}}}'.encode()
            _is_told(stage.send(role, method, url, Sent(body, {"Content-Type": "application/json"})), url, body[:80])


@pytest.mark.parametrize("which", range(len(FIELDS)), ids=list(FIELDS))
def test_a_member_that_stands_twice_is_refused(stage: Stage, which: int) -> None:
    """S-HPP: which of two values is meant, nobody can know; the reader in between may have looked at the other."""
    method, url, role = _machines(stage)[which]
    good = {"label": "A", "hours": 1, "after": 0, "reason": "a mistake", "text": "The seal"}
    name = next(one for one in FIELDS[list(FIELDS)[which]] if one in good)
    value = json.dumps(good[name])
    body = f'{{"{name}": {value}, "{name}": {value}}}'.encode()
    answer = stage.send(role, method, url, Sent(body, {"Content-Type": "application/json"}))
    assert answer.status_code == 400, answer.text


def _asked(stage: Stage) -> list[tuple[str, str, list[str]]]:
    """Address, the key that may, and the parameters in the query of each GET of the API."""
    with stage.app.test_request_context():
        paths = document(stage.app)["paths"]  # type: ignore[arg-type]
    found = []
    for method, rule, endpoint, variant in routes_of(stage.app):
        if method != "GET" or not rule.startswith("/api/v1") or variant not in ("", "filed", "asked", "issued"):
            continue
        said = paths[re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)]["get"]
        names = [one["name"] for one in said.get("parameters", ()) if one["in"] == "query"]
        url = url_of(stage, rule, endpoint, variant).partition("?")[0]
        role = next(one for one in KEYS if stage.ask(one, "GET", url_of(stage, rule, endpoint, variant), {}) == 200)
        found.append((url, role, names))
    return found


def test_parameters_that_somebody_bent(stage: Stage) -> None:
    for url, role, names in _asked(stage):
        for name in (*names, "nothing", "__class__"):
            for word in (*WORDS, "\0", HOSTILE, "x" * 60_000):
                answer = stage.send(role, "GET", f"{url}?{name}={quote(word)}")
                if answer.status_code != 200 or answer.mimetype == "application/json":
                    _is_told(answer, url, name, word[:40])


def test_a_parameter_that_stands_twice_is_refused(stage: Stage) -> None:
    for url, role, names in _asked(stage):
        for name in set(names) - {"yes", "no"}:
            answer = stage.send(role, "GET", f"{url}?{name}=1&{name}=2")
            assert answer.status_code == 400, (url, name, answer.status_code)


HEADERS = {
    "Idempotency-Key": ("\xff", "k" * 255, "k" * 256, "a\tb", HOSTILE.encode().decode("latin-1"), "' OR 1=1"),
    "X-File-Name": ("%00", "%ff%fe", "../../etc/passwd", "a" * 5000, quote(HOSTILE), "%e2%80%ae.exe", "con", "\xe9"),
    "X-Second-Consignment": ("YES", "\xff", "x" * 5000),
    "If-Match": ("*", '"x"', "W/", '"' * 999, "\xff", ",,,", '"a","b"' * 99),
    "If-None-Match": ("*", '"x"', "W/", '"' * 999, "\xff"),
    "Accept-Language": ("be;q=NaN", "x" * 5000, "*;q=-1", "\xff", ",,;;", "ru;q=1e999", "../../etc"),
    "Accept": ("text/html", "application/xml;q=x", "*/*;q=NaN", "\xff", "x" * 5000),
    "Content-Type": ("text/html", "multipart/form-data", "multipart/form-data; boundary=" + "x" * 999, "\xff", "a/b/c"),
    "Authorization": ("Bearer", "Bearer  ", "Basic YTpi", "Bearer \xff", "Bearer " + "x" * 5000, "Bearer akno_live__"),
    "Range": ("bytes=-1", "bytes=0-0,1-1", "bytes=9-1", "bytes=" + HUGE),
    "X-Forwarded-For": ("127.0.0.1", "\xff", HUGE),
    "If-Modified-Since": ("x", "Sat, 01 Jan 0001 00:00:00 GMT", HUGE),
    "X-HTTP-Method-Override": ("DELETE",),
    "Cookie": ("session=x", "a" * 5000, "\xff=\xff"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_that_lie(stage: Stage, name: str) -> None:
    ids = stage.scene.ids
    package = f"/api/v1/declarations/{ids['declaration_id']['filed']}"
    for value in HEADERS[name]:
        for role, method, url, body in (
            ("key", "POST", "/api/v1/declarations", b"<x/>"),
            ("key", "POST", "/api/v1/documents", b"<permit/>"),
            ("key-answer", "POST", f"{package}/amendments", b"<x/>"),
            ("key-read", "GET", package, None),
            ("key-read", "GET", f"{package}/versions/1/xml", None),
            ("key-read", "GET", f"/api/v1/clearances/{ids['clearance_id']['issued']}/pdf", None),
            ("key-read", "GET", "/api/v1/declarations", None),
            ("anonymous", "POST", "/api/v1/check", b"<x/>"),
            ("anonymous", "GET", "/api/v1/reference/countries", None),
            ("anonymous", "POST", "/api/v1/verify", b"%PDF"),
        ):
            headers = {"Idempotency-Key": "one"} | {name: value}
            answer = stage.send(role, method, url, Sent(body, headers))
            assert answer.status_code in TOLD | {206, 304, 416}, (name, value[:40], method, url, answer.text[:300])


def test_what_is_filed_twice_at_once_in_one_request(stage: Stage) -> None:
    """A body beside a form, and a form where bytes are asked for: the bytes are judged, nothing breaks."""
    for url in ("/api/v1/declarations", "/api/v1/check", "/api/v1/check/losses", "/api/v1/verify", "/api/v1/documents"):
        answer = stage.browser.post(
            url, data={"package": (io.BytesIO(b"<x/>"), "a.xml")}, content_type="multipart/form-data",
            headers={"Authorization": f"Bearer {stage.scene.keys['key']}", "Idempotency-Key": "one"},
        )  # fmt: skip
        assert answer.status_code in (200, 400, 415, 422), (url, answer.status_code)


# --- pages ------------------------------------------------------------------------------------------------------------

TYPED = (
    ("owner", "webhooks.new_post", "", "url", 422), ("owner", "webhooks.new_post", "", "label", 422),
    ("owner", "webhooks.new_post", "", "events", 422), ("owner", "webhooks.change_post", "", "url", 422),
    ("owner", "webhooks.change_post", "", "label", 422), ("owner", "webhooks.rotate", "", "hours", 422),
    ("owner", "webhooks.replay_range", "", "after", 422), ("owner", "webhooks.replay_range", "", "until", 422),
    ("owner", "identity.key_create", "", "label", 422), ("owner", "identity.key_create", "", "scopes", 422),
    ("owner", "identity.key_create", "", "days", 422), ("owner", "identity.key_rotate", "", "overlap", 422),
    ("owner", "identity.key_rotate", "", "days", 422),
    *(("customs-chief", "rulings.enter", "", box, 422) for box in (
        "number", "kind", "holder_unp", "goods", "goods_code", "reasons", "published_goods", "published_reasons", "valid_from",
        "valid_until", "origin", "method",
    )), ("customs-chief", "rulings.end", "", "reason", 422), ("owner", "sheets.take", "draft", "rows", 422),
    ("anonymous", "checking.answer", "", "on", 422),
)  # fmt: skip
"""Who types, where, in which box, and what is said to 100 kB of it."""


@pytest.mark.parametrize(
    ("role", "endpoint", "variant", "box", "status"), TYPED, ids=[f"{one[1]} {one[3]}" for one in TYPED]
)
def test_boxes_of_the_open_door(stage: Stage, role: str, endpoint: str, variant: str, box: str, status: int) -> None:
    url = address(stage, endpoint, variant)

    def send(text: str) -> Any:
        answer = stage.send(role, "POST", url, _typed(stage, endpoint, variant, box, text))
        assert "<script>alert" not in answer.text, text[:40]
        return answer

    assert send(HOSTILE * 2_500).status_code == status
    assert not any(stage.kept)
    assert send("a\0b").status_code in (400, 422)
    for word in (*WORDS, HOSTILE, "𝕏" * 100, "a\r\nSet-Cookie: x=1", "\u0301" * 500):
        assert send(word).status_code in (200, 303, 400, 409, 413, 422), word[:40]


def _typed(stage: Stage, endpoint: str, variant: str, box: str, text: str) -> dict[str, Any]:
    made = stage.scene.bodies.get(endpoint)
    given = made(variant) if made else form(stage, endpoint, variant)
    assert isinstance(given, dict)
    return given | OF_A_KIND.get(box, {}) | {box: text}


OF_A_KIND = {"origin": {"kind": "origin"}, "method": {"kind": "value"}}
"""What a box of a ruling is read for."""
