"""The rules of advance information: one function per code or two that belong together. Pure: a message, the code lists, the
moment; what asks the register of organisations is asked by ``filing``.

Each fault stands at the box of the form (``field``) and the element of the file (``path``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.advance import tables
from app.advance.message import Advance, Party
from app.advance.words import fault
from app.errors import Fault
from app.identity import unp
from app.requirements.compiling import CompiledEdition

HOME = "BY"
_KINDS = {"2": "rail", "3": "road", "4": "air", "1": "water", "8": "water"}
"""Mode of transport -> the word that the mode of an office must hold."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule may look at. ``first``: the message is not a change of one that is registered."""

    advance: Advance
    edition: CompiledEdition
    now: datetime
    first: bool = True


Rule = Callable[[Asked], Iterator[Fault]]


def judge(asked: Asked) -> list[Fault]:
    """Return every fault of a message, in the order of the rules."""
    return [found for rule in RULES for found in rule(asked)]


def arrival(asked: Asked) -> Iterator[Fault]:
    """ADVANCE-ARRIVAL-PAST, -FAR, -LEAD: in the future, at most 30 days ahead, and not too late for its mode. A change of what
    is registered may come later than the lead time: risk looks at that (R18)."""
    away = asked.advance.planned_at - asked.now
    where = {"field": "planned_on", "path": "/Declaration/EntryOffice/ExpectedArrivalDateTime"}
    value = asked.advance.planned_at.isoformat()
    if away.total_seconds() <= 0:
        yield fault("ADVANCE-ARRIVAL-PAST", value=value, **where)
    elif away > tables.advance_time():
        yield fault("ADVANCE-ARRIVAL-FAR", value=value, **where)
    elif asked.first and away < tables.lead_times().get(asked.advance.mode, away):
        yield fault("ADVANCE-LEAD", value=value, **where)


def post(asked: Asked) -> Iterator[Fault]:
    """ADVANCE-POST, ADVANCE-POST-MODE: a border post of the list that lets this mode of transport through."""
    code, where = asked.advance.post, "/Declaration/EntryOffice/ID"
    office = asked.edition.offices.get(code)
    if office is None or not is_post(code):
        yield fault("ADVANCE-POST", "post", code, path=where)
    elif _KINDS.get(asked.advance.mode, office.mode) not in office.mode:
        yield fault("ADVANCE-POST-MODE", "post", code, path=where)


def is_post(code: str) -> bool:
    """Whether an office is a border post; their codes are those of the window."""
    return code.startswith("BP-")


def mode(asked: Asked) -> Iterator[Fault]:
    """ADVANCE-MODE: a mode of transport that has a lead time."""
    if asked.advance.mode not in tables.lead_times():
        yield fault("ADVANCE-MODE", "mode", asked.advance.mode, path="/Declaration/BorderTransportMeans[1]/ModeCode")


def countries(asked: Asked) -> Iterator[Fault]:
    """ADVANCE-COUNTRY: every country is in the list."""
    advance, known = asked.advance, asked.edition.lists["countries"]
    base = "/Declaration/Consignment"
    named = [("dispatch", advance.dispatch, f"{base}/ExportCountry/CountryCode")]
    named.append(("destination", advance.destination, f"{base}/Destination/CountryCode"))
    named += [
        ("route", stop.country, f"{base}/Itinerary[{at}]/RoutingCountryCode")
        for at, stop in enumerate(advance.route, 1)
    ]
    named += [
        (f"goods-{one.number}-origin", one.origin, f"{_goods(place)}/Origin/CountryCode")
        for place, one in enumerate(advance.goods, 1)
    ]
    named += [("vehicle", one.nationality, "/Declaration/BorderTransportMeans") for one in advance.vehicles]
    for field, code, path in named:
        if code and code not in known:
            yield fault("ADVANCE-COUNTRY", field, code, path=path)


def way(asked: Asked) -> Iterator[Fault]:
    """ADVANCE-PLACE: a place on the way is a post of the list or a Belarusian UN/LOCODE."""
    for at, stop in enumerate(asked.advance.route, 1):
        if stop.place and stop.place not in tables.places() and stop.place not in asked.edition.offices:
            yield fault("ADVANCE-PLACE", "route", stop.place, path=f"/Declaration/Consignment/Itinerary[{at}]/PlaceID")


def parties(asked: Asked) -> Iterator[Fault]:
    """ADVANCE-UNP, ADVANCE-UNP-MISSING: a Belarusian party has a UNP whose check digit agrees; a consignee without a country
    is taken as Belarusian."""
    advance = asked.advance
    if is_home(advance.consignee) and not advance.consignee.id:
        yield fault("ADVANCE-UNP-MISSING", "consignee", path="/Declaration/Consignment/Consignee")
    for field, number, path in unps(advance):
        if not unp.holds(number):
            yield fault("ADVANCE-UNP", field, number, path=path)


def is_home(party: Party) -> bool:
    """Whether a party is Belarusian; one that names no country is."""
    return party.country in ("", HOME)


def unps(advance: Advance) -> Iterator[tuple[str, str, str]]:
    """The UNPs of a message: box, number, path."""
    base = "/Declaration"
    places = (
        ("carrier", advance.carrier, f"{base}/Carrier/ID"),
        ("declarant", advance.declarant, f"{base}/Declarant/ID"),
        ("consignee", advance.consignee, f"{base}/Consignment/Consignee/ID"),
        ("warehouse", Party(advance.warehouse), f"{base}/Consignment/Warehouse/ID"),
    )
    for field, party, path in places:
        if party.id and is_home(party):
            yield field, party.id, path


def goods(asked: Asked) -> Iterator[Fault]:
    """ADVANCE-SEQUENCE, -CODE, -MASS: numbered from 1, codes that the Harmonised System has, a mass above zero."""
    for place, one in enumerate(asked.advance.goods, 1):
        base, box = _goods(place), f"goods-{place}"
        if one.number != place:
            yield fault("ADVANCE-SEQUENCE", f"{box}-code", str(one.number), path=f"{base}/SequenceNumeric")
        if one.code[:6] not in asked.edition.goods:
            yield fault("ADVANCE-CODE", f"{box}-code", one.code, path=f"{base}/Commodity/Classification/ID")
        if one.gross <= Decimal(0):
            yield fault("ADVANCE-MASS", f"{box}-gross", str(one.gross), path=f"{base}/GoodsMeasure/GrossMassMeasure")
        if one.value is not None and (one.value < 0 or one.currency not in asked.edition.lists["currencies"]):
            yield fault(
                "ADVANCE-VALUE", f"{box}-value", f"{one.value} {one.currency}", path=f"{base}/StatisticalValueAmount"
            )


def _goods(place: int) -> str:
    return f"/Declaration/Consignment/GovernmentAgencyGoodsItem[{place}]"


RULES: tuple[Rule, ...] = (arrival, post, mode, countries, way, parties, goods)
