"""Second factors: added, named, removed, made anew after a loss; recovery codes. The secrets are seen by their person alone."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pyotp
import sqlalchemy as sa
from itsdangerous import BadData

from app import clock
from app.access import Actor, require
from app.database import session
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import codes, passkeys, policy, sessions, vault
from app.identity.factor_models import Factor, RecoveryCode
from app.identity.factor_wording import OWN_FACTORS, fault
from app.identity.finders import list_memberships
from app.identity.models import Person, SignInSession
from app.ledger.recording import record

TOTP, PASSKEY, RECOVERY, PASSWORD, PROVIDER, GLASS = "totp", "passkey", "recovery", "password", "provider", "glass"
STRONG = frozenset({TOTP, PASSKEY, RECOVERY, PROVIDER, GLASS})
"""What proves more than that somebody knows a password."""
OF_ONE_HOUSE = frozenset({PROVIDER, GLASS})
"""What opens one house: an agency speaks for its own places, a broken glass for the administrator's."""
MOST = 10
"""Factors one person may have."""
OFFER_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret for an app that is shown and not taken yet; ``token`` is what the form brings back."""

    secret: str
    token: str
    address: str


def list_factors(person_id: uuid.UUID) -> Sequence[Factor]:
    """Return the factors of a person, oldest first."""
    query = sa.select(Factor).where(Factor.person_id == person_id).order_by(Factor.id)
    return session().scalars(query).all()


def has_any(person_id: uuid.UUID) -> bool:
    """Whether a person has a second factor."""
    return session().scalar(sa.select(Factor.id).where(Factor.person_id == person_id).limit(1)) is not None


def get_factor(factor_id: uuid.UUID, *, actor: Actor) -> Factor:
    """Return one of the actor's own factors; raises NotFound for anybody else's."""
    found = session().get(Factor, factor_id)
    if found is None or found.person_id != actor.person_id:
        raise NotFound
    return found


def count_codes(person_id: uuid.UUID) -> int:
    """Return how many recovery codes of a person are left."""
    left = sa.select(sa.func.count()).select_from(RecoveryCode)
    return session().scalar(left.where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))) or 0


def is_required(person_id: uuid.UUID, required_of: Collection[str]) -> bool:
    """Whether any place of a person today is of a kind whose people need a second factor."""
    return any(one.organisation.kind in required_of for one in list_memberships(person_id, clock.today()))


# --- an app ---------------------------------------------------------------------------------------------------------------


def offer(person: Person, token: str = "") -> Offer:
    """Return a secret for an app: a fresh one, or the one that a page brings back."""
    secret = _taken_back(token, person.id) or pyotp.random_base32()
    address = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name="Akno")
    return Offer(secret, str(vault.offers().dumps([secret, person.id.hex])), address)


def _taken_back(token: str, person_id: uuid.UUID) -> str:
    try:
        secret, whose = vault.offers().loads(token, max_age=OFFER_SECONDS)
    except (BadData, ValueError, TypeError):
        return ""
    return str(secret) if whose == person_id.hex else ""


def add_app(person: Person, *, token: str, code: str, label: str, by: Actor) -> Factor:
    """Add an app that has shown that it makes the right codes. Raises NotAllowed, or Invalid: too many, another code, an offer
    that is too old."""
    _own(person.id, by)
    secret = _taken_back(token, person.id)
    if not secret:
        raise Invalid([fault("FACTOR-OFFER-OLD", "code")])
    step = codes.matching_step(secret, code, clock.now(), None)
    known = list_factors(person.id)
    taken = any(one.sealed and vault.opened(one.sealed, person.id) == secret for one in known)
    if step is None or taken:
        raise Invalid([fault("FACTOR-CODE-WRONG", "code")])
    made = _new(person, TOTP, label, known)
    made.sealed, made.last_step = vault.seal(secret, person.id), step
    return _added(made, known, by)


def add_known_app(person: Person, secret: str, *, label: str, by: Actor) -> Factor:
    """Add an app whose secret is known beforehand: of the made-up people of the demonstration country alone."""
    made = _new(person, TOTP, label, ())
    made.sealed, made.last_used_at = vault.seal(secret, person.id), None
    return _added(made, (), by)


# --- a passkey ------------------------------------------------------------------------------------------------------------


def add_passkey(
    person: Person, row: SignInSession, *, answer: str, label: str, site: passkeys.Site | None, by: Actor
) -> Factor:
    """Add the passkey a browser has just made. Raises NotAllowed, or Invalid: too many, or nothing that we asked for."""
    _own(person.id, by)
    known = list_factors(person.id)
    if site is None:
        raise Invalid([fault("FACTOR-PASSKEY-WRONG", "passkey")])
    try:
        credential, key, count = passkeys.take_new(row, answer, site)
    except passkeys.NoPasskey:
        raise Invalid([fault("FACTOR-PASSKEY-WRONG", "passkey")]) from None
    if session().scalar(sa.select(Factor.id).where(Factor.credential_id == credential)) is not None:
        raise Invalid([fault("FACTOR-PASSKEY-KNOWN", "passkey")])
    made = _new(person, PASSKEY, label, known)
    made.credential_id, made.public_key, made.sign_count = credential, key, count
    return _added(made, known, by)


def _new(person: Person, kind: str, label: str, known: Sequence[Factor]) -> Factor:
    if len(known) >= MOST:
        raise Invalid([fault("FACTOR-MANY", "label")])
    now = clock.now()
    return Factor(person_id=person.id, kind=kind, label=label.strip()[:80], created_at=now, last_used_at=now)


def _added(made: Factor, known: Sequence[Factor], by: Actor) -> Factor:
    session().add(made)
    session().flush()
    record("person.factor_added", "person", made.person_id, by=by, kind=made.kind)
    return made


# --- afterwards -------------------------------------------------------------------------------------------------------------


def rename(factor: Factor, *, label: str, by: Actor) -> None:
    """Give a factor another name. Raises NotAllowed, or Invalid for a name longer than 80 characters."""
    _own(factor.person_id, by)
    if len(label.strip()) > 80:
        raise Invalid([fault("FACTOR-NAME-LONG", "label")])
    factor.label = label.strip()
    session().flush()


def remove(factor: Factor, *, required_of: Collection[str], keep: uuid.UUID | None, by: Actor) -> None:
    """Remove a factor; every other session of the person ends. Without any factor the recovery codes are of no use: they go too.

    Raises NotAllowed, or Conflict for the last one of somebody who needs one.
    """
    _own(factor.person_id, by)
    person_id, kind = factor.person_id, factor.kind
    session().execute(sa.select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    left = [one for one in list_factors(person_id) if one.id != factor.id]
    if not left and is_required(person_id, required_of):
        raise Conflict(OWN_FACTORS["last"], {"factor": "last"})
    session().delete(factor)
    if not left:
        _forget_codes(person_id)
        # From now on it is the password that this person shows.
        mine = sa.update(SignInSession).where(SignInSession.person_id == person_id)
        session().execute(mine.values(proven_by=PASSWORD).execution_options(synchronize_session=False))
    session().flush()
    record("person.factor_removed", "person", person_id, by=by, kind=kind)
    sessions.end_others(person_id, except_id=keep)


def make_codes(person: Person, *, by: Actor) -> list[str]:
    """Make ten recovery codes in the place of those there were; they are shown once. Raises NotAllowed."""
    _own(person.id, by)
    # Of two pages at once the second waits here: only its ten are good then.
    session().execute(sa.select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    _forget_codes(person.id)
    made, now = codes.make_recovery_codes(), clock.now()
    session().add_all(
        RecoveryCode(person_id=person.id, code_digest=vault.code_digest(person.id, codes.plain(one)), created_at=now)
        for one in made
    )
    session().flush()
    record("person.recovery_codes_made", "person", person.id, by=by, codes=len(made))
    return made


def reset(person: Person, *, by: Actor) -> None:
    """Remove every factor of somebody who has lost them, as an administrator; the person's sessions end at once, and a fresh
    link lets the person add a factor again. Nobody sees a secret. Raises NotAllowed, also for one's own."""
    require(policy.manage_people, by)
    if by.person_id is not None and person.id == by.person_id:
        raise NotAllowed(OWN_FACTORS["own"])
    session().execute(sa.delete(Factor).where(Factor.person_id == person.id))
    _forget_codes(person.id)
    sessions.end_others(person.id)
    record("person.factors_reset", "person", person.id, by=by)


