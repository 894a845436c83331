"""Drawing: a PDF page by page, a photograph or scan once; what leaves is dots on white and nothing about them."""

from __future__ import annotations

import codecs
import io
import math
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

# Pillow and Python load these when they first meet a picture that needs them: behind the lock that would be too late.
from PIL import (  # noqa: F401
    ExifTags,
    Image,
    ImageCms,
    ImageFile,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    TiffTags,
)

for encoding in ("ascii", "latin-1", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1251"):
    codecs.lookup(encoding)

WIDTH = 1400
"""Pixels of a picture's width: an A4 page at about 170 dots per inch, sharp at one and a half times its size on paper."""
MOST_HEIGHT = 8000
LEAST = 0.001
"""Points of a page's side: below it there is no page."""
MOST_DRAWN = 8_000_000
"""Pixels of one picture that leaves: longer pages than paper knows are drawn smaller."""
MOST_PIXELS = 50_000_000
"""Pixels of a picture that comes in, asked before anything is decoded (ASVS 5.2.6)."""


class NotDrawn(Exception):
    """The file cannot be drawn; the text is the code of the reason: protected, broken, too-large, no-picture."""


KINDS = {"image/jpeg": "JPEG", "image/png": "PNG"}


def draw(data: bytes, media_type: str, most: int) -> Iterator[tuple[int, Image.Image | None]]:
    """Yield how many pages there are and one picture per page, at most ``most``; None for a page that is broken.

    Raises NotDrawn.
    """
    if media_type == "application/pdf":
        yield from _pages(data, most)
    elif media_type in KINDS:
        yield 1, _picture(data, KINDS[media_type])
    else:
        raise NotDrawn("no-picture")


def _pages(data: bytes, most: int) -> Iterator[tuple[int, Image.Image | None]]:
    try:
        document = pypdfium2.PdfDocument(data)
        document.init_forms()
        count = len(document)
    except pypdfium2.PdfiumError as error:
        raise NotDrawn("protected" if error.err_code == pdfium.FPDF_ERR_PASSWORD else "broken") from None
    if not count:
        raise NotDrawn("broken")
    for number in range(min(count, most)):
        try:
            yield count, _page(document[number])
        except (pypdfium2.PdfiumError, ValueError, OverflowError):
            yield count, None


def _page(page: Any) -> Image.Image:
    width, height = page.get_size()
    scale = fitting(width, height)
    drawn = page.render(scale=scale, fill_color=(255, 255, 255, 255), limit_image_cache=True)
    picture: Image.Image = drawn.to_pil().convert("RGB")
    drawn.close()
    page.close()
    return picture


def fitting(width: float, height: float) -> float:
    """Return by how much to scale a page or picture so that it is WIDTH wide and none of the limits is passed.

    Raises ValueError for a size that is none.
    """
    if not (LEAST <= width < math.inf and LEAST <= height < math.inf):
        raise ValueError("a page has a width and a height")
    return min(WIDTH / width, MOST_HEIGHT / height, math.sqrt(MOST_DRAWN / width / height))


def _picture(data: bytes, kind: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotDrawn("too-large")
            # A JPEG can be decoded at a half, a quarter or an eighth of its size; never smaller than what is drawn.
            less = min(1.0, WIDTH / min(opened.size))
            opened.draft(None, (int(opened.width * less), int(opened.height * less)))
            plain = _plain(_upright(opened))
    except (NotDrawn, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise NotDrawn("too-large") from None
    except Exception:  # Pillow's readers meet a broken file with many names; each means the same to the officer
        raise NotDrawn("broken") from None
    scale = min(1.0, fitting(*plain.size))
    size = max(1, round(plain.width * scale)), max(1, round(plain.height * scale))
    return plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as the camera says it was held; what else a camera writes may be wrong without spoiling the picture."""
    try:
        turn = _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # a broken note about a picture is no broken picture
        turn = None
    return picture if turn is None else picture.transpose(turn)


def _plain(picture: Image.Image) -> Image.Image:
    """Grey or colour on white, eight bits, without anything but its dots."""
    if picture.mode.startswith(("I", "F")):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if "A" in picture.getbands() or "transparency" in picture.info:
        see_through = picture.convert("RGBA")
        plain = Image.new("RGB", picture.size, "white")
        plain.paste(see_through, mask=see_through.getchannel("A"))
        return plain
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")


def written(picture: Image.Image) -> bytes:
    """Return the picture as PNG: its dots and nothing about them (no time, place, profile or text)."""
    picture.info = {}
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=6)
    return out.getvalue()
