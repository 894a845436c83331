"""File names as people write them: Cyrillic kept, tricks refused; the last extension decides. Pure."""

from __future__ import annotations

import unicodedata

from app.documents.wording import NotTaken

MAX_NAME = 200
"""Characters of a file name; the column holds 255."""

_PATH_CHARACTERS = frozenset('/\\:*?"<>|')
# Cc control, Cf format (bidi marks, zero width), Cs surrogate, Co private, Cn unassigned, Zl/Zp line and paragraph.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)})


def clean(name: str) -> str:
    """Return the name in NFC without outer spaces. Raises NotTaken FILE-NAME for control, bidi or path characters."""
    text = unicodedata.normalize("NFC", name).strip(" ")
    if not text or len(text) > MAX_NAME or text[0] == "." or text[-1] in ". ":
        raise NotTaken("FILE-NAME")
    if any(sign in _PATH_CHARACTERS or unicodedata.category(sign) in UNSEEN for sign in text):
        raise NotTaken("FILE-NAME")
    if text.split(".", 1)[0].strip().casefold() in _DEVICES:
        raise NotTaken("FILE-NAME")
    return text


def extension(name: str) -> str:
    """Return the last extension in lower case without its dot, or an empty text: ``a.pdf.exe`` is an ``exe``."""
    return name.rpartition(".")[2].lower() if "." in name else ""
