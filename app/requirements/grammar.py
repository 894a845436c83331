"""The two small languages of the data: document expressions and flag expressions.

``expr = term {"|" term}; term = factor {"&" factor}; factor = code ["?"] | "(" expr ")" ["?"]``.
``&`` all, ``|`` one of, ``?`` conditional: may be asked, never blocks. Flag expressions are the same without ``?``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

TOKEN = re.compile(r"\s*([A-Za-z0-9_-]+|[&|?()])")


class BadExpression(ValueError):
    """An expression cannot be read; says where (a position counted from 1) and what was expected there."""

    def __init__(self, text: str, place: int, expected: str) -> None:
        super().__init__(f"{text!r}: expected {expected} at character {place}")
        self.text, self.place, self.expected = text, place, expected


@dataclass(frozen=True, slots=True)
class Code:
    """One document code or flag."""

    name: str


@dataclass(frozen=True, slots=True)
class Both:
    """Every part must hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part must hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Maybe:
    """May be asked in the case the note names; always holds."""

    part: Node


Node = Code | Both | Either | Maybe


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0

    def peek(self) -> str:
        found = TOKEN.match(self.text, self.place)
        return found.group(1) if found else ""

    def take(self) -> str:
        found = TOKEN.match(self.text, self.place)
        if found is None:
            raise BadExpression(self.text, self.place + 1, "a code or '('")
        self.place = found.end()
        return found.group(1)

    def series(self, sign: str, part: Callable[[], Node], make: Callable[[tuple[Node, ...]], Node]) -> Node:
        parts = [part()]
        while self.peek() == sign:
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else make(tuple(parts))

    def expression(self) -> Node:
        return self.series("|", self.term, Either)

    def term(self) -> Node:
        return self.series("&", self.factor, Both)

    def factor(self) -> Node:
        start, word = self.place, self.take()
        if word in "&|?)":
            raise BadExpression(self.text, start + 1, "a code or '('")
        node: Node = self.bracket() if word == "(" else Code(word)
        if self.peek() == "?":
            self.take()
            return Maybe(node)
        return node

    def bracket(self) -> Node:
        node = self.expression()
        if self.peek() != ")":
            raise BadExpression(self.text, self.place + 1, "')'")
        self.take()
        return node


def parse(text: str) -> Node | None:
    """Return the tree of an expression, None for an empty one. Raises BadExpression naming the place."""
    if not text.strip():
        return None
    reader = _Reader(text)
    node = reader.expression()
    if reader.text[reader.place :].strip():
        raise BadExpression(text, reader.place + 1, "'&', '|' or the end")
    return node


def parse_flags(text: str) -> Node | None:
    """Return the tree of a flag expression, where ``?`` has no meaning. Raises BadExpression."""
    if "?" in text:
        raise BadExpression(text, text.index("?") + 1, "no '?' among flags")
    return parse(text)


def names(node: Node | None) -> Iterator[str]:
    """Yield every code of a tree in the order written."""
    if isinstance(node, Code):
        yield node.name
    elif isinstance(node, Maybe):
        yield from names(node.part)
    elif node is not None:
        for part in node.parts:
            yield from names(part)


def holds(node: Node | None, true: Collection[str]) -> bool:
    """Whether the expression holds when exactly the codes in ``true`` do; an empty expression holds."""
    if node is None or isinstance(node, Maybe):
        return True
    if isinstance(node, Code):
        return node.name in true
    check = all if isinstance(node, Both) else any
    return check(holds(part, true) for part in node.parts)


def demands(node: Node | None) -> tuple[Node, ...]:
    """Split a document expression into what must each be there: the parts of a top-level ``&`` without the
    conditional.
    """
    if node is None:
        return ()
    parts = node.parts if isinstance(node, Both) else (node,)
    return tuple(part for part in parts if not isinstance(part, Maybe))


def optional(node: Node | None) -> tuple[str, ...]:
    """Codes that may be asked: those under a ``?`` anywhere in the tree."""
    if isinstance(node, Maybe):
        return tuple(names(node.part))
    if node is None or isinstance(node, Code):
        return ()
    return tuple(name for part in node.parts for name in optional(part))


def ways(node: Node) -> tuple[tuple[str, ...], ...]:
    """Return every way to satisfy a tree, each a set of codes: ``A & (B | C)`` gives ``(A, B), (A, C)``."""
    if isinstance(node, Maybe):
        return ((),)
    if isinstance(node, Code):
        return ((node.name,),)
    if isinstance(node, Either):
        return tuple(way for part in node.parts for way in ways(part))
    combined: tuple[tuple[str, ...], ...] = ((),)
    for part in node.parts:
        combined = tuple(left + right for left in combined for right in ways(part))
    return combined
