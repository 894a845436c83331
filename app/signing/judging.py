"""Judging the signature of a PDF: ours, over every byte of the file, allowing no change; or in which way it is not. Pure.

What must hold is narrower than what a viewer wants (in 2019 twenty-one of twenty-two viewers could be fooled): one signature,
which certifies with DocMDP P=1; a byte range that leaves out nothing but the signature's own hexadecimal digits; those digits
written in the one way we write them; nothing after it; a certificate that leads to our root; a CMS in which nothing stands
that is not itself signed or known. So there is no byte of the file that may be turned without the answer changing.
The register of papers is the truth, this is the convenience (trust.md S-PDFSIG, S-PDFTRUST).
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Coroutine
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from app.signing import trust as trusting
from app.signing.trust import Trust

MOST_BYTES = 5 * 1024 * 1024
"""Bytes of a file that is judged: ours have a tenth of a megabyte."""
SOUND, ALTERED, FOREIGN, UNSIGNED, UNREADABLE = "sound", "altered", "foreign", "unsigned", "unreadable"
_HEX = frozenset(b"0123456789ABCDEF")
"""As pyHanko writes them; in small letters it would be the same signature and another file."""
_STAMP = "signature_time_stamp_token"
_MOST_REVISIONS = 2
"""The paper as it was drawn, and the signature that was added to it."""
_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)

# What is wrong with a stranger's file is the answer, not news for the log.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Judgement:
    """``state``: sound, altered (ours once), foreign, unsigned or unreadable; ``reason``: a code, ``""`` when sound.

    ``signer``: whose certificate; ``fingerprint`` of it; ``signed_at``: when, as the paper says itself (ISO, UTC);
    ``stamped_at``: when, as a time-stamp authority of ours says.
    """

    state: str
    reason: str = ""
    signer: str = ""
    fingerprint: str = ""
    signed_at: str = ""
    stamped_at: str = ""

    @property
    def signed(self) -> datetime | None:
        """``signed_at`` as a moment."""
        return datetime.fromisoformat(self.signed_at) if self.signed_at else None

    @property
    def stamped(self) -> datetime | None:
        """``stamped_at`` as a moment."""
        return datetime.fromisoformat(self.stamped_at) if self.stamped_at else None

    def as_values(self) -> dict[str, str]:
        """Return it as small JSON values: it is made in a process apart."""
        return asdict(self)


class _Wrong(Exception):
    """Something is not as in a paper of ours; the argument is the code of the reason."""


def judge(pdf: bytes, trust: Trust) -> Judgement:
    """Judge a file, whatever it is; never raises for what stands in it. Fetches nothing and reads no clock."""
    if len(pdf) > MOST_BYTES:
        return Judgement(UNREADABLE, "too-large")
    if not pdf.startswith(b"%PDF-"):
        return Judgement(UNREADABLE, "not-a-pdf")
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        found = _signatures(reader)
    except RecursionError:
        return Judgement(UNREADABLE, "nested")
    except Exception as error:
        return Judgement(UNREADABLE, _code_of(error, "broken"))
    if not found:
        return Judgement(UNSIGNED, "no-signature")
    # Of several, one of ours says more of the file than a stranger's that was put over it.
    judged = [_judged(pdf, reader, one, trust, alone=len(found) == 1) for one in found]
    return next((one for one in judged if one.state == ALTERED), judged[0])


def _signatures(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    """Every signature of the file. Raises _Wrong for fields that are there and empty beside one that is filled."""
    if reader.encrypted:
        raise _Wrong("encrypted")
    found = list(reader.embedded_signatures)
    fields = sum(1 for _field in enumerate_sig_fields(reader))
    if found and fields != len(found):
        raise _Wrong("empty-field")
    return found


def _judged(
    pdf: bytes, reader: PdfFileReader, signature: EmbeddedPdfSignature, trust: Trust, *, alone: bool
) -> Judgement:
    try:
        certificate, others = _certificates(signature)
        said = Judgement(
            SOUND, "", trusting.name_of(certificate)[:200], trusting.fingerprint_of(certificate), _said_at(signature)
        )
        at = said.signed
        if not trust.is_ours(certificate, [*others, *trust.keys], at):
            return replace(said, state=FOREIGN, reason="not-our-root")
    except Exception as error:
        return Judgement(FOREIGN, _code_of(error, "signature-broken"))
    try:
        if not alone:
            raise _Wrong("more-signatures")
        if not trusting.may_sign(certificate):
            raise _Wrong("key-usage")
        _every_byte(pdf, signature)
        _structure(reader, signature)
        _exact(signature, certificate, others, trust)
        stamped = _validated(signature, trust, others, at)
    except Exception as error:
        return replace(said, state=ALTERED, reason=_code_of(error, "signature-broken"))
    return replace(said, stamped_at=stamped)


def _code_of(error: Exception, otherwise: str) -> str:
    return str(error) if isinstance(error, _Wrong) else otherwise


def _certificates(signature: EmbeddedPdfSignature) -> tuple[x509.Certificate, list[x509.Certificate]]:
    own = x509.load_der_x509_certificate(signature.signer_cert.dump())
    others = [x509.load_der_x509_certificate(one.dump()) for one in signature.other_embedded_certs[:8]]
    return own, others


def _said_at(signature: EmbeddedPdfSignature) -> str:
    at = signature.self_reported_timestamp
    return at.astimezone(UTC).isoformat() if at is not None and at.tzinfo is not None else ""


def _every_byte(pdf: bytes, signature: EmbeddedPdfSignature) -> None:
    """The range leaves out the signature's own digits and nothing else, and what it covers is what was signed."""
    numbers = [int(number) for number in signature.byte_range]
    if len(numbers) != 4 or numbers[0] != 0 or min(numbers) < 0:
        raise _Wrong("byte-range")
    _start, before, after, rest = numbers
    hole = pdf[before:after]
    if not 0 < before < after or after + rest != len(pdf):
        raise _Wrong("bytes-outside")
    if hole[:1] != b"<" or hole[-1:] != b">" or not set(hole[1:-1]) <= _HEX:
        raise _Wrong("signature-written")
    if bytes.fromhex(hole[1:-1].decode("ascii")) != signature.pkcs7_content:
        raise _Wrong("signature-elsewhere")
    digest = hashlib.sha256(pdf[:before] + pdf[after:]).digest()
    signed = [
        one["values"][0].native
        for one in signature.signer_info["signed_attrs"]
        if one["type"].native == "message_digest"
    ]
    if signed != [digest]:
        raise _Wrong("bytes-changed")


