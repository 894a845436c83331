"""The tree of RFC 6962 (section 2.1): hashes, roots, inclusion and consistency proofs, and their verification. Pure.

A complete subtree is named by ``(level, number)``: it covers the leaves ``number * 2**level`` up to the next one's first. Every
hash of a proof is the root of a range of leaves that begins where a complete subtree of at least its size begins, so it is made
of complete subtrees alone: whoever keeps those proves anything in O(log n) look-ups. The right edge is never stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

Hash = bytes
Node = tuple[int, int]
Range = tuple[int, int]
Source = Callable[[int, int], Hash]
"""Gives the hash of a complete subtree by level and number; level 0 are the leaves."""

SIZE = 32
"""Bytes of a hash (SHA-256)."""
EMPTY: Hash = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> Hash:
    """Return the hash of a leaf: a leading zero byte keeps leaves and nodes apart."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """Return the hash of a node of two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def nodes_of(begin: int, end: int) -> list[Node]:
    """Return the complete subtrees, left to right, that make up the leaves ``begin`` to ``end`` (not included)."""
    found, at = [], begin
    while at < end:
        level = (end - at).bit_length() - 1
        found.append((level, at >> level))
        at += 1 << level
    return found


def fold(hashes: Sequence[Hash]) -> Hash:
    """Return the root over complete subtrees, given left to right, each smaller than the one before."""
    if not hashes:
        return EMPTY
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def root_of(size: int, source: Source) -> Hash:
    """Return the root of the first ``size`` leaves."""
    return fold([source(*node) for node in nodes_of(0, size)])


class Frontier:
    """The complete subtrees at the right edge of a growing tree: what is needed to append and to say the root."""

    def __init__(self, size: int = 0, peaks: Iterable[Hash] = ()) -> None:
        """``peaks``: the hashes of ``nodes_of(0, size)``. Raises ValueError when they are not as many."""
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks, not {len(self.peaks)}")

    def append(self, leaf: Hash) -> list[tuple[int, int, Hash]]:
        """Take in the hash of one more leaf; returns the subtrees above level 0 that it completes, lowest first."""
        made, level, current = [], 0, leaf
        while self.size >> level & 1:
            level, current = level + 1, node_hash(self.peaks.pop(), current)
            made.append((level, self.size >> level, current))
        self.peaks.append(current)
        self.size += 1
        return made

    def root(self) -> Hash:
        """Return the root of what was taken in so far."""
        return fold(self.peaks)


# --- proofs: which ranges of leaves, lowest first -----------------------------------------------------------------


def inclusion(index: int, size: int) -> list[Range]:
    """Return the ranges whose roots prove that a leaf stands at ``index`` in a tree of ``size`` leaves (RFC 6962, 2.1.1).

    Raises ValueError for an index that is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    begin, end, path = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    return path[::-1]


def consistency(old: int, new: int) -> list[Range]:
    """Return the ranges whose roots prove that a tree of ``new`` leaves begins with one of ``old`` (RFC 6962, 2.1.2).

    Nothing is to be proved for an empty or an equal tree. Raises ValueError when ``old`` is larger than ``new``.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not continue one of {old}")
    begin, end, path, whole = 0, new, [], True
    if old in (0, new):
        return []
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin, whole = middle, False
    if not whole:
        path.append((begin, end))
    return path[::-1]


def prove(ranges: Iterable[Range], source: Source) -> list[Hash]:
    """Return the hashes of a proof from its ranges."""
    return [fold([source(*node) for node in nodes_of(*one)]) for one in ranges]


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1


# --- verification -------------------------------------------------------------------------------------------------


def root_from_inclusion(index: int, size: int, leaf: Hash, proof: Sequence[Hash]) -> Hash | None:
    """Return the root that an inclusion proof leads to, or None when it has not the shape of one."""
    if not 0 <= index < size or any(len(one) != SIZE for one in proof):
        return None
    at, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            current = node_hash(sibling, current)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        at, last = at >> 1, last >> 1
    return current if last == 0 else None


def verify_inclusion(index: int, size: int, leaf: Hash, proof: Sequence[Hash], root: Hash) -> bool:
    """Whether the proof shows that the leaf of this hash stands at ``index`` in the tree of ``size`` leaves with this root."""
    return root_from_inclusion(index, size, leaf, proof) == root


def verify_consistency(old: int, new: int, old_root: Hash, new_root: Hash, proof: Sequence[Hash]) -> bool:
    """Whether the proof shows that the tree of ``new`` leaves begins with the tree of ``old`` leaves."""
    if not 0 <= old <= new or any(len(one) != SIZE for one in proof):
        return False
    if old == new or old == 0:
        return not proof and (old_root == new_root if old == new else old_root == EMPTY)
    hashes = list(proof)
    if old & old - 1 == 0:
        hashes.insert(
            0, old_root
        )  # the old tree is a complete subtree of the new one: its root begins the proof unsaid
    return _both(old - 1, new - 1, hashes) == (old_root, new_root)


def _both(at: int, last: int, hashes: Sequence[Hash]) -> tuple[Hash, Hash] | None:
    """The two roots that a consistency proof leads to; None when it is too short or too long."""
    if not hashes:
        return None
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return (old, new) if last == 0 else None
