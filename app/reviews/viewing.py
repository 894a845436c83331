"""Viewing: a document of a package beside its facts, as pictures that we made of its pages; text is shown as text."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from lxml import etree

from app import markup
from app.access import Actor
from app.declarations.codec import to_package
from app.declarations.finders import get_version, list_attachments
from app.declarations.masking import Sight, mask
from app.declarations.models import Attachment
from app.documents import gate, storage
from app.documents.finders import DRAWN_KINDS, Pages, get_blob, get_page, list_pages
from app.documents.models import Blob
from app.reviews import seeing
from app.reviews.desk import Paper, papers_of
from app.reviews.finders import CaseFile
from app.reviews.models import Review
from app.reviews.naming import Names

ZOOMS = ("width", "100", "150")
"""As wide as the place for it; the size on paper; one and a half times that."""
TURNS = (0, 90, 180, 270)
TEXT = "application/xml"
TEXT_BYTES = 1024 * 1024
"""Bytes of an XML document that is still read into a page; a longer one is downloaded."""
TEXT_SHOWN = 200_000
"""Characters of text on one page."""

FAILURES: Mapping[str, Any] = {
    "protected": _l("The document is locked with a password, so its pages cannot be drawn."),
    "broken": _l("The document is damaged: it cannot be opened."),
    "too-large": _l(
        "The document is too large to be drawn: more than 50 megapixels or more memory than a document needs."
    ),
    "too-long": _l("Drawing took too long and was stopped."),
    "cut-off": _l("Drawing was cut off: the document is damaged, or it asks for more memory than a document needs."),
    "no-picture": _l("No pictures are made of this kind of file."),
    "no-guard": _l(
        "The window cannot draw safely on this machine, so nothing was drawn. The administrator is told why."
    ),
    "infected": _l("A scanner found malicious software in this file. Nothing of it is shown, and nobody can fetch it."),
    "unscanned": _l("The file is being scanned for malicious software. Nothing of it is shown before that."),
    "too-long-text": _l("The text is too long to be shown here."),
}
"""Why a document is not shown, or not whole, in the officer's words."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """The picture of one page of a file, asked for from one of its cases."""

    review: Review
    attachment: Attachment
    sight: Sight
    picture_sha256: str


@dataclass(frozen=True, slots=True)
class View:
    """One document before the reader's eyes. ``papers``: the documents of the package that have a file; ``paper``: the
    declared facts of this one, None when the package names it no more. ``text`` is None for what is shown as pictures."""

    review: Review
    papers: tuple[Paper, ...]
    paper: Paper | None
    attachment: Attachment
    blob: Blob
    pages: Pages
    text: str | None = None
    text_cut: bool = False
    zoom: str = ZOOMS[0]
    turn: int = 0

    @property
    def is_text(self) -> bool:
        """Whether it is read as text and has no pages."""
        return self.blob.media_type == TEXT

    @property
    def preparing(self) -> bool:
        """Whether pictures are on their way."""
        return self.pages.state in ("none", "wanted") or self.pages.failure == "unscanned"

    @property
    def failure(self) -> Any:
        """Why it is not shown, or not whole; empty when all is well."""
        return FAILURES.get(self.pages.failure, "")

    @property
    def more(self) -> int:
        """How many pages the document has beyond those that are shown."""
        return 0 if self.preparing else max(0, self.pages.count - len(self.pages.sheets))

    def turned(self, step: int) -> int:
        """The turn, in degrees, that is one step further."""
        return (self.turn + step) % 360


def get_case_page(review_id: uuid.UUID, attachment_id: uuid.UUID, number: int, *, actor: Actor) -> CasePage:
    """Return the picture of one page of a file of the case's own package. Raises NotFound for any other, and where none is."""
    found = seeing.get_case_file(review_id, attachment_id, actor=actor)
    sheet = get_page(found.attachment.sha256, number)
    return CasePage(found.review, found.attachment, found.sight, str(sheet.picture_sha256))


def lay_out(found: CaseFile, names: Names, *, zoom: str = "", turn: str = "") -> View:
    """Gather one document for its own page, text included. Odd values of zoom and turn mean none."""
    review = found.review
    tree = markup.read(get_version(review.declaration, review.version).canonical)
    package = to_package(mask(tree, found.sight, names.edition.document_code))
    papers = papers_of(package, names.edition, list_attachments(review.declaration_id), found.sight)
    pages, text, cut = _content(blob := get_blob(found.attachment.sha256))
    return View(
        review,
        _with_files(papers),
        _of(papers, found.attachment.id),
        found.attachment,
        blob,
        pages,
        text,
        cut,
        zoom=zoom if zoom in ZOOMS else ZOOMS[0],
        turn=int(turn) if turn in map(str, TURNS) else 0,
    )


def beside(review: Review, papers: Iterable[Paper], *, chosen: str = "") -> View | None:
    """Gather the document that stands beside the facts on the case page: the chosen one (an attachment's id), else the
    first with a file; None when no document has one. One statement; text stays on the document's own page."""
    shown = _with_files(papers)
    asked = (one for one in shown if one.attachment and str(one.attachment.id) == chosen)
    paper = next(asked, next(iter(shown), None))
    if paper is None or paper.attachment is None or paper.blob is None:
        return None
    return View(review, shown, paper, paper.attachment, paper.blob, _pages(paper.blob))


def _with_files(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    """One file may stand behind several documents: it is listed once."""
    found = {paper.attachment.id: paper for paper in papers if paper.attachment and paper.blob}
    return tuple(found.values())


def _of(papers: Iterable[Paper], attachment_id: uuid.UUID) -> Paper | None:
    return next((one for one in papers if one.attachment and one.attachment.id == attachment_id), None)


def _pages(blob: Blob) -> Pages:
    if not gate.passes(blob):
        return Pages("failed", "infected" if blob.scan == gate.INFECTED else "unscanned")
    if blob.media_type not in DRAWN_KINDS:
        return Pages("failed", "no-picture")
    return list_pages(blob.sha256)


def _content(blob: Blob) -> tuple[Pages, str | None, bool]:
    """Pictures, or the text of an XML document and whether it was cut."""
    if blob.media_type != TEXT or not gate.passes(blob):
        return _pages(blob), None, False
    if blob.size > TEXT_BYTES:
        return Pages("failed", "too-long-text"), None, False
    try:
        text = markup.pretty(storage.store().read(blob.sha256))
    except (etree.LxmlError, markup.DocumentTypeRefused):
        return Pages("failed", "broken"), None, False
    return Pages("drawn"), text[:TEXT_SHOWN], len(text) > TEXT_SHOWN
