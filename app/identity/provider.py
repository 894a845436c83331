"""OpenID Connect with an agency's own provider: the authorization code with PKCE, state and nonce; the ID token examined.

Sources: OpenID Connect Core 1.0 sections 3.1.2 and 3.1.3.7, RFC 7636 (S256), RFC 9207 (``iss``), RFC 9700; ASVS 10.5. Looks at no
database. Everything is fetched within seconds, without redirects, over https (in the demonstration also from this machine), and
held as long as one person needs it; the provider's description and keys for ten minutes.
"""

from __future__ import annotations

import base64
import hmac
import ipaddress
import json
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app import clock
from app.errors import Refusal

ALGORITHMS = ("RS256", "PS256", "ES256", "Ed25519", "EdDSA")
"""Signatures with a public key: never ``none``, never one with a shared secret."""
TIMEOUT_SECONDS = 5.0
LARGEST = 256 * 1024
KEPT_FOR = timedelta(minutes=10)
LEEWAY_SECONDS = 60
OLDEST = timedelta(minutes=10)
"""How old an ID token may be when it comes."""
STRONG = frozenset({"mfa", "hwk"})
"""Methods of RFC 8176 that count as a second factor: several factors, or a key in hardware."""


class ProviderAway(Refusal):
    """The provider does not answer, or not as it should: whoever has a password signs in with it."""

    status = 503


class NotRecognised(Refusal):
    """What came back from the provider is not what it must be; why stands in the log, not on the page."""

    status = 422


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as the settings name it. ``loopback``: whether it may stand on this machine without TLS."""

    issuer: str
    client_id: str
    client_secret: str
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """What is remembered between leaving for the provider and coming back: all random, kept in the browser's own cookie."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """Whom the provider recognised: the subject, which is all we ask, and whether by more than a password."""

    subject: str
    strong: bool


def begin(provider: Provider, *, redirect_uri: str, language: str = "") -> tuple[str, Flow]:
    """Return the address to lead the browser to, and what to remember. Raises ProviderAway."""
    flow = Flow(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
    challenge = create_s256_code_challenge(flow.verifier)
    address = prepare_grant_uri(
        _description(provider)["authorization_endpoint"], provider.client_id, "code", redirect_uri, "openid", flow.state,
        nonce=flow.nonce, code_challenge=challenge, code_challenge_method="S256", ui_locales=language or None,
    )  # fmt: skip
    return str(address), flow


def finish(provider: Provider, flow: Flow, answer: Mapping[str, str], *, redirect_uri: str) -> Recognised:
    """Return whom the provider recognised. Raises NotRecognised, ProviderAway."""
    if not hmac.compare_digest(answer.get("state", "").encode(), flow.state.encode()):
        raise NotRecognised("another state than the one that was sent")
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise NotRecognised("the answer names another issuer")
    if not answer.get("code"):
        raise NotRecognised(f"no code: {answer.get('error', '')[:40]!r}")
    asked = {
        "grant_type": "authorization_code", "code": answer["code"], "redirect_uri": redirect_uri,
        "code_verifier": flow.verifier,
    }  # fmt: skip
    described = _description(provider)
    given = _fetch(described["token_endpoint"], provider, data=asked)
    claims = _examined(provider, str(given.get("id_token", "")), described["jwks_uri"])
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), flow.nonce.encode()):
        raise NotRecognised("another nonce than the one that was sent")
    methods = claims.get("amr")
    strong = isinstance(methods, list) and not STRONG.isdisjoint(str(one) for one in methods)
    return Recognised(str(claims["sub"]), strong or str(claims.get("acr", "")) in STRONG)


