"""A signing key that never leaves its token: PKCS#11, a smart card or an HSM."""

from __future__ import annotations

import hashlib
import threading

import pkcs11
from cryptography import x509
from flask_babel import lazy_gettext as _l
from pkcs11.types import SignMixin
from pkcs11.util.ec import encode_ecdsa_signature

from app.signing.keys import NoKey, bears_out, fingerprint_of, must_be_private
from config import Settings

_PROBE = b"akno: does this key belong to its certificate?"


class TokenSigner:
    """A key on a token behind one session; signatures are made one after another."""

    def __init__(self, key: SignMixin, certificates: tuple[x509.Certificate, ...]) -> None:
        self._key = key
        self._turn = threading.Lock()
        self.certificate, self.chain = certificates[0], certificates[1:]
        self.fingerprint = fingerprint_of(self.certificate)

    def sign(self, data: bytes) -> bytes:
        """Return the ECDSA signature (P-256, SHA-256, DER) over these bytes. Raises NoKey when the token is gone."""
        try:
            with self._turn:
                raw = self._key.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA)
        except pkcs11.PKCS11Error as error:
            raise NoKey(_l("The token with the signing key does not answer."), "token") from error
        return bytes(encode_ecdsa_signature(raw))


def open_token(settings: Settings, chain: tuple[x509.Certificate, ...]) -> TokenSigner:
    """Open the token of the settings and find the key. Raises NoKey with words of what is wrong."""
    pin = _pin(settings)
    try:
        library = pkcs11.lib(str(settings.signing_pkcs11_module))
        # A card that was put in after the library was opened shows only when its slots are asked for afresh.
        token = library.get_token(token_label=settings.signing_pkcs11_token)
        session = token.open(user_pin=pin)
        key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=settings.signing_pkcs11_key)
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise NoKey(
            _l("The token with the signing key cannot be opened (module, token, PIN, label of the key)."), "token"
        ) from error
    if not isinstance(key, SignMixin):
        raise NoKey(_l("The key on the token is no private key."), "token")
    signer = TokenSigner(key, chain)
    _must_belong(signer)
    return signer


def _pin(settings: Settings) -> str:
    if settings.signing_pkcs11_pin_file is None:
        raise NoKey(_l("AKNO_SIGNING_PKCS11_PIN_FILE names no file: the token needs its PIN."), "token")
    must_be_private(settings.signing_pkcs11_pin_file)
    return settings.signing_pkcs11_pin_file.read_text("utf-8").strip()


def _must_belong(signer: TokenSigner) -> None:
    """Let the key sign once: whether it belongs to the certificate shows only so."""
    if not bears_out(signer.certificate, signer.sign(_PROBE), _PROBE):
        raise NoKey(_l("The key on the token does not belong to its certificate."), "key-foreign")
