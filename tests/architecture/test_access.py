"""Every route for everybody: access.csv says what each role gets, each line of it was read by a person.

Nothing a cell does is kept (every transaction is undone), so all cells see the same scene. What a refusal would have
kept is looked at in each cell: nothing. Rewrite on purpose: ``AKNO_REWRITE_ACCESS=1 pytest tests/architecture/test_access.py``.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import database as transactions
from app.access import ROLES as ACCESS_ROLES
from app.cli.country import PEOPLE as COUNTRY
from tests.architecture.access import NOTHING, PEOPLE, ROLES, Scene, form_of, prepare
from tests.architecture.scene import YARD
from tests.conftest import Place
from tests.factories.world import World

TABLE = Path(__file__).with_name("access.csv")
REWRITE = bool(os.environ.get("AKNO_REWRITE_ACCESS"))
VARIANTS = {
    "declaration_id": ("draft", "filed"), "review_id": ("vet", "customs"), "receipt_id": ("filed", "refused"),
    "inspection_id": ("waiting", "agreed"), "clearance_id": ("issued", "revocation asked"), "filter_id": ("own", "shared"),
}  # fmt: skip
OWN_VARIANTS = {
    "identity.person_disable": ("", "self"),
    "deciding.propose": ("four-eyes", "vet"), "deciding.countersign": ("proposed",), "deciding.send_back": ("proposed",),
    "deciding.override": ("proposed",), "deciding.override_form": ("proposed",), "deciding.undo": ("proposed", "held"),
    "deciding.sign": ("held", "proposed"), "deciding.reopen": ("decided",),
    "asking.thread": ("asked", "asked by vet"), "asking.file": ("asked", "asked by vet"),
    "asking.follow_up": ("asked", "asked by vet"), "asking.settle": ("asked", "asked by vet"),
    "asking.withdraw": ("asked", "asked by vet"),
    "answering.question": ("asked", "by broker"), "answering.answer": ("asked", "by broker"), "answering.file": ("asked",),
    "amending.change": ("draft", "filed", "changed", "by broker"), "changes.show": ("amended",),
    "amending.begin": ("draft", "filed", "changed", "by broker"), "amending.differences": ("filed", "amended"),
    "declarations.show": ("draft", "filed", "by broker"),
    "amending.bring": ("filed", "changed"), "amending.preview": ("filed", "changed"),
    "amending.send": ("filed", "changed"), "amending.drop": ("filed", "changed"),
}  # fmt: skip
"""Where a route needs a case in a state of its own, or the variants of its id say nothing."""
WAITING = {("asking.withdraw", "asked"), ("asking.withdraw", "asked by vet"), ("answering.answer", "asked")}
"""Here question 2 is meant, which waits; everywhere else question 1, which is answered (of the broker's package: waits)."""
OTHERS = {
    "kind": "json", "code": "NOTHING", "token": "x", "key": "nothing", "filename": "nothing", "section": "parties",
    "number": 1, "item": 0, "place": 1,
}  # fmt: skip
CHANGING = re.compile(r'value="[^"]+"|[0-9a-f-]{36}')
KEEPS = {("POST", "api.file_declaration", 422)}
"""The one refusal here whose transaction is kept: a refused filing leaves its receipt."""


class Stage:
    """The scene, a cookie or key for each column, and what the last request would have kept."""

    def __init__(self, app: Flask, scene: Scene, cookies: dict[str, str]) -> None:
        self.app, self.scene, self.cookies = app, scene, cookies
        self.browser = app.test_client(use_cookies=False)
        self.kept: list[bool] = []

    def ask(self, role: str, method: str, url: str, form: dict[str, Any]) -> int:
        """Send one request as one role; returns the status."""
        self.kept.clear()
        headers = {"Authorization": f"Bearer {self.scene.keys[role]}"} if role in self.scene.keys else {}
        headers |= {"Cookie": self.cookies[role]} if role in self.cookies else {}
        fields = {"data": form, "content_type": "multipart/form-data"} if method == "POST" and form else {}
        return self.browser.open(url, method=method, headers=headers, **fields).status_code

    def page(self, role: str, url: str) -> str:
        """The page a role gets, without what differs between two loads of one page."""
        answer = self.browser.get(url, headers={"Cookie": self.cookies[role]})
        return f"{answer.status_code} {CHANGING.sub('', answer.text)}"


@pytest.fixture(scope="module")
def stage(one_app: Flask, place: Place, prepared: World) -> Iterator[Stage]:
    engines, jobs = one_app.extensions["akno.database"], one_app.extensions["akno.jobs"]
    engines.dispose()
    place.copy("prepared", "current")
    jobs.forget_client()
    patch = pytest.MonkeyPatch()
    patch.setitem(one_app.config, "WTF_CSRF_ENABLED", False)
    made = Stage(one_app, *prepare(one_app))
    close = transactions.close_session

    def undo(*, keep: bool) -> None:
        current = transactions._current.get()
        made.kept.append(keep and current is not None and current.get_bind() is engines.writing)
        close(keep=False)

    patch.setattr(transactions, "close_session", undo)
    yield made
    patch.undo()


def _routes(app: Flask) -> list[tuple[str, str, str, str]]:
    """Method, rule, endpoint, variant: one line of the table each."""
    found = []
    for rule in app.url_map.iter_rules():
        variants = next((VARIANTS[name] for name in VARIANTS if name in rule.arguments), ("",))
        variants = OWN_VARIANTS.get(rule.endpoint, variants)
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            found += [(method, rule.rule, rule.endpoint, variant) for variant in variants]
    return sorted(found, key=lambda row: (row[1], row[0], row[3]))


def _read() -> dict[tuple[str, str, str], dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["method"], row["route"], row["on"]): row for row in csv.DictReader(file)}


