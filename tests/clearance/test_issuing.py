"""Signing a clearance step by step: the intent first, nothing twice, nothing unsigned, and what happens without a key
(trust.md R14, R28, S-KEY)."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app import clock
from app.access import SYSTEM
from app.clearance import issuing, papering
from app.clearance.models import Clearance
from app.cli import founding
from app.database import Database, transaction
from app.documents import storage
from app.errors import Conflict, Invalid, NotFound
from app.jobs.registry import JOBS
from app.ledger.models import Entry
from app.notifications.models import Notice
from app.signing import alarms, demo, keeping, keys
from app.signing.models import SigningKey, SigningStop
from tests.clearance import parts


@pytest.fixture
def asked(app: Flask, database: Database) -> uuid.UUID:
    """A clearance that is asked for and has no paper yet."""
    with app.app_context(), transaction(database):
        declaration = parts.filed()
        return issuing.request(declaration.id, parts.first_release(declaration).id)


@pytest.fixture
def own_key(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """The application signs with a key of this test alone; returns its folder."""
    home = demo.ensure(tmp_path / "own")
    settings = app.extensions["akno.settings"]
    app.extensions["akno.settings"] = settings.model_copy(
        update={
            "signing_key_file": home / "key.pem",
            "signing_certificate_file": home / "chain.pem",
            "signing_roots_file": home / "root.pem",
        }
    )
    yield home
    app.extensions["akno.settings"] = settings
    app.extensions.pop(keys.HELD, None)


def attempt(app: Flask, database: Database, clearance: uuid.UUID, until: int | None = None) -> Any:
    """The job's own steps, each in a transaction of its own, as the worker takes them; ``until``: the first so many."""
    result: Any = clearance
    for step in JOBS[issuing.REDRAW].steps[:until]:
        with app.app_context(), transaction(database, writing=step.writing):
            result = step.function(result)
    return result


def clearance_of(database: Database, key: uuid.UUID) -> Clearance:
    with transaction(database, writing=False) as session:
        return session.get_one(Clearance, key)


def events(database: Database, *, about: str = "clearance") -> list[Entry]:
    with transaction(database, writing=False) as session:
        query = sa.select(Entry).where(Entry.subject == about).order_by(Entry.position)
        return list(session.scalars(query))


def names(database: Database, *, about: str = "clearance") -> list[str]:
    return [one.event.partition(".")[2] for one in events(database, about=about)]


def digest_of(paper: bytes) -> str:
    """What the signature of a paper is about, found out without our own code."""
    found = re.search(rb"/ByteRange \[(\d+) (\d+) +(\d+) (\d+) *\]", paper)
    assert found is not None
    _zero, before, after, rest = map(int, found.groups())
    assert after + rest == len(paper)
    return hashlib.sha256(paper[:before] + paper[after:]).hexdigest()


def test_the_intent_is_in_the_ledger_before_the_key_is_asked(app, database, asked, monkeypatch) -> None:
    """R14: seen from another connection at the moment of signing, the intent has been committed."""
    seen: list[list[str]] = []
    sign = keys.FileSigner.sign

    def watched(self: keys.FileSigner, data: bytes) -> bytes:
        seen.append([one.payload["sha256"] for one in events(database) if one.event == "clearance.signing_intended"])
        return sign(self, data)

    monkeypatch.setattr(keys.FileSigner, "sign", watched)
    attempt(app, database, asked)
    issued = clearance_of(database, asked)
    assert [len(one) for one in seen] == [1, 2], (
        "one intent for the claims, one for the paper, each before its signature"
    )
    paper = storage.store().read(issued.sha256)
    assert seen[-1][-1] == digest_of(paper)
    told = events(database)
    assert [one.event.partition(".")[2] for one in told] == [
        "requested",
        "signing_intended",
        "signing_intended",
        "issued",
    ]
    assert {one.payload["key"] for one in told[1:3]} == {issued.signed_with}
    assert issued.sha256 == hashlib.sha256(paper).hexdigest() == told[-1].payload["sha256"]


@pytest.mark.parametrize("dies_after", range(1, 6))
def test_killed_between_any_two_steps_there_is_one_clearance_in_the_end(app, database, asked, dies_after) -> None:
    """R14: whatever was done before the kill is done again; one number, one paper, and the ledger fits it."""
    number = clearance_of(database, asked).number
    attempt(app, database, asked, until=dies_after)
    assert clearance_of(database, asked).status == "requested"
    assert clearance_of(database, asked).sha256 is None, "nothing that is not issued has a paper"
    attempt(app, database, asked)
    attempt(app, database, asked)
    issued = clearance_of(database, asked)
    assert (issued.number, issued.status) == (number, "issued")
    told = events(database)
    assert [one.event for one in told].count("clearance.issued") == 1
    intents = [one.payload["sha256"] for one in told if one.event == "clearance.signing_intended"]
    assert intents[-1] == digest_of(storage.store().read(issued.sha256))


