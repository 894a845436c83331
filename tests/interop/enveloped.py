"""A package of ours as another country's software would send it: in the published namespaces, in its envelope."""

from __future__ import annotations

from lxml import etree

from app.declarations.schema import NAMESPACE

DEC, ENVELOPE = "urn:wco:datamodel:WCO:DEC-DMS:2", "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
HINTS = "http://www.w3.org/2001/XMLSchema-instance"


def enveloped(xml: bytes, *, more: str = "") -> bytes:
    """Wrap a package; ``more`` is put before the BorderTransportMeans, for leaves that our own form has no box for."""
    text = etree.tostring(etree.fromstring(xml), encoding="unicode").replace(NAMESPACE, DEC)
    text = text.replace("<BorderTransportMeans>", f"{more}<BorderTransportMeans>", 1)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<md:MetaData xmlns:md="{ENVELOPE}" xmlns:xsi="{HINTS}" '
        f'xsi:schemaLocation="{ENVELOPE} somewhere.xsd"><md:WCODataModelVersionCode>3.6</md:WCODataModelVersionCode>'
        f"<md:WCOTypeName>DEC</md:WCOTypeName>{text}</md:MetaData>"
    ).encode()
