"""Fonts for a PDF that leans on fonts it does not carry: in memory before the lock closes, with Cyrillic.

PDFium's own stand-ins have Latin letters only; a permit in Belarusian or Russian would lose its words without a warning.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import pypdfium2

_FONT_FOLDERS = (Path("/usr/share/fonts/truetype/paratype"), Path("/usr/share/fonts/truetype/dejavu"))
_FACES = {
    "sans": ("PTS55F.ttf", "PTS75F.ttf", "PTS56F.ttf", "PTS76F.ttf"),
    "serif": ("PTF55F.ttf", "PTF75F.ttf", "PTF56F.ttf", "PTF76F.ttf"),
    "mono": ("PTM55F.ttf", "PTM75F.ttf", "PTM55F.ttf", "PTM75F.ttf"),
}
"""Regular, bold, italic, bold italic of the faces with Cyrillic that stand in; the window's own paper uses them too."""
_LAST_RESORT = "DejaVuSans.ttf"
_CYRILLIC = 204
_FIXED, _ROMAN, _BOLD = 1, 16, 600


class Fonts(pypdfium2.PdfSysfontBase):  # type: ignore[misc]
    """Answers PDFium's questions for system fonts out of memory, for behind the lock no file can be opened."""

    def __init__(self) -> None:
        super().__init__()
        self.names = list(dict.fromkeys(name for faces in _FACES.values() for name in faces))
        self.files = {name: data for name in self.names if (data := _font_file(name))}

    def Release(self, _: Any) -> None:  # noqa: N802
        """Nothing to give back: the fonts live as long as the child."""

    def EnumFonts(self, _: Any, mapper: Any) -> None:  # noqa: N802
        """No list: every question comes to MapFont."""

    def MapFont(self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> int:  # noqa: N802
        """Return the handle (place + 1) of the face nearest to what is asked for, 0 for none."""
        asked = ctypes.cast(face, ctypes.c_char_p).value or b""
        name = _nearest(asked.decode("latin-1").lower(), weight >= _BOLD, bool(italic), pitch)
        return self.names.index(name) + 1 if name in self.files else 0

    def GetFont(self, _: Any, face: Any) -> int:  # noqa: N802
        """No font goes by a name of its own here."""
        return 0

    def GetFontData(self, _: Any, handle: int, table: int, buffer: Any, size: int) -> int:  # noqa: N802
        """Copy the whole file (table 0) or one of its tables, when it fits; return its length in bytes, 0 for none."""
        data = _table(self.files.get(self.names[(handle or 1) - 1], b""), table)
        if buffer and len(data) <= size:
            ctypes.memmove(buffer, data, len(data))
        return len(data)

    def GetFaceName(self, _: Any, handle: int, buffer: Any, size: int) -> int:  # noqa: N802
        """Copy the file's name, closed by a zero byte, when it fits; return its length."""
        name = self.names[(handle or 1) - 1].encode() + b"\0"
        if buffer and len(name) <= size:
            ctypes.memmove(buffer, name, len(name))
        return len(name)

    def GetFontCharset(self, _: Any, handle: int) -> int:  # noqa: N802
        """Every face here has Cyrillic."""
        return _CYRILLIC

    def DeleteFont(self, _: Any, handle: int) -> None:  # noqa: N802
        """Nothing to give back."""


def _font_file(name: str) -> bytes:
    found = (folder / name for folder in _FONT_FOLDERS)
    return next((path.read_bytes() for path in found if path.is_file()), b"")


def _nearest(asked: str, bold: bool, italic: bool, pitch: int) -> str:
    if pitch & _FIXED or "courier" in asked or "mono" in asked:
        family = "mono"
    else:
        family = "serif" if pitch & _ROMAN or "times" in asked or "serif" in asked.replace("sans", "") else "sans"
    bold, italic = bold or "bold" in asked, italic or "italic" in asked or "oblique" in asked
    return _FACES[family][bold + 2 * italic]


def _table(data: bytes, table: int) -> bytes:
    """One table of a TrueType file by its tag as a number, or the file for 0."""
    if table == 0:
        return data
    for at in range(12, 12 + 16 * int.from_bytes(data[4:6]), 16):
        if int.from_bytes(data[at : at + 4]) == table:
            start, length = (int.from_bytes(data[at + place : at + place + 4]) for place in (8, 12))
            return data[start : start + length]
    return b""
