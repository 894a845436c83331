"""A small country for the tests of identity: an operator with an administrator, two traders, a broker, an agency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from app import clock
from app.access import SYSTEM
from app.cli import founding
from app.database import Database, transaction
from app.identity import accounts, finders
from tests.factories.world import code_of

PASSWORD = "seven lanterns by the river"


@pytest.fixture
def session(app, database):
    """A transaction of our own beside the client: committed when the test ends well."""
    with transaction(database) as session:
        yield session


@dataclass
class Country:
    """Ids of the people and houses of the story."""

    database: Database
    people: dict
    houses: dict

    def do(self, deed):
        """Do something in a transaction of its own, between two requests."""
        with transaction(self.database):
            return deed()

    def disable(self, name):
        self.do(lambda: accounts.disable(finders.get_person(self.people[name]), by=SYSTEM))


def _person(name, email, house, roles, **options):
    person = accounts.create_person(email=email, full_name=name, language="en", password=PASSWORD, by=SYSTEM)
    accounts.add_membership(person, house, roles=roles, valid_from=date(2026, 1, 1), by=SYSTEM, **options)
    if house.kind in founding.OFFICIAL:
        founding.equip(person)
    return person


@pytest.fixture
def country(app, database):
    def build():
        new = accounts.register_organisation
        houses = {
            "operator": new(kind="operator", name="Operator of the window", by=SYSTEM),
            "belmyaso": new(kind="trader", name="Belmyaso Trade", unp="197777772", by=SYSTEM),
            "nyoman": new(kind="trader", name="Nyoman Foods", unp="297777779", by=SYSTEM),
            "brok": new(kind="broker", name="Brokservis", unp="397777775", by=SYSTEM),
            "vet": new(kind="agency", name="Veterinary supervision", agency="BY-TEST", by=SYSTEM),
        }
        people = {
            "ada": _person("Ada Admin", "ada@example.by", houses["operator"], ["administrator"]),
            "anna": _person("Anna Kovalenko", "anna@example.by", houses["belmyaso"], ["trader-owner"]),
            "nina": _person("Nina Reader", "nina@example.by", houses["nyoman"], ["trader-reader"]),
            "boris": _person("Boris Broker", "boris@example.by", houses["brok"], ["broker"]),
            "olga": _person("Olga Zaitseva", "olga@example.by", houses["vet"], ["officer"], post="Inspector"),
        }
        return Country(
            database,
            {name: person.id for name, person in people.items()},
            {name: house.id for name, house in houses.items()},
        )

    with app.app_context(), transaction(database):
        return build()


class Browser:
    """A person before the window: opens pages, fills in forms with their tokens."""

    def __init__(self, app, address="10.0.0.1"):
        self.client = app.test_client()
        self.client.environ_base |= {"REMOTE_ADDR": address, "HTTP_ACCEPT_LANGUAGE": "en"}

    def open(self, path, **options):
        return self.client.get(path, **options)

    def token(self, path):
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.open(path).text)
        assert found, path
        return found[1]

    def send(self, path, data=None, *, page=None, **options):
        """POST a form of ``page`` (by default the page at the same address) with its token."""
        fields = {"csrf_token": self.token(page or path), **(data or {})}
        return self.client.post(path, data=fields, **options)

    def sign_in(self, email, password=PASSWORD, path="/sign-in"):
        """Sign in; whoever has a second factor shows it."""
        answer = self.send(path, {"email": email, "password": password})
        asked = answer.headers.get("Location", "")
        if not asked.startswith("/sign-in/code"):
            return answer
        return self.send(asked, {"code": code_of(self.client.application, email)})

    def sign_out(self):
        return self.send("/sign-out", page="/account")


@pytest.fixture
def browser(app, country):
    return Browser(app)


@pytest.fixture
def someone(app, country):
    """A browser in which somebody has signed in, by name."""

    def signed_in(name, address="10.0.0.1"):
        browser = Browser(app, address)
        answer = browser.sign_in(f"{name}@example.by")
        assert answer.status_code == 303, answer.text
        return browser

    return signed_in


def days(count):
    return clock.today() + timedelta(days=count)
