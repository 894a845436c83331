"""Masking: what a reader who needs only a part of a package sees of it. Pure: trees and values in, trees and values out.

Every leaf of the schema belongs to one group of data elements; what no group names is ``rest``, which nobody sees by right. A
group that is not granted is masked: a guard that cannot tell holds. Masking happens on the tree, before a page reads it, so
that a page which forgets to say "hidden" shows the mark of a hidden value and never the value.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import lazy_gettext as _l
from lxml import etree

from app.declarations.comparing import ITEM
from app.declarations.pointers import pointer, steps
from app.declarations.structure import Node, local_name, root
from app.markup import HIDDEN

REFERENCE, GOODS, PARTIES, ADDRESSES, CONTACTS = "reference", "goods", "parties", "addresses", "contacts"
VALUES, TRANSPORT, STATEMENTS, PREVIOUS, DOCUMENTS = "values", "transport", "statements", "previous", "documents"
ITEMS, REST = "items", "rest"

GROUPS: Mapping[str, Any] = {
    PARTIES: _l("Names and numbers of the parties"),
    ADDRESSES: _l("Addresses of the parties"),
    CONTACTS: _l("People to contact: names, telephones, e-mail"),
    VALUES: _l("Prices, values, terms of sale, payments and guarantees"),
    TRANSPORT: _l("Means of transport, containers, seals, route"),
    PREVIOUS: _l("Previous documents and references of the trader"),
    DOCUMENTS: _l("Documents that other agencies need"),
    STATEMENTS: _l("Statements and answers"),
    ITEMS: _l("Goods items that other agencies judge"),
    GOODS: _l("The goods themselves"),
    REST: _l("Everything else in the package"),
}
"""What can be hidden, in the officers' words. The reference of the package itself (number, direction, office, counts) never is."""

_CONTACT = {"Contact", "Communication", "Authentication", "Authenticator"}
_PARTY = {
    "Submitter", "Agent", "Declarant", "Exporter", "Importer", "Consignee", "Consignor", "Buyer", "Seller", "Payer",
    "AuthorisationHolder", "AEOMutualRecognitionParty", "DomesticDutyTaxParty", "Manufacturer",
}  # fmt: skip
_VALUE = {
    "InvoiceAmount", "CurrencyExchange", "CustomsValuation", "ValuationAdjustment", "TradeTerms", "DutyTaxFee", "InvoiceLine",
    "Invoice", "ObligationGuarantee", "Surety", "Freight", "CustomsValueAmount", "StatisticalValueAmount", "Payment",
    "TransactionNatureCode", "ChargeDeduction",
}  # fmt: skip
_TRANSPORT = {
    "BorderTransportMeans", "ArrivalTransportMeans", "DepartureTransportMeans", "TransportEquipment", "Seal", "Itinerary",
    "Carrier", "GoodsLocation", "LoadingLocation", "UnloadingLocation", "Warehouse", "ExitOffice", "ContainerCode",
    "ExitDateTime",
}  # fmt: skip
_GOODS = {
    "Commodity", "Packaging", "GoodsMeasure", "Origin", "Destination", "ExportCountry", "GovernmentProcedure",
}  # fmt: skip
_REFERENCE = {
    "AcceptanceDateTime", "FunctionCode", "FunctionalReferenceID", "ID", "IssueDateTime", "IssueLocationID", "TypeCode",
    "GoodsItemQuantity", "DeclarationOfficeID", "LoadingListQuantity", "TotalGrossMassMeasure", "TotalPackageQuantity",
    "SpecificCircumstancesCodeCode", "PresentationOffice", "SupervisingOffice", "Amendment",
}  # fmt: skip
_TABLE: tuple[tuple[set[str], str], ...] = (
    (_CONTACT, CONTACTS),
    (_VALUE, VALUES),
    ({"PreviousDocument", "UCR"}, PREVIOUS),
    ({"AdditionalInformation"}, STATEMENTS),
    (_TRANSPORT, TRANSPORT),
    (_PARTY, PARTIES),
    (_GOODS, GOODS),
)
"""In this order: a person to contact at the carrier is a contact before it is transport."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader sees of one package.

    ``groups``: granted groups; ``items``: the goods items judged, None for all; ``documents``: codes of documents seen, ``*`` for all;
    ``pointers``: places that a measure of the case has read; ``whole``: everything, for customs, the auditor and the trader.
    """

    groups: frozenset[str] = frozenset()
    items: frozenset[int] | None = frozenset()
    documents: frozenset[str] = frozenset()
    pointers: frozenset[str] = frozenset()
    whole: bool = False
    opened: Mapping[str, Any] = field(default_factory=dict)

    def sees(self, group: str) -> bool:
        """Whether a group is seen."""
        if self.whole or group == REFERENCE:
            return True
        if group == ITEMS:
            return self.items is None
        return group in self.groups if group != DOCUMENTS else "*" in self.documents

    def sees_document(self, code: str) -> bool:
        """Whether a document of this code (ours) is seen with its number, dates and file."""
        return self.whole or "*" in self.documents or (bool(code) and code in self.documents)

    def sees_paper(self, code: str, item: int | None) -> bool:
        """Whether a document is seen where it stands: of a kind that is needed, on goods that are judged."""
        return self.sees_document(code) and (item is None or self.sees_item(item))

    def sees_item(self, number: int) -> bool:
        """Whether a goods item is one that the reader judges."""
        return self.whole or self.items is None or number in self.items

    def adding(self, groups: Mapping[str, Any]) -> Sight:
        """Return the sight of a reader to whom these groups (each with until when) have been shown for a reason."""
        return replace(
            self,
            groups=self.groups | set(groups),
            items=None if ITEMS in groups else self.items,
            documents=self.documents | {"*"} if DOCUMENTS in groups else self.documents,
            opened={**self.opened, **groups},
        )

    def _sees_leaf(self, path: str, code: str | None) -> bool:
        number = item_of(path)
        group = group_of(path)
        if number is not None and not self.sees_item(number):
            # That there is such an item, and its number, is no secret.
            return _is_reference([name for name, _index in steps(path)])
        if group == DOCUMENTS:
            return self.sees_document(code or "") or path.rpartition("/")[2] in ("CategoryCode", "TypeCode")
        return self.sees(group) or (bool(self.pointers) and pointer(path) in self.pointers)


