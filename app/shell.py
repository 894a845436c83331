"""What every page shows around its content: navigation, who I am, language, and figures as the reader writes them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from babel.dates import format_date, format_datetime
from flask import Flask, Response, current_app, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import access, web
from app.access import Actor, Permission
from app.clock import MINSK
from app.markup import HIDDEN
from config import ROOT

TONGUES = {"be": "Беларуская", "ru": "Русский", "en": "English"}
THIN = "\u202f"
UNITS: Mapping[str, Mapping[str, str]] = {
    "KGM": {"be": "кг", "ru": "кг", "en": "kg"},
    "TNE": {"be": "т", "ru": "т", "en": "t"},
    "GRM": {"be": "г", "ru": "г", "en": "g"},
    "LTR": {"be": "л", "ru": "л", "en": "l"},
    "MTQ": {"be": "м³", "ru": "м³", "en": "m³"},
    "MTK": {"be": "м²", "ru": "м²", "en": "m²"},
    "MTR": {"be": "м", "ru": "м", "en": "m"},
    "H87": {"be": "шт.", "ru": "шт.", "en": "pcs"},
    "PCE": {"be": "шт.", "ru": "шт.", "en": "pcs"},
    "NPR": {"be": "пар", "ru": "пар", "en": "pairs"},
}
"""Short words of units by UN/ECE code; any other unit is shown by its code."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation: words, address, the rights of which one is enough, other addresses it covers.

    ``audience``: "all", "signed-in" or "stranger" (nobody has signed in). ``agencies``: for officers of these alone.
    """

    label: Any
    path: str
    rights: tuple[Permission, ...] = ()
    covers: tuple[str, ...] = ()
    audience: str = "signed-in"
    agencies: tuple[str, ...] = ()

    def shown_to(self, actor: Actor) -> bool:
        """Whether this person finds the entry in the head of the page."""
        if self.audience != "signed-in":
            return self.audience == "all" or not actor.signed_in
        if actor.kind == "agency" and self.agencies and actor.agency not in self.agencies:
            return False
        return actor.signed_in and any(actor.can(right) for right in self.rights)

    def covers_path(self, path: str) -> bool:
        """Whether the page at ``path`` belongs under this entry."""
        return any(path == start or path.startswith(f"{start}/") for start in (self.path, *self.covers))


P = Permission
NAV = (
    Entry(_l("Queue"), "/queue", (P.REVIEW_CLAIM,), ("/cases",)),
    Entry(_l("Inspections"), "/inspections", (P.REVIEW_INSPECT,)),
    Entry(_l("After release"), "/post-clearance", (P.CHECK_CONDUCT,)),
    Entry(_l("Risk"), "/risk/indicators", (P.RISK_READ,), ("/risk", "/intellectual-property")),
    Entry(_l("Arrivals"), "/arrivals", (P.ADVANCE_READ,)),
    Entry(_l("Rulings"), "/rulings/given", (P.CLEARANCE_RELEASE,), ("/rulings",)),
    Entry(_l("Packages"), "/packages", (P.DECLARATION_PREPARE, P.LEDGER_READ), ("/clearances",)),
    Entry(_l("File XML or ZIP"), "/file", (P.DECLARATION_SUBMIT,), ("/receipts",)),
    Entry(_l("Advance information"), "/advance", (P.ADVANCE_FILE, P.MOVEMENT_REPORT), ("/movements",)),
    Entry(_l("Documents"), "/documents", (P.DOCUMENT_UPLOAD,)),
    Entry(_l("Mandates"), "/mandates", (P.DECLARATION_PREPARE,)),
    Entry(_l("Accreditation"), "/accreditation", (P.ACCREDITATION_APPLY,)),
    Entry(_l("Accreditations"), "/accreditation/desk", (P.ACCREDITATION_EXAMINE,), agencies=("BY-GTK", "BY-MPR")),
    Entry(_l("Organisations"), "/organisations", (P.ORGANISATION_MANAGE,)),
    Entry(_l("People"), "/people", (P.PERSON_MANAGE,)),
    Entry(_l("Jobs"), "/jobs", (P.JOB_RETRY,)),
    Entry(_l("The record"), "/ledger", (P.LEDGER_READ,)),
    Entry(_l("What do I need"), "/measures", audience="stranger"),
    Entry(_l("Check a package"), "/check", audience="stranger"),
    Entry(_l("Rules"), "/rules", audience="stranger"),
    Entry(_l("Check a clearance"), "/verify", audience="stranger"),
    Entry(_l("For developers"), "/developers", covers=("/problems",), audience="stranger"),
)
FOOT = (
    Entry(_l("What do I need"), "/measures", audience="all"),
    Entry(_l("Check a package"), "/check", audience="all"),
    Entry(_l("Rules"), "/rules", audience="all"),
    Entry(_l("Advance rulings"), "/rulings", audience="all"),
    Entry(_l("Accredited traders"), "/accreditations", audience="all"),
    Entry(_l("Intellectual property"), "/intellectual-property", audience="all"),
    Entry(_l("Check a clearance"), "/verify", audience="all"),
    Entry(_l("For developers"), "/developers", audience="all"),
    Entry(_l("The log"), "/log", audience="all"),
    Entry(_l("Status"), "/status", audience="all"),
    Entry(_l("Health of the window"), "/health", audience="all"),
)


def init_shell(app: Flask) -> None:
    """Give every template its frame: names, filters, the language switch, the title of a page with errors."""
    app.jinja_env.globals.update(t=t, can=_can, asset=asset, HIDDEN=HIDDEN)
    app.jinja_env.filters.update(moment=moment, day=day, last_day=last_day, number=number, mass=mass, money=money)
    app.jinja_env.filters["unit"] = unit_words
    app.context_processor(_everywhere)
    app.before_request(_switch_language)
    app.after_request(_name_the_error)


def _everywhere() -> dict[str, Any]:
    actor = web.actor()
    return {
        "actor": actor,
        "language": language(),
        "nav": _entries(NAV, actor),
        "foot": _entries(FOOT, actor),
        "tongues": [
            {"code": code, "name": name, "href": _here_in(code), "current": code == language()}
            for code, name in TONGUES.items()
        ],
    }


def _entries(entries: tuple[Entry, ...], actor: Actor) -> list[dict[str, Any]]:
    """Only what this person may open and what this installation has a page for: no entry leads nowhere."""
    doors = current_app.create_url_adapter(request)
    return [
        {"label": entry.label, "href": entry.path, "current": entry.covers_path(request.path)}
        for entry in entries
        if entry.shown_to(actor) and doors is not None and doors.test(entry.path, "GET")
    ]


def first_room(actor: Actor) -> str:
    """Return the address where this person's work begins."""
    entries = _entries(NAV, actor)
    return str(entries[0]["href"]) if actor.signed_in and entries else url_for("identity.account")


