"""``flask check-package``: exit codes and the shape of its answer, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.check_package import command
from app.intake.bundling import zipped

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
ON = ("--on", "2026-11-22")
BICYCLES = SAMPLES / "packages" / "bicycles.xml"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, *ON])


def test_a_clean_package_gives_nought_and_says_who_will_be_asked() -> None:
    answer = run(str(BICYCLES), "--json")
    assert answer.exit_code == 0
    told = json.loads(answer.stdout)
    assert (told["verdict"], told["count"], told["faults"], told["missing"]) == ("clean", 0, [], [])
    assert [one["agency"] for one in told["agencies"]] == ["BY-GTK"]
    assert "UNP-UNKNOWN" in told["not_asked"]
    assert told["agencies_not_asked"]


def test_faults_give_one_and_say_line_path_pointer_value_remedy_and_field() -> None:
    answer = run(str(SAMPLES / "faults" / "GROSS-BELOW-NET.xml"), "--json")
    assert answer.exit_code == 1
    (fault,) = json.loads(answer.stdout)["faults"]
    assert fault["code"] == "GROSS-BELOW-NET"
    assert fault["line"] > 100
    assert fault["path"].endswith("GovernmentAgencyGoodsItem[2]/Commodity/GoodsMeasure/GrossMassMeasure")
    assert fault["pointer"] == "42A/67A/68A[2]/23A/65A/126"
    assert fault["value"] == "620"
    assert fault["field"] == fault["path"].removeprefix("/Declaration/")
    assert set(fault["remedy"]) == {"be", "ru", "en"}


def test_people_read_lines_in_their_language_and_what_was_not_asked() -> None:
    answer = run(str(SAMPLES / "faults" / "LRN-MISSING.xml"), "--lang", "be")
    assert answer.exit_code == 1
    assert "нумара (LRN)" in answer.stdout
    assert "UNP-UNKNOWN" in answer.stdout


@pytest.mark.parametrize("data", [b"", b"not xml at all", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<a/>"])
def test_what_is_no_package_gives_two(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "file.xml"
    file.write_bytes(data)
    answer = run(str(file), "--json")
    assert answer.exit_code == 2
    told = json.loads(answer.stdout)
    assert told["verdict"] == "unreadable"
    assert [fault["code"] for fault in told["faults"]] == [told["code"]]
    assert told["agencies"] == []


def test_a_file_that_is_not_there_gives_two_and_says_so(tmp_path: Path) -> None:
    answer = run(str(tmp_path / "none.xml"), "--json")
    assert answer.exit_code == 2
    assert "none.xml" in answer.stderr
    assert answer.stdout == ""


def test_a_zip_is_checked_like_the_xml_within(tmp_path: Path) -> None:
    file = tmp_path / "package.zip"
    file.write_bytes(zipped({"declaration.xml": BICYCLES.read_bytes()}))
    told, bare = (json.loads(run(str(one), "--json").stdout) for one in (file, BICYCLES))
    assert (told["verdict"], told["container"], bare["container"]) == ("clean", "zip", "xml")
    assert {name: told[name] for name in ("agencies", "missing", "lrn")} == {
        name: bare[name] for name in ("agencies", "missing", "lrn")
    }


def test_several_files_give_a_line_each_and_the_worst_code() -> None:
    answer = run(str(BICYCLES), str(SAMPLES / "faults" / "LRN-MISSING.xml"), "--json")
    assert answer.exit_code == 1
    assert [json.loads(line)["verdict"] for line in answer.stdout.splitlines()] == ["clean", "faults"]


def test_a_wco_message_in_its_envelope_is_checked_alike(tmp_path: Path) -> None:
    inside = BICYCLES.read_text("utf-8").partition("?>")[2]
    inside = inside.replace("urn:akno:declaration:1.0", "urn:wco:datamodel:WCO:DEC-DMS:2")
    file = tmp_path / "message.xml"
    file.write_text(
        f'<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">{inside}</md:MetaData>', "utf-8"
    )
    assert run(str(file), "--json").exit_code == 0
