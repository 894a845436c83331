"""The darkroom: a stranger's file is drawn by a child that can do nothing else, and comes back as pictures or as a code."""

from __future__ import annotations

import io
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from app.documents import darkroom
from app.documents.sandbox import drawing, lock
from config import ROOT
from tests.documents import files

pytestmark = pytest.mark.pure
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"


def develop(data: bytes, media_type: str, **limits):
    got = []
    outcome = darkroom.develop(data, media_type, got.append, **limits)
    return outcome, got


def opened(picture: darkroom.Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.png), formats=["PNG"])
    image.load()
    return image


def alone(program: str) -> subprocess.CompletedProcess[str]:
    """Run some lines in a fresh process that has locked itself in as the child does."""
    lines = f"import os, sys, socket, mmap\nsys.path.append('app/documents')\nfrom sandbox import lock\n{program}"
    return subprocess.run([sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True, timeout=60)


# --- what comes out -----------------------------------------------------------------------------------------------------


def test_each_page_of_a_pdf_becomes_a_picture() -> None:
    outcome, got = develop(files.pdf(lambda made: made.add_blank_page(page_size=(842, 595))), PDF)
    assert outcome == darkroom.Outcome(2)
    assert [one.page for one in got] == [1, 2]
    assert [one.width for one in got] == [1400, 1400]
    assert got[0].height > got[0].width > got[1].height, "upright, then landscape"
    assert opened(got[0]).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(("media_type", "kind"), [(JPEG, "JPEG"), (PNG, "PNG")])
def test_a_scan_becomes_one_picture_no_wider_than_the_page(media_type: str, kind: str) -> None:
    outcome, [one] = develop(files.picture(kind, (3000, 2000)), media_type)
    assert outcome == darkroom.Outcome(1)
    assert (one.width, one.height) == (1400, 933)
    assert opened(one).size == (1400, 933)


def test_a_small_scan_is_not_blown_up() -> None:
    assert develop(files.picture("PNG", (40, 30)), PNG)[1][0].width == 40


def test_f6_what_a_photograph_knows_about_its_maker_does_not_leave() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of Anna"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (60, 20), "#aa0000").save(out, "JPEG", exif=exif, comment=b"secret words", icc_profile=b"x" * 200)
    outcome, [one] = develop(out.getvalue(), JPEG)
    assert outcome == darkroom.Outcome(1)
    assert (one.width, one.height) == (20, 60), "it stands upright"
    assert not opened(one).info
    assert b"Camera" not in one.png
    assert b"secret" not in one.png


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_picture_is_shown(mode: str) -> None:
    out = io.BytesIO()
    made = Image.new("RGBA", (30, 20), (10, 20, 200, 255))
    image = Image.new("I;16", (30, 20), 40_000) if mode == "I;16" else made.convert("RGB").convert(mode)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image.save(out, kind)
    outcome, [one] = develop(out.getvalue(), JPEG if kind == "JPEG" else PNG)
    assert outcome == darkroom.Outcome(1)
    assert opened(one).mode in ("L", "RGB")


def test_what_shines_through_stands_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(develop(out.getvalue(), PNG)[1][0]).getpixel((5, 5)) == (255, 255, 255)


def test_cyrillic_is_drawn_although_the_pdf_carries_no_font() -> None:
    """PDFium's own stand-ins have no Cyrillic: the words of a permit would vanish without a warning."""
    names = [f"/afii100{number}" for number in range(17, 23)]
    coded = pikepdf.Dictionary(
        Type=pikepdf.Name.Encoding,
        BaseEncoding=pikepdf.Name.WinAnsiEncoding,
        Differences=pikepdf.Array([192, *(pikepdf.Name(name) for name in names)]),
    )
    _outcome, [one] = develop(files.pdf(lambda made: _written(made, "АБВГДЕ".encode("cp1251"), coded)), PDF)
    line = opened(one).convert("L").crop((0, 0, 1400, 400))
    assert line.getextrema()[0] < 100, "there is ink"


def _written(made: pikepdf.Pdf, text: bytes, encoding: pikepdf.Object) -> None:
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.TrueType, BaseFont=pikepdf.Name.TimesNewRoman, Encoding=encoding
    )
    made.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=made.make_indirect(font)))
    made.pages[0].Contents = made.make_stream(b"BT /F 48 Tf 40 760 Td (" + text + b") Tj ET")


