"""The mended samples: each is its faulty one after the repair, clean, and handed out beside it; any sample can be run."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.declarations import parsing
from app.declarations.rules.catalogue import rules
from tests.declarations.rules.test_samples import faults
from tests.samples.mended.making import FOLDER, mended


@pytest.mark.pure
@pytest.mark.parametrize("code", rules())
def test_a_mended_sample_is_clean_and_current(code: str) -> None:
    data = (FOLDER / f"{code}.xml").read_bytes()
    assert data == mended(code), "write them anew: python -m tests.samples.mended"
    tree = parsing.parse(data).tree
    assert tree is not None
    assert faults(tree) == []


@pytest.mark.pure
def test_there_is_one_for_each_rule() -> None:
    assert {path.stem for path in FOLDER.glob("*.xml")} == set(rules())


def test_both_are_handed_out_and_run(client: FlaskClient) -> None:
    page = client.get("/rules", headers={"Accept-Language": "en"}).text
    for code, rule in list(rules().items())[::9]:
        broken, whole = client.get(f"/rules/{code}.xml"), client.get(f"/rules/{code}.mended.xml")
        assert (broken.status_code, whole.status_code) == (200, 200)
        assert whole.data == mended(code)
        assert (f"/check?sample={code}" in page) == (rule.needs != "registry")
        if rule.needs != "registry":
            assert code in client.get(f"/check?sample={code}", headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize("address", ["/rules/NOPE.xml", "/rules/NOPE.mended.xml", "/check?sample=NOPE", "/check?sample=../faults/LRN-USED"])  # fmt: skip
def test_a_code_that_is_none(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404
