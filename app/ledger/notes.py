"""Signed notes, checkpoints, cosignatures and ``.tlog-proof`` files in the formats of C2SP. Pure.

c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature (cosignature/v1) and tlog-proof@v1, as they are: any tool that knows them
can check ours. A verifier key is text: ``name+key id+base64(kind || public key)``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.ledger import merkle

SIGNS, COSIGNS = 0x01, 0x04
"""Kinds of key: Ed25519 over the note, and a witness's timestamped Ed25519 over a checkpoint."""
MOST_BYTES = 64 * 1024
"""No note, checkpoint or proof of anybody is longer."""
MOST_SIGNATURES = 64
PROOF_HEAD = "c2sp.org/tlog-proof@v1"
_NAME = re.compile(r"[^\s+]{1,200}")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


class Malformed(ValueError):
    """A text is not in the form it should have; says which part."""


def encoded(data: bytes) -> str:
    """Base64 as the formats want it."""
    return base64.b64encode(data).decode("ascii")


def decoded(text: str, size: int | None = None) -> bytes:
    """Bytes of a base64 text in its one canonical form. Raises Malformed, also when they are not ``size`` many."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("base64") from error
    if encoded(data) != text or (size is not None and len(data) != size):
        raise Malformed("base64")
    return data


def number(text: str) -> int:
    """A decimal without leading zeros. Raises Malformed."""
    if not _DECIMAL.fullmatch(text):
        raise Malformed("number")
    return int(text)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name under which it signs."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes by which a signature line names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    def holds(self, data: bytes, signature: bytes) -> bool:
        """Whether a signature over some bytes is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True


def read_key(text: str) -> VerifierKey:
    """Read a verifier key. Raises Malformed."""
    name, _, rest = text.strip().partition("+")
    key_id, _, data = rest.partition("+")
    raw = decoded(data)
    if not _NAME.fullmatch(name) or len(raw) != 33 or raw[0] not in (SIGNS, COSIGNS):
        raise Malformed("verifier key")
    key = VerifierKey(name, raw[0], raw[1:])
    if key.key_id.hex() != key_id:
        raise Malformed("key id")
    return key


def key_of(private: Ed25519PrivateKey, name: str, kind: int = SIGNS) -> VerifierKey:
    """The verifier key of a private one. Raises Malformed for a name with blanks or a plus sign."""
    if not _NAME.fullmatch(name):
        raise Malformed("key name")
    return VerifierKey(name, kind, private.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: the name, the four bytes that name the key, and what is signed with it."""

    name: str
    key_id: bytes
    data: bytes

    def __str__(self) -> str:
        return f"— {self.name} {encoded(self.key_id + self.data)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends with a newline, and its signatures."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))

    def signed_by(self, key: VerifierKey) -> bool:
        """Whether one of the signatures is this key's and holds; of a witness only at the moment it says."""
        return any(_holds(self.text, one, key) for one in self.signatures)

    def with_signatures(self, more: Iterable[Signature]) -> Note:
        """The note with further signatures, none twice."""
        return replace(self, signatures=tuple(dict.fromkeys((*self.signatures, *more))))


def _holds(text: str, one: Signature, key: VerifierKey) -> bool:
    if (one.name, one.key_id) != (key.name, key.key_id):
        return False
    if key.kind == SIGNS:
        return key.holds(text.encode(), one.data)
    return len(one.data) == 72 and key.holds(_cosigned(text, int.from_bytes(one.data[:8], "big")), one.data[8:])


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosigned_at(note: Note, key: VerifierKey) -> int | None:
    """When a witness cosigned (seconds since 1970), None when it has not."""
    found = [int.from_bytes(one.data[:8], "big") for one in note.signatures if _holds(note.text, one, key)]
    return max(found) if found and key.kind == COSIGNS else None


def sign(text: str, private: Ed25519PrivateKey, name: str) -> Note:
    """Sign a text as a log does."""
    return Note(text, (Signature(name, key_of(private, name).key_id, private.sign(text.encode())),))


def cosign(text: str, private: Ed25519PrivateKey, name: str, at: int) -> Signature:
    """Sign a checkpoint as a witness does; ``at`` in seconds since 1970."""
    data = at.to_bytes(8, "big") + private.sign(_cosigned(text, at))
    return Signature(name, key_of(private, name, COSIGNS).key_id, data)


def read_note(text: str) -> Note:
    """Read a signed note. Raises Malformed."""
    body, gap, lines = text.rpartition("\n\n")
    if not gap or not lines.endswith("\n") or len(text) > MOST_BYTES or _has_controls(body):
        raise Malformed("note")
    return Note(body + "\n", read_signatures(lines))


def read_signatures(lines: str) -> tuple[Signature, ...]:
    """Read lines of signatures, each ended by a newline. Raises Malformed."""
    rows = lines.split("\n")
    if rows.pop() != "" or not 1 <= len(rows) <= MOST_SIGNATURES:
        raise Malformed("signatures")
    return tuple(_signature(row) for row in rows)


def _signature(row: str) -> Signature:
    dash, _, rest = row.partition(" ")
    name, _, data = rest.partition(" ")
    raw = decoded(data)
    if dash != "—" or not _NAME.fullmatch(name) or len(raw) < 5:
        raise Malformed("signature")
    return Signature(name, raw[:4], raw[4:])


def _has_controls(text: str) -> bool:
    return any(ord(letter) < 32 and letter != "\n" for letter in text)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says at a moment: its origin, how many leaves, their root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint; lines behind the third are extensions and are left alone. Raises Malformed."""
    lines = text.split("\n")
    if len(lines) < 4 or not all(lines[:-1]) or lines[-1]:
        raise Malformed("checkpoint")
    return Checkpoint(lines[0], number(lines[1]), decoded(lines[2], merkle.SIZE))


@dataclass(frozen=True, slots=True)
class Proof:
    """A ``.tlog-proof``: ``leaf`` is the extra data, the very bytes that are hashed, so that the holder can read what was sealed."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    leaf: bytes = b""

    def __str__(self) -> str:
        extra = [f"extra {encoded(self.leaf)}"] if self.leaf else []
        lines = [PROOF_HEAD, *extra, f"index {self.index}", *map(encoded, self.hashes), "", str(self.note)]
        return "\n".join(lines)


def read_proof(text: str) -> Proof:
    """Read a ``.tlog-proof``. Raises Malformed."""
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or lines.pop(0) != PROOF_HEAD or len(text) > MOST_BYTES or not lines:
        raise Malformed("proof")
    leaf = b""
    if lines[0].startswith("extra "):
        leaf = decoded(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise Malformed("index")
    index = number(lines.pop(0).removeprefix("index "))
    return Proof(index, read_hashes(lines), read_note(note), leaf)


def read_hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    """Read lines of hashes, at most 63. Raises Malformed."""
    if len(lines) > 63:
        raise Malformed("proof")
    return tuple(decoded(line, merkle.SIZE) for line in lines)
