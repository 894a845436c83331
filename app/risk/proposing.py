"""Proposing an indicator, and writing a new version of one. A version is never edited afterwards."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import clock
from app.access import Actor, require
from app.database import session
from app.errors import Conflict, Fault, Invalid
from app.ledger import recording
from app.requirements.finders import current_edition
from app.risk import compiling, conditions, policy, reasoning
from app.risk.conditions import Node
from app.risk.lifecycle import AGREED, COUNTING, INDICATOR, PROPOSED
from app.risk.models import AGREED as SAID_YES
from app.risk.models import WAITING, Indicator, IndicatorAgreement, IndicatorVersion
from app.risk.wording import fault

LONGEST = timedelta(days=731)
"""How long a version may hold at most: two years. What is still useful then is worth looking at again."""
MOST_TITLE, MOST_TEXT, MOST_PREFIXES, MOST_AGENCIES = 160, 4000, 40, 10
DIRECTIONS = ("", "import", "export", "transit")
CONFIDENCE = ("seen", "recalled", "measured")
TRIES = 3
HOME = "BY"
"""Whose agencies share indicators: an agency of another country has no lane here."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An indicator as it is written. Texts by language; ``valid_until`` is the last day, inclusive; None was not readable."""

    titles: Mapping[str, str]
    reasons: Mapping[str, str]
    condition: Any
    valid_from: date | None
    valid_until: date | None
    weight: int | None
    effect: str = compiling.SCORE
    direction: str = ""
    prefixes: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    treatments: Mapping[str, str] = field(default_factory=dict)
    basis: str = ""
    confidence: str = ""
    example: str = ""


def propose(proposal: Proposal, *, by: Actor) -> IndicatorVersion:
    """Propose a new indicator of one's agency. Raises NotAllowed, Invalid with every fault at its box, or Conflict when others
    took serials at the same moment."""
    require(policy.propose, by)
    _examine(proposal, by, code="")
    for _try in range(TRIES):
        try:
            with session().begin_nested():
                indicator = _new_indicator(by.agency)
        except IntegrityError:
            continue  # somebody of the same agency took the serial meanwhile
        return _write(indicator, 1, proposal, by=by)
    raise Conflict(_busy())


def revise(version: IndicatorVersion, *, proposal: Proposal, by: Actor) -> IndicatorVersion:
    """Write the next version of an indicator. What is in force stays so until the new one takes its place. Raises NotAllowed,
    or Invalid with every fault."""
    require(policy.revise, by, version)
    query = sa.select(Indicator).where(Indicator.id == version.indicator_id).with_for_update()
    indicator = session().scalars(query).one()
    _examine(proposal, by, code=indicator.code)
    highest = session().scalar(
        sa.select(sa.func.max(IndicatorVersion.number)).where(IndicatorVersion.indicator_id == indicator.id)
    )
    return _write(indicator, (highest or 0) + 1, proposal, by=by)


def withdraw(version: IndicatorVersion, *, by: Actor) -> IndicatorVersion:
    """Take a version back before it works. Raises NotAllowed or Conflict."""
    session().refresh(version, attribute_names=["_status"], with_for_update=True)
    INDICATOR.move(version, "withdraw", by=by, indicator=version.indicator.code, version=version.number)
    session().flush()
    return version


def _busy() -> object:
    from flask_babel import lazy_gettext as _l

    return _l("Others of your agency are proposing at the same moment. Send it again.")


def _new_indicator(agency: str) -> Indicator:
    highest = session().scalar(sa.select(sa.func.max(Indicator.serial)).where(Indicator.agency == agency)) or 0
    indicator = Indicator(
        code=f"{agency}-{highest + 1:04}", agency=agency, serial=highest + 1, created_at=clock.now()
    )  # fmt: skip
    session().add(indicator)
    session().flush()
    return indicator


def _write(indicator: Indicator, number: int, proposal: Proposal, *, by: Actor) -> IndicatorVersion:
    assert proposal.valid_from is not None
    assert proposal.valid_until is not None
    version = IndicatorVersion(
        indicator=indicator, number=number, agency=indicator.agency, titles=_texts(proposal.titles),
        reasons=_texts(proposal.reasons), treatments=_texts(proposal.treatments), direction=proposal.direction,
        prefixes=list(proposal.prefixes), condition=proposal.condition, weight=proposal.weight, effect=proposal.effect,
        agencies=list(proposal.agencies), basis=proposal.basis.strip(), confidence=proposal.confidence,
        example=proposal.example, valid_from=proposal.valid_from, valid_to=proposal.valid_until + timedelta(days=1),
        author_id=by.person_id, proposed_at=clock.now(),
        agreements=[IndicatorAgreement(agency=agency, answer=WAITING) for agency in proposal.agencies],
    )  # fmt: skip
    INDICATOR.begin(version)
    session().add(version)
    session().flush()
    happened = [
        recording.Happening(
            "indicator.proposed", "indicator", version.id,
            {
                "indicator": indicator.code, "version": number, "agency": version.agency,
                "agencies": list(version.agencies), "weight": version.weight, "effect": version.effect,
                "digest": recording.digest(json.dumps(version.condition, sort_keys=True, ensure_ascii=False)),
            },
        )
    ]  # fmt: skip
    if not version.agencies:
        # Nobody else's lane is touched: nobody else is asked. Whoever puts it on trial is another person all the same.
        step = INDICATOR.step(
            version, "agree", by=by, indicator=indicator.code, version=number, agencies=[version.agency]
        )
        happened.append(step)
        session().flush()
    recording.record_all(happened, by=by)
    return version


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text.strip() for language, text in texts.items() if text.strip()}


