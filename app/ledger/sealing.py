"""Sealing: the worker gives entries their places in the tree, batch after batch, and signs a checkpoint once a second.

Nothing of it happens in a request. Leaves are kept in one transaction and signed in a later one, so that a checkpoint, which
goes outside before its row is kept, never speaks of leaves that a crash could take back. The signer believes no stored hash:
it makes the root anew from the bytes of the entries since the last checkpoint (trust.md R22) and signs nothing that differs.
"""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.access import SYSTEM
from app.database import session
from app.jobs import registry
from app.ledger import keys, merkle, notes, outside, reading, tree
from app.ledger.log_finders import current_epoch, last_checkpoint
from app.ledger.log_models import Epoch, Leaf, Node, SignedCheckpoint
from app.ledger.models import Cursor, Entry
from app.ledger.recording import record
from config import Settings

log = logging.getLogger("akno.ledger")

READER = "ledger.sealing"
BATCH = 250
"""Entries sealed in one transaction: few enough that nobody who files waits for it (SQLite has one writer)."""
PAUSE = timedelta(seconds=1)
"""Between two checkpoints."""
GUARDED = "akno.log_guarded"
"""Whether this process looked at the copies outside when it started; then every signature looks again."""
LOG = uuid.uuid5(uuid.NAMESPACE_URL, "urn:akno:log")
"""The log as the subject of entries."""


class SigningRefused(Exception):
    """What would be signed is not what was recorded or signed before; the text is a code of ``log_words``."""


@registry.follower(READER)
def follow() -> int:
    """Sign what the transactions before have sealed, when it is time, and seal the next batch; returns how many entries."""
    reading.take_turn(READER)
    sign()
    return seal()


def seal(*, limit: int = BATCH) -> int:
    """Give the next entries their places in the tree; returns how many. Whoever calls has the turn.

    An entry whose bytes no longer fit its hash is not sealed, nor anything behind it: somebody changed it.
    """
    size = _behind_the_last_leaf()
    entries = reading.read(READER, limit=limit, only=(Entry.leaf, Entry.leaf_hash))
    if not entries:
        return 0
    epoch = current_epoch() or begin_epoch()
    edge = tree.frontier(size)
    leaves, nodes = [], []
    for entry in entries:
        made = merkle.leaf_hash(entry.leaf)
        if made != entry.leaf_hash:
            stop(epoch, "leaf")
            return 0
        leaves.append(_leaf(edge.size, entry, made))
        nodes += [{"level": level, "number": number, "node_hash": one} for level, number, one in edge.append(made)]
    session().execute(sa.insert(Leaf), leaves)
    if nodes:
        session().execute(sa.insert(Node), nodes)
    reading.advance(READER, entries[-1])
    return len(entries)


def _behind_the_last_leaf() -> int:
    """Put the reader behind what is sealed, wherever its cursor stands: readers may be started anew, leaves never. Returns how
    many leaves there are."""
    size = tree.size()
    last = session().get(Leaf, size - 1) if size else None
    cursor = session().get_one(Cursor, READER)
    cursor.transaction_id, cursor.position = (last.transaction_id, last.position) if last else (0, 0)
    session().flush()
    return size


def _leaf(index: int, entry: Entry, made: bytes) -> dict[str, object]:
    return {
        "leaf_index": index,
        "position": entry.position,
        "transaction_id": entry.transaction_id,
        "leaf_hash": made,
    }


def sign(*, pause: timedelta = PAUSE) -> SignedCheckpoint | None:
    """Sign the tree as it stands when it has grown and the last checkpoint is old enough; returns the new one or None.

    Where something contradicts what was recorded or signed nothing is signed and the epoch says why. Raises OSError when
    the copy outside cannot be written: then the checkpoint is not kept either.
    """
    epoch, last, size = current_epoch(), last_checkpoint(), tree.size()
    if epoch is None or size == 0 or (last is not None and last.made_at > clock.now() - pause):
        return None
    if last is not None and last.size == size and last.epoch == epoch.number:
        return None
    try:
        return _signed(epoch, last, size)
    except SigningRefused as refused:
        stop(epoch, str(refused))
    except tree.TreeBroken:
        stop(epoch, "tree")
    return None


