"""Drawing the paper: facts in, one PDF/A-3a and PDF/UA-1 file out. No database, no request, nothing fetched.

The template sees escaped values only, and the fetcher knows three names; anything else it is asked for stops the
drawing (trust.md S-SSRF-PDF). Fonts and their configuration stay warm in the process.
"""

from __future__ import annotations

import io
import unicodedata
import warnings
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

import segno
from jinja2 import Template
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from app import rendering
from app.clearance import evidence, marking
from app.clearance.facts import ClearanceFacts, ranges
from app.clearance.words import WORDS
from app.shell import moment, number

ATTACHED, DECIDED = "declaration.xml", "decision.json"
"""The package as the officers saw it, and what they decided."""
TEMPLATE = "paper/clearance.html"
STYLE = "paper/paper.css"
_MOST_MARKS = 3
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Control, surrogate, private, unassigned; format characters are the bidi marks and the zero-width ones.
_UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn", "Cf"})


class Bundle(URLFetcher):  # type: ignore[misc]
    """The only things a paper may load: what stands in this dict. Everything else ends the drawing."""

    def __init__(self, files: dict[str, tuple[bytes, str]]) -> None:
        super().__init__(allowed_protocols=("akno",), allow_redirects=False)
        self.files = files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return a file of the bundle. Raises FatalURLFetchingError for any other address."""
        if url not in self.files:
            raise FatalURLFetchingError(f"a paper loads nothing from outside: {url[:80]}")
        body, media_type = self.files[url]
        return URLFetcherResponse(url, body, {"Content-Type": media_type})


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _template() -> Template:
    return rendering.environment(FILTERS).get_template(TEMPLATE)


@cache
def _style() -> CSS:
    return CSS(string=(rendering.TEMPLATES / STYLE).read_text("utf-8"), font_config=_fonts(), url_fetcher=Bundle({}))


def warm() -> None:
    """Load what every paper needs: template, style, fonts and where they lie."""
    _template()
    HTML(string="<p>Ў ў І і ё</p>", url_fetcher=Bundle({})).write_pdf(font_config=_fonts(), stylesheets=[_style()])


def draw(facts: ClearanceFacts, canonical: bytes) -> bytes:
    """Return the PDF of a clearance, not signed yet, with the canonical XML attached byte for byte and the decision data."""
    html = _template().render(facts=facts, words=WORDS, ranges=ranges, pair=_pair(facts.left))
    pictures = {"akno:window.svg": window(facts), "akno:qr.svg": qr(facts), "akno:test.svg": _across()}
    bundle = Bundle({name: (picture, "image/svg+xml") for name, picture in pictures.items()})
    document = HTML(string=html, url_fetcher=bundle).render(font_config=_fonts(), stylesheets=[_style()])
    document.metadata.attachments = [
        _attachment(DECIDED, evidence.decision_data(facts), "Decisions on the package", "Data", facts.released_at),
        _attachment(ATTACHED, canonical, "Canonical declaration package", "Source", facts.released_at),
    ]
    with warnings.catch_warnings():
        # WeasyPrint 70 leaves the file of its colour profile to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        return document.write_pdf(finisher=marking.finish, pdf_variant="pdf/a-3a")  # type: ignore[no-any-return]


def _attachment(name: str, body: bytes, description: str, relationship: str, at: datetime) -> Attachment:
    """A file in the paper; a fresh object each time, for WeasyPrint uses one up."""
    return Attachment(
        file_obj=io.BytesIO(body),
        url_fetcher=Bundle({}),
        name=name,
        description=description,
        created=at,
        modified=at,
        relationship=relationship,
    )


def _pair(left: str) -> Any:
    """Give the template both languages of a text: ``pair(text)`` is (left, English)."""
    return lambda text: (text[left], text["en"])


def said(text: object) -> str:
    """Return somebody's words so that they print literally: no control or bidi characters, no towers of marks."""
    shown: list[str] = []
    marks = 0
    for sign in unicodedata.normalize("NFC", str(text)):
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS:
            shown.append(" " if sign in "\n\t\r" else _REPLACEMENT if kind in _UNPRINTABLE else sign)
    return "".join(shown)


