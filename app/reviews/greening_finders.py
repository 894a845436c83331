"""Reads of rules for signing off and of second looks, scoped by their reader."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.access import Actor
from app.database import session
from app.declarations.models import Declaration
from app.errors import NotFound
from app.reviews.greening import AUTOMATIC
from app.reviews.greening_models import GreenRule, SecondLook
from app.reviews.models import Decision
from app.web import Page

PAGE = 25


@dataclass(frozen=True, slots=True)
class LookRow:
    """A second look with the number of its package."""

    look: SecondLook
    number: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What a rule has signed, and what second looks found of it."""

    signed: int = 0
    waiting: int = 0
    agreed: int = 0
    differs: int = 0


def _mine(column: InstrumentedAttribute[str], actor: Actor) -> sa.ColumnElement[bool]:
    if actor.kind in ("auditor", "system"):
        return sa.true()
    return column == actor.agency if actor.kind == "agency" and actor.agency else sa.false()


def get_rule(rule_id: uuid.UUID, *, actor: Actor) -> GreenRule:
    """Return a rule. Raises NotFound: not there and another agency's look alike."""
    found: GreenRule | None = session().scalar(
        sa.select(GreenRule).where(GreenRule.id == rule_id, _mine(GreenRule.agency, actor))
    )
    if found is None:
        raise NotFound()
    return found


def list_rules(actor: Actor, cursor: str | None = None) -> Page[GreenRule]:
    """Return a page of rules, newest first."""
    query = sa.select(GreenRule).where(_mine(GreenRule.agency, actor))
    if cursor:
        query = query.where(GreenRule.id < _key(cursor))
    rows = session().scalars(query.order_by(GreenRule.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def count_signed(rules: Sequence[GreenRule]) -> Mapping[str, Figures]:
    """Return the figures of some rules by code; two statements."""
    codes = [rule.code for rule in rules]
    if not codes:
        return {}
    signed = sa.select(Decision.rule_code, sa.func.count()).where(
        Decision.rule_code.in_(codes), Decision.how == AUTOMATIC
    )
    by_code = {code: number for code, number in session().execute(signed.group_by(Decision.rule_code))}
    looks = sa.select(SecondLook.rule_code, SecondLook._status, sa.func.count()).where(SecondLook.rule_code.in_(codes))
    found: dict[str, dict[str, int]] = {}
    for code, status, number in session().execute(looks.group_by(SecondLook.rule_code, SecondLook._status)):
        found.setdefault(code, {})[status] = number
    return {code: Figures(by_code.get(code, 0), **found.get(code, {})) for code in codes}


def get_look(look_id: uuid.UUID, *, actor: Actor) -> SecondLook:
    """Return a second look. Raises NotFound: not there and another agency's look alike."""
    found: SecondLook | None = session().scalar(
        sa.select(SecondLook).where(SecondLook.id == look_id, _mine(SecondLook.agency, actor))
    )
    if found is None:
        raise NotFound()
    return found


def list_looks(actor: Actor, cursor: str | None = None, *, waiting: bool = True) -> Page[LookRow]:
    """Return a page of second looks: those that wait, the oldest first, or those that are settled, newest first."""
    query = (
        sa.select(SecondLook, Declaration.number)
        .join(Declaration, Declaration.id == SecondLook.declaration_id)
        .where(_mine(SecondLook.agency, actor))
    )
    query = query.where(SecondLook._status == "waiting" if waiting else SecondLook._status != "waiting")
    if cursor:
        query = query.where(SecondLook.id > _key(cursor) if waiting else SecondLook.id < _key(cursor))
    order = SecondLook.id.asc() if waiting else SecondLook.id.desc()
    rows = [LookRow(look, number or "") for look, number in session().execute(query.order_by(order).limit(PAGE + 1))]
    return Page(rows[:PAGE], str(rows[PAGE - 1].look.id) if len(rows) > PAGE else None)


def _key(cursor: str) -> uuid.UUID:
    try:
        return uuid.UUID(cursor)
    except ValueError:
        raise NotFound() from None
