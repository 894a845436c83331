"""The program of the child: load, lock, and only then read one order with its bytes, and answer.

It says lines of JSON on standard output: ``{"locked": true}``, one per page followed by as many bytes of PNG as it
announces, and last ``{"end": code}``. Where the lock does not hold, it reads nothing and ends with the code no-guard.
"""

from __future__ import annotations

import io
import json
import os
import sys
import warnings
from collections.abc import Iterable
from typing import Any

import pypdfium2
from PIL import Image

from . import drawing, lock
from .fonts import Fonts


def warm_up() -> None:
    """Draw something of our own, so that every part that is loaded late is here before the lock closes."""
    empty = pypdfium2.PdfDocument.new()
    empty.new_page(20, 20)
    paper = io.BytesIO()
    empty.save(paper)
    dots = Image.new("RGB", (4, 4), "white")
    for made, media_type in ((paper.getvalue(), "application/pdf"), *_dots(dots)):
        for _count, picture in drawing.draw(made, media_type, 1):
            drawing.written(picture or dots)
    for wrong in (b"", b"%PDF-1.7", b"\xff\xd8\xff"):
        for media_type in ("application/pdf", *drawing.KINDS):
            try:
                list(drawing.draw(wrong, media_type, 1))
            except drawing.NotDrawn:
                continue


def _dots(dots: Image.Image) -> Iterable[tuple[bytes, str]]:
    for media_type, kind in drawing.KINDS.items():
        out = io.BytesIO()
        dots.save(out, kind)
        yield out.getvalue(), media_type


def _say(said: dict[str, Any], body: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


def _work(order: dict[str, Any], data: bytes) -> None:
    """Draw page by page; what is drawn already has left when a later page fails."""
    number = count = 0
    failure = ""
    try:
        for count, picture in drawing.draw(data, order["media_type"], order["most"]):
            number += 1
            body = drawing.written(picture) if picture is not None else b""
            size = picture.size if picture is not None else (0, 0)
            _say({"page": number, "pages": count, "width": size[0], "height": size[1], "size": len(body)}, body)
    except drawing.NotDrawn as reason:
        failure = str(reason)
    except MemoryError:
        failure = "too-large"
    except Exception:  # whatever a library makes of it, the officer is told the same; the child ends here anyway
        failure = "broken"
    _say({"end": failure, "pages": count})


def main(seconds: int, memory: int) -> None:
    """Lock oneself in, then read one order and its bytes, and answer."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = drawing.MOST_PIXELS
    Fonts().setup()
    warm_up()
    lock.limit(seconds, memory)
    try:
        lock.lock_in()
    except (lock.NotLocked, OSError, AttributeError) as error:
        _say({"end": "no-guard", "pages": 0, "why": str(error)[:200]})
        return
    _say({"locked": True})
    order = json.loads(sys.stdin.buffer.readline(4096))
    _work(order, sys.stdin.buffer.read(order["size"]))
    # Without the farewells of libraries, which would ask for what is locked.
    os._exit(0)
