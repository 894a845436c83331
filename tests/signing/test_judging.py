"""What the judge says of files that nobody attacked, and whom it trusts."""

from __future__ import annotations

import io
import random
import shutil
from datetime import timedelta

import pikepdf
import pytest

from app import clock
from app.clearance import printing
from app.signing import demo, judging, keys, listing, trust, verifier
from app.signing import paper as paper_of
from app.signing.listing import Ended, NotAList
from app.signing.stamping import Stamper
from app.signing.trust import NotTrust, Trust
from app.signing.verifier import ENDED, GENUINE, NOT_OURS, UNTOLD, Means
from tests.clearance import sample
from tests.signing import authority, papers
from tests.signing.attacks import place_of
from tests.signing.papers import AT, CODE, Authority

pytestmark = pytest.mark.pure


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> Authority:
    return papers.authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory) -> Authority:
    return papers.authority(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="module")
def bare(ours) -> bytes:
    return papers.drawn(ours)


@pytest.fixture(scope="module")
def paper(ours, bare) -> bytes:
    return papers.signed(bare, ours)


def test_what_is_no_paper(ours):
    for data, reason in (
        (b"", "not-a-pdf"),
        (b"PK\3\4", "not-a-pdf"),
        (b"%PDF-1.7 nothing", "broken"),
        (b"%PDF-" + b"x" * judging.MOST_BYTES, "too-large"),
    ):
        judged = judging.judge(data, ours.trust)
        assert (judged.state, judged.reason) == (judging.UNREADABLE, reason)


def test_what_is_not_signed(ours, bare):
    empty = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(empty)
    for data in (bare, empty.getvalue()):
        assert judging.judge(data, ours.trust).state == judging.UNSIGNED
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(bare)) as made:
        made.save(locked, encryption=pikepdf.Encryption(owner="o", user=""))
    assert judging.judge(locked.getvalue(), ours.trust).state == judging.UNREADABLE


def test_the_name_is_nothing_the_key_is_all(ours, stranger, paper):
    """S-STRIP: an authority that calls itself as ours does is not ours."""
    assert ours.signer.chain[-1].subject == stranger.signer.chain[-1].subject
    assert judging.judge(paper, stranger.trust).state == judging.FOREIGN
    judged = judging.judge(paper, ours.trust)
    assert (judged.state, judged.signed) == (judging.SOUND, AT)
    assert "DEMONSTRATION" in judged.signer
    assert judged.fingerprint == ours.signer.fingerprint


def test_a_new_key_of_the_same_root_needs_no_new_trust(ours, bare, tmp_path):
    """S-KEY: old and new papers are sound to somebody who knows the root alone."""
    home = shutil.copytree(ours.home.parent, tmp_path / "home")
    folder = demo.renew(home)
    renewed = Authority(folder, keys.open_file(folder / "key.pem", folder / "chain.pem"))
    assert renewed.signer.fingerprint != ours.signer.fingerprint
    root_alone = Trust(ours.trust.roots)
    for by in (ours, renewed):
        assert judging.judge(papers.signed(bare, by), root_alone).state == judging.SOUND


def test_a_certificate_that_did_not_hold_then(ours, bare):
    """S-KEY: signed before the certificate began, or after it had ended."""
    for at in (AT - timedelta(days=5 * 365), AT + timedelta(days=15 * 365)):
        judged = judging.judge(papers.signed(bare, ours, at), ours.trust)
        assert (judged.state, judged.reason) == (judging.FOREIGN, "not-our-root")


