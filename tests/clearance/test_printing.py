"""The paper seen from outside: its text, its attachment, its claims, and that it fetches nothing."""

from __future__ import annotations

import io
import json
import re
import shutil
import socket
import subprocess
import threading
from dataclasses import replace
from functools import cache

import pikepdf
import pypdfium2
import pytest
import segno
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from app.clearance import pictures, printing
from app.clearance.facts import EarlierFacts, JudgementFacts, ranges
from app.clearance.words import WORDS, left_language
from tests.clearance.sample import AT, CANONICAL, facts, signature


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
        assert list(document.attachments) == ["decision.json", "declaration.xml"]
        attached = document.attachments["declaration.xml"].get_file()
        assert attached.read_bytes() == CANONICAL
        assert attached.mime_type == "application/xml"
        assert len(document.Root.AF) == 2
        kinds = {str(one.UF): str(one.AFRelationship) for one in document.Root.AF}
        assert kinds == {"declaration.xml": "/Source", "decision.json": "/Data"}
        decided = document.attachments["decision.json"].get_file()
        assert decided.mime_type == "application/json"
        assert json.loads(decided.read_bytes())["package"]["canonical_sha256"] == facts().digest


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
    assert any("4 з 4" in alt and "Мытня" in alt for alt in alts), alts
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
    judged = replace(made.sign_offs[0].signatures[0].judgements[0], conditions=evil, ground=evil, appeal=evil)
    signed = signature(evil, "1", judged, how="countersigned", second_post=evil, payment="paid", payment_reference=evil)
    made = facts(
        goods=(replace(made.goods[0], description=evil),),
        parties=(replace(made.parties[0], name=evil, address=evil),),
        sign_offs=(replace(made.sign_offs[0], signatures=(signed,)),),
        reference=evil,
    )
    paper = printing.draw(made, CANONICAL)
    text = "".join(text_of(paper).split())
    for literal in ("<h1>APPROVED</h1>", "{{7*7}}", "file:///etc/passwd", f"127.0.0.1:{port}"):
        assert literal in text
    assert not knocked
    with opened(paper) as document:
        assert list(document.attachments) == ["decision.json", "declaration.xml"]


def test_even_unescaped_markup_fetches_nothing(listener):
    """The second wall: were the escaping ever lost, the fetcher still opens nothing and the drawing stops."""
    port, knocked = listener
    for address in (f"http://127.0.0.1:{port}/a.png", "file:///etc/passwd", "data:image/png;base64,AAAA", "akno:other"):
        with pytest.raises(FatalURLFetchingError):
            HTML(string=f'<img src="{address}">', url_fetcher=printing.Bundle({})).write_pdf()
    assert not knocked


def test_the_code_on_the_page_is_the_code_of_the_address_and_its_claims():
    """Each module as the page shows it, in the place where the page says its picture is."""
    made = facts(claims="1~abc~BY-CLR-261122-0000418-6~1-3~3~3~13200.5~202611220914~06611~" + "Zx9_-" * 17)
    wanted = segno.make(f"{made.verify_url}#c={made.claims}", error="m", micro=False, mask=pictures.MASK).matrix
    page = pypdfium2.PdfDocument(printing.draw(made, CANONICAL))[0]
    across = page.get_width() * 25.4 / 72
    scale = 12
    shown = page.render(scale=scale * 25.4 / 72, grayscale=True).to_pil()
    box = _dark(shown.crop((int((across - 15 - 30.5) * scale), 0, int((across - 14.5) * scale), 48 * scale)))
    module = box.width / len(wanted)
    assert abs(box.width - 30 * scale) <= 2
    assert abs(box.height - box.width) <= 2
    for y, row in enumerate(wanted):
        for x, dark in enumerate(row):
            assert (box.getpixel((int((x + 0.5) * module), int((y + 0.5) * module))) < 128) == bool(dark), (x, y)


def _dark(picture):
    return picture.crop(picture.point(lambda value: 255 if value < 128 else 0).getbbox())


@needs_poppler
def test_names_from_the_registers_that_no_xml_may_hold_do_not_stop_the_paper():
    """A trader's words go through ``said``; the name of an office or agency is ours and may still carry a slip of the hand."""
    odd = {language: f"Каменны\x0b Лог\ufffe \ud800 & <b>\n</b> {language}" for language in ("be", "ru", "en")}
    text = text_of(printing.draw(facts(office=odd), CANONICAL))
    assert "Каменны\ufffd Лог" in text
    assert "<b>" in text


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
    refused = replace(one, signatures=(signature("", "", JudgementFacts((1,), "refused", "", "")),))
    drawn = pictures.window(facts(sign_offs=(refused, *[one] * (asked - 1)))).decode()
    assert drawn.count("#ffd166") == asked - 1
    assert drawn.count("#e76f51") == 1
    assert drawn.count("<line") == 1
    waiting = pictures.window(facts(sign_offs=(replace(one, signatures=()), *[one] * (asked - 1)))).decode()
    assert waiting.count("#ffd166") == asked - 1
    assert waiting.count("<circle") == 1


@needs_poppler
def test_refused_items_are_named():
    made = facts()
    text = text_of(printing.draw(facts(goods=(replace(made.goods[0], result="refused"), *made.goods[1:])), CANONICAL))
    assert "Items not released: 1." in text
    assert "Released items: 2–3." in text


