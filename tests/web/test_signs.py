"""Signs that are no letters: one that ends a text, and those that turn the direction in which a page is read."""

from __future__ import annotations

import re

from tests.factories.world import World
from tests.journeys.roads import file_bytes, open_case, packed, state

SOMEWHERE = "01a203cf-467a-7306-be27-53e6c92c056f"


def test_a_nul_is_refused_kindly_wherever_it_stands(world: World) -> None:
    """PostgreSQL stores no NUL: before the edge refused it, each of these was a mistake of ours there."""
    world.anna.get("/packages")
    for path in ("/packages?search=%00", f"/people?cursor={SOMEWHERE}~%00", "/measures?q=a%00"):
        assert world.anna.browser.get(path).status_code == 400, path
    assert world.anna.post("/mandates/new", broker_unp="\0").status_code == 400
    assert world.anna.post("/account/keys", label="a\0b", scopes="read").status_code == 400
    where = file_bytes(world.vera, packed("bicycles").xml, "p.xml")
    case = open_case(world.maria, state(world.vera, where)["number"])
    world.maria.get(case)
    assert world.maria.submit("/decide", rest="yes", note="a\0b").status_code == 400
    assert state(world.vera, where)["status"] == "under-review"


def test_nothing_turns_the_reading_direction_of_an_officers_page(world: World) -> None:
    """A description that begins with a right-to-left override would show its figures and the words behind it mirrored."""
    body, found = re.subn(
        rb"(<Commodity>.{0,400}?<Description>|<Description>)", b"\\1\xe2\x80\xae", packed("bicycles").xml, flags=re.S
    )
    assert found
    where = file_bytes(world.vera, body, "p.xml")
    number = state(world.vera, where)["number"]
    queue = world.maria.get("/queue").text
    case = world.maria.get(open_case(world.maria, number)).text
    for page in (queue, case, world.vera.get(where).text, world.vera.get("/packages").text):
        assert number in page
        assert "\u202e" not in page
        assert "\ufffd" in page
    assert b"\xe2\x80\xae" in world.vera.browser.get(f"{where}/declaration.xml").data
