"""The tables of the transparency log: leaves in order, complete subtrees, epochs, checkpoints, and logs of others that we
witness. All of them can be made anew from the entries, but for the signatures: those stand outside of the database too."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.ledger.models import Position


class Leaf(Base):
    """The place of an entry in the tree, given once and for ever."""

    __tablename__ = "ledger_leaves"

    leaf_index: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Position, unique=True)
    # As the entry's was when it was sealed: it decides the order.
    transaction_id: Mapped[int] = mapped_column(sa.BigInteger)
    leaf_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class Node(Base):
    """The root of a complete subtree above the leaves: ``2**level`` of them, the ``number``-th such."""

    __tablename__ = "ledger_nodes"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=False)
    node_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class Epoch(Base):
    """A life of the log under one origin and one key. A new one begins when the database lost what was signed before."""

    __tablename__ = "ledger_epochs"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(sa.String(200))
    verifier_key: Mapped[str] = mapped_column(sa.String(300))
    began_at: Mapped[datetime]
    # How many leaves there were when it began: of what an earlier epoch signed beyond, nothing is left.
    from_size: Mapped[int] = mapped_column(Position, default=0)
    # Why nothing is signed at the moment ("" while all is well), and since when.
    stopped_because: Mapped[str] = mapped_column(sa.String(24), default="")
    stopped_at: Mapped[datetime | None]


class SignedCheckpoint(Base):
    """A checkpoint that was signed: the note as it went out, and the lines of the witnesses that cosigned it."""

    __tablename__ = "ledger_checkpoints"

    epoch: Mapped[int] = mapped_column(sa.ForeignKey("ledger_epochs.number"), primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    note: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime]
    cosignatures: Mapped[str] = mapped_column(sa.Text, default="")


class Witnessed(Base):
    """The newest checkpoint of another log that we cosigned: what comes next must continue it."""

    __tablename__ = "ledger_witnessed"

    origin: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    size: Mapped[int] = mapped_column(Position)
    root: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    at: Mapped[datetime]
