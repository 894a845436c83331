"""Proving who one is beyond the password: a code, a passkey, a recovery code; wrong ones are counted and told to their owner."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.access import NOBODY, Actor
from app.database import session
from app.errors import Refusal
from app.identity import codes, factors, passkeys, passwords
from app.identity.models import Person, SignInAttempt, SignInSession
from app.identity.tries import refuse_tired
from app.ledger.recording import digest, record


class WrongProof(Refusal):
    """The code, passkey or password is not of this person, or was used before. That it was tried is to be kept."""

    status = 422


class NotHere(Refusal):
    """Nothing that could be typed here proves who this is: the person came in by a provider and has no factor of our own."""

    status = 403


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody gives: a code of an app, a recovery code or (without any factor) the password in ``code``; what a browser
    says of a passkey in ``passkey``."""

    code: str = ""
    passkey: str = ""

    def __bool__(self) -> bool:
        return bool(self.code.strip() or self.passkey.strip())


@dataclass(frozen=True, slots=True)
class Terms:
    """How many wrong codes are borne within how long, and where passkeys belong."""

    attempts: int = 5
    window: timedelta = timedelta(minutes=5)
    site: passkeys.Site | None = None


def prove(row: SignInSession, proof: Proof, *, counted_as: str, terms: Terms, by: Actor) -> str:
    """Return by what a person has proven to be herself: totp, passkey or recovery.

    ``row`` is the session it is proven in (its person, its challenge); wrong ones are counted under ``counted_as``, so that who
    guesses at the door shuts out nobody who is inside. A passkey and a recovery code cannot be guessed: they are believed even
    when too many codes were wrong, so that nobody can be locked out. Raises WrongProof, TooManyTries; keep what was written.
    """
    account = digest(f"factor:{counted_as}")
    if proof.passkey.strip():
        kind, right = factors.PASSKEY, _by_passkey(row, proof.passkey, terms)
    elif codes.looks_like_recovery(proof.code):
        kind, right = factors.RECOVERY, factors.take_recovery(row.person_id, proof.code, by=by)
    else:
        _refuse_tired(account, terms)
        kind, right = factors.TOTP, factors.take_code(row.person_id, proof.code) is not None
    if not right:
        # Beyond so many, wrong ones of any kind leave no more entries, and its owner gets no more letters.
        _refuse_tired(account, terms)
        _write_down(row, account, kind, by)
        raise WrongProof
    _forget(account)
    return kind


def prove_password(person: Person, row: SignInSession, password: str, *, terms: Terms, by: Actor) -> str:
    """The same for somebody without a second factor: the password again. Raises WrongProof, TooManyTries."""
    account = digest(f"factor:{_inside(row.id)}")
    _refuse_tired(account, terms)
    if not passwords.verified(person.password_hash, password):
        _write_down(row, account, factors.PASSWORD, by)
        raise WrongProof
    _forget(account)
    return factors.PASSWORD


def step_up(row: SignInSession, proof: Proof, *, terms: Terms, by: Actor) -> str:
    """Prove who one is again, in a session that is open: from now on it is fresh. Returns by what.

    Raises WrongProof, TooManyTries; keep what was written. Raises NotHere for whom only another sign-in can prove.
    """
    person = session().get_one(Person, row.person_id)
    if factors.has_any(person.id):
        kind = prove(row, proof, counted_as=_inside(row.id), terms=terms, by=by)
    elif row.proven_by in factors.STRONG:
        # An identity provider or a broken glass let her in: the password alone must not stand in for that.
        raise NotHere
    else:
        kind = prove_password(person, row, proof.code, terms=terms, by=by)
    is_proven(row, kind)
    record("person.stepped_up", "person", row.person_id, by=by, session=str(row.id), kind=kind)
    return kind


def is_proven(row: SignInSession, kind: str) -> None:
    """Remember in a session that its person has just proven who they are."""
    row.proven_at, row.proven_by = clock.now(), kind
    session().flush()


def _by_passkey(row: SignInSession, answer: str, terms: Terms) -> bool:
    known = [one for one in factors.list_factors(row.person_id) if one.kind == factors.PASSKEY]
    if terms.site is None:
        return False
    try:
        used = passkeys.take_proof(row, answer, known, terms.site)
    except passkeys.NoPasskey:
        return False
    used.last_used_at = clock.now()
    session().flush()
    return True


def _refuse_tired(account: str, terms: Terms) -> None:
    refuse_tired(SignInAttempt.account_digest == account, attempts=terms.attempts, window=terms.window)


def _write_down(row: SignInSession, account: str, kind: str, by: Actor) -> None:
    attempt = SignInAttempt(at=clock.now(), account_digest=account, address_digest=account)
    session().add(attempt)
    session().flush()
    # Who it was nobody knows; the house it belongs to is known, so that its owner can be told.
    whose = replace(NOBODY, organisation_id=by.organisation_id)
    record("person.factor_refused", "person", row.person_id, by=whose, kind=kind)


def _forget(account: str) -> None:
    session().execute(sa.delete(SignInAttempt).where(SignInAttempt.account_digest == account))


def carry_on(before: uuid.UUID, after: uuid.UUID) -> None:
    """Count what was wrong in one session in the one that takes its place: a change of hats buys no further tries."""
    old, new = digest(f"factor:{_inside(before)}"), digest(f"factor:{_inside(after)}")
    tried = sa.update(SignInAttempt).where(SignInAttempt.account_digest == old)
    session().execute(tried.values(account_digest=new, address_digest=new))


def _inside(session_id: uuid.UUID) -> str:
    """Under what wrong codes are counted in a session that is open."""
    return f"session:{session_id}"


def key_of(person_id: uuid.UUID) -> str:
    """Return under what wrong codes at the door are counted: the person, wherever they are guessed."""
    return f"person:{person_id}"
