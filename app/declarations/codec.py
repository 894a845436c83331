"""Canonical XML of a package, its digest, and its typed view.

Canonical form: C14N 1.0 (inclusive, without comments), our namespace as the default one and ``ak`` for the extension,
both declared at the root, no blanks between elements or around values, no processing instructions, no ``xsi`` hints.
A tree that already stands in our two prefixes is written by libxml2 and freed of blanks; any other is written here.
"""

from __future__ import annotations

import hashlib
import re

from lxml import etree

from app.declarations.codec_reading import to_package
from app.declarations.schema import EXTENSION, NAMESPACE, ROOT

__all__ = ["canonical", "digest", "to_package"]

_OWN, _EXTRA = f"{{{NAMESPACE}}}", f"{{{EXTENSION}}}"
_DECLARED = f' xmlns="{NAMESPACE}" xmlns:ak="{EXTENSION}"'.encode()
_PLAIN = ({None: NAMESPACE, "ak": EXTENSION}, {None: NAMESPACE})
_DOUBTFUL = (b"> ", b">\n", b">\t", b"&#xD;", b"<?")
_SPACE = " \t\n\r"
_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"}
_VALUE = {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
_IN_TEXT, _IN_VALUE = re.compile("[&<>\r]"), re.compile('[&<"\t\n\r]')


def canonical(tree: etree._Element) -> bytes:
    """Return the canonical bytes (UTF-8) of a Declaration tree in our namespaces; the tree is not changed.

    Raises ValueError for an element of another namespace: only what the schema let through has a canonical form.
    """
    return _written_by_libxml2(tree) or written(tree)


def written(tree: etree._Element) -> bytes:
    """Return the canonical bytes of a tree whatever its prefixes, written element by element."""
    out: list[str] = []
    _write(tree, out, _DECLARED.decode())
    return "".join(out).encode()


def _written_by_libxml2(tree: etree._Element) -> bytes | None:
    """Return the canonical bytes the fast way, or None where a prefix, a hint or a comment needs the other one.

    In C14N a raw ``<`` stands only at a tag, so blanks before one are between elements or end a value. Blanks after
    ``>`` may lie inside an attribute: those are left to the other way too.
    """
    if tree.tag != ROOT or tree.nsmap not in _PLAIN:
        return None
    whole: bytes = etree.tostring(tree, method="c14n", with_comments=False, with_tail=False)
    data = b"<".join(map(bytes.rstrip, whole.split(b"<")))
    if data.count(b"xmlns") != len(tree.nsmap) or any(mark in data for mark in _DOUBTFUL):
        return None
    if len(tree.nsmap) == 1:
        data = data.replace(b">", f' xmlns:ak="{EXTENSION}">'.encode(), 1)
    return data


def digest(data: bytes) -> str:
    """Return the SHA-256 of canonical bytes, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _write(element: etree._Element, out: list[str], declared: str) -> None:
    tag = str(element.tag)
    if tag.startswith(_OWN):
        name = tag[len(_OWN) :]
    elif tag.startswith(_EXTRA):
        name = "ak:" + tag[len(_EXTRA) :]
    else:
        raise ValueError(f"no canonical form for an element of another namespace: {tag[:200]}")
    out.append(f"<{name}{declared}{_attributes(element) if element.attrib else ''}>")
    if len(element):
        for child in element:
            if isinstance(child.tag, str):
                _write(child, out, "")
    elif element.text:
        text = element.text.strip(_SPACE)
        out.append(_IN_TEXT.sub(lambda found: _TEXT[found[0]], text) if _IN_TEXT.search(text) else text)
    out.append(f"</{name}>")


def _attributes(element: etree._Element) -> str:
    """Return the attributes in canonical order; those of a foreign namespace (``xsi``) are hints, not data."""
    plain = sorted((str(name), str(value)) for name, value in element.attrib.items() if str(name)[0] != "{")
    return "".join(f' {name}="{_IN_VALUE.sub(lambda found: _VALUE[found[0]], value)}"' for name, value in plain)
