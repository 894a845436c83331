"""A small identity provider on loopback HTTP for the tests: what a good one does, and each way of doing it wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "akno", "a secret with / and + and ünïcode".encode().hex()

NO_ALGORITHM = b'{"alg":"none"}'


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class IdentityProvider:
    """Answers for one subject. ``claims`` go over the good ones (None takes one away); ``broken`` names what is done wrong."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signs_with = self.key
        self.claims: dict[str, Any] = {}
        self.broken = ""
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.issuer = ""

    def authorise(self, address: str) -> dict[str, str]:
        """What the browser brings back after somebody proved there who they are."""
        sent = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = sent
        return {"code": code, "state": sent["state"]}

    def id_token(self, sent: dict[str, str]) -> str:
        now = int(time.time())
        good = {
            "iss": self.issuer, "sub": "subject-of-olga", "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": sent["nonce"], "amr": ["pwd", "mfa"],
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in good.items() if value is not None}
        if self.broken == "alg none":
            return f"{_b64(NO_ALGORITHM)}.{_b64(json.dumps(claims).encode())}."
        if self.broken == "alg HS256 with the public key":
            signed = f"{_b64(json.dumps({'alg': 'HS256', 'kid': 'one'}).encode())}.{_b64(json.dumps(claims).encode())}"
            return f"{signed}.{_b64(hmac.digest(self.key.as_pem(private=False), signed.encode(), 'sha256'))}"
        if self.broken == "another key":
            return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048))
        token = jwt.encode({"alg": "RS256", "kid": self.signs_with.kid}, claims, self.signs_with)
        if self.broken == "a changed claim":
            head, body, sign = token.split(".")
            changed = base64.urlsafe_b64decode(body + "==").replace(b"subject-of-olga", b"subject-of-anna")
            return f"{head}.{_b64(changed)}.{sign}"
        return token

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(path)
        if self.broken == f"redirects {path}":
            return 302, {"Location": f"{self.issuer}/elsewhere"}, b""
        if self.broken == f"huge {path}":
            return 200, {}, b'{"a": "' + b"x" * 400_000 + b'"}'
        if path == "/.well-known/openid-configuration":
            named = "https://evil.example" if self.broken == "another issuer" else self.issuer
            token_at = "http://192.0.2.1/token" if self.broken == "an address inside" else f"{self.issuer}/token"
            return 200, {}, json.dumps({
                "issuer": named, "authorization_endpoint": f"{self.issuer}/authorise", "token_endpoint": token_at,
                "jwks_uri": f"{self.issuer}/keys",
            }).encode()  # fmt: skip
        if path == "/keys":
            keys = KeySet([self.signs_with]).as_dict(private=False)
            return 200, {}, json.dumps(keys).encode()
        if path == "/token":
            return self._token(form, authorization)
        return 404, {}, b"{}"

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, str], bytes]:
        sent = self.codes.pop(form.get("code", ""), None)
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        proven = _b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if sent is None or pair != f"{CLIENT}:{SECRET}" or proven != sent["code_challenge"]:
            return 400, {}, b'{"error": "invalid_grant"}'
        return (
            200,
            {},
            json.dumps({"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(sent)}).encode(),
        )


@contextmanager
def serving() -> Iterator[IdentityProvider]:
    """A provider that answers on a port of this machine until the block ends."""
    made = IdentityProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: dict[str, str]) -> None:
            status, headers, body = made.answer(self.path, form, self.headers.get("Authorization", ""))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
