"""Privacy of need: an officer sees what her agency needs, has more of it shown with a reason, and everybody concerned is told."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from lxml import etree, html

from app import clock
from app.clearance import issuing
from app.database import Database, transaction
from app.declarations.models import Attachment, Declaration, Version
from app.reviews.models import Review
from app.reviews.seeing_models import Unmasking
from tests.factories.world import World
from tests.journeys.roads import approve, file_xml, open_case, packed, sign_all, state

PRICE = "04021"
"""The invoice: no agency but customs needs it."""
REASON = {"reason_code": "DOUBT", "reason": "The weight on the permit differs from the invoice."}


@pytest.fixture
def filed(world: World) -> str:
    """A package with goods of three agencies; the address at which its trader reads it. Everybody reads English here."""
    for who in (world.anna, world.olga, world.maria, world.fyodar, world.audit):
        who.get("/account?lang=en")
    return file_xml(world.anna, packed("beef_flowers_pet"))


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page).text_content())


def events(database: Database, name: str) -> list[dict]:
    with transaction(database, writing=False) as session:
        rows = session.execute(
            sa.text("SELECT payload FROM ledger_entries WHERE event = :e ORDER BY position"), {"e": name}
        )
        return [row[0] for row in rows]


def attachments(database: Database) -> dict[str, str]:
    """Attachment ids by the code of their document."""
    with transaction(database, writing=False) as session:
        return {one.type_code: str(one.id) for one in session.scalars(sa.select(Attachment))}


def values_in(world: World, where: str) -> dict[str, str]:
    """Values of the package that the vet does not need."""
    tree = html.fromstring(world.anna.browser.get(f"{where}/declaration.xml").data)
    found = {
        one.tag.rpartition("}")[2].rpartition(":")[2]: (one.text or "").strip()
        for one in tree.iter()
        if isinstance(one.tag, str)
    }
    return {name: found[name] for name in ("invoiceamount",) if name in found}


def test_s_idor_the_case_shows_what_the_agency_needs_and_hides_the_rest(world, database, filed):
    number = state(world.anna, filed)["number"]
    case = open_case(world.olga, number)
    page = world.olga.get(case).text
    amount = values_in(world, filed)["invoiceamount"]
    assert amount not in page
    assert "PET" not in text_of(page).split("All data")[0] or "hidden" in page
    assert "hidden: not needed by this agency" in text_of(page)
    hidden = html.fromstring(page).xpath("//*[@id='seeing']")[0].text_content()
    assert "Prices, values" in hidden
    customs = world.maria.get(open_case(world.maria, number)).text
    assert amount in customs
    assert "hidden: not needed" not in customs
    assert amount in world.audit.get(case).text


def test_a_document_of_another_need_is_listed_by_its_kind_and_not_opened(world, database, filed):
    case = open_case(world.olga, state(world.anna, filed)["number"])
    files = attachments(database)
    foreign = next(code for code in ("01207", "L-WANA", "L-BASK", PRICE) if code in files)
    own = next(code for code in ("01201", "01202") if code in files)
    assert world.olga.browser.get(f"{case}/files/{files[own]}").status_code == 200
    for tail in ("", "/view", "/pages/1.png"):
        answer = world.olga.browser.get(f"{case}/files/{files[foreign]}{tail}")
        assert answer.status_code in (403, 404), tail
    assert world.olga.browser.get(f"{case}/files/{files[foreign]}").status_code == 403
    assert files[foreign] not in world.olga.get(case).text
    assert files[foreign] not in world.olga.get(f"{case}/files/{files[own]}/view").text


def test_the_form_of_a_question_does_not_tell_either(world, filed):
    number = state(world.anna, filed)["number"]
    case = open_case(world.olga, number)
    amount = values_in(world, filed)["invoiceamount"]
    page = world.olga.get(f"{case}/ask?path=/Declaration/InvoiceAmount").text
    assert amount not in page
    assert "hidden" in page


def test_a_reason_shows_it_to_her_alone_and_stays_on_record(world, database, filed):
    number = state(world.anna, filed)["number"]
    case = open_case(world.olga, number)
    amount = values_in(world, filed)["invoiceamount"]
    world.olga.get(f"{case}/hidden?group=values")
    assert world.olga.page.status_code == 200
    assert 'value="values" checked' in world.olga.page.text
    answer = world.olga.post(f"{case}/hidden", groups=["values", "documents", "items"], **REASON)
    assert answer.status_code == 303
    page = world.olga.get(case).text
    assert amount in page
    assert "The weight on the permit differs" in page
    told = events(database, "declaration.unmasked")
    assert len(told) == 1
    payload = told[0] if isinstance(told[0], dict) else __import__("json").loads(told[0])
    assert payload["agency"] == "BY-DVPN"
    assert payload["fields"] == ["values", "documents", "items"]
    assert "weight" not in str(payload)
    files = attachments(database)
    foreign = next(code for code in ("01207", "L-WANA", "L-BASK") if code in files)
    assert world.olga.browser.get(f"{case}/files/{files[foreign]}").status_code == 200
    # A colleague of another agency sees no more than before, nor does she in another case.
    other = open_case(world.fyodar, number)
    assert amount not in world.fyodar.get(other).text


def test_a_reason_that_says_nothing_comes_back_whole(world, database, filed):
    case = open_case(world.olga, state(world.anna, filed)["number"])
    for wrong, field in (
        ({**REASON, "groups": []}, "groups"),
        ({**REASON, "groups": ["everything"]}, "groups"),
        ({**REASON, "groups": ["values"], "reason": "short"}, "reason"),
        ({**REASON, "groups": ["values"], "reason_code": "WHIM"}, "reason_code"),
    ):
        world.olga.get(f"{case}/hidden")
        answer = world.olga.post(f"{case}/hidden", **wrong)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert wrong["reason"] in answer.text
    assert events(database, "declaration.unmasked") == []


def test_it_ends_after_a_day_and_with_the_decision(world, database, filed):
    number = state(world.anna, filed)["number"]
    case = open_case(world.olga, number)
    amount = values_in(world, filed)["invoiceamount"]
    world.olga.get(f"{case}/hidden")
    assert world.olga.post(f"{case}/hidden", groups=["values"], **REASON).status_code == 303
    with transaction(database) as session:
        session.execute(sa.update(Unmasking).values(until=clock.now()))
    assert amount not in world.olga.get(case).text
    world.olga.get(f"{case}/hidden")
    assert world.olga.post(f"{case}/hidden", groups=["values"], **REASON).status_code == 303
    assert amount in world.olga.get(case).text
    approve(world.olga, number)
    assert amount not in world.olga.get(case).text
    assert world.olga.browser.get(f"{case}/hidden").status_code == 403


def test_who_may_not_have_it_shown(world, database, filed):
    case = open_case(world.olga, state(world.anna, filed)["number"])
    for who in (world.audit, world.anna, world.fyodar, world.admin):
        who.get("/account")
        assert who.browser.get(f"{case}/hidden").status_code in (403, 404), who.name
        assert who.post(f"{case}/hidden", groups=["values"], **REASON).status_code in (403, 404), who.name
    assert events(database, "declaration.unmasked") == []


def test_an_agency_that_the_table_does_not_name_sees_the_reference_alone(world, database, filed):
    """A guard that cannot work holds: a review of an agency without a row is masked but for what its measures read."""
    from app.reviews import seeing

    with transaction(database, writing=False) as session:
        review = session.scalars(
            sa.select(Review).where(Review.agency == "BY-DVPN").options(sa.orm.undefer(Review.lane))
        ).one()
        session.expunge(review)
    review.agency = "BY-OAC"
    sight = seeing.by_right(review)
    assert not sight.whole
    assert not sight.groups
    assert sight.pointers
    assert "01201" in sight.documents


def test_who_has_looked_is_told_to_the_trader_by_agency_and_to_the_auditor_by_name(world, database, filed):
    number = state(world.anna, filed)["number"]
    case = open_case(world.olga, number)
    files = attachments(database)
    own = next(code for code in ("01201", "01202") if code in files)
    world.olga.browser.get(f"{case}/files/{files[own]}/view")
    world.olga.get(f"{case}/hidden")
    world.olga.post(f"{case}/hidden", groups=["values"], **REASON)
    world.audit.get(filed)
    told = world.anna.get(f"{filed}/readers").text
    with transaction(database, writing=False) as session:
        name = session.scalar(sa.text("SELECT full_name FROM people WHERE email LIKE 'olga@%'"))
    assert name not in told
    assert REASON["reason"] not in told
    words = text_of(told)
    assert "Veterinary" in words
    assert "Auditor" in words
    assert "Prices, values" in words
    assert "There is a sign that what is declared is not true" in words
    named = world.audit.get(f"{filed}/readers").text
    assert name in named
    assert REASON["reason"] in named
    assert world.vera.browser.get(f"{filed}/readers").status_code in (302, 303, 404)


def test_differences_between_versions_are_masked_too(world, database, filed):
    """The page of changes goes the same way as the case (the pure half stands in declarations/test_masking)."""
    case = open_case(world.olga, state(world.anna, filed)["number"])
    assert world.olga.browser.get(f"{case}/changes").status_code == 404


def test_the_paper_of_a_clearance_is_for_customs_and_the_trader(world, database):
    from app.access import Actor, permissions_of
    from app.clearance import policy
    from app.clearance.models import Clearance

    issued = Clearance(sha256="a" * 64)
    rights = permissions_of(["officer"])
    for agency, may in (("BY-GTK", True), ("BY-DVPN", False), ("BY-OAC", False)):
        assert bool(policy.download(Actor(kind="agency", agency=agency, permissions=rights), issued)) is may
    assert policy.download(Actor(kind="trader", permissions=rights), issued)


def test_s_idor_the_page_of_a_clearance_names_no_goods_that_the_agency_does_not_judge(world, database, filed):
    """The vet judges the meat: the flowers stand there as a number with its result."""
    number = state(world.anna, filed)["number"]
    assert "Ружы" not in text_of(world.olga.get(open_case(world.olga, number)).text)
    sign_all(world, world.anna, filed)
    with world.app.app_context(), transaction(database):
        link = f"/clearances/{issuing.request(filed.rsplit('/', 1)[1])}"
    paths = "//section[.//h2[normalize-space()='Goods']]//li"
    whole = [one.text_content() for one in html.fromstring(world.anna.get(link).text).xpath(paths)]
    hers = [one.text_content() for one in html.fromstring(world.olga.get(link).text).xpath(paths)]
    assert len(whole) == len(hers) > 1
    assert any("hidden: not needed by this agency" in one for one in hers)
    assert any("hidden" not in one for one in hers)
    assert not any("hidden" in one for one in whole)
    assert "Ружы" in " ".join(whole)
    assert "Ружы" not in " ".join(hers)
    customs = [one.text_content() for one in html.fromstring(world.maria.get(link).text).xpath(paths)]
    assert not any("hidden" in one for one in customs)


def test_s_idor_a_new_numbering_uncovers_no_goods(world, filed):
    """The trader takes the meat away: the flowers are item 1 of the new version, and the vet was never asked about them."""
    case = open_case(world.olga, state(world.anna, filed)["number"])
    tree = etree.fromstring(world.anna.browser.get(f"{filed}/declaration.xml").data)
    first = next(one for one in tree.iter() if str(one.tag).endswith("GovernmentAgencyGoodsItem"))
    roses = next(text for text in tree.itertext() if text.startswith("Ружы"))
    before = world.olga.get(case).text
    with world.app.app_context(), transaction(world.app.extensions["akno.database"]) as session:
        old = session.scalars(sa.select(Version)).one()
        first.getparent().remove(first)
        told = {**old.outcome, "lanes": [lane for lane in old.outcome["lanes"] if lane["agency"] != "BY-DVPN"]}
        session.add(
            Version(
                declaration_id=old.declaration_id, number=2, digest="2" * 64, canonical=etree.tostring(tree), outcome=told,
                edition=old.edition, cause="amended", created_at=clock.now(), created_by_id=old.created_by_id,
            )
        )  # fmt: skip
        session.execute(sa.update(Declaration).values(version=2, digest="2" * 64))
    page = world.olga.get(f"{case}/changes?from=1&to=2")
    assert page.status_code == 200
    assert roses not in before
    assert roses not in page.text
    assert roses not in world.olga.get(f"{case}/ask").text
    assert (
        roses
        in world.maria.get(open_case(world.maria, state(world.anna, filed)["number"]) + "/changes?from=1&to=2").text
    )
