"""Whether the database continues what was signed (trust.md R24), and what an operator does when it does not."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.access import SYSTEM
from app.database import Database, session, transaction
from app.ledger import outside, reading, sealing, tree
from app.ledger.log_finders import current_epoch
from app.ledger.log_models import Epoch, Leaf, Node
from app.ledger.recording import record
from config import Settings


class LogContradicted(Exception):
    """The database holds less than was signed, or something else; the text says what and what to do."""


def guard(app: Flask) -> None:
    """Look, when a process starts, whether the database continues the newest checkpoint outside of it; from now on every
    signature looks again. Raises LogContradicted, CopiesUnfit. A database without our tables has nothing to contradict."""
    settings: Settings = app.extensions["akno.settings"]
    app.extensions[sealing.GUARDED] = True
    copy = outside.newest(outside.folder(settings))
    if copy is None:
        return
    engines: Database = app.extensions["akno.database"]
    with transaction(engines, writing=False) as here:
        if sa.inspect(here.connection()).has_table(Epoch.__tablename__):
            wrong = contradiction(copy)
            if wrong:
                raise LogContradicted(f"{wrong} {MEND}")


MEND = (
    "Nothing is written to it. If an old backup was put in place by mistake, bring back the newer database. If what is "
    "missing is lost for ever, run `flask ledger recover`: it records the loss in the ledger and begins a new epoch of the "
    "log, which everybody can see."
)


def contradiction(copy: outside.Copy) -> str:
    """Return in words how the database contradicts a checkpoint outside of it, an empty text when it continues it."""
    epoch, size = current_epoch(), tree.size()
    number = epoch.number if epoch else 1
    if number > copy.epoch:
        return ""
    if number < copy.epoch:
        return f"The database is in epoch {number} of the log; outside of it a checkpoint of epoch {copy.epoch} was signed."
    if size < copy.size:
        return f"The log in the database has {size} entries; a checkpoint of {copy.size} entries was signed."
    try:
        same = tree.root(copy.size) == copy.root
    except tree.TreeBroken as broken:
        return f"The log in the database cannot be read: {broken}."
    return "" if same else f"The first {copy.size} entries of the log in the database are not those that were signed."


def recover(settings: Settings) -> Epoch:
    """Record that what was signed is lost, and begin a new epoch, with a new origin: never a silent fork.

    One transaction of the caller, who then seals and signs. Raises TreeBroken when the tree must be rebuilt first.
    """
    reading.take_turn(sealing.READER)
    copy, epoch = outside.newest(outside.folder(settings)), current_epoch()
    size = tree.size()
    record(
        "log.recovered", "log", sealing.LOG, by=SYSTEM, size=size, root=tree.root(size).hex(),
        witnessed=copy.size if copy else 0,
    )  # fmt: skip
    return sealing.begin_epoch(max(copy.epoch if copy else 1, epoch.number if epoch else 0) + 1)


def settle_demonstration(app: Flask) -> bool:
    """Let a fresh database of the demonstration stand beside copies of an older one: its log begins a new epoch, recorded as any
    recovery. Whether it did. Nowhere else: there a database without what was signed is a loss."""
    settings: Settings = app.extensions["akno.settings"]
    copy = outside.newest(outside.folder(settings)) if settings.demonstration else None
    if copy is None:
        return False
    with app.app_context(), transaction(app.extensions["akno.database"]):
        fresh = current_epoch() is None
        if fresh:
            recover(settings)
        return fresh


def rebuild() -> None:
    """Take the tree away and make it anew from the bytes of the entries; the signer then compares it with what it signed.

    One transaction of the caller. Signatures, epochs and entries stay as they are.
    """
    reading.take_turn(sealing.READER)
    session().execute(sa.delete(Leaf))
    session().execute(sa.delete(Node))
    session().expire_all()
    while sealing.seal():
        pass
