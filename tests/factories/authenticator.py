"""A passkey made of arithmetic: what a browser and its key would answer, so that ceremonies are tested without either."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One key at one site; ``flags`` and ``origin`` can be bent by a test."""

    rp_id: str = "localhost"
    origin: str = "http://localhost:8000"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: os.urandom(32))

    def make(self, options: dict[str, Any]) -> str:
        """Answer what a new passkey is asked."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cbor2.dumps(cose)
        said = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested}
        answer = {"attestationObject": bytes_to_base64url(cbor2.dumps(said))}
        return self._answer("webauthn.create", options, answer)

    def prove(self, options: dict[str, Any]) -> str:
        """Sign what is asked."""
        self.count += 1
        data, client = self._data(), self._client("webauthn.get", options)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {"authenticatorData": bytes_to_base64url(data), "signature": bytes_to_base64url(signed)}
        return self._answer("webauthn.get", options, answer)

    def _data(self, more: int = 0) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([self.flags | more]) + struct.pack(">I", self.count)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        challenge = bytes_to_base64url(base64url_to_bytes(options["challenge"]))
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, kind: str, options: dict[str, Any], response: dict[str, str]) -> str:
        name = bytes_to_base64url(self.credential)
        client = bytes_to_base64url(self._client(kind, options))
        said = {"clientDataJSON": client, **response}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": said})
