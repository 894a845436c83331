"""What has been done to signed PDF files to make them say something else, each as a function of the true file (trust.md S-PDFSIG).

After Mladenov and others, "1 Trillion Dollar Refund" (2019: USF, ISA, SWA), "Shadow Attacks" (2021: hide, replace, hide and
replace) and "Breaking the Specification" (2021: evil annotation, sneaky signature).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pikepdf
from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from tests.signing.papers import Authority, signed

Attack = Callable[[bytes, Authority], bytes]
RANGE = re.compile(rb"/ByteRange \[(\d+) (\d+) +(\d+) (\d+) *\]")
BOX = generic.ArrayObject(map(generic.NumberObject, (30, 30, 560, 800)))


def place_of(pdf: bytes) -> tuple[int, int]:
    """Where the signature's hexadecimal digits stand, with their brackets."""
    found = RANGE.search(pdf)
    assert found is not None
    return int(found[2]), int(found[3])


def _updated(change: Callable[[IncrementalPdfFileWriter], None]) -> Attack:
    def attack(pdf: bytes, _stranger: Authority) -> bytes:
        out = io.BytesIO()
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        change(writer)
        writer.write(out)
        return out.getvalue()

    return attack


def _page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    page: generic.DictionaryObject = writer.root["/Pages"]["/Kids"][0]
    return page


def _touch(writer: IncrementalPdfFileWriter, thing: generic.PdfObject) -> None:
    writer.update_container(thing)


def _annotate(kind: str) -> Callable[[IncrementalPdfFileWriter], None]:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = _page(writer)
        note = generic.DictionaryObject(
            {pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name(kind), pdf_name("/Rect"): BOX,
             pdf_name("/Contents"): pdf_string("80 000 kg")}
        )  # fmt: skip
        page["/Annots"] = generic.ArrayObject([*page.get("/Annots", generic.ArrayObject()), writer.add_object(note)])
        _touch(writer, page)

    return change


def _overlay(writer: IncrementalPdfFileWriter) -> None:
    page = _page(writer)
    drawn = writer.add_object(generic.StreamObject(stream_data=b"1 1 1 rg 0 0 600 850 re f"))
    had = page.raw_get("/Contents")
    page["/Contents"] = generic.ArrayObject([had, drawn])
    _touch(writer, page)


def _fill(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    field = generic.DictionaryObject(
        {pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): pdf_string("net"), pdf_name("/V"): pdf_string("80000")}
    )
    form["/Fields"].append(writer.add_object(field))
    _touch(writer, form)


def _add_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/Parent"): writer.root.raw_get("/Pages"),
            pdf_name("/MediaBox"): BOX,
        }
    )
    pages["/Kids"].append(writer.add_object(page))
    pages["/Count"] = generic.NumberObject(len(pages["/Kids"]))
    _touch(writer, pages)


def _info(writer: IncrementalPdfFileWriter) -> None:
    writer.set_info(generic.DictionaryObject({pdf_name("/Title"): pdf_string("Another title")}))


def _dss(writer: IncrementalPdfFileWriter) -> None:
    store = generic.DictionaryObject({pdf_name("/Certs"): generic.ArrayObject()})
    writer.root["/DSS"] = writer.add_object(store)
    writer.update_root()


def _hide(writer: IncrementalPdfFileWriter) -> None:
    """Shadow, hide: what lay over the other content is taken away."""
    page = _page(writer)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b""))
    _touch(writer, page)


def _replace(writer: IncrementalPdfFileWriter) -> None:
    """Shadow, replace: another font lets the same letters look different."""
    page = _page(writer)
    resources = page["/Resources"]
    plain = {
        pdf_name("/Type"): pdf_name("/Font"),
        pdf_name("/Subtype"): pdf_name("/Type1"),
        pdf_name("/BaseFont"): pdf_name("/Symbol"),
    }
    font = writer.add_object(generic.DictionaryObject(plain))
    resources["/Font"] = generic.DictionaryObject(dict.fromkeys(resources["/Font"], font))
    _touch(writer, resources)