def test_two_workers_at_the_same_paper_issue_one(app, database, asked) -> None:
    first = attempt(app, database, asked, until=5)
    second = attempt(app, database, asked, until=5)
    for work in (second, first):
        with app.app_context(), transaction(database):
            papering.store(work)
    assert names(database).count("issued") == 1
    assert clearance_of(database, asked).sha256 == hashlib.sha256(second.signed).hexdigest()


def test_a_refused_insert_leaves_nothing_half(app, database, asked) -> None:
    """R14, the habit of Boulder: the database refuses exactly the entry of the intent; nothing is signed, then all is well."""
    if database.writing.dialect.name != "sqlite":
        pytest.skip("the trigger is written for SQLite")
    refuse = (
        "CREATE TRIGGER refuse BEFORE INSERT ON ledger_entries WHEN NEW.event = 'clearance.signing_intended' "
        "BEGIN SELECT RAISE(ABORT, 'refused by the test'); END"
    )
    with transaction(database) as session:
        session.execute(sa.text(refuse))
    with pytest.raises(sa.exc.DBAPIError):
        attempt(app, database, asked)
    assert names(database) == ["requested"]
    with transaction(database) as session:
        session.execute(sa.text("DROP TRIGGER refuse"))
    attempt(app, database, asked)
    assert clearance_of(database, asked).status == "issued"


# --- without a key -------------------------------------------------------------------------------------------------


def look(app: Flask) -> None:
    alarms.look(app)


def test_without_a_key_a_clearance_waits_and_is_issued_when_it_is_back(
    app, database, asked, own_key, worker, world
) -> None:
    """R28: nothing unsigned leaves; told after five minutes and once; taken up again of itself."""
    (own_key / "key.pem").rename(own_key / "away")
    with time_machine.travel(clock.now(), tick=True) as traveller:
        attempt(app, database, asked)
        waiting = clearance_of(database, asked)
        assert (waiting.status, waiting.sha256) == ("requested", None)
        assert waiting.waiting_since is not None
        assert names(database) == ["requested"]
        page = world.anna.get(f"/clearances/{asked}?lang=en")
        assert "The clearance waits for its signature since" in page.text
        assert world.anna.get(f"/clearances/{asked}/paper").status_code == 403
        health = app.test_client().get("/readyz")
        assert health.status_code == 200, "packages are taken"
        assert health.json["signing"]["works"] is False
        assert health.json["signing"]["because"] == "no-key"
        look(app)
        assert names(database, about="signing") == [], "not before five minutes"
        traveller.shift(timedelta(minutes=5, seconds=1))
        for _ in range(3):
            look(app)
        assert names(database, about="signing") == ["stopped"]
        worker.watch()
        attempt(app, database, asked)
        assert clearance_of(database, asked).status == "requested", "while it is down nobody knocks"

        (own_key / "away").rename(own_key / "key.pem")
        look(app)
        assert names(database, about="signing") == ["stopped", "resumed"]
        worker.watch()
        worker.drain()
    issued = clearance_of(database, asked)
    assert (issued.status, issued.waiting_since) == ("issued", None)
    assert "The clearance waits" not in world.anna.get(f"/clearances/{asked}").text
    assert app.test_client().get("/readyz").json["signing"]["works"] is True


def test_the_administrators_are_told(app, database, own_key, worker) -> None:
    (own_key / "key.pem").unlink()
    with time_machine.travel(clock.now(), tick=True) as traveller:
        look(app)
        traveller.shift(timedelta(minutes=6))
        look(app)
        worker.follow()
    with transaction(database, writing=False) as session:
        told = session.scalars(sa.select(Notice).where(Notice.event == "signing.stopped")).all()
    with app.app_context(), transaction(database, writing=False):
        admin = founding.actor("admin").person_id
    assert {one.person_id for one in told} == {admin}
    assert {one.path for one in told} == {"/health"}


@pytest.mark.parametrize("breaks_at", [0, 1])
def test_a_signer_that_fails_at_the_claims_or_at_the_paper_holds_it_back(
    app, database, asked, monkeypatch, breaks_at
) -> None:
    """R28: a token that is pulled out between two signatures."""
    sign, calls = keys.FileSigner.sign, []

    def fails(self: keys.FileSigner, data: bytes) -> bytes:
        calls.append(data)
        if len(calls) > breaks_at:
            raise keys.NoKey("the token is gone", "token")
        return sign(self, data)

    with monkeypatch.context() as broken:
        broken.setattr(keys.FileSigner, "sign", fails)
        attempt(app, database, asked)
        assert clearance_of(database, asked).waiting_since is not None
        with app.app_context(), transaction(database, writing=False):
            stop = alarms.find_stop()
            assert stop is not None
            assert stop.because == "token"
        look(app)
    look(app)
    attempt(app, database, asked)
    assert clearance_of(database, asked).status == "issued"


