"""Pages as an officer opens them, and the paper: drawn warm in this process, and waited for at a worker."""

from __future__ import annotations

import time

import sqlalchemy as sa
from lxml import html

from app.clearance import certificate, issuing, printing
from app.clearance.models import Clearance
from app.cli import founding
from app.cli.cases import OFFICERS
from app.cli.country import DOMAIN
from app.cli.walking import Walker
from app.clock import now
from app.database import session, transaction
from app.declarations.models import Declaration
from app.reviews import claiming, deciding, finders
from app.reviews.examining import ItemDecision
from app.reviews.models import Review
from tests.bench.places import PASSWORD, Place
from tests.bench.serving import Load, burst

CUSTOMS = "BY-GTK"


def officer(place: Place, port: int, name: str = "maria") -> Walker:
    """Sign an officer in at the served window."""
    with place.app.app_context():
        secret = founding.secret_of(name)
    return Walker(f"http://127.0.0.1:{port}", f"{name}@{DOMAIN}", PASSWORD, secret)


def queue(who: Walker, *, rounds: int) -> Load:
    """Open the first eight pages of the queue again and again, one after the other."""
    paths = ["/queue"]
    while len(paths) < 8:
        following = html.fromstring(who.get(paths[-1]).text).xpath("//a[@rel='next']")
        if not following:
            break
        paths.append("/queue" + following[0].get("href").removeprefix("/queue"))
    return _opened(who, paths, rounds)


FILTERS = (
    "tab=today", "tab=questions", "tab=inspections", "tab=second", "tab=mine", "tag=prohibited", "direction=transit",
    "country=IS", "code=02", "office={office}", "trader={trader}", "state=claimed", "unassigned=yes", "four_eyes=yes",
    "due=late", "due=today", "due=at-risk", "sort=longest", "sort=newest", "q={number}", "q={start}", "q=190142",
    "q=0201", "country=CN&tag=documents", "country=FJ&direction=transit", "code=02&country=FJ", "office={office}&tag=prohibited",
    "tag=prohibited&four_eyes=yes", "trader={trader}&code=97", "due=late&country=FJ", "sort=longest&country=FJ",
    "sort=newest&four_eyes=yes", "office={office}&code=77&country=FJ&direction=transit", "due=at-risk&tag=prohibited",
)  # fmt: skip
"""Every filter alone, pairs common and rare, and some that find nothing: the dearest page is one that looks in vain."""


def filtered(who: Walker, place: Place, *, rounds: int) -> dict[str, Load]:
    """Open the first page of each filter again and again."""
    with place.app.app_context(), transaction(place.database, writing=False):
        row = session().execute(
            sa.select(Review.office_code, Review.owner_id, Review.card).order_by(Review.id.desc()).limit(1)
        ).one()  # fmt: skip
    words = {"office": row[0], "trader": row[1], "number": row[2]["number"], "start": row[2]["number"][:8]}
    return {query: _opened(who, ["/queue?" + query.format(**words)], rounds) for query in FILTERS}


def case(who: Walker, *, rounds: int) -> Load:
    """Open the cases that stand on the last page of what has been walked: real packages, filed in this run."""
    links = html.fromstring(who.get("/queue").text).xpath("//a[contains(@href, '/cases/')]/@href")
    return _opened(who, list(dict.fromkeys(links))[:10], rounds)


def _opened(who: Walker, paths: list[str], rounds: int) -> Load:
    for path in paths:
        who.get(path)
    return burst([lambda path=path: who.get(path) for _ in range(rounds) for path in paths], 1)  # type: ignore[misc]


def release_one(place: Place) -> str:
    """Sign a package off as every agency it waits for, by the activities; returns its id as text."""
    with place.app.app_context(), transaction(place.database):
        waiting = sa.select(Declaration).where(Declaration._status == "under-review").order_by(Declaration.id.desc())
        declaration = session().scalars(waiting.limit(1)).one()
        for review in finders.list_reviews(declaration.id):
            by = founding.actor(OFFICERS[review.agency])
            items = [ItemDecision(number, "approved") for number in review.items]
            held = claiming.claim(review, by=by)
            paid = ("paid", "BENCH-PAYMENT") if review.releases else ("", "")
            deciding.decide(
                held, version=declaration.version, digest=declaration.digest, items=items, note="", by=by,
                payment=paid[0], payment_reference=paid[1],
            )  # fmt: skip
        return str(declaration.id)


def drawn(place: Place, *, times: int) -> list[float]:
    """Draw the paper of a released package again and again in this process; milliseconds, shortest first."""
    key = release_one(place)
    with place.app.app_context(), transaction(place.database):
        clearance = session().get_one(Clearance, issuing.request(key))
        facts, canonical = issuing.facts_of(clearance, issued_at=now()), certificate.canonical_of(clearance)
    printing.draw(facts, canonical)
    spans = []
    for _ in range(times):
        began = time.perf_counter()
        printing.draw(facts, canonical)
        spans.append((time.perf_counter() - began) * 1000)
    return sorted(spans)
