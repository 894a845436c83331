"""The one hardened way to read XML: every room that opens foreign XML makes its parser here (trust.md section 0).

Entities are not resolved and nothing is loaded from anywhere; comments and processing instructions are dropped, for they
can cut a value in two; a document type definition is refused after parsing, for a search of the bytes misses UTF-16.
"""

from __future__ import annotations

from lxml import etree

HIDDEN = "▒▒▒▒"
"""Stands in a package where its reader does not need the value (``declarations.masking``); pages say it in words."""


class DocumentTypeRefused(ValueError):
    """The document carries a DTD; we read none that does."""


def parser(schema: etree.XMLSchema | None = None, target: object = None) -> etree.XMLParser:
    """Return a fresh hardened parser for one document; with a schema it validates while it reads and stops early.

    ``target`` receives the events instead of a tree being built (lxml's parser target interface).

    One parser serves one document: a shared one leaks one sender's errors to another (trust.md section 0, 1).
    """
    return etree.XMLParser(
        schema=schema,
        target=target,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )


def refuse_dtd(root: etree._Element) -> None:
    """Raise DocumentTypeRefused when the document of this element declares a DTD, in whatever encoding it came."""
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None or info.doctype:
        raise DocumentTypeRefused("the document declares a DTD")


def read(data: bytes) -> etree._Element:
    """Parse bytes and return the root. Raises etree.LxmlError when not well-formed, DocumentTypeRefused with a DTD."""
    root = etree.fromstring(data, parser())
    refuse_dtd(root)
    return root


def pretty(data: bytes) -> str:
    """Return an XML document as indented text, to be read by people; comments are left out. Raises what ``read`` raises."""
    root = read(data)
    etree.indent(root)
    return str(etree.tostring(root, encoding="unicode"))
