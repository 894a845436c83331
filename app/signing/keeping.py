"""The register of signing keys: a key is entered when it signs first, and retired, never removed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask_babel import lazy_gettext as _l

from app import clock
from app.access import SYSTEM, Actor
from app.database import session
from app.errors import Conflict, NotFound
from app.ledger.recording import record
from app.signing.keys import NoKey, Signer, signer
from app.signing.models import SigningKey

PAPER = "paper"
"""The purpose of the key that signs clearances and what stands on them."""
REPLACED, COMPROMISED = "replaced", "compromised"
ANNOUNCED = (60, 30, 7)
"""Days before the end of a key at which it is announced (trust.md S-KEY)."""
_KEYS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:akno:signing-keys")


def in_use() -> Signer:
    """Return the signer of the application at hand. Raises NoKey also for a key that the register calls retired."""
    found = signer()
    row = session().get(SigningKey, found.fingerprint)
    if row is not None and row.retired_at is not None:
        raise NoKey(_l("The signing key was retired. Take a new one."), "retired")
    return found


def take(found: Signer, *, purpose: str = PAPER) -> SigningKey:
    """Enter a key that is about to sign, the first time with an event; returns its row."""
    row = session().get(SigningKey, found.fingerprint)
    if row is not None:
        return row
    certificate = found.certificate
    row = SigningKey(
        fingerprint=found.fingerprint,
        purpose=purpose,
        subject=certificate.subject.rfc4514_string(),
        certificate=_pem(certificate),
        chain="".join(_pem(one) for one in found.chain),
        taken_at=clock.now(),
        until=certificate.not_valid_after_utc,
    )
    try:
        with session().begin_nested():
            session().add(row)
    except sa.exc.IntegrityError:  # another worker was first, and has told the ledger
        return session().get_one(SigningKey, found.fingerprint)
    record(
        "signing.key_taken",
        "signing_key",
        subject_of(row),
        by=SYSTEM,
        key=row.fingerprint,
        purpose=purpose,
        until=_at(row),
    )
    return row


def retire(fingerprint: str, *, because: str, by: Actor) -> SigningKey:
    """Let a key sign no more. ``because``: ``replaced``, or ``compromised``: then what it signed is in doubt.

    A key that was replaced may still be called compromised later. Raises NotFound, Conflict.
    """
    row = session().get(SigningKey, fingerprint, with_for_update=True)
    if row is None:
        raise NotFound(f"signing key {fingerprint}")
    if because not in (REPLACED, COMPROMISED):
        raise ValueError(f"a key is retired because it is {REPLACED} or {COMPROMISED}")
    if row.retired_at is not None and (row.because, because) != (REPLACED, COMPROMISED):
        raise Conflict(_l("This key was retired before."), {"because": row.because})
    row.retired_at, row.because = clock.now(), because
    record(
        "signing.key_retired",
        "signing_key",
        subject_of(row),
        by=by,
        key=row.fingerprint,
        purpose=row.purpose,
        because=because,
    )
    session().flush()
    return row


def announce(row: SigningKey) -> None:
    """Say once at each of ANNOUNCED days that a key ends; late, only the nearest of them is said."""
    left = (row.until - clock.now()).days
    passed = [days for days in ANNOUNCED if left < days]
    if passed and (row.told_days is None or passed[-1] < row.told_days):
        row.told_days = passed[-1]
        record(
            "signing.key_end_announced", "signing_key", subject_of(row), by=SYSTEM, key=row.fingerprint, days=max(left, 0), until=_at(row)
        )  # fmt: skip


def list_keys(*, purpose: str = PAPER) -> Sequence[SigningKey]:
    """Return the keys of a purpose, retired ones too, the newest first. There are few."""
    query = sa.select(SigningKey).where(SigningKey.purpose == purpose)
    return session().scalars(query.order_by(SigningKey.taken_at.desc(), SigningKey.fingerprint)).all()


def find_key(fingerprint: str) -> SigningKey | None:
    """Return the key with this fingerprint, or None."""
    return session().get(SigningKey, fingerprint)


def certificates(*, purpose: str = PAPER) -> tuple[x509.Certificate, ...]:
    """Return the certificates of every key that ever signed and those above them, the oldest key first, each once."""
    pem = "".join(row.certificate + row.chain for row in reversed(list_keys(purpose=purpose)))
    return tuple(dict.fromkeys(x509.load_pem_x509_certificates(pem.encode()))) if pem else ()


def subject_of(row: SigningKey) -> uuid.UUID:
    """Return the id under which the ledger knows a key: the same fingerprint is always the same id."""
    return uuid.uuid5(_KEYS, row.fingerprint)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode("ascii")


def _at(row: SigningKey) -> str:
    return row.until.isoformat(timespec="seconds")
