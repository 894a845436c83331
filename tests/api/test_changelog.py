"""The file of changes: its form is judged, its newest day is the version that answers, its feeds say all of it."""

from __future__ import annotations

import pytest
from lxml import etree

from app.api import changelog, dating
from app.api.changelog import ChangelogBroken

pytestmark = pytest.mark.pure
GOOD = "## 2026-11-22\n\n- added `x`\n  - en: a\n  - be: b\n  - ru: c\n"


def test_every_version_has_its_day() -> None:
    days = {str(one.on) for one in changelog.entries()}
    assert set(dating.VERSIONS) <= days
    assert list(dating.VERSIONS) == sorted(dating.VERSIONS, reverse=True)
    assert dating.VERSIONS[0] == dating.CURRENT


def test_an_entry() -> None:
    (one,) = changelog.read(GOOD)
    assert (one.id, one.kind, one.subject, one.text) == (
        "2026-11-22-added-x", "added", "x", {"en": "a", "be": "b", "ru": "c"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("  - be: b\n", ""),
        GOOD.replace("added", "invented"),
        GOOD.replace("## 2026-11-22\n", ""),
        GOOD + "- added `x`\n  - en: a\n  - be: b\n  - ru: c\n",
        GOOD + GOOD.replace("22", "23"),
        GOOD.replace("  - be: b", "  - be:"),
    ],
)
def test_a_file_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ChangelogBroken):
        changelog.read(text)


def test_the_feeds_say_every_change() -> None:
    ids = [one.id for one in changelog.entries()]
    feed = changelog.as_feed("https://akno.example")
    assert [one["id"] for one in feed["items"]] == ids
    assert all(set(one["_akno"]["texts"]) == {"be", "ru", "en"} for one in feed["items"])
    atom = etree.fromstring(changelog.as_atom("https://akno.example"))
    assert [one.text.rpartition("#")[2] for one in atom.findall("{*}entry/{*}id")] == ids