def _hide_and_replace(writer: IncrementalPdfFileWriter) -> None:
    """Shadow, hide and replace: a second tree of pages takes the place of the first."""
    page = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Page"), pdf_name("/MediaBox"): BOX})
    kids = generic.ArrayObject([writer.add_object(page)])
    tree = {pdf_name("/Type"): pdf_name("/Pages"), pdf_name("/Kids"): kids, pdf_name("/Count"): generic.NumberObject(1)}
    writer.root["/Pages"] = writer.add_object(generic.DictionaryObject(tree))
    writer.update_root()


def _empty_field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("Second", on_page=0, box=(30, 30, 500, 700)))


def _range(numbers: bytes) -> Attack:
    def attack(pdf: bytes, _stranger: Authority) -> bytes:
        found = RANGE.search(pdf)
        assert found is not None
        new = b"/ByteRange " + numbers
        return pdf[: found.start()] + new.ljust(len(found[0])) + pdf[found.end() :]

    return attack


def _hole(make: Callable[[bytes], bytes]) -> Attack:
    """Change the digits of the signature, their number stays."""

    def attack(pdf: bytes, _stranger: Authority) -> bytes:
        start, end = place_of(pdf)
        made = make(pdf[start + 1 : end - 1])
        assert len(made) == end - start - 2
        return pdf[: start + 1] + made + pdf[end - 1 :]

    return attack


def _cms(change: Callable[[cms.SignedData], None]) -> Attack:
    def make(digits: bytes) -> bytes:
        content = cms.ContentInfo.load(bytes.fromhex(digits.decode()))
        change(content["content"])
        return content.dump(force=True).hex().upper().encode().ljust(len(digits), b"0")

    return _hole(make)


def _note(data: cms.SignedData) -> None:
    info = data["signer_infos"][0]
    info["unsigned_attrs"] = cms.CMSAttributes(
        [cms.CMSAttribute({"type": "1.2.3.4", "values": [cms.OctetString(b"x")]})]
    )


def _twice(data: cms.SignedData) -> None:
    data["signer_infos"] = cms.SignerInfos([data["signer_infos"][0], data["signer_infos"][0]])


def _another_certificate(pdf: bytes, stranger: Authority) -> bytes:
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    def change(data: cms.SignedData) -> None:
        more = x509.Certificate.load(stranger.signer.certificate.public_bytes(Encoding.DER))
        data["certificates"] = cms.CertificateSet([*data["certificates"], cms.CertificateChoices("certificate", more)])

    return _cms(change)(pdf, stranger)


def _wrapped(pdf: bytes, _stranger: Authority) -> bytes:
    """SWA: the second part is moved away, and in the gap stands whatever one likes."""
    found = RANGE.search(pdf)
    assert found is not None
    start, end, rest = int(found[2]), int(found[3]), int(found[4])
    more = b"\n999 0 obj\n<< /Type /Catalog >>\nendobj\n"
    new = b"/ByteRange [0 %d %d %d]" % (start, end + len(more), rest)
    head = pdf[: found.start()] + new.ljust(len(found[0])) + pdf[found.end() : end]
    return head + more + pdf[end:]


def _xref_stream_beside(pdf: bytes, _stranger: Authority) -> bytes:
    """A second, classical table of contents that names a hidden one: programs that know either read another file."""
    previous = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    size = max(int(one) for one in re.findall(rb"/Size (\d+)", pdf))
    root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1]
    at = len(pdf)
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size %d /Root %s /Prev %d /XRefStm %d >>\nstartxref\n%d\n%%%%EOF\n"
    return pdf + table % (size, root, previous, previous, at)


def _object_streams(pdf: bytes, _stranger: Authority) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _stripped(pdf: bytes, _stranger: Authority) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for name in ("/AcroForm", "/Perms"):
            if name in document.Root:
                del document.Root[name]
        for page in document.pages:
            page.Annots = pikepdf.Array(note for note in page.get("/Annots", []) if note.Subtype != "/Widget")
        document.save(out)
    return out.getvalue()