def test_an_authority_may_not_sign_papers(ours, bare):
    """S-KEY, wrong usage: the root's own key signs certificates and nothing else."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    root = ours.signer.chain[-1]
    key = load_pem_private_key((ours.home / "root.key").read_bytes(), None)
    by = Authority(ours.home, keys.FileSigner(key, (root, root)))
    assert judging.judge(papers.signed(bare, by), ours.trust).state == judging.ALTERED


def test_the_file_of_trust(ours, stranger):
    assert trust.read(ours.trust.pem()) == ours.trust
    for nothing in ("", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(NotTrust):
            trust.read(nothing)
    mixed = Trust(ours.trust.roots, stranger.trust.keys)
    assert mixed.key(trust.key_id_of(stranger.signer.certificate)) is None
    assert ours.trust.key("") is None


def test_the_list_is_signed(ours, stranger):
    ended = (Ended(listing.mark_of(CODE), "revoked", AT),)
    text = papers.listed(ours, *ended)
    told = listing.read(text, Trust(ours.trust.roots))
    assert told.find(CODE) == ended[0]
    assert told.find(papers.OTHER_CODE) is None
    head, body, signature = text.split(".")
    _head, empty, _signature = papers.listed(ours).split(".")
    mine = papers.listed(stranger, *ended).split(".")
    lost = {ours.signer.fingerprint: AT}
    for broken, why in (
        (f"{head}.{empty}.{signature}", "signature"), (f"{head}.{body}.{signature[:-2]}AA", "signature"), (".".join(mine), "unknown-key"),
        (f"{head}.{body}.{mine[2]}", "signature"), (f"{mine[0]}.{body}.{mine[2]}", "unknown-key"), ("nothing", "unreadable"), (f"{body}.{body}.{body}", "unreadable"),
        (papers.listed(ours, compromised=lost), "unknown-key"),
    ):  # fmt: skip
        with pytest.raises(NotAList, match=why):
            listing.read(broken, ours.trust)


def test_what_the_command_may_say(ours, stranger, bare, paper):
    """Without a fresh list never better than that the signature is sound; a withdrawn key proves nothing."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    fresh = listing.read(papers.listed(ours), ours.trust)
    revoked = listing.read(papers.listed(ours, Ended(listing.mark_of(CODE), "revoked", AT)), ours.trust)
    replaced = listing.read(papers.listed(ours, Ended(listing.mark_of(CODE), "superseded", AT)), ours.trust)
    earlier = listing.read(papers.listed(ours, made_at=AT - hour), ours.trust)
    by_new = papers.listed(stranger, compromised={ours.signer.fingerprint: AT})
    withdrawn = listing.read(by_new, Trust((*ours.trust.roots, *stranger.trust.roots)))
    unlinked = papers.signed(
        printing.draw(sample.facts(verify_url="https://akno.example.by/about"), sample.CANONICAL), ours
    )
    cases = (
        (paper, fresh, AT + hour, GENUINE, "genuine"),
        (paper, None, AT + hour, UNTOLD, "no-list"),
        (paper, fresh, AT + 2 * day, UNTOLD, "old-list"),
        (paper, earlier, AT + hour, UNTOLD, "young-paper"),
        (paper, revoked, AT + hour, ENDED, "revoked"),
        (paper, replaced, AT + 30 * day, ENDED, "superseded"),
        (paper, withdrawn, AT + hour, UNTOLD, "key-withdrawn"),
        (paper, fresh, AT - hour, UNTOLD, "from-tomorrow"),
        (unlinked, fresh, AT + hour, UNTOLD, "no-code"),
        (bare, fresh, AT + hour, NOT_OURS, "unsigned"),
    )
    for data, listed, now, code, answer in cases:
        told = verifier.verify(data, Means(ours.trust, listed, now))
        assert (told.exit_code, told.answer) == (code, answer)


def test_a_stamped_paper_is_sound(ours, bare, tmp_path):
    """With the authority's root its word is told; without it the paper is as sound, and only its own word stands."""
    with authority.stamping(tmp_path) as tsa:
        prepared = paper_of.prepare(bare, room=paper_of.room_for(ours.signer, stamped=True), at=clock.now())
        stamped = paper_of.seal(prepared, ours.signer, Stamper(tsa.url, tsa.root))
        roots = tuple(keys.read_certificates(tsa.root))
    for trusted in (ours.trust, Trust(ours.trust.roots, (), roots)):
        judged = judging.judge(stamped, trusted)
        assert (judged.state, judged.reason) == (judging.SOUND, "")
        assert (judged.stamped is not None) == bool(trusted.stamps)
        assert trust.read(trusted.pem()) == trusted
    dice = random.Random(2)
    start, end = place_of(stamped)
    digits = len(stamped[start + 1 : end - 1].rstrip(b"0"))
    for _turn in range(80):
        changed = bytearray(stamped)
        changed[dice.randrange(start + 1, start + 1 + digits)] ^= 1
        if judging.judge(bytes(changed), ours.trust).state == judging.SOUND:
            pytest.fail("a byte of a stamped signature may be turned")
