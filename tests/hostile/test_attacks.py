"""The rows of trust.md A.6 that no other room tests: logs, races for the last one, words put into every list, secrets."""

from __future__ import annotations

import email
import email.policy
import io
import logging
import re
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access import SYSTEM
from app.cli.founding import actor
from app.database import Database, session, transaction
from app.errors import Invalid, NotAllowed
from app.identity import accounts
from app.identity.models import Membership, Organisation, Person
from app.notifications import transport
from app.notifications.lettering import Letter
from app.webhooks import managing
from app.webhooks.models import Endpoint
from config import ROOT
from tests.factories.world import PASSWORD, World
from tests.hostile import costs
from tests.intake.arrivals import bearer, counted, grown, key_of
from tests.journeys.roads import file_xml, packed

EVIL = ("\r\nakno.web INFO all is well", "\x1b[2J\x1b[31mall is well", "%s%n%(password)s{0.__class__}", "a" * 60_000)


# --- logs ------------------------------------------------------------------------------------------------------------


def test_log_lines_are_one_line_each_and_short(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """S-LOG: what somebody writes into an address or a header breaks no line, moves no cursor and fills no disk."""
    caplog.set_level(logging.DEBUG)
    client = app.test_client()
    for evil in EVIL:
        for path in (
            f"/packages/{quote(evil[:3000])}",
            f"/verify/{quote(evil[:3000])}",
            f"/api/v1/{quote(evil[:3000])}",
        ):
            heard = {"User-Agent": evil.replace("\r\n", " "), "Referer": f"http://localhost/{quote(evil[:2000])}"}
            assert client.get(path, headers=heard).status_code < 500
        client.post("/sign-in", data={"email": evil, "password": evil})
    for record in caplog.records:
        said = record.getMessage()
        assert not re.search(r"[\r\n\x1b]", said), said
        assert len(said) < 600, said[:200]


def test_log_holds_no_secret_of_a_whole_day(
    app: Flask,
    world: World,
    database: Database,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    worker: Any,
) -> None:
    """S-LOG: password, session, key, cookie and a passport's number are planted; no line of any logger holds one."""
    caplog.set_level(logging.DEBUG)
    key = key_of(database)
    passport = "MP9271845"
    planted = packed("bicycles").xml.replace(b"88 Huaihe Road", f"88 Huaihe Road {passport}".encode())
    world.vera.get("/account")
    world.vera.post("/file", package=(io.BytesIO(planted), f"{passport}.xml"))
    app.test_client().post("/api/v1/declarations", data=planted, headers=bearer(key, Idempotency_Key="one"))
    app.test_client().post("/sign-in", data={"email": world.vera.email, "password": "wrong horse battery"})
    app.test_client().get(
        f"/packages?password={PASSWORD.replace(' ', '+')}", headers={"Authorization": f"Bearer {key}"}
    )
    worker.drain()
    cookie = world.vera.browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    secrets = (
        PASSWORD,
        "wrong horse battery",
        key,
        key.rpartition("_")[2][:20],
        cookie.value,
        passport,
        app.config["SECRET_KEY"],
    )
    told = capfd.readouterr()
    lines = [
        record.getMessage() + str(record.exc_text or "") for record in caplog.records if record.name.startswith("akno")
    ]
    for line in [*lines, told.out, told.err]:
        assert [secret for secret in secrets if secret in line] == []


# --- races -----------------------------------------------------------------------------------------------------------


def at_once(app: Flask, *deeds: Callable[[], object]) -> list[object]:
    """Do everything in the same moment, each in a transaction of its own; what each came to, or what it was refused with."""
    gate = threading.Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        gate.wait()
        try:
            with app.app_context(), transaction(app.extensions["akno.database"]):
                return deed()
        except (Invalid, NotAllowed) as refused:
            return refused

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))


def test_race_two_administrators_cannot_shut_each_other_out(app: Flask, database: Database, world: World) -> None:
    """S-RACE: of two who press in one moment one is done, one is refused, and one administrator is left."""
    with app.app_context(), transaction(database):
        house = session().scalars(sa.select(Organisation).where(Organisation.kind == "operator")).one()
        second = accounts.create_person(
            email="second@akno.example", full_name="Second", language="en", password=PASSWORD, by=SYSTEM
        )
        seat = accounts.add_membership(
            second, house, roles=("administrator",), valid_from=accounts.clock.today(), by=SYSTEM
        )
        first_actor, second_actor = actor("admin"), accounts.actor_of(seat)
        first_id, second_id, seats = first_actor.person_id, second.id, _seats()

    def disable(who: Any, by: Any) -> Callable[[], object]:
        return lambda: accounts.disable(session().get_one(Person, who), by=by)

    told = at_once(app, disable(second_id, first_actor), disable(first_id, second_actor))
    assert sorted(isinstance(one, NotAllowed) for one in told) == [False, True]
    with transaction(database, writing=False):
        assert _seats() == seats - 1


