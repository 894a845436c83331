"""Who is told of what: the catalogue holds together, and the audience of each event is who it should be. No database."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access import Permission, permissions_of
from app.clock import MINSK
from app.ledger.events import EVENTS
from app.notifications import digesting, lettering, told
from app.notifications.audience import recipients
from app.notifications.gathering import Around, Case, Member, Package
from app.notifications.models import Notice
from app.rendering import TEMPLATES

KEYS = {name: uuid.uuid5(uuid.NAMESPACE_DNS, name) for name in (
    "package", "owner", "filer", "vet", "customs", "anna", "piotr", "reader", "bogdan", "olga", "petr", "vera", "kira",
    "karl", "double", "case", "old", "release", "question", "inspection", "proposal", "note", "clearance",
)}  # fmt: skip
K = SimpleNamespace(**KEYS)


def member(name: str, house: uuid.UUID, *roles: str, agency: str = "", office: str = "") -> Member:
    return Member(KEYS[name], house, agency, office, permissions_of(roles))


MEMBERS = (
    member("anna", K.owner, "trader-owner"), member("piotr", K.owner, "trader-clerk"),
    member("reader", K.owner, "trader-reader"), member("bogdan", K.filer, "broker"),
    member("olga", K.vet, "officer", agency="VET"), member("petr", K.vet, "officer", agency="VET"),
    member("vera", K.vet, "officer", "supervisor", agency="VET", office="1"),
    member("double", K.vet, "officer", agency="VET"), member("double", K.owner, "trader-reader"),
    member("kira", K.customs, "customs-officer", agency="GTK"),
    member("karl", K.customs, "customs-officer", "supervisor", agency="GTK"),
)  # fmt: skip
CASES = {
    K.case: Case(K.case, K.package, "VET", "1", 2, False, K.olga, False),
    K.release: Case(K.release, K.package, "GTK", "1", 2, True, None, False),
}
OLD = Case(K.old, K.package, "VET", "1", 1, False, K.olga, True)


def around(**changed) -> Around:
    facts = {
        "packages": {K.package: Package(K.package, "06611/231126/0000001", K.owner, K.filer, "import")},
        "cases": CASES, "members": MEMBERS, "asked": {K.question: 3}, "proposers": {K.proposal: K.petr},
        "mandates": frozenset({(K.owner, K.filer, "import")}),
    }  # fmt: skip
    return Around(**(facts | changed))


def entry(event: str, subject: str, subject_id: uuid.UUID, by: uuid.UUID | None = None, **payload) -> SimpleNamespace:
    return SimpleNamespace(
        event=event, subject=subject, subject_id=subject_id, declaration_id=K.package, person_id=by, position=10,
        payload=payload, organisation_id=None,
    )  # fmt: skip


def told_to(side: str, one: SimpleNamespace, **changed) -> dict[str, str]:
    names = {key: name for name, key in KEYS.items()}
    row = told.BY_KEY[one.event, side]
    return {
        names[who.person_id]: who.path
        for who in recipients(one, row.audience, around(**changed), officers=side == told.OFFICER)
    }


def test_questions_go_to_whoever_may_answer():
    asked = entry("question.asked", "question", K.question, K.olga, review=str(K.case), agency="VET")
    assert told_to("trader", asked) == dict.fromkeys(("anna", "piotr", "bogdan"), f"/packages/{K.package}/questions/3")
    assert set(told_to("trader", asked, mandates=frozenset())) == {"anna", "piotr"}
    assert set(told_to("trader", asked, mandates=frozenset({(K.owner, K.filer, "export")}))) == {"anna", "piotr"}


def test_what_is_only_to_be_read_goes_to_readers_and_to_a_filer_whose_mandate_ended():
    released = entry("declaration.released", "declaration", K.package, K.kira)
    assert set(told_to("trader", released, mandates=frozenset())) == {"anna", "piotr", "reader", "bogdan", "double"}


def test_nobody_is_told_of_what_they_did():
    filed = entry("declaration.submitted", "declaration", K.package, K.anna)
    assert "anna" not in told_to("trader", filed)


def test_a_filer_who_is_the_owner_is_told_once():
    own = {K.package: Package(K.package, "1", K.owner, K.owner, "import")}
    filed = entry("declaration.submitted", "declaration", K.package, None)
    assert set(told_to("trader", filed, packages=own)) == {"anna", "piotr", "reader", "double"}


def test_the_trader_is_told_of_a_lost_slot_only_when_one_was_agreed():
    changed = entry("inspection.slot_proposed", "inspection", K.inspection, K.olga, agency="VET")
    assert told_to("trader", changed) == {}
    assert told_to("trader", changed, agreed={K.inspection: 12}) == {}
    assert "anna" in told_to("trader", changed, agreed={K.inspection: 4})


def test_answers_silence_and_reopening_go_to_the_officer_whose_case_it_is():
    answered = entry("question.answered", "question", K.question, K.anna, review=str(K.case), agency="VET")
    assert told_to("officer", answered) == {"olga": f"/cases/{K.case}#questions"}
    before = entry("question.answered", "question", K.question, K.anna, review=str(K.old), agency="VET")
    assert told_to("officer", before, cases={**CASES, K.old: OLD}) == {"olga": f"/cases/{K.case}#questions"}
    opened = entry("review.opened", "review", K.case, K.anna, agency="VET")
    assert told_to("officer", opened) == {}, "a first case is nobody's"
    assert told_to("officer", opened, cases={**CASES, K.old: OLD}) == {"olga": f"/cases/{K.case}"}


def test_a_ruling_is_told_to_the_people_of_its_holder_alone():
    given_to = uuid.uuid5(uuid.NAMESPACE_DNS, "ruling")
    made = entry("ruling.entered", "ruling", given_to, K.karl, agency="GTK", number="PR-1", kind="origin")
    made.declaration_id = None
    assert told_to("trader", made) == {}
    told_of = told_to("trader", made, holders={given_to: K.owner})
    assert told_of == dict.fromkeys(("anna", "piotr", "reader", "double"), f"/rulings/{given_to}")


def test_a_proposal_goes_to_who_may_sign_second_and_back_to_who_made_it():
    made = entry("review.proposed", "review", K.case, K.petr, agency="VET")
    assert set(told_to("officer", made)) == {"olga", "vera"}
    back = entry("review.proposal_returned", "review", K.case, K.olga, agency="VET", proposal=str(K.proposal))
    assert set(told_to("officer", back)) == {"petr"}
    failed = entry("proposal.failed", "proposal", K.proposal, None, agency="VET", review=str(K.case))
    assert set(told_to("officer", failed)) == {"petr"}


def test_an_officer_of_another_office_or_with_a_part_in_the_filing_is_not_told():
    made = entry("review.proposed", "review", K.case, K.petr, agency="VET")
    elsewhere = {K.case: Case(K.case, K.package, "VET", "2", 2, False, K.olga, False)}
    assert set(told_to("officer", made, cases=elsewhere)) == {"olga"}
    mention = entry("note.written", "note", K.note, K.olga, agency="VET", mentions=[str(K.double), str(K.petr)])
    assert set(told_to("officer", mention)) == {"petr"}


def test_a_mention_leads_everybody_to_the_case_of_their_own_agency():
    mention = entry("note.written", "note", K.note, K.olga, agency="VET", mentions=[str(K.petr), str(K.kira), "?"])
    assert told_to("officer", mention) == {
        "petr": f"/cases/{K.case}#note-{K.note}", "kira": f"/cases/{K.release}#note-{K.note}",
    }  # fmt: skip


def test_an_inspection_goes_to_the_other_agencies():
    ordered = entry("inspection.ordered", "inspection", K.inspection, K.olga, agency="VET", agencies=["VET", "GTK"])
    assert told_to("officer", ordered) == dict.fromkeys(("kira", "karl"), f"/inspections/{K.inspection}")
    answered = entry("inspection.slot_proposed", "inspection", K.inspection, K.kira, agency="GTK")
    assert set(told_to("officer", answered)) == {"olga"}


def test_breaches_and_revocations_go_to_supervisors():
    late = entry("review.breached", "review", K.case, None, agency="VET", due_at="2026-11-23T10:00:00+00:00")
    assert set(told_to("officer", late)) == {"vera"}
    revoke = entry("clearance.revocation_asked", "clearance", K.clearance, None, number="CL-1")
    assert told_to("officer", revoke) == {"karl": f"/clearances/{K.clearance}"}
    assert told_to("officer", entry("clearance.revocation_asked", "clearance", K.clearance, K.karl)) == {}


@pytest.mark.parametrize("row", told.ROWS, ids=lambda row: f"{row.side} {row.event}")
def test_each_row_names_an_event_has_a_letter_and_survives_an_empty_world(row):
    assert row.event in EVENTS
    assert (TEMPLATES / row.template).is_file()
    assert row.mail in told.MAILS
    for subject in ("review", "question", "declaration", "proposal", "note", "inspection", "clearance"):
        one = entry(row.event, subject, uuid.uuid4())
        assert list(recipients(one, row.audience, Around(), officers=True)) == []


def test_no_letter_is_left_over():
    letters = {path.relative_to(TEMPLATES).as_posix() for path in (TEMPLATES / "mail").glob("*/*.txt")}
    assert letters == {row.template for row in told.ROWS}


@pytest.mark.parametrize("language", ["be", "ru", "en"])
def test_each_letter_can_be_written_and_escapes_nothing_twice(one_app, language):
    with one_app.app_context():
        for row in told.ROWS:
            notice = Notice(
                event=row.event, side=row.side, path="/packages/1?a=1&b=2",
                facts={
                    "number": "06611/231126/0000001", "due_at": "2026-11-23T10:00:00+00:00",
                    "slot": "2026-11-24T07:00:00+00:00", "clearance": "CL-1", "question": 3,
                },
            )  # fmt: skip
            letter = lettering.write([notice], language=language, base_url="https://w.example")
            assert "06611/231126/0000001" in letter.subject
            assert "https://w.example/packages/1?a=1&b=2" in letter.text
            assert "?a=1&amp;b=2" in letter.html
            assert "&#39;" not in letter.text
            assert f'lang="{language}"' in letter.html
            many = lettering.write([notice, notice], language=language, base_url="https://w.example")
            assert many.text.count("https://w.example/packages/1") == 2


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_a_digest_is_due_on_working_days_from_eight_on(now):
    until = digesting.closing(now)
    here = now.astimezone(MINSK)
    if here.weekday() > 4 and until is not None:
        assert (here.month, here.day) != (1, 1)  # a Saturday that the government made a working day
    if until is not None:
        assert until <= here
        assert (until.date(), until.hour) == (here.date(), 8)
    if here.hour < 8:
        assert until is None


def test_christmas_and_sunday_have_no_digest():
    for day in (datetime(2026, 12, 25, 12, tzinfo=MINSK), datetime(2026, 11, 22, 12, tzinfo=MINSK)):
        assert digesting.closing(day) is None
    assert digesting.closing(datetime(2026, 11, 23, 8, tzinfo=MINSK)) is not None


def test_no_role_is_told_of_what_it_may_not_do():
    for row in told.ROWS:
        if row.side == told.OFFICER:
            assert row.words
    assert Permission.REVIEW_COUNTERSIGN in permissions_of(["officer"])
