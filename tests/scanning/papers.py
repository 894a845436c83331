"""Packages whose papers are not all harmless."""

from __future__ import annotations

import hashlib
import io

import pikepdf

from app.cli.packing import Packed
from tests.journeys.roads import packed
from tests.scanning.guard import MARKER


def marked(data: bytes) -> bytes:
    """The same PDF with what our signature finds in its title."""
    with pikepdf.open(io.BytesIO(data)) as document:
        document.docinfo["/Title"] = MARKER.decode()
        out = io.BytesIO()
        document.save(out, static_id=True)
    assert MARKER in out.getvalue()
    return out.getvalue()


def infected(name: str = "beef_flowers_pet", *, lrn: str | None = None) -> tuple[Packed, str]:
    """A sample package of which one paper is infected; and that paper's name."""
    clean = packed(name, lrn=lrn)
    bad, data = next(iter(sorted(clean.files.items())))
    spoilt = marked(data)
    before, after = (hashlib.sha256(one).hexdigest().encode() for one in (data, spoilt))
    assert before in clean.xml
    return Packed(clean.xml.replace(before, after), {**clean.files, bad: spoilt}), bad


def mended(bad: Packed, name: str) -> Packed:
    """The package with another, clean copy of that paper."""
    with pikepdf.open(io.BytesIO(bad.files[name])) as document:
        document.docinfo["/Title"] = "A clean copy"
        out = io.BytesIO()
        document.save(out, static_id=True)
    before, after = (hashlib.sha256(one).hexdigest().encode() for one in (bad.files[name], out.getvalue()))
    return Packed(bad.xml.replace(before, after), {**bad.files, name: out.getvalue()})
