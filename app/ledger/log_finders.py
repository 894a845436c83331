"""Reads of the transparency log: epoch, checkpoints, the place of an entry."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app.database import session
from app.ledger import merkle, notes, tree
from app.ledger.log_models import Epoch, Leaf, SignedCheckpoint
from app.ledger.models import Entry


def current_epoch() -> Epoch | None:
    """Return the life of the log that is going on, None before anything was sealed."""
    return session().scalar(sa.select(Epoch).order_by(Epoch.number.desc()).limit(1))


def last_checkpoint() -> SignedCheckpoint | None:
    """Return the newest checkpoint of all epochs, None before anything was signed."""
    newest_first = (SignedCheckpoint.epoch.desc(), SignedCheckpoint.size.desc())
    return session().scalar(sa.select(SignedCheckpoint).order_by(*newest_first).limit(1))


def find_checkpoint(size: int) -> SignedCheckpoint | None:
    """Return the checkpoint of a size in the present epoch, or None."""
    epoch = current_epoch()
    return session().get(SignedCheckpoint, (epoch.number, size)) if epoch else None


def note_of(checkpoint: SignedCheckpoint) -> notes.Note:
    """Return a checkpoint as a note, with the cosignatures it has so far."""
    note = notes.read_note(checkpoint.note)
    more = notes.read_signatures(checkpoint.cosignatures) if checkpoint.cosignatures else ()
    return note.with_signatures(more)


def find_entry(event: str, subject_id: uuid.UUID) -> Entry | None:
    """Return the first entry of an event about something, or None."""
    query = sa.select(Entry).where(Entry.subject_id == subject_id, Entry.event == event)
    return session().scalar(query.order_by(Entry.position).limit(1))


def find_index(entry: Entry) -> int | None:
    """Return the place of an entry in the tree, None while it is not sealed."""
    return session().scalar(sa.select(Leaf.leaf_index).where(Leaf.position == entry.position))


def find_proof(entry: Entry) -> notes.Proof | None:
    """Return the proof that an entry stands in the newest signed tree, its bytes with it; None while it is not signed.

    Raises TreeBroken when a hash of the tree is missing.
    """
    index, checkpoint = find_index(entry), last_checkpoint()
    if index is None or checkpoint is None or index >= checkpoint.size:
        return None
    hashes = tree.prove(merkle.inclusion(index, checkpoint.size))
    return notes.Proof(index, tuple(hashes), note_of(checkpoint), entry.leaf)
