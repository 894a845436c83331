"""Drawing the paper: facts in, one PDF/A-3a and PDF/UA-1 file out. No database, no request, nothing fetched.

The template sees escaped values only, and the fetcher knows two names; anything else it is asked for stops the
drawing (trust.md S-SSRF-PDF). Fonts and their configuration stay warm in the process.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from jinja2 import Template
from lxml import etree
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from app import markup, rendering
from app.clearance import evidence, marking, pictures
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
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold. Words of traders and officers have lost it in ``said``; names in our registers may not."""
_BETWEEN = re.compile(r">\s*\n\s*<")
"""Line ends between the tags of the template: laid out, each would be a box of its own."""


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


class _Tree(TreeBuilder):
    """Puts together the kind of tree that WeasyPrint works with from what lxml reads."""

    def start(self, tag: str, attrs: Mapping[str, str]) -> Element:
        return super().start(tag, dict(attrs))


class Page(HTML):  # type: ignore[misc]
    """The paper read as the well-formed XML that our template is: HTML's own rules are for what others write, and
    take five times as long. What stands in it is the same tree, but that nothing is put in that was not written."""

    def __init__(self, text: str, fetcher: URLFetcher) -> None:
        """Raises lxml's XMLSyntaxError for what is not well-formed."""
        super().__init__(string="<html>", url_fetcher=fetcher)
        written = _NO_XML.sub(_REPLACEMENT, _BETWEEN.sub("><", text))
        root = etree.fromstring(written, markup.parser(target=_Tree()))
        self.wrapper_element: Any = type(self.wrapper_element).from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


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
    Page("<html><p>Ў ў І і ё</p></html>", Bundle({})).write_pdf(font_config=_fonts(), stylesheets=[_style()])


def draw(facts: ClearanceFacts, canonical: bytes) -> bytes:
    """Return the PDF of a clearance, not signed yet, with the canonical XML attached byte for byte and the decision data."""
    html = _template().render(facts=facts, words=WORDS, ranges=ranges, pair=_pair(facts.left))
    drawings = {"akno:window.svg": pictures.window(facts), "akno:test.svg": pictures.across()}
    bundle = Bundle({name: (drawing, "image/svg+xml") for name, drawing in drawings.items()})
    loaded = {"akno:qr": pictures.Code(facts)}
    document = Page(html, bundle).render(font_config=_fonts(), stylesheets=[_style()], cache=loaded)
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
