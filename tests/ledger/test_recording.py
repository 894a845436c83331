"""A leaf is canonical, hashed and holds codes only; what is outside the catalogue is refused."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from app.access import SYSTEM
from app.cli.founding import actor
from app.database import Database, transaction
from app.ledger import finders, recording
from app.ledger.events import EVENTS
from app.ledger.models import Entry

ID = uuid.UUID("01900000-0000-7000-8000-000000000001")


def entries(database: Database) -> list[Entry]:
    with transaction(database, writing=False) as session:
        return list(session.scalars(sa.select(Entry).where(Entry.subject_id == ID).order_by(Entry.position)))


def test_a_leaf_is_canonical_and_its_hash_is_that_of_rfc_6962(database: Database) -> None:
    with transaction(database):
        anna = actor("anna")
        recording.record(
            "review.decided", "review", ID, by=anna, declaration_id=ID, version=2, agency="BY-DVPN", decision="approved",
            outcomes={"2": "refused", "1": "approved"}, text_digest=None,
        )  # fmt: skip
    (entry,) = entries(database)
    facts = json.loads(entry.leaf)
    assert entry.leaf == json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
    assert entry.leaf_hash == hashlib.sha256(b"\x00" + entry.leaf).digest()
    assert facts == {
        "v": 2, "at": entry.at.isoformat(timespec="microseconds"), "event": "review.decided", "subject": f"review:{ID}",
        "declaration": str(ID),
        "person": str(anna.person_id), "organisation": str(anna.organisation_id), "agency": "", "channel": "web",
        "payload": {
            "version": 2, "agency": "BY-DVPN", "decision": "approved", "outcomes": {"1": "approved", "2": "refused"},
            "text_digest": None,
        },
    }  # fmt: skip
    assert entry.payload == facts["payload"]
    assert facts["at"].endswith("+00:00")


def test_what_is_not_in_the_catalogue_is_refused(database: Database) -> None:
    with transaction(database):
        with pytest.raises(KeyError):
            recording.record("review.forgotten", "review", ID, by=SYSTEM)
        with pytest.raises(KeyError, match="applicant"):
            recording.record("review.lapsed", "review", ID, by=SYSTEM, applicant="x")
    assert entries(database) == []


@pytest.mark.parametrize(
    "words",
    ["Ганна Каваленка", "two words", "anna@akno.example", "вул. Каліноўскага, 12", "a\nb", "x" * 129, "№5", "a;b", "it's",
     b"bytes", bytearray(b"x"), 1.5, object(), uuid.UUID(int=1), {"deep": ["in", "a list"]}, [["free text"]],
     {"free text": 1}, {"ключ": "x"}],
)  # fmt: skip
def test_free_text_is_refused(database: Database, words: Any) -> None:
    with transaction(database), pytest.raises(ValueError, match="codes"):
        recording.record("review.lapsed", "review", ID, by=SYSTEM, agency=words)
    assert entries(database) == []


def test_several_are_recorded_in_order_or_not_at_all(database: Database) -> None:
    good = [recording.Happening("review.lapsed", "review", ID, {"agency": f"A-{n}"}) for n in range(20)]
    with transaction(database):
        recording.record_all(good, by=SYSTEM)
        recording.record_all([], by=SYSTEM)
    found = entries(database)
    assert [entry.payload["agency"] for entry in found] == [f"A-{n}" for n in range(20)]
    assert len({entry.at for entry in found}) == 1
    with transaction(database), pytest.raises(ValueError):
        recording.record_all(
            [*good, recording.Happening("review.lapsed", "review", ID, {"agency": "two words"})], by=SYSTEM
        )
    assert len(entries(database)) == 20


def test_a_digest_is_keyed() -> None:
    key = recording._process_key
    try:
        recording.use_key(b"one")
        first = recording.digest("Ганна")
        recording.use_key(b"two")
        assert first != recording.digest("Ганна")
        assert first != hashlib.sha256("Ганна".encode()).hexdigest()
        assert len(first) == 64
        recording.use_key(b"")
        with pytest.raises(RuntimeError):
            recording.digest("Ганна")
    finally:
        recording.use_key(key)


def test_a_timeline_is_what_happened_to_one_package(database: Database) -> None:
    other = uuid.uuid4()
    with transaction(database):
        for declaration in (ID, other, ID):
            recording.record("review.lapsed", "review", ID, by=SYSTEM, declaration_id=declaration)
    with transaction(database, writing=False):
        found = finders.list_entries(ID)
    assert len(found) == 2
    assert found[0].position < found[1].position


def test_every_event_is_said_in_the_past_and_carries_codes() -> None:
    for event, payload in EVENTS.items():
        subject, _, verb = event.partition(".")
        assert subject.isidentifier(), event
        ends = (
            "ed",
            "in",
            "out",
            "set",
            "read",
            "made",
            "withdrawn",
            "held",
            "done",
            "taken",
            "written",
            "broken",
            "given",
            "put",
            "found",
        )
        # "followed_up" says the past in its first word; "deadline_near" is the one that tells of a moment.
        assert any(word.endswith(ends) for word in verb.split("_")) or verb == "deadline_near", event
        assert len(payload) == len(set(payload))
