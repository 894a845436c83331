"""Every route for everybody: access.csv says what each role gets, each line of it was read by a person.

Nothing a cell does is kept (every transaction is undone), so all cells see the same scene. What a refusal would have
kept is looked at in each cell: nothing. Rewrite on purpose (twice where a room is new):
``AKNO_REWRITE_ACCESS=1 pytest -n0 tests/architecture/test_access.py``.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from app.access import ROLES as ACCESS_ROLES
from app.cli.country import PEOPLE as COUNTRY
from tests.architecture.access import NOTHING, PEOPLE, ROLES, sent_to
from tests.architecture.conftest import Stage
from tests.architecture.paths import routes_of, url_of

TABLE = Path(__file__).with_name("access.csv")
REWRITE = bool(os.environ.get("AKNO_REWRITE_ACCESS"))
KEEPS = {("POST", "api_declarations.file_declaration", 422)}
"""The one refusal here whose transaction is kept: a refused filing leaves its receipt."""


def _read() -> dict[tuple[str, str, str], dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["method"], row["route"], row["on"]): row for row in csv.DictReader(file)}


def _write(rows: list[dict[str, str]]) -> None:
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["method", "route", "on", *ROLES], lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: (row["route"], row["method"], row["on"])))


def _room(rule: str) -> str:
    """The first word of an address (of the API: its resource): the matrix is walked room by room, so that no test takes
    minutes."""
    parts = rule.split("/")
    return "-".join([parts[1].split(".")[0], *parts[3:4]]) if parts[1] == "api" else parts[1].split(".")[0]


ROOMS = sorted({_room(route) for _method, route, _on in _read()})


@pytest.mark.parametrize("room", ROOMS)
def test_every_cell_is_as_the_table_says(stage: Stage, room: str) -> None:
    rows, wrong, kept = [], [], []
    expected = _read()
    for method, rule, endpoint, variant in routes_of(stage.app):
        if _room(rule) != room:
            continue
        url = url_of(stage, rule, endpoint, variant)
        row = {"method": method, "route": rule, "on": variant}
        for role in ROLES:
            status = stage.ask(role, method, url, sent_to(endpoint, variant, stage.scene))
            row[role] = str(status)
            told = expected.get((method, rule, variant), {}).get(role, "nothing")
            if told != row[role]:
                wrong.append(f"{method} {rule} [{variant}] as {role}: {status}, the table says {told}")
            if status >= 400 and any(stage.kept) and (method, endpoint, status) not in KEEPS:
                kept.append(f"{method} {rule} [{variant}] as {role}: {status}, and something is kept")
        rows.append(row)
    assert kept == []
    if REWRITE:
        _write([one for key, one in expected.items() if _room(key[1]) != room] + rows)
        return
    assert wrong == []


def test_every_route_is_in_the_table(stage: Stage) -> None:
    there = {(method, rule, variant) for method, rule, _endpoint, variant in routes_of(stage.app)}
    if REWRITE:
        made = [
            {"method": one[0], "route": one[1], "on": one[2]} | dict.fromkeys(ROLES, "") for one in there - set(_read())
        ]
        _write([row for key, row in _read().items() if key in there] + made)
    assert set(_read()) == there


def test_nested_ids_are_looked_at_as_a_pair(stage: Stage) -> None:
    """A file of another package, under a package or case of one's own, is not there: not even for who may read both."""
    ids = stage.scene.ids
    foreign, own = ids["foreign"]["attachment"], ids["attachment_id"]["filed"]
    package, case = f"/packages/{ids['declaration_id']['filed']}", f"/cases/{ids['review_id']['vet']}"
    for role, place in (("owner", package), ("auditor", package), ("vet", case), ("auditor", case)):
        assert stage.ask(role, "GET", f"{place}/files/{own}", {}) == 200, (role, place)
        assert stage.ask(role, "GET", f"{place}/files/{foreign}", {}) == 404, (role, place)


def test_a_stranger_sees_the_same_page_as_for_nothing_at_all(stage: Stage) -> None:
    """Foreign and missing look alike, byte for byte, in every room that has ids (trust.md S-IDOR)."""
    ids = stage.scene.ids
    webhook = f"/account/webhooks/{ids['endpoint_id']['']}"
    for role, path in (
        ("other-trader", f"/account/keys/{ids['key_id']['']}"),
        ("broker", f"/account/keys/{ids['key_id']['']}/requests"),
        ("other-trader", f"/account/test-keys/{ids['key_id']['']}/requests"),
        ("broker", webhook),
        ("former-broker", f"{webhook}/change"),
        ("other-trader", f"{webhook}/deliveries/{ids['delivery_id']['']}"),
        ("clerk", webhook),
        ("other-trader", f"/rulings/{ids['ruling_id']['']}"),
        ("former-broker", f"/rulings/{ids['ruling_id']['']}"),
        ("vet-chief", f"/rulings/{ids['ruling_id']['']}"),
        ("other-trader", f"/accreditation/{ids['accreditation_id']['granted']}"),
        ("nature", f"/accreditation/{ids['accreditation_id']['granted']}"),
        ("customs", f"/accreditation/{ids['accreditation_id']['draft']}"),
        ("other-trader", f"/packages/{ids['declaration_id']['filed']}"),
        ("other-trader", f"/receipts/{ids['receipt_id']['filed']}"),
        ("other-trader", f"/documents/{ids['document_id']['']}/file"),
        ("other-trader", f"/clearances/{ids['clearance_id']['issued']}"),
        ("other-trader", f"/people/{ids['person_id']['']}"),
        ("other-trader", f"/organisations/{ids['organisation_id']['']}"),
        ("plants", f"/cases/{ids['review_id']['vet']}"),
    ):
        nothing = "/".join(NOTHING if len(part) == len(NOTHING) else part for part in path.split("/"))
        assert stage.page(role, path) == stage.page(role, nothing), path


def test_a_key_of_another_house_hears_the_same_as_for_nothing_at_all(stage: Stage) -> None:
    """Whatever is behind an id of the API: the stranger's key, which may do everything, gets what a missing id gets."""
    asked = 0
    for method, rule, endpoint, variant in routes_of(stage.app):
        if not rule.startswith("/api/v1/") or "<uuid:" not in rule:
            continue
        url = url_of(stage, rule, endpoint, variant)
        nothing = "/".join(NOTHING if len(part) == len(NOTHING) else part for part in url.split("/"))
        sent = sent_to(endpoint, variant, stage.scene)
        told = [stage.send("key-stranger", method, one, sent) for one in (url, nothing)]
        assert [one.status_code for one in told] == [404, 404], (method, url)
        assert _plain(told[0].get_json()) == _plain(told[1].get_json()), (method, url)
        asked += 1
    assert asked > 40


def _plain(problem: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in problem.items() if name not in ("request_id", "instance")}


def test_every_role_of_the_code_sits_in_a_column() -> None:
    held = {role for who in COUNTRY if who.email in PEOPLE.values() for role in who.roles} | {"trader-reader"}
    assert held == set(ACCESS_ROLES)
