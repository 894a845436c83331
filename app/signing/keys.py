"""The signer of the application at hand: one key, its certificate and the chain to its root; from a file or from PKCS#11.

Nothing is signed that cannot be proven: a key that is open to other users of the machine, does not belong to its
certificate, is not meant for signing documents or has ended counts as no key, and the words say which of these it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from flask import current_app
from flask_babel import lazy_gettext as _l

from app import clock
from app.errors import Unavailable
from config import Settings

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning (RFC 9336)."""
HELD = "akno.signer"
"""Where an application keeps the signer it has opened."""


@dataclass
class NoKey(Unavailable):
    """Nothing can be signed now; ``because`` is the code that goes into the ledger."""

    because: str = "no-key"

    def __post_init__(self) -> None:
        super().__post_init__()


class Signer(Protocol):
    """A key that signs, and what proves whose it is."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate's DER, hex."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates above it: its issuer first, its root last."""

    def sign(self, data: bytes) -> bytes:
        """Return the ECDSA signature (P-256, SHA-256, DER) over these bytes. Raises NoKey when the key cannot be used."""


class FileSigner:
    """A key in memory, read from a PEM file. One object may be used by any number of threads."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificates: tuple[x509.Certificate, ...]) -> None:
        self._key = key
        self.certificate, self.chain = certificates[0], certificates[1:]
        self.fingerprint = fingerprint_of(self.certificate)

    def sign(self, data: bytes) -> bytes:
        """Return the ECDSA signature (P-256, SHA-256, DER) over these bytes."""
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate's DER, hex."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def bears_out(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    """Whether a signature (ECDSA, SHA-256, DER) over these bytes is of the key of this certificate."""
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        return False
    try:
        public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def signer() -> Signer:
    """Return the signer of the application at hand, opened once and kept until its files change.

    Raises NoKey when there is none, when it cannot be opened, or when its certificate does not hold today.
    """
    settings: Settings = current_app.extensions["akno.settings"]
    files, open_it = _place_of(settings)
    try:
        stamp = tuple((file, file.stat().st_mtime_ns, file.stat().st_ino) for file in files)
    except OSError as error:
        forget()
        raise NoKey(_l("A file of the signing key is not there: %(file)s.", file=error.filename)) from error
    held = current_app.extensions.get(HELD)
    if held is None or held[0] != stamp:
        held = (stamp, open_it())
        current_app.extensions[HELD] = held
    found: Signer = held[1]
    _must_hold(found.certificate)
    return found


def forget() -> None:
    """Let go of the opened signer: the next call opens it afresh (a token that was taken out and put back)."""
    current_app.extensions.pop(HELD, None)


def trusted() -> tuple[x509.Certificate, ...]:
    """Return the roots that signatures of this window lead to: those named by the setting, else of the demonstration.

    Raises NoKey when there are none.
    """
    settings: Settings = current_app.extensions["akno.settings"]
    if settings.signing_roots_file is not None and not settings.rehearsal:
        return read_certificates(settings.signing_roots_file)
    if settings.demonstration or settings.rehearsal:
        return read_certificates(_demo(settings) / "root.pem")
    raise NoKey(_l("No root of trust is set: AKNO_SIGNING_ROOTS_FILE names its file."), "no-root")


def _place_of(settings: Settings) -> tuple[tuple[Path, ...], Callable[[], Signer]]:
    """The files whose change means another key, and how it is opened. Test mode signs with its own key, never this one."""
    chain = settings.signing_certificate_file
    if settings.rehearsal or (settings.demonstration and chain is None):
        home = _demo(settings)
        return (home / "key.pem", home / "chain.pem"), lambda: open_file(home / "key.pem", home / "chain.pem")
    key = settings.signing_key_file
    if chain is not None and settings.signing_pkcs11_module is not None:
        return (chain,), lambda: _open_token(settings, chain)
    if chain is not None and key is not None:
        return (key, chain), lambda: open_file(key, chain, settings.signing_password_file)
    raise NoKey(_l("No signing key is set: AKNO_SIGNING_KEY_FILE and AKNO_SIGNING_CERTIFICATE_FILE name its files."))


def _demo(settings: Settings) -> Path:
    from app.signing import demo

    return demo.ensure(settings.signing_home, test=settings.rehearsal)


def _open_token(settings: Settings, chain: Path) -> Signer:
    from app.signing import tokens

    return tokens.open_token(settings, read_chain(chain))


def open_file(key_file: Path, chain_file: Path, password_file: Path | None = None) -> FileSigner:
    """Open a key and the chain of its certificate (PEM, its own first). Raises NoKey with words of what is wrong."""
    must_be_private(key_file)
    try:
        password = password_file.read_bytes().strip() if password_file else None
        key = load_pem_private_key(key_file.read_bytes(), password)
    except (OSError, ValueError, TypeError) as error:
        raise NoKey(
            _l("The signing key %(file)s cannot be read: is it PEM, is the password right?", file=key_file),
            "key-unreadable",
        ) from error
    chain = read_chain(chain_file)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != chain[0].public_key():
        raise NoKey(_l("The signing key %(file)s does not belong to its certificate.", file=key_file), "key-foreign")
    return FileSigner(key, chain)


def must_be_private(file: Path) -> None:
    """Raise NoKey unless only its owner may read a file with a secret (S-SECRETS)."""
    try:
        mode = file.stat().st_mode
    except OSError as error:
        raise NoKey(_l("A file of the signing key is not there: %(file)s.", file=file)) from error
    if mode & 0o077:
        raise NoKey(
            _l("%(file)s may be read by other users of this machine. Close it (chmod 600); when others could log in here, "
               "have the key withdrawn and take a new one.", file=file), "key-open-to-others",
        )  # fmt: skip


def read_chain(file: Path) -> tuple[x509.Certificate, ...]:
    """Return a signing certificate and those above it, its own first. Raises NoKey when it is not for signing papers."""
    chain = read_certificates(file)
    certificate = chain[0]
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp256r1":
        raise NoKey(_l("The certificate in %(file)s is not of a P-256 key.", file=file), "key-kind")
    if not _is_for_documents(certificate):
        raise NoKey(
            _l("The certificate in %(file)s is not for signing documents: its key usage must hold digitalSignature or "
               "nonRepudiation, and it must be no authority of its own.", file=file), "wrong-usage",
        )  # fmt: skip
    for below, above in pairwise(chain):
        try:
            below.verify_directly_issued_by(above)
        except Exception as error:
            raise NoKey(
                _l("The certificates in %(file)s are no chain: the key's own first, its root last.", file=file), "chain"
            ) from error
    return chain


def _is_for_documents(certificate: x509.Certificate) -> bool:
    usage = _extension(certificate, x509.KeyUsage)
    purposes = _extension(certificate, x509.ExtendedKeyUsage)
    constraints = _extension(certificate, x509.BasicConstraints)
    allowed = {DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    signs = usage is None or usage.digital_signature or usage.content_commitment
    return signs and (purposes is None or bool(allowed & set(purposes))) and not (constraints and constraints.ca)


def _extension(certificate: x509.Certificate, kind: Any) -> Any:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def read_certificates(file: Path) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a PEM file in their order. Raises NoKey when there are none."""
    try:
        return tuple(x509.load_pem_x509_certificates(file.read_bytes()))
    except (OSError, ValueError) as error:
        raise NoKey(
            _l("The certificates in %(file)s cannot be read: is it PEM?", file=file), "chain-unreadable"
        ) from error


def _must_hold(certificate: x509.Certificate) -> None:
    now = clock.now()
    if now >= certificate.not_valid_after_utc:
        raise NoKey(_l("The certificate of the signing key has ended. Take a new one."), "ended")
    if now < certificate.not_valid_before_utc:
        raise NoKey(
            _l("The certificate of the signing key does not hold yet. Look at the clock of this machine."), "not-yet"
        )
