"""F1 where agencies are at work already: a change brings a file, and what it proves is decided on when it is clean."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from lxml import html

from app import clock
from app.cli import founding
from app.database import transaction
from app.documents import uploading
from app.documents.models import Rendition
from app.reviews.models import Review
from app.reviews.thread_models import Question, QuestionFile, QuestionMessage
from tests.conftest import Drain
from tests.factories.world import Someone, World
from tests.intake.arrivals import bearer, key_of
from tests.journeys.roads import PAID, file_bytes, open_case, packed, state
from tests.scanning.conftest import Scene
from tests.scanning.papers import infected, mended

SCOPES = ("declaration:submit", "declaration:read", "declaration:amend", "document:upload")


def amended(who: Someone, address: str, body: bytes) -> Any:
    """Send a whole changed package by the API."""
    key = key_of(who.app.extensions["akno.database"], who.name, SCOPES)
    place = f"/api/v1/declarations/{address.rpartition('/')[2]}"
    tag = who.app.test_client().get(place, headers=bearer(key)).headers["ETag"]
    return who.app.test_client().post(
        f"{place}/amendments", data=body, headers=bearer(key, **{"If-Match": tag, "Content-Type": "application/zip"})
    )


def files_in(who: Someone, case: str) -> list[str]:
    """The addresses of the files of a case: each download, and each viewer."""
    found = html.fromstring(who.get(case).text).xpath("//a[contains(@href, '/files/')]/@href")
    viewers = {str(one).partition("?")[0] for one in found if "/view" in str(one)}
    return sorted(viewers | {one.removesuffix("/view") for one in viewers})


def drawn(scene: Scene) -> set[str]:
    """The files of which pictures were asked for."""
    Drain(scene.app).follow()
    return {one.sha256 for one in scene.rows(Rendition)}


def test_f1_a_file_of_an_answer_is_waited_for_too(world: World, scene: Scene) -> None:
    """Once goods have gone an answer's files stay with the answer: nobody decides on the rest before they can be opened."""
    olga, anna = world.olga, world.anna
    olga.get("/account?lang=en")
    address = file_bytes(anna, packed("beef_flowers_pet", lrn="OPEN-3").as_zip(), "package.zip")
    scene.look()
    place = open_case(olga, state(anna, address)["number"])
    with scene.app.app_context(), transaction(scene.app.extensions["akno.database"]) as session:
        review = session.scalars(sa.select(Review).where(Review.agency == "BY-DVPN")).one()
        by, now = founding.actor("anna"), clock.now()
        paper = uploading.upload(owner_id=by.organisation_id, data=b"<paper/>", file_name="late.xml", by=by)
        question = Question(
            declaration_id=review.declaration_id, review_id=review.id, agency=review.agency, number=1, item=None, pointer="",
            path="/Declaration", sign_code="", sign_text="", wanted=[], version=1, _status="answered", asked_at=now,
            asked_by_id=review.claimed_by_id, asked_by_name="", due_at=now, effect="nothing", on_silence="on-file", warn_at=now,
        )  # fmt: skip
        session.add(question)
        session.flush()
        said = QuestionMessage(
            question_id=question.id, at=now, side="trader", person_id=by.person_id, text="Here it is"
        )
        said.files.append(QuestionFile(document_id=paper.id, sha256=paper.sha256, file_name="late.xml"))
        session.add(said)
    assert _approve(olga, place) == 409
    assert "late.xml" in _said(olga)
    scene.look()
    assert _approve(olga, place) == 200, _said(olga)


def test_f1_nobody_decides_on_what_nobody_can_open(world: World, scene: Scene) -> None:
    """A change holds at once, for it is in time; its new file waits, then nobody ever gets it, until a clean one comes."""
    olga, anna = world.olga, world.anna
    olga.get("/account")
    olga.post("/account/language", language="en")
    address = file_bytes(anna, packed("beef_flowers_pet", lrn="OPEN-1").as_zip(), "package.zip")
    scene.look()
    before = drawn(scene)
    assert before, "what is clean is drawn"
    bad, name = infected(lrn="OPEN-1")
    assert amended(anna, address, bad.as_zip()).status_code == 201
    assert state(anna, address)["version"] == 2
    place = open_case(olga, state(anna, address)["number"])
    paths = files_in(olga, place)
    assert {olga.browser.get(path).status_code for path in paths} == {200, 409}
    assert any("being scanned" in olga.get(path).text for path in paths if path.endswith("/view"))
    assert drawn(scene) == before
    assert _approve(olga, place) == 409
    assert "being scanned" in _said(olga)
    scene.look()
    assert drawn(scene) == before, "and nothing is drawn of it now"
    assert {olga.browser.get(path).status_code for path in paths} == {200, 403}
    assert _approve(olga, place) == 409
    assert "malicious software" in _said(olga)
    assert amended(anna, address, bad.as_zip()).status_code == 422, "known by now: refused at the door"
    assert amended(anna, address, mended(bad, name).as_zip()).status_code == 201
    scene.look()
    assert _approve(olga, open_case(olga, state(anna, address)["number"])) == 200, _said(olga)


def _approve(officer: Someone, case: str) -> int:
    officer.get(case)
    return officer.submit("/decide", **({"rest": "yes"} | PAID)).status_code


def _said(who: Someone) -> str:
    assert who.page is not None
    return " ".join(html.fromstring(who.page.text).text_content().split())
