"""Keys of software: how they look, how long they are good, how one takes the place of another, and how they end."""

from __future__ import annotations

import random
import re
import statistics
import threading
import time
import zlib
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.access import NOBODY, Actor
from app.api.models import ApiRequest
from app.cli.founding import actor
from app.database import Database, transaction
from app.errors import Conflict, Invalid, NotAllowed
from app.identity import apikeys, ending
from app.identity.models import ApiKey, Membership
from app.ledger.models import Entry
from app.notifications.models import Notice
from tests.conftest import Drain
from tests.factories.world import World
from tests.intake.arrivals import bearer, bicycles, key_of, post

NOTHING = "/api/v1/nothing"
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def made(database: Database, name: str = "vera", **more: Any) -> tuple[ApiKey, str]:
    """A key of somebody, and its text."""
    with transaction(database):
        return apikeys.create(label="Warehouse", scopes=["declaration:read"], by=actor(name), **more)


def rotated(database: Database, key: ApiKey, hours: int = 24, name: str = "vera") -> tuple[ApiKey, str]:
    """The key that takes the place of another, and its text."""
    with transaction(database) as session:
        return apikeys.rotate(session.get_one(ApiKey, key.id), overlap_hours=hours, by=actor(name))


def holder(database: Database, text: str) -> tuple[ApiKey, Actor] | None:
    """Whom a text stands for."""
    with transaction(database, writing=False):
        return apikeys.find_holder(text)


def events(database: Database, name: str) -> list[dict[str, Any]]:
    """The payloads of an event."""
    with transaction(database, writing=False) as session:
        return list(session.scalars(sa.select(Entry.payload).where(Entry.event == name).order_by(Entry.position)))


def shift(database: Database, key: ApiKey, **columns: Any) -> None:
    """Set columns of a key, as time would."""
    with transaction(database) as session:
        for name, value in columns.items():
            setattr(session.get_one(ApiKey, key.id), name, value)


# --- how it looks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("test", "word"), [(False, "live"), (True, "test")])
def test_a_key_can_be_told_from_what_only_looks_like_one(app: Flask, database: Database, test: bool, word: str) -> None:
    key, text = made(database, test=test)
    assert re.fullmatch(apikeys.PATTERN, text)
    assert text.startswith(f"akno_{word}_{key.prefix}_")
    # Written once more from the words on the page: CRC-32 of all before the last six signs, in base 62.
    number = 0
    for sign in text[-6:]:
        number = number * 62 + SIGNS.index(sign)
    assert number == zlib.crc32(text[:-6].encode())
    assert holder(database, text) is not None
    assert text not in str(key.__dict__)
    assert text.rpartition("_")[2] not in str(key.__dict__)


def test_a_slip_of_the_pen_is_seen_without_asking_the_database(app: Flask, database: Database) -> None:
    _key, text = made(database)
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    wrong = text[:-8] + ("0" if text[-8] != "0" else "1") + text[-7:]
    with transaction(database, writing=False) as session:
        session.execute(sa.text("SELECT 1"))
        sa.event.listen(database.reading, "before_cursor_execute", hear)
        assert apikeys.recognise(wrong) is None
        assert said == []
        assert apikeys.recognise(text) is not None
        assert len(said) == 1, "a key that may be one is looked up in one statement"
        sa.event.remove(database.reading, "before_cursor_execute", hear)


@pytest.mark.pure
@given(st.text(max_size=90) | st.from_regex(apikeys.PATTERN, fullmatch=True))
def test_a_checksum_is_not_hit_by_chance(text: str) -> None:
    summed = apikeys._is_summed(text)
    assert not summed or apikeys._sum(text[:-6]) == text[-6:]


def test_a_key_of_the_older_form_keeps_working(app: Flask, database: Database) -> None:
    key, _text = made(database)
    older = "q" * 20 + "-_" + "Z" * 21
    shift(database, key, secret_hash=apikeys._hash(older))
    found = holder(database, f"akno_{key.prefix}_{older}")
    assert found is not None
    assert found[0].id == key.id
    assert app.test_client().get(NOTHING, headers=bearer(f"akno_{key.prefix}_{older}")).status_code == 404


def test_one_wrong_sign_anywhere_opens_nothing(app: Flask, database: Database) -> None:
    _key, text = made(database)
    for at in range(len(text)):
        assert holder(database, text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]) is None


