"""S-PDFSIG: whatever is done to a signed paper, neither the judge nor the command calls it genuine."""

from __future__ import annotations

import io
import random
from datetime import timedelta
from pathlib import Path

import pytest
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from app.signing import judging, listing, verifier
from app.signing import paper as paper_of
from app.signing.paper import FIELD, _Writer
from app.signing.verifier import Means
from tests.signing import papers
from tests.signing.attacks import ATTACKS, place_of
from tests.signing.papers import Authority

pytestmark = pytest.mark.pure
FLIPS = 120
"""All thousand are turned by ``make faults`` (whole_flips.py)."""


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> Authority:
    return papers.authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory) -> Authority:
    return papers.authority(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="module")
def paper(ours) -> bytes:
    return papers.signed(papers.drawn(ours), ours)


def means(ours: Authority) -> Means:
    fresh = listing.read(papers.listed(ours), ours.trust)
    return Means(ours.trust, fresh, papers.AT + timedelta(hours=1))


def test_the_true_paper_is_genuine(ours, paper):
    assert judging.judge(paper, ours.trust).state == judging.SOUND
    told = verifier.verify(paper, means(ours))
    assert (told.exit_code, told.answer, told.code) == (verifier.GENUINE, "genuine", papers.CODE)
    assert told.facts is not None
    assert (told.facts.items, told.facts.count) == ("1-3", 3)


@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_is_genuine(name, ours, stranger, paper):
    changed = ATTACKS[name](paper, stranger)
    assert changed != paper
    judged = judging.judge(changed, ours.trust)
    assert judged.state != judging.SOUND, name
    assert judged.reason
    assert verifier.verify(changed, means(ours)).exit_code == verifier.NOT_OURS


@pytest.mark.parametrize(
    ("reason", "certify", "allowed", "kind"),
    [
        ("not-certified", False, MDPPerm.NO_CHANGES, SigSeedSubFilter.PADES),
        ("changes-allowed", True, MDPPerm.FILL_FORMS, SigSeedSubFilter.PADES),
        ("changes-allowed", True, MDPPerm.ANNOTATE, SigSeedSubFilter.PADES),
        ("kind", True, MDPPerm.NO_CHANGES, SigSeedSubFilter.ADOBE_PKCS7_DETACHED),
    ],
)
def test_what_our_key_signed_otherwise_is_no_paper(ours, reason, certify, allowed, kind):
    """Another program of the house that has the key: a signature that forbids no change, or fewer, makes no clearance."""
    writing = PdfCMSEmbedder(SigFieldSpec(FIELD)).write_cms(FIELD, _Writer(io.BytesIO(papers.drawn(ours))))
    next(writing)
    place = SignatureObject(papers.AT, kind, bytes_reserved=2 * paper_of.room_for(ours.signer, stamped=False))
    writing.send(SigObjSetup(place, SigMDPSetup("sha256", certify=certify, docmdp_perms=allowed)))
    where, out = writing.send(SigIOSetup("sha256"))
    prepared = paper_of.Prepared(out.getvalue(), where.reserved_region_start, where.reserved_region_end)
    judged = judging.judge(paper_of.seal(prepared, ours.signer), ours.trust)
    assert (judged.state, judged.reason) == (judging.ALTERED, reason)


def test_shadow_what_was_changed_before_it_was_signed(ours, stranger):
    """Shadow attacks begin before the signature: a paper with an earlier state in it is none, whoever has signed it."""
    twice = ATTACKS["update: overlay"](papers.drawn(ours), stranger)
    judged = judging.judge(papers.signed(twice, ours), ours.trust)
    assert (judged.state, judged.reason) == (judging.ALTERED, "revisions")


def test_a_signature_moved_to_another_paper(ours, paper):
    other = papers.signed(papers.drawn(ours, papers.OTHER_CODE), ours)
    (start, end), (first, last) = place_of(paper), place_of(other)
    moved = other[:first] + paper[start:end] + other[last:]
    assert len(moved) == len(other)
    assert judging.judge(moved, ours.trust).reason == "bytes-changed"


def test_no_single_byte_may_be_turned(ours, paper):
    """S-PDFSIG: byte flip anywhere; half of them in the signature itself, where nothing covers the bytes but our own rules."""
    assert flipped(paper, ours, FLIPS) == []


def flipped(paper: bytes, ours: Authority, count: int, seed: int = 5) -> list[int]:
    """Turn one bit of one byte so many times; returns where it went unseen."""
    dice = random.Random(seed)
    start, end = place_of(paper)
    unseen = []
    for turn in range(count):
        at = dice.randrange(start, end) if turn % 2 else dice.randrange(len(paper))
        changed = bytearray(paper)
        changed[at] ^= 1 << dice.randrange(8)
        if judging.judge(bytes(changed), ours.trust).state == judging.SOUND:
            unseen.append(at)
    return unseen


def test_every_byte_of_the_cms_counts(ours, paper):
    """What a signature does not cover of itself: certificates, algorithms, padding. One bit of every fortieth digit."""
    start, end = place_of(paper)
    digits = len(paper[start + 1 : end - 1].rstrip(b"0"))
    for at in range(start + 1, start + 1 + digits, 40):
        changed = bytearray(paper)
        changed[at] ^= 1
        assert judging.judge(bytes(changed), ours.trust).state != judging.SOUND, at


def test_the_command_says_so_in_three_languages(ours, stranger, paper, tmp_path: Path, capsysbinary):
    trust, ended = tmp_path / "trust.pem", tmp_path / "list.jws"
    trust.write_text(ours.trust.pem())
    ended.write_text(papers.listed(ours, made_at=papers.AT))
    file = tmp_path / "paper.pdf"
    file.write_bytes(ATTACKS["signed by a stranger of the same name"](paper, stranger))
    for lang, word in (("be", "НЕ НАША"), ("ru", "НЕ НАШЕ"), ("en", "NOT OURS")):
        assert verifier.run([file], trust=trust, listed=ended, lang=lang) == verifier.NOT_OURS
        assert word in capsysbinary.readouterr().out.decode()