def test_what_is_typed_into_a_form_is_shown() -> None:
    def fill(made: pikepdf.Pdf) -> None:
        look = made.make_stream(b"0 0 0 rg 0 0 200 40 re f")
        look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        look.BBox = pikepdf.Array([0, 0, 200, 40])
        field = made.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="number", V="12",
                Rect=[100, 700, 300, 740], AP=pikepdf.Dictionary(N=look), F=4,
            )
        )  # fmt: skip
        made.pages[0].Annots = pikepdf.Array([field])
        made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))

    _outcome, [one] = develop(files.pdf(fill), PDF)
    assert opened(one).convert("L").getextrema()[0] < 100


# --- what is cut ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "media_type", "failure"),
    [
        (files.pdf(encryption=pikepdf.Encryption(owner="o", user="u")), PDF, "protected"),
        (b"%PDF-1.7 and nothing else", PDF, "broken"),
        (files.pdf()[:300], PDF, "broken"),
        (b"", PDF, "broken"),
        (files.picture("PNG")[:60], PNG, "broken"),
        (files.picture("JPEG")[:200], JPEG, "broken"),
        (files.picture("PNG"), JPEG, "broken"),
        (files.huge_png(), PNG, "too-large"),
        (b"<a/>", "application/xml", "no-picture"),
    ],
)
def test_f6_what_cannot_be_drawn_has_a_code(data: bytes, media_type: str, failure: str) -> None:
    outcome, got = develop(data, media_type)
    assert outcome.failure == failure
    assert got == []


@pytest.mark.parametrize("box", [(1e9, 1e9), (1, 14400), (14400, 1), (0, 0)])
def test_f5_a_page_of_any_size_is_a_picture_of_a_size_that_can_be_shown(box: tuple[float, float]) -> None:
    made = files.pdf(lambda made: setattr(made.pages[0], "MediaBox", pikepdf.Array([0, 0, *box])))
    outcome, [one] = develop(made, PDF)
    assert outcome.failure == ""
    assert 0 < one.width <= 1400
    assert 0 < one.height <= darkroom.MOST_SIDE


@given(st.floats(allow_nan=True), st.floats(allow_nan=True))
def test_no_size_passes_the_limits(width: float, height: float) -> None:
    if not (drawing.LEAST <= width < float("inf") and drawing.LEAST <= height < float("inf")):
        with pytest.raises(ValueError, match="width"):
            drawing.fitting(width, height)
        return
    scale = drawing.fitting(width, height)
    assert width * scale <= drawing.WIDTH * 1.001
    assert height * scale <= drawing.MOST_HEIGHT * 1.001
    assert (width * scale) * (height * scale) <= drawing.MOST_DRAWN * 1.001


def test_f5_a_pdf_that_unfolds_to_a_gigabyte_bursts_alone() -> None:
    outcome, got = develop(files.bomb(), PDF)
    assert outcome.failure in ("cut-off", "too-large")
    assert got == []
    assert develop(files.pdf(), PDF)[0] == darkroom.Outcome(1), "the next file meets a fresh child"


def _laughs(made: pikepdf.Pdf) -> None:
    """A page that draws a form four times, which draws a form four times, …: 4^20 squares."""
    inner = _form(made, b"0 0 10 10 re f")
    for _level in range(20):
        outer = _form(made, b"/X Do " * 4)
        outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
        inner = outer
    made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
    made.pages[0].Contents = made.make_stream(b"/X Do")


def _form(made: pikepdf.Pdf, content: bytes) -> pikepdf.Object:
    form = made.make_stream(content)
    form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 600, 900])
    return form


@pytest.mark.parametrize("limits", [{"processor_seconds": 1}, {"seconds": 1.0}, {"memory": 64 * 2**20}])
def test_a_drawing_that_never_ends_is_ended(limits: dict[str, float]) -> None:
    began = time.monotonic()
    outcome, got = develop(files.pdf(_laughs), PDF, **limits)
    assert outcome.failure in ("too-long", "cut-off", "too-large")
    assert got == []
    assert time.monotonic() - began < 40


def test_pages_drawn_before_the_end_came_stay() -> None:
    def second(made: pikepdf.Pdf) -> None:
        made.add_blank_page(page_size=(595, 842))
        made.pages.reverse()
        _laughs(made)
        made.pages.reverse()

    outcome, got = develop(files.pdf(second), PDF, processor_seconds=2)
    assert [one.page for one in got] == [1]
    assert outcome.pages == 2
    assert outcome.failure in ("too-long", "cut-off")


def test_no_more_than_the_first_pages_are_drawn_and_the_number_of_all_is_told() -> None:
    def many(made: pikepdf.Pdf) -> None:
        for _page in range(4):
            made.add_blank_page(page_size=(100, 100))

    outcome, got = develop(files.pdf(many), PDF, most=3)
    assert outcome == darkroom.Outcome(5)
    assert [one.page for one in got] == [1, 2, 3]


