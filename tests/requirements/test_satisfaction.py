"""When a document satisfies a code, and what is said when it does not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.requirements import wording
from app.requirements.compiling import CompiledEdition
from app.requirements.facts import DocumentFacts
from app.requirements.matching import match
from app.requirements.outcome import Missing
from tests.requirements.facts_made import CUSTOMS_PAPERS, DAY, goods, package, shown

YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)
PERMITS = ("01202", "01201", "L-ESTN")


def missing(
    edition: CompiledEdition, *documents: DocumentFacts, header: tuple[DocumentFacts, ...] = ()
) -> list[Missing]:
    item = goods(edition, 1, "0201300000", "UA", documents=documents)
    return list(match(edition, package(item, documents=(*CUSTOMS_PAPERS, *header))).missing)


def test_everything_shown_leaves_nothing_missing(edition: CompiledEdition) -> None:
    assert missing(edition, *(shown(code) for code in PERMITS)) == []


def test_a_permit_removed_is_missing_with_act_issuer_way_and_lead_time(edition: CompiledEdition) -> None:
    (entry,) = missing(edition, shown("01201"), shown("L-ESTN"))
    assert (entry.measure, entry.ways, entry.items, entry.problem) == ("VET-007", (("01202",),), (1,), "absent")
    assert entry.documents[0].issuer == "BY-DVPN"
    assert "dvpn.gov.by" in wording.obtaining(entry)["en"]
    assert str(entry.lead_hours) in wording.obtaining(entry)["be"]
    message = wording.missing(entry, edition)
    assert "Дазвол на ўвоз падкантрольных тавараў (01202)" in message["be"]
    assert "Veterinary import permit (01202)" in message["en"]
    assert "VET-007" in message["en"]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (shown("01202", expires_on=YESTERDAY), "expired"),
        (shown("01202", issued_on=TOMORROW), "early"),
        (shown("01202", number=" "), "no_number"),
        (DocumentFacts("01202", number="1"), "not_shown"),
    ],
    ids=["expired", "early", "no number", "number only"],
)
def test_a_document_that_does_not_do_says_what_is_wrong(
    edition: CompiledEdition, document: DocumentFacts, problem: str
) -> None:
    (entry,) = missing(edition, document, shown("01201"), shown("L-ESTN"))
    assert entry.problem == problem
    assert all(wording.missing(entry, edition).values())


def test_a_permit_is_good_on_its_first_and_last_day(edition: CompiledEdition) -> None:
    permit = shown("01202", issued_on=DAY, expires_on=DAY)
    assert missing(edition, permit, shown("01201"), shown("L-ESTN")) == []


def test_a_number_found_in_a_registry_needs_no_file(edition: CompiledEdition) -> None:
    permit = DocumentFacts("01202", number="BY-1", registered=True)
    assert missing(edition, permit, shown("01201"), shown("L-ESTN")) == []


def test_a_number_alone_is_enough_for_customs_papers_never_for_permits(edition: CompiledEdition) -> None:
    types = edition.document_types
    assert all(types[code].number_suffices for code in ("03011", "04021", "02015", "02013", "10060", "09013"))
    permits = [code for code, row in types.items() if row.category == "Permits and prohibitions"]
    assert not any(types[code].number_suffices for code in permits)


def test_a_permit_on_the_header_is_misplaced_an_invoice_there_is_not(edition: CompiledEdition) -> None:
    (entry,) = missing(edition, shown("01201"), shown("L-ESTN"), header=(shown("01202"),))
    assert entry.problem == "misplaced"


def test_the_best_of_several_documents_counts(edition: CompiledEdition) -> None:
    documents = (shown("01202", expires_on=YESTERDAY), shown("01202"), shown("01201"), shown("L-ESTN"))
    assert missing(edition, *documents) == []


def test_alternatives_say_one_of(edition: CompiledEdition) -> None:
    item = goods(edition, 1, "8712003000")
    (entry,) = match(edition, package(item, documents=CUSTOMS_PAPERS[:3])).missing
    assert entry.ways[0] == ("02015",)
    assert len(entry.ways) == 6
    assert wording.documents(entry.ways, edition)["en"].startswith("one of: CMR consignment note (02015);")


def test_a_document_two_measures_want_is_missing_once(edition: CompiledEdition) -> None:
    item = goods(edition, 1, "8712003000")
    (entry,) = match(edition, package(item, documents=CUSTOMS_PAPERS[1:])).missing
    assert (entry.measure, entry.also, entry.ways) == ("CUS-001", ("CUS-004",), (("10060",),))


def test_what_may_be_asked_never_blocks(edition: CompiledEdition) -> None:
    item = goods(edition, 1, "0712200000", "UA")
    outcome = match(edition, package(item))
    lane = outcome.lane("BY-GGISKZR")
    assert outcome.missing == ()
    assert lane is not None
    assert lane.measures[0].may_be_asked == ("09029",)


def test_a_recalled_measure_is_never_presented_as_law(edition: CompiledEdition) -> None:
    (entry, *_) = missing(edition, shown("01201"), shown("L-ESTN"))
    recalled = wording.missing(replace(entry, confidence="recalled"), edition)
    assert recalled["en"].endswith("This measure has not been checked against the act.")
    assert date(2026, 11, 22) == DAY