def _examine(proposal: Proposal, by: Actor, *, code: str) -> None:
    """Raise Invalid with everything that is wrong, or do nothing."""
    faults = [*_wording(proposal), *_scope(proposal, by), *_force(proposal), *_days(proposal)]
    try:
        node = conditions.parse(proposal.condition)
    except Invalid as refusal:
        raise Invalid([*faults, *refusal.faults]) from None
    faults += _references(node, by, code)
    if faults:
        raise Invalid(faults)


def _wording(proposal: Proposal) -> list[Fault]:
    faults = []
    for name, texts, most in (("title", proposal.titles, MOST_TITLE), ("reason", proposal.reasons, MOST_TEXT)):
        if not _texts(texts):
            faults.append(fault(f"INDICATOR-{name.upper()}", name, limit=most))
        elif max(map(len, texts.values())) > most:
            faults.append(fault("INDICATOR-LONG", name, limit=most))
    for name, text in (("treatment", "".join(proposal.treatments.values())), ("basis", proposal.basis)):
        if len(text) > 3 * MOST_TEXT:
            faults.append(fault("INDICATOR-LONG", name, limit=MOST_TEXT))
    if proposal.confidence not in CONFIDENCE or not proposal.basis.strip():
        faults.append(fault("INDICATOR-BASIS", "basis"))
    return faults


def _scope(proposal: Proposal, by: Actor) -> list[Fault]:
    faults = []
    strange = [one for one in proposal.prefixes if not re.fullmatch(r"[0-9]{2,10}", one)]
    if strange or len(proposal.prefixes) > MOST_PREFIXES:
        faults.append(fault("INDICATOR-PREFIX", "prefixes", strange[0] if strange else ""))
    if proposal.direction not in DIRECTIONS:
        faults.append(fault("INDICATOR-DIRECTION", "direction", proposal.direction))
    known = {code for code, row in current_edition().agencies.items() if row.country == HOME}
    wrong = [one for one in proposal.agencies if one not in known or one == by.agency]
    if wrong or len(proposal.agencies) > MOST_AGENCIES or len(set(proposal.agencies)) < len(proposal.agencies):
        faults.append(fault("INDICATOR-AGENCY", "agencies", wrong[0] if wrong else ""))
    return faults


def _force(proposal: Proposal) -> list[Fault]:
    faults = []
    if proposal.weight is None or not compiling.LEAST <= proposal.weight <= compiling.HEAVIEST:
        faults.append(fault("INDICATOR-WEIGHT", "weight"))
    if proposal.effect not in compiling.EFFECTS:
        faults.append(fault("INDICATOR-EFFECT", "effect", proposal.effect))
    elif proposal.effect == compiling.SCORE and proposal.weight == 0:
        faults.append(fault("INDICATOR-NOTHING", "weight"))
    return faults


def _days(proposal: Proposal) -> list[Fault]:
    begins, ends = proposal.valid_from, proposal.valid_until
    if begins is None or begins < clock.today():
        return [fault("INDICATOR-BEGINS", "valid_from")]
    if ends is None or not begins <= ends or ends - begins > LONGEST:
        return [fault("INDICATOR-ENDS", "valid_until")]
    return []


def _references(node: Node, by: Actor, code: str) -> list[Fault]:
    """What is wrong with the indicators a condition refers to: not there, not shared with the author, or in a circle."""
    if not list(conditions.named(node)):
        return []
    own = code or "BY-NEW-0000"
    trees: dict[str, Node] = {own: node}
    wanted = {one.code for one in conditions.named(node)}
    for _level in range(compiling.MOST_CHAIN):
        wanted -= trees.keys()
        if not wanted:
            break
        found = _trees(sorted(wanted), by.agency)
        trees |= found
        wanted = {one.code for tree in found.values() for one in conditions.named(tree)}
    try:
        whole = compiling.resolved(own, trees)
    except Invalid as refusal:
        return list(refusal.faults)
    if (clash := reasoning.contradiction(whole)) is not None:
        return [fault("CONDITION-NEVER", "condition", place=clash.place, fact=dict(clash.ref.kind.label))]
    return []


def _trees(codes: list[str], agency: str) -> dict[str, Node]:
    """The latest condition of some indicators that the agency wrote or shares, by code."""
    shared = IndicatorVersion.agreements.any(
        sa.and_(IndicatorAgreement.agency == agency, IndicatorAgreement.answer == SAID_YES)
    )
    query = (
        sa.select(Indicator.code, IndicatorVersion.condition)
        .join(IndicatorVersion, IndicatorVersion.indicator_id == Indicator.id)
        .where(
            Indicator.code.in_(codes),
            IndicatorVersion._status.in_((PROPOSED, AGREED, *COUNTING)),
            sa.or_(IndicatorVersion.agency == agency, shared),
        )
        .order_by(IndicatorVersion.number)
    )
    return {code: conditions.parse(condition) for code, condition in session().execute(query)}
