"""Time stamps of an authority outside (RFC 3161), where one is set: a stranger's word that a paper was there at a moment."""

from __future__ import annotations

import asyncio
import http.client
import urllib.error
import urllib.request
from functools import cache
from pathlib import Path

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.serialization import Encoding
from flask import current_app
from flask_babel import lazy_gettext as _l
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from app.signing.keys import NoKey, read_certificates
from config import Settings

STAMP = "time-stamp"
"""Why nothing is signed when the authority does not answer."""
SECONDS = 10.0
MOST_BYTES = 64 * 1024
_PROBE = bytes(32)


class Stamper(TimeStamper):
    """Asks the authority of the settings; what it answers counts only when it leads to the roots that are trusted for it."""

    def __init__(self, url: str, roots: Path | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url, self._roots = url, roots

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Send one request. Raises TimestampRequestError when there is no answer of the kind."""
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        request = urllib.request.Request(self._url, bytes(req.dump()), headers)
        try:
            with _opener().open(request, timeout=SECONDS) as answer:
                body = answer.read(MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            error.close()
            raise TimestampRequestError(f"the time-stamp authority answers {error.code}") from error
        except (OSError, http.client.HTTPException) as error:
            raise TimestampRequestError("the time-stamp authority does not answer") from error
        if len(body) > MOST_BYTES:
            raise TimestampRequestError("the answer of the time-stamp authority is too long")
        return tsp.TimeStampResp.load(body)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a stamp over a digest. Raises NoKey when there is none that counts."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            context = ValidationContext(trust_roots=_roots(self._roots), allow_fetching=False)
            found = await validate_tst_signed_data(token["content"], context, lambda _algorithm: message_digest)
            seen = TimestampSignatureStatus(**found)
        except (TimestampRequestError, SigningError, ValueError, TypeError, OSError) as error:
            raise NoKey(_l("The time-stamp authority does not answer, or not as it should."), STAMP) from error
        if not (seen.intact and seen.valid and seen.trusted):
            raise NoKey(_l("The time stamp is not of an authority that is trusted here."), STAMP)
        return token


def stamper() -> Stamper | None:
    """Return who stamps papers of the application at hand, None where nobody does: also in test mode, which asks nobody."""
    settings: Settings = current_app.extensions["akno.settings"]
    if not settings.signing_tsa_url or settings.rehearsal:
        return None
    return Stamper(settings.signing_tsa_url, settings.signing_tsa_roots_file or settings.signing_roots_file)


def probe() -> None:
    """Ask for a stamp over nothing. Raises NoKey when there is none."""
    asking = stamper()
    if asking is not None:
        asyncio.run(asking.async_timestamp(_PROBE, "sha256"))


def _roots(file: Path | None) -> list[asn1.Certificate]:
    if file is None:
        raise NoKey(_l("AKNO_SIGNING_TSA_ROOTS_FILE names no file: whom would a time stamp lead to?"), STAMP)
    return [asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in read_certificates(file)]


@cache
def _opener() -> urllib.request.OpenerDirector:
    """Opens what the setting names: no proxy of the environment, no redirect to elsewhere, no files."""
    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(), urllib.request.HTTPErrorProcessor(),
                    urllib.request.HTTPDefaultErrorHandler()):  # fmt: skip
        opener.add_handler(handler)
    return opener
