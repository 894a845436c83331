"""Several cases at once: each done or refused for itself; what may be approved together, and what may not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app import clock, database
from app.database import new_id
from app.ledger.models import Entry
from app.reviews import bulk, claiming, finders
from app.reviews.inspection_models import Inspection, InspectionParty
from app.reviews.models import Decision, Review
from tests.reviews.making import CUSTOMS, PHYTO, VET, file_package, get, sign


def keys(filed, agency=VET):
    return [one.reviews[agency] for one in filed]


def three(country):
    """Three cases of one rule and a check of documents."""
    filed = [file_package(country) for _ in range(3)]
    database.session().execute(sa.update(Review).where(Review.agency == VET).values(tag="documents", four_eyes=False))
    return filed


def seen(rows):
    return [row.seen for row in rows]


def test_claiming_tells_what_could_not_be(session, country):
    filed = three(country)
    claiming.claim(get(filed[1], country.petr), by=country.petr)
    rows = bulk.claim_all(keys(filed), by=country.olga, minutes=30)
    assert [row.refused is None for row in rows] == [True, False, True]
    assert "Petr Ivanou" in str(rows[1].refused)
    assert [get(one, country.olga).assignee_name for one in filed] == ["Olga Zaitseva", "Petr Ivanou", "Olga Zaitseva"]


def test_handing_on_is_the_supervisor_s(session, country):
    filed = three(country)
    petr = finders.get_officer(get(filed[0], country.vera), country.memberships["petr"])
    assert all(row.refused is None for row in bulk.assign_all(keys(filed), to=petr, by=country.vera))
    assert {get(one, country.olga).assignee_name for one in filed} == {"Petr Ivanou"}
    assert all(row.refused is not None for row in bulk.assign_all(keys(filed), to=petr, by=country.olga))


def test_cases_of_one_rule_are_approved_each_by_its_own_decision(session, country):
    filed = three(country)
    rows = bulk.preview(keys(filed), by=country.olga)
    assert [row.refused for row in rows] == [None] * 3
    rows = bulk.approve_all(seen(rows), by=country.olga, minutes=30)
    assert [row.refused for row in rows] == [None] * 3
    assert {get(one, country.olga).status for one in filed} == {"decided"}
    decided = session.scalars(sa.select(Entry).where(Entry.event == "review.decided")).all()
    assert len(decided) == len({entry.subject_id for entry in decided}) == 3
    assert session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 3


def test_one_that_changed_since_is_left_and_the_rest_is_done(session, country):
    filed = three(country)
    told = seen(bulk.preview(keys(filed), by=country.olga))
    second = get(filed[1], country.olga)
    second.declaration.digest = "f" * 64
    session.flush()
    rows = {row.review_id: row for row in bulk.approve_all(told, by=country.olga, minutes=30)}
    assert rows[second.id].refused is not None
    assert [get(one, country.olga).status for one in filed] == ["decided", "queued", "decided"]
    assert get(filed[1], country.olga).assignee_id is None


def change(session, filed, agency=VET, **columns):
    table = Review.__table__
    session.execute(sa.update(table).where(table.c.id == filed.reviews[agency]).values(**columns))
    session.expire_all()


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"four_eyes": True}, "second officer"), ({"tag": "prohibited"}, "more than a check"),
        ({"results": {"1": "held"}}, "decided already"), ({"status": "question"}, "does not wait"), ({"version": 2}, "changed"),
    ],
)  # fmt: skip
def test_what_may_not_be_approved_together(session, country, columns, words):
    filed = three(country)
    change(session, filed[0], **columns)
    refused = {row.review_id: row.refused for row in bulk.preview(keys(filed), by=country.olga)}
    assert words in str(refused[filed[0].reviews[VET]])
    assert [refused[one.reviews[VET]] for one in filed[1:]] == [None, None]


def test_another_rule_and_a_missing_document(session, country):
    filed = three(country)
    review = get(filed[1], country.olga)
    lane = review.lane | {"lane": review.lane["lane"] | {"measures": []}}
    session.execute(sa.update(Review).where(Review.id == review.id).values(lane=lane))
    bare = get(filed[2], country.olga)
    measures = [
        one | {"findings": [finding | {"found": []} for finding in one["findings"]], "required": [[["01201"]]]}
        for one in bare.lane["lane"]["measures"]
    ]
    assert not bulk.documents_shown(bare.lane | {"lane": bare.lane["lane"] | {"measures": measures}})
    session.expire_all()
    refused = {row.review_id: str(row.refused) for row in bulk.preview(keys(filed), by=country.olga)}
    assert "Another rule" in refused[review.id]


def test_an_inspection_speaks_against_it(session, country):
    filed = three(country)
    review = get(filed[0], country.olga)
    inspection = Inspection(
        id=new_id(), declaration_id=review.declaration_id, number=1, kind="documents", items=[1], version=1,
        instructions="", agency=VET, ordered_at=clock.now(), ordered_by_id=country.olga.person_id,
        ordered_by_name="Olga Zaitseva",
    )  # fmt: skip
    inspection._status = "done"
    party = InspectionParty(
        inspection_id=inspection.id, review_id=review.id, agency=VET, answer="accepted", outcome="unfavourable",
        recorded_at=clock.now(), against=[1],
    )  # fmt: skip
    session.add(inspection)
    session.flush()
    session.add(party)
    session.flush()
    refused = {row.review_id: row.refused for row in bulk.preview(keys(filed), by=country.olga)}
    assert "inspection" in str(refused[review.id])


def test_customs_and_strangers(session, country):
    filed = three(country)
    assert all("by itself" in str(row.refused) for row in bulk.preview(keys(filed, CUSTOMS), by=country.kira))
    assert bulk.preview(keys(filed, PHYTO), by=country.olga) == []
    assert bulk.preview([new_id()], by=country.olga) == []


def test_a_decided_one_among_them(session, country):
    filed = three(country)
    sign(filed[0], country.olga)
    rows = bulk.preview(keys(filed), by=country.olga)
    assert sum(row.refused is None for row in rows) == 2
