"""The paper seen from outside: its text, its attachment, its claims, and that it fetches nothing."""

from __future__ import annotations

import io
import re
import shutil
import socket
import subprocess
import threading
from dataclasses import replace
from functools import cache

import pikepdf
import pytest
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from app.clearance import printing
from app.clearance.facts import ranges
from app.clearance.words import WORDS, left_language
from tests.clearance.sample import CANONICAL, facts


@cache
def sample() -> bytes:
    return printing.draw(facts(), CANONICAL)


def text_of(paper: bytes, *, layout: bool = False) -> str:
    command = ["pdftotext", *(["-layout"] if layout else []), "-", "-"]
    text = subprocess.run(command, input=paper, capture_output=True, check=True).stdout.decode()
    return re.sub(r"[^\S\f]+", " ", text)


def opened(paper: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(paper))


needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed (poppler-utils)")


@needs_poppler
def test_text_has_number_code_and_two_languages():
    text = text_of(sample())
    made = facts()
    for wanted in (made.number, made.code, made.registration_number, made.digest, "BMT-26-1187"):
        assert wanted in text
    for wanted in ("Ў ў І і", "Ялавічына без костак", "адобрана з умовамі", "approved with conditions", "2204"):
        assert wanted in text
    assert WORDS["title"]["be"] in text
    assert WORDS["title"]["en"] in text


@needs_poppler
def test_every_page_carries_number_and_count():
    made = facts(goods=tuple(replace(facts().goods[i % 3], number=i + 1) for i in range(100)))
    pages = text_of(printing.draw(made, CANONICAL)).split("\f")[:-1]
    assert len(pages) > 3
    for place, page in enumerate(pages, 1):
        assert made.number in page
        assert f"{place}/{len(pages)}" in page.replace(" ", "")


def test_attachment_is_the_canonical_xml_byte_for_byte():
    with opened(sample()) as document:
        assert list(document.attachments) == ["declaration.xml"]
        attached = document.attachments["declaration.xml"].get_file()
        assert attached.read_bytes() == CANONICAL
        assert attached.mime_type == "application/xml"
        assert len(document.Root.AF) == 1
        assert str(document.Root.AF[0].AFRelationship) == "/Source"


def test_claims_of_an_accessible_archive():
    with opened(sample()) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("be")
        assert len(document.Root.OutputIntents) == 1
        assert "/StructTreeRoot" in document.Root
        assert document.Root.ViewerPreferences.DisplayDocTitle
        metadata = document.Root.Metadata.read_bytes().decode()
    assert metadata.count("</rdf:RDF>") == 1
    for claim in ('part="3"', 'conformance="A"', "<pdfuaid:part>1</pdfuaid:part>", "pdfaExtension:schemas"):
        assert claim in metadata


def test_fonts_are_embedded():
    with opened(sample()) as document:
        fonts = [
            thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/FontDescriptor" in thing
        ]
        assert fonts
        for font in fonts:
            assert {"/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys())
        names = {str(font.BaseFont) for font in fonts}
    assert all(any(family in name for family in ("PT-S", "PT-M", "PTS", "DejaVu")) for name in names), names


def test_pictures_have_words():
    with opened(sample()) as document:
        alts = [
            str(thing.Alt) for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        ]
    assert any("4 з 4" in alt for alt in alts), alts
    assert any(facts().verify_url in alt for alt in alts)


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_structure_is_sound(tmp_path):
    file = tmp_path / "clearance.pdf"
    file.write_bytes(sample())
    assert subprocess.run(["qpdf", "--check", file], capture_output=True, check=False).returncode == 0


def test_the_same_facts_give_the_same_bytes():
    with opened(sample()) as first, opened(printing.draw(facts(), CANONICAL)) as second:
        assert [page.Contents.read_bytes() for page in first.pages] == [
            page.Contents.read_bytes() for page in second.pages
        ]
    assert sample() == printing.draw(facts(), CANONICAL)


@pytest.fixture
def listener():
    """A loopback listener that remembers who knocked."""
    knocked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        ending = threading.Event()

        def listen():
            while not ending.is_set():
                try:
                    server.accept()[0].close()
                    knocked.append(True)
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], knocked
        ending.set()
        thread.join()


