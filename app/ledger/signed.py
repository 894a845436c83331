"""What was signed about the log: checkpoints in the database and their copies outside, each looked at by itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.database import session
from app.ledger import notes, outside
from app.ledger.log_models import Epoch, SignedCheckpoint
from app.ledger.models import Entry


@dataclass(frozen=True, slots=True)
class Said:
    """One checkpoint: how many entries, their root, whether it stands outside, and its words for a finding."""

    size: int
    root: bytes
    outside: bool
    where: str


@dataclass(slots=True)
class Signed:
    """All of them by size. ``abandoned``: copies of a former epoch, beyond what was left of it when it was recovered."""

    by_size: dict[int, list[Said]] = field(default_factory=dict)
    wrong: list[tuple[int | None, str, str]] = field(default_factory=list)
    abandoned: int = 0

    def at(self, size: int) -> Sequence[Said]:
        """The checkpoints of a size."""
        return self.by_size.get(size, ())

    def beyond(self, size: int) -> list[Said]:
        """The checkpoints of more entries than there are."""
        return [said for most, some in self.by_size.items() if most > size for said in some]

    def findings_as(self, kind: Callable[..., Any]) -> Iterable[Any]:
        """What is wrong with the checkpoints by themselves."""
        return (kind(*one) for one in self.wrong)


def gather(copies: Iterable[outside.Copy], key: notes.VerifierKey | None) -> Signed:
    """Read every checkpoint and look at its signature: by the key at hand (under each epoch's name), else by the epoch's own.

    Whoever can write to the database can also write a key of their own into it: ``key`` should come from elsewhere.
    """
    signed = Signed()
    epochs = list(session().scalars(sa.select(Epoch).order_by(Epoch.number)))
    known = {epoch.number: _key_of(signed, epoch, key) for epoch in epochs}
    _recorded(signed, epochs)
    for number, size, root, note in _checkpoints():
        where = f"checkpoint of {size} in the database"
        said = _look(signed, note, known.get(number), where)
        if said is not None and (said.size, said.root) != (size, root):
            signed.wrong.append((None, "a checkpoint says something else than its note", where))
        signed.by_size.setdefault(size, []).append(Said(size, root, False, where))
    ends = {before.number: after.from_size for before, after in itertools.pairwise(epochs)}
    _gather_copies(signed, copies, known, ends)
    return signed


def _checkpoints() -> Iterator[tuple[int, int, bytes, str]]:
    """The rows as they are: SQLite keeps a text that is none, and reading it as one would raise."""
    note: Any = SignedCheckpoint.note
    if session().get_bind().dialect.name == "sqlite":
        note = sa.cast(note, sa.LargeBinary)
    query = sa.select(SignedCheckpoint.epoch, SignedCheckpoint.size, SignedCheckpoint.root, note)
    for number, size, root, text in session().execute(query.order_by(SignedCheckpoint.epoch, SignedCheckpoint.size)):
        yield number, size, root, text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def _gather_copies(signed: Signed, copies: Iterable[outside.Copy], known: dict[int, Any], ends: dict[int, int]) -> None:
    several = 0
    for copy in copies:
        where = f"checkpoint of {copy.size} outside of the database"
        several += 1
        if copy.size > ends.get(copy.epoch, copy.size):
            signed.abandoned += 1
            continue
        _look(signed, copy.note, known.get(copy.epoch), where)
        signed.by_size.setdefault(copy.size, []).append(Said(copy.size, copy.root, True, where))
    if not several and signed.by_size:
        signed.wrong.append((None, "the copies of the checkpoints outside of the database are gone", ""))


def _key_of(signed: Signed, epoch: Epoch, key: notes.VerifierKey | None) -> notes.VerifierKey | None:
    if key is not None:
        mine = notes.VerifierKey(epoch.origin, notes.SIGNS, key.public)
        if epoch.verifier_key and str(mine) != epoch.verifier_key:
            signed.wrong.append(
                (None, "the log is said to be signed with another key than ours", f"epoch {epoch.number}")
            )
        return mine
    try:
        return notes.read_key(epoch.verifier_key)
    except notes.Malformed:
        return None


def _look(signed: Signed, text: str, key: notes.VerifierKey | None, where: str) -> notes.Checkpoint | None:
    try:
        note = notes.read_note(text)
        said = notes.read_checkpoint(note.text)
    except notes.Malformed:
        signed.wrong.append((None, "a checkpoint cannot be read", where))
        return None
    if key is None or not note.signed_by(key) or said.origin != key.name:
        signed.wrong.append((None, "a checkpoint does not carry our signature", where))
    return said


def _recorded(signed: Signed, epochs: Sequence[Epoch]) -> None:
    """An epoch after the first is there because an operator recovered the log, and the ledger says so."""
    told = session().scalars(sa.select(Entry).where(Entry.event == "log.recovered").order_by(Entry.position))
    sizes = [entry.payload.get("size") for entry in told] if len(epochs) > 1 else []
    for epoch in epochs[1:]:
        if epoch.from_size not in sizes:
            signed.wrong.append((None, "an epoch of the log began and no entry says so", f"epoch {epoch.number}"))