@pytest.mark.pure
def test_the_time_of_a_refusal_does_not_tell_how_much_was_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """S-TIME: 10 000 comparisons, the first sign right or wrong, in random order; the means differ by no more than chance
    (p > 0.01). A busy machine may see a difference that is not there, so one quiet round of five is enough."""
    real = "Q" * 43
    key = ApiKey(prefix="0123456789", secret_hash=apikeys._hash(real), scopes=[])
    monkeypatch.setattr(apikeys, "_find", lambda _prefix: (key, None, True))
    right, wrong = "akno_0123456789_Q" + "x" * 42, "akno_0123456789_y" + "x" * 42
    assert any(_difference(right, wrong, 10_000) < 2.576 for _ in range(5))


def _difference(one: str, other: str, samples: int) -> float:
    """Welch's t of the two times, the slowest tenth of each (the machine's own business) left out."""
    times: dict[str, list[int]] = {one: [], other: []}
    order = [one, other] * (samples // 2)
    random.Random(samples).shuffle(order)
    for text in order:
        begun = time.perf_counter_ns()
        assert apikeys.recognise(text) is None
        times[text].append(time.perf_counter_ns() - begun)
    kept = [sorted(some)[: len(some) * 9 // 10] for some in times.values()]
    means, spread = [statistics.fmean(some) for some in kept], [statistics.variance(some) / len(some) for some in kept]
    return float(abs(means[0] - means[1]) / (spread[0] + spread[1]) ** 0.5)


# --- how long it is good ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", apikeys.DAYS)
def test_a_key_is_good_for_the_days_that_were_chosen(app: Flask, database: Database, days: int) -> None:
    key, text = made(database, days=days)
    assert key.expires_at == key.created_at + timedelta(days=days)
    assert holder(database, text) is not None
    shift(database, key, expires_at=clock.now())
    assert holder(database, text) is None


@pytest.mark.parametrize("days", [0, -1, 31, 366, 10**9])
def test_other_times_are_not_offered(app: Flask, database: Database, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        made(database, days=days)
    assert [fault.code for fault in refused.value.faults] == ["DAYS-UNFIT"]


# --- rotation ------------------------------------------------------------------------------------------------------------


def test_both_keys_open_the_door_until_the_overlap_ends(app: Flask, database: Database) -> None:
    older, old_text = made(database)
    newer, new_text = rotated(database, older, 24)
    assert newer.scopes == older.scopes
    assert newer.successor_of_id == older.id
    assert newer.label == older.label
    for text in (old_text, new_text):
        assert app.test_client().get(NOTHING, headers=bearer(text)).status_code == 404
    with transaction(database, writing=False) as session:
        end = session.get_one(ApiKey, older.id).expires_at
    assert end is not None
    assert timedelta(hours=23, minutes=59) < end - clock.now() <= timedelta(hours=24)
    shift(database, older, expires_at=clock.now())
    assert app.test_client().get(NOTHING, headers=bearer(old_text)).status_code == 401
    assert app.test_client().get(NOTHING, headers=bearer(new_text)).status_code == 404
    (said,) = events(database, "key.rotated")
    assert (said["prefix"], said["successor"]) == (older.prefix, newer.prefix)


def test_the_overlap_makes_no_key_live_longer(app: Flask, database: Database) -> None:
    key, _text = made(database)
    soon = clock.now() + timedelta(hours=2)
    shift(database, key, expires_at=soon)
    rotated(database, key, 168)
    with transaction(database, writing=False) as session:
        assert session.get_one(ApiKey, key.id).expires_at == soon


def test_what_has_ended_or_was_rotated_is_not_rotated(app: Flask, database: Database) -> None:
    key, _text = made(database)
    newer, _text = rotated(database, key)
    with pytest.raises(Conflict):
        rotated(database, key)
    rotated(database, newer)
    ended, _text = made(database)
    shift(database, ended, expires_at=clock.now())
    with pytest.raises(Conflict):
        rotated(database, ended)
    with pytest.raises(Invalid):
        rotated(database, made(database)[0], hours=2)


def test_nobody_gets_rights_by_rotating(app: Flask, database: Database) -> None:
    """The new key stands for who made it, with rights that she has herself."""
    key, _text = made(database, "anna")
    with transaction(database) as session:
        owner = actor("anna")
        with pytest.raises(NotAllowed):
            apikeys.rotate(session.get_one(ApiKey, key.id), overlap_hours=1, by=NOBODY)
        session.get_one(ApiKey, key.id).scopes = ["review:decide"]
        session.flush()
        with pytest.raises(NotAllowed):
            apikeys.rotate(session.get_one(ApiKey, key.id), overlap_hours=1, by=owner)


def test_two_who_rotate_at_once_make_one_key(app: Flask, database: Database) -> None:
    key, _text = made(database)
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        try:
            with app.app_context():
                rotated(database, key)
            outcomes.append("made")
        except Conflict:
            outcomes.append("refused")

    _together([threading.Thread(target=work) for _ in range(8)])
    assert Counter(outcomes) == {"made": 1, "refused": 7}


# --- the end -------------------------------------------------------------------------------------------------------------


def test_a_key_that_is_revoked_while_it_is_used_is_dead_at_once(app: Flask, database: Database) -> None:
    """A hundred requests, and in their midst the revocation: whatever began after it is refused; nothing is lost."""
    key, text = made(database)
    begun: list[tuple[float, int]] = []
    revoked: list[float] = []
    start = threading.Barrier(21)

    def use() -> None:
        browser = app.test_client()
        start.wait()
        for _ in range(5):
            moment = time.monotonic()
            begun.append((moment, browser.get(NOTHING, headers=bearer(text)).status_code))

    def revoke() -> None:
        start.wait()
        time.sleep(0.1)
        with app.app_context(), transaction(database) as session:
            apikeys.revoke(session.get_one(ApiKey, key.id), by=actor("vera"))
        revoked.append(time.monotonic())

    _together([*(threading.Thread(target=use) for _ in range(20)), threading.Thread(target=revoke)])
    assert len(begun) == 100
    assert {status for moment, status in begun if moment > revoked[0]} <= {401}
    assert app.test_client().get(NOTHING, headers=bearer(text)).status_code == 401
    counts = Counter(status for _moment, status in begun) + Counter([401])
    assert set(counts) <= {401, 404}
    with transaction(database, writing=False) as session:
        assert Counter(session.scalars(sa.select(ApiRequest.status).where(ApiRequest.key_id == key.id))) == counts


def _together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_revoking_twice_is_one_event(app: Flask, database: Database) -> None:
    key, _text = made(database)
    for _ in range(2):
        with transaction(database) as session:
            apikeys.revoke(session.get_one(ApiKey, key.id), by=actor("vera"))
    assert len(events(database, "key.revoked")) == 1


# --- rights -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", [*apikeys.SCOPES, ""])
def test_a_key_does_at_each_operation_what_its_scopes_say(app: Flask, database: Database, scope: str) -> None:
    """Every operation without an object: refused exactly when the policy refuses the narrowed rights."""
    rights = [right.value for right in apikeys.SCOPES[scope]] if scope else ["mandate:grant"]
    with transaction(database):
        # Who reports from the road is no trader.
        text = apikeys.create(label="L", scopes=rights, by=actor("stas" if scope == "movement" else "anna"))[1]
    found = holder(database, text)
    assert found is not None
    asked = 0
    for rule in app.url_map.iter_rules():
        policy = getattr(app.view_functions[rule.endpoint], "guarded_by", "public")
        if not rule.rule.startswith("/api/v1/") or rule.arguments or policy == "public":
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = app.test_client().open(rule.rule, method=method, headers=bearer(text, Idempotency_Key=rule.rule))
            with transaction(database, writing=False):
                allowed = bool(policy(found[1], None))
            assert (answer.status_code == 403) <= (not allowed), (method, rule.rule, answer.text)
            assert allowed or answer.status_code in (400, 403), (method, rule.rule, answer.text)
            asked += 1
    assert asked


# --- pages --------------------------------------------------------------------------------------------------------------------


def test_the_pages_of_a_key(app: Flask, world: World, database: Database) -> None:
    vera = world.vera
    vera.get("/account/keys")
    page = vera.submit("/account/keys", label="Warehouse <b>", scopes="read", days="90").text
    found = re.search(apikeys.PATTERN, page)
    assert found
    text = found[0]
    with transaction(database, writing=False) as session:
        key = session.scalars(sa.select(ApiKey)).one()
    path = f"/account/keys/{key.id}"
    for address in ("/account/keys", path):
        shown = vera.get(address).text
        assert text not in shown
        assert key.prefix in shown
        assert "<b>" not in shown
    answer = vera.submit(f"{path}/rotate", overlap="72", days="30")
    newer = re.search(apikeys.PATTERN, answer.text)
    assert newer
    assert newer[0] != text
    assert vera.post(f"{path}/rotate", overlap="72", days="30").status_code == 409
    assert "/rotate" not in vera.get(path).text
    vera.get(path)
    assert vera.post(f"{path}/revoke").status_code == 303
    assert vera.post(f"{path}/rotate", overlap="72", days="30").status_code == 409
    assert app.test_client().get(NOTHING, headers=bearer(text)).status_code == 401
    assert app.test_client().get(NOTHING, headers=bearer(newer[0])).status_code == 404


@pytest.mark.parametrize(
    ("form", "field"),
    [({"label": ""}, "label"), ({"scopes": ""}, "scopes"), ({"days": "31"}, "days"), ({"days": "²"}, "days"), ({"days": "9" * 50}, "days")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    app: Flask, world: World, database: Database, form: dict[str, str], field: str
) -> None:
    world.vera.get("/account/keys")
    answer = world.vera.submit("/account/keys", **({"label": "My label", "scopes": "read", "days": "90"} | form))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert field == "label" or 'value="My label"' in answer.text
    with transaction(database, writing=False) as session:
        assert session.scalars(sa.select(ApiKey)).all() == []


def test_an_overlap_that_nobody_offered(world: World, database: Database) -> None:
    key, _text = made(database)
    path = f"/account/keys/{key.id}"
    world.vera.get(path)
    answer = world.vera.submit(f"{path}/rotate", overlap="5000", days="30")
    assert answer.status_code == 422
    assert 'id="overlap-error"' in answer.text
    assert world.anna.get(path).status_code == 404
    assert world.anna.post(f"{path}/rotate", overlap="24", days="30").status_code == 404


def test_last_use_is_shown(app: Flask, world: World, database: Database) -> None:
    xml, text = bicycles(database, app), key_of(database)
    with transaction(database, writing=False) as session:
        key = session.scalars(sa.select(ApiKey)).one()
    world.vera.sign_in().get("/account?lang=en")
    assert "never used" in world.vera.get(f"/account/keys/{key.id}").text
    post(app, text, xml, Idempotency_Key="1")
    assert "never used" not in world.vera.get(f"/account/keys/{key.id}").text
    assert "never used" not in world.vera.get("/account/keys").text


# --- what is told before the end ------------------------------------------------------------------------------------------------


def test_a_house_is_told_fourteen_and_three_days_before(app: Flask, database: Database, worker: Drain) -> None:
    key, _text = made(database)
    told = []
    for left in (15, 14, 13, 3, 2):
        shift(database, key, expires_at=clock.now() + timedelta(days=left, seconds=-1 if left != 15 else 0))
        for _ in range(2):
            worker.watch()
        told.append([one["days"] for one in events(database, "key.end_announced")])
    assert told == [[], [14], [14], [14, 3], [14, 3]]
    worker.follow()
    with transaction(database, writing=False) as session:
        house = session.get_one(Membership, key.membership_id).organisation_id
        notices = session.scalars(sa.select(Notice)).all()
    assert {(one.organisation_id, one.path, one.mail) for one in notices} == {(house, f"/account/keys/{key.id}", "now")}
    assert len(notices) == 2


def test_of_what_is_over_or_has_a_successor_nothing_is_told(app: Flask, database: Database, worker: Drain) -> None:
    ended, gone, replaced = (made(database)[0] for _ in range(3))
    rotated(database, replaced, 72)
    with transaction(database) as session:
        apikeys.revoke(session.get_one(ApiKey, gone.id), by=actor("vera"))
    shift(database, ended, expires_at=clock.now())
    shift(database, gone, expires_at=clock.now() + timedelta(days=1))
    worker.watch()
    assert events(database, "key.end_announced") == []


def test_two_workers_tell_once(app: Flask, database: Database) -> None:
    key, _text = made(database)
    shift(database, key, expires_at=clock.now() + timedelta(days=2))
    with transaction(database, writing=False):
        keys = list(ending.list_ending())
    for _ in range(2):
        for one in keys:
            with transaction(database):
                ending.tell(one)
    assert [one["days"] for one in events(database, "key.end_announced")] == [3]
