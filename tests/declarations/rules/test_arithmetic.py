"""Check digits and units that rules compute themselves, against published examples."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.declarations.package import Quantity
from app.declarations.rules.declaring import plain
from app.declarations.rules.environment import _cas_holds, basel_codes, ozone_headings
from app.declarations.rules.measures import in_kg
from app.declarations.rules.transport import check_digit
from app.identity.unp import has_shape, holds


@pytest.mark.parametrize("unp", ["200988541", "190142358", "191678343", "MA1953684"])
def test_real_looking_holds(unp: str) -> None:
    assert has_shape(unp)
    assert holds(unp)


@pytest.mark.parametrize("unp", ["200988542", "MA1953685"])
def test_a_mistyped_unp_does_not_hold(unp: str) -> None:
    assert has_shape(unp)
    assert not holds(unp)


@pytest.mark.parametrize("text", ["", "20098854", "2009885411", "800988541", "20098854X", "٢٠٠٩٨٨٥٤١", "QQ1953684"])
def test_what_is_not_written_like_a_unp_is_told_so(text: str) -> None:
    assert not has_shape(text)


@pytest.mark.parametrize("number", ["CSQU3054383", "MSKU6011672", "TCNU4471909"])
def test_container_check_digit(number: str) -> None:
    assert check_digit(number) == int(number[10])


def test_cas_check_digit_of_hfc_134a_and_water() -> None:
    assert _cas_holds("81197", 2)
    assert _cas_holds("773218", 5)
    assert not _cas_holds("81197", 3)


def test_masses_are_compared_in_kilograms_and_written_plainly() -> None:
    assert in_kg(Quantity(Decimal("1.5"), "TNE")) == Decimal(1500)
    assert in_kg(Quantity(Decimal(1), "LTR")) is None
    assert in_kg(None) is None
    assert [plain(Decimal(text)) for text in ("1.500", "100", "0.0", "1E+3")] == ["1.5", "100", "0", "1000"]


def test_code_sets_of_the_environment_are_not_empty() -> None:
    assert {"B3011", "Y48", "A1181"} <= set(basel_codes())
    assert {"290345", "382763"} <= ozone_headings()
    assert "271112" not in ozone_headings()
