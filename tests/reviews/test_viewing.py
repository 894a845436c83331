"""The viewer: an officer reads a permit as pictures; the original never reaches the browser unless it is downloaded."""

from __future__ import annotations

import re
import uuid

import pytest
import sqlalchemy as sa
from lxml import html

from app.access import SYSTEM
from app.database import Database, transaction
from app.declarations.models import Attachment
from app.documents import picturing, uploading
from app.documents.darkroom import is_plain_png
from app.documents.models import Rendition
from app.jobs import registry
from app.reviews import desk, finders, naming, viewing
from app.reviews.models import Review
from tests.documents import files
from tests.factories.world import Someone, World
from tests.journeys.roads import file_xml, packed


@pytest.fixture
def case(world: World, database: Database) -> str:
    """A case of the veterinary officer's, with permits behind its documents."""
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    asked = sa.select(Review.id).where(Review.agency == "BY-DVPN", Review.declaration_id == _key(where))
    with transaction(database, writing=False) as session:
        found = session.scalars(asked).one()
    world.olga.sign_in()
    return f"/cases/{found}"


@pytest.fixture
def file(case: str, database: Database) -> str:
    """One file of the case, by its address."""
    return files_of(case, database)[0]


def files_of(case: str, database: Database) -> list[str]:
    with transaction(database, writing=False) as session:
        package = session.get_one(Review, _key(case)).declaration_id
        query = sa.select(Attachment.id).where(Attachment.declaration_id == package).order_by(Attachment.id)
        return [f"{case}/files/{key}" for key in session.scalars(query)]


def _key(address: str) -> uuid.UUID:
    return uuid.UUID(address.rpartition("/")[2])


def put(database: Database, file: str, data: bytes, media_type: str, *, scan: str = "") -> str:
    """Let other bytes stand behind a file of a case."""
    with transaction(database) as session:
        blob = uploading.keep(data, media_type=media_type)
        blob.scan = scan or blob.scan
        session.get_one(Attachment, _key(file)).sha256 = blob.sha256
        return blob.sha256


def draw(database: Database, sha256: str) -> None:
    with transaction(database):
        registry.run(picturing.JOB, sha256)


def words(who: Someone, path: str) -> str:
    answer = who.get(path + ("&" if "?" in path else "?") + "lang=en")
    assert answer.status_code == 200
    return " ".join(html.fromstring(answer.text).text_content().split())


def readings(database: Database) -> int:
    with transaction(database, writing=False) as session:
        return int(session.scalar(sa.text("SELECT count(*) FROM ledger_entries WHERE event = 'document.read'")) or 0)


def test_from_being_prepared_to_pictures(world: World, file: str, database: Database) -> None:
    two = files.pdf(lambda made: made.add_blank_page(page_size=(842, 595)))
    sha256 = put(database, file, two, "application/pdf")
    page = html.fromstring(world.olga.get(f"{file}/view?lang=en").text)
    assert "being prepared" in page.get_element_by_id("sheets").text_content()
    assert page.xpath("//*[@data-live-every]"), "it looks again by itself"
    assert world.olga.browser.get(f"{file}/pages/1.png").status_code == 404
    draw(database, sha256)
    page = html.fromstring(world.olga.get(f"{file}/view?lang=en").text)
    assert not page.xpath("//*[@data-live-every]")
    pictures = page.xpath("//div[@id='sheets']//img")
    assert [one.get("src") for one in pictures] == [f"{file}/pages/1.png", f"{file}/pages/2.png"]
    assert all(one.get("alt").startswith("Page ") and one.get("loading") == "lazy" for one in pictures)
    assert [one.get("href") for one in page.xpath("//nav[@class='viewer-thumbs no-print']/a")] == ["#page-1", "#page-2"]
    assert sha256 in page.text_content()


def test_f4_a_page_is_a_picture_that_can_do_nothing(world: World, file: str, database: Database) -> None:
    draw(database, put(database, file, files.pdf(), "application/pdf"))
    answer = world.olga.browser.get(f"{file}/pages/1.png")
    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    assert is_plain_png(answer.data, 1400, 1982)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == "inline"


def test_f4_no_page_of_the_desk_carries_the_original(world: World, case: str, file: str, database: Database) -> None:
    """Not in a frame, not as an object, not as a picture: only behind a link that says download."""
    draw(database, put(database, file, files.picture("PNG"), "image/png"))
    for path in (case, f"{file}/view"):
        page = html.fromstring(world.olga.get(path).text)
        assert not page.xpath("//iframe | //object | //embed")
        sources = page.xpath("//img/@src | //*[local-name()='image']/@href")
        assert all(re.fullmatch(r".*/pages/\d+\.png|/static/.*|data:.*", source) for source in sources)
    assert world.olga.browser.get(file).headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_size_and_turn_without_javascript(world: World, file: str, database: Database, turn: int) -> None:
    draw(database, put(database, file, files.pdf(), "application/pdf"))
    page = html.fromstring(world.olga.get(f"{file}/view?zoom=150&turn={turn}&lang=en").text)
    sheets = page.get_element_by_id("sheets")
    assert "zoom-150" in sheets.get("class")
    [drawing] = sheets.xpath(".//svg")
    wide, high = ("1982", "1400") if turn != 180 else ("1400", "1982")
    assert drawing.get("viewbox") == f"0 0 {wide} {high}"
    assert f"rotate({turn})" in drawing.xpath(".//image/@transform")[0]
    links = [str(link) for link in page.xpath("//div[@class='viewer-tools no-print']/a/@href")]
    assert [f"turn={turn}" in link for link in links[:3]] == [True] * 3, "another size keeps the turn"
    assert all("zoom=150" in link for link in links[3:]), "another turn keeps the size"


