"""The list of papers that hold no longer: one signed text that anyone may keep and ask without network. Pure.

It is a JWS (RFC 7515, compact, ES256) whose header carries the certificates of its key. An entry is a hash of the code of a
clearance, what became of it and since when: whoever has a paper finds it, whoever has none learns nothing of the trade.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.signing import trust as trusting
from app.signing.claims import decoded, encoded, is_signed, raw_of
from app.signing.trust import NotTrust, Trust

KIND = "akno-list+jwt"
MOST_BYTES = 32 * 1024 * 1024
"""Bytes of a list that is read: some three hundred thousand entries."""
HASH = 32
"""Hex digits of a hash in an entry: 128 bits, and a code has 200."""


class NotAList(ValueError):
    """The text is no list of ours; the argument is a code: unreadable, unknown-key, signature."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A paper that holds no longer: ``state`` is superseded or revoked."""

    mark: str
    state: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """The list: the ``serial``-th, made at a moment, to be fetched anew by ``next_at``. ``compromised``: fingerprints of keys
    in which nobody may trust any more, and since when."""

    serial: int
    made_at: datetime
    next_at: datetime
    window: str = ""
    entries: tuple[Ended, ...] = ()
    compromised: dict[str, datetime] = field(default_factory=dict)

    def find(self, code: str) -> Ended | None:
        """Return what became of the paper with this code, None when it is not on the list."""
        mark = mark_of(code)
        return next((one for one in self.entries if one.mark == mark), None)


def mark_of(code: str) -> str:
    """Return the hash under which a code stands on the list."""
    return hashlib.sha256(f"akno/code/1\n{code}\n".encode()).hexdigest()[:HASH]


def write(listed: Listed, chain: Sequence[x509.Certificate], sign: Callable[[bytes], bytes]) -> str:
    """Return the signed text. ``chain``: the certificate of the key first; ``sign``: ECDSA P-256 with SHA-256, DER."""
    header = {
        "alg": "ES256",
        "kid": trusting.key_id_of(chain[0]),
        "typ": KIND,
        "x5c": [_base64(one.public_bytes(Encoding.DER)) for one in chain],
    }
    payload = {
        "compromised": {key: _said(at) for key, at in sorted(listed.compromised.items())},
        "entries": [[one.mark, one.state, _said(one.since)] for one in listed.entries],
        "made": _said(listed.made_at),
        "next": _said(listed.next_at),
        "serial": listed.serial,
        "window": listed.window,
    }
    signed = f"{encoded(_json(header))}.{encoded(_json(payload))}"
    return f"{signed}.{encoded(raw_of(sign(signed.encode('ascii'))))}"


def read(text: str, trust: Trust) -> Listed:
    """Return the list when a key of ours has signed it. Raises NotAList."""
    try:
        first, second, signature = text.strip().split(".")
        if len(text) > MOST_BYTES:
            raise NotAList("unreadable")
        header, payload = json.loads(decoded(first)), json.loads(decoded(second))
        chain = trusting.chain_of([_bytes(one) for one in header["x5c"]])
        if (header["alg"], header["typ"]) != ("ES256", KIND) or not chain:
            raise NotAList("unreadable")
        listed = _listed(payload)
    except (ValueError, KeyError, TypeError, AttributeError, NotTrust, RecursionError) as error:
        raise NotAList(str(error) if isinstance(error, NotAList) else "unreadable") from error
    if (
        not trusting.may_sign(chain[0])
        or not trust.is_ours(chain[0], chain[1:], listed.made_at)
        or trusting.fingerprint_of(chain[0]) in listed.compromised
    ):
        raise NotAList("unknown-key")
    if not is_signed(chain[0], f"{first}.{second}".encode("ascii"), signature):
        raise NotAList("signature")
    return listed


def _listed(payload: Any) -> Listed:
    return Listed(
        serial=int(payload["serial"]),
        made_at=_moment(payload["made"]),
        next_at=_moment(payload["next"]),
        window=str(payload["window"]),
        entries=tuple(Ended(str(mark), str(state), _moment(since)) for mark, state, since in payload["entries"]),
        compromised={str(key): _moment(at) for key, at in payload["compromised"].items()},
    )


def _said(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _base64(data: bytes) -> str:
    # x5c alone of all is base64 with its padding (RFC 7515, 4.1.6).
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