WHOLE = Sight(whole=True)
NOTHING = Sight()


def group_of(path: str) -> str:
    """Return the group of the leaf at an XPath."""
    names = [name for name, _index in steps(path)]
    inside = set(names)
    if "AdditionalDocument" in inside:
        return DOCUMENTS
    if "Address" in inside and not inside & _CONTACT:
        return PARTIES if names[-1] == "CountryCode" else ADDRESSES
    for held, group in _TABLE:
        if inside & held:
            return group
    return REFERENCE if _is_reference(names) else REST


def _is_reference(names: list[str]) -> bool:
    """A plain value of the header, or the number of a goods item."""
    if names[-1] == "SequenceNumeric" and names[-2:-1] == [ITEM]:
        return True
    return len(names) > 1 and names[1] in _REFERENCE


def item_of(path: str) -> int | None:
    """Return the goods item a path leads into, None for the package as a whole."""
    return next((index or 1 for name, index in steps(path) if name == ITEM), None)


Coding = Callable[[str, str], str]
"""From category and type of a document, as declared, to our code (``CompiledEdition.document_code``)."""


def mask(tree: etree._Element, sight: Sight, coding: Coding) -> etree._Element:
    """Return the tree as somebody with this sight may read it: a copy in which hidden leaves hold the mark of a hidden value
    and lose unit and currency. A whole sight gets the tree itself."""
    return veil(tree, sight, coding)[0]


def veil(tree: etree._Element, sight: Sight, coding: Coding) -> tuple[etree._Element, list[str]]:
    """As ``mask``; and the groups of which this package has something that is hidden, in the order of ``GROUPS``."""
    if sight.whole:
        return tree, []
    masked, groups = copy.deepcopy(tree), set()
    for leaf, path in list(_hidden_leaves(masked, sight, coding)):
        number = item_of(path)
        groups.add(group_of(path) if number is None or sight.sees_item(number) else ITEMS)
        holder = leaf[0] if len(leaf) else leaf
        holder.text = HIDDEN
        for name in list(holder.attrib):
            del holder.attrib[name]
    return masked, [group for group in GROUPS if group in groups]


def hidden_paths(tree: etree._Element, sight: Sight, coding: Coding) -> frozenset[str]:
    """Return the XPaths of the leaves that are hidden from somebody with this sight, as ``bare`` writes them."""
    return frozenset() if sight.whole else frozenset(bare(path) for _leaf, path in _hidden_leaves(tree, sight, coding))


def bare(path: str) -> str:
    """Return a path without first indexes: with or without, it means the same place."""
    return path.replace("[1]", "")


def _hidden_leaves(tree: etree._Element, sight: Sight, coding: Coding) -> Iterator[tuple[etree._Element, str]]:
    for leaf, path, code in _leaves(tree, f"/{local_name(tree)}", root(), coding, None):
        if not sight._sees_leaf(path, code):
            yield leaf, path


def _leaves(
    element: etree._Element, path: str, node: Node | None, coding: Coding, code: str | None
) -> Iterator[tuple[etree._Element, str, str | None]]:
    """Yield each leaf with its path and, within a document, the document's code."""
    if len(element) == 0 or (node is not None and node.is_date):
        yield element, path, code
        return
    if local_name(element) == "AdditionalDocument":
        said = {local_name(child): (child.text or "").strip() for child in element}
        code = coding(said.get("CategoryCode", ""), said.get("TypeCode", ""))
    seen: dict[str, int] = {}
    for child in element:
        name = local_name(child)
        seen[name] = seen.get(name, 0) + 1
        below = node.children.get(name) if node is not None else None
        index = f"[{seen[name]}]" if below is None or below.repeatable else ""
        yield from _leaves(child, f"{path}/{name}{index}", below, coding, code)