@pytest.mark.parametrize("bent", ["?zoom=9000", "?turn=45", "?turn=x&zoom=", "?turn=-90"])
def test_odd_sizes_and_turns_mean_none(world: World, file: str, database: Database, bent: str) -> None:
    draw(database, put(database, file, files.pdf(), "application/pdf"))
    page = html.fromstring(world.olga.get(f"{file}/view{bent}").text)
    assert "zoom-width" in page.get_element_by_id("sheets").get("class")
    assert page.xpath("//div[@id='sheets']//img")


@pytest.mark.parametrize("failure", sorted(viewing.FAILURES))
def test_each_failure_is_told_in_words_with_a_way_out(
    world: World, file: str, database: Database, failure: str
) -> None:
    scan = "infected" if failure == "infected" else ""
    sha256 = put(database, file, b"%PDF-1.7 " + failure.encode(), "application/pdf", scan=scan)
    with transaction(database):
        picturing._write([picturing._row(sha256, 0, "failed") | {"failure": failure}], over=True)
    said = words(world.olga, f"{file}/view")
    assert str(viewing.FAILURES[failure]) in said
    assert ("Download the original" in said) == (failure != "infected")


def test_every_code_of_the_darkroom_has_words() -> None:
    codes = {"protected", "broken", "too-large", "too-long", "cut-off", "no-picture", "no-guard", "infected"}
    assert codes <= set(viewing.FAILURES)


def test_pages_that_are_missing_are_told(world: World, file: str, database: Database) -> None:
    sha256 = put(database, file, files.pdf(), "application/pdf")
    draw(database, sha256)
    with transaction(database) as session:
        session.execute(sa.update(Rendition).where(Rendition.sha256 == sha256, Rendition.page == 0).values(pages=61))
    assert "60 more pages are not shown here" in words(world.olga, f"{file}/view")


def test_an_xml_document_is_read_as_text(world: World, file: str, database: Database) -> None:
    put(database, file, b"<a><b>&lt;script&gt;alert(1)&lt;/script&gt; \xd0\x8e</b><c/></a>", "application/xml")
    page = html.fromstring(world.olga.get(f"{file}/view").text)
    [shown] = page.xpath("//pre")
    assert shown.text_content().strip().splitlines() == [
        "<a>", "  <b>&lt;script&gt;alert(1)&lt;/script&gt; Ў</b>", "  <c/>", "</a>",
    ]  # fmt: skip
    assert not page.xpath("//pre//*")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"<!DOCTYPE a><a/>", "damaged"),
        (b"<a>", "damaged"),
        (b"<a>" + b" " * viewing.TEXT_BYTES + b"</a>", "too long"),
    ],
)
def test_text_that_cannot_be_shown_says_why(
    world: World, file: str, database: Database, data: bytes, told: str
) -> None:
    put(database, file, data, "application/xml")
    assert told in words(world.olga, f"{file}/view")


def test_long_text_is_cut_and_says_so(world: World, file: str, database: Database) -> None:
    put(database, file, b"<a>" + b"word " * 60_000 + b"</a>", "application/xml")
    assert "The text goes on" in words(world.olga, f"{file}/view")


def test_the_reading_is_remembered_once_a_sitting(world: World, file: str, database: Database) -> None:
    draw(database, put(database, file, files.pdf(), "application/pdf"))
    before = readings(database)
    world.olga.get(f"{file}/view")
    for _again in range(2):
        assert world.olga.browser.get(f"{file}/pages/1.png").status_code == 200
    assert readings(database) == before + 1
    assert world.audit.get(f"{file}/view").status_code == 200
    assert readings(database) == before + 2, "another reader is another reading"


def test_a_picture_fetched_past_the_page_is_remembered_too(world: World, file: str, database: Database) -> None:
    draw(database, put(database, file, files.pdf(), "application/pdf"))
    before = readings(database)
    assert world.olga.browser.get(f"{file}/pages/1.png").status_code == 200
    assert readings(database) == before + 1


@pytest.mark.parametrize("name", ["anna", "fyodar", "bogdan"])
def test_nobody_else_sees_pages(world: World, file: str, database: Database, name: str) -> None:
    draw(database, put(database, file, files.pdf(), "application/pdf"))
    stranger = getattr(world, name).sign_in()
    for path in (f"{file}/view", f"{file}/pages/1.png"):
        assert stranger.browser.get(path).status_code == 404
    assert world.app is not None
    assert world.app.test_client().get(f"{file}/pages/1.png").status_code == 302


def test_a_page_belongs_to_the_case_it_is_asked_from(world: World, case: str, file: str, database: Database) -> None:
    draw(database, put(database, file, files.pdf(), "application/pdf"))
    for bent in (f"{file}/pages/0.png", f"{file}/pages/2.png", f"{case}/files/{uuid.uuid4()}/pages/1.png"):
        assert world.olga.browser.get(bent).status_code == 404


def test_beside_the_facts_stands_the_chosen_document_or_the_first(
    world: World, case: str, file: str, database: Database
) -> None:
    assert world.app is not None
    with world.app.test_request_context(), transaction(database, writing=False):
        review = finders.get_review(_key(case), actor=SYSTEM)
        laid = desk.lay_out(review, naming.names(), actor=SYSTEM)
        shown = [*laid.papers, *(paper for item in laid.items for paper in item.papers)]
        last = [str(paper.attachment.id) for paper in shown if paper.attachment][-1]
        first, chosen = viewing.beside(review, shown), viewing.beside(review, shown, chosen=last)
        assert first is not None
        assert chosen is not None
        assert str(chosen.attachment.id) == last
        assert first.attachment == first.papers[0].attachment
        assert viewing.beside(review, shown, chosen="nothing") == first
        assert viewing.beside(review, []) is None
