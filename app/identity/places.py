"""Places of sign-in: which networks and kinds of browser a person has come from, by keyed digest alone.

A place is the network of the address (/24 of IPv4, /48 of IPv6) together with the kind of browser. The first place of a person
is taken as it is; every later one that is new is told to the person.
"""

from __future__ import annotations

import ipaddress
import uuid
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.access import SYSTEM
from app.database import new_id, session
from app.identity.account_models import SignInPlace
from app.identity.devices import family
from app.ledger.recording import digest, record

NEW, KNOWN = "new", "known"


def network_digest(address: str) -> str:
    """Return the keyed digest of the network an address belongs to; of what is no address, of the text itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return digest(f"network:{address}")
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    length = 24 if parsed.version == 4 else 48
    return digest(f"network:{ipaddress.ip_network((parsed, length), strict=False)}")


def remember(person_id: uuid.UUID, network: str, user_agent: str) -> str:
    """Remember where a person signs in; returns ``new`` or ``known``. The very first place counts as known."""
    now, place = clock.now(), digest(f"place:{person_id}:{network}:{family(user_agent)}")
    known = sa.select(SignInPlace.place_digest).where(SignInPlace.person_id == person_id)
    seen = set(session().scalars(known))
    if place in seen:
        here = sa.update(SignInPlace).where(SignInPlace.person_id == person_id, SignInPlace.place_digest == place)
        session().execute(here.values(last_at=now).execution_options(synchronize_session=False))
        return KNOWN
    # Two sign-ins at once from one new place: the second finds it there.
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    row = {"id": new_id(), "person_id": person_id, "place_digest": place, "first_at": now, "last_at": now}
    session().execute(dialect.insert(SignInPlace).values(row).on_conflict_do_nothing())
    return NEW if seen else KNOWN


def tell(person_id: uuid.UUID, session_id: uuid.UUID, organisation_id: uuid.UUID) -> None:
    """Record that somebody came with this person's secrets from a new place: the person is told of it."""
    by = replace(SYSTEM, organisation_id=organisation_id)
    record("person.signed_in_from_new_place", "person", person_id, by=by, session=str(session_id))
