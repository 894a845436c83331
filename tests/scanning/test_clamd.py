"""R27: the client of clamd, against a real one and against daemons that are not well. Only "stream: OK" is clean."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import scanner
from app.documents.clamd import Clamd, NotScanned, Signatures, Verdict, read_verdict, read_version
from app.documents.scanner import Demands
from tests.scanning.guard import EICAR, LIMIT, MARKER, unwell

pytestmark = pytest.mark.pure
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside", data)
    return out.getvalue()


def test_f1_a_real_scanner_finds_what_it_knows(clamd: str) -> None:
    daemon = Clamd(clamd, 10)
    assert daemon.scan(b"<paper>nothing</paper>" * 5000).clean
    assert daemon.scan(b"").clean
    assert "Eicar" in daemon.scan(EICAR).found
    assert "Eicar" in daemon.scan(zipped(zipped(EICAR))).found
    assert "Marker" in daemon.scan(b" " * 200_000 + MARKER).found
    assert daemon.signatures().engine.startswith("1.")
    assert daemon.signatures().number == 0


@pytest.mark.parametrize("size", [LIMIT + 1, 5 * LIMIT])
def test_r27_more_than_the_daemon_takes_is_not_scanned(clamd: str, size: int) -> None:
    """It hangs up in the middle of a stream; what it said before may or may not be heard."""
    with pytest.raises(NotScanned) as told:
        Clamd(clamd, 10).scan(b"\0" * size)
    assert told.value.because in ("oversize", "cut-off")


def test_r27_more_than_we_send_is_not_sent(clamd: str) -> None:
    with pytest.raises(NotScanned, match="oversize"):
        Clamd(clamd, 10, most_bytes=1000).scan(b"\0" * 1001)


def test_r27_a_daemon_that_is_away_is_down(tmp_path) -> None:
    for place in (str(tmp_path / "nobody.sock"), "127.0.0.1:1", "127.0.0.1:nowhere", "nonsense"):
        with pytest.raises(NotScanned, match="down"):
            Clamd(place, 1).scan(b"x")


def test_r27_a_daemon_that_falls_silent_is_slow_and_costs_no_more_than_its_time(tmp_path) -> None:
    with unwell(tmp_path, {b"INSTREAM": None}) as place:
        began = time.monotonic()
        with pytest.raises(NotScanned, match="slow"):
            Clamd(place, 0.3).scan(b"x")
        assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        (b"", "cut-off"), (b"stream: OK", "cut-off"), (b"stream: OK\n", "cut-off"), (b"stream: NOT OK\0", "refused"),
        (b"stream: OK OK\0", "refused"), (b"INSTREAM size limit exceeded. ERROR\0", "oversize"),
        (b"stream: Can't allocate memory ERROR\0", "refused"), (b"x" * 20_000, "refused"), (b"\0", "cut-off"),
    ],
)  # fmt: skip
def test_r27_every_answer_but_ok_is_not_clean(tmp_path, answer: bytes, because: str) -> None:
    with unwell(tmp_path, {b"INSTREAM": answer}) as place, pytest.raises(NotScanned, match=because):
        Clamd(place, 5).scan(b"x")


def test_r27_a_daemon_that_hangs_up_in_the_middle_is_not_believed(tmp_path) -> None:
    with unwell(tmp_path, {}, hears=100_000) as place, pytest.raises(NotScanned, match="cut-off"):
        Clamd(place, 5).scan(b"x" * 8_000_000)


@given(st.text(max_size=60))
def test_no_other_words_are_clean(answer: str) -> None:
    try:
        verdict = read_verdict(answer)
    except NotScanned:
        return
    assert verdict.clean == (answer == "stream: OK")


def test_what_was_found_has_its_name() -> None:
    assert read_verdict("stream: Win.Test.EICAR_HDB-1 FOUND") == Verdict("Win.Test.EICAR_HDB-1")


def test_version_tells_engine_set_and_day() -> None:
    made = datetime(2026, 11, 16, 9, 40, 12, tzinfo=UTC)
    assert read_version("ClamAV 1.4.6/27500/Mon Nov 16 09:40:12 2026") == Signatures("1.4.6", 27500, made)
    assert read_version("ClamAV 1.4.6/27500/Sun Nov  1 09:40:12 2026").made_at == made.replace(day=1)
    assert read_version("ClamAV 1.4.6") == Signatures("1.4.6")
    assert read_version("ClamAV 1.4.6/27500/on some day or other").made_at is None
    for nonsense in ("", "PONG", "ClamAV", "UNKNOWN COMMAND"):
        with pytest.raises(NotScanned):
            read_version(nonsense)


@pytest.mark.parametrize(
    ("signatures", "demonstration", "state"),
    [
        (Signatures("1.4.6", 27500, NOW - timedelta(days=6)), False, "works"),
        (Signatures("1.4.6", 27500, NOW - timedelta(days=7, seconds=1)), False, "old-set"),
        (Signatures("1.4.6", 27500, None), False, "old-set"),
        (Signatures("1.4.6"), False, "own-set"),
        (Signatures("1.4.6"), True, "works"),
        (Signatures("1.4.6", 27500, NOW - timedelta(days=99)), True, "works"),
    ],
)  # fmt: skip
def test_r27_an_old_set_or_ours_alone_is_no_scanner_outside_the_demonstration(
    signatures: Signatures, demonstration: bool, state: str
) -> None:
    assert scanner.state_of(signatures, Demands(demonstration), NOW) == state
