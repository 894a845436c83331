"""A signature in a PDF: PAdES, certifying that nothing may be changed any more (DocMDP P=1), in two halves.

``prepare`` writes the invisible field with an empty place and needs no key: the process that draws untrusted text does it.
``seal`` signs what lies around that place and fills it; it reads no PDF, so nothing in the file can lead the holder of
the key astray. Between the two the digest goes into the ledger: it is the one the signature is about.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask_babel import lazy_gettext as _l
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.signers.pdf_cms import Signer as CmsSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.signing.keys import NoKey, Signer, bears_out

FIELD = "Clearance"
ALGORITHM = "sha256"
ROOM = 2048
"""Bytes of a signature beside the certificates in it."""
STAMP_ROOM = 12 * 1024
"""Bytes of a time stamp with the certificates of its authority."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A PDF with an empty place from ``start`` to ``end`` (its angle brackets included), which is not signed."""

    pdf: bytes
    start: int
    end: int

    @property
    def digest(self) -> str:
        """SHA-256 of everything around the place, hex: what the signature is about."""
        return hashlib.sha256(self.pdf[: self.start] + self.pdf[self.end :]).hexdigest()


def room_for(signer: Signer, *, stamped: bool) -> int:
    """Return how many bytes a signature of this signer may take."""
    certificates = (signer.certificate, *signer.chain)
    chain = sum(len(one.public_bytes(Encoding.DER)) for one in certificates)
    return ROOM + chain + (STAMP_ROOM if stamped else 0)


def prepare(pdf: bytes, *, room: int, at: datetime) -> Prepared:
    """Write the field of the signature with an empty place of ``room`` bytes; ``at`` is the moment it claims.

    Raises pyHanko's PdfError for what is no PDF.
    """
    writer = _Writer(io.BytesIO(pdf))
    writing = PdfCMSEmbedder(SigFieldSpec(FIELD)).write_cms(FIELD, writer)
    next(writing)
    placeholder = SignatureObject(at, SigSeedSubFilter.PADES, bytes_reserved=2 * room)
    certifying = SigMDPSetup(ALGORITHM, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    writing.send(SigObjSetup(placeholder, certifying))
    place, out = writing.send(SigIOSetup(ALGORITHM))
    return Prepared(out.getvalue(), place.reserved_region_start, place.reserved_region_end)


def seal(prepared: Prepared, signer: Signer, stamper: TimeStamper | None = None) -> bytes:
    """Return the signed PDF. Raises NoKey when the signer or the time-stamp authority does not do its part, ValueError for
    a place that is not empty or too small."""
    start, end = prepared.start, prepared.end
    place = prepared.pdf[start:end]
    if place[:1] != b"<" or place[-1:] != b">" or place[1:-1].strip(b"0"):
        raise ValueError("the place of the signature is not empty")
    cms = _cms(signer, bytes.fromhex(prepared.digest), stamper).hex().upper().encode()
    if len(cms) > len(place) - 2:
        raise ValueError(f"the signature needs {len(cms) // 2} bytes, there is room for {len(place) // 2 - 1}")
    return prepared.pdf[: start + 1] + cms.ljust(len(place) - 2, b"0") + prepared.pdf[end - 1 :]


def _cms(signer: Signer, digest: bytes, stamper: TimeStamper | None) -> bytes:
    # A fresh loop: jobs run in threads of their own, and nothing here waits for anybody but the time-stamp authority.
    made = asyncio.run(_Cms(signer).async_sign(digest, ALGORITHM, use_pades=True, timestamper=stamper))
    return bytes(made.dump())


class _Writer(IncrementalPdfFileWriter):
    """Adds the field and nothing else: pyHanko would write the XMP anew in its own shape, in which the claims of PDF/A and
    PDF/UA stand otherwise than they were checked. A test compares the metadata byte for byte."""

    def _update_meta(self) -> None:
        """Leave the metadata as they are."""


class _Cms(CmsSigner):
    """pyHanko's maker of the CMS, with our key behind it: it sees the bytes to be signed, never the key."""

    def __init__(self, signer: Signer) -> None:
        above = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        above.register_multiple(_asn1(one) for one in signer.chain)
        super().__init__(signing_cert=_asn1(signer.certificate), cert_registry=above)
        self._signer = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Sign the attributes, and see that the certificate bears the signature out. Raises NoKey."""
        if digest_algorithm != ALGORITHM:
            raise NoKey(_l("A paper is signed with SHA-256."), "key-kind")
        signature = self._signer.sign(data)
        if not dry_run and not bears_out(self._signer.certificate, signature, data):
            raise NoKey(_l("The signature does not fit the certificate of its key."), "key-foreign")
        return signature


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
