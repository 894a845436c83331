"""From bytes to a tree, pure: the container off, our own namespace or a WCO message in its envelope, the schema's faults.

Filing, checking and the offline checker open what they are given by this one function.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from app.declarations import wco
from app.errors import Fault
from app.intake.container import is_zip, unpack


@dataclass(frozen=True, slots=True)
class Opened:
    """What was found in the bytes: the tree (None where nothing is readable), files of the ZIP, faults, how many more.

    ``xml`` is the declaration as received, empty where the container could not be opened.
    """

    tree: etree._Element | None
    files: dict[str, bytes] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    more: int = 0
    xml: bytes = b""


def open_bytes(body: bytes) -> Opened:
    """Take the container off, read the XML, check it against the schema. Never raises for what the bytes contain."""
    files: dict[str, bytes] = {}
    xml = body
    if is_zip(body):
        container, faults = unpack(body)
        if container is None:
            return Opened(None, {}, tuple(faults))
        xml, files = container.declaration, container.attachments
    parsed = wco.read(xml)
    return Opened(parsed.tree, files, parsed.faults, parsed.more, xml)
