"""WCO DEC messages as others send them: the envelope off, the namespace ours, the lines as received.

A MetaData envelope with a Declaration of ``urn:wco:datamodel:WCO:DEC*`` in it, or such a Declaration alone, becomes a
Declaration of our namespace and then goes through the very same parser and schema as our own packages
(../shared/interop/WCO.md section 1).
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from app.declarations.parsing import MAX_BYTES, Parsed, parse, plain, wrong_root
from app.declarations.schema import NAMESPACE, ROOT
from app.declarations.structure import local_name

ENVELOPE = "urn:wco:datamodel:WCO:DocumentMetaData"
DECLARATION = "urn:wco:datamodel:WCO:DEC"
DATA_TYPES = ("urn:wco:datamodel:WCO:Declaration_DS", "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:")
"""Beginnings of namespaces: of the envelope, of the declaration, and of the types DateTimeString comes from."""

_BREAKS = {"\r": "&#13;"}


def read(data: bytes, *, limit: int = MAX_BYTES) -> Parsed:
    """Read and check a package in our own namespace or as a WCO DEC message: the one door for XML of any origin.

    The tree is always in our namespace; lines in faults and ``sourceline`` are those of the file as received.
    """
    if NAMESPACE.encode() in data[:65536]:
        found = parse(data, limit=limit)
        if found.tree is not None or found.faults[0].code != "XML-ROOT":
            return found
    seen = plain(data, limit=limit)
    if seen.tree is None or seen.tree.tag == ROOT:
        return seen if seen.tree is None else parse(data, limit=limit)
    declaration = find_declaration(seen.tree)
    if declaration is None:
        return Parsed(None, (wrong_root(seen.tree),))
    return parse(rewritten(declaration), limit=4 * limit)


def find_declaration(tree: etree._Element) -> etree._Element | None:
    """Return the WCO Declaration of a message, alone or in its envelope; None where there is not exactly one."""
    if _is_declaration(tree):
        return tree
    if local_name(tree) != "MetaData" or not _space(tree).startswith(ENVELOPE):
        return None
    found = [child for child in tree if _is_declaration(child)]
    return found[0] if len(found) == 1 and found[0] is tree[-1] else None


def _is_declaration(element: etree._Element) -> bool:
    return local_name(element) == "Declaration" and _space(element).startswith(DECLARATION)


def _space(element: etree._Element) -> str:
    return str(element.tag)[1:].partition("}")[0] if str(element.tag).startswith("{") else ""


def rewritten(declaration: etree._Element) -> bytes:
    """Return the Declaration as XML in our namespace, every element on the line it had in the file it came from.

    Hints (``xsi``) go; an element of an unknown namespace keeps it, so that the schema can refuse it by name.
    """
    out: list[str] = []
    _write(declaration, out, 1, "", _space(declaration))
    return "".join(out).encode()


def _write(element: etree._Element, out: list[str], line: int, around: str, foreign: str) -> int:
    """Append an element, breaking lines until its own is reached; return the line reached after it."""
    wanted = element.sourceline or line
    if wanted > line:
        out.append("\n" * (wanted - line))
        line = wanted
    name, space = local_name(element), _space(element)
    if space == foreign or (name == "DateTimeString" and space.startswith(DATA_TYPES)):
        space = NAMESPACE
    declared = f" xmlns={quoteattr(space)}" if space != around else ""
    out.append(f"<{name}{declared}{_attributes(element)}>")
    line = _text(element.text, out, line)
    for child in element:
        line = _write(child, out, line, space, foreign)
        line = _text(child.tail, out, line)
    out.append(f"</{name}>")
    return line


def _text(text: str | None, out: list[str], line: int) -> int:
    """Append text; blanks between elements go, for the lines are restored at each element."""
    if not text or not text.strip():
        return line
    out.append(escape(text, _BREAKS))
    return line + text.count("\n")


def _attributes(element: etree._Element) -> str:
    plain_ones = ((str(name), str(value)) for name, value in element.attrib.items() if str(name)[0] != "{")
    return "".join(f" {name}={quoteattr(value)}" for name, value in plain_ones)
