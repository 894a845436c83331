"""The public answer before filing, and the command that prints it."""

import json

from click.testing import CliRunner

from app.cli.requirements import group
from app.requirements.compiling import CompiledEdition
from app.requirements.showing import MOST_BEGINNINGS, narrower, outcome_for, requirements_for
from tests.requirements.facts_made import DAY


def test_beef_from_ukraine_is_shown_with_lanes_documents_and_reasons(edition: CompiledEdition) -> None:
    found = requirements_for(edition, hs="0201 30 000 0", direction="import", origin="ua", procedure="40", on=DAY)
    assert [lane["agency"] for lane in found["triggered"]] == ["BY-DVPN", "BY-GTK"]
    assert found["questions"] == []
    assert {"01202", "01201", "10060"} <= {
        code for document in found["documents"] for way in document["one_of"] for code in way
    }
    assert all(entry["reasons"][0]["text"]["be"] for entry in found["not_triggered"])
    json.dumps(found)


def test_bicycles_are_shown_without_a_question(edition: CompiledEdition) -> None:
    found = requirements_for(edition, hs="8712003000", direction="import", origin="CN", procedure="40", on=DAY)
    assert found["questions"] == []
    assert [lane["agency"] for lane in found["triggered"]] == ["BY-GTK"]


def test_a_flag_said_yes_changes_the_answer(edition: CompiledEdition) -> None:
    asked = {"hs": "8418108001", "direction": "import", "origin": "CN", "procedure": "40", "on": DAY}
    before = requirements_for(edition, **asked)  # type: ignore[arg-type]
    after = requirements_for(edition, **asked, flags=["USED"])  # type: ignore[arg-type]
    assert "BY-MPR" not in [lane["agency"] for lane in before["triggered"]]
    assert "BY-MPR" in [lane["agency"] for lane in after["triggered"]]


def test_a_short_code_names_the_agencies_of_the_longer_ones(edition: CompiledEdition) -> None:
    """ "No measure covers 02" is true and misleads: one covers 0201."""

    def told(code: str) -> dict[str, list[str]]:
        outcome = outcome_for(edition, hs=code, direction="import", procedure="40", on=DAY)
        found = narrower(outcome, edition, code=code, direction="import", on=DAY)
        assert all(len(one["codes"]) <= MOST_BEGINNINGS for one in found)
        return {one["agency"]: one["codes"] for one in found}

    assert "0201" in told("02")["BY-DVPN"]
    assert "BY-DVPN" not in told("0201"), "it is asked already"
    assert told("0201300000") == {}


def test_the_command_prints_json_and_plain_words() -> None:
    words = ["show", "--hs", "0201300000", "--direction", "import", "--origin", "UA", "--procedure", "40"]
    told = CliRunner().invoke(group, [*words, "--on", "2026-11-22", "--json"])
    assert told.exit_code == 0, told.output
    assert {"triggered", "not_triggered", "questions", "documents"} <= set(json.loads(told.output))
    plain = CliRunner().invoke(group, [*words, "--flag", "USED", "--no", "FEED"])
    assert plain.exit_code == 0
    assert "BY-DVPN Veterinary supervision (signs): VET-007" in plain.output
