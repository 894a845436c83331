"""Making a sample package ready to be filed today: a fresh reference, dates moved along, a file behind each document.

The files are stand-ins and say so on their face; the road that they travel is the real one.
"""

from __future__ import annotations

import hashlib
import io
import re
import secrets
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pikepdf
from lxml import etree

from app.declarations import codec, editing, wco
from app.declarations.schema import EXTENSION, NAMESPACE
from app.errors import Invalid
from app.intake.container import is_zip, unpack
from app.requirements.compiling import packaged_edition
from config import ROOT

SAMPLES = ROOT / "tests" / "samples" / "packages"
WRITTEN_ON = date(2026, 11, 22)
"""The day for which the sample packages were written."""

_DAY = re.compile(r"20\d{6}")
_OWN, _EXTRA = f"{{{NAMESPACE}}}", f"{{{EXTENSION}}}"


@dataclass(frozen=True, slots=True)
class Packed:
    """A package ready to go: its canonical XML and the files that its documents name by SHA-256."""

    xml: bytes
    files: dict[str, bytes]

    def as_zip(self) -> bytes:
        """The same as one ZIP: declaration.xml and the files."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("declaration.xml", self.xml)
            for name, data in self.files.items():
                archive.writestr(name, data)
        return out.getvalue()


def sample(name: str, *, on: date, lrn: str | None = None) -> Packed:
    """One of our own packages, as if written for ``on``."""
    tree = _read((SAMPLES / f"{name}.xml").read_bytes())
    _move_days(tree, (on - WRITTEN_ON).days)
    return pack(tree, lrn=lrn)


def given(data: bytes, *, lrn: str | None = None) -> Packed:
    """Anyone's package, XML or ZIP: kept as it is, apart from the reference and files for documents that have none.

    Raises Invalid with the faults of a file that cannot be read as a package.
    """
    files: dict[str, bytes] = {}
    if is_zip(data):
        container, faults = unpack(data)
        if container is None:
            raise Invalid(faults)
        data, files = container.declaration, container.attachments
    packed = pack(_read(data), lrn=lrn)
    return Packed(packed.xml, files | packed.files)


def pack(tree: etree._Element, *, lrn: str | None = None) -> Packed:
    """Give the package a fresh reference, and a stand-in file to each document that needs one and names none."""
    written = editing.get_leaf(tree, "/Declaration/FunctionalReferenceID")
    fresh = lrn or f"{written[:20] or 'AKNO'}-{secrets.token_hex(4).upper()}"
    editing.set_leaf(tree, "/Declaration/FunctionalReferenceID", fresh)
    types = packaged_edition().document_types
    files: dict[str, bytes] = {}
    for document in tree.iter(f"{_OWN}AdditionalDocument"):
        kind, number = _text(document, "TypeCode"), _text(document, "ID")
        if document.find(f"{_EXTRA}Attachment") is not None or (kind in types and types[kind].number_suffices):
            continue
        name = re.sub(r"[^0-9A-Za-z-]+", "-", f"{kind}-{number}").strip("-") + ".pdf"
        files[name] = stand_in(kind, number)
        _name_file(document, name, files[name])
    return Packed(codec.canonical(tree), files)


def _name_file(document: etree._Element, name: str, data: bytes) -> None:
    attachment = etree.SubElement(document, f"{_EXTRA}Attachment")
    for leaf, value in (
        ("FileName", name),
        ("SHA256", hashlib.sha256(data).hexdigest()),
        ("MediaType", "application/pdf"),
    ):
        etree.SubElement(attachment, f"{_EXTRA}{leaf}").text = value


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(f"{_OWN}{name}") or "").strip()


def _read(data: bytes) -> etree._Element:
    parsed = wco.read(data)
    if parsed.tree is None or parsed.faults:
        raise Invalid(parsed.faults)
    return parsed.tree


def _move_days(tree: etree._Element, days: int) -> None:
    """Move every date of the package: a certificate that is good for two weeks is good for two weeks from then."""
    for element in tree.iter(f"{_OWN}DateTimeString", f"{_EXTRA}DateTimeString"):
        text = element.text or ""
        if days and _DAY.match(text):
            moved = datetime.strptime(text[:8], "%Y%m%d").date() + timedelta(days=days)
            element.text = f"{moved:%Y%m%d}{text[8:]}"


def stand_in(kind: str, number: str) -> bytes:
    """A one-page PDF that says what it stands for and that it is no document."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(420, 298))
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    said = [
        f"{kind}  {number}",
        "Demonstration stand-in for a document of this kind and number.",
        "It is not a permit or certificate.",
    ]
    plain = [re.sub(r"[^ -~]", "?", line).replace("\\", "").replace("(", "").replace(")", "") for line in said]
    drawn = " ".join(
        f"BT /F1 {20 if n == 0 else 11} Tf 36 {220 - 34 * n} Td ({line}) Tj ET" for n, line in enumerate(plain)
    )
    page.Contents = pdf.make_stream(drawn.encode("ascii"))
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()