def take_recovery(person_id: uuid.UUID, typed: str, *, by: Actor) -> bool:
    """Use up a recovery code; returns whether it was one that is left."""
    used = (
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_digest == vault.code_digest(person_id, codes.plain(typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    if session().scalar(used) is None:
        return False
    record("person.recovery_code_used", "person", person_id, by=by, left=count_codes(person_id))
    return True


def take_code(person_id: uuid.UUID, typed: str) -> Factor | None:
    """Return the app whose code was typed; that code is used up. None when it is of none of them."""
    own = sa.select(Factor).where(Factor.person_id == person_id, Factor.kind == TOTP).order_by(Factor.id)
    for factor in session().scalars(own.with_for_update()):
        secret = vault.opened(factor.sealed, person_id)
        step = codes.matching_step(secret, typed, clock.now(), factor.last_step) if secret else None
        if step is not None:
            factor.last_step, factor.last_used_at = step, clock.now()
            session().flush()
            return factor
    return None


def made_up_code(person: Person) -> str:
    """Return the code that a made-up person of the demonstration country would read from her app now; "" for anybody real, whose
    secret cannot be made from an address."""
    secret = vault.made_up_secret(person.email)
    for one in list_factors(person.id):
        if one.sealed and vault.opened(one.sealed, person.id) == secret:
            return codes.code_at(secret, max(codes.interval(clock.now()), (one.last_step or 0) + 1))
    return ""


def _forget_codes(person_id: uuid.UUID) -> None:
    session().execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def _own(person_id: uuid.UUID, by: Actor) -> None:
    if by.person_id != person_id:
        raise NotAllowed(OWN_FACTORS["others"])
