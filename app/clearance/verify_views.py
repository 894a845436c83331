"""Verification for anyone: a typed code, a QR code, a file; the list, the keys and the command for those without network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import web
from app.clearance import bundling, certificate, numbering, publishing, verification
from app.clearance.verification import Verified
from app.errors import NotFound
from app.rehearsal.papers import is_known_to_rehearsal
from app.signing import trust as trusting
from app.signing.claims import encoded
from app.signing.keys import NoKey
from app.signing.trust import Trust
from app.web import metered, only_reads, public
from config import ROOT

blueprint = Blueprint("clearance", __name__)

MOST_TYPED = 200
"""Characters of a typed code that are looked at: a code has 40, with separators fewer than 80."""
LIST_SECONDS, KEYS_SECONDS = 30, 300
"""How long caches may keep the list and the keys: a revocation shows in the list within a minute."""
PROOF = "/verify/<code>/proof"


@blueprint.get("/verify")
@public
def verify_form() -> Any:
    """The form in which a code is typed; with ``?code=`` it leads to the answer."""
    code = request.args.get("code", "")[:MOST_TYPED].strip()
    if code:
        number = request.args.get("number", "")[:40].strip() or None
        typed = numbering.typed(code) or code.replace("/", "-")
        return redirect(url_for("clearance.verify", code=typed, number=number), code=303)
    error = _("Enter the verification code.") if "code" in request.args else ""
    return _form(error=error), 422 if error else 200


@blueprint.get("/verify/<code>")
@public
def verify(code: str) -> Any:
    """What the code says: genuine, superseded, revoked, altered beside another number, or unknown and of test mode (404)."""
    typed, number = code[:MOST_TYPED], request.args.get("number", "")[:40]
    page, status, _answer = _answered(lambda: verification.verify(typed, number), typed=typed, number=number)
    return page, status


@blueprint.post("/verify")
@only_reads
@metered
@public
def verify_paper() -> Any:
    """What the file says: also that it was altered. Neither the file nor the answer is kept."""
    given = request.files.get("paper")
    if given is None or not given.filename:
        return _form(file_error=_("Choose the PDF file of the clearance.")), 422
    data = given.stream.read(verification.MOST_PAPER_BYTES + 1)
    if len(data) > verification.MOST_PAPER_BYTES:
        return _form(file_error=_("A clearance is a PDF of less than 5 MB; this file is larger.")), 422
    page, _status, answer = _answered(lambda: verification.verify_paper(data), by_file=True)
    verification.raise_alarm(data, answer)
    return page


@blueprint.get("/verify/offline")
@public
def offline() -> str:
    """The page that a phone keeps: it checks what a QR code says without network."""
    try:
        trust, lost = publishing.trust_in_force(), publishing.compromised()
    except NoKey:
        trust, lost = Trust(()), {}
    keys = [_point(one, lost) for one in trust.keys if trust.is_ours(one, trust.keys)]
    settings = current_app.extensions["akno.settings"]
    return render_template(
        "clearance/verify_offline.html",
        keys=json.dumps(keys),
        roots=_roots(trust),
        tool=bundling.bundle(),
        demonstration=settings.demonstration,
    )


@blueprint.get("/verify/worker.js")
@public
def worker() -> Response:
    """The service worker: it answers for pages under ``/verify/`` alone, when there is no network."""
    answer = Response((ROOT / "static" / "verify-worker.js").read_bytes(), mimetype="text/javascript")
    web.share(LIST_SECONDS)
    return answer


@blueprint.get("/verify/list")
@public
def ended_list() -> Response:
    """The signed list of papers that hold no longer. Raises Unavailable before the worker has made one."""
    newest = publishing.get_list()
    web.share(LIST_SECONDS)
    return _kept(Response(newest.text, mimetype="application/jose"), str(newest.serial), "akno-list.jws")


@blueprint.get("/verify/keys")
@public
def key_file() -> Response:
    """The file of trust: the roots of the window and the certificates that signed for it. Raises Unavailable without roots."""
    pem = publishing.trust_in_force().pem()
    web.share(KEYS_SECONDS)
    answer = Response(pem, mimetype="application/pem-certificate-chain")
    return _kept(answer, hashlib.sha256(pem.encode()).hexdigest(), "akno-trust.pem")


@blueprint.get("/verify/tool")
@blueprint.get("/verify/tool/<name>")
@public
def tool(name: str = "") -> Response:
    """The command that verifies files without network, as one wheel. Raises NotFound for a name that is not the present one's."""
    made = bundling.bundle()
    if name not in ("", made.file_name):
        raise NotFound(name)
    web.share(KEYS_SECONDS)
    return _kept(Response(made.data, mimetype="application/zip"), made.sha256, made.file_name)


def _kept(answer: Response, tag: str, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # The same for everybody: whoever keeps it need not ask who wants it.
    answer.headers["Vary"] = "Accept-Encoding"
    answer.set_etag(tag)
    answer.make_conditional(request)
    return answer


def _point(certificate: Any, lost: dict[str, Any]) -> dict[str, Any]:
    """A key as WebCrypto takes it, and since when it is withdrawn as compromised."""
    numbers = trusting.public_key(certificate).public_numbers()
    since = lost.get(trusting.fingerprint_of(certificate))
    return {
        "id": trusting.key_id_of(certificate),
        "name": trusting.name_of(certificate),
        "x": encoded(numbers.x.to_bytes(32, "big")),
        "y": encoded(numbers.y.to_bytes(32, "big")),
        "lost": since.isoformat() if since else "",
    }


def _roots(trust: Trust) -> list[tuple[str, str]]:
    return [(trusting.name_of(one), trusting.fingerprint_of(one)) for one in trust.roots]


def _form(*, error: str = "", file_error: str = "") -> str:
    return _page(answer=None, seen=None, error=error, file_error=file_error)


def _page(**values: Any) -> str:
    ready = {"typed": "", "number": "", "error": "", "file_error": "", "by_file": False, "proof": ""}
    settings = current_app.extensions["akno.settings"]
    return render_template("clearance/verify.html", **ready | values, demonstration=settings.demonstration)


def _answered(
    ask: Callable[[], Verified], *, typed: str = "", number: str = "", by_file: bool = False
) -> tuple[str, int, Verified]:
    answer = ask()
    if answer.state == "unknown" and is_known_to_rehearsal(ask):
        answer = verification.Verified("test")
    seen = None
    if answer.clearance is not None and answer.clearance.issued_at is not None:
        settings = current_app.extensions["akno.settings"]
        facts = certificate.facts_of(
            answer.clearance, base_url=settings.base_url, names=settings.officer_names_on_paper,
            issued_at=answer.clearance.issued_at,
        )  # fmt: skip
        seen = verification.compared(facts)
    page = _page(answer=answer, seen=seen, typed=typed, number=number, by_file=by_file, proof=_proof(answer))
    return page, 200 if seen or by_file else 404, answer


def _proof(answer: Verified) -> str:
    """Where the proof lies that the log holds this clearance, when the window keeps such a page."""
    if answer.clearance is None:
        return ""
    found = next((rule for rule in current_app.url_map.iter_rules() if rule.rule == PROOF), None)
    return url_for(found.endpoint, code=answer.clearance.code) if found is not None else ""
