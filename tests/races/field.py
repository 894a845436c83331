"""Where a race is run: a served window with packages filed in bulk, people signed in, and what a round is."""

from __future__ import annotations

import contextlib
import itertools
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from app import database
from app.access import Actor
from app.clearance import issuing
from app.cli import founding
from app.declarations import codec, finders
from app.intake import amendment_drafts, receiving
from app.reviews import claiming, deciding, grounds
from app.reviews import finders as reviews
from app.reviews.examining import ItemDecision, field_name
from tests.bench import places, serving
from tests.bench.places import Place
from tests.races.history import History, find_jobs, read
from tests.races.people import Answer, Person, at_once

CUSTOMS, VET, PLANTS, NATURE = "BY-GTK", "BY-DVPN", "BY-GGISKZR", "BY-MPR"
AGENCIES = (VET, PLANTS, NATURE)
TRADER = "anna"
OFFICERS = {
    CUSTOMS: ("maria", "maksim"),
    VET: ("olga", "vasil"),
    PLANTS: ("fyodar", "faina"),
    NATURE: ("nina", "natallia"),
}
"""Two officers of each agency that the package asks."""
SESSION_SECONDS = 600
PAYMENT = {"payment": "paid", "payment_reference": "PP-17/2026"}


@dataclass(frozen=True, slots=True)
class Seat:
    """A case as the officers have it before them: its id and the goods items it judges."""

    id: uuid.UUID
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """One package before anybody presses: where it stands, who has a case, and the plan of the kind for it."""

    serial: int
    plan: str
    package: uuid.UUID
    digest: str
    seats: Mapping[str, Seat]
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Struck:
    """A round after it was run: what each was answered, and what happened to be first."""

    round: Round
    answers: Mapping[str, Answer]
    outcome: str
    seen: tuple[int, str] = (0, "")
    more: Sequence[str] = field(default_factory=tuple)

    def status(self, who: str) -> int:
        """The status somebody was answered; -1 for one who did not press."""
        return self.answers[who].status if who in self.answers else -1


class Kind(Protocol):
    """A kind of race, a module: prepare packages, run one round, judge it (pure: a round and a history in, wrongs out)."""

    NAME: str

    def prepare(self, ground: Field, serials: Sequence[int]) -> list[Round]: ...
    def strike(self, ground: Field, one: Round) -> Struck: ...
    def judge(self, struck: Struck, history: History) -> list[str]: ...


