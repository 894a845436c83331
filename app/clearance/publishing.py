"""Publishing the list of papers that hold no longer: made anew when one ends, soon after one is issued, when the key changes, and
every hour.

The worker makes and signs it; the web process only hands it out. Whoever checks papers without network asks this list, so it
says when it was made and when to fetch the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import aliased, undefer

from app import clock
from app.clearance.list_models import EndedList
from app.clearance.models import Clearance
from app.database import session
from app.errors import Unavailable
from app.jobs.engine import JobEngine
from app.jobs.registry import Step, register, watch
from app.signing import keeping, keys, listing
from app.signing.keys import Signer
from app.signing.listing import Ended, Listed
from app.signing.models import SigningKey
from app.signing.trust import Trust, read

JOB = "clearance.list"
EVERY = timedelta(hours=1)
"""After so long the list is made anew although nothing has ended: its age is what tells readers how much it is worth."""
SOON = timedelta(minutes=2)
"""A list older than a paper says nothing of it: so long after an edition the next one follows when papers were issued since."""
LATEST = 20
"""How many of the newest papers are looked at for that; ids grow with time, so no index beside the key's is needed."""
HOLDS = timedelta(hours=24)
"""After so long a reader is to fetch the next one."""
KEPT = 3
"""Editions that are kept; the newest is handed out."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition on its way: what it says, by which key, and its signed text."""

    listed: Listed
    signer: Signer
    text: str = ""


def publish(_because: str = "") -> EndedList:
    """Make the next edition, sign it and keep it, in the caller's transaction; the worker does it step by step. Raises NoKey."""
    return keep(sign(gather()))


def gather(_because: str = "") -> Edition:
    """Read what the next edition says; writes nothing. Raises NoKey."""
    signer, newest, now = keeping.in_use(), find_list(), clock.now().replace(microsecond=0)
    listed = Listed(
        serial=newest.serial + 1 if newest is not None else 1,
        made_at=now,
        next_at=now + HOLDS,
        window=current_app.extensions["akno.settings"].base_url,
        entries=_ended(),
        compromised=compromised(),
    )
    return Edition(listed, signer)


def sign(edition: Edition) -> Edition:
    """Sign it; writes nothing, for a token takes its time. Raises NoKey."""
    signer = edition.signer
    return replace(edition, text=listing.write(edition.listed, (signer.certificate, *signer.chain), signer.sign))


def keep(edition: Edition) -> EndedList:
    """Keep it; when another worker was first, the database refuses and the job begins again."""
    listed, signer = edition.listed, edition.signer
    keeping.take(signer)
    made = EndedList(
        serial=listed.serial,
        made_at=listed.made_at,
        next_at=listed.next_at,
        key=signer.fingerprint,
        entries=len(listed.entries),
        text=edition.text,
    )
    session().add(made)
    session().execute(sa.delete(EndedList).where(EndedList.serial <= made.serial - KEPT))
    session().flush()
    return made


def find_list(*, whole: bool = False) -> EndedList | None:
    """Return the newest edition, ``whole`` with its text, or None."""
    query = sa.select(EndedList).order_by(EndedList.serial.desc()).limit(1)
    return session().scalar(query.options(undefer(EndedList.text)) if whole else query)


def get_list() -> EndedList:
    """Return the newest edition with its text. Raises Unavailable when there is none."""
    found = find_list(whole=True)
    if found is None:
        raise Unavailable(_("The list of papers that hold no longer is being made. Ask again in a minute."))
    return found


def trust_in_force() -> Trust:
    """Return whom a reader of our papers trusts: the roots, and every key that has signed for us. Raises NoKey without roots."""
    rows = session().scalars(sa.select(SigningKey).order_by(SigningKey.taken_at, SigningKey.fingerprint)).all()
    roots = keys.trusted()
    known = read("".join(f"# key\n{part}" for row in rows for part in _parts(row)) + Trust(roots).pem())
    file = current_app.extensions["akno.settings"].signing_tsa_roots_file
    stamps = keys.read_certificates(file) if file is not None else ()
    return Trust(roots, tuple(dict.fromkeys(one for one in known.keys if one not in roots)), stamps)


def compromised() -> dict[str, datetime]:
    """Return the fingerprints of keys that were withdrawn because others may have had them, and since when."""
    query = sa.select(SigningKey.fingerprint, SigningKey.retired_at).where(SigningKey.because == keeping.COMPROMISED)
    return {fingerprint: at for fingerprint, at in session().execute(query) if at is not None}


def _parts(row: SigningKey) -> Sequence[str]:
    end = "-----END CERTIFICATE-----"
    return [f"{part.strip()}\n{end}\n" for part in f"{row.certificate}\n{row.chain}".split(end) if part.strip()]


def _ended() -> tuple[Ended, ...]:
    """Every paper that was issued and holds no longer, in the order of the marks, which says nothing of their time."""
    after = aliased(Clearance)
    successor = sa.select(sa.func.min(after.issued_at)).where(after.replaces_id == Clearance.id).scalar_subquery()
    query = sa.select(
        Clearance.code, Clearance._status, sa.func.coalesce(Clearance.revoked_at, successor, Clearance.issued_at)
    ).where(Clearance._status.in_(("superseded", "revoked")))
    rows = [Ended(listing.mark_of(code), state, since) for code, state, since in session().execute(query)]
    return tuple(sorted(rows, key=lambda one: one.mark))


def list_due() -> Sequence[str]:
    """Return why a new edition is due, nothing when it is not or cannot be signed."""
    try:
        key = keeping.in_use().fingerprint
    except keys.NoKey:
        return ()
    newest = find_list()
    if newest is None:
        return ("first",)
    if newest.key != key:
        return ("key",)
    age = clock.now() - newest.made_at
    if age >= EVERY:
        return ("hour",)
    return ("issued",) if age >= SOON and _issued_since(newest.made_at) else ()


def _issued_since(moment: datetime) -> bool:
    issued = session().scalars(sa.select(Clearance.issued_at).order_by(Clearance.id.desc()).limit(LATEST))
    return any(at is not None and at > moment for at in issued)


def ask(because: str) -> None:
    """Let the worker make the next edition: a job, so that neither deadlines nor writers wait for a token. One a minute at most."""
    jobs: JobEngine = current_app.extensions["akno.jobs"]
    jobs.enqueue(JOB, because, key=f"clearance-list-{because}-{clock.now():%Y%m%d%H%M}")


register(JOB, Step(gather, writing=False), Step(sign, writing=False), Step(keep))
watch("clearance.list", list_due, ask)
