"""From the rows of a released package to the facts on its clearance: nothing is decided here, only read together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app import markup
from app.clearance import finders, standing
from app.clearance.facts import (
    EARLIER,
    HELD,
    REFUSED,
    ClearanceFacts,
    EarlierFacts,
    GoodsFacts,
    JudgementFacts,
    PartyFacts,
    SignatureFacts,
    SignOffFacts,
)
from app.clearance.models import Clearance
from app.clearance.numbering import grouped
from app.clearance.standing import Signed
from app.clearance.words import left_language
from app.database import session
from app.declarations import codec
from app.declarations.finders import get_version
from app.declarations.models import Declaration, Version
from app.declarations.package import Line, Package, Party
from app.declarations.versions import kilograms
from app.errors import NotFound, Text
from app.identity.models import Person
from app.reviews.models import Decision, DecisionItem, Review
from app.reviews.naming import Names
from app.reviews.naming import names as names_in_force
from app.shell import money

_ROLES = ("importer", "exporter", "consignee", "consignor", "declarant", "agent")


def facts_of(clearance: Clearance, *, base_url: str, names: bool, issued_at: datetime) -> ClearanceFacts:
    """Read together what stands on a clearance: the package as it stood when its goods were released.

    ``names``: whether officers are named beside their number. Raises NotFound when the package, its version or the
    releasing decision is not there.
    """
    declaration = finders.get_package(clearance)
    version = get_version(declaration, clearance.version)
    package = codec.to_package(markup.read(version.canonical))
    reviews = finders.list_judged(declaration.id, version.number)
    releasing = standing.releasing_of(clearance.decision_id, reviews)
    if releasing is None:
        raise NotFound(f"releasing decision of clearance {clearance.id}")
    signed = standing.as_of(releasing, reviews)
    called = names_in_force()
    replaced, earlier = _others(clearance, reviews)
    return ClearanceFacts(
        number=clearance.number,
        code=grouped(clearance.code),
        verify_url=f"{base_url}/verify/{grouped(clearance.code)}",
        left=left_language(_sender_language(declaration)),
        registration_number=declaration.number or "",
        registered_at=declaration.registered_at or version.created_at,
        released_at=releasing.decided_at,
        issued_at=issued_at,
        version=version.number,
        digest=version.digest,
        direction=package.direction,
        reference=package.lrn,
        office_code=package.office,
        office=called.office(package.office),
        invoice=money(package.invoice),
        parties=tuple(_parties(package)),
        goods=_goods_of(package, releasing, signed, earlier, called),
        sign_offs=tuple(_sign_off(one, called, names) for one in signed),
        not_asked=_not_asked(version, called),
        serial=clearance.serial,
        replaces=replaced.number if replaced is not None else "",
        earlier=earlier,
    )


def canonical_of(clearance: Clearance) -> bytes:
    """Return the canonical XML of the version this clearance is about. Raises NotFound."""
    return get_version(finders.get_package(clearance), clearance.version).canonical


def _sender_language(declaration: Declaration) -> str:
    sender = session().get(Person, declaration.filed_by_id)
    return sender.language if sender is not None else ""


def _others(clearance: Clearance, reviews: Sequence[Review]) -> tuple[Clearance | None, tuple[EarlierFacts, ...]]:
    """The clearance whose place this one takes, and of each earlier release the paper that held when this one was asked
    for."""
    there = finders.list_clearances(clearance.declaration_id)
    replaced = next((one for one in there if one.id == clearance.replaces_id), None)
    before: dict[int, Clearance] = {}
    for one in there:
        if one.serial < clearance.serial and one.requested_at <= clearance.requested_at:
            before[one.serial] = one
    found = []
    for one in before.values():
        releasing = standing.releasing_of(one.decision_id, reviews)
        if releasing is not None:
            items = standing.released_by(releasing, standing.as_of(releasing, reviews), one.items)
            found.append(EarlierFacts(one.number, tuple(one.items) or items, releasing.decided_at))
    return replaced, tuple(found)


def _parties(package: Package) -> Iterable[PartyFacts]:
    """The parties in order, each organisation once: its first role names it."""
    seen: set[tuple[str, str]] = set()
    for role in _ROLES:
        party: Party | None = getattr(package, role)
        if party is None or (party.id, party.name) in seen:
            continue
        seen.add((party.id, party.name))
        address = ", ".join(part for part in (party.address_line, party.city, party.postcode, party.country) if part)
        yield PartyFacts(role, party.name, party.id, address)


def _goods_of(
    package: Package, releasing: Decision, signed: Sequence[Signed], earlier: Sequence[EarlierFacts], called: Names
) -> tuple[GoodsFacts, ...]:
    numbers = [line.number for line in package.lines]
    results = standing.results_of(signed, numbers)
    now = standing.released_by(releasing, signed, numbers)
    before = {number: one.number for one in earlier for number in one.items}

    def result(number: int) -> dict[str, Any]:
        if number in now:
            return {"result": results[number]}
        if number in before:
            return {"result": EARLIER, "by": before[number]}
        if results[number] == REFUSED:
            return {"result": REFUSED}
        return {"result": HELD, "waits": called.agencies(standing.waited_for(number, signed))}

    return tuple(_goods(line, called, **result(line.number)) for line in package.lines)


def _goods(line: Line, called: Names, **result: Any) -> GoodsFacts:
    return GoodsFacts(
        number=line.number,
        code=line.code,
        description=line.description,
        origin_code=line.origin,
        origin=called.country(line.origin),
        net_kg=kilograms(line.net),
        packages=", ".join(f"{packing.count or ''} {packing.type}".strip() for packing in line.packings),
        **result,
    )


def _sign_off(signed: Signed, called: Names, names: bool) -> SignOffFacts:
    review = signed.review
    lanes = [review.lane.get("lane") or {}, *(review.lane.get("behind") or ())]
    behind = [lane["agency"] for lane in lanes[1:]]
    return SignOffFacts(
        agency=review.agency,
        agency_name=called.agency(review.agency),
        signatures=tuple(_signature(decision, items, names) for decision, items in signed.said),
        law=tuple(_acts(lanes)),
        stands_for=called.agencies(behind) if behind else None,
        releases=review.releases,
    )


def _signature(decision: Decision, items: Sequence[DecisionItem], names: bool) -> SignatureFacts:
    return SignatureFacts(
        post=decision.post,
        personal_number=decision.personal_number,
        name=decision.person_name if names else "",
        decided_at=decision.decided_at,
        judgements=tuple(_judgements(items)),
        how=decision.how,
        second_post=decision.second_post,
        second_number=decision.second_personal_number,
        second_name=decision.second_person_name if names else "",
        payment=decision.payment,
        payment_reference=decision.payment_reference,
        id=str(decision.id),
        rule=decision.rule_code,
    )


def _judgements(items: Sequence[DecisionItem]) -> Iterable[JudgementFacts]:
    """Items that were decided alike stand on one line, in the order of their first number."""
    alike: dict[tuple[str, str, str, str, int | None], list[int]] = defaultdict(list)
    for item in items:
        refused = item.outcome == REFUSED
        appeal = ", ".join(part for part in (item.appeal_office, item.appeal_contact) if part and refused)
        days = item.appeal_days if refused else None
        alike[item.outcome, item.conditions, item.legal_ground, appeal, days].append(item.number)
    for (outcome, conditions, ground, appeal, days), numbers in alike.items():
        yield JudgementFacts(tuple(numbers), outcome, conditions, ground, appeal, days)


def _acts(lanes: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """The acts behind the lanes, each once; rows marked recalled are never presented as law."""
    measures = [measure for lane in lanes for measure in lane.get("measures", ())]
    return dict.fromkeys(measure["act"] for measure in measures if measure.get("confidence") != "recalled")


def _not_asked(version: Version, called: Names) -> Text | None:
    """Names of the agencies that sign and were not asked, None when every one was."""
    missing = version.outcome.get("not_triggered", ())
    codes = [entry["agency"] for entry in missing if entry.get("mode") == "signs"]
    return called.agencies(codes) if codes else None
