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
from tests.architecture.test_hostile import BIDI, HOSTILE, WORDS, address, form

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
    "If-Match": ("*", '""', '"x"', "W/", '"' * 999, "\xff", ",,,", '"a","b"' * 99),
    "If-None-Match": ("*", '""', '"x"', "W/", '"' * 999, "\xff"),
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
    *(("customs-chief", "accrediting.grant", "proposed", box, 422) for box in (
        "goods", "procedures", "facilities", "valid_from", "valid_until", "guarantee_reference", "guarantee_amount",
        "guarantee_currency", "conditions",
    )), *(("customs-chief", "accrediting.refuse", "proposed", box, 422) for box in (
        "ground", "reason", "appeal_office", "appeal_contact", "appeal_days",
    )), *(("customs", "accrediting.examine", "examined", box, 422) for box in (
        "proposal", "note", "met-AEO-DUTIES", "note-AEO-DUTIES",
    )), ("customs-chief", "accrediting.send_back", "proposed", "returned", 422), ("owner", "traders.start", "", "kind", 422),
    ("owner", "traders.give_up", "granted", "reason", 422), ("owner", "traders.save", "draft", "answer-AEO-DUTIES", 422),
    ("owner", "traders.save", "draft", "facilities", 422),
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


BENT = (
    ("anonymous", "/check", ("sample",)), ("anonymous", "/measures", ("hs", "direction", "origin", "region", "destination",
     "procedure", "on", "yes", "no", "q", "answered")),
    ("owner", "/packages/{draft}/what-if", ("item", "hs", "direction", "origin", "destination", "region", "procedure", "on", "yes",
     "no", "q")),
    ("anonymous", "/accreditations", ("q", "kind", "holding", "cursor")), ("anonymous", "/accreditations/export.csv", ("q", "kind")),
    ("customs", "/accreditation/desk", ("state", "cursor")),
    ("anonymous", "/rulings", ("q", "kind", "cursor")), ("owner", "/rulings/own", ("q", "cursor")),
    ("customs-chief", "/rulings/given", ("q", "cursor")), ("customs-chief", "/rulings/given/export.csv", ("q", "cursor")),
    ("owner", "/account/keys/{key}/requests", ("kind", "cursor")), ("owner", "/account/keys/{key}/requests/export.csv", ("kind",)),
    ("owner", "/account/webhooks/{hook}", ("status", "cursor")),
    ("owner", "/account/webhooks/{hook}/deliveries/export.xlsx", ("status",)), ("owner", "/packages/export.csv", ("search", "status", "q")),
    ("owner", "/packages/{filed}/values", ("version", "q")), ("anonymous", "/developers/schema", ("q", "at")),
    ("anonymous", "/developers/changelog.json", ("q",)), ("anonymous", "/rules", ("q", "needs")),
    ("owner", "/documents", ("cursor", "q", "declaration")), ("owner", "/receipts", ("cursor",)),
    ("administrator", "/people/export.csv", ("q",)), ("anonymous", "/verify", ("code",)),
)  # fmt: skip


@pytest.mark.parametrize(("role", "path", "names"), BENT, ids=[one[1] for one in BENT])
def test_pages_asked_with_bent_parameters(stage: Stage, role: str, path: str, names: tuple[str, ...]) -> None:
    ids = stage.scene.ids
    path = path.format(
        draft=ids["declaration_id"]["draft"], filed=ids["declaration_id"]["filed"], key=ids["key_id"][""],
        hook=ids["endpoint_id"][""],
    )  # fmt: skip
    for name in names:
        for word in (*WORDS, HOSTILE, "\0"):
            answer = stage.send(role, "GET", f"{path}?{name}={quote(word)}")
            assert answer.status_code in (200, 302, 303, 400, 404, 422), (name, word[:40], answer.status_code)
            assert b"<script>alert" not in answer.data, (name, word[:40])
        assert stage.send(role, "GET", f"{path}?{name}=1&{name}=2").status_code in (200, 302, 303, 400, 404, 422), name


def test_names_in_addresses_that_nobody_gave(stage: Stage) -> None:
    for path in (
        "/problems/@", "/developers/api/@", "/developers/bundle/@", "/rules/@.xml", "/rules/@.mended.xml", "/verify/@",
        "/api/v1/verify/@", "/api/v1/reference/@", "/api/v1/@",
    ):  # fmt: skip
        for word in (
            *(one for one in WORDS if len(one) < 4000),
            HOSTILE,
            "..",
            "%2e%2e%2fetc%2fpasswd",
            "a\0b",
            "%ff%fe",
        ):
            answer = stage.send("anonymous", "GET", path.replace("@", quote(word, safe="%")))
            assert answer.status_code in (200, 301, 308, 400, 404), (path, word, answer.status_code)
            assert b"<script>alert" not in answer.data, (path, word)


NAMES = (
    "<script>alert(1)</script>.xml", f"a{BIDI}lmx.exe", "../../../etc/passwd", "C:\\a\\b.xml", "=HYPERLINK(1).xml", "x" * 5000 + ".xml",
    "con.xml", ".", "a\tb.xml", "\u0301" * 300, "'; DROP TABLE receipts; --.xml", "{{7*7}}.xml",
)  # fmt: skip


