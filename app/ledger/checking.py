"""Checking a ``.tlog-proof`` against a key, without a database, a network or us. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.ledger import merkle, notes

GOOD, BAD_FORM, NO_LEAF, NOT_SIGNED, NOT_INSIDE, UNWITNESSED = (
    "good", "not-a-proof", "no-leaf", "not-signed", "not-in-the-tree", "not-witnessed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What a proof shows: one of the results above; the sealed facts; the witnesses that cosigned, with when (seconds)."""

    result: str
    facts: dict[str, Any] = field(default_factory=dict)
    origin: str = ""
    index: int = 0
    size: int = 0
    witnesses: dict[str, int] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether everything that was asked for holds."""
        return self.result == GOOD


def check(
    text: str,
    key: notes.VerifierKey,
    *,
    leaf: bytes | None = None,
    witnesses: Sequence[notes.VerifierKey] = (),
    least: int = 0,
) -> Checked:
    """Check a proof: the key signed the checkpoint, and the leaf (given, or else that in the file) is in its tree.

    ``least``: how many of ``witnesses`` must have cosigned. Raises nothing: what cannot be read is not a proof.
    """
    try:
        proof = notes.read_proof(text)
        said = notes.read_checkpoint(proof.note.text)
    except notes.Malformed:
        return Checked(BAD_FORM)
    sealed = proof.leaf if leaf is None else leaf
    if not sealed:
        return Checked(NO_LEAF)
    if not proof.note.signed_by(key) or said.origin != key.name:
        return Checked(NOT_SIGNED)
    if not merkle.verify_inclusion(proof.index, said.size, merkle.leaf_hash(sealed), proof.hashes, said.root):
        return Checked(NOT_INSIDE)
    found = {one.name: at for one in witnesses if (at := notes.cosigned_at(proof.note, one)) is not None}
    result = GOOD if len(found) >= least else UNWITNESSED
    return Checked(result, facts_of(sealed), said.origin, proof.index, said.size, found)


def facts_of(leaf: bytes) -> dict[str, Any]:
    """Read what a leaf says; a leaf that is not ours says nothing."""
    try:
        facts = json.loads(leaf)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}
