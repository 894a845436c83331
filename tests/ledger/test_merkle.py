"""R21: every tree of 0 to 257 leaves, against a second implementation that says RFC 6962 word for word, and its vectors."""

from __future__ import annotations

import hashlib
from functools import cache

import pytest

from app.ledger import merkle

pytestmark = pytest.mark.pure
MOST = 257
LEAVES = [f"leaf {n}".encode() for n in range(MOST)]
HASHES = [merkle.leaf_hash(one) for one in LEAVES]


@cache
def naive_root(begin: int, end: int) -> bytes:
    """MTH(D[begin:end]), recursively, as section 2.1 says it."""
    if end == begin:
        return hashlib.sha256().digest()
    if end - begin == 1:
        return hashlib.sha256(b"\0" + LEAVES[begin]).digest()
    k = 1
    while k * 2 < end - begin:
        k *= 2
    return hashlib.sha256(b"\1" + naive_root(begin, begin + k) + naive_root(begin + k, end)).digest()


def naive_path(m: int, begin: int, end: int) -> list[bytes]:
    """PATH(m, D[begin:end]) of section 2.1.1."""
    n = end - begin
    if n == 1:
        return []
    k = 1
    while k * 2 < n:
        k *= 2
    if m < k:
        return [*naive_path(m, begin, begin + k), naive_root(begin + k, end)]
    return [*naive_path(m - k, begin + k, end), naive_root(begin, begin + k)]


def naive_subproof(m: int, begin: int, end: int, whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[begin:end], b) of section 2.1.2."""
    n = end - begin
    if m == n:
        return [] if whole else [naive_root(begin, end)]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return [*naive_subproof(m, begin, begin + k, whole), naive_root(begin + k, end)]
    return [*naive_subproof(m - k, begin + k, end, False), naive_root(begin, begin + k)]


def stored() -> dict[merkle.Node, bytes]:
    """The complete subtrees as a growing log would keep them; the root is compared at every size."""
    kept, edge = {}, merkle.Frontier()
    assert edge.root() == naive_root(0, 0) == merkle.EMPTY
    for index, leaf in enumerate(HASHES):
        kept[0, index] = leaf
        for level, number, made in edge.append(leaf):
            assert (level, number) not in kept
            kept[level, number] = made
        assert edge.root() == naive_root(0, index + 1)
    return kept


KEPT = stored()


def source(level: int, number: int) -> bytes:
    return KEPT[level, number]


def flipped(data: bytes, bit: int) -> bytes:
    bit %= len(data) * 8
    return data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]


def test_r21_every_inclusion_proof_holds_and_every_bent_one_is_refused() -> None:
    """33,153 proofs: as the second implementation says them; each refused with a bit flipped, and in the tree before."""
    count = 0
    for size in range(1, MOST + 1):
        root = naive_root(0, size)
        for index in range(size):
            proof = merkle.prove(merkle.inclusion(index, size), source)
            assert proof == naive_path(index, 0, size)
            assert merkle.verify_inclusion(index, size, HASHES[index], proof, root)
            bend = index * 131 + size
            if proof:
                at = bend % len(proof)
                bent = [*proof[:at], flipped(proof[at], bend), *proof[at + 1 :]]
                assert not merkle.verify_inclusion(index, size, HASHES[index], bent, root)
            else:
                assert not merkle.verify_inclusion(index, size, flipped(HASHES[index], bend), proof, root)
            assert not merkle.verify_inclusion(index, size - 1, HASHES[index], proof, naive_root(0, size - 1))
            count += 1
    assert count == 33_153


def test_r21_every_pair_of_sizes_is_consistent_and_every_bent_proof_is_refused() -> None:
    for new in range(1, MOST + 1):
        root = naive_root(0, new)
        for old in range(new + 1):
            before = naive_root(0, old)
            proof = merkle.prove(merkle.consistency(old, new), source)
            assert proof == (naive_subproof(old, 0, new, True) if old else [])
            assert merkle.verify_consistency(old, new, before, root, proof)
            bend = old * 137 + new
            if proof:
                at = bend % len(proof)
                bent = [*proof[:at], flipped(proof[at], bend), *proof[at + 1 :]]
                assert not merkle.verify_consistency(old, new, before, root, bent)
                assert not merkle.verify_consistency(old - 1, new, naive_root(0, old - 1), root, proof)
            else:
                assert not merkle.verify_consistency(old, new, flipped(before, bend), root, proof)


def test_r21_other_shapes_are_refused() -> None:
    leaf, root = HASHES[3], naive_root(0, 7)
    proof = merkle.prove(merkle.inclusion(3, 7), source)
    for bent in (proof[:-1], proof[1:], [*proof, proof[0]], proof[::-1], [one[:31] for one in proof], []):
        assert not merkle.verify_inclusion(3, 7, leaf, bent, root)
    for index, size in ((7, 7), (-1, 7), (3, 16), (2, 7), (3, 4)):
        assert not merkle.verify_inclusion(index, size, leaf, proof, root)
    steps = merkle.prove(merkle.consistency(3, 7), source)
    for bent in (steps[:-1], steps[1:], [*steps, steps[0]], steps[::-1], []):
        assert not merkle.verify_consistency(3, 7, naive_root(0, 3), root, bent)
    assert not merkle.verify_consistency(8, 7, naive_root(0, 8), root, steps)
    assert not merkle.verify_consistency(0, 7, b"\0" * 32, root, [])
    with pytest.raises(ValueError):
        merkle.inclusion(7, 7)
    with pytest.raises(ValueError):
        merkle.consistency(8, 7)
    with pytest.raises(ValueError):
        merkle.Frontier(3, [leaf])


def test_r21_the_published_vectors() -> None:
    """The eight leaves of the certificate transparency project's reference tests, with their roots and proofs."""
    leaves = [bytes.fromhex(one) for one in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )]  # fmt: skip
    roots = (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
    edge, kept = merkle.Frontier(), {}
    for index, leaf in enumerate(leaves):
        made = merkle.leaf_hash(leaf)
        kept[0, index] = made
        kept |= {(level, number): one for level, number, one in edge.append(made)}
        assert edge.root().hex() == roots[index]
    path = merkle.prove(merkle.inclusion(5, 8), lambda level, number: kept[level, number])
    assert [one.hex() for one in path] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    steps = merkle.prove(merkle.consistency(6, 8), lambda level, number: kept[level, number])
    assert [one.hex() for one in steps] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
