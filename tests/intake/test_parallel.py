"""Many at the door in the same moment, and failures in the middle: exactly one package, numbers without gaps."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import Database, transaction
from app.declarations.models import Declaration
from app.intake import receipts, submission
from app.intake.models import Receipt
from app.requirements.compiling import packaged_edition
from tests.factories.world import World
from tests.intake.arrivals import bicycles, counted, grown, key_of, post, relabelled
from tests.journeys.roads import file_bytes, packed, state

CROWD = 6


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Let all calls begin in the same moment; return their answers in order."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as crowd:
        return list(crowd.map(run, calls))


def numbers(database: Database) -> list[str]:
    """Every registration number, in order."""
    with transaction(database, writing=False) as session:
        return list(
            session.scalars(
                sa.select(Declaration.number).where(Declaration.number.is_not(None)).order_by(Declaration.number)
            )
        )


def serials(database: Database) -> list[int]:
    """The serials of the registration numbers of one office and day."""
    return [int(number.rpartition("/")[2]) for number in numbers(database)]


def test_the_same_package_from_many_sides_is_one_package(app: Flask, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    answers = at_once([lambda: post(app, key, xml) for _ in range(CROWD)])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (CROWD - 1)
    assert len({answer.get_json()["number"] for answer in answers}) == 1
    assert len({answer.get_json()["receipt"] for answer in answers}) == 1
    assert serials(database) == [1]


def test_the_same_bytes_that_were_refused_before_are_one_package(app: Flask, database: Database) -> None:
    """The bytes are in the store already, so nothing but our own turns keeps them apart."""
    xml, key = packed("bicycles").xml, key_of(database)
    refused = xml.replace(b"<TypeCode>IM</TypeCode>", b"<TypeCode>QQ</TypeCode>")
    assert post(app, key, refused).status_code == 422
    bicycles(database, app)
    different = [xml + b"\n" * n for n in range(CROWD)]
    answers = at_once([lambda body=body: post(app, key, body) for body in different])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (CROWD - 1)
    assert serials(database) == [1]


def test_one_reference_with_different_content_is_registered_once(app: Flask, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    different = [xml.replace(b"<Description>", b"<Description>%d " % n) for n in range(CROWD)]
    assert len(set(different)) == CROWD
    answers = at_once([lambda body=body: post(app, key, body) for body in different])
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * (CROWD - 1)
    codes = {error["code"] for answer in answers if answer.status_code == 422 for error in answer.get_json()["errors"]}
    assert codes == {"LRN-USED"}
    assert serials(database) == [1]


def test_equal_content_under_many_references_is_registered_once(app: Flask, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    bodies = [relabelled(xml, f"EQUAL-{n}") for n in range(CROWD)]
    answers = at_once([lambda body=body: post(app, key, body) for body in bodies])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (CROWD - 1)
    assert serials(database) == [1]


def test_one_idempotency_key_many_times_is_one_receipt(app: Flask, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    post(app, key, b"x")
    answers = at_once([lambda: post(app, key, b"x", Idempotency_Key="k-1") for _ in range(CROWD)])
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.get_json()["receipt"] for answer in answers}) == 1
    answers = at_once([lambda: post(app, key, xml, Idempotency_Key="k-2") for _ in range(CROWD)])
    assert [answer.status_code for answer in answers] == [201] * CROWD
    assert len({answer.data for answer in answers}) == 1
    assert [a.headers.get("Idempotent-Replayed") for a in answers].count("true") == CROWD - 1


def test_numbers_rise_without_gaps_though_every_fifth_filing_breaks(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    xml, key = bicycles(database, app), key_of(database)
    honest, turn, lock = receipts.write, iter(range(1_000)), threading.Lock()

    def breaks_now_and_then(**keywords: Any) -> Any:
        with lock:
            number = next(turn)
        if keywords["outcome"] == "registered" and number % 5 == 4:
            raise RuntimeError("a forced failure behind the counter")
        return honest(**keywords)

    monkeypatch.setattr(submission.receipts, "write", breaks_now_and_then)
    bodies = [relabelled(xml, f"GAP-{n}").replace(b"<Description>", b"<Description>%d " % n) for n in range(20)]
    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(lambda body: post(app, key, body).status_code, bodies))
    assert answers.count(500) == 4
    assert answers.count(201) == 16
    assert serials(database) == list(range(1, 17))
    assert [
        status for status in (post(app, key, body).status_code for body in bodies) if status not in (201, 409, 500)
    ] == []


def test_every_office_counts_for_itself(app: Flask, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    office = sorted(_offices(app) - {"06533"})[0]
    other = relabelled(xml, "OTHER-OFFICE").replace(
        b"<DeclarationOfficeID>06533<", f"<DeclarationOfficeID>{office}<".encode()
    )
    first = post(app, key, xml).get_json()
    second = post(app, key, other)
    assert second.status_code == 201, second.text
    found = [first["number"], second.get_json()["number"]]
    assert [number.rpartition("/")[2] for number in found] == ["0000001", "0000001"]
    assert len({number.partition("/")[0] for number in found}) == 2


def _offices(app: Flask) -> set[str]:
    return set(packaged_edition().offices)


STEPS = (
    "app.intake.submission.record_all", "app.intake.submission.routing.open_reviews",
    "app.intake.submission.versions.file_version", "app.intake.submission.receipts.write",
    "app.intake.submission.next_registration_number", "app.intake.submission._attach",
)  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("door", ["api", "page"])
def test_a_failure_in_the_middle_leaves_nothing_half_done(
    app: Flask, world: World, database: Database, monkeypatch: pytest.MonkeyPatch, step: str, door: str
) -> None:
    xml, key = bicycles(database, app), key_of(database)
    world.vera.get("/file")
    before = counted(database)
    with monkeypatch.context() as broken:
        broken.setattr(step, _raise)
        if door == "api":
            answer = post(app, key, xml, Idempotency_Key="k")
            assert answer.mimetype == "application/problem+json"
        else:
            answer = world.vera.post("/file", package=(io.BytesIO(xml), "a.xml"))
        assert answer.status_code == 500
    assert grown(before, counted(database)) == {}
    again = post(app, key, xml, Idempotency_Key="k")
    assert again.status_code == 201
    assert again.get_json()["number"].endswith("/0000001")


def _raise(*_arguments: Any, **_keywords: Any) -> Any:
    raise RuntimeError("a forced failure in the middle")


def test_a_draft_sent_twice_in_one_moment_is_one_package(app: Flask, world: World, database: Database) -> None:
    xml = bicycles(database, app)
    broken = xml.replace(b"<TypeCode>IM</TypeCode>", b"<TypeCode>QQ</TypeCode>")
    where = file_bytes(world.vera, broken, "a.xml")
    world.vera.get(where)
    draft = world.vera.submit("/open", follow=False).headers["Location"]
    _mend(database, xml)
    world.vera.get("/account")
    token = world.vera.token()
    cookies = [(c.key, c.value) for c in world.vera.browser._cookies.values()]  # type: ignore[union-attr]

    def send() -> Any:
        browser = app.test_client()
        for name, value in cookies:
            browser.set_cookie(name, value or "")
        return browser.post(f"{draft}/send", data={"csrf_token": token})

    answers = at_once([send] * 4)
    assert {answer.status_code for answer in answers} == {303}
    assert {answer.headers["Location"] for answer in answers} == {draft}
    assert state(world.vera, draft)["status"] == "under-review"
    assert serials(database) == [1]
    with transaction(database, writing=False) as session:
        kept = session.scalars(sa.select(Receipt.outcome)).all()
    assert sorted(kept) == ["refused", "registered"]


def _mend(database: Database, xml: bytes) -> None:
    """What the form would write."""
    with transaction(database) as session:
        draft = session.scalars(sa.select(Declaration)).one()
        draft.draft_xml = xml
        draft.direction = "import"
