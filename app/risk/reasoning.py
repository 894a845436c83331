"""Whether a condition can hold at all: interval analysis of its facts. Pure and cautious: it calls a contradiction only what
surely is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.risk.conditions import Group, Leaf, Node, negated, plain
from app.risk.facts import CODES, FLAG, NUMBER
from app.risk.operators import folded

_INFINITY = Decimal("Infinity")


def contradiction(node: Node) -> Leaf | None:
    """A leaf because of which the condition can never hold, None where it can (or may)."""
    return _clash(plain(node), ())


def always(node: Node) -> bool:
    """Whether the condition holds whatever the facts are, once they are known."""
    return contradiction(negated(node)) is not None


def _clash(node: Node, given: Sequence[Leaf]) -> Leaf | None:
    if isinstance(node, Leaf):
        return _against((*given, node))
    if not isinstance(node, Group):
        return None
    if node.kind == "any":
        found = [_clash(part, given) for part in node.parts]
        return found[-1] if found and all(one is not None for one in found) else None
    flat, choices = _flattened(node)
    known = (*given, *flat)
    clash = _against(known)
    if clash is not None:
        return clash
    return next((lost for choice in choices if (lost := _clash(choice, known)) is not None), None)


def _flattened(node: Group) -> tuple[list[Leaf], list[Node]]:
    """The leaves of an ``all`` and of the ``all`` within it, and the choices beside them."""
    flat: list[Leaf] = []
    choices: list[Node] = []
    for part in node.parts:
        if isinstance(part, Leaf):
            flat.append(part)
        elif isinstance(part, Group) and part.kind == "all":
            inner, more = _flattened(part)
            flat += inner
            choices += more
        else:
            choices.append(part)
    return flat, choices


def _against(known: Sequence[Leaf]) -> Leaf | None:
    """The last leaf of a fact whose leaves cannot hold together."""
    by_fact: dict[str, list[Leaf]] = {}
    for one in known:
        by_fact.setdefault(one.ref.key, []).append(one)
    for held in by_fact.values():
        if len(held) > 1 and not _together(held):
            return held[-1]
    return None


def _together(held: list[Leaf]) -> bool:
    ops = {one.op for one in held}
    # "not declared" and anything that needs a value exclude each other.
    if "missing" in ops and ops != {"missing"}:
        return "contains_none" in ops and ops <= {"missing", "contains_none", "not_starts_with"}
    compared = {(one.other.key, one.op) for one in held if one.other is not None}
    if any((op == "is" and (key, "is_not") in compared) for key, op in compared):
        return False
    plain_ones = [one for one in held if one.other is None and one.op not in ("known", "missing")]
    kind = held[0].ref.kind.type
    if kind == NUMBER:
        return _numbers(plain_ones)
    if kind == FLAG:
        return len({one.limit for one in plain_ones}) <= 1
    return _codes(plain_ones) if kind == CODES else _texts(plain_ones)


def _numbers(held: Iterable[Leaf]) -> bool:
    low, high, open_low, open_high = -_INFINITY, _INFINITY, False, False
    excluded = []
    for one in held:
        if one.op == "outside":
            continue
        if one.op == "is_not":
            excluded.append(one.limit)
            continue
        least, most, open_least, open_most = _span(one)
        if least > low or (least == low and open_least):
            low, open_low = least, open_least
        if most < high or (most == high and open_most):
            high, open_high = most, open_most
    if low > high or (low == high and (open_low or open_high)):
        return False
    if low == high and low in excluded:
        return False
    return not any(one.op == "outside" and one.limit[0] <= low and high <= one.limit[1] for one in held)


def _span(one: Leaf) -> tuple[Decimal, Decimal, bool, bool]:
    if one.op == "between":
        return one.limit[0], one.limit[1], False, False
    if one.op == "is":
        return one.limit, one.limit, False, False
    if one.op in ("below", "at_most"):
        return -_INFINITY, one.limit, False, one.op == "below"
    return one.limit, _INFINITY, one.op == "above", False


def _codes(held: Iterable[Leaf]) -> bool:
    banned = {code for one in held if one.op == "contains_none" for code in one.limit}
    return not any(one.op == "contains_any" and banned.issuperset(one.limit) for one in held)


def _texts(held: Iterable[Leaf]) -> bool:
    allowed: set[str] | None = None
    for one in held:
        if one.op in ("is", "among"):
            said = {folded(text) for text in ([one.limit] if one.op == "is" else one.limit)}
            allowed = said if allowed is None else allowed & said
    if allowed is None:
        return True
    tested = [one for one in held if one.test is not None]
    return any(all(one.test(text) for one in tested if one.test) for text in allowed)
