"""Two instances in one test, over real HTTP: one signs, the other cosigns what continues, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from app.database import transaction
from app.ledger import asking, checking, cosigning, keys, log_finders, merkle, notes
from app.migrating import migrate
from tests.conftest import Place
from tests.ledger.sealed import Log, log

__all__ = ["log"]

LEAVES = [merkle.leaf_hash(f"{n}".encode()) for n in range(40)]
LOG = Ed25519PrivateKey.generate()
NAME = "log.example/a"


def root(size: int) -> bytes:
    edge = merkle.Frontier()
    for leaf in LEAVES[:size]:
        edge.append(leaf)
    return edge.root()


def proof(old: int, new: int) -> list[bytes]:
    kept, edge = {}, merkle.Frontier()
    for index, leaf in enumerate(LEAVES):
        kept[0, index] = leaf
        kept |= {(level, number): one for level, number, one in edge.append(leaf)}
    return merkle.prove(merkle.consistency(old, new), lambda level, number: kept[level, number])


def signed(size: int, *, said: bytes | None = None, key: Ed25519PrivateKey = LOG, name: str = NAME) -> str:
    return str(notes.sign(str(notes.Checkpoint(name, size, said or root(size))), key, name))


class Quiet(WSGIRequestHandler):
    def log(self, *_words: object) -> None:
        pass


class Witness:
    """A second window, on a database of its own, served on this machine."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serve on this machine; gives the address."""
        server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/log/witness"
        server.shutdown()
        thread.join()
        server.server_close()

    @property
    def key(self) -> str:
        return cosigning.verifier_key(self.app.extensions["akno.settings"])

    def trust(self, *logs: str) -> None:
        settings = self.app.extensions["akno.settings"]
        self.app.extensions["akno.settings"] = settings.model_copy(update={"witness_for": logs})

    def ask(self, old: int, hashes: list[bytes], note: str) -> tuple[int, str, str]:
        answer = self.app.test_client().post(
            "/log/witness/add-checkpoint", data=cosigning.encoded_request(old, hashes, note)
        )
        return answer.status_code, answer.text, answer.content_type