EVIL = (
    '<img src="http://127.0.0.1:{port}/a.png"><link rel=attachment href=file:///etc/passwd>'
    "<style>@import url(http://127.0.0.1:{port}/b.css)</style><script>1</script></td><h1>APPROVED</h1>"
    "{{{{ 7 * 7 }}}}{{% include 'base.html' %}}<iframe src=http://127.0.0.1:{port}></iframe>"
)


@needs_poppler
def test_markup_of_a_trader_prints_literally_and_fetches_nothing(listener):
    port, knocked = listener
    evil = EVIL.format(port=port)
    made = facts()
    judged = replace(made.sign_offs[0].judgements[0], conditions=evil, ground=evil)
    made = facts(
        goods=(replace(made.goods[0], description=evil),),
        parties=(replace(made.parties[0], name=evil, address=evil),),
        sign_offs=(replace(made.sign_offs[0], post=evil, judgements=(judged,)),),
        reference=evil,
    )
    paper = printing.draw(made, CANONICAL)
    text = "".join(text_of(paper).split())
    for literal in ("<h1>APPROVED</h1>", "{{7*7}}", "file:///etc/passwd", f"127.0.0.1:{port}"):
        assert literal in text
    assert not knocked
    with opened(paper) as document:
        assert list(document.attachments) == ["declaration.xml"]


def test_even_unescaped_markup_fetches_nothing(listener):
    """The second wall: were the escaping ever lost, the fetcher still opens nothing and the drawing stops."""
    port, knocked = listener
    for address in (f"http://127.0.0.1:{port}/a.png", "file:///etc/passwd", "data:image/png;base64,AAAA", "akno:other"):
        with pytest.raises(FatalURLFetchingError):
            HTML(string=f'<img src="{address}">', url_fetcher=printing.Bundle({})).write_pdf()
    assert not knocked


@needs_poppler
def test_hostile_words_keep_the_page():
    made = facts(
        goods=(
            replace(facts().goods[0], description="Ш" * 512),
            replace(facts().goods[1], description="a\u202egnp.exe\u200b\x07 e" + "\u0301" * 40),
        )
    )
    paper = printing.draw(made, CANONICAL)
    text = text_of(paper)
    assert text.count("Ш") >= 512
    assert "\u202e" not in text
    with opened(paper) as document:
        assert len(document.pages) <= 3


@pytest.mark.parametrize("asked", [1, 2, 3, 4, 5, 6, 7])
def test_window_has_a_pane_for_each_agency(asked):
    one = facts().sign_offs[0]
    refused = replace(one, judgements=(replace(one.judgements[0], outcome="refused"),))
    drawn = printing.window(facts(sign_offs=(refused, *[one] * (asked - 1)))).decode()
    assert drawn.count("#ffd166") == asked - 1
    assert drawn.count("#e76f51") == 1
    assert drawn.count("<line") == 1


@needs_poppler
def test_refused_items_are_named():
    made = facts()
    text = text_of(printing.draw(facts(goods=(replace(made.goods[0], result="refused"), *made.goods[1:])), CANONICAL))
    assert "Items not released: 1." in text
    assert "Released items: 2–3." in text


@needs_poppler
@pytest.mark.parametrize(("sender", "left"), [("be", "be"), ("ru", "ru"), ("en", "ru"), ("", "ru")])
def test_left_column_speaks_the_senders_language(sender, left):
    assert left_language(sender) == left
    assert WORDS["title"][left] in text_of(printing.draw(facts(left=left_language(sender)), CANONICAL))


def test_words_are_whole():
    for key, text in WORDS.items():
        assert set(text) == {"be", "ru", "en"}, key
        assert all(text.values()), key


def test_ranges_read_shortly():
    assert ranges([5, 1, 2, 3]) == "1–3, 5"
    assert ranges([]) == ""
    assert ranges([7]) == "7"