def in_part():
    """The second of several releases: item 1 has gone, item 2 goes now, item 3 waits, a fourth one is refused."""
    made = facts()
    beef, roses, pet = made.goods
    vets, plants, nature, customs = made.sign_offs
    refusal = JudgementFacts((4,), "refused", "", "Закон, арт. 7", "Галоўны інспектар, +375 17 200-00-00", 30)
    return facts(
        serial=2,
        replaces="BY-CLR-261122-0000419-4",
        goods=(
            replace(beef, result="earlier", by="BY-CLR-261121-0000007-3"),
            replace(roses, result="conditions"),
            replace(pet, result="held", waits=nature.agency_name),
            replace(beef, number=4, result="refused"),
        ),
        earlier=(EarlierFacts("BY-CLR-261121-0000007-3", (1,), AT),),
        sign_offs=(
            replace(vets, signatures=(vets.signatures[0], signature("Інспектар", "0413", refusal))),
            replace(plants, signatures=(replace(
                plants.signatures[0], how="countersigned", second_post="Начальнік аддзела", second_number="1101"),)),
            replace(nature, signatures=()),
            customs,
        ),
    )  # fmt: skip


@needs_poppler
def test_one_release_of_several_says_what_goes_what_went_and_what_waits():
    text = " ".join(text_of(printing.draw(in_part(), CANONICAL), layout=True).split())
    for wanted in (
        "Частковы выпуск 2 / Partial release 2", "Released items: 2.", "Items not released: 3–4.",
        "BY-CLR-261121-0000007-3", "In place of clearance", "BY-CLR-261122-0000419-4", "выпушчана раней",
        "waits for", "другая службовая асоба", "1101", "Рашэння яшчэ няма", "Закон, арт. 7", "+375 17 200-00-00",
        "within days: 30", "secured", "ГС-2026/77", "have checked", "1 · 1 200,5",
    ):  # fmt: skip
        assert wanted.replace("have checked", "has checked them") in text.replace("\u202f", " "), wanted
    assert "has checked it." not in text
    assert "the last one" not in text


@needs_poppler
def test_the_last_release_says_so_and_a_whole_one_says_nothing_of_parts():
    made = in_part()
    last = replace(made, goods=(*made.goods[:2], made.goods[3]))
    assert "Partial release 2, the last one" in " ".join(text_of(printing.draw(last, CANONICAL)).split())
    assert "Partial release" not in text_of(sample())
    assert "Released items: 1–3." in text_of(sample())


def test_a_paper_in_part_is_an_accessible_archive_too(tmp_path):
    paper = printing.draw(in_part(), CANONICAL)
    with opened(paper) as document:
        assert document.Root.MarkInfo.Marked
        assert document.attachments["declaration.xml"].get_file().read_bytes() == CANONICAL
    if shutil.which("qpdf"):
        file = tmp_path / "part.pdf"
        file.write_bytes(paper)
        assert subprocess.run(["qpdf", "--check", file], capture_output=True, check=False).returncode == 0


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


@needs_poppler
def test_a_paper_of_test_mode_says_so_in_three_languages_and_is_marked_on_each_page():
    made = facts(goods=tuple(replace(facts().goods[i % 3], number=i + 1) for i in range(60)))
    marked, plain = (printing.draw(replace(made, test=test), CANONICAL) for test in (True, False))
    text = text_of(marked)
    for language in ("be", "ru", "en"):
        assert WORDS["test_text"][language] in text
        assert WORDS["test_text"][language] not in text_of(plain)
    with opened(marked) as pdf, opened(plain) as other:
        # The mark is drawn, not written: what is read from the rest of the paper stays what it was.
        assert len(pdf.pages) >= len(other.pages) > 1
        strokes = [b"TEST" if _mark(page) else b"" for page in pdf.pages]
        assert strokes == [b"TEST"] * len(pdf.pages)
        assert not any(_mark(page) for page in other.pages)


def test_a_paper_of_the_demonstration_says_so_on_each_page():
    made = facts(goods=tuple(replace(facts().goods[i % 3], number=i + 1) for i in range(60)))
    marked, plain = (text_of(printing.draw(replace(made, demonstration=toy), CANONICAL)) for toy in (True, False))
    pages = marked.count("\f") or 1
    assert marked.count("ДЭМАНСТРАЦЫЯ · ДЕМОНСТРАЦИЯ · DEMONSTRATION") == pages > 1
    for language in (made.left, "en"):
        assert WORDS["demonstration_text"][language].split(":")[0] in marked
    assert "DEMONSTRATION" not in plain


def _mark(page: pikepdf.Page) -> bool:
    """Whether the colour of the mark is drawn on a page, in its own stream or in a form it shows."""
    colour = b"0.964706 0.886275 0.862745"
    forms = [stream.read_bytes() for stream in page.obj.get("/Resources", {}).get("/XObject", {}).values()]
    parts = page.obj.Contents if isinstance(page.obj.Contents, pikepdf.Array) else [page.obj.Contents]
    return any(colour in data for data in [*forms, *(part.read_bytes() for part in parts)])
