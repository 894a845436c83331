"""The form of an indicator as typed: boxes to a proposal and back. Nothing typed is lost; no JavaScript is needed. Pure.

Conditions stand in blocks of rows: a block joins its rows by "all" or "any" and can be turned into its opposite; the blocks are
joined once more. Deeper trees are written in the box for the written form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.requirements.inquiry import day_of
from app.risk import reading
from app.risk.conditions import Group, Leaf, Named, Node, Not
from app.risk.facts import FACTS, FLAG, NUMBER, TEXT
from app.risk.operators import BARE, LISTS, written
from app.risk.proposing import Proposal

MOST_BLOCKS, MOST_ROWS = 6, 12
MOST_WRITTEN = 20_000
"""Characters of a condition in its written form."""
INDICATOR = "indicator"
"""Stands in the place of a fact: "another indicator fires"."""
YES = frozenset({"yes", "так", "да", "1", "true"})
NO = frozenset({"no", "не", "нет", "0", "false"})
PLAIN = (
    "title", "reason", "treatment", "basis", "confidence", "direction", "prefixes", "weight", "effect", "valid_from",
    "valid_until", "top", "written",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison as typed: the name of the fact, its details, the operator, the value, or another fact."""

    fact: str = ""
    of: str = ""
    op: str = ""
    value: str = ""
    to: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed in it."""
        return not (self.fact or self.of or self.value)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows with what joins them; ``negated``: the opposite of them."""

    rows: tuple[Row, ...] = (Row(),)
    join: str = "all"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """The whole form. ``plain`` holds the simple boxes by name, all of ``PLAIN``."""

    plain: Mapping[str, str]
    agencies: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = field(default=(Block(),))


def read_form(sent: Any) -> Typed:
    """The form from what a browser sent (``request.form``): never fails, whatever was sent."""
    plain = {name: sent.get(name, "").strip() for name in PLAIN}
    agencies = tuple(dict.fromkeys(sent.getlist("agencies")))
    blocks = []
    for number in range(1, MOST_BLOCKS + 1):
        rows = [
            Row(*(sent.get(f"b{number}-{place}-{name}", "").strip() for name in ("fact", "of", "op", "value", "to")))
            for place in range(1, MOST_ROWS + 1)
            if f"b{number}-{place}-fact" in sent
        ]
        if rows:
            join = "any" if sent.get(f"b{number}-join") == "any" else "all"
            blocks.append(Block(tuple(rows), join, bool(sent.get(f"b{number}-not"))))
    return Typed(plain, agencies, tuple(blocks) or (Block(),))


def grown(typed: Typed, wish: str) -> Typed:
    """The form with what a button asked for: ``row-2`` one more row in block 2, ``block`` one more block."""
    blocks = list(typed.blocks)
    asked = re.fullmatch(r"row-([1-9])", wish)
    if asked and int(asked[1]) <= len(blocks):
        block = blocks[int(asked[1]) - 1]
        if len(block.rows) < MOST_ROWS:
            blocks[int(asked[1]) - 1] = Block((*block.rows, Row()), block.join, block.negated)
    elif wish == "block" and len(blocks) < MOST_BLOCKS:
        blocks.append(Block())
    return Typed(typed.plain, typed.agencies, tuple(blocks))


def condition_of(typed: Typed) -> tuple[Any, dict[str, str]]:
    """The condition as JSON, and for each place in its tree the box it came from."""
    if typed.plain.get("written"):
        return _json(typed.plain["written"]), {}
    blocks = [
        (number, block) for number, block in enumerate(typed.blocks, 1) if not all(row.empty for row in block.rows)
    ]
    boxes: dict[str, str] = {}
    parts = []
    for place, (number, block) in enumerate(blocks, 1):
        start = f"1.{place}" if len(blocks) > 1 else "1"
        rows = [(n, row) for n, row in enumerate(block.rows, 1) if not row.empty]
        for order, (n, _row) in enumerate(rows, 1):
            boxes[f"{start}.{order}"] = f"b{number}-{n}"
        boxes[start] = f"b{number}-1"
        inner = {block.join: [raw_of(row) for _n, row in rows]}
        parts.append({"not": inner} if block.negated else inner)
    if len(parts) == 1:
        return parts[0], boxes
    return {"any" if typed.plain.get("top") == "any" else "all": parts}, boxes


def _json(text: str) -> Any:
    try:
        # Fractions stay as they are written: 0.1 is a decimal here.
        return json.loads(text[:MOST_WRITTEN], parse_float=str)
    except (ValueError, RecursionError):
        return text


def raw_of(row: Row) -> dict[str, Any]:
    """One row as JSON; what cannot be read stays as typed, so that its fault can name it."""
    if row.fact == INDICATOR:
        return {"indicator": row.value.strip()}
    kind = FACTS.get(row.fact)
    raw: dict[str, Any] = {"fact": row.fact, "op": row.op}
    if kind is None:
        return raw
    if kind.parameters:
        details = re.split(r"[\s,;]+", row.of.strip())
        raw["of"] = dict(zip(kind.parameters, details, strict=False))
    if row.to:
        raw["to"] = {"fact": row.to}
    elif row.op not in BARE:
        raw["value"] = _value(kind.type, row.op, row.value)
    return raw


