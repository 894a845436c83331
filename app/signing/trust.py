"""Whom a reader of our papers trusts: the roots of the window and the signing keys known beneath them. Pure.

The file of trust is PEM; a line ``# root``, ``# key`` or ``# stamp`` before a certificate says which it is. Nothing is ever fetched, and
the roots of the operating system count for nothing here: a paper of ours leads to our root or is not ours.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

MOST_CERTIFICATES = 200
"""Certificates that are read out of one file."""
KEY_ID = 12
"""Hex digits of a certificate's fingerprint by which claims and lists name their key: 48 bits, among a few keys of ours."""

_BLOCK = re.compile(
    r"(?:^# (root|key|stamp)\b[^\n]*\n)?(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----)",
    re.MULTILINE,
)


class NotTrust(ValueError):
    """The file of trust cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Trust:
    """``roots``: what every signature must lead to. ``keys``: certificates that sign or stand between, newest last. ``stamps``:
    roots of the time-stamp authority."""

    roots: tuple[x509.Certificate, ...]
    keys: tuple[x509.Certificate, ...] = ()
    stamps: tuple[x509.Certificate, ...] = ()

    def key(self, key_id: str) -> x509.Certificate | None:
        """Return the known certificate whose fingerprint begins so, if it leads to a root of ours."""
        found = next((one for one in self.keys if key_id and key_id_of(one) == key_id), None)
        return found if found is not None and may_sign(found) and self.is_ours(found, self.keys) else None

    def is_ours(
        self, certificate: x509.Certificate, others: Iterable[x509.Certificate] = (), at: datetime | None = None
    ) -> bool:
        """Whether a certificate leads to one of the roots, by signatures and not by names, and all on the way held ``at``."""
        above = [*self.roots, *(one for one in others if _is_authority(one))]
        for _step in range(4):
            if at is not None and not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
                return False
            if certificate in self.roots:
                return True
            issuer = next((one for one in above if issued(certificate, one)), None)
            if issuer is None or issuer == certificate:
                return False
            certificate = issuer
        return False

    def pem(self) -> str:
        """Return the file of trust."""
        kinds = (("root", self.roots), ("key", self.keys), ("stamp", self.stamps))
        rows = [(kind, one) for kind, certificates in kinds for one in certificates]
        return "".join(
            f"# {kind} {fingerprint_of(one)}\n{one.public_bytes(Encoding.PEM).decode()}" for kind, one in rows
        )


def read(pem: str | bytes) -> Trust:
    """Read a file of trust; without marks a certificate that names itself as its issuer is a root. Raises NotTrust."""
    text = pem.decode("utf-8", "replace") if isinstance(pem, bytes) else pem
    found: dict[str, list[x509.Certificate]] = {"root": [], "key": [], "stamp": []}
    for mark, block in _BLOCK.findall(text)[:MOST_CERTIFICATES]:
        try:
            one = x509.load_pem_x509_certificate(block.encode())
        except ValueError as error:
            raise NotTrust(f"a certificate cannot be read: {error}") from error
        found[mark or _kind(one)].append(one)
    if not found["root"]:
        raise NotTrust("no root certificate stands in it")
    return Trust(tuple(found["root"]), tuple(found["key"]), tuple(found["stamp"]))


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate's DER, hex."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def key_id_of(certificate: x509.Certificate) -> str:
    """Return the short name of a signing certificate."""
    return fingerprint_of(certificate)[:KEY_ID]


def may_sign(certificate: x509.Certificate) -> bool:
    """Whether a certificate is for signing papers: no authority, and its key usage, where it names one, is signing."""
    if _is_authority(certificate):
        return False
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    except ValueError:
        return False
    return bool(usage.digital_signature or usage.content_commitment)


def public_key(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    """Return the P-256 key of a certificate. Raises NotTrust for any other kind."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise NotTrust("a signing key of the window is a P-256 key")
    return key


def name_of(certificate: x509.Certificate) -> str:
    """Return whose certificate it is, to be read by people: its common name and its organisation."""
    found = [
        str(part.value)
        for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
        for part in certificate.subject.get_attributes_for_oid(kind)
    ]
    return ", ".join(dict.fromkeys(found))


def chain_of(certificates: Sequence[bytes]) -> tuple[x509.Certificate, ...]:
    """Read certificates from DER. Raises NotTrust."""
    try:
        return tuple(x509.load_der_x509_certificate(one) for one in certificates[:8])
    except ValueError as error:
        raise NotTrust(f"a certificate cannot be read: {error}") from error


def _kind(certificate: x509.Certificate) -> str:
    return "root" if certificate.issuer == certificate.subject and _is_authority(certificate) else "key"


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, ValueError):
        return False


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the key of one certificate has signed the other."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
