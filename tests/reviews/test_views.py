"""The queue and the case desk through the browser's eyes: who sees what, what is kept, what is said."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace

import pytest
from flask import g
from lxml import html
from sqlalchemy import event

from app import clock, create_app, database
from app.declarations.models import Attachment
from app.documents import uploading
from app.documents.models import Document
from app.identity.sessions import SignedIn
from app.ledger import recording
from app.reviews import claiming
from config import Settings
from tests.reviews.making import CUSTOMS, ENV, VET, file_committed, file_package, get, refusal, sign


class Door:
    """A client that is whoever the test says; every page it opens is kept."""

    def __init__(self, app):
        self.app, self.client, self.who = app, app.test_client(), None
        app.before_request(self._enter)

    def _enter(self):
        if self.who is not None:
            g.actor = self.who
            # Who comes in by this door has just shown who they are.
            g._login_user = SignedIn("", uuid.uuid4(), uuid.uuid4(), self.who, proven_at=clock.now(), proven_by="totp")

    def open(self, who, path, **keywords):
        self.who = who
        return self.client.get(path, **keywords)

    def send(self, who, path, **fields):
        self.who = who
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get("/sign-in").text)
        return self.client.post(path, data={"csrf_token": token[1] if token else ""} | fields)


@pytest.fixture
def door(engines, country, tmp_path):
    app = create_app(
        Settings(
            demonstration=True,
            secret_key="only for tests: 0123456789abcdef0123456789abcdef",
            database_url=engines.url.render_as_string(hide_password=False),
            storage_dir=tmp_path / "store",
            trusted_hosts=("localhost",),
        )
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    recording.forget_reactions()
    yield Door(app)
    app.extensions["akno.database"].dispose()


def case_path(filed, agency=VET, tail=""):
    return f"/cases/{filed.reviews[agency]}{tail}"


def seen(filed, **fields):
    return {"version": "1", "digest": filed.digest} | fields


def test_the_queue_shows_the_row_and_claims(door, engines, country):
    filed = file_committed(engines, country)
    page = door.open(country.olga, "/queue")
    assert page.status_code == 200
    assert "Belmyaso Trade" in page.text
    assert "0201" in page.text
    assert "1 of 3 items" in page.text
    answer = door.send(country.olga, case_path(filed, tail="/claim"))
    assert (answer.status_code, answer.location) == (303, case_path(filed))
    assert "claimed by you" in door.open(country.olga, "/queue?tab=mine").text
    assert "Olga Zaitseva, until" in door.open(country.petr, "/queue").text


@pytest.mark.parametrize("tab", ["to-review", "mine", "decided"])
def test_an_empty_tab_says_what_would_stand_there(door, country, tab):
    assert 'class="empty"' in door.open(country.olga, f"/queue?tab={tab}").text


def test_a_queue_page_costs_at_most_ten_statements(door, engines, country):
    for _ in range(5):
        file_committed(engines, country)
    statements = []
    reading = door.app.extensions["akno.database"].reading
    door.open(country.olga, "/queue")
    event.listen(reading, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    door.open(country.olga, "/queue")
    assert len([one for one in statements if not one.startswith("BEGIN")]) <= 10, statements


def test_nobody_sees_the_case_of_another_agency(door, engines, country):
    filed = file_committed(engines, country)
    for name in ("fedor", "kira", "anna"):
        who = getattr(country, name)
        assert door.open(who, case_path(filed)).status_code == 404
        for tail in ("/claim", "/release", "/reassign", "/decide"):
            assert door.send(who, case_path(filed, tail=tail)).status_code == 404
    assert door.open(country.ada, case_path(filed)).status_code == 200
    assert door.send(country.ada, case_path(filed, tail="/claim")).status_code == 403
    assert door.open(country.anna, "/queue").status_code == 403
    assert door.open(country.ada, "/queue").status_code == 403


def test_the_desk_shows_facts_documents_reasons_and_neighbours(door, engines, country):
    filed = file_committed(engines, country)
    page = door.open(country.olga, case_path(filed))
    assert page.status_code == 200
    text = html.fromstring(page.text).text_content()
    assert "0201" in text
    assert "01201" in text
    assert "317" in text
    assert "Plant quarantine" in text
    assert "42A/67A/68A[1]/23A/21A/145" in text
    assert "Not asked, and why" in text
    assert "/Declaration/GoodsShipment" in text
    assert 'name="item-1-outcome"' not in page.text
    assert "Claim this case" in text


def test_the_form_comes_with_the_claim_and_is_bound_to_what_is_seen(door, engines, country):
    filed = file_committed(engines, country)
    door.send(country.olga, case_path(filed, tail="/claim"))
    page = door.open(country.olga, case_path(filed))
    form = next(form for form in html.fromstring(page.text).forms if (form.action or "").find("/decide") > 0)
    assert form.fields["digest"] == filed.digest
    assert form.fields["version"] == "1"
    assert form.fields["item-1-appeal_days"]
    answer = door.send(country.olga, case_path(filed, tail="/decide"), **seen(filed, **{"item-1-outcome": "approved"}))
    assert answer.status_code == 303
    assert "Approved" in door.open(country.olga, case_path(filed)).text


def test_a_failed_form_keeps_everything_typed(door, engines, country):
    filed = file_committed(engines, country)
    door.send(country.olga, case_path(filed, tail="/claim"))
    typed = {"item-1-outcome": "refused", "item-1-appeal_office": "", "note": "Ask Petr <b>first</b>"}
    answer = door.send(country.olga, case_path(filed, tail="/decide"), **seen(filed, **typed))
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert "Ask Petr &lt;b&gt;first&lt;/b&gt;" in answer.text
    assert page.get_element_by_id("item-1-refused").get("checked") is not None
    links = [link.get("href") for link in page.find_class("summary")[0].iter("a")]
    assert links
    assert all(page.get_element_by_id(link.removeprefix("#")) is not None for link in links)
    assert "has no reason from the list" in answer.text
    with database.transaction(engines, writing=False):
        assert get(filed, country.olga).status == "claimed"


def test_without_a_claim_the_decision_is_kept_and_a_button_claims_and_sends(door, engines, country):
    filed = file_committed(engines, country)
    sent = seen(filed, **{"item-1-outcome": "conditions", "item-1-conditions": "Unload at Minsk-2"})
    answer = door.send(country.olga, case_path(filed, tail="/decide"), **sent)
    assert answer.status_code == 409
    assert "Unload at Minsk-2" in answer.text
    assert "Claim the case and record the decision" in answer.text
    assert door.send(country.olga, case_path(filed, tail="/decide"), **sent, claim="yes").status_code == 303


def test_a_claim_taken_with_a_failed_decision_is_undone(door, engines, country):
    filed = file_committed(engines, country)
    answer = door.send(country.olga, case_path(filed, tail="/decide"), **seen(filed, claim="yes"))
    assert answer.status_code == 422
    with database.transaction(engines, writing=False):
        assert get(filed, country.olga).status == "queued"
    assert "Claim the case and record the decision" in answer.text


def test_a_stale_digest_is_told_kindly(door, engines, country):
    filed = file_committed(engines, country)
    door.send(country.olga, case_path(filed, tail="/claim"))
    sent = {"version": "1", "digest": "0" * 64, "item-1-outcome": "approved", "note": "kept"}
    answer = door.send(country.olga, case_path(filed, tail="/decide"), **sent)
    assert answer.status_code == 412
    assert "has changed since you opened it" in answer.text
    assert "/changes?from=1&amp;to=1" in answer.text
    assert "kept" in answer.text
    assert filed.digest in answer.text


def test_the_second_officer_is_told_who_holds_it(door, engines, country):
    filed = file_committed(engines, country)
    door.send(country.olga, case_path(filed, tail="/claim"))
    answer = door.send(country.petr, case_path(filed, tail="/claim"))
    assert answer.status_code == 409
    assert "Olga Zaitseva" in answer.text
    answer = door.send(country.petr, case_path(filed, tail="/decide"), **seen(filed, **{"item-1-outcome": "approved"}))
    assert answer.status_code == 409
    assert "Olga Zaitseva" in answer.text


def test_customs_reads_the_words_of_the_others_but_others_do_not(door, engines, country):
    with database.transaction(engines):
        filed = file_package(country)
        sign(filed, country.olga, [refusal(1, "VET-CERTIFICATE", legal_ground="Decision 317, point 4")])
    assert "Decision 317, point 4" in door.open(country.kira, case_path(filed, CUSTOMS)).text
    assert "Decision 317, point 4" in door.open(country.ada, case_path(filed, CUSTOMS)).text
    phyto = door.open(country.fedor, case_path(filed, country.fedor.agency)).text
    assert "Decision 317, point 4" not in phyto
    assert "V-104" not in phyto
    # Her name stands among those who can be named in a note, and nowhere else.
    for section in html.fromstring(phyto).xpath("//section[.//h2[.='Who signs' or .='What happened']]"):
        assert "Olga Zaitseva" not in section.text_content()
    assert "refused" in phyto


def test_customs_is_told_who_is_missing_and_cannot_overrule(door, engines, country):
    with database.transaction(engines):
        filed = file_package(country)
        sign(filed, country.olga, [refusal(1, "VET-CERTIFICATE")])
        claiming.claim(get(filed, country.kira), by=country.kira)
    fields = seen(filed, **{f"item-{number}-outcome": "approved" for number in (1, 2, 3)})
    answer = door.send(country.kira, case_path(filed, CUSTOMS, "/decide"), **fields)
    assert answer.status_code == 422
    assert "Plant quarantine" in answer.text
    with database.transaction(engines):
        sign(filed, country.fedor)
        if ENV in filed.reviews:
            sign(filed, country.elena)
    answer = door.send(country.kira, case_path(filed, CUSTOMS, "/decide"), **fields)
    assert answer.status_code == 422
    assert "another agency refused it" in answer.text


def test_a_tick_approves_what_was_not_marked(door, engines, country):
    with database.transaction(engines):
        filed = file_package(country, "bicycles")
        review = claiming.claim(get(filed, country.kira), by=country.kira)
        first = review.items[0]
    fields = seen(filed, rest="yes", **{f"item-{first}-outcome": "conditions", f"item-{first}-conditions": "Keep dry"})
    assert door.send(country.kira, case_path(filed, CUSTOMS, "/decide"), **fields).status_code == 422
    fields |= {"payment": "secured", "payment_reference": "OB-77"}
    assert door.send(country.kira, case_path(filed, CUSTOMS, "/decide"), **fields).status_code == 303
    page = door.open(country.kira, case_path(filed, CUSTOMS)).text
    assert "Keep dry" in page
    assert "Released" in page


def test_the_law_of_the_reason_stands_in_for_an_empty_ground(door, engines, country):
    filed = file_committed(engines, country)
    door.send(country.olga, case_path(filed, tail="/claim"))
    page = html.fromstring(door.open(country.olga, case_path(filed)).text)
    form = next(form for form in page.forms if (form.action or "").find("/decide") > 0)
    fields = dict(form.form_values()) | {"item-1-outcome": "refused", "item-1-reason_code": "VET-RESTRICTION"}
    assert door.send(country.olga, case_path(filed, tail="/decide"), **fields).status_code == 303
    assert "CU Commission Decision 317" in door.open(country.olga, case_path(filed)).text


def test_the_supervisor_hands_a_case_on(door, engines, country):
    filed = file_committed(engines, country)
    page = door.open(country.vera, case_path(filed))
    assert str(country.memberships["petr"]) in page.text
    answer = door.send(country.vera, case_path(filed, tail="/reassign"), officer=str(country.memberships["petr"]))
    assert answer.status_code == 303
    assert str(filed.reviews[VET]) in door.open(country.petr, "/queue?tab=mine").text
    assert door.send(country.vera, case_path(filed, tail="/reassign"), officer="nobody").status_code == 404
    assert door.send(country.olga, case_path(filed, tail="/reassign")).status_code == 403


def test_give_back(door, engines, country):
    filed = file_committed(engines, country)
    door.send(country.olga, case_path(filed, tail="/claim"))
    assert door.send(country.petr, case_path(filed, tail="/release")).status_code == 403
    assert door.send(country.olga, case_path(filed, tail="/release")).status_code == 303
    with database.transaction(engines, writing=False):
        assert get(filed, country.olga).status == "queued"


def test_an_officer_of_another_office_reads_why_not(door, engines, country):
    filed = file_committed(engines, country)
    boris = replace(country.kira, office="09131")
    page = door.open(boris, case_path(filed, CUSTOMS))
    assert page.status_code == 200
    assert "another office" in page.text
    assert door.send(boris, case_path(filed, CUSTOMS, "/claim")).status_code == 403


@pytest.mark.parametrize("language", ["be", "ru", "en"])
def test_pages_open_in_every_language(door, engines, country, language):
    with database.transaction(engines):
        filed = file_package(country)
        claiming.claim(get(filed, country.olga), by=country.olga)
    assert door.open(country.olga, f"/queue?lang={language}").status_code == 200
    assert door.open(country.olga, f"{case_path(filed)}?lang={language}").status_code == 200


def test_a_file_is_fetched_through_its_own_case_only(door, engines, country):
    with database.transaction(engines) as session:
        filed, other = file_package(country), file_package(country)
        blob = uploading.keep(b"%PDF-1.7 a permit", media_type="application/pdf")
        document = Document(
            owner_id=country.anna.organisation_id, sha256=blob.sha256, file_name="Дазвол.pdf", number="1",
            uploaded_by_id=country.anna.person_id, uploaded_at=clock.now(),
        )  # fmt: skip
        session.add(document)
        session.flush()
        attachment = Attachment(
            declaration_id=filed.declaration_id, document_id=document.id, sha256=blob.sha256, item=1,
            file_name="Дазвол.pdf", type_code="01202", number="BY-VET-2026-004417",
        )  # fmt: skip
        session.add(attachment)
        session.flush()
    page = door.open(country.olga, case_path(filed)).text
    assert "Дазвол.pdf" in page
    assert "not scanned (no scanner configured)" in page
    answer = door.open(country.olga, case_path(filed, tail=f"/files/{attachment.id}"))
    assert answer.data == b"%PDF-1.7 a permit"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert door.open(country.olga, case_path(other, tail=f"/files/{attachment.id}")).status_code == 404
    assert door.open(country.fedor, case_path(filed, tail=f"/files/{attachment.id}")).status_code == 404