def _url(stage: Stage, rule: str, endpoint: str, variant: str) -> str:
    values: dict[str, Any] = {}
    for name in next(one for one in stage.app.url_map.iter_rules(endpoint) if one.rule == rule).arguments:
        ids = stage.scene.ids.get(name, {})
        values[name] = ids.get(variant, ids.get("", OTHERS.get(name)))
    if endpoint == "identity.wear":
        values["membership_id"] = stage.scene.ids["membership_id"]["own"]
    if endpoint in ("reviews.file", "viewer.view", "viewer.page"):
        values["attachment_id"] = stage.scene.ids["attachment_id"]["filed"]
    if (endpoint, variant) in WAITING:
        values["number"] = 2
    if endpoint == "inspections.place":
        values["code"] = YARD
    return stage.app.url_map.bind("localhost").build(endpoint, values)


def test_every_cell_is_as_the_table_says(stage: Stage) -> None:
    rows, wrong, kept = [], [], []
    expected = {} if REWRITE else _read()
    for method, rule, endpoint, variant in _routes(stage.app):
        url = _url(stage, rule, endpoint, variant)
        row = {"method": method, "route": rule, "on": variant}
        for role in ROLES:
            status = stage.ask(role, method, url, form_of(endpoint, variant, stage.scene))
            row[role] = str(status)
            told = expected.get((method, rule, variant), {}).get(role, "nothing")
            if told != row[role]:
                wrong.append(f"{method} {rule} [{variant}] as {role}: {status}, the table says {told}")
            if status >= 400 and any(stage.kept) and (method, endpoint, status) not in KEEPS:
                kept.append(f"{method} {rule} [{variant}] as {role}: {status}, and something is kept")
        rows.append(row)
    if REWRITE:
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return
    assert kept == []
    assert wrong == []
    assert set(expected) == {(row["method"], row["route"], row["on"]) for row in rows}


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
    for role, path in (
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


def test_every_role_of_the_code_sits_in_a_column() -> None:
    held = {role for who in COUNTRY if who.email in PEOPLE.values() for role in who.roles} | {"trader-reader"}
    assert held == set(ACCESS_ROLES)