class Field:
    """A served window and the people at it."""

    def __init__(self, place: Place, port: int) -> None:
        self.place, self.port = place, port
        self._actors: dict[str, Actor] = {}
        self._people: dict[str, Person] = {}
        self.busy: Counter[str] = Counter()
        self._since = time.monotonic()
        self._serial = itertools.count(1)

    # people

    def person(self, name: str) -> Person:
        """Somebody at a browser of the served window, signed in."""
        if name not in self._people:
            with self.place.app.app_context():
                secret = founding.secret_of(name)
            self._people[name] = Person(self.port, name, self.busy, secret)
        return self._people[name]

    def sign_in_again(self) -> None:
        """Let everybody sign in again when they next act, so that nobody's session runs out while others race."""
        if time.monotonic() - self._since > SESSION_SECONDS:
            self._people.clear()
            self._since = time.monotonic()

    def actor(self, name: str) -> Actor:
        """Somebody as an actor, for what is prepared in this process."""
        if name not in self._actors:
            self._actors[name] = founding.actor(name)
        return self._actors[name]

    # preparing

    @contextlib.contextmanager
    def writing(self, *, writing: bool = True) -> Iterator[None]:
        """One transaction in this process."""
        with self.place.app.app_context(), database.transaction(self.place.database, writing=writing):
            yield

    def file(self, serial: int, plan: str) -> Round:
        """File a package of four agencies in the open transaction."""
        body = self.place.models["mixed"].copy(f"R{next(self._serial)}")
        receipt = receiving.receive(body, body_name="a.xml", channel="xml", by=self.actor(TRADER), confirmed=True)
        if receipt.declaration_id is None:
            raise RuntimeError(f"a filing was refused: {receipt.faults}")
        filed = finders.get_declaration(receipt.declaration_id, actor=self.actor(TRADER))
        seats = {one.agency: Seat(one.id, tuple(one.items)) for one in reviews.list_reviews(filed.id)}
        return Round(serial, plan, filed.id, filed.digest, seats)

    def sign(self, one: Round, agencies: Sequence[str]) -> None:
        """Let agencies approve in the open transaction, before the race."""
        for agency in agencies:
            by, seat = self.actor(OFFICERS[agency][0]), one.seats[agency]
            items = [ItemDecision(number, "approved") for number in seat.items]
            found = reviews.get_review(seat.id, actor=by)
            deciding.decide(found, version=1, digest=one.digest, items=items, by=by, claim_minutes=30)

    def claim(self, one: Round, agency: str) -> None:
        """Let the officer who is going to decide take the case on, in the open transaction."""
        by = self.actor(OFFICERS[agency][0])
        claiming.claim(reviews.get_review(one.seats[agency].id, actor=by), by=by)

    def draft(self, one: Round, change: Callable[[bytes], bytes]) -> str:
        """Let the trader bring a changed package in the open transaction; returns the digest of what stands there to be
        sent."""
        by = self.actor(TRADER)
        declaration = finders.get_declaration(one.package, actor=by)
        body = change(finders.get_version(declaration).canonical)
        amendment_drafts.bring(declaration, body, by=by)
        return codec.digest(declaration.draft_xml or b"")

    # racing

    def decide(self, one: Round, agency: str, who: str, fields: Mapping[str, str], **more: str) -> Callable[[], Answer]:
        """Press on a case: what the button does."""
        person, path = self.person(who), f"/cases/{one.seats[agency].id}/decide"
        sent = {"version": "1", "digest": one.digest, "claim": "yes", **fields, **more}
        return lambda: person.post(path, **sent)

    def ask_for_papers(self, one: Round) -> list[str]:
        """Do what two workers do that take the same job at once: ask for the clearance of each release. What they raised."""
        with self.writing(writing=False):
            decisions = [said.id for said in read(one.package).decisions]
            keys = find_jobs(decisions)
        told: dict[str, Answer] = {}
        for key in keys:
            decision = key.removeprefix("clearance-").partition("+")[0]
            told |= at_once({f"{key} {n}": partial(self._request, one, decision) for n in (1, 2)})
        return [f"{who}: {answer.text}" for who, answer in told.items() if not answer.done]

    def _request(self, one: Round, decision: str) -> Answer:
        with self.writing():
            issuing.request(one.package, decision)
        return Answer(303)

    def history(self, one: Round) -> History:
        """What the package has come to."""
        with self.writing(writing=False):
            return read(one.package)


def approval(one: Round, agency: str) -> dict[str, str]:
    """The fields of an approval of everything the agency judges."""
    fields = {field_name(number, "outcome"): "approved" for number in one.seats[agency].items}
    return fields | PAYMENT if agency == CUSTOMS else fields


def refusal(one: Round, agency: str) -> dict[str, str]:
    """The fields of a refusal of everything the agency judges, by the first reason of its list."""
    reason, appeal = grounds.list_grounds(agency)[0], grounds.appeal_of(agency)
    said = {
        "outcome": "refused",
        "reason_code": reason.code,
        "legal_ground": reason.law["be"] or "артыкул 125",
        "appeal_office": appeal.office["be"],
        "appeal_contact": appeal.contact,
        "appeal_days": str(appeal.days),
    }
    return {field_name(number, name): value for number in one.seats[agency].items for name, value in said.items()}


@contextlib.contextmanager
def opened(engine: str, *, workers: int) -> Iterator[Field]:
    """A window on an engine, served by so many processes; gone again afterwards."""
    with places.opened(engine) as place, serving.served(place, workers=workers) as port:
        yield Field(place, port)
