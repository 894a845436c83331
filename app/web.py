"""What every page needs: the actor, the guard, the one transaction of a request, refusals, headers, paging."""

from __future__ import annotations

import functools
import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    has_request_context,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.wrappers import Response as WerkzeugResponse

from app import clock, database
from app.access import NOBODY, Actor, Policy, require
from app.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, Stale, TooMany, Unavailable

log = logging.getLogger("akno.web")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
RETRY_AFTER = "5"
"""Seconds after which a client may try again when the database could not be had (trust.md R8, R17)."""

T = TypeVar("T")
View = Callable[..., Any]


def arrived_at() -> datetime:
    """Return when the request at hand reached us; outside of a request this moment."""
    return g.started_at if has_request_context() else clock.now()


def actor() -> Actor:
    """The one behind this request; NOBODY when nobody has signed in."""
    return g.get("actor", NOBODY)  # type: ignore[no-any-return]


def guard(policy: Policy, finder: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Load the object by the ids in the URL, ask the policy, hand the object on, and mark the route as guarded.

    ``finder`` takes the URL's values and ``actor=`` and raises NotFound for what is not there or not yours. Not signed in:
    the sign-in page (401 for the API). Not yours: 404. Not allowed: 403 with the reason.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(**ids: Any) -> Any:
            who = actor()
            if not who.signed_in:
                return _ask_to_sign_in()
            if finder is None:
                require(policy, who)
                return view(**ids)
            thing = finder(**ids, actor=who)
            require(policy, who, thing)
            return view(thing)

        return marked(guarded, guarded_by=policy)

    return decorate


def marked(view: View, **marks: Any) -> View:
    """Put marks on a view: its guard, that it only reads, that it is counted. The edge and the architecture tests read them."""
    vars(view).update(marks)
    return view


def public(view: View) -> View:
    """Mark a route as open to anyone; the architecture test holds the short list of them."""
    return marked(view, guarded_by="public")


def only_reads(view: View) -> View:
    """Mark a POST that writes nothing, however much is sent with it: its session reads, so that it holds up no writer."""
    return marked(view, only_reads=True)


def metered(view: View) -> View:
    """Mark a page whose POST is counted and limited as requests of the API are: anyone may send it a file to work on."""
    return marked(view, metered=True)


def is_counted() -> bool:
    """Whether the request at hand is one of those that are remembered and limited: the API's, and what metered pages are sent."""
    view = current_app.view_functions.get(request.endpoint or "")
    return wants_json() or (request.method == "POST" and getattr(view, "metered", False))


def _only_reads() -> bool:
    return getattr(current_app.view_functions.get(request.endpoint or ""), "only_reads", False)


def _ask_to_sign_in() -> WerkzeugResponse:
    if request.path.startswith("/api/"):
        abort(401)
    g.refused = True
    flash(_("Sign in to go on."), "info")
    return redirect(
        url_for("identity.sign_in", next=request.full_path.removesuffix("?") if request.method == "GET" else None)
    )


def back(endpoint: str, **values: Any) -> WerkzeugResponse:
    """Answer a POST with 303 to a page."""
    return redirect(url_for(endpoint, **values), code=303)


def share(seconds: int) -> None:
    """Let caches keep a good answer that is the same for everybody, for so many seconds; every other one is never kept.

    Whoever calls sets ``Vary`` to the headers that the answer depends on (Accept, Accept-Language).
    """
    g.shared_seconds = seconds


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of an index: rows, and the cursor of the next page or None."""

    rows: Sequence[T]
    following: str | None = None


@contextmanager
def remembering(*, waiting: bool = True) -> Iterator[None]:
    """The one way in which a request that only reads writes, at once and on its own. For two things: that somebody read a
    confidential paper, and that software asked something of us (``api.remembering``).

    A guard that cannot work holds: when the entry of a reading cannot be written, nothing is shown. The log of requests does not
    wait for the disk (``waiting``).
    """
    with database.transaction(current_app.extensions["akno.database"], waiting=waiting):
        yield


class Cookies(SecureCookieSessionInterface):
    """The session's cookie, for pages alone: the API looks at none and sets none, so that an answer which caches may keep
    never carries somebody's session to somebody else."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a page's cookie, an empty one for the API."""
        return SecureCookieSession() if request.path.startswith("/api/") else super().open_session(app, request)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether an answer carries the cookie: of a page that is somebody's, never of one that caches may keep for everybody."""
        shared = g.get("shared_seconds") is not None
        return not shared and not wants_json() and super().should_set_cookie(app, session)


# --- the edge: one request is one transaction -------------------------------------------------------------------


def init_edges(app: Flask, engines: database.Database) -> None:
    """Open the session before a request, close it after; turn refusals into pages; set the headers."""

    app.session_interface = Cookies()

    @app.before_request
    def _open() -> None:
        g.refused = False
        g.request_id = uuid.uuid4().hex[:12]
        g.started_at = clock.now()
        g.writing = request.method not in SAFE_METHODS and not _only_reads()
        database.open_session(engines, writing=g.writing)

    app.before_request(_refuse_strange)

    @app.after_request
    def _close(response: Response) -> Response:
        try:
            database.close_session(keep=keeps(response))
        except Exception as error:  # what could not be kept is never answered with success
            response = mistake(error)
        return _headers(response)

    @app.teardown_request
    def _abandon(error: BaseException | None) -> None:
        database.close_session(keep=False)

    app.register_error_handler(Refusal, _show_refusal)
    app.register_error_handler(HTTPException, _show_http)
    app.register_error_handler(Exception, _show_mistake)


def _refuse_strange() -> None:
    """Refuse what no browser of ours and no program in its right mind sends, before anybody looks at it."""
    # RFC 9112, 3.2: who speaks HTTP/1.1 says to whom. Only the old version, as probes speak it, may leave it out.
    if "HTTP_HOST" not in request.environ and request.environ.get("SERVER_PROTOCOL") != "HTTP/1.0":
        abort(400)
    of_a_page = request.method not in SAFE_METHODS and not wants_json()
    if of_a_page and _comes_from_elsewhere():
        abort(403)
    # No letter of any language: PostgreSQL stores none, XML knows none, and a C library ends a text at it.
    sent = [request.args, request.form] if of_a_page else [request.args]
    if any("\0" in text for one in sent for _name, text in one.items(multi=True)):
        abort(400)


def _comes_from_elsewhere() -> bool:
    """Whether a page of another site sent this form (S-CSRF; ASVS 3.5.1): asked beside the token, which is a second lock.

    Browsers say so themselves; an older one names the origin, never with our own Referrer-Policy ``null``. Behind TLS, where
    every browser says one or the other, who says neither is no browser with a page of ours.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site not in ("same-origin", "none")
    if origin is not None:
        return urlsplit(origin).netloc.lower() != request.host.lower()
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def keeps(response: Response) -> bool:
    """Whether what the request did is kept when this is its answer.

    A refusal that was turned into a redirect must not commit a half-done row; keep_refusal is the explicit exception (a failed
    sign-in, the reading of a confidential document) which the architecture names.
    """
    return (response.status_code < 400 and not g.get("refused", False)) or g.get("keep_refusal", False)


def writes() -> bool:
    """Whether the transaction of this request can write."""
    return bool(g.get("writing", False))


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Request-Id", g.get("request_id", "-"))
    headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint not in ("static", "bootstrap.static"):
        kept = g.get("shared_seconds") if response.status_code in (200, 304) else None
        headers["Cache-Control"] = "no-store" if kept is None else f"public, max-age={kept}"
        headers.setdefault("Vary", "Cookie")
    return response


def wants_json() -> bool:
    """Whether the answer is for a machine."""
    return request.path.startswith("/api/")


def _where() -> str:
    """The path of the request for a line of the log: one line, no escapes of a terminal, no longer than a path of ours."""
    rule = request.url_rule
    # A token in the address lets somebody in: the pattern stands for it.
    return rule.rule if rule is not None and "token" in (request.view_args or {}) else ascii(request.path[:200])


def refuse(error: Refusal) -> None:
    """A view that shows a refusal on its own page says so here, so that nothing half-done is kept."""
    g.refused = True
    log.info("refused %s %s: %s", request.method, _where(), type(error).__name__)


def refuse_and_read(error: Refusal) -> None:
    """As ``refuse``, for a page that shows what holds now beside the refusal: everything half done is undone, and the page
    only reads, so that it holds up no writer while it is drawn (SQLite has one). Load anew what it shows."""
    refuse(error)
    database.close_session(keep=False)
    g.writing = False
    database.open_session(current_app.extensions["akno.database"], writing=False)


def _show_refusal(error: Refusal) -> tuple[str | Response, int]:
    refuse(error)
    if wants_json():
        return current_app.extensions["akno.problem"](error), error.status
    titles = {
        NotFound: _("We cannot find that"),
        NotAllowed: _("This is not yours to do"),
        Stale: _("The package has changed meanwhile"),
        TooMany: _("Too many requests in a minute"),
        Conflict: _("Somebody was first"),
        Invalid: _("There is something to mend"),
        Unavailable: _("This part of the window is closed for the moment"),
    }
    title = next((text for kind, text in titles.items() if isinstance(error, kind)), _("This cannot be done"))
    return render_template("errors/refusal.html", title=title, error=error), error.status


def _show_http(error: HTTPException) -> Any:
    g.refused = True
    if error.code is not None and error.code < 400:
        return error
    if isinstance(error, SecurityError):
        # A host that is not ours: every page of ours has addresses, and here there is none to make them for.
        return Response(_("This address is not one of the window."), 400, mimetype="text/plain")
    if isinstance(error, InternalServerError):
        return _show_mistake(error.original_exception or error)
    told = [(name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")]
    if wants_json():
        return current_app.extensions["akno.problem"](error), error.code or 500, told
    return render_template("errors/http.html", error=error), error.code or 500, told


def mistake(error: BaseException) -> Response:
    """The answer to a request that broke while it was being ended: nothing of it is kept."""
    return current_app.make_response(_show_mistake(error))


def _show_mistake(error: BaseException) -> Any:
    g.refused = True
    database.close_session(keep=False)
    log.exception("our mistake in %s %s (%s)", request.method, _where(), g.get("request_id", "-"))
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    if isinstance(error, database.Busy):
        return *_show_refusal(Unavailable(_("The window is very busy at this moment."))), {"Retry-After": RETRY_AFTER}
    if wants_json():
        return current_app.extensions["akno.problem"](error), 500
    return render_template("errors/mistake.html", request_id=g.get("request_id", "-")), 500
