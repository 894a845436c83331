"""Reading a condition from JSON or a form: every fault at once, each with its place in the tree. Pure."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from app.errors import Fault, Invalid, Text
from app.risk import conditions, reasoning, vocabulary
from app.risk.conditions import DEEPEST, MOST_LEAVES, Group, Leaf, Named, Node, Not
from app.risk.facts import DECLARED, FACTS, FLAG, NUMBER, PARAMETERS, FactKind, Ref
from app.risk.operators import BARE, COMPARING, LISTS, OPERATORS, WORDS
from app.risk.wording import fault

MOST_VALUES, MOST_TEXT = 60, 100
"""Values in one list, and characters of one value."""
INDICATOR = re.compile(r"BY-[A-Z]{2,14}-[0-9]{4,6}")
"""The code of an indicator: its agency and a serial."""

_RANGES: dict[str, tuple[str, str]] = {
    "count": ("0", "1000000000"), "kg": ("0", "1000000000"), "value": ("0", "1000000000000"),
    "value/kg": ("0", "1000000000"), "days": ("-36500", "36500"), "hours": ("-8760", "8760"), "ratio": ("0", "1000000"),
    "share": ("-1", "1"), "percentile": ("0", "100"),
}  # fmt: skip
"""Unit of a number: the least and the most that a value can be."""

_A_NUMBER: Text = {
    "be": "лік ад {low} да {high}",
    "ru": "число от {low} до {high}",
    "en": "a number from {low} to {high}",
}
_TWO: Text = {
    "be": "два лікі, меншы першым, ад {low} да {high}",
    "ru": "два числа, меньшее первым, от {low} до {high}",
    "en": "two numbers, the smaller first, from {low} to {high}",
}
_YES_NO: Text = {"be": "так або не", "ru": "да или нет", "en": "yes or no"}
_TEXTS: Text = {
    "be": "ад 1 да 60 значэнняў, кожнае да 100 знакаў",
    "ru": "от 1 до 60 значений, каждое до 100 знаков",
    "en": "1 to 60 values, each up to 100 signs",
}


def read(raw: Any, place: str = "1") -> Node:
    """Read a condition. Raises Invalid with every fault."""
    reader = _Reader()
    node = reader.node(raw, place, 1)
    if reader.leaves > MOST_LEAVES:
        reader.faults.append(fault("CONDITION-LONG", "condition", limit=MOST_LEAVES))
    if node is None or reader.faults:
        raise Invalid(reader.faults or [fault("CONDITION-EMPTY", "condition", place=place)])
    if (clash := reasoning.contradiction(node)) is not None:
        words = {language: conditions.said(clash.ref, language) for language in ("be", "ru", "en")}
        raise Invalid([fault("CONDITION-NEVER", f"condition-{clash.place}", place=clash.place, fact=words)])
    return node


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.leaves = 0

    def wrong(self, code: str, place: str, value: Any = "", **words: object) -> None:
        self.faults.append(fault(code, f"condition-{place}", str(value)[:200], place=place, **words))

    def node(self, raw: Any, place: str, depth: int) -> Node | None:
        if depth > DEEPEST:
            self.wrong("CONDITION-DEEP", place, limit=DEEPEST)
            return None
        if not isinstance(raw, dict):
            self.wrong("CONDITION-SHAPE", place, raw)
            return None
        if "fact" in raw:
            return self.leaf(raw, place)
        if len(raw) != 1:
            self.wrong("CONDITION-SHAPE" if raw else "CONDITION-EMPTY", place)
            return None
        [(word, inner)] = raw.items()
        if word in ("all", "any"):
            return self.group(word, inner, place, depth)
        if word == "not":
            part = self.node(inner, place, depth + 1)
            return None if part is None else Not(part, place)
        if word == "indicator" and isinstance(inner, str) and INDICATOR.fullmatch(inner):
            self.leaves += 1
            return Named(inner, place)
        self.wrong("CONDITION-SHAPE", place, word)
        return None

    def group(self, kind: str, inner: Any, place: str, depth: int) -> Node | None:
        if not isinstance(inner, list) or not inner:
            self.wrong("CONDITION-EMPTY", place)
            return None
        if len(inner) > MOST_LEAVES:
            self.wrong("CONDITION-LONG", place, limit=MOST_LEAVES)
            return None
        parts = [self.node(one, f"{place}.{number}", depth + 1) for number, one in enumerate(inner, 1)]
        return Group(kind, tuple(part for part in parts if part is not None), place)

    def leaf(self, raw: dict[str, Any], place: str) -> Node | None:
        self.leaves += 1
        ref = self.ref(raw, place)
        if ref is None:
            return None
        op = raw.get("op")
        allowed = [one for one in OPERATORS[ref.kind.type] if one not in BARE or ref.kind.group == DECLARED]
        if op not in allowed:
            words = {language: ", ".join(WORDS[one][language] for one in allowed) for language in ("be", "ru", "en")}
            self.wrong("CONDITION-OPERATOR", place, op, allowed=words)
            return None
        if op in BARE:
            return conditions.leaf(ref, op, None, place=place)
        if "to" in raw:
            return self.comparison(ref, str(op), raw["to"], place)
        limit = self.limit(ref.kind, str(op), raw.get("value"), place)
        return None if limit is None else conditions.leaf(ref, str(op), limit, place=place)

    def ref(self, raw: dict[str, Any], place: str) -> Ref | None:
        kind = FACTS.get(raw["fact"]) if isinstance(raw.get("fact"), str) else None
        if kind is None:
            self.wrong("CONDITION-FACT", place, raw.get("fact"))
            return None
        given = raw.get("of") or {}
        if not isinstance(given, dict):
            self.wrong("CONDITION-SHAPE", place, given)
            return None
        args = []
        for name in kind.parameters:
            typed = str(given.get(name, "")).strip()
            if not PARAMETERS[name].takes(typed) or (name == "code" and not vocabulary.knows("document", typed)):
                self.wrong("CONDITION-PARAMETER", place, typed, name=name)
                return None
            args.append(typed)
        return Ref(kind, tuple(args))

    def comparison(self, ref: Ref, op: str, raw: Any, place: str) -> Leaf | None:
        other = self.ref(raw if isinstance(raw, dict) else {}, place)
        if other is None:
            return None
        same = (ref.kind.type, ref.kind.unit, ref.kind.values) == (other.kind.type, other.kind.unit, other.kind.values)
        if not same or op not in COMPARING or not ref.kind.unit or ref == other:
            self.wrong("CONDITION-OTHER", place, other.kind.name)
            return None
        return conditions.leaf(ref, op, None, other, place)

    def limit(self, kind: FactKind, op: str, raw: Any, place: str) -> Any:
        if kind.type == FLAG:
            if not isinstance(raw, bool):
                self.wrong("CONDITION-VALUE", place, raw, wanted=_YES_NO)
            return raw if isinstance(raw, bool) else None
        if kind.type == NUMBER:
            return self.numbers(kind, op, raw, place)
        many = op in LISTS
        values = raw if many and isinstance(raw, list) else [raw]
        texts = [one.strip() for one in values if isinstance(one, str) and one.strip() and one.isprintable()]
        if not texts or len(texts) != len(values) or len(texts) > MOST_VALUES or max(map(len, texts)) > MOST_TEXT:
            self.wrong("CONDITION-VALUE", place, raw, wanted=_TEXTS)
            return None
        known = vocabulary.begins if "starts_with" in op else vocabulary.knows
        strange = [one for one in texts if not known(kind.values, one)]
        if strange and not ("contains" in op and kind.type == "text"):
            self.wrong("CONDITION-CODE", place, strange[0], wanted=strange[0])
            return None
        return tuple(texts) if many else texts[0]

    def numbers(self, kind: FactKind, op: str, raw: Any, place: str) -> Any:
        low, high = (Decimal(one) for one in _RANGES[kind.unit])
        two = op in ("between", "outside")
        given = raw if two and isinstance(raw, list) else [raw]
        read = [_decimal(one) for one in given]
        good = [one for one in read if one is not None and low <= one <= high]
        if len(good) != (2 if two else 1) or len(good) != len(read) or good[0] > good[-1]:
            text = _TWO if two else _A_NUMBER
            wanted = {language: said.format(low=low, high=high) for language, said in text.items()}
            self.wrong("CONDITION-VALUE", place, raw, wanted=wanted)
            return None
        return tuple(good) if two else good[0]


def _decimal(raw: Any) -> Decimal | None:
    """A number as typed, with comma or point, up to six decimals; None for anything else."""
    if isinstance(raw, bool) or not isinstance(raw, (int, str)) or len(str(raw)) > 24:
        return None
    try:
        number = Decimal(str(raw).strip().replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    return number if number.is_finite() and isinstance(exponent, int) and -6 <= exponent <= 12 else None


def as_raw(node: Node) -> dict[str, Any]:
    """The JSON form of a condition: what ``read`` reads into an equal one."""
    from app.risk.operators import written

    if isinstance(node, Group):
        return {node.kind: [as_raw(part) for part in node.parts]}
    if isinstance(node, Not):
        return {"not": as_raw(node.part)}
    if isinstance(node, Named):
        return {"indicator": node.code}
    raw: dict[str, Any] = {**_named(node.ref), "op": node.op}
    if node.other is not None:
        raw["to"] = _named(node.other)
    elif node.op not in BARE:
        raw["value"] = written(node.limit)
    return raw


def _named(ref: Ref) -> dict[str, Any]:
    given = dict(zip(ref.kind.parameters, ref.args, strict=True))
    return {"fact": ref.kind.name, **({"of": given} if given else {})}