_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def plainly(value: Any) -> Any:
    """Return what a template is about to print, with each sign that turns the reading direction as U+FFFD: a name or a
    description must read to the officer as it is stored (trust.md X25). A value that its reader does not need is said to be
    hidden, wherever a page has not said so itself. Jinja asks this of every printed expression."""
    if type(value) is not str:
        return value
    return _TURNING.sub("\ufffd", value.replace(HIDDEN, _("hidden")) if HIDDEN in value else value)


# --- language -----------------------------------------------------------------------------------------------------


def language() -> str:
    """Return the code of the reader's language; outside a request the default of the window."""
    locale = get_locale()
    return locale.language if locale is not None else "be"


def t(text: Any) -> str:
    """Return a text that carries its languages ({"be", "ru", "en"}) in the reader's; anything else as it is."""
    if isinstance(text, Mapping):
        return str(text.get(language()) or text.get("en") or next(iter(text.values()), ""))
    return str(text)


def _switch_language() -> None:
    wanted = request.args.get("lang", "")
    if wanted in TONGUES and request.endpoint != "static":
        session["language"] = wanted


def _here_in(code: str) -> str:
    """The address of this page in another language; an answer to a POST leads to the page it came from."""
    path, arguments = request.path, request.args.to_dict(flat=False)
    if request.method not in ("GET", "HEAD") and not _opens(path):
        came_from = urlsplit(request.referrer or "")
        path, arguments = (came_from.path if came_from.netloc == request.host else "/"), {}
    arguments["lang"] = [code]
    return f"{path}?{urlencode(arguments, doseq=True)}"


