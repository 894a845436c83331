"""Claims of a QR code: what one reads is what was signed, for this code and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clearance.facts import ranges
from app.signing import claims, keys, trust
from app.signing.claims import Claims, NotClaims
from tests.signing import papers
from tests.signing.papers import CODE, Authority

pytestmark = pytest.mark.pure


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> Authority:
    return papers.authority(tmp_path_factory.mktemp("ours"))


def told(by: Authority, **changes) -> Claims:
    made = Claims(
        trust.key_id_of(by.signer.certificate), "BY-CLR-261122-0000418-6", "1-3", 3, 4, Decimal("9200.5"),
        datetime(2026, 11, 22, 9, 14, tzinfo=UTC), "06611",
    )  # fmt: skip
    return replace(made, **changes)


@settings(max_examples=40, deadline=None)
@given(
    items=st.sets(st.integers(1, 999), max_size=60),
    net=st.decimals(0, 10**9, places=3),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)),
    code=st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=40, max_size=40),
)
def test_what_is_written_is_read(ours, items, net, at, code):
    written = told(
        ours, items=ranges(items).replace("–", "-").replace(" ", ""), count=len(items), net_kg=net,
        issued_at=at.replace(tzinfo=UTC, second=0, microsecond=0),
    )  # fmt: skip
    text = claims.write(written, code, ours.signer.sign)
    read = claims.check(text, code, ours.trust)
    assert replace(read, items=written.items) == written
    assert read.items == (written.items if len(written.items) <= claims.MOST_RANGES else "")
    assert len(text) <= 260


def test_every_letter_counts(ours):
    text = claims.write(told(ours), CODE, ours.signer.sign)
    for at, letter in enumerate(text):
        for other in {"0", "1", "A", "~"} - {letter}:
            with pytest.raises(NotClaims):
                claims.check(text[:at] + other + text[at + 1 :], CODE, ours.trust)
    for cut in (text[:-1], text + "A", text + "=", text[1:], "", "~" * 9, "1" * 500):
        with pytest.raises(NotClaims):
            claims.check(cut, CODE, ours.trust)


def test_claims_of_one_paper_do_not_stand_under_another(ours, tmp_path):
    text = claims.write(told(ours), CODE, ours.signer.sign)
    for code in (papers.OTHER_CODE, CODE[:-1] + "0", "", "short"):
        with pytest.raises(NotClaims):
            claims.check(text, code, ours.trust)
    stranger = papers.authority(tmp_path)
    theirs = claims.write(told(ours), CODE, stranger.signer.sign)
    with pytest.raises(NotClaims, match="signature"):
        claims.check(theirs, CODE, ours.trust)
    with pytest.raises(NotClaims, match="unknown-key"):
        claims.check(claims.write(told(stranger), CODE, stranger.signer.sign), CODE, ours.trust)


def test_what_does_not_fit_is_not_signed(ours):
    for changes in ({"office": "a~b"}, {"number": "Мінск"}, {"number": "x" * 65}):
        with pytest.raises(ValueError, match="cannot stand in claims"):
            claims.write(told(ours, **changes), CODE, ours.signer.sign)


def test_the_code_stays_coarse_enough_to_be_read(ours):
    """On paper it is 30 mm wide: the finest one, of a package of many items with a long address, has modules of 0.4 mm."""
    longest = told(
        ours, items="1-3,5,7-9,11,13-15,17,19-21,23,25-27,29", count=120, total=999, net_kg=Decimal("123456789.125")
    )
    address = f"https://window.customs.example.gov.by/verify/{'7K2M9-' * 7}7K2M9#c={claims.write(longest, CODE, ours.signer.sign)}"
    width = segno.make(address, error="m", micro=False).symbol_size(border=0)[0]
    assert 30 / width >= 0.4


def test_signatures_of_other_things_are_no_claims(ours):
    """A list, a paper and claims are signed by one key; none can be taken for another."""
    raw = claims.encoded(claims.raw_of(ours.signer.sign(claims.message_of(told(ours), CODE))))
    body = claims.write(told(ours), CODE, ours.signer.sign).rpartition("~")[0]
    assert claims.check(f"{body}~{raw}", CODE, ours.trust).number == "BY-CLR-261122-0000418-6"
    for other in (body.encode(), f"akno/code/1\n{CODE}\n{body}\n".encode()):
        with pytest.raises(NotClaims):
            claims.check(f"{body}~{claims.encoded(claims.raw_of(ours.signer.sign(other)))}", CODE, ours.trust)
    assert keys.fingerprint_of(ours.signer.certificate) == trust.fingerprint_of(ours.signer.certificate)
