"""Signing off by a rule: what the window decides on behalf of an agency, in the breath in which the case is opened.

Only in the green lane, only where nothing fired and nothing was left untold, only under rules that two supervisors of the
agency agreed to, one for each measure. The decision names the rule and no person. Some are drawn for a second look.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from app import clock, markup
from app.access import SYSTEM
from app.database import new_id, session
from app.declarations import codec, finders
from app.declarations.models import Declaration
from app.declarations.package import Package
from app.errors import Conflict, Invalid
from app.ledger.recording import record_all
from app.requirements.outcome import Found, Lane
from app.requirements.ruling_finders import find_quoted
from app.reviews import carrying, deciding, releasing, scanned
from app.reviews.deciding import Signed
from app.reviews.examining import ItemDecision, Judgement
from app.reviews.green_checks import Goods, Rule, accredited, applies
from app.reviews.greening_models import GreenRule, SecondLook
from app.reviews.lifecycle import SECOND_LOOK
from app.reviews.models import Decision, Review
from app.reviews.worst import APPROVED, clears
from app.risk import drawing_lots, rights_finders, seeds
from app.risk.assessing import Assessed
from app.risk.models import RiskStamp
from app.risk.thresholds import GREEN
from app.traders.advantages import Held
from app.traders.finders import list_held

AUTOMATIC = "automatic"
"""How a decision was signed that no person signed."""
SECURED = "secured"

PART = "green-rules"
"""The stamp that rises whenever a rule is agreed to or ended."""

Rules = Mapping[str, Sequence[Rule]]
"""The rules in force by agency."""
Kept = Mapping[str, Sequence[tuple[date, date | None, Rule]]]
_rules: dict[str, tuple[int, Kept]] = {}
"""What the process keeps of each database: the stamp it was read under, and the rules with their days."""


def find_rules(assessed: Assessed, *, on: date) -> Rules:
    """Return the rules in force for the agencies in whose green lane a package is.

    Asked before the first row of a filing is written. The process keeps the rules by their stamp, so mostly nothing is read."""
    green = [agency for agency, one in assessed.lanes.items() if one.lane == GREEN and agency in assessed.quiet]
    if not green:
        return {}
    rules = _kept(assessed.stamps.get(PART, 0) if assessed.stamps else _stamp())
    found = {
        agency: [rule for since, until, rule in rules.get(agency, ()) if _holds(since, until, on)] for agency in green
    }
    return {agency: of_it for agency, of_it in found.items() if of_it}


def any_rules() -> bool:
    """Whether any agency has ever agreed to a rule; one small read."""
    return bool(_kept(_stamp()))


def _holds(since: date, until: date | None, on: date) -> bool:
    return since <= on and (until is None or on < until)


def _stamp() -> int:
    return session().scalar(sa.select(RiskStamp.number).where(RiskStamp.part == PART)) or 0


def _kept(stamp: int) -> Kept:
    """The rules that were agreed, with their days. Test mode stands on a database of its own in the same process."""
    if stamp == 0:
        return {}
    place = str(session().get_bind().engine.url)
    known = _rules.get(place)
    if known is None or known[0] != stamp:
        query = sa.select(GreenRule).where(GreenRule._status.in_(("agreed", "ended"))).order_by(GreenRule.id)
        found: dict[str, list[tuple[date, date | None, Rule]]] = {}
        for row in session().scalars(query):
            rule = Rule(row.code, row.agency, row.measure, row.proof, row.second_look)
            found.setdefault(row.agency, []).append((row.valid_from, row.valid_to, rule))
        known = _rules[place] = (stamp, found)
    return known[1]


def sign_off(
    declaration: Declaration, assessed: Assessed, rules: Rules, *, only_release: bool = False
) -> list[Decision]:
    """Sign off what may be, customs last; the package's reviews are written. Returns the decisions; mostly none.

    ``only_release``: the case of customs alone. What cannot be signed (a file that waits, papers that could not be issued) is
    left to an officer."""
    if not rules:
        return []
    session().flush()
    package = lock(declaration.id)
    reviews = carrying.lock_reviews(package)
    case = _Case(package, assessed, rules)
    made = []
    for review in reviews:
        decision = case.sign(review) if review.releases or not only_release else None
        if decision is not None:
            made.append(decision)
    return made


def lock(declaration_id: uuid.UUID) -> Declaration:
    """The package's own row: one that was filed in this transaction is not the session's yet."""
    query = sa.select(Declaration).where(Declaration.id == declaration_id).with_for_update()
    return session().scalars(query.execution_options(populate_existing=True)).one()


class _Case:
    """One package whose green lanes are looked at, with what is read for that once."""

    def __init__(self, declaration: Declaration, assessed: Assessed, rules: Rules) -> None:
        self.declaration, self.rules = declaration, rules
        self.on = (declaration.registered_at or clock.now()).astimezone(clock.MINSK).date()
        # Asked again under the lock: an accreditation may have been suspended since the package was assessed.
        self.held: Sequence[Held] = list_held(declaration.owner_id, self.on)
        version = finders.get_version(declaration)
        self.package: Package = codec.to_package(markup.read(version.canonical))

    def sign(self, review: Review) -> Decision | None:
        """Sign a case off if its rules say so."""
        rules = self.rules.get(review.agency, ())
        if not rules or review.status != "queued" or review.assignee_id is not None or review.four_eyes:
            return None
        if review.risk != GREEN:
            return None
        lanes = [Lane.from_dict(data) for data in (review.lane["lane"], *review.lane["behind"])]
        applied = applies(lanes, rules, self._goods(review), self.held, self._registered(lanes).__contains__)
        guarantee = self._guarantee(review, applied) if review.releases else ""
        if not applied or guarantee is None:
            return None
        payment = {"payment": SECURED, "payment_reference": guarantee} if review.releases else {}
        items = tuple(ItemDecision(number, APPROVED) for number in review.items)
        return self._signed(review, Judgement(items, **payment), applied)

    def _signed(self, review: Review, said: Judgement, applied: Sequence[Rule]) -> Decision | None:
        try:
            scanned.must_be_scanned(review.declaration_id)
            if rights_finders.is_any_open(review.declaration_id):
                return None
            siblings = deciding.examined(review, said)
        except (Conflict, Invalid):
            # An officer is told why when one takes the case.
            return None
        signed = Signed(AUTOMATIC, rule=applied[0].code)
        decision = deciding.sign(review, self.declaration, said, siblings, step="sign-off", by=SYSTEM, signed=signed)
        self._draw(review, decision, max(rule.second_look for rule in applied))
        return decision

    def _goods(self, review: Review) -> list[Goods]:
        wanted = set(review.items)
        return [Goods(line.code, line.procedure) for line in self.package.lines if line.number in wanted]

    def _registered(self, lanes: Sequence[Lane]) -> set[Found]:
        """The documents that a registry of the window holds: advance rulings; registers of permits come with their rooms."""
        papers = [one for lane in lanes for measure in lane.measures for each in measure.findings for one in each.found]
        rulings = find_quoted(one.number for one in papers)
        return {
            one
            for one in papers
            if (ruling := rulings.get(one.number)) is not None
            and ruling.document_code == one.code
            and ruling.holder_id == self.declaration.owner_id
        }

    def _guarantee(self, review: Review, applied: Sequence[Rule]) -> str | None:
        """The reference of the guarantee under which customs lets goods go, None where customs decides itself: another agency
        has not decided favourably, or no accreditation with a guarantee covers every item."""
        others = [one for one in releasing.siblings_of(review, afresh=True) if one.id != review.id]
        if not applied or not all(one.status == "decided" and clears(one.result) for one in others):
            return None
        kinds = {rule.proof for rule in applied}
        found = [accredited(kind, goods, self.held) for kind in kinds for goods in self._goods(review)]
        behind = {one.guarantee.reference if one and one.guarantee else "" for one in found}
        return behind.pop() or None if len(behind) == 1 else None

    def _draw(self, review: Review, decision: Decision, share: int) -> None:
        """Draw a share of what was signed for an officer's look; the decision stands."""
        seed = seeds.seed_of(self.on)
        number = self.declaration.number or ""
        if not drawing_lots.drawn(seed, number, review.agency, share, drawing_lots.SECOND_LOOK):
            return
        look = SecondLook(
            id=new_id(), review_id=review.id, declaration_id=review.declaration_id, decision_id=decision.id,
            agency=review.agency, rule_code=decision.rule_code, opened_at=clock.now(), note="", person_name="",
        )  # fmt: skip
        SECOND_LOOK.begin(look)
        session().add(look)
        session().flush()
        # In no package's story, which its trader reads.
        record_all([replace(SECOND_LOOK.step(look, "open", by=SYSTEM, **told(look)), declaration_id=None)], by=SYSTEM)


def told(look: SecondLook) -> dict[str, str]:
    """Return what the ledger tells of a second look."""
    return {
        "agency": look.agency, "declaration": str(look.declaration_id), "review": str(look.review_id),
        "decision": str(look.decision_id), "rule": look.rule_code,
    }  # fmt: skip
