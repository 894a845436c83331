"""The stored tree: its size, hashes of complete subtrees, roots and proofs, each in two statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa

from app.database import session
from app.ledger import merkle
from app.ledger.log_models import Leaf, Node


class TreeBroken(Exception):
    """A hash of the tree that must be there is not."""


def size() -> int:
    """Return how many leaves were sealed."""
    last = session().scalar(sa.select(sa.func.max(Leaf.leaf_index)))
    return 0 if last is None else last + 1


def hashes(nodes: Iterable[merkle.Node]) -> dict[merkle.Node, bytes]:
    """Return the stored hashes of some complete subtrees. Raises TreeBroken when one is missing."""
    wanted = set(nodes)
    leaves = [number for level, number in wanted if level == 0]
    above = [node for node in wanted if node[0] > 0]
    found: dict[merkle.Node, bytes] = {}
    if leaves:
        query = sa.select(Leaf.leaf_index, Leaf.leaf_hash).where(Leaf.leaf_index.in_(leaves))
        found |= {(0, index): bytes(held) for index, held in session().execute(query)}
    if above:
        pairs = sa.select(Node.level, Node.number, Node.node_hash).where(sa.tuple_(Node.level, Node.number).in_(above))
        found |= {(level, number): bytes(held) for level, number, held in session().execute(pairs)}
    if missing := wanted - found.keys():
        raise TreeBroken(f"the tree lacks {sorted(missing)[0]}")
    return found


def differing(made: Mapping[merkle.Node, bytes]) -> Iterator[merkle.Node]:
    """Give the subtrees, of those that a run of leaves completes, whose stored hash is another than the one made, lowest first.

    One walk along the index for each level.
    """
    for level in sorted({level for level, _number in made}):
        numbers = [number for one, number in made if one == level]
        query = sa.select(Node.number, Node.node_hash).where(Node.level == level)
        query = query.where(Node.number.between(min(numbers), max(numbers)))
        stored = {number: bytes(held) for number, held in session().execute(query)}
        yield from ((level, number) for number in numbers if stored.get(number) != made[level, number])


def root(leaves: int) -> bytes:
    """Return the root of the first ``leaves`` leaves, from stored hashes. Raises TreeBroken."""
    found = hashes(merkle.nodes_of(0, leaves))
    return merkle.root_of(leaves, lambda level, number: found[level, number])


def frontier(leaves: int) -> merkle.Frontier:
    """Return the right edge of the first ``leaves`` leaves, ready to grow. Raises TreeBroken."""
    nodes = merkle.nodes_of(0, leaves)
    found = hashes(nodes)
    return merkle.Frontier(leaves, [found[node] for node in nodes])


def prove(ranges: Sequence[merkle.Range]) -> list[bytes]:
    """Return the hashes of a proof whose ranges are given. Raises TreeBroken."""
    found = hashes(node for one in ranges for node in merkle.nodes_of(*one))
    return merkle.prove(ranges, lambda level, number: found[level, number])
