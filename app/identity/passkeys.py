"""Passkeys (WebAuthn): what is asked of a browser, and whether its answer is right. A key never leaves its machine.

What is to be signed is kept in the row of the session: good once, for five minutes, at our address alone. The person must show
herself to the key (user verification), so that a found key is of no use.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app import clock
from app.database import session
from app.identity.factor_models import Factor
from app.identity.models import Person, SignInSession

GOOD_FOR = timedelta(minutes=5)
LONGEST = 20_000
"""Characters of a browser's answer that are looked at."""
_MUST = UserVerificationRequirement.REQUIRED


class NoPasskey(Exception):
    """The browser's answer proves nothing."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys belong: the host's name, and the addresses a browser may have been at."""

    rp_id: str
    origin: str


def site_of(base_url: str) -> Site | None:
    """Return where passkeys belong, after the address of the window; None when it has no name (browsers give none to an IP
    address). This machine's own address stands for ``localhost``."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        if not ipaddress.ip_address(host).is_loopback:
            return None
        host = "localhost"
    except ValueError:
        pass
    return Site(host, f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}")


def ask_for_new(row: SignInSession, person: Person, known: Sequence[Factor], site: Site) -> str:
    """Return what a browser is to make a passkey of (JSON), and keep its challenge in the session's row."""
    options = generate_registration_options(
        rp_id=site.rp_id, rp_name="Akno", user_id=person.id.bytes, user_name=person.email,
        user_display_name=person.full_name, exclude_credentials=_described(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=_MUST
        ),
    )  # fmt: skip
    _keep(row, options.challenge)
    return options_to_json(options)


def take_new(row: SignInSession, answer: str, site: Site) -> tuple[str, str, int]:
    """Return credential id, public key and sign count of the passkey a browser made. Raises NoPasskey."""
    challenge = _used(row)
    try:
        made = verify_registration_response(
            credential=_parsed(answer), expected_challenge=challenge, expected_rp_id=site.rp_id,
            expected_origin=site.origin, require_user_verification=True,
        )  # fmt: skip
    except Exception as error:  # whatever a stranger's bytes make of the library, they are no passkey
        raise NoPasskey(type(error).__name__) from None
    return bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key), made.sign_count


def ask_for_proof(row: SignInSession, known: Sequence[Factor], site: Site) -> str:
    """Return what a passkey is to sign (JSON), and keep its challenge in the session's row."""
    options = generate_authentication_options(
        rp_id=site.rp_id, allow_credentials=_described(known), user_verification=_MUST
    )
    _keep(row, options.challenge)
    return options_to_json(options)


def take_proof(row: SignInSession, answer: str, known: Sequence[Factor], site: Site) -> Factor:
    """Return the passkey that signed what this session asked; its sign count has gone on. Raises NoPasskey, also for a copy of
    a key, whose count stands behind."""
    challenge, parsed = _used(row), _parsed(answer)
    factor = next((one for one in known if one.credential_id == parsed.get("id")), None)
    if factor is None:
        raise NoPasskey("unknown")
    try:
        proof = verify_authentication_response(
            credential=parsed, expected_challenge=challenge, expected_rp_id=site.rp_id, expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(factor.public_key),
            credential_current_sign_count=factor.sign_count, require_user_verification=True,
        )  # fmt: skip
    except Exception as error:  # whatever a stranger's bytes make of the library, they are no proof
        raise NoPasskey(type(error).__name__) from None
    factor.sign_count = proof.new_sign_count
    return factor


def _described(known: Sequence[Factor]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id)) for one in known if one.credential_id
    ]


def _keep(row: SignInSession, challenge: bytes) -> None:
    row.challenge, row.challenge_at = bytes_to_base64url(challenge), clock.now()
    session().flush()


def _used(row: SignInSession) -> bytes:
    challenge, at = row.challenge, row.challenge_at
    if not challenge or at is None:
        raise NoPasskey("no challenge")
    # Of two who bring one answer at once the second waits here and finds nothing to sign any more.
    mine = sa.update(SignInSession).where(SignInSession.id == row.id, SignInSession.challenge == challenge)
    spent = mine.values(challenge=None, challenge_at=None).returning(SignInSession.id)
    won = session().scalar(spent.execution_options(synchronize_session=False)) is not None
    session().refresh(row, ["challenge", "challenge_at"])
    if not won or clock.now() - at > GOOD_FOR:
        raise NoPasskey("no challenge")
    return base64url_to_bytes(challenge)


def _parsed(answer: str) -> dict[str, object]:
    try:
        parsed = json.loads(answer[:LONGEST])
    except (ValueError, RecursionError):
        raise NoPasskey("no JSON") from None
    if not isinstance(parsed, dict):
        raise NoPasskey("no object")
    return parsed
