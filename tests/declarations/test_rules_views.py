"""The public catalogue page says what the functions say."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from lxml import etree

from app.declarations.rules.catalogue import rules
from app.declarations.rules_views import dotted


@pytest.mark.parametrize("language", ["be", "ru", "en"])
def test_the_page_shows_every_rule_in_the_readers_language_under_its_anchor(client: FlaskClient, language: str) -> None:
    answer = client.get("/rules", headers={"Accept-Language": language})
    assert answer.status_code == 200
    page = etree.HTML(answer.get_data(as_text=True))
    for code, rule in rules().items():
        (entry,) = page.xpath("//li[@id=$code]", code=code)
        words = " ".join("".join(entry.itertext()).split())
        for text in (rule.message, rule.remedy):
            assert " ".join(dotted(text)[language].split()) in words
    assert page.xpath("//li[@id='DOC-MISSING']")


def test_the_sample_of_a_rule_can_be_fetched_as_a_file(client: FlaskClient) -> None:
    answer = client.get("/rules/GROSS-BELOW-NET.xml")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert etree.fromstring(answer.get_data()).tag.endswith("Declaration")


@pytest.mark.parametrize("code", ["NO-SUCH-RULE", "repairs", "..%2Frepairs"])
def test_what_is_no_rule_has_no_sample(client: FlaskClient, code: str) -> None:
    assert client.get(f"/rules/{code}.xml").status_code == 404