def before_signing(pdf: bytes) -> bytes:
    """The paper as it was drawn: the file up to the end of its first revision."""
    return pdf[: pdf.index(b"%%EOF") + len(b"%%EOF\n")]


def _resigned(pdf: bytes, stranger: Authority) -> bytes:
    return signed(before_signing(pdf), stranger)


def _signed_over(pdf: bytes, stranger: Authority) -> bytes:
    """Sneaky signature: a stranger signs what we certified, in a field that covers the page."""
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

    from app.signing.paper import _Cms

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    field = SigFieldSpec("Second", on_page=0, box=(30, 30, 500, 700))
    maker = PdfSigner(
        PdfSignatureMetadata(field_name="Second", md_algorithm="sha256"), _Cms(stranger.signer), new_field_spec=field
    )
    # What is certified with P=1 is not signed by an honest program: the certification is hidden from it.
    writer.root.pop("/Perms", None)
    out: bytes = maker.sign_pdf(writer, existing_fields_only=False).getvalue()
    return out


def _plain_append(pdf: bytes, _stranger: Authority) -> bytes:
    """ISA: objects behind the end, without a table of contents, as viewers mend them."""
    return pdf + b"\n4 0 obj\n<< /Type /Page /Contents 5 0 R >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


ATTACKS: dict[str, Attack] = {
    "update: annotation": _updated(_annotate("/FreeText")),
    "update: evil annotation": _updated(_annotate("/Redact")),
    "update: stamp": _updated(_annotate("/Stamp")),
    "update: overlay": _updated(_overlay),
    "update: form field": _updated(_fill),
    "update: page": _updated(_add_page),
    "update: info": _updated(_info),
    "update: dss": _updated(_dss),
    "update: nothing": _updated(lambda writer: writer.update_root()),
    "shadow: hide": _updated(_hide),
    "shadow: replace": _updated(_replace),
    "shadow: hide and replace": _updated(_hide_and_replace),
    "second field": _updated(_empty_field),
    "sneaky signature": _signed_over,
    "usf: no range": _range(b""),
    "usf: null": _range(b"null"),
    "usf: zeros": _range(b"[0 0 0 0]"),
    "usf: short": _range(b"[0 100]"),
    "usf: negative": _range(b"[0 -1 0 0]"),
    "usf: beyond": _range(b"[0 99999999 99999999 9]"),
    "usf: no contents": lambda pdf, _stranger: pdf.replace(b"/Contents <30", b"/Cantents <30", 1),
    "usf: nothing in it": _hole(lambda digits: b"0" * len(digits)),
    "usf: not hexadecimal": _hole(lambda digits: b"ZZ" + digits[2:]),
    "isa: without a table": _plain_append,
    "isa: only an end": lambda pdf, _stranger: pdf + b"%%EOF\n",
    "swa: moved": _wrapped,
    "hybrid": _xref_stream_beside,
    "object streams": _object_streams,
    "removed": _stripped,
    "removed: first revision": lambda pdf, _stranger: before_signing(pdf),
    "signed by a stranger of the same name": _resigned,
    "appended: newline": lambda pdf, _stranger: pdf + b"\n",
    "appended: zeros": lambda pdf, _stranger: pdf + b"\0" * 100,
    "prefixed: newline": lambda pdf, _stranger: b"\n" + pdf,
    "prefixed: another header": lambda pdf, _stranger: b"%PDF-1.4\n" + pdf,
    "cut": lambda pdf, _stranger: pdf[:-1],
    "digits: small letters": _hole(lambda digits: digits.lower()),
    "digits: padding": _hole(lambda digits: digits[:-1] + b"1"),
    "digits: space": _hole(lambda digits: digits[:-1] + b" "),
    "cms: unsigned attribute": _cms(_note),
    "cms: signed twice": _cms(_twice),
    "cms: another certificate": _another_certificate,
}
"""Every attack by its name. Each takes the true file and an authority of the same name as ours with keys of its own."""
