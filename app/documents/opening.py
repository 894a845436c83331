"""Opening a PDF or a picture to see whether it is whole, harmless and of a size that can be shown. Pure."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any

import pikepdf
from PIL import Image, ImageFile, UnidentifiedImageError

from app.documents.wording import NotTaken

MAX_PIXELS = 50_000_000
"""Pixels of a picture, asked before anything is decoded (ASVS 5.2.6)."""
MAX_PAGES = 500
MAX_OBJECTS = 100_000

# Keys that carry something that runs by itself or hides a file, with the word we use for it.
_ACTIVE_KEYS = {
    "/JS": "JavaScript",
    "/JavaScript": "JavaScript",
    "/EmbeddedFiles": "EmbeddedFile",
    "/EF": "EmbeddedFile",
    "/XFA": "XFA",
    "/RichMediaContent": "RichMedia",
}
_ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute",
}  # fmt: skip
_ACTIVE_TYPES = {"/EmbeddedFile": "EmbeddedFile"}


def open_pdf(data: bytes) -> None:
    """Open a PDF by its structure. Raises NotTaken: FILE-LOCKED, FILE-BROKEN, FILE-ACTIVE, FILE-PAGES."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if document.is_encrypted:
                raise NotTaken("FILE-LOCKED")
            if len(document.objects) > MAX_OBJECTS or not 0 < len(document.pages) <= MAX_PAGES:
                raise NotTaken("FILE-PAGES" if len(document.pages) else "FILE-BROKEN")
            _refuse_start(document.Root)
            for found in _active(document):
                raise NotTaken("FILE-ACTIVE", found=found)
    except pikepdf.PasswordError:
        raise NotTaken("FILE-LOCKED") from None
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, RuntimeError):
        # pikepdf hands the errors of its C++ library on under several names; each means the same to the sender.
        raise NotTaken("FILE-BROKEN") from None


def _refuse_start(root: pikepdf.Object) -> None:
    """Refuse what happens on opening, save the harmless "show this page first" that office programs write."""
    start = root.get("/OpenAction")
    if isinstance(start, pikepdf.Dictionary) and str(start.get("/S", "")) != "/GoTo":
        raise NotTaken("FILE-ACTIVE", found="OpenAction")


def _active(document: pikepdf.Pdf) -> Iterator[str]:
    for thing in document.objects:
        yield from _active_in(thing, depth=0)


def _active_in(thing: Any, depth: int) -> Iterator[str]:
    """Walk one object; what it refers to is walked on its own turn, so nesting here is direct nesting only."""
    if depth > 64:
        raise NotTaken("FILE-BROKEN")
    if isinstance(thing, pikepdf.Array):
        for inner in thing:
            if not _is_reference(inner):
                yield from _active_in(inner, depth + 1)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield from _named(thing)
        for inner in dict(thing.items()).values():
            if not _is_reference(inner):
                yield from _active_in(inner, depth + 1)


def _is_reference(thing: Any) -> bool:
    return bool(getattr(thing, "is_indirect", False))


def _named(thing: pikepdf.Object) -> Iterator[str]:
    keys = set(thing.keys())
    for key in keys & _ACTIVE_KEYS.keys():
        yield _ACTIVE_KEYS[key]
    action = str(thing.get("/S", "")) if "/S" in keys else ""
    if action in _ACTIVE_ACTIONS:
        yield action[1:]
    kind = str(thing.get("/Type", "")) if "/Type" in keys else ""
    if kind in _ACTIVE_TYPES:
        yield _ACTIVE_TYPES[kind]


def open_picture(data: bytes, wanted: str) -> None:
    """Decode a picture of the wanted format (JPEG, PNG) whole. Raises NotTaken: FILE-BROKEN, FILE-PIXELS."""
    # WeasyPrint tells Pillow, for the whole process, to fill up half a picture; half a permit is not one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[wanted]) as picture:
                _refuse_large(picture.size)
                picture.load()
    except Image.DecompressionBombError:
        raise NotTaken("FILE-PIXELS", pixels=">100", limit=MAX_PIXELS // 1_000_000) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise NotTaken("FILE-BROKEN") from None


def _refuse_large(size: tuple[int, int]) -> None:
    pixels = size[0] * size[1]
    if pixels > MAX_PIXELS:
        raise NotTaken("FILE-PIXELS", pixels=-(-pixels // 1_000_000), limit=MAX_PIXELS // 1_000_000)
