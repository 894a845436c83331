"""We as a witness of other logs (c2sp.org/tlog-witness): we cosign a checkpoint only when it continues the one before."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.database import session
from app.ledger import keys, merkle, notes
from app.ledger.log_models import Witnessed
from config import Settings

SIZE_TYPE = "text/x.tlog.size"
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the protocol answers: the status of HTTP, the body and its type."""

    status: int
    body: str
    kind: str = PLAIN


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to cosign: the size the asker thinks we know, the proof, and the checkpoint as a note."""

    old: int
    proof: tuple[bytes, ...]
    note: notes.Note
    said: notes.Checkpoint


def read(body: bytes) -> Asked:
    """Read the body of a request. Raises Malformed."""
    if len(body) > notes.MOST_BYTES:
        raise notes.Malformed("too long")
    try:
        head, gap, rest = body.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError as error:
        raise notes.Malformed("text") from error
    first, *lines = head.split("\n")
    if not gap or not first.startswith("old "):
        raise notes.Malformed("old size")
    note = notes.read_note(rest)
    return Asked(
        notes.number(first.removeprefix("old ")), notes.read_hashes(lines), note, notes.read_checkpoint(note.text)
    )


def trusted(settings: Settings) -> dict[str, list[notes.VerifierKey]]:
    """The keys of the logs we witness, by origin."""
    found: dict[str, list[notes.VerifierKey]] = {}
    for text in settings.witness_for:
        key = notes.read_key(text)
        found.setdefault(key.name, []).append(key)
    return found


def add_checkpoint(body: bytes, settings: Settings) -> Answer:
    """Cosign a checkpoint, or say in the protocol's statuses why not. Nothing is looked up before the signature holds.

    What is kept is kept before anybody is answered, for the edge of a request ends its transaction first.
    """
    try:
        asked = read(body)
    except notes.Malformed as malformed:
        return Answer(400, f"not a request of tlog-witness: {malformed}\n")
    known = trusted(settings).get(asked.said.origin)
    if known is None:
        return Answer(404, "this log is not one that is witnessed here\n")
    if not any(asked.note.signed_by(key) for key in known):
        return Answer(403, "the checkpoint is not signed with a key of this log that is known here\n")
    if asked.old > asked.said.size:
        return Answer(400, "the old size is larger than the checkpoint\n")
    return _continued(asked, settings)


def _continued(asked: Asked, settings: Settings) -> Answer:
    before = _locked(asked.said.origin)
    if asked.old != before.size:
        return Answer(409, f"{before.size}\n", SIZE_TYPE)
    if asked.old == asked.said.size and before.root != asked.said.root:
        return Answer(409, f"{before.size}\n", SIZE_TYPE)
    if not merkle.verify_consistency(asked.old, asked.said.size, before.root, asked.said.root, asked.proof):
        return Answer(422, "the proof does not show that the checkpoint continues the one before\n")
    before.size, before.root, before.at = asked.said.size, asked.said.root, clock.now()
    session().flush()
    key = keys.witness_key(settings)
    assert key is not None
    line = notes.cosign(asked.note.text, key, keys.witness_name(settings), int(before.at.timestamp()))
    return Answer(200, str(line))


def _locked(origin: str) -> Witnessed:
    """The newest checkpoint we cosigned, locked: two requests at once are answered one after the other."""
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(Witnessed).values(origin=origin, size=0, root=merkle.EMPTY, at=clock.now())
    session().execute(first.on_conflict_do_nothing())
    query = sa.select(Witnessed).where(Witnessed.origin == origin).with_for_update()
    return session().scalars(query.execution_options(populate_existing=True)).one()


def verifier_key(settings: Settings) -> str:
    """Our public key as a witness, for the operators of logs; "" when we witness none."""
    if not settings.witness_for:
        return ""
    key = keys.witness_key(settings)
    assert key is not None
    return str(notes.key_of(key, keys.witness_name(settings), notes.COSIGNS))


def encoded_request(old: int, proof: list[bytes], note: str) -> bytes:
    """The body of a request to a witness."""
    lines = [f"old {old}", *(base64.b64encode(one).decode("ascii") for one in proof), "", note]
    return "\n".join(lines).encode()
