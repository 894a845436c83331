"""From a clearance that was asked for to its signed paper, step by step; each step is a transaction and safe to repeat.

What is about to be signed goes into the ledger before the key is asked, in a transaction that has ended by then: whatever
dies afterwards, there is a record of every signature that may exist (the habit of Boulder). The untrusted text is drawn in a
child that has no key; who holds the key reads no PDF. Without a key the clearance waits, and nothing unsigned is ever stored.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from flask import current_app

from app import clock
from app.access import SYSTEM
from app.clearance import certificate, finders, numbering
from app.clearance.drawing import press
from app.clearance.facts import ClearanceFacts, ranges
from app.clearance.lifecycle import CLEARANCE
from app.clearance.models import Clearance
from app.database import session
from app.documents.uploading import keep
from app.errors import NotFound
from app.signing import alarms, claims, keeping, paper, stamping, trust
from app.signing.claims import Claims
from app.signing.keys import NoKey, Signer
from app.signing.paper import Prepared


@dataclass(frozen=True, slots=True)
class Work:
    """A paper on its way. ``because``: why it cannot be signed now; ``done``: there is nothing left to do.

    ``at`` is the moment that the paper says it was drawn up.
    """

    clearance_id: uuid.UUID
    at: datetime
    facts: ClearanceFacts | None = None
    canonical: bytes = b""
    signer: Signer | None = None
    prepared: Prepared | None = None
    signed: bytes = b""
    because: str = ""
    done: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether the next step has anything to do."""
        return not self.done and not self.because


def plan(clearance_id: str | uuid.UUID) -> Work:
    """Read what stands on the paper and find the key; writes nothing. Raises NotFound."""
    wanted = uuid.UUID(str(clearance_id))
    clearance = session().get(Clearance, wanted)
    if clearance is None:
        raise NotFound(f"clearance {clearance_id}")
    work = Work(wanted, clock.now())
    if clearance.status != CLEARANCE.initial:
        return replace(work, done=True)
    stop = alarms.find_stop()
    if stop is not None:
        # The watch over the key finds out when it works again; until then nobody knocks with every paper.
        return replace(work, because=stop.because)
    try:
        signer = keeping.in_use()
    except NoKey as wrong:
        return replace(work, because=wrong.because)
    facts = facts_of(clearance, issued_at=work.at)
    return replace(work, facts=facts, canonical=certificate.canonical_of(clearance), signer=signer)


def intend_claims(work: Work) -> Work:
    """Say in the ledger which claims for the QR code are about to be signed."""
    if not work.goes_on:
        return work
    facts, signer = _planned(work)
    message = claims.message_of(claims_of(facts, signer), numbering.typed(facts.code))
    return _intend(work, hashlib.sha256(message).hexdigest())


def draw(work: Work) -> Work:
    """Sign the claims and let the paper be drawn with an empty place for its signature; writes nothing."""
    if not work.goes_on:
        return work
    facts, signer = _planned(work)
    try:
        signed = claims.write(claims_of(facts, signer), numbering.typed(facts.code), signer.sign)
    except NoKey as wrong:
        return replace(work, because=wrong.because)
    room = paper.room_for(signer, stamped=stamping.stamper() is not None)
    return replace(work, prepared=press.draw(replace(facts, claims=signed), work.canonical, room=room))


def intend(work: Work) -> Work:
    """Say in the ledger which bytes are about to be signed: the digest is that of the whole file but the place itself."""
    if not work.goes_on or work.prepared is None:
        return work
    return _intend(work, work.prepared.digest)


def sign(work: Work) -> Work:
    """Sign what was intended; writes nothing, for a token and a time-stamp authority take their time."""
    if not work.goes_on or work.prepared is None:
        return work
    _facts, signer = _planned(work)
    try:
        return replace(work, signed=paper.seal(work.prepared, signer, stamping.stamper()))
    except NoKey as wrong:
        return replace(work, because=wrong.because)


def store(work: Work) -> Clearance:
    """Store the signed paper and issue the clearance; the one whose place it takes is superseded at that moment. Clearances
    of other goods of the package stay as they are: those goods may be on the road. What cannot be signed waits."""
    clearance = finders.lock_clearance(work.clearance_id)
    if clearance.status != CLEARANCE.initial or work.done:
        return clearance
    if not work.signed or work.signer is None:
        clearance.waiting_since = clearance.waiting_since or work.at
        clearance.tried_at = clock.now()
        alarms.failed(work.because)
        return clearance
    blob = keep(work.signed, media_type="application/pdf")
    clearance.sha256, clearance.signed_with = blob.sha256, work.signer.fingerprint
    clearance.issued_at, clearance.waiting_since = work.at, None
    declaration = str(clearance.declaration_id)
    if clearance.replaces_id is not None:
        replaced = finders.lock_clearance(clearance.replaces_id)
        CLEARANCE.move(replaced, "supersede", by=SYSTEM, declaration=declaration, number=replaced.number)
    CLEARANCE.move(clearance, "issue", by=SYSTEM, declaration=declaration, number=clearance.number, sha256=blob.sha256)
    session().flush()
    return clearance


def facts_of(clearance: Clearance, *, issued_at: datetime) -> ClearanceFacts:
    """Read what stands on a clearance, as this installation shows it (address, names of officers)."""
    settings = current_app.extensions["akno.settings"]
    facts = certificate.facts_of(
        clearance, base_url=settings.base_url, names=settings.officer_names_on_paper, issued_at=issued_at
    )
    toy = settings.demonstration and settings.signing_certificate_file is None
    return replace(facts, test=settings.rehearsal, demonstration=toy and not settings.rehearsal)


def claims_of(facts: ClearanceFacts, signer: Signer) -> Claims:
    """Return what the QR code says beside the address."""
    return Claims(
        key_id=trust.key_id_of(signer.certificate),
        number=facts.number,
        items=ranges(facts.released).replace("\N{EN DASH}", "-").replace(" ", ""),
        count=len(facts.released),
        total=len(facts.goods),
        net_kg=facts.released_net_kg,
        issued_at=facts.issued_at,
        office=facts.office_code,
    )


def _planned(work: Work) -> tuple[ClearanceFacts, Signer]:
    if work.facts is None or work.signer is None:
        raise ValueError("a paper is planned before it is signed")
    return work.facts, work.signer


def _intend(work: Work, sha256: str) -> Work:
    """Record one intent, unless the paper was issued by somebody else meanwhile."""
    _facts, signer = _planned(work)
    clearance = finders.lock_clearance(work.clearance_id)
    if clearance.status != CLEARANCE.initial:
        return replace(work, done=True)
    keeping.take(signer)
    CLEARANCE.move(
        clearance,
        "intend",
        by=SYSTEM,
        declaration=str(clearance.declaration_id),
        number=clearance.number,
        sha256=sha256,
        key=signer.fingerprint,
    )
    session().flush()
    return work