@pytest.fixture(scope="module")
def second(place: Place, settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Another application on another database, migrated once for the tests of this file."""
    place.make_empty("witness")
    home: Path = tmp_path_factory.mktemp("witness")
    other = settings.model_copy(
        update={
            "database_url": place.url("witness"),
            "storage_dir": home / "storage",
            "rehearsal": True,
            "demonstration": True,
        }
    )
    app = create_app(other)
    migrate(app.extensions["akno.database"], app.extensions["akno.jobs"])
    yield app
    app.extensions["akno.database"].dispose()


@pytest.fixture
def witness(second: Flask) -> Witness:
    made = Witness(second)
    made.trust(str(notes.key_of(LOG, NAME)))
    with transaction(second.extensions["akno.database"]) as session:
        session.execute(log_finders.sa.text("DELETE FROM ledger_witnessed"))
    return made


def test_a_witness_cosigns_what_continues(witness: Witness) -> None:
    key = notes.read_key(witness.key)
    for old, new in ((0, 5), (5, 5), (5, 8), (8, 21)):
        status, body, _kind = witness.ask(old, proof(old, new), signed(new))
        assert status == 200, body
        note = notes.read_note(signed(new)).with_signatures(notes.read_signatures(body))
        assert notes.cosigned_at(note, key) is not None
        assert notes.cosigned_at(notes.read_note(signed(new - 1)).with_signatures(note.signatures[1:]), key) is None


def test_a_witness_answers_in_the_statuses_of_the_protocol_and_forgets_nothing(witness: Witness) -> None:
    assert witness.ask(0, [], signed(5))[0] == 200
    own = Ed25519PrivateKey.generate()
    refused = {
        "another log": (404, 5, [], signed(9, name="log.example/b")),
        "another key": (403, 5, proof(5, 9), signed(9, key=own)),
        "an old size that is larger": (400, 9, [], signed(5)),
        "another story": (422, 5, proof(5, 9), signed(9, said=b"\1" * 32)),
        "no proof": (422, 5, [], signed(9)),
        "a bent proof": (422, 5, proof(4, 9), signed(9)),
        "the same size with another root": (409, 5, [], signed(5, said=b"\1" * 32)),
        "what is known already": (409, 0, [], signed(9)),
        "back to less": (409, 3, proof(3, 4), signed(4)),
    }
    for case, (expected, old, hashes, note) in refused.items():
        status, body, kind = witness.ask(old, hashes, note)
        assert status == expected, (case, status, body)
        if status == 409:
            assert (body, kind) == ("5\n", cosigning.SIZE_TYPE), case
    assert witness.ask(5, proof(5, 9), signed(9))[0] == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"old 0\n", b"old 00\n\n", b"old -1\n\nx", b"\xff\xfe", b"old 0\n\n" + b"a" * 70_000, b"old 0\n" + b"AAAA\n" * 64 + b"\n",
     b"old 0\n\nlog.example/a\n5\nAAAA\n\n\xe2\x80\x94 log.example/a AAAAAAAA\n", b"old 9999999999999999999999\n\nx\n"],
)  # fmt: skip
def test_what_is_no_request_is_refused(witness: Witness, body: bytes) -> None:
    assert witness.app.test_client().post("/log/witness/add-checkpoint", data=body).status_code == 400


def test_a_log_collects_cosignatures_over_the_wire(log: Log, witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one asks, the other cosigns, the proof carries it; a third key is not believed."""
    log.grow(4)
    with log.app.app_context(), transaction(log.database, writing=False):
        mine = log_finders.current_epoch().verifier_key
    witness.trust(mine)
    settings = log.app.extensions["akno.settings"]
    theirs = notes.read_key(witness.key)
    other = str(notes.key_of(Ed25519PrivateKey.generate(), keys.witness_name(settings), notes.COSIGNS))
    with witness.serve() as address:
        given = settings.model_copy(update={"log_witnesses": (f"{address} {witness.key}",)})
        monkeypatch.setitem(log.app.extensions, "akno.settings", given)
        asker = asking.Asker(log.app)
        assert (asker.ask(), asker.ask()) == (1, 0)
        log.grow(3)
        assert asker.ask() == 1
        log.grow(2)
        assert asking.Asker(log.app).ask() == 1, "one that remembers nothing asks how far the witness is"
    log.grow(1)
    assert asker.ask() == 0, "a witness that is away holds nobody up"
    assert asker.ask() == 0
    with log.app.app_context(), transaction(log.database) as session:
        session.delete(log_finders.last_checkpoint())
    with log.app.app_context(), transaction(log.database, writing=False) as session:
        entry = session.scalars(log_finders.sa.select(log_finders.Entry).limit(1)).one()
        text = str(log_finders.find_proof(entry))
    found = checking.check(text, notes.read_key(mine), witnesses=[theirs], least=1)
    assert (found.good, list(found.witnesses)) == (True, [theirs.name])
    assert (
        checking.check(text, notes.read_key(mine), witnesses=[notes.read_key(other)], least=1).result == "not-witnessed"
    )
    page = log.app.test_client().get("/log").text
    assert theirs.name in page


def test_a_witness_is_asked_by_https_or_on_this_machine_alone(settings, witness: Witness) -> None:
    for address in ("http://witness.example", "ftp://127.0.0.1", "http://192.168.0.1/log", "https://"):
        with pytest.raises(asking.Unfit):
            asking.witnesses(settings.model_copy(update={"log_witnesses": (f"{address} {witness.key}",)}))
    strict = {"log_witnesses": (f"http://127.0.0.1/log {witness.key}",), "demonstration": False}
    with pytest.raises(asking.Unfit):
        asking.witnesses(settings.model_copy(update=strict))
