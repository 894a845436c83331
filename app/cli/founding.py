"""Founding the demonstration country through the activities, so that no impossible state can be made. Repeatable."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import clock
from app.access import SYSTEM, Actor
from app.cli.country import DOMAIN, HOUSES, MANDATES, PEOPLE, Who
from app.database import session
from app.identity import accounts, factors, mandates, passwords, vault
from app.identity.factor_models import Factor
from app.identity.models import Mandate, Membership, Organisation, Person

OFFICIAL = ("agency", "operator", "auditor")
"""Kinds of houses whose people have a second factor."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the country, with its freshly made password for the one who reads the console. ``secret``: of the app with
    codes of somebody official, "" for others."""

    email: str
    password: str
    full_name: str
    organisation: str
    post: str
    secret: str = ""


def found(password: str | None = None) -> None:
    """Make organisations, people, memberships and mandates unless they are there. ``password`` is for tests."""
    houses = {house.unp or house.agency or house.kind: house.key for house in HOUSES}
    known = session().scalars(sa.select(Organisation)).all()
    by_key = {
        houses[one.unp or one.agency or one.kind]: one for one in known if (one.unp or one.agency or one.kind) in houses
    }
    for house in HOUSES:
        if house.key not in by_key:
            by_key[house.key] = accounts.register_organisation(
                kind=house.kind, name=house.name, unp=house.unp, agency=house.agency, city=house.city,
                address_line=house.address_line, by=SYSTEM,
            )  # fmt: skip
    here = set(session().scalars(sa.select(Person.email)))
    for who in PEOPLE:
        if address_of(who) not in here:
            _settle(who, by_key[who.house], password)
    _equip_all()
    if not session().scalar(sa.select(sa.func.count()).select_from(Mandate)):
        _trust(by_key)


def address_of(who: Who) -> str:
    """The e-mail address somebody signs in with."""
    return f"{who.email}@{DOMAIN}"


def _settle(who: Who, house: Organisation, password: str | None) -> None:
    person = accounts.create_person(
        email=address_of(who), full_name=who.full_name, language=who.language,
        password=password or new_password(), personal_number=who.personal_number, by=SYSTEM,
    )  # fmt: skip
    accounts.add_membership(
        person, house, roles=who.roles, post=who.post, office_code=who.office,
        valid_from=clock.today() - timedelta(days=400), by=SYSTEM,
    )  # fmt: skip


def _equip_all() -> None:
    """Everybody official of the country has an app with codes, also where the country was founded before there were such."""
    official = {house.key for house in HOUSES if house.kind in OFFICIAL}
    addresses = [address_of(who) for who in PEOPLE if who.house in official]
    bare = ~sa.select(Factor.id).where(Factor.person_id == Person.id).exists()
    for person in session().scalars(sa.select(Person).where(Person.email.in_(addresses), bare)):
        equip(person)


def equip(person: Person) -> None:
    """Give a made-up person an app with codes; its secret is made of the address and the window's secret, and kept nowhere else."""
    factors.add_known_app(person, vault.made_up_secret(person.email), label="Тэлефон", by=SYSTEM)


def secret_of(name: str) -> str:
    """Return the secret of the app with codes of somebody of the country (e-mail name); "" for who has none."""
    official = {house.key for house in HOUSES if house.kind in OFFICIAL}
    whose = next((who for who in PEOPLE if who.email == name and who.house in official), None)
    return vault.made_up_secret(address_of(whose)) if whose else ""


def _trust(houses: dict[str, Organisation]) -> None:
    today = clock.today()
    for trust in MANDATES:
        mandate = mandates.offer(
            houses[trust.trader], houses[trust.broker], scope=list(trust.scope),
            valid_from=today + timedelta(days=trust.begins),
            valid_to=None if trust.ends is None else today + timedelta(days=trust.ends),
            by=actor(next(who.email for who in PEOPLE if who.house == trust.trader)),
        )  # fmt: skip
        if trust.accepted:
            mandates.accept(mandate, by=actor(next(who.email for who in PEOPLE if who.house == trust.broker)))


def actor(name: str) -> Actor:
    """Return somebody of the country (e-mail name) as an actor."""
    query = (
        sa.select(Membership)
        .join(Person)
        .where(Person.email == f"{name}@{DOMAIN}")
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
    )
    return accounts.actor_of(session().scalars(query).one())


def new_password() -> str:
    """A password nobody chose: four groups that can be read aloud."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def renew_passwords(names: Iterable[str]) -> list[Account]:
    """Give accounts (e-mail names) fresh passwords and return them; they are shown once and stored nowhere."""
    given = []
    for name in names:
        query = (
            sa.select(Membership)
            .join(Person)
            .where(Person.email == f"{name}@{DOMAIN}")
            .options(joinedload(Membership.person), joinedload(Membership.organisation))
        )
        membership = session().scalars(query).one()
        person, password = membership.person, new_password()
        person.password_hash = passwords.hashed(password)
        secret = vault.made_up_secret(person.email) if membership.organisation.kind in OFFICIAL else ""
        house = membership.organisation.name
        given.append(Account(person.email, password, person.full_name, house, membership.post, secret))
    return given


def people_of(unp: str) -> tuple[str, ...]:
    """Return who of the country (e-mail names) may file for the trader with this UNP; the clerk before the owner."""
    house = next((house.key for house in HOUSES if house.unp == unp), None)
    found = [who for who in PEOPLE if who.house == house and house is not None]
    return tuple(who.email for who in sorted(found, key=lambda who: "trader-clerk" not in who.roles))


def clerk_of(organisation: Organisation) -> str:
    """Make (once) a clerk of an organisation that is not of the country; return the e-mail name."""
    name = f"clerk-{organisation.unp}".lower()
    if session().scalar(sa.select(Person.id).where(Person.email == f"{name}@{DOMAIN}")) is None:
        person = accounts.create_person(
            email=f"{name}@{DOMAIN}", full_name="Дэкларант", language="be", password=new_password(), by=SYSTEM
        )
        accounts.add_membership(
            person, organisation, roles=("trader-clerk",), valid_from=clock.today() - timedelta(days=1), by=SYSTEM
        )
    return name