def _seats() -> int:
    living = sa.select(sa.func.count()).select_from(Membership).join(Person).where(Person.disabled_at.is_(None))
    return session().scalar(living) or 0


def test_race_nobody_gets_one_more_than_there_are(app: Flask, database: Database) -> None:
    """S-RACE: of eight who add the last webhook in one moment one has it."""
    with app.app_context(), transaction(database):
        by = actor("vera")
        for number in range(managing.MOST_ENDPOINTS - 1):
            managing.register(url=f"https://hooks.example.com/{number}", by=by)

    def add(number: int) -> Callable[[], object]:
        return lambda: managing.register(url=f"https://hooks.example.com/last/{number}", by=by)

    told = at_once(app, *(add(number) for number in range(8)))
    assert sum(isinstance(one, Invalid) for one in told) == 7
    with transaction(database, writing=False) as rows:
        assert rows.scalar(sa.select(sa.func.count()).select_from(Endpoint)) == managing.MOST_ENDPOINTS


# --- mail ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "evil", ["\r\nBcc: all@evil.example", "\nX-A: b", "\r\n\r\n<script>alert(1)</script>", "\u2028Bcc: a@b.c", "\x1c"]
)
def test_mail_no_name_begins_a_header(evil: str) -> None:
    """S-MAIL: a line break in a subject is a blank; nobody else gets the letter, and it leaves."""
    letter = Letter("en", f"Package of Vela{evil}", f"Vela{evil}\n", "<p>Vela</p>")
    made = transport.compose(
        letter, to="anna@akno.example", sender="a@akno.example", key="k", settings_url="https://w.example/"
    )
    read = email.message_from_bytes(made.as_bytes(), policy=email.policy.default)
    assert set(read.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "MIME-Version", "Content-Type",
        "Content-Language",
    }  # fmt: skip
    assert read["To"] == "anna@akno.example"
    assert "script" not in str(read["To"]) + str(read["From"])


# --- words in parameters -----------------------------------------------------------------------------------------------

INJECTED = (
    "' OR '1'='1", "') OR 1=1 --", "1; DROP TABLE receipts; --", "' UNION SELECT secret FROM api_keys --", "%' OR '%'='", "%", "_",
    "a' AND (SELECT COUNT(*) FROM persons) > 0 --", "{{7*7}}", "{{config.SECRET_KEY}}", "${7*7}", "<%= 7*7 %>", "$(id)", "`id`", "; id",
    "| cat /etc/passwd", "&& sleep 9", "../../../../etc/passwd", "..\\..\\windows\\win.ini", "%2e%2e%2f", "/etc/passwd\0.png",
    "' or name()='a", "]|//*|a[", "*)(uid=*", "__class__.__mro__", "-1", "9" * 30,
)  # fmt: skip


@pytest.mark.parametrize(
    ("who", "path", "name"),
    [
        ("vera", "/packages", "search"), ("vera", "/packages", "status"), ("vera", "/packages/export.csv", "search"),
        ("maria", "/queue", "q"), ("maria", "/queue", "sort"), ("maria", "/queue", "trader"), ("maria", "/queue", "code"),
        ("maria", "/queue", "tab"), ("maria", "/queue", "country"), ("admin", "/people", "cursor"), ("vera", "/receipts", "cursor"),
        ("vera", "/measures", "q"), ("vera", "/packages", "lang"), ("audit", "/packages", "search"), ("vera", "/documents", "q"),
    ],
)  # fmt: skip
def test_sqli_ssti_cmd_no_word_brings_more_rows(
    world: World, database: Database, who: str, path: str, name: str
) -> None:
    """S-SQLI, S-SSTI, S-CMD, S-DOS (search for %): no mistake, nothing computed, nothing written, no row that an honest word
    does not bring; neither does a long wait."""
    file_xml(world.vera, packed("bicycles"))
    person = getattr(world, who)
    person.get(path)
    whole = _rows(person.browser.get(path))
    before = counted(database)
    for word in INJECTED:
        answer = person.browser.get(path, query_string={name: word})
        assert answer.status_code in (200, 302, 303, 400, 404, 422), (word, answer.status_code)
        for sign in ("49</", "root:", app_secret(person.app), "uid=0", "sqlite3", "psycopg", "Traceback"):
            assert sign not in answer.text, (word, sign)
        if answer.status_code == 200:
            assert _rows(answer) <= whole, word
    assert set(grown(before, counted(database))) <= {"ledger_entries"}