def test_after_four_hours_customs_releases_nothing_but_may_refuse_and_hold(app, database) -> None:
    """R28 (X-Road's 14,400 s): the refusal has words, and nothing is recorded."""
    with app.app_context(), transaction(database):
        declaration = parts.filed()
        for agency in (parts.VET, "BY-GGISKZR", "BY-MPR"):
            parts.decide(declaration, agency)
        key = declaration.id
        alarms.failed("token")

    def release(outcome: str) -> None:
        with app.app_context(), transaction(database) as session:
            parts.decide(session.get(type(declaration), key), parts.CUSTOMS, dict.fromkeys(range(1, 6), outcome))

    with time_machine.travel(clock.now() + timedelta(hours=3, minutes=59), tick=True) as traveller:
        with app.app_context(), transaction(database, writing=False):
            assert not alarms.cannot_clear()
        traveller.shift(timedelta(minutes=2))
        with pytest.raises(Invalid) as refused:
            release("approved")
        (fault,) = refused.value.faults
        assert fault.code == "SIGNING-DOWN"
        assert fault.field == "item-1-outcome"
        assert all(fault.message[one] and fault.remedy[one] for one in ("be", "ru", "en"))
        release("held")
        with transaction(database) as session:
            session.execute(sa.delete(SigningStop))
        release("approved")


# --- keys over the years ------------------------------------------------------------------------------------------


def test_a_key_is_entered_once_when_it_signs_first_and_stays_after_rotation(app, database, asked, own_key) -> None:
    """S-KEY: the register keeps the certificate of every key that ever signed."""
    attempt(app, database, asked)
    first = clearance_of(database, asked).signed_with
    look(app)
    assert names(database, about="signing_key") == ["key_taken"]
    demo.renew(own_key.parent)
    look(app)
    with app.app_context(), transaction(database, writing=False):
        rows, certificates = keeping.list_keys(), keeping.certificates()
        current = keys.signer().fingerprint
    assert {row.fingerprint for row in rows} == {first, current}
    assert {keys.fingerprint_of(one) for one in certificates} >= {first, current}
    assert names(database, about="signing_key") == ["key_taken", "key_taken"]


def test_the_end_of_a_key_is_announced_at_sixty_thirty_and_seven_days_once_each(app, database, own_key) -> None:
    """S-KEY."""
    demo.renew(own_key.parent, days=90)
    began = clock.now()
    told = []
    for day in (0, 29, 31, 32, 59, 61, 70, 84, 85, 86, 89):
        with time_machine.travel(began + timedelta(days=day), tick=False):
            look(app)
            told.append(names(database, about="signing_key").count("key_end_announced"))
    assert told == [0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 3]
    with time_machine.travel(began + timedelta(days=91), tick=False):
        look(app)
        with app.app_context(), transaction(database, writing=False):
            stop = alarms.find_stop()
            assert stop is not None
            assert stop.because == "ended"


def test_a_retired_key_signs_no_more(app, database, asked, own_key) -> None:
    """S-KEY: replaced or compromised, it stays in the register and nothing is signed with it."""
    look(app)
    with app.app_context(), transaction(database):
        key = keys.signer().fingerprint
        keeping.retire(key, because=keeping.REPLACED, by=SYSTEM)
    attempt(app, database, asked)
    assert clearance_of(database, asked).waiting_since is not None
    with app.app_context(), transaction(database):
        with pytest.raises(Conflict):
            keeping.retire(key, because=keeping.REPLACED, by=SYSTEM)
        with pytest.raises(NotFound):
            keeping.retire("00" * 32, because=keeping.REPLACED, by=SYSTEM)
        assert keeping.retire(key, because=keeping.COMPROMISED, by=SYSTEM).because == "compromised"
    assert names(database, about="signing_key") == ["key_taken", "key_retired", "key_retired"]
    demo.renew(own_key.parent)
    look(app)
    attempt(app, database, asked)
    assert clearance_of(database, asked).status == "issued"


def test_the_command_lists_checks_and_retires(app, database, own_key) -> None:
    run = app.test_cli_runner().invoke
    checked = run(args=["signing", "check"])
    assert checked.exit_code == 0, checked.output
    assert "no key has signed" in run(args=["signing", "keys"]).output
    look(app)
    with transaction(database, writing=False) as session:
        (key,) = session.scalars(sa.select(SigningKey.fingerprint)).all()
    assert f"{key}  until" in run(args=["signing", "keys"]).output
    assert key in run(args=["signing", "keys", "--json"]).output
    assert run(args=["signing", "retire", key, "--because", "compromised"]).exit_code == 0
    again = run(args=["signing", "retire", key, "--because", "replaced"])
    assert again.exit_code == 1
    assert "Error" in again.output
    assert "retired" in run(args=["signing", "check"]).output
    (own_key / "key.pem").chmod(0o644)
    assert "key-open-to-others" in run(args=["signing", "check"]).output
