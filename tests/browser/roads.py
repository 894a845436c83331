"""What a trader and an officer do in the browser, with or without JavaScript."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from lxml import etree

from app.cli.packing import Packed, sample
from app.clock import today
from app.declarations.schema import EXTENSION
from tests.browser.window import Visitor


def unfinished() -> Packed:
    """The package of journey (a) as a program left it: no answer to any question of the law, no file brought."""
    packed = sample("beef_flowers_pet", on=today())
    tree = etree.fromstring(packed.xml)
    for left_out in [*tree.findall(".//{*}AdditionalInformation"), *tree.findall(f".//{{{EXTENSION}}}Attachment")]:
        above = left_out.getparent()
        if above is not None:
            above.remove(left_out)
    return Packed(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"), packed.files)


def finish_and_send(trader: Visitor, packed: Packed, *, picturing: bool = False) -> str:
    """Bring the unfinished package, open it as a draft, mend everything in the form and send it; return its address."""
    page = trader.page
    keep = trader.keep if picturing else _no_picture
    trader.go("/file?lang=en")
    page.set_input_files("#package", {"name": "package.xml", "mimeType": "text/xml", "buffer": packed.xml})
    keep("upload")
    trader.press("/file")
    assert "/receipts/" in page.url
    keep("receipt-with-faults")
    trader.press("/open")
    address = page.url
    assert re.search(r"/packages/[0-9a-f-]{36}$", address), address
    keep("task-list")
    _answer(trader, address, keep)
    _bring_permits(trader, address, packed.files)
    trader.go(f"{address}/items/3")
    page.fill("input[name*=StatementDescription]", "R3")
    keep("goods-item")
    page.click("button[value=check]")
    assert page.locator("#faults").count() == 0, page.locator("#faults").inner_text()
    keep("check-answers")
    trader.press("/send")
    keep("package-registered")
    return address


def _no_picture(_picture: str) -> None:
    return None


def _bring_permits(trader: Visitor, address: str, files: dict[str, bytes]) -> None:
    page = trader.page
    left = dict(files)
    while True:
        trader.go(f"{address}/documents")
        wanted = page.locator("a[href*='type=']")
        if not wanted.count():
            return
        assert left, "a document is still asked for, and every file was brought"
        wanted.first.click()
        number = page.locator("input[name$='/ID']").first.input_value()
        name = next(one for one in left if number and number.replace("/", "-") in one)
        page.set_input_files("#file", {"name": name, "mimeType": "application/pdf", "buffer": left.pop(name)})
        page.click("button[value=list]")


def _answer(trader: Visitor, address: str, keep: Callable[[str], None]) -> None:
    trader.go(f"{address}/questions")
    questions = trader.page.locator("main fieldset")
    for place in range(questions.count()):
        question = questions.nth(place)
        for value in ("Y", "WASTE_B3011", "-"):
            choice = question.locator(f"input[value='{value}']")
            if choice.count():
                choice.check()
                break
    keep("questions")
    trader.press("/questions")


def open_case(officer: Visitor, number: str) -> None:
    """Find the package in the officer's queue and open its case."""
    officer.go("/queue?lang=en")
    officer.page.click(f"a:has-text('{number}')")


def approve(officer: Visitor, number: str) -> None:
    """Claim and approve every goods item with the mouse."""
    open_case(officer, number)
    officer.press("/claim")
    choices = officer.page.locator("input[value=approved]")
    for place in range(choices.count()):
        choices.nth(place).check()
    pay(officer)
    officer.page.click("#decision button.btn-primary")
    officer.page.wait_for_load_state()


def pay(officer: Visitor) -> None:
    """Say of the payments that they are made, where customs is asked for it."""
    if officer.page.locator("#payment_reference").count():
        officer.page.locator("input[name=payment][value=paid]").check()
        officer.page.fill("#payment_reference", "PP-17/2026")


def wait_for_paper(trader: Visitor, address: str) -> None:
    """Open the package again until the clearance can be downloaded."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        trader.go(address)
        if trader.page.locator("a[href$='/paper']").count():
            return
        trader.page.wait_for_timeout(200)
    raise AssertionError("the clearance was not drawn up within 90 s")