def _examined(provider: Provider, token: str, keys_at: str) -> Mapping[str, Any]:
    """The claims of an ID token that is this provider's, for us, and of now (OpenID Connect Core 3.1.3.7)."""
    try:
        try:
            claims = jwt.decode(token, _keys(provider, keys_at), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            # The keys may have been changed since we looked: once more, with those of this moment.
            claims = jwt.decode(token, _keys(provider, keys_at, anew=True), algorithms=ALGORITHMS).claims
        now = int(clock.now().timestamp())
        needed = jwt.JWTClaimsRegistry(
            now=now, leeway=LEEWAY_SECONDS, iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id}, sub={"essential": True}, exp={"essential": True},
            iat={"essential": True},
        )  # fmt: skip
        needed.validate(claims)
    except (JoseError, ValueError) as error:
        raise NotRecognised(f"the token does not hold: {type(error).__name__}") from None
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise NotRecognised("the token is for somebody else")
    if now - int(claims["iat"]) > OLDEST.total_seconds():
        raise NotRecognised("the token is too old")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise NotRecognised("the token names no subject")
    return claims


# --- fetching ---------------------------------------------------------------------------------------------------------


class _Kept:
    """What was fetched and for how long it holds, for this process."""

    lock = threading.Lock()
    answers: dict[str, tuple[datetime, Mapping[str, Any]]] = {}


def forget() -> None:
    """Forget descriptions and keys: the next sign-in asks for them."""
    with _Kept.lock:
        _Kept.answers.clear()


def _description(provider: Provider) -> Mapping[str, Any]:
    found = _kept(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration", provider)
    if found.get("issuer") != provider.issuer:
        raise ProviderAway("the description is of another issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not may_be_asked(str(found.get(name, "")), loopback=provider.loopback):
            raise ProviderAway(f"the description names no {name} that may be asked")
    return found


def _keys(provider: Provider, address: str, *, anew: bool = False) -> KeySet:
    return KeySet.import_key_set(dict(_kept(address, provider, anew=anew)))  # type: ignore[arg-type]


def _kept(address: str, provider: Provider, *, anew: bool = False) -> Mapping[str, Any]:
    now = clock.now()
    with _Kept.lock:
        at, answer = _Kept.answers.get(address, (now - 2 * KEPT_FOR, {}))
    if anew or at + KEPT_FOR < now:
        answer = _fetch(address, provider)
        with _Kept.lock:
            _Kept.answers[address] = (now, answer)
    return answer


def may_be_asked(address: str, *, loopback: bool) -> bool:
    """Whether an address is one we talk to: https, or this machine where that is allowed. Pure."""
    parts = urlsplit(address)
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    if parts.scheme == "https":
        return True
    return loopback and parts.scheme == "http" and _is_loopback(parts.hostname)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any, **_options: Any) -> None:
        """Follow nobody: the address that was examined is the one that is asked."""


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def _fetch(address: str, provider: Provider, *, data: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """Ask for JSON, by POST with our credentials when there is ``data``. Raises ProviderAway."""
    if not may_be_asked(address, loopback=provider.loopback):
        raise ProviderAway("an address that may not be asked")
    request = urllib.request.Request(address, headers={"Accept": "application/json"})
    if data is not None:
        pair = f"{_form(provider.client_id)}:{_form(provider.client_secret)}".encode()
        request.add_header("Authorization", "Basic " + base64.b64encode(pair).decode())
        request.data = urlencode(data).encode()
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            read = json.loads(_read(answer))
    except urllib.error.HTTPError as error:
        with error:
            raise ProviderAway(f"the provider answered {error.code}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ProviderAway(f"the provider does not answer ({type(error).__name__})") from None
    if not isinstance(read, dict):
        raise ProviderAway("the provider answers something else")
    return read


def _read(answer: Any) -> bytes:
    """Read at most LARGEST bytes within the time: a trickle is no answer."""
    ending, parts, size = clock.now() + timedelta(seconds=TIMEOUT_SECONDS), [], 0
    while part := answer.read1(64 * 1024):
        parts.append(part)
        size += len(part)
        if size > LARGEST or clock.now() > ending:
            raise ValueError("too much, or too slow")
    return b"".join(parts)


def _form(text: str) -> str:
    """As RFC 6749, 2.3.1 wants credentials in Basic: encoded as a form is."""
    return urlencode({"": text})[1:]