def _opens(path: str) -> bool:
    doors = current_app.create_url_adapter(request)
    return doors is not None and doors.test(path, "GET")


def _name_the_error(response: Response) -> Response:
    """A page with errors says so in its title first, so that a screen reader begins with it (GOV.UK)."""
    if response.status_code == 422 and response.mimetype == "text/html" and not response.is_streamed:
        title = f"<title>{_('Error:')} "
        response.set_data(response.get_data(as_text=True).replace("<title>", title, 1))
    return response


def _can(policy: access.Policy, subject: Any = None) -> bool:
    """Ask a policy for the reader: ``can(policy, subject)`` in a template."""
    return access.can(policy, web.actor(), subject)


# --- files ----------------------------------------------------------------------------------------------------------


def asset(name: str) -> str:
    """Return the address of a file of ``static/``, with a mark of its content so that a new version is seen at once."""
    return url_for(
        "static", filename=name, v=_mark(ROOT / "static" / name, (ROOT / "static" / name).stat().st_mtime_ns)
    )


@lru_cache(maxsize=64)
def _mark(file: Path, _changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]


# --- figures: thin spaces, comma decimals, days in the reader's words, Minsk time ------------------------------------

_MOMENTS = {"long": "d MMMM y, HH:mm", "short": "dd.MM.y HH:mm", "time": "HH:mm", "seconds": "HH:mm:ss"}


def moment(value: datetime | None, style: str = "long", language_code: str | None = None) -> str:
    """Write a moment in Minsk time: long (22 November 2026, 09:14), short (22.11.2026 09:14), time (09:14) or seconds
    (09:14:05)."""
    if value is None:
        return ""
    return str(
        format_datetime(value.astimezone(MINSK), _MOMENTS[style], tzinfo=MINSK, locale=language_code or language())
    )


def day(value: date | str | None, style: str = "long", language_code: str | None = None) -> str:
    """Write a day: long (22 November 2026) or short (22.11.2026); a moment counts as its day in Minsk.

    A stored answer holds days as ISO text: that is read too.
    """
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(MINSK).date()
    return str(format_date(value, "d MMMM y" if style == "long" else "dd.MM.y", locale=language_code or language()))


def last_day(value: date | None, style: str = "long", language_code: str | None = None) -> str:
    """Write the last day of a time whose end is stored as the first day on which it no longer holds."""
    return day(value - timedelta(days=1) if value else None, style, language_code)


def number(value: Decimal | int | float | str | None, places: int | None = None) -> str:
    """Write a number with thin spaces in thousands and a decimal comma; ``places`` fixes the decimals."""
    if value is None or value == "":
        return ""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    text = f"{exact:,f}" if places is None else f"{exact:,.{places}f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", THIN).replace(".", ",").replace("-", "\N{MINUS SIGN}")


def mass(value: Any, unit: str = "KGM") -> str:
    """Write a Quantity (or a bare number of ``unit``) with its unit: 18 400 kg."""
    if value is None or value == "":
        return ""
    figure, code = getattr(value, "value", value), getattr(value, "unit", unit)
    return f"{number(figure)}{THIN}{unit_words(code)}".rstrip(THIN)


def unit_words(code: str) -> str:
    """Write a unit of measure in the reader's language: KGM is kg; a code without words stays as it is."""
    return t(UNITS.get(code, code))


def money(value: Any, currency: str = "") -> str:
    """Write a Money (or a bare number in ``currency``) with at least two decimals: 118 240,00 EUR."""
    if value is None or value == "":
        return ""
    figure = Decimal(str(getattr(value, "value", value)))
    exponent = figure.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{number(figure, places)} {getattr(value, 'currency', currency)}".rstrip()
