"""Where pictures of a stranger's file are made: starts the locked child, feeds it, believes nothing it says unchecked.

One child for each file, so that no file meets another one's; it gets no environment, no open file but two pipes, and a
limit of time. When it dies, hangs or talks nonsense, the pictures so far stay and the outcome carries a code; whoever
called goes on. Knows no database.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_START = "import sys; sys.path.append(sys.argv[1]); from sandbox import child; child.main(*map(int, sys.argv[2:]))"
"""The child finds its own folder and the libraries, and nothing else of the window: behind them, so it shadows none."""
MOST_PAGES = 60
"""Pages of one file that are drawn; the officer downloads the file for the rest."""
SECONDS = 120.0
"""Wall time of one file; a page takes about a third of a second."""
PROCESSOR_SECONDS = 60
"""Processor time of one file: what a file that never ends costs, however busy the machine is."""
MEMORY = 768 * 1024 * 1024
"""Bytes of address space on top of what the child has before it reads: five times the largest picture that comes in."""
MOST_BYTES = 32 * 1024 * 1024
"""Bytes of one picture that is believed: eight megapixels of noise in colour."""
MOST_SIDE = 8000
_LINE = 4096
_FAREWELL = 5.0
_OVER_TIME = (-9, -24)
"""How a child ends that was killed by us or for its processor time (SIGKILL, SIGXCPU)."""
_FAILURES = frozenset({"", "protected", "broken", "too-large", "no-picture", "no-guard"})
_PNG = b"\x89PNG\r\n\x1a\n"
_PARTS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as PNG; ``png`` is empty for a page that could not be drawn."""

    page: int
    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file: how many pages it has, and why drawing ended early ("" when it did not).

    Codes: protected, broken, too-large, too-long, cut-off (the child died), no-picture (no kind that is drawn), no-guard.
    """

    pages: int
    failure: str = ""


class _Nonsense(Exception):
    """The child said something that it never says when it is well."""


def develop(
    data: bytes,
    media_type: str,
    keep: Callable[[Picture], None],
    *,
    most: int = MOST_PAGES,
    seconds: float = SECONDS,
    processor_seconds: int = PROCESSOR_SECONDS,
    memory: int = MEMORY,
) -> Outcome:
    """Draw a file page by page, handing each picture to ``keep``; never raises for what the file or the child does."""
    pages = 0
    order = json.dumps({"media_type": media_type, "size": len(data), "most": most}).encode() + b"\n"
    with _child(seconds, processor_seconds, memory) as child:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("the child was started without its pipes")
        try:
            said = _hear(child.stdout)
            if not said.get("locked"):
                return Outcome(0, _failure(said))
            child.stdin.write(order + data)
            child.stdin.close()
            while "end" not in (said := _hear(child.stdout)):
                picture, pages = _picture(said, child.stdout)
                keep(picture)
            return Outcome(_number(said, "pages", 100_000), _failure(said))
        except (BrokenPipeError, EOFError):
            return Outcome(pages, _how_it_ended(child))
        except _Nonsense:
            return Outcome(pages, "cut-off")


@contextmanager
def _child(seconds: float, processor_seconds: int, memory: int) -> Iterator[subprocess.Popen[bytes]]:
    """A fresh child that lives no longer than the block and the time."""
    child = subprocess.Popen(
        [sys.executable, "-I", "-B", "-c", _START, str(Path(__file__).parent), str(processor_seconds), str(memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
    )
    alarm = threading.Timer(seconds, child.kill)
    alarm.daemon = True
    alarm.start()
    try:
        yield child
    finally:
        alarm.cancel()
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            _close(pipe)


def _how_it_ended(child: subprocess.Popen[bytes]) -> str:
    """Tell a child that was out of time from one that died; one that only fell silent is no better than dead."""
    try:
        return "too-long" if child.wait(_FAREWELL) in _OVER_TIME else "cut-off"
    except subprocess.TimeoutExpired:
        return "cut-off"


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except BrokenPipeError:
        # What was left in our buffer has nobody to read it any more.
        pass


def _hear(pipe: IO[bytes] | None) -> dict[str, Any]:
    """Return the next line. Raises EOFError when the child has ended, _Nonsense for anything but a line of ours."""
    line = pipe.readline(_LINE) if pipe is not None else b""
    if len(line) == _LINE:
        raise _Nonsense
    if not line.endswith(b"\n"):
        raise EOFError
    try:
        said = json.loads(line)
    except ValueError:
        raise _Nonsense from None
    if not isinstance(said, dict):
        raise _Nonsense
    return said


def _failure(said: dict[str, Any]) -> str:
    code = said.get("end")
    return code if isinstance(code, str) and code in _FAILURES else "cut-off"


def _number(said: dict[str, Any], name: str, most: int) -> int:
    value = said.get(name)
    if type(value) is not int or not 0 <= value <= most:
        raise _Nonsense
    return value


def _picture(said: dict[str, Any], pipe: IO[bytes] | None) -> tuple[Picture, int]:
    """Return the picture that was announced and how many pages there are in all."""
    page, pages = _number(said, "page", MOST_PAGES), _number(said, "pages", 100_000)
    width, height = _number(said, "width", MOST_SIDE), _number(said, "height", MOST_SIDE)
    size = _number(said, "size", MOST_BYTES)
    png = pipe.read(size) if pipe is not None else b""
    if len(png) != size:
        raise EOFError
    if png and not is_plain_png(png, width, height):
        raise _Nonsense
    return Picture(page, png, width, height), pages


def is_plain_png(png: bytes, width: int, height: int) -> bool:
    """Whether bytes are a PNG of this size and nothing else: no text, time, place or profile, nothing behind its end."""
    if not png.startswith(_PNG):
        return False
    at, kinds = len(_PNG), []
    while at + 12 <= len(png):
        length, kind = int.from_bytes(png[at : at + 4]), png[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(png) or zlib.crc32(png[at + 4 : end - 4]) != int.from_bytes(png[end - 4 : end]):
            return False
        kinds.append(kind)
        at = end
    size = png[16:24]
    whole = kinds[:1] == [b"IHDR"] and kinds[-1:] == [b"IEND"] and at == len(png)
    return whole and set(kinds) <= _PARTS and size == width.to_bytes(4) + height.to_bytes(4)
