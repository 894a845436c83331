"""The demonstration authority: a root and a document-signing certificate that say of themselves that they are not official.

Made where there is no real key: for the demonstration country, and for test mode, whose papers release no goods. Each has
a folder of its own; whoever trusts such a root trusts a toy.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from app import clock
from app.signing.keys import DOCUMENT_SIGNING

EARLIER = timedelta(days=3 * 365)
"""The demonstration also shows cases of the past: what they are signed with held then."""
LEAF, ROOT = timedelta(days=10 * 365), timedelta(days=20 * 365)
_SAYS = {
    False: ("DEMONSTRATION, NOT OFFICIAL", "ДЭМАНСТРАЦЫЯ, НЕ АФІЦЫЙНА", "demonstration"),
    True: ("TEST, RELEASES NO GOODS", "ТЭСТ, НЕ ВЫПУСКАЕ ТАВАРАЎ", "TEST"),
}


def ensure(home: Path, *, test: bool = False) -> Path:
    """Return the folder of the authority (key.pem, chain.pem, root.pem, root.key), which is made when it is not there.

    Several processes may ask at once: one of them makes it, all get the same.
    """
    folder = home / ("test" if test else "demo")
    if folder.is_dir():
        return folder
    home.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".new-", dir=home))
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = _root(root_key, test=test)
    _write(made / "root.key", _private(root_key))
    _write(made / "root.pem", root.public_bytes(Encoding.PEM))
    _leaf(made, root, root_key, test=test)
    try:
        made.rename(folder)
    except OSError:  # somebody was first
        shutil.rmtree(made)
    return folder


def renew(home: Path, *, test: bool = False, days: int = LEAF.days) -> Path:
    """Put a new key and certificate of the same root in the place of the old ones; returns the folder."""
    folder = ensure(home, test=test)
    root_key = load_pem_private_key((folder / "root.key").read_bytes(), None)
    if not isinstance(root_key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{folder / 'root.key'} is no key of ours")
    root = x509.load_pem_x509_certificate((folder / "root.pem").read_bytes())
    with tempfile.TemporaryDirectory(prefix=".new-", dir=home) as made:
        _leaf(Path(made), root, root_key, test=test, days=days)
        for name in ("key.pem", "chain.pem"):
            (Path(made) / name).replace(folder / name)
    return folder


def _leaf(
    folder: Path, root: x509.Certificate, root_key: ec.EllipticCurvePrivateKey, *, test: bool, days: int = LEAF.days
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _begun(_name("signature of clearances", test=test), root.subject, clock.now() + timedelta(days=days))
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
    )
    certificate = builder.sign(root_key, hashes.SHA256())
    _write(folder / "key.pem", _private(key))
    _write(folder / "chain.pem", certificate.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM))


def _root(key: ec.EllipticCurvePrivateKey, *, test: bool) -> x509.Certificate:
    name = _name("authority", test=test)
    builder = (
        _begun(name, name, clock.now() + ROOT)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


def _begun(subject: x509.Name, issuer: x509.Name, until: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - EARLIER)
        .not_valid_after(until)
    )


def _name(what: str, *, test: bool) -> x509.Name:
    organisation, unit, word = _SAYS[test]
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "BY"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Akno {word}: {what}"),
        ]
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs, content_commitment=signs, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=not signs, crl_sign=not signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(file: Path, body: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(body)
