"""From bytes to a checked tree, or to faults that say what is wrong and where in the file as received.

Hardened as measured (trust.md section 0): one fresh parser per document, never ``XMLSchema.validate`` on what others
sent; comments and processing instructions dropped; nothing fetched; a DTD refused after parsing; the root pinned; caps
on size, attributes and namespaces. Only UTF-8 is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from app import markup
from app.declarations import schema_faults
from app.declarations.parsing_texts import fault, root_fault
from app.declarations.schema import DECLARATION, ROOT, SchemaSet, schema_set
from app.declarations.structure import local_name
from app.errors import Fault

MAX_BYTES = 5 * 1024 * 1024
"""Bytes of one XML file (trust.md finding 8)."""

MAX_ATTRIBUTES = 200
MAX_NAMESPACES = 64
"""Attributes of one element, and different namespace declarations of one file (trust.md X12)."""

MAX_TAGS = 500_000
MAX_TEXT = 4096
LOOKED_AT_FIRST = 64 * 1024
"""Tags of one file; characters of one value; and the size in bytes from which values are measured before the schema
looks at them: libxml2 gathers the pieces of a long value in a time that grows with their square (measured: 4.5 MB of
``&amp;`` 3 s, of Cyrillic more). The longest value the schema allows has 512 characters."""

MAX_FAULTS = 100
_COMPRESSED = (b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"<\x00", b"\x00<")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")
_NAMESPACES = re.compile(rb"""xmlns(?::[^\s=]*)?\s*=\s*["'][^"']*""")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What parsing found: the tree (None where nothing could be read) and all faults.

    A tree may come with faults: it is well-formed and has the right root, so rules may look at it too. ``more`` counts
    the faults beyond those listed.
    """

    tree: etree._Element | None
    faults: tuple[Fault, ...] = ()
    more: int = 0

    @property
    def ok(self) -> bool:
        """Whether the file follows the schema."""
        return self.tree is not None and not self.faults


def parse(data: bytes, *, schema: str = DECLARATION, limit: int = MAX_BYTES) -> Parsed:
    """Read and check one package in our own namespace. Never raises for what the bytes contain.

    ``limit`` is the size cap in bytes. Faults carry codes XML-* (the file) and SCHEMA-* (its content).
    """
    refused = outer_fault(data, limit)
    if refused is not None:
        return Parsed(None, (refused,))
    known = schema_set(schema)
    first = plain(data, limit=limit) if len(data) > LOOKED_AT_FIRST else None
    if first is not None and first.tree is None:
        return first
    try:
        tree = etree.fromstring(data, hardened(known))
    except (etree.LxmlError, ValueError):
        return _with_faults(data, known, first or plain(data, limit=limit))
    found = _tree_fault(tree)
    return Parsed(None, (found,)) if found is not None else Parsed(tree)


def plain(data: bytes, *, limit: int = MAX_BYTES) -> Parsed:
    """Read any XML file with the same hardening but against no schema and with any root."""
    refused = outer_fault(data, limit)
    if refused is not None:
        return Parsed(None, (refused,))
    try:
        tree = etree.fromstring(data, hardened())
    except (etree.LxmlError, ValueError) as error:
        return Parsed(None, (_reading_fault(data, error),))
    found = _safety_fault(tree)
    return Parsed(None, (found,)) if found is not None else Parsed(tree)


def hardened(known: SchemaSet | None = None, target: object = None) -> etree.XMLParser:
    """Return a fresh parser of ``markup``: no entities, no network, no DTD, no comments, libxml2's own limits on."""
    return markup.parser(known.compiled if known is not None else None, target)


def outer_fault(data: bytes, limit: int = MAX_BYTES) -> Fault | None:
    """Judge the bytes before any parser sees them: empty, too large, compressed, not UTF-8, not XML."""
    if not data or not data.strip():
        return fault("XML-EMPTY")
    if len(data) > limit:
        return fault("XML-TOO-LARGE", size=_megabytes(len(data)), limit=_megabytes(limit))
    if data.startswith(_COMPRESSED):
        return fault("XML-COMPRESSED")
    return _encoding_fault(data) or _beginning_fault(data)


def _beginning_fault(data: bytes) -> Fault | None:
    if not data.removeprefix(_BOM).lstrip().startswith(b"<"):
        return fault("XML-NOT-XML", line=1)
    if data.count(b"<") > MAX_TAGS:
        return _limit("занадта шмат элементаў", "слишком много элементов", "too many elements")
    if data.count(b"xmlns") > MAX_NAMESPACES and len(set(_NAMESPACES.findall(data))) > MAX_NAMESPACES:
        return _limit("больш за 64 прасторы імёнаў", "больше 64 пространств имён", "more than 64 namespaces")
    return None


def _encoding_fault(data: bytes) -> Fault | None:
    if data.startswith(_WIDE):
        return fault("XML-ENCODING", found="UTF-16/UTF-32", line=1)
    declared = _DECLARED.match(data.removeprefix(_BOM))
    if declared and declared[1].upper() not in (b"UTF-8", b"UTF8", b"US-ASCII", b"ASCII"):
        return fault("XML-ENCODING", found=declared[1].decode("ascii"), line=1)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return fault("XML-ENCODING", found=f"0x{data[error.start]:02X}, {line}", line=line)
    return None


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0")


def _limit(be: str, ru: str, en: str, line: int | None = None) -> Fault:
    """Return XML-LIMIT with what was too much in each language."""
    made = fault("XML-LIMIT", line=line, what="{what}")
    said = {name: made.message[name].replace("{what}", what) for name, what in (("be", be), ("ru", ru), ("en", en))}
    return Fault("XML-LIMIT", said, made.remedy, line=line, kind="schema")


def _reading_fault(data: bytes, error: Exception) -> Fault:
    """Say why a file cannot be read at all, from the parser's error, never in its words."""
    line = getattr(error, "lineno", None) or 1
    words = str(error)
    if b"<!DOCTYPE" in data:
        return fault("XML-DTD", line=data.count(b"\n", 0, data.index(b"<!DOCTYPE")) + 1)
    if "depth" in words or "huge" in words.lower() or "too long" in words:
        return _limit(
            "занадта глыбокая ўкладзенасць або занадта доўгі тэкст",
            "слишком глубокая вложенность или слишком длинный текст",
            "nesting too deep or a text too long",
            line,
        )
    return fault("XML-NOT-WELL-FORMED", line=line)


def _safety_fault(tree: etree._Element) -> Fault | None:
    """Refuse a DTD (also one hidden by an encoding), a flood of attributes in an element, a text without end."""
    if tree.getroottree().docinfo.internalDTD is not None:
        return fault("XML-DTD", line=1)
    for element in tree.iter(etree.Element):
        if len(element.attrib) > MAX_ATTRIBUTES:
            words = ("больш за 200 атрыбутаў элемента", "больше 200 атрибутов элемента", "more than 200 attributes")
            return _limit(*words, element.sourceline)
        if _endless(element.text) or _endless(element.tail):
            words = (
                "тэкст, даўжэйшы за 4096 знакаў",
                "текст длиннее 4096 знаков",
                "a text of more than 4096 characters",
            )
            return _limit(*words, element.sourceline)
    return None


def _endless(text: str | None) -> bool:
    """Whether a text is longer than any value; blanks, as left by a long comment, may be four times as long."""
    if text is None or len(text) <= MAX_TEXT:
        return False
    return len(text) > 4 * MAX_TEXT or bool(text.strip())


def _tree_fault(tree: etree._Element) -> Fault | None:
    """Judge a tree the schema let through: it has no floods of attributes, so DTD and root remain."""
    if tree.getroottree().docinfo.internalDTD is not None:
        return fault("XML-DTD", line=1)
    return _root_fault(tree)


def _root_fault(tree: etree._Element) -> Fault | None:
    if tree.tag == ROOT:
        return None
    return wrong_root(tree)


def wrong_root(tree: etree._Element) -> Fault:
    """Return XML-ROOT for a tree, looking up to three elements inwards to say what it is."""
    spaces: list[str] = []
    element: etree._Element | None = tree
    while element is not None and len(spaces) < 4:
        spaces.append(etree.QName(element).namespace or "")
        element = element[-1] if len(element) else None
    return root_fault(local_name(tree), tuple(spaces), tree.sourceline)


def _with_faults(data: bytes, known: SchemaSet, read: Parsed) -> Parsed:
    """Find out what is wrong with a file the schema parser did not accept: the slow road, only for faulty files."""
    if read.tree is None:
        return read
    wrong = _root_fault(read.tree)
    if wrong is not None:
        return Parsed(None, (wrong,))
    found, more = schema_faults.collect(data, known, read.tree, hardened, MAX_FAULTS)
    faults = list(found)
    if more:
        faults.append(fault("XML-TOO-MANY", shown=len(found), more=more))
    return Parsed(read.tree, tuple(faults), more)