def test_dos_a_thousand_at_once_are_cut(world: World, database: Database) -> None:
    """S-DOS: a thousand cases at once are no more than fifty, a page of a thousand million is one like any other, and both
    cost as little."""
    file_xml(world.vera, packed("bicycles"))
    page = world.maria.get("/queue").text
    case = re.findall(r"/cases/([0-9a-f-]{36})", page)[0]
    before = counted(database)
    with costs.measured() as cost:
        answer = world.maria.post("/queue/bulk", deed="claim", case=[*(str(uuid.uuid4()) for _ in range(1_000)), case])
        for path in (
            "/queue?page=1000000000",
            "/packages?page=1000000000",
            "/queue?q=%25",
            "/packages?search=%25&limit=1000000",
        ):
            assert world.audit.browser.get(path).status_code < 500
    assert answer.status_code in (200, 303)
    assert grown(before, counted(database)) == {}, "the one that was there came behind the fiftieth"
    assert cost.bearable, cost


def app_secret(app: Flask) -> str:
    return str(app.config["SECRET_KEY"])


def _rows(answer: Any) -> set[str]:
    """What an answer leads to: addresses with an id of ours."""
    return set(re.findall(r"/(?:packages|cases|receipts|documents|people)/[0-9a-f-]{36}", answer.text))


@pytest.mark.parametrize("path", ["/static/../config.py", "/static/%2e%2e/config.py", "/static/..%2fconfig.py", "/static//etc/passwd",
    "/static/..\\config.py", "/static/%00", "/bootstrap/static/../../config.py", "/developers/bundle/..%2f..%2fconfig.py",
    "/static/\u2215etc\u2215passwd", "/rules/..%2f..%2fconfig.xml", "/static/con", "/static/site.css%00.png"])  # fmt: skip
def test_path_nothing_outside_is_served(app: Flask, path: str) -> None:
    """S-PATH: names in addresses lead to what is published and nowhere else."""
    answer = app.test_client().get(path)
    assert answer.status_code in (301, 308, 400, 404), answer.status_code
    assert b"SECRET" not in answer.data


def test_field_nobody_sets_what_is_not_theirs(app: Flask, world: World, database: Database) -> None:
    """S-FIELD: status, owner, role, number and time in a form, in a query and in JSON: forms ignore them, the API names them."""
    foreign = {
        "status": "released", "owner_id": "x", "organisation_id": "x", "role": "administrator", "roles": "administrator", "is_admin": "1",
        "decided_by": "x", "id": "00000000-0000-7000-8000-000000000000", "created_at": "2020-01-01", "approved": "yes", "scan": "clean",
        "permissions": "*", "registration_number": "1", "uploaded_by_id": "x", "sha256": "0" * 64, "media_type": "text/html",
    }  # fmt: skip
    where = file_xml(world.vera, packed("bicycles"))
    was = world.vera.browser.get(f"{where}/status.json").get_json()
    world.vera.post("/account/language", language="en", **foreign)
    world.vera.browser.get(where, query_string=foreign)
    assert world.vera.browser.get(f"{where}/status.json").get_json() == was
    with transaction(database, writing=False) as rows:
        vera = rows.scalars(sa.select(Membership).join(Person).where(Person.email == world.vera.email)).one()
        assert list(vera.roles) == ["trader-owner"]
    headers = bearer(key_of(database, scopes=("webhook:manage", "declaration:read")))
    for name, value in foreign.items():
        said = {"url": "https://hooks.example.com/a", "label": "A", name: value}
        answer = app.test_client().post("/api/v1/webhooks", json=said, headers=headers)
        assert answer.status_code == 400, (name, answer.text)
        assert name in answer.text


def test_x22_x8_nobodys_rules_are_run() -> None:
    """X8, X22, S-XSW: no stylesheet, Schematron, inclusion or endless tree anywhere in the code, and no signature in XML is
    read, so that none can be wrapped."""
    forbidden = re.compile(r"\.XSLT\(|etree\.Schematron|isoschematron|\.xinclude\(|ElementInclude|huge_tree=True|signxml|XMLVerifier|"
                           r"pickle\.loads|yaml\.load\(|\beval\(|\bexec\(|os\.system|shell=True")  # fmt: skip
    found = {
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if (seen := forbidden.search(line)) and not line.lstrip().startswith("#") and seen
    }
    assert found == set()
