"""The package as one value: a frozen, typed read-view of its canonical XML.

Nothing here raises: what is missing or cannot be read is None or ``""``, and the schema or a rule says so. Every value
carries ``path``, the XPath of its element in the tree it was read from, so that a rule can point at it. Names follow
the WCO Data Model (domain.md section 2 and 9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

IMPORT, EXPORT, TRANSIT = "import", "export", "transit"

MOST_ITEMS = 999
"""Goods items of one package: the cardinality of class 68A in the WCO Data Model."""

GOODS_CODE, BASEL, NATIONAL_WASTE, CAS, ASHRAE = "HS", "BAS", "NWC", "CAS", "ASH"
"""Classification/IdentificationTypeCode of our own packages: which list the code is from."""

OPERATION = "DRO"
"""AdditionalInformation/StatementTypeCode of a waste operation; its StatementDescription is a D or R code (R3)."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured amount; ``unit`` is a Recommendation 20 code, ``""`` where none was given."""

    value: Decimal
    unit: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """A sum; ``currency`` is an ISO 4217 code, ``""`` where none was given."""

    value: Decimal
    currency: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody named in the package. ``id`` is a Belarusian party's UNP; ``role`` the WCO class in lower case."""

    role: str
    id: str
    name: str
    address_line: str
    city: str
    country: str
    postcode: str
    path: str


@dataclass(frozen=True, slots=True)
class SupportingDocument:
    """A permit, certificate or paper (AdditionalDocument). ``item`` is the goods item's place, None at the header.

    ``category`` and ``type`` are as declared: the requirements room knows that N + 851 is 01207.
    """

    category: str
    type: str
    number: str
    name: str
    issued_on: date | None
    effective_on: date | None
    expires_on: date | None
    exemption: str
    writeoff: Quantity | None
    file_name: str
    file_sha256: str
    media_type: str
    path: str
    item: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a requirement question (AdditionalInformation of type REQ); ``value`` is Y, N or a chosen word."""

    code: str
    value: str
    path: str


@dataclass(frozen=True, slots=True)
class Note:
    """Any other AdditionalInformation: a statement that is not an answer."""

    code: str
    type: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Packing:
    """One Packaging: kind of package (Recommendation 21), how many, marks and numbers."""

    type: str
    count: int | None
    marks: str
    path: str


@dataclass(frozen=True, slots=True)
class Classification:
    """One code the goods are known by: ``type`` names the list (HS, TSP, BAS, CAS ...), ``name`` a scientific name."""

    type: str
    id: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Transport:
    """A means of transport: mode (Recommendation 19), identification, nationality (ISO 3166-1 alpha-2)."""

    mode: str
    id: str
    nationality: str
    path: str


@dataclass(frozen=True, slots=True)
class EarlierDocument:
    """A PreviousDocument: what these goods travelled under before."""

    category: str
    type: str
    number: str
    line: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Container:
    """A TransportEquipment with the seals on it."""

    id: str
    seals: tuple[str, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Oddity:
    """A value the schema lets through and nothing can be: ``kind`` is day (30 February) or negative (-400 packages)."""

    kind: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Line:
    """One goods item (GovernmentAgencyGoodsItem).

    ``number`` is its place in the package, from 1; ``sequence`` what it says of itself, which a rule compares.
    ``code`` is the goods code, digits only.
    """

    number: int
    sequence: int | None
    description: str
    code: str
    code_path: str
    classifications: tuple[Classification, ...]
    scientific_name: str
    origin: str
    origin_region: str
    export_country: str
    destination: str
    procedure: str
    previous_procedure: str
    additional_procedures: tuple[str, ...]
    gross: Quantity | None
    net: Quantity | None
    supplementary: Quantity | None
    price: Money | None
    statistical: Money | None
    packings: tuple[Packing, ...]
    documents: tuple[SupportingDocument, ...]
    answers: tuple[Answer, ...]
    notes: tuple[Note, ...]
    previous_documents: tuple[EarlierDocument, ...]
    undg: tuple[str, ...]
    duty_regime: str
    quota: str
    containers: tuple[Container, ...]
    path: str

    def codes(self, listing: str) -> tuple[str, ...]:
        """Return the codes of one list the goods are known by, such as BASEL or CAS."""
        return tuple(one.id for one in self.classifications if one.type == listing and one.id)

    @property
    def waste_operation(self) -> str:
        """The D or R code of what will happen to waste, ``""`` where none is declared."""
        return next((note.text for note in self.notes if note.type == OPERATION), "")


@dataclass(frozen=True, slots=True)
class Package:
    """The whole package. ``direction`` is import, export, transit, or ``""`` where the type code says none of these."""

    lrn: str
    type_code: str
    direction: str
    function_code: str
    office: str
    item_count: int | None
    invoice: Money | None
    gross: Quantity | None
    package_count: int | None
    declarant: Party | None
    agent: Party | None
    submitter: Party | None
    importer: Party | None
    exporter: Party | None
    consignee: Party | None
    consignor: Party | None
    border_transport: Transport | None
    arrival_transport: Transport | None
    departure_transport: Transport | None
    containers: tuple[Container, ...]
    seals: tuple[str, ...]
    destination: str
    export_country: str
    terms: str
    terms_place: str
    goods_location: str
    exit_office: str
    ucr: str
    documents: tuple[SupportingDocument, ...]
    answers: tuple[Answer, ...]
    notes: tuple[Note, ...]
    previous_documents: tuple[EarlierDocument, ...]
    guarantees: tuple[str, ...]
    warehouse: str
    lines: tuple[Line, ...]
    oddities: tuple[Oddity, ...] = ()
    path: str = "/Declaration"

    @property
    def parties(self) -> tuple[Party, ...]:
        """Every party named at the header, in the order of the Data Model."""
        named = (
            self.submitter, self.agent, self.declarant, self.exporter, self.consignee, self.consignor, self.importer,
        )  # fmt: skip
        return tuple(party for party in named if party is not None)

    @property
    def owner_party(self) -> Party | None:
        """Whose package it is (domain.md section 1): importer, exporter or, in transit, declarant; None where not named."""
        return {IMPORT: self.importer, EXPORT: self.exporter, TRANSIT: self.declarant}.get(self.direction)

    @property
    def owner(self) -> str:
        """The UNP of the package's owner, ``""`` where not named."""
        return self.owner_party.id if self.owner_party is not None else ""

    @property
    def all_documents(self) -> tuple[SupportingDocument, ...]:
        """Documents of the header, then of each goods item."""
        return self.documents + tuple(document for line in self.lines for document in line.documents)