def _signed(epoch: Epoch, last: SignedCheckpoint | None, size: int) -> SignedCheckpoint:
    settings = _settings()
    try:
        key = keys.log_key(settings)
    except keys.KeyUnfit as unfit:
        log.error("%s", unfit)
        raise SigningRefused("key-unfit") from unfit
    if key is None:
        raise SigningRefused("no-key")
    epoch.verifier_key = epoch.verifier_key or str(notes.key_of(key, epoch.origin))
    if str(notes.key_of(key, epoch.origin)) != epoch.verifier_key:
        raise SigningRefused("other-key")
    if last is not None and last.size > size:
        raise SigningRefused("smaller")
    root = recomputed(last, size)
    if current_app.extensions.get(GUARDED):
        _agree_with_outside(settings, epoch, size)
    note = str(notes.sign(str(notes.Checkpoint(epoch.origin, size, root)), key, epoch.origin))
    made = SignedCheckpoint(epoch=epoch.number, size=size, root=root, note=note, made_at=clock.now(), cosignatures="")
    outside.append(outside.folder(settings), epoch.number, note, made.made_at)
    session().add(made)
    _resume(epoch)
    session().flush()
    return made


def recomputed(last: SignedCheckpoint | None, size: int) -> bytes:
    """Return the root of ``size`` leaves: what was signed last, then the bytes of every entry since, hashed anew.

    Raises SigningRefused when the stored tree says anything else, TreeBroken when it has a hole.
    """
    begin = last.size if last is not None else 0
    edge = tree.frontier(begin)
    if last is not None and edge.root() != last.root:
        raise SigningRefused("tree")
    columns = sa.select(Leaf.leaf_index, Leaf.leaf_hash, Entry.leaf)
    query = columns.outerjoin(Entry, Entry.position == Leaf.position).where(Leaf.leaf_index >= begin)
    made: dict[merkle.Node, bytes] = {}
    for index, held, data in session().execute(query.order_by(Leaf.leaf_index)):
        if index != edge.size or data is None or merkle.leaf_hash(data) != held:
            raise SigningRefused("leaf")
        made |= {(level, number): one for level, number, one in edge.append(held)}
    if edge.size != size or next(tree.differing(made), None) is not None:
        raise SigningRefused("tree")
    return edge.root()


def _agree_with_outside(settings: Settings, epoch: Epoch, size: int) -> None:
    copy = outside.newest(outside.folder(settings))
    if copy is None or copy.epoch < epoch.number:
        return  # an epoch begins where the one before lost what it had signed: ``flask ledger recover`` said so
    if copy.epoch > epoch.number or copy.size > size or tree.root(copy.size) != copy.root:
        raise SigningRefused("outside")


def begin_epoch(number: int = 1) -> Epoch:
    """Begin a life of the log; without a key it begins all the same and waits for one."""
    settings = _settings()
    try:
        key = keys.log_key(settings)
    except keys.KeyUnfit:
        key = None
    name = keys.origin(settings, number)
    said = str(notes.key_of(key, name)) if key is not None else ""
    epoch = Epoch(
        number=number, origin=name, verifier_key=said, began_at=clock.now(), from_size=tree.size(), stopped_because=""
    )
    session().add(epoch)
    session().flush()
    return epoch


def stop(epoch: Epoch, because: str) -> None:
    """Say why nothing is signed, once: an entry for the auditor, a line for the operator. The next look tries again."""
    if epoch.stopped_because == because:
        return
    log.critical("the log signs nothing: %s (see /log; `flask ledger verify` names the place)", because)
    epoch.stopped_because, epoch.stopped_at = because, epoch.stopped_at or clock.now()
    record("log.stopped", "log", LOG, by=SYSTEM, because=because)


def _resume(epoch: Epoch) -> None:
    if epoch.stopped_because:
        epoch.stopped_because, epoch.stopped_at = "", None
        record("log.resumed", "log", LOG, by=SYSTEM)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["akno.settings"]
    return settings
