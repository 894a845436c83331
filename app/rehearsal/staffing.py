"""The robot's people: in the database of test mode each agency that signs has two officers, so that two can sign."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import clock
from app.access import SYSTEM, Actor
from app.database import session
from app.errors import Unavailable
from app.identity import accounts
from app.identity.models import Membership, Organisation, Person
from app.requirements.finders import current_edition

DOMAIN = "test.invalid"
"""No letter finds its way there (RFC 6761)."""
FIRST, SECOND = 1, 2


def staff() -> int:
    """Make the agencies of the edition in force that are not there yet, each with its two robots; returns how many.

    Raises Unavailable when no reference data is loaded.
    """
    edition = current_edition()
    here = set(session().scalars(sa.select(Organisation.agency).where(Organisation.agency.is_not(None))))
    missing = [code for code in edition.judging if code not in here]
    for code in missing:
        house = accounts.register_organisation(
            kind="agency", name=f"{edition.agencies[code].name_be} (тэст)", agency=code, by=SYSTEM
        )
        for number in (FIRST, SECOND):
            _employ(house, number)
    return len(missing)


def robot(agency: str, number: int = FIRST) -> Actor:
    """Return a robot of an agency as an actor. Raises Unavailable when the agency has none."""
    query = (
        sa.select(Membership)
        .join(Membership.person)
        .where(Person.email == address(agency, number))
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
    )
    found = session().scalar(query)
    if found is None:
        raise Unavailable(f"test mode has no robot {number} for {agency}")
    return accounts.actor_of(found, channel="robot")


def address(agency: str, number: int) -> str:
    """The address under which a robot is known; nobody signs in with it."""
    return f"robot-{agency.lower()}-{number}@{DOMAIN}"


def _employ(house: Organisation, number: int) -> None:
    agency = str(house.agency)
    person = accounts.create_person(
        email=address(agency, number), full_name=f"Робат {number}", language="be", personal_number=f"TEST-{number}",
        by=SYSTEM,
    )  # fmt: skip
    accounts.add_membership(
        person, house, roles=["customs-officer" if agency == accounts.CUSTOMS else "officer"],
        post="Робат тэставага рэжыму", valid_from=clock.today() - timedelta(days=1), by=SYSTEM,
    )  # fmt: skip
