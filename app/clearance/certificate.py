"""From the rows of a released package to the facts on its clearance: nothing is decided here, only read together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app import markup
from app.clearance.facts import ClearanceFacts, GoodsFacts, JudgementFacts, PartyFacts, SignOffFacts
from app.clearance.models import Clearance
from app.clearance.numbering import grouped
from app.clearance.words import left_language
from app.database import session
from app.declarations import codec
from app.declarations.finders import get_version
from app.declarations.models import Declaration, Version
from app.declarations.package import Line, Package, Party
from app.declarations.versions import kilograms
from app.errors import NotFound, Text
from app.identity.models import Person
from app.reviews.finders import list_reviews
from app.reviews.models import Decision, Review
from app.reviews.naming import Names
from app.reviews.naming import names as names_in_force
from app.reviews.worst import by_item
from app.shell import money

_ROLES = ("importer", "exporter", "consignee", "consignor", "declarant", "agent")


def facts_of(clearance: Clearance, *, base_url: str, names: bool, issued_at: datetime) -> ClearanceFacts:
    """Read together what stands on a clearance. ``names``: whether officers are named beside their number.

    Raises NotFound when the package, its version or a decision is not there.
    """
    declaration = _declaration(clearance)
    version = get_version(declaration, clearance.version)
    package = codec.to_package(markup.read(version.canonical))
    reviews = [review for review in list_reviews(declaration.id, decisions=True) if review.version == version.number]
    decided = [(review, _latest(review)) for review in reviews]
    releasing = next(decision for review, decision in decided if review.releases)
    called = names_in_force()
    results = by_item([line.number for line in package.lines], [_outcomes(decision) for _, decision in decided])
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
        goods=tuple(_goods(line, results[line.number], called) for line in package.lines),
        sign_offs=tuple(_sign_off(review, decision, called, names) for review, decision in decided),
        not_asked=_not_asked(version, called),
    )


def canonical_of(clearance: Clearance) -> bytes:
    """Return the canonical XML of the version this clearance is about. Raises NotFound."""
    return get_version(_declaration(clearance), clearance.version).canonical


def _declaration(clearance: Clearance) -> Declaration:
    declaration = session().get(Declaration, clearance.declaration_id)
    if declaration is None:
        raise NotFound(f"package {clearance.declaration_id}")
    return declaration


def _sender_language(declaration: Declaration) -> str:
    sender = session().get(Person, declaration.filed_by_id)
    return sender.language if sender is not None else ""


def _latest(review: Review) -> Decision:
    """The decision that counts: the newest. A released package without one is a mistake of ours, not a blank line."""
    if not review.decisions:
        raise NotFound(f"no decision of {review.agency}")
    return max(review.decisions, key=lambda decision: decision.decided_at)


def _outcomes(decision: Decision) -> dict[int, str]:
    return {item.number: item.outcome for item in decision.items}


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


def _goods(line: Line, result: str, called: Names) -> GoodsFacts:
    return GoodsFacts(
        number=line.number,
        code=line.code,
        description=line.description,
        origin_code=line.origin,
        origin=called.country(line.origin),
        net_kg=kilograms(line.net),
        packages=", ".join(f"{packing.count or ''} {packing.type}".strip() for packing in line.packings),
        result=result,
    )


def _sign_off(review: Review, decision: Decision, called: Names, names: bool) -> SignOffFacts:
    lanes = [review.lane.get("lane") or {}, *(review.lane.get("behind") or ())]
    behind = [lane["agency"] for lane in lanes[1:]]
    return SignOffFacts(
        agency=review.agency,
        agency_name=called.agency(review.agency),
        post=decision.post,
        personal_number=decision.personal_number,
        name=decision.person_name if names else "",
        decided_at=decision.decided_at,
        judgements=tuple(_judgements(decision)),
        law=tuple(_acts(lanes)),
        stands_for=called.agencies(behind) if behind else None,
        releases=review.releases,
    )


def _judgements(decision: Decision) -> Iterable[JudgementFacts]:
    """Items that were decided alike stand on one line, in the order of their first number."""
    alike: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for item in decision.items:
        alike[item.outcome, item.conditions, item.legal_ground].append(item.number)
    for (outcome, conditions, ground), numbers in alike.items():
        yield JudgementFacts(tuple(numbers), outcome, conditions, ground)


def _acts(lanes: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """The acts behind the lanes, each once; rows marked recalled are never presented as law."""
    measures = [measure for lane in lanes for measure in lane.get("measures", ())]
    return dict.fromkeys(measure["act"] for measure in measures if measure.get("confidence") != "recalled")


def _not_asked(version: Version, called: Names) -> Text | None:
    """Names of the agencies that sign and were not asked, None when every one was."""
    missing = version.outcome.get("not_triggered", ())
    codes = [entry["agency"] for entry in missing if entry.get("mode") == "signs"]
    return called.agencies(codes) if codes else None
