"""What the data already say is not asked again."""

import pytest

from app.requirements import deriving
from app.requirements.compiling import CompiledEdition
from tests.requirements.facts_made import DAY


def carriage(edition: CompiledEdition, **facts: str) -> deriving.Derived:
    return deriving.from_carriage(edition, on=DAY, **{"direction": "import", **facts})  # type: ignore[arg-type]


def item(edition: CompiledEdition, code: str = "8712003000", **facts: object) -> deriving.Derived:
    return deriving.from_goods(edition, pointer="42A/67A/68A[2]", code=code, **facts)  # type: ignore[arg-type]


def test_a_belarusian_lorry_settles_the_carrier(edition: CompiledEdition) -> None:
    derived = carriage(edition, mode="3", nationality="BY", departure="CN")
    assert derived.flags == frozenset()
    assert {"FOREIGN_CARRIER", "VEHICLE_EU", "THIRD_COUNTRY_CARRIAGE"} <= derived.settled


def test_a_polish_lorry_from_china_is_foreign_from_the_eu_and_from_a_third_country(edition: CompiledEdition) -> None:
    derived = carriage(edition, mode="31", nationality="PL", departure="CN")
    assert derived.flags == {"FOREIGN_CARRIER", "VEHICLE_EU", "THIRD_COUNTRY_CARRIAGE"}
    assert derived.evidence["FOREIGN_CARRIER"] == ("42A/15A/T014", "PL")


def test_a_polish_lorry_from_poland_is_not_from_a_third_country(edition: CompiledEdition) -> None:
    assert "THIRD_COUNTRY_CARRIAGE" in carriage(edition, nationality="PL", departure="PL").settled


def test_nothing_said_settles_nothing(edition: CompiledEdition) -> None:
    derived = carriage(edition)
    assert derived.flags == derived.settled == frozenset()


@pytest.mark.parametrize("mode", ["2", "20", "4", "40"])
def test_goods_that_do_not_go_by_road_are_not_asked_about_roads(edition: CompiledEdition, mode: str) -> None:
    assert carriage(edition, mode=mode, nationality="PL").settled == deriving.CARRIAGE
    assert "ADR" in item(edition, undg=["1203"], road=deriving.by_road(mode)).settled


def test_un_numbers_prove_dangerous_goods(edition: CompiledEdition) -> None:
    derived = item(edition, undg=["1203", "1993"])
    assert derived.evidence["ADR"] == ("42A/67A/68A[2]/23A/12C/506", "1203 1993")
    assert "ADR" in item(edition).settled


def test_packages_prove_wood_rule_it_out_or_leave_it_open(edition: CompiledEdition) -> None:
    assert "WOOD_PACKAGING" in item(edition, packages=["CT", "8A"]).flags
    assert "WOOD_PACKAGING" in item(edition, packages=["CT", "BX"]).settled
    for silent in ([], ["PX", "CT"]):
        derived = item(edition, packages=silent)
        assert "WOOD_PACKAGING" not in derived.flags | derived.settled


def test_chapter_01_is_alive_bicycles_are_not(edition: CompiledEdition) -> None:
    assert "LIVE" in item(edition, "0102299100").flags
    assert "LIVE" in item(edition).settled
    assert "LIVE" not in item(edition, "9508100000").settled


def test_a_scientific_name_settles_the_appendix(edition: CompiledEdition) -> None:
    derived = item(edition, "0106120000", scientific_name="Naja naja")
    assert derived.flags & {"CITES_I", "CITES_II", "CITES_III"} == {"CITES_II"}
    assert "CITES_I" in derived.settled
    assert derived.evidence["CITES_II"][0].endswith("21A/346")
    # A genus with exceptions, or a name our sample does not hold, proves nothing: it is asked.
    for name in ("Agapornis roseicollis", "Rosa canina", ""):
        asked = item(edition, scientific_name=name)
        assert not (asked.flags | asked.settled) & {"CITES_I", "CITES_II", "CITES_III"}


@pytest.mark.parametrize(
    ("regime", "claimed"), [("", False), ("100", False), ("ОООО-ОО", False), ("200", True), ("ОООО-ПП", True)]
)
def test_preference_comes_from_the_duty_regime(edition: CompiledEdition, regime: str, claimed: bool) -> None:
    derived = item(edition, duty_regime=regime)
    assert ("PREFERENCE" in derived.flags) is claimed
    assert ("PREFERENCE" in derived.settled) is not claimed


def test_a_basel_code_says_which_waste_it_is(edition: CompiledEdition) -> None:
    derived = item(edition, "3915909000", basel_codes=["B3011"], operation="R3")
    assert derived.flags == {"WASTE_B3011", "WASTE_LISTB"}
    assert {"WASTE_Y48", "WASTE_A3210", "WASTE_FOR_DISPOSAL"} <= derived.settled
    unknown = item(edition, "3915909000", basel_codes=["Z999"], operation="D5")
    assert unknown.flags == {"WASTE_FOR_DISPOSAL"}
    assert "WASTE_Y48" not in unknown.settled