def _structure(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> None:
    """One certifying signature that allows no change, in the last of at most two revisions, without two tables of contents."""
    xrefs = reader.xrefs
    if xrefs.hybrid_xrefs_present:
        raise _Wrong("hybrid")
    if reader.total_revisions > _MOST_REVISIONS or signature.signed_revision != reader.total_revisions - 1:
        raise _Wrong("revisions")
    if signature.sig_object_type != "/Sig" or signature.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        raise _Wrong("kind")
    certified = reader.root.get("/Perms", {}).raw_get("/DocMDP") if "/Perms" in reader.root else None
    if certified is None or certified.get_object() is not signature.sig_object:
        raise _Wrong("not-certified")
    if signature.docmdp_level != MDPPerm.NO_CHANGES:
        raise _Wrong("changes-allowed")


def _exact(
    signature: EmbeddedPdfSignature, certificate: x509.Certificate, others: list[x509.Certificate], trust: Trust
) -> None:
    """The CMS holds nothing but what is signed, what is known, and the signature: built anew of these it is the same bytes."""
    known = [*trust.roots, *trust.keys]
    for one in (certificate, *others):
        if one not in known and not (_is_exact(one) and trust.is_ours(one, others)):
            raise _Wrong("certificates")
    data, info = signature.signed_data, signature.signer_info
    algorithms = (info["digest_algorithm"]["algorithm"].native, info["signature_algorithm"]["algorithm"].native)
    if algorithms != ("sha256", "sha256_ecdsa"):
        raise _Wrong("cms")
    token = _token_of(info)
    unsigned = None
    if token is not None:
        _exact_token(token, trust)
        unsigned = cms.CMSAttributes([cms.CMSAttribute({"type": _STAMP, "values": [token]})])
    built, given = _built(data, "v1", certificate, unsigned), signature.pkcs7_content
    if given[: len(built)] != built or given[len(built) :].strip(b"\0"):
        raise _Wrong("cms")


def _is_exact(certificate: x509.Certificate) -> bool:
    """Whether a certificate ends with its signature and no bit of that is declared unused: nothing signs that count."""
    return certificate.public_bytes(Encoding.DER).endswith(b"\0" + certificate.signature)


def _token_of(info: Any) -> Any:
    """The time stamp beside a signature, None without; nothing else may stand there unsigned."""
    unsigned = info["unsigned_attrs"]
    if isinstance(unsigned, core.Void):
        return None
    if len(unsigned) != 1 or unsigned[0]["type"].native != _STAMP or len(unsigned[0]["values"]) != 1:
        raise _Wrong("cms")
    return unsigned[0]["values"][0]


def _exact_token(token: Any, trust: Trust) -> None:
    """The same of a time stamp: every certificate in it leads to the roots known for it, or, when none are known, to another."""
    data = token["content"]
    there = [x509.load_der_x509_certificate(one.chosen.dump()) for one in data["certificates"]]
    number = data["signer_infos"][0]["sid"].chosen["serial_number"].native
    own = next((one for one in there if one.serial_number == number), None)
    above = Trust(trust.stamps or tuple(one for one in there if trusting.issued(one, one)))
    if own is None or not all(_is_exact(one) and above.is_ours(one, there) for one in there):
        raise _Wrong("time-stamp")
    if token.dump() != _built(data, "v3", own, None):
        raise _Wrong("time-stamp")


def _built(data: Any, version: str, certificate: x509.Certificate, unsigned: Any) -> bytes:
    """A CMS anew of what is signed in the given one. Raises _Wrong when more than one has signed."""
    if len(data["signer_infos"]) != 1 or data["crls"].native:
        raise _Wrong("cms")
    info, issued = data["signer_infos"][0], asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
    digest = _algorithm(cms.DigestAlgorithm, info["digest_algorithm"])
    signer = cms.IssuerAndSerialNumber({"issuer": issued.issuer, "serial_number": issued.serial_number})
    told: dict[str, Any] = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": signer}),
        "digest_algorithm": digest,
        "signed_attrs": info["signed_attrs"],
        "signature_algorithm": _algorithm(cms.SignedDigestAlgorithm, info["signature_algorithm"]),
        "signature": info["signature"].native,
    }
    if unsigned is not None:
        told["unsigned_attrs"] = unsigned
    signed = cms.SignedData(
        {
            "version": version,
            "digest_algorithms": cms.DigestAlgorithms([digest]),
            "encap_content_info": {"content_type": "data"} if version == "v1" else data["encap_content_info"],
            "certificates": data["certificates"],
            "signer_infos": [cms.SignerInfo(told)],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def _algorithm(kind: Any, given: Any) -> Any:
    """An algorithm with its parameters left out or null, as the one given has them."""
    made = kind({"algorithm": given["algorithm"].native})
    if not isinstance(given["parameters"], core.Void):
        made["parameters"] = core.Null()
    return made


def _validated(
    signature: EmbeddedPdfSignature, trust: Trust, others: list[x509.Certificate], at: datetime | None
) -> str:
    """Ask the library as well, of the signature, the path and the time stamp; returns the time it stands for, or ``""``."""
    if at is None:
        raise _Wrong("no-time")
    context = _context(trust.roots, [*others, *trust.keys], at)
    stamps = _context(trust.stamps or trust.roots, [], at)
    status = _driven(
        async_validate_pdf_signature(signature, context, ts_validation_context=stamps, key_usage_settings=_USAGE)
    )
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise _Wrong("bytes-outside")
    if not (status.intact and status.valid and status.trusted and status.docmdp_ok):
        raise _Wrong("signature-broken")
    stamp = status.timestamp_validity
    if stamp is None:
        return ""
    if not (stamp.intact and stamp.valid):
        raise _Wrong("time-stamp")
    return stamp.timestamp.astimezone(UTC).isoformat() if stamp.trusted else ""


def _context(roots: tuple[x509.Certificate, ...], others: list[x509.Certificate], at: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=[_asn1(one) for one in roots],
        other_certs=[_asn1(one) for one in others],
        moment=at,
        best_signature_time=at,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def _driven(work: Coroutine[Any, Any, Any]) -> Any:
    """Run what has nothing to wait for. An event loop would want sockets, and where strangers' files are opened there are none;
    whatever should want to wait (to fetch something, say) ends here."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    work.close()
    raise _Wrong("waits")


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