def test_files_whose_names_are_code(stage: Stage) -> None:
    package = stage.scene.bodies["api_check.check_package"]("").body  # type: ignore[union-attr]
    sheet = f"/packages/{stage.scene.ids['declaration_id']['draft']}/items/sheet"
    for name in NAMES:
        for role, url, box, body in (
            ("anonymous", "/check", "package", package), ("anonymous", "/check", "package", b"<x/>"),
            ("owner", sheet, "sheet", b"description\r\nBeef\r\n"), ("anonymous", "/verify", "paper", b"%PDF-1.7"),
            ("owner", "/file", "package", b"<x/>"), ("owner", "/documents", "files", b"<permit/>"),
        ):  # fmt: skip
            answer = stage.send(role, "POST", url, {box: (io.BytesIO(body), name)})
            assert answer.status_code in (200, 303, 400, 413, 422), (url, name, answer.status_code)
            assert "<script>alert" not in answer.text, (url, name)
            assert BIDI not in answer.text, (url, name)


CELLS = (
    HOSTILE, "=cmd|' /C calc'!A0", "+1", "@SUM(1)", "\t=1", "1e400", "NaN", "-0", "9" * 400, "٣", "0001-01-01", "9999-12-31", "'1",
    "1,5", "1.5.5", "x" * 40_000, "\u202d", "\x08", "\x7f", " ", "💣",
)  # fmt: skip


def test_cells_that_are_code(stage: Stage) -> None:
    """Each cell in each column, by file and by the page between the preview and the change."""
    sheet = f"/packages/{stage.scene.ids['declaration_id']['draft']}/items/sheet"
    for cell in CELLS:
        quoted = cell.replace('"', '""')
        for head in ("description", "goods_code", "net_kg", "origin", "nothing"):
            body = f'{head};goods_code\r\n"{quoted}";0202309008\r\n'.encode()
            looked = stage.send("owner", "POST", sheet, {"sheet": (io.BytesIO(body), "a.csv")})
            assert looked.status_code in (200, 422), (head, cell[:40], looked.status_code)
            assert "<script>alert" not in looked.text
            rows = json.dumps([[head], [[2, cell]], [], 0])
            taken = stage.send("owner", "POST", f"{sheet}/take", {"rows": rows, "mode": "replace"})
            assert taken.status_code in (303, 409, 422), (head, cell[:40], taken.status_code)
            assert "<script>alert" not in taken.text
    for rows in ("[" * DEEP, "[" * DEEP + "]" * DEEP, '[["description"],[[1e999,"a"]],[],0]', f'[["description"],[[{HUGE},"a"]],[],0]',
                 '[["description"],[[99999999999999999999,"a"]],[],0]', '[["description"],[[2,"a"]],[],1e999]', '[["description"],[[2,{"a":1}]],[],0]',
                 '[["description"],[[2,"\\u0000\\ud800"]],[],0]', '[["description"],[[NaN,"a"]],[],NaN]', '{"a":1}', "[[],[],[],0]"):  # fmt: skip
        taken = stage.send("owner", "POST", f"{sheet}/take", {"rows": rows, "mode": "replace"})
        assert taken.status_code in (303, 400, 409, 422), (rows[:60], taken.status_code)


SAID = (
    ("webhooks.new_post", "owner", {"label": f"S-HOOK {HOSTILE}", "url": "https://hooks.example.by/?q='%3E%3Cscript%3Ealert(1)"}),
    ("identity.key_create", "owner", {"label": f"S-KEY {HOSTILE}", "scopes": "read", "days": "90"}),
    ("rulings.enter", "customs-chief", {
        "goods": f"O-GOODS {HOSTILE}", "reasons": f"O-WHY {HOSTILE}", "published_goods": f"P-GOODS {HOSTILE}",
        "published_reasons": f"P-WHY {HOSTILE}",
    }),
    ("rulings.end", "customs-chief", {"reason": f"O-END {HOSTILE}"}),
)  # fmt: skip


def test_texts_of_the_open_door_are_shown_as_text_to_whom_they_are_for(kept_stage: Stage) -> None:
    """Labels of webhooks and keys stay in their house; of a ruling everybody reads what is published, and nothing else."""
    for endpoint, role, said in SAID:
        made = kept_stage.scene.bodies.get(endpoint)
        given = made("") if made else {}
        assert isinstance(given, dict)
        answer = kept_stage.send(role, "POST", address(kept_stage, endpoint, ""), given | said)
        assert answer.status_code in (200, 303), (endpoint, answer.text[-1500:])
    ruling = f"/rulings/{kept_stage.scene.ids['ruling_id']['']}"
    pages = (
        "/account/webhooks", "/account/keys", "/rulings", "/rulings/own", "/rulings/given", "/rulings?q=P-GOODS", "/notices", ruling,
        "/rulings/own/export.csv", "/rulings/given/export.csv", "/packages", "/account/test-keys",
    )  # fmt: skip
    marks = {"S-HOOK", "S-KEY", "O-GOODS", "O-WHY", "P-GOODS", "P-WHY", "O-END"}
    seen: dict[str, set[str]] = {}
    for role in (
        "owner",
        "other-trader",
        "broker",
        "former-broker",
        "customs",
        "vet",
        "auditor",
        "administrator",
        "anonymous",
    ):
        for page in pages:
            answer = kept_stage.send(role, "GET", page)
            assert answer.status_code < 500, (role, page)
            assert "<script>alert" not in answer.text or answer.mimetype == "text/csv", (role, page)
            assert BIDI not in answer.text or answer.mimetype == "text/csv", (role, page)
            seen.setdefault(role, set()).update(one for one in marks if one in answer.text)
    assert {"S-HOOK", "S-KEY", "P-GOODS", "O-END"} <= seen["owner"]
    for role in ("other-trader", "former-broker", "vet", "administrator", "anonymous"):
        assert not seen[role] & {"S-HOOK", "S-KEY", "O-GOODS", "O-WHY", "O-END"}, role
    assert "P-GOODS" in seen["anonymous"]
    assert not seen["broker"] & {"S-HOOK", "S-KEY"}
