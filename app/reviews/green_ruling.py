"""Switching signing off by a rule on and off: one supervisor proposes, another agrees; a rule is ended, never edited."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from app import clock
from app.access import Actor, require
from app.database import new_id, session
from app.errors import Fault, Invalid, NotFound
from app.ledger.recording import digest, record_all
from app.requirements import grammar
from app.requirements.compiling import CompiledEdition, CompiledMeasure
from app.requirements.finders import current_edition
from app.requirements.inquiry import day_of
from app.reviews import green_checks, green_words, greening_policy
from app.reviews.green_checks import REGISTRY, MeasureKind
from app.reviews.greening import PART
from app.reviews.greening_models import GreenRule
from app.reviews.lifecycle import GREEN_RULE
from app.risk.drawing_lots import OF
from app.risk.models import RiskStamp
from app.traders.kinds import kinds

AEO = "aeo"
"""The kind of accreditation under which customs may let goods go: its grant names a guarantee."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Typed:
    """A rule as it was typed: ``proof`` is registry or a kind of accreditation, ``second_look`` thousandths."""

    measure: str = ""
    name: str = ""
    proof: str = ""
    second_look: str = ""
    valid_from: str = ""


def propose(typed: Typed, *, by: Actor) -> GreenRule:
    """Propose a rule for one measure of one's own agency; it signs nothing before another supervisor agrees.

    Raises NotAllowed, and Invalid with every fault: a measure that no rule may sign off names why.
    """
    require(greening_policy.propose, by, None)
    edition = current_edition()
    faults, first = _examined(typed, edition, by)
    if faults or first is None:
        raise Invalid(faults)
    serial = _count(by.agency, typed.measure) + 1
    rule = GreenRule(
        id=new_id(), code=f"{by.agency}/{typed.measure}/{serial}", agency=by.agency, measure=typed.measure,
        name=typed.name.strip(), proof=typed.proof, second_look=int(typed.second_look), valid_from=first,
        proposed_at=clock.now(), proposed_by_id=by.person_id, proposed_by_name=by.name,
    )  # fmt: skip
    GREEN_RULE.begin(rule)
    session().add(rule)
    session().flush()
    told = {
        "measure": rule.measure,
        "proof": rule.proof,
        "valid_from": first.isoformat(),
        "name_digest": digest(rule.name),
    }
    GREEN_RULE.move(rule, "propose", by=by, **_named(rule), **told)
    return rule


def agree(rule: GreenRule, *, by: Actor) -> GreenRule:
    """Put a rule in force as the second supervisor. Raises NotAllowed, Conflict, and Invalid when the measure may not, or no
    longer, be signed off by a rule."""
    rule = _lock(rule)
    require(greening_policy.agree, by, rule)
    edition = current_edition()
    faults = list(_about_measure(rule.measure, rule.proof, edition, by))
    if faults:
        raise Invalid(faults)
    happening = GREEN_RULE.step(rule, "agree", by=by, **_named(rule))
    rule.agreed_at, rule.agreed_by_id, rule.agreed_by_name = clock.now(), by.person_id, by.name
    rule.valid_from = max(rule.valid_from, clock.today())
    session().flush()
    record_all([happening], by=by)
    _changed()
    return rule


def decline(rule: GreenRule, *, by: Actor) -> GreenRule:
    """Decline a proposed rule, or take one's own proposal back. Raises NotAllowed, Conflict."""
    rule = _lock(rule)
    GREEN_RULE.move(rule, "decline", by=by, **_named(rule))
    return rule


def end(rule: GreenRule, *, by: Actor) -> GreenRule:
    """End a rule today: from now on it signs nothing. One supervisor is enough to stop. Raises NotAllowed, Conflict."""
    rule = _lock(rule)
    happening = GREEN_RULE.step(rule, "end", by=by, **_named(rule), valid_to=clock.today().isoformat())
    rule.valid_to = clock.today()
    rule.ended_by_id, rule.ended_by_name = by.person_id, by.name
    session().flush()
    record_all([happening], by=by)
    _changed()
    return rule


def measures_of(agency: str) -> list[tuple[CompiledMeasure, str]]:
    """Return the measures of an agency in force today, each with why no rule may sign it off ("" where one may)."""
    today = clock.today()
    own = sorted((one for one in current_edition().measures if one.agency == agency), key=lambda one: one.code)
    held = [
        one for one in own if one.row.valid_from <= today and (one.row.valid_to is None or today < one.row.valid_to)
    ]
    return [(one, green_checks.why_never(kind_of(one))) for one in held]


def kind_of(measure: CompiledMeasure) -> MeasureKind:
    """Return what of a measure decides whether a rule may sign it off."""
    documents = frozenset(grammar.names(grammar.parse(measure.row.documents)))
    return MeasureKind(measure.agency, measure.measure_type, measure.effect, measure.row.flag, documents)


# --- examining --------------------------------------------------------------------------------------------------------


def _examined(typed: Typed, edition: CompiledEdition, by: Actor) -> tuple[list[Fault], date | None]:
    faults = list(_about_measure(typed.measure, typed.proof, edition, by))
    if not typed.name.strip() or len(typed.name.strip()) > LONGEST_NAME:
        faults.append(green_words.fault("GREEN-NAME", "name", typed.name, limit=LONGEST_NAME))
    if typed.proof not in (REGISTRY, *kinds()):
        faults.append(green_words.fault("GREEN-PROOF", "proof", typed.proof))
    if not (
        typed.second_look.isascii()
        and typed.second_look.isdigit()
        and len(typed.second_look) <= 4
        and int(typed.second_look) <= OF
    ):
        faults.append(green_words.fault("GREEN-SHARE", "second_look", typed.second_look))
    first = day_of(typed.valid_from)
    if first is None or not clock.today() <= first <= clock.today() + timedelta(days=366):
        faults.append(green_words.fault("GREEN-FROM", "valid_from", typed.valid_from))
        first = None
    return faults, first


def _about_measure(code: str, proof: str, edition: CompiledEdition, by: Actor) -> list[Fault]:
    """What stands against a rule for a measure: not one of the agency's, never by a rule, customs without a guarantee."""
    because = next((why for one, why in measures_of(by.agency) if one.code == code), None)
    if because is None:
        return [green_words.fault("GREEN-MEASURE", "measure", code)]
    if because:
        return [green_words.never("measure", code, green_checks.words(because))]
    if by.agency == edition.customs and proof != AEO:
        return [green_words.fault("GREEN-RELEASE", "proof", proof)]
    return []


def _lock(rule: GreenRule) -> GreenRule:
    query = sa.select(GreenRule).where(GreenRule.id == rule.id).with_for_update()
    found = session().scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound()
    return found


def _count(agency: str, measure: str) -> int:
    query = sa.select(sa.func.count()).select_from(GreenRule)
    return session().scalar(query.where(GreenRule.agency == agency, GreenRule.measure == measure)) or 0


def _named(rule: GreenRule) -> dict[str, str]:
    return {"code": rule.code, "agency": rule.agency}


def _changed() -> None:
    """Let every process read the rules anew. The number is drawn, as that of the indicators is."""
    number = secrets.randbits(62)
    raised = session().execute(sa.update(RiskStamp).where(RiskStamp.part == PART).values(number=number))
    if not raised.rowcount:  # type: ignore[attr-defined]
        session().add(RiskStamp(part=PART, number=number))
        session().flush()