def test_a_picture_that_cannot_be_kept_ends_the_child() -> None:
    def full(_picture: darkroom.Picture) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="space"):
        darkroom.develop(files.pdf(), PDF, full)


# --- the lock ------------------------------------------------------------------------------------------------------------


ATTEMPTS = {
    "a socket": "socket.socket()",
    "a socket of another family": "socket.socket(socket.AF_UNIX)",
    "a pair of sockets": "socket.socketpair()",
    "a file to read": "open('/etc/hostname')",
    "a file to write": f"open({str(ROOT / 'instance' / 'lock-test')!r}, 'w')",
    "a folder": "os.listdir('/')",
    "a process": "os.fork()",
    "a program": "os.execv('/bin/true', ['true'])",
    "a signal to its parent": "os.kill(os.getppid(), 0)",
    "a new descriptor": "os.dup(1)",
    "a pipe": "os.pipe()",
    "another's memory": "os.readlink('/proc/self/exe')",
    "higher ceilings": "__import__('resource').setrlimit(__import__('resource').RLIMIT_CORE, (0, 0))",
    "memory to execute": "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)",
    "a thread": "__import__('threading').Thread(target=print).start()",
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_f4_locked_in_it_gets_none_of_this(attempt: str) -> None:
    said = alone(
        f"lock.lock_in()\ntry:\n    {attempt}\nexcept (PermissionError, RuntimeError, ValueError) as error:\n"
        "    print('refused', type(error).__name__)\nelse:\n    print('done')\nsys.stdout.flush()\nos._exit(0)"
    )
    assert said.stdout.startswith("refused"), said.stdout + said.stderr


def test_f4_locked_in_it_reaches_no_listener() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        port = server.getsockname()[1]
        free = alone(f"socket.create_connection(('127.0.0.1', {port})).close()")
        assert free.returncode == 0, "without the lock the way is open"
        server.accept()[0].close()
        said = alone(f"one = socket.socket()\nlock.lock_in()\none.connect(('127.0.0.1', {port}))")
        assert "PermissionError" in said.stderr
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("way", ["lock_in", "stay_inside"])
def test_a_lock_that_does_not_hold_is_seen(way: str) -> None:
    """A kernel that takes a filter and does not heed it: the lock is pulled at before anything of a stranger is read."""
    said = alone(f"lock._install = lambda *_filter: None\nlock.{way}()\nprint('went on', flush=True)")
    assert "NotLocked: the filter lets through" in said.stderr
    assert "went on" not in said.stdout


def test_locked_in_it_can_still_compute() -> None:
    said = alone("lock.lock_in()\nprint(sum(bytearray(b'\\x01' * 50_000_000)), flush=True)\nos._exit(0)")
    assert said.stdout == "50000000\n"


def test_the_child_that_draws_is_the_one_that_is_locked() -> None:
    """Looked at from outside, while it works: a filter is on, privileges are gone, nothing of ours is in its environment."""
    states: list[str] = []
    real = subprocess.Popen

    class Watched(real):  # type: ignore[misc,valid-type]
        def __init__(self, *arguments, **keywords) -> None:
            super().__init__(*arguments, **keywords)
            threading.Thread(target=self._look, daemon=True).start()

        def _look(self) -> None:
            while self.returncode is None:
                try:
                    with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
                        states.append(status.read())
                    with open(f"/proc/{self.pid}/environ", "rb") as environment:
                        states.append(f"environment {environment.read()!r}")
                except OSError:
                    return
                time.sleep(0.02)

    patch = pytest.MonkeyPatch()
    patch.setattr(subprocess, "Popen", Watched)
    patch.setenv("AKNO_SECRET_KEY", "a secret that the child must not know")
    try:
        develop(files.pdf(_laughs), PDF, processor_seconds=1)
    finally:
        patch.undo()
    assert any("Seccomp:\t2" in one and "NoNewPrivs:\t1" in one for one in states)
    assert any(one == "environment b''" for one in states)
    assert not any("secret" in one for one in states[4:])


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_decides_as_it_says(machine: str) -> None:
    """The program is run here, instruction by instruction, for every number there is."""
    architecture, _seccomp, allowed, mapping = lock._NUMBERS[machine]
    assert len(allowed) == len(lock._ENTRIES) == len(set(allowed))
    made = lock.program(machine)
    for number in range(600):
        got = _run(made, number, architecture, 0)
        assert (got == lock._ALLOW) == (number in allowed or number in mapping), number
        assert _run(made, number, architecture, lock._PROT_EXEC) == (lock._ALLOW if number in allowed else lock._REFUSE)
        assert _run(made, number, architecture ^ 1, 0) == lock._KILL
    assert _run(made, 0x40000000 | allowed[0], architecture, 0) == lock._REFUSE, "the x32 twin of read"


def _run(made: list[tuple[int, int, int, int]], number: int, architecture: int, protection: int) -> int:
    data = struct.pack("<II", number, architecture) + b"\0" * 24 + struct.pack("<Q", protection)
    at = value = 0
    while True:
        code, yes, no, k = made[at]
        at += 1
        if code == lock._LOAD:
            value = int.from_bytes(data[k : k + 4], "little")
        elif code == lock._RETURN:
            return k
        else:
            so = value == k if code == lock._EQUAL else bool(value & k)
            at += yes if so else no


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_numbers_are_those_of_the_kernel(machine: str) -> None:
    names = {"x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "/usr/include/asm-generic/unistd.h"}
    if not os.path.exists(names[machine]):
        pytest.skip("the kernel's headers are not here")
    with open(names[machine], encoding="ascii") as header:
        words = [line.split() for line in header if line.startswith("#define __NR")]
    numbers = {w[1].removeprefix("__NR_").removeprefix("__NR3264_"): int(w[2]) for w in words if w[2].isdigit()}
    _architecture, seccomp, allowed, mapping = lock._NUMBERS[machine]
    assert [numbers[name] for name in lock._ENTRIES] == list(allowed)
    assert [numbers[name] for name in lock._MAPPING] == list(mapping)
    assert numbers["seccomp"] == seccomp


def test_a_machine_without_a_lock_reads_nothing() -> None:
    """A guard that cannot work holds."""
    program = (
        "from app.documents.sandbox import child, lock\nlock.platform.machine = lambda: 'sparc64'\n"
        "child.main(10, 1 << 29)\nimport sys\nprint(repr(sys.stdin.buffer.read()))"
    )
    sent = json.dumps({"media_type": PDF, "size": 3, "most": 1}).encode() + b"\nabc"
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, input=sent, capture_output=True, timeout=60)
    first, rest = said.stdout.splitlines()[:2]
    assert json.loads(first)["end"] == "no-guard"
    assert rest == repr(sent).encode(), "what was sent is still unread"


def test_a_child_without_a_lock_is_given_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = 'import sys; print(\'{"end": "no-guard", "pages": 0}\', flush=True); sys.stdin.read()'
    monkeypatch.setattr(darkroom, "_START", spoken)
    assert develop(files.pdf(), PDF) == (darkroom.Outcome(0, "no-guard"), [])


# --- nothing the child says is believed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        "nonsense",
        "[1, 2]",
        '{"locked": true}|{"page": 1, "pages": 1, "width": 4, "height": 4, "size": 5}|hello',
        '{"locked": true}|{"page": 1, "pages": 1, "width": 4, "height": 4, "size": 99999999999}',
        '{"locked": true}|{"page": -1, "pages": 1, "width": 4, "height": 4, "size": 0}',
        '{"locked": true}|{"page": "1", "pages": true, "width": 4, "height": 4, "size": 0}',
        '{"locked": true}|{"end": "approved", "pages": 1}',
        '{"locked": true}|{"end": "", "pages": "many"}',
        "x" * 100_000,
        "",
    ],
)
def test_a_child_that_was_taken_over_gets_nothing_through(lines: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(darkroom, "_START", f"print({lines!r}.replace('|', chr(10)), flush=True)")
    outcome, got = develop(files.pdf(), PDF)
    assert outcome.failure == "cut-off"
    assert got == []


def _png(info: PngImagePlugin.PngInfo | None = None) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def test_only_a_plain_png_is_one() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>")
    plain = _png()
    assert darkroom.is_plain_png(plain, 4, 3)
    assert not darkroom.is_plain_png(plain, 3, 4)
    assert not darkroom.is_plain_png(_png(info), 4, 3)
    assert not darkroom.is_plain_png(plain + b"PK\x03\x04", 4, 3)
    assert not darkroom.is_plain_png(plain[:-1] + b"x", 4, 3)
    assert not darkroom.is_plain_png(b"<html>", 4, 3)
    end = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    assert not darkroom.is_plain_png(b"\x89PNG\r\n\x1a\n" + end, 0, 0)


@given(st.binary(max_size=200))
def test_any_bytes_are_looked_at_without_a_mistake(data: bytes) -> None:
    assert not darkroom.is_plain_png(b"\x89PNG\r\n\x1a\n" + data, 1, 1)
