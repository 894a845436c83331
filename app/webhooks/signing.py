"""Signatures of webhooks by Standard Webhooks 1.0 (version v1: HMAC-SHA256 of ``id.timestamp.body``). Pure.

No secret is stored: each is made of the window's own key, the endpoint's id and how often it was rotated.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

PREFIX = "whsec_"


def secret_of(key: bytes, endpoint_id: UUID, generation: int) -> bytes:
    """Return the secret of an endpoint (32 bytes); ``key`` is the window's, used for nothing else."""
    return hmac.new(key, b"webhook:%b:%d" % (endpoint_id.bytes, generation), hashlib.sha256).digest()


def shown(secret: bytes) -> str:
    """Return a secret as its receiver keeps it: ``whsec_`` and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def signature(secrets: Iterable[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of ``webhook-signature``: one ``v1,…`` for each secret that is good, with blanks between them."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    made = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in secrets)
    return " ".join(f"v1,{base64.b64encode(one).decode()}" for one in made)
