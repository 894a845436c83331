"""What the boxes of the forms mean: days, sums, the lists of a scope. Pure: texts in, values and faults out."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from app.errors import Fault
from app.traders.advantages import Scope
from app.traders.kinds import Kind
from app.traders.words import fault

LISTS = ("goods", "procedures", "waste", "facilities")
MOST_TEXT = 4000
MOST_FACILITIES = 20
MOST_CODES = 200
_CODE = {
    "goods": (re.compile(r"[0-9]{2,10}"), "ACC-GOODS"),
    "procedures": (re.compile(r"[0-9]{2}"), "ACC-PROCEDURE"),
    "waste": (re.compile(r"[A-Z]{1,2}[0-9]{1,5}|[0-9]{5,8}"), "ACC-WASTE"),
}
_BETWEEN = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Terms:
    """The form of a grant as typed; the names are those of its boxes. ``valid_until`` is the last day, inclusive."""

    goods: str = ""
    procedures: str = ""
    waste: str = ""
    facilities: str = ""
    valid_from: str = ""
    valid_until: str = ""
    guarantee_reference: str = ""
    guarantee_amount: str = ""
    guarantee_currency: str = ""
    conditions: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """What a form of a grant means. ``valid_to`` is exclusive."""

    scope: Scope
    valid_from: date
    valid_to: date
    guarantee_reference: str
    guarantee_amount: Decimal | None
    guarantee_currency: str
    conditions: str


def scope_of(typed: Mapping[str, str], kind: Kind) -> tuple[Scope, list[Fault]]:
    """Return the scope that was typed, with what was wrong in it. A list that the kind does not know is left out."""
    found: dict[str, tuple[str, ...]] = {}
    faults: list[Fault] = []
    for name in kind.scope:
        if name == "facilities":
            found[name] = tuple(
                dict.fromkeys(" ".join(line.split()) for line in typed.get(name, "").splitlines() if line.strip())
            )
            if len(found[name]) > MOST_FACILITIES or any(len(line) > 200 for line in found[name]):
                faults.append(fault("ACC-FACILITY", name, most=MOST_FACILITIES))
            continue
        pattern, code = _CODE[name]
        words = tuple(dict.fromkeys(filter(None, _BETWEEN.split(typed.get(name, "").upper()))))
        wrong = [word for word in words if not pattern.fullmatch(word)] or list(words[MOST_CODES:])
        if wrong:
            faults.append(fault(code, name, wrong[0]))
        found[name] = tuple(word for word in words if pattern.fullmatch(word))
    scope = Scope(**found)
    # A recycler recovers certain waste at a certain place: without both the accreditation says nothing.
    if kind.code == "recycler" and not faults and not (scope.waste and scope.facilities):
        faults.append(fault("ACC-SCOPE-EMPTY", "waste" if not scope.waste else "facilities"))
    return scope, faults


def granted_of(typed: Terms, kind: Kind, today: date) -> Granted:
    """Return what a form of a grant means; ``faults_of`` is asked first."""
    scope, _faults = scope_of({name: getattr(typed, name) for name in LISTS}, kind)
    begins, ends = day_of(typed.valid_from) or today, day_of(typed.valid_until) or today
    secured = bool(typed.guarantee_reference.strip())
    return Granted(
        scope, begins, ends + timedelta(days=1), typed.guarantee_reference.strip(),
        amount_of(typed.guarantee_amount) if secured else None, typed.guarantee_currency.strip().upper() if secured else "",
        typed.conditions.strip(),
    )  # fmt: skip


def faults_of(typed: Terms, kind: Kind, type_code: str, today: date) -> list[Fault]:
    """Return everything that is wrong in a form of a grant, each at its box."""
    _scope, faults = scope_of({name: getattr(typed, name) for name in LISTS}, kind)
    faults += _days(typed, kind, today)
    # Type 1 rests on a security; the other types may name one (EAEU Customs Code, article 433; own memory, check).
    if kind.guarantee and (type_code == "1" or typed.guarantee_reference.strip()):
        faults += _security(typed)
    if len(typed.conditions) > MOST_TEXT:
        faults.append(fault("ACC-CONDITIONS", "conditions", most=MOST_TEXT))
    return faults


def _days(typed: Terms, kind: Kind, today: date) -> list[Fault]:
    begins, ends = day_of(typed.valid_from), day_of(typed.valid_until)
    faults = [
        fault("ACC-DAY", name, getattr(typed, name))
        for name, day in (("valid_from", begins), ("valid_until", ends))
        if day is None
    ]
    if begins is not None and begins < today:
        faults.append(fault("ACC-DAYS-PAST", "valid_from", typed.valid_from))
    if begins is not None and ends is not None:
        if ends < begins:
            faults.append(fault("ACC-DAYS-ORDER", "valid_until", typed.valid_until))
        elif ends >= months_after(begins, kind.months):
            faults.append(fault("ACC-DAYS-LONG", "valid_until", typed.valid_until, months=kind.months))
    return faults


def _security(typed: Terms) -> list[Fault]:
    faults = []
    if not 0 < len(typed.guarantee_reference.strip()) <= 50:
        faults.append(fault("ACC-GUARANTEE", "guarantee_reference"))
    if amount_of(typed.guarantee_amount) is None:
        faults.append(fault("ACC-AMOUNT", "guarantee_amount", typed.guarantee_amount))
    if not re.fullmatch(r"[A-Za-z]{3}", typed.guarantee_currency.strip()):
        faults.append(fault("ACC-CURRENCY", "guarantee_currency", typed.guarantee_currency))
    return faults


def day_of(said: str) -> date | None:
    """Read a day as day.month.year or ISO 8601; None where there is no such day of this century."""
    for pattern in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(said.strip(), pattern).date()
        except ValueError:
            continue
        return day if 2000 <= day.year < 2100 else None
    return None


def amount_of(said: str) -> Decimal | None:
    """Read a sum above zero with two decimals at most, blanks and a decimal comma allowed; None where it is none."""
    digits = "".join(said.split()).replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,13}(\.[0-9]{1,2})?", digits):
        return None
    return Decimal(digits) if Decimal(digits) > 0 else None


def months_after(day: date, months: int) -> date:
    """Return the same day some months on; the last day of a shorter month."""
    total = day.month - 1 + months
    year, month = day.year + total // 12, total % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