def _moment(value: datetime, language: str) -> str:
    return moment(value, "long", language)


FILTERS: dict[str, Callable[..., Any]] = {"said": said, "moment_in": _moment, "number": number, "ranges": ranges}

_LIGHTS = {"lit": "#ffd166", "refused": "#e76f51", "dark": "#d9d5ca"}


def window(facts: ClearanceFacts) -> bytes:
    """Draw the window: one pane for each agency asked, two columns, three when more than four signed.

    A refused pane carries a stroke, one that is not decided yet a dot, so that they read in black and white.
    """
    lights = [sign_off.light for sign_off in facts.sign_offs]
    columns = 3 if len(lights) > 4 else min(2, len(lights) or 1)
    rows = -(-len(lights) // columns) or 1
    panes = []
    for place, light in enumerate(lights):
        row, column = divmod(place, columns)
        last = place == len(lights) - 1
        wide = columns - column if last else 1
        panes.append(_pane(column, row, wide, columns, rows, light))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="104" height="104" viewBox="0 0 104 104">'
        f'<rect width="104" height="104" rx="6" fill="#1b2a31"/>{"".join(panes)}</svg>'
    ).encode()


def _pane(column: int, row: int, wide: int, columns: int, rows: int, light: str) -> str:
    width, height = (92 - 5 * (columns - 1)) / columns, (92 - 5 * (rows - 1)) / rows
    x, y = 6 + column * (width + 5), 6 + row * (height + 5)
    across = width * wide + 5 * (wide - 1)
    pane = f'<rect x="{x:.2f}" y="{y:.2f}" width="{across:.2f}" height="{height:.2f}" fill="{_LIGHTS[light]}"/>'
    if light == "refused":
        pane += (
            f'<line x1="{x:.2f}" y1="{y + height:.2f}" x2="{x + across:.2f}" y2="{y:.2f}" '
            'stroke="#1b2a31" stroke-width="5"/>'
        )
    if light == "dark":
        pane += f'<circle cx="{x + across / 2:.2f}" cy="{y + height / 2:.2f}" r="4" fill="#1b2a31"/>'
    return pane


# The letters of "test" in three languages as strokes in a box of 10 by 14: no text, so that nothing of it mixes with what is
# read from the paper by machines and aloud.
_STROKES = {
    "T": "M0 0H10M5 0V14", "E": "M9 0H1V14H9M1 7H8", "S": "M9 2A4 3.5 0 1 0 5 7A4 3.5 0 1 1 1 12",
    "C": "M9.5 2.5A5.5 7 0 1 0 9.5 11.5", "Э": "M.5 2.5A5.5 7 0 1 1 .5 11.5M4 7H10",
}  # fmt: skip


def _across() -> bytes:
    """Draw what stands behind the text of a test paper: the word in three languages, rising across the page."""
    rows = []
    for place, word in enumerate(("TЭCT", "TECT", "TEST")):
        letters = "".join(
            f'<path transform="translate({14 * n} 0)" d="{_STROKES[letter]}"/>' for n, letter in enumerate(word)
        )
        rows.append(f'<g transform="translate(36 {72 + 80 * place}) rotate(-32) scale(1.9)">{letters}</g>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="178" height="252" viewBox="0 0 178 252">'
        f'<g fill="none" stroke="#f6e2dc" stroke-width="2.2">{"".join(rows)}</g></svg>'
    ).encode()


def qr(facts: ClearanceFacts) -> bytes:
    """Draw the QR code of the address at which this clearance is verified, with the signed claims behind it."""
    out = io.BytesIO()
    address = f"{facts.verify_url}#c={facts.claims}" if facts.claims else facts.verify_url
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=0, scale=4, dark="#1b2a31", xmldecl=False, svgns=True
    )
    return out.getvalue()