def _value(kind: str, op: str, typed: str) -> Any:
    if kind == FLAG:
        word = typed.casefold()
        return True if word in YES else False if word in NO else typed
    if kind == NUMBER:
        return [one for one in re.split(r"\s*[;–]\s*|\s+", typed) if one] if op in ("between", "outside") else typed
    if op not in LISTS:
        return typed
    split = r"[;,\n]" if kind == TEXT else r"[;,\s]+"
    return [one.strip() for one in re.split(split, typed) if one.strip()]


def proposal_of(typed: Typed, language: str, before: Proposal | None = None) -> tuple[Proposal, dict[str, str]]:
    """The proposal that a form means, and the boxes of its condition. Texts are kept in the language of the writer; those of an
    earlier version that were not touched keep all their languages."""
    condition, boxes = condition_of(typed)
    plain = typed.plain
    said = {
        name: _texts(plain[name], language, dict(getattr(before, f"{name}s")) if before else {})
        for name in ("title", "reason", "treatment")
    }
    weight = plain["weight"]
    proposal = Proposal(
        titles=said["title"], reasons=said["reason"], treatments=said["treatment"], condition=condition,
        valid_from=day_of(plain["valid_from"]), valid_until=day_of(plain["valid_until"]),
        weight=int(weight) if re.fullmatch(r"[0-9]{1,4}", weight) else None, effect=plain["effect"],
        direction=plain["direction"], prefixes=tuple(re.split(r"[\s,;]+", plain["prefixes"])) if plain["prefixes"] else (),
        agencies=typed.agencies, basis=plain["basis"], confidence=plain["confidence"],
    )  # fmt: skip
    return proposal, boxes


def _texts(typed: str, language: str, before: Mapping[str, str]) -> dict[str, str]:
    if before and typed == said_in(before, language):
        return dict(before)
    return {language: typed}


def said_in(texts: Mapping[str, str], language: str) -> str:
    """A text in a language, or in whichever it was written."""
    return texts.get(language) or next(iter(texts.values()), "")


def typed_of(proposal: Proposal, language: str) -> Typed:
    """The form that shows a version again. A tree deeper than blocks and rows is shown in its written form."""
    node = reading.read(proposal.condition)
    blocks = blocks_of(node)
    plain = dict.fromkeys(PLAIN, "") | {
        "title": said_in(proposal.titles, language), "reason": said_in(proposal.reasons, language),
        "treatment": said_in(proposal.treatments, language), "basis": proposal.basis,
        "confidence": proposal.confidence, "direction": proposal.direction, "prefixes": " ".join(proposal.prefixes),
        "weight": str(proposal.weight), "effect": proposal.effect, "top": node.kind if isinstance(node, Group) else "all",
        "valid_from": proposal.valid_from.strftime("%d.%m.%Y") if proposal.valid_from else "",
        "valid_until": proposal.valid_until.strftime("%d.%m.%Y") if proposal.valid_until else "",
    }  # fmt: skip
    if blocks is None:
        plain["written"] = json.dumps(proposal.condition, ensure_ascii=False, indent=1)
    return Typed(plain, proposal.agencies, blocks or (Block(),))


def blocks_of(node: Node) -> tuple[Block, ...] | None:
    """The blocks of a condition, None where it is deeper than blocks and rows."""
    if (single := _block(node)) is not None:
        return (single,)
    if not isinstance(node, Group) or len(node.parts) > MOST_BLOCKS:
        return None
    # Facts that stand alone beside blocks make a block of their own, joined as they are joined here.
    alone = tuple(part for part in node.parts if isinstance(part, (Leaf, Named)))
    blocks = [_block(Group(node.kind, alone))] if alone else []
    blocks += [_block(part) for part in node.parts if not isinstance(part, (Leaf, Named))]
    whole = [block for block in blocks if block is not None]
    return tuple(whole) if len(whole) == len(blocks) else None


def _block(node: Node) -> Block | None:
    if isinstance(node, Not):
        inner = _block(node.part)
        return None if inner is None or inner.negated else Block(inner.rows, inner.join, True)
    if isinstance(node, (Leaf, Named)):
        return Block((row_of(node),))
    if len(node.parts) > MOST_ROWS:
        return None
    rows = tuple(row_of(part) for part in node.parts if isinstance(part, (Leaf, Named)))
    return Block(rows, node.kind) if len(rows) == len(node.parts) else None


def row_of(node: Leaf | Named) -> Row:
    """One fact as its row shows it."""
    if isinstance(node, Named):
        return Row(INDICATOR, value=node.code)
    value = written(node.limit)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, list):
        value = "; ".join(str(one) for one in value)
    other = node.other.kind.name if node.other is not None else ""
    return Row(node.ref.kind.name, " ".join(node.ref.args), node.op, "" if value is None else str(value), other)
