"""F4, F6: what stands behind the end of a picture, and pictures that move; and that a look apart has no way out."""

from __future__ import annotations

import io
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.documents import apart
from app.documents.ends import refuse_behind_jpeg, refuse_behind_png
from app.documents.sandbox import lock
from app.documents.wording import NotTaken
from app.errors import Unavailable
from tests.documents.files import picture

pytestmark = pytest.mark.pure
PAGE = b"<!DOCTYPE html><script>alert(1)</script>"


def animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), color) for color in ("red", "green")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize("behind", [PAGE, b"MZ\x90", b"x", b"\0\0x"])
def test_f4_behind_a_png_stands_nothing(behind: bytes) -> None:
    with pytest.raises(NotTaken, match="FILE-TWO-IN-ONE"):
        refuse_behind_png(picture("PNG") + behind)
    refuse_behind_png(picture("PNG") + b"\0\r\n")


@pytest.mark.parametrize("behind", [PAGE, b"\0\0MZ\x90", b"notes" + PAGE.upper(), b"%PDF-1.7", b"#!/bin/sh"])
def test_f4_behind_a_photograph_stands_no_page_and_no_program(behind: bytes) -> None:
    with pytest.raises(NotTaken, match="FILE-TWO-IN-ONE"):
        refuse_behind_jpeg(picture("JPEG", (90, 70)) + behind)


def test_a_camera_keeps_its_notes_and_its_smaller_picture() -> None:
    refuse_behind_jpeg(picture("JPEG") + b"\0\0\x01\x0aImage_UTC_Data1700000000SEFH" + bytes(40) + b"SEFT")
    refuse_behind_jpeg(picture("JPEG") + picture("JPEG", (8, 8)))
    refuse_behind_jpeg(picture("JPEG", (3000, 2000)))


def test_a_page_inside_a_photograph_is_not_behind_it() -> None:
    """In a comment it is a note: no browser gets it as anything but a download."""
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "JPEG", comment=PAGE)
    refuse_behind_jpeg(out.getvalue())


def test_f6_a_picture_that_moves_is_refused() -> None:
    with pytest.raises(NotTaken, match="FILE-MOVES"):
        refuse_behind_png(animated())


@given(st.binary(max_size=400))
def test_any_bytes_end_somewhere(data: bytes) -> None:
    for refuse, head in ((refuse_behind_png, b"\x89PNG\r\n\x1a\n"), (refuse_behind_jpeg, b"\xff\xd8")):
        with suppress(NotTaken):
            refuse(head + data)


def _refused(attempt) -> str:
    try:
        attempt()
    except PermissionError:
        return "refused"
    return "done"


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: socket.socket(),
        lambda: socket.socketpair(),
        lambda: socket.socket(socket.AF_UNIX),
        lambda: subprocess.run(["/bin/true"], check=True),
    ],
)
def test_a_look_apart_reaches_no_network_and_starts_no_program(attempt) -> None:
    assert apart.look(_refused, attempt) == "refused"
    assert apart.look(lambda: Path("/dev/null").read_text()) == "", "files stay open to the libraries that load late"


def test_where_the_machine_cannot_lock_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock.platform, "machine", lambda: "sparc64")
    with pytest.raises(Unavailable):
        apart.look(lambda: "opened")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_lesser_filter_refuses_what_it_names_and_nothing_else(machine: str) -> None:
    made, architecture = lock.inward(machine), lock._NUMBERS[machine][0]
    assert len(lock._OUTWARD["x86_64"]) == len(lock._OUTWARD["aarch64"])
    for number in range(500):
        wanted = lock._REFUSE if number in lock._OUTWARD[machine] else lock._ALLOW
        assert _run(made, number, architecture) == wanted
    assert _run(made, 0x40000000 | 1, architecture) == lock._REFUSE, "the x32 twin of write"
    assert _run(made, 1, architecture ^ 1) == lock._KILL


def _run(made: list[tuple[int, int, int, int]], number: int, architecture: int) -> int:
    at, value = 0, 0
    while True:
        code, yes, no, k = made[at]
        if code == lock._LOAD:
            value = number if k == lock._AT_NUMBER else architecture
        elif code == lock._RETURN:
            return k
        else:
            so = value == k if code == lock._EQUAL else value >= k
            at += yes if so else no
        at += 1
