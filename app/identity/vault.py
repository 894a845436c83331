"""Secrets of people at rest: sealed with a key made of the window's secret, and bound to the person they belong to.

AES-256-GCM with a fresh nonce each; whoever has the database without the secret key has nothing, and a secret moved to another
person's row does not open. The key is made for this one purpose (HMAC of the window's secret with a name).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from itsdangerous import URLSafeTimedSerializer

_NONCE = 12


def _window_key(purpose: str) -> bytes:
    secret = current_app.extensions["akno.settings"].secret_key.get_secret_value()
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def seal(secret: str, person_id: uuid.UUID) -> str:
    """Return a secret as it is kept for one person."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_window_key("secrets of factors")).encrypt(nonce, secret.encode(), person_id.bytes)
    return base64.b64encode(nonce + sealed).decode()


def opened(sealed: str, person_id: uuid.UUID) -> str | None:
    """Return a person's secret; None when it is not this person's, was changed, or the window's secret is another now."""
    try:
        raw = base64.b64decode(sealed, validate=True)
        return AESGCM(_window_key("secrets of factors")).decrypt(raw[:_NONCE], raw[_NONCE:], person_id.bytes).decode()
    except (InvalidTag, ValueError):
        return None


def code_digest(person_id: uuid.UUID, code: str) -> str:
    """Return under what a recovery code is kept (hex): its 120 random bits need no slow hash (ASVS 6.5.2), its key is the window's."""
    return hmac.new(_window_key("recovery codes"), person_id.bytes + code.encode(), hashlib.sha256).hexdigest()


def made_up_secret(email: str) -> str:
    """Return the secret of a made-up person of the demonstration country (base32): whoever knows the window's secret can make it
    anew. Nobody real has such a secret."""
    return base64.b32encode(_window_key(f"made-up factor:{email}")[:20]).decode()


def offers() -> URLSafeTimedSerializer:
    """Return what signs a secret that is offered and not taken yet: it is kept by the page, not by us."""
    return URLSafeTimedSerializer(_window_key("offered factors"), salt="akno factor offer")
