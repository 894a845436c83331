"""What the QR code of a paper says, signed: read by a phone without network. Pure.

The address in the code is ``https://…/verify/CODE#c=CLAIMS``: what stands behind ``#`` is sent to nobody. The claims are plain
letters, so that nothing has to be unpacked: ten fields parted by ``~``, the last one the signature (ES256: P-256, SHA-256, 64 bytes,
base64url). Signed are the words ``akno/claims/1``, the code and the nine fields, a line each: claims of one paper do not
stand under the code of another, and nothing else that the window signs can be taken for claims.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from app.signing import trust as trusting
from app.signing.trust import Trust

VERSION = "1"
DOMAIN = "akno/claims/1"
MOST_RANGES = 40
"""Characters of item numbers; more goods items than fit there are only counted, or the code grows too fine to be read."""
MOST_LETTERS = 400
_FIELDS = 10
_RAW = 32
_PLAIN = re.compile(r"[0-9A-Za-z._,:+\-]{0,64}")
_CODE = re.compile(r"[0-9A-Z]{40}")


class NotClaims(ValueError):
    """These are no claims of ours under this code; the argument is a code: unreadable, unknown-key, signature."""


@dataclass(frozen=True, slots=True)
class Claims:
    """``items``: the goods items it lets go, ``1-3,5``, ``""`` when they are too many to be named. ``count`` of them, ``total``
    in the package; ``net_kg`` of those let go."""

    key_id: str
    number: str
    items: str
    count: int
    total: int
    net_kg: Decimal
    issued_at: datetime
    office: str


def write(claims: Claims, code: str, sign: Callable[[bytes], bytes]) -> str:
    """Return the claims with their signature. ``sign``: ECDSA P-256 with SHA-256 over bytes, DER. ValueError for a value that
    does not fit."""
    body = _body(claims)
    return f"{body}~{encoded(raw_of(sign(_message(body, code))))}"


def message_of(claims: Claims, code: str) -> bytes:
    """Return what is signed when these claims are written. ValueError for a value that does not fit."""
    return _message(_body(claims), code)


def check(text: str, code: str, trust: Trust) -> Claims:
    """Return the claims when one of our keys has signed them for this code. Raises NotClaims."""
    body, _sign, signature = text.rpartition("~")
    claims = read(text)
    certificate = trust.key(claims.key_id)
    if certificate is None:
        raise NotClaims("unknown-key")
    if not is_signed(certificate, _message(body, code), signature):
        raise NotClaims("signature")
    return claims


def read(text: str) -> Claims:
    """Read claims without asking who signed them. Raises NotClaims."""
    fields = text.split("~") if len(text) <= MOST_LETTERS else []
    if len(fields) != _FIELDS or fields[0] != VERSION or not all(_PLAIN.fullmatch(one) for one in fields[:-1]):
        raise NotClaims("unreadable")
    _version, key_id, number, items, count, total, net, issued, office, _signature = fields
    try:
        at = datetime.strptime(issued, "%Y%m%d%H%M").replace(tzinfo=UTC)
        return Claims(key_id, number, items, int(count), int(total), Decimal(net), at, office)
    except (ValueError, InvalidOperation) as error:
        raise NotClaims("unreadable") from error


def _body(claims: Claims) -> str:
    fields = (
        VERSION, claims.key_id, claims.number, claims.items if len(claims.items) <= MOST_RANGES else "", str(claims.count),
        str(claims.total), f"{claims.net_kg:f}", claims.issued_at.astimezone(UTC).strftime("%Y%m%d%H%M"), claims.office,
    )  # fmt: skip
    if not all(_PLAIN.fullmatch(one) for one in fields):
        raise ValueError(f"this cannot stand in claims: {fields}")
    return "~".join(fields)


def _message(body: str, code: str) -> bytes:
    if not _CODE.fullmatch(code):
        raise NotClaims("unreadable")
    return f"{DOMAIN}\n{code}\n{body}\n".encode("ascii")


def is_signed(certificate: x509.Certificate, message: bytes, signature: str) -> bool:
    """Whether a signature (raw, base64url) over a message is of the key of this certificate."""
    try:
        raw = decoded(signature)
        if len(raw) != 2 * _RAW:
            return False
        der = encode_dss_signature(int.from_bytes(raw[:_RAW], "big"), int.from_bytes(raw[_RAW:], "big"))
        trusting.public_key(certificate).verify(der, message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def raw_of(signature: bytes) -> bytes:
    """Return a DER signature as the two numbers that WebCrypto and JWS want, 32 bytes each."""
    first, second = decode_dss_signature(signature)
    return first.to_bytes(_RAW, "big") + second.to_bytes(_RAW, "big")


def encoded(data: bytes) -> str:
    """Return bytes as base64url without its padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    """Return the bytes of base64url, written in the one way it can be. ValueError otherwise."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if encoded(data) != text:
        raise ValueError("not base64url as it is written")
    return data
