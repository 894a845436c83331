"""What an accreditation gives: stated in data, never where a prohibition or a permit is at stake. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.requirements import packaged
from app.traders import advantages, kinds
from app.traders.advantages import Held, Scope, advantages_of
from app.traders.reading import MOST_FACILITIES, Terms, amount_of, day_of, faults_of, months_after, scope_of

pytestmark = pytest.mark.pure
AEO, ENV, REC = (kinds.get_kind(code) for code in ("aeo", "environmental-compliance", "recycler"))
TODAY = date(2026, 11, 23)


def held(kind: str = "aeo", type_code: str = "2", **scope: tuple[str, ...]) -> Held:
    return Held(
        kind, type_code, "BY/X/2026/00001", Scope(**scope), date(2030, 1, 1), tuple(advantages_of(kind, type_code))
    )


def test_every_kind_and_advantage_is_said_three_times_with_its_source() -> None:
    texts = [text for kind in kinds.kinds().values() for text in (kind.title, kind.summary)]
    texts += [text for kind in kinds.kinds().values() for one in kind.criteria for text in (one.title, one.hint)]
    texts += [
        text
        for kind in kinds.kinds().values()
        for one in advantages_of(kind.code, "2")
        for text in (one.title, one.words)
    ]
    for text in texts:
        assert set(text) == {"be", "ru", "en"}
        assert all(text.values())
    for kind in kinds.kinds().values():
        assert kind.source
        assert all(one.source for one in kind.criteria)
        assert {one.code for one in advantages_of(kind.code, "1")} <= set(advantages.CODES)
        for step in ("refuse", "suspend", "revoke"):
            assert kinds.grounds(kind.code, step)
            assert all(set(one.law) == {"be", "ru", "en"} for one in kinds.grounds(kind.code, step))


def test_each_type_of_operator_answers_its_own_conditions() -> None:
    asked = {type_code: {one.code for one in AEO.asks(type_code)} for type_code in AEO.types}
    assert "AEO-GUARANTEE" in asked["1"]
    assert "AEO-GUARANTEE" not in asked["2"]
    assert "AEO-HOLDER" in asked["3"]
    assert {"AEO-DUTIES", "AEO-TAXES"} <= asked["1"] & asked["2"] & asked["3"]


def test_no_permit_or_certificate_is_ever_waived() -> None:
    """What is spared is a paper of trade: nothing of the group of permits, nothing that an agency issues."""
    types = {row["code"]: row for row in packaged.table("document_types")}
    assert advantages.waivable()
    for code in advantages.waivable():
        assert types[code]["issuer_agency"] == "", code
        assert not types[code]["category"].startswith("Permits"), code
    assert advantages.waivable().isdisjoint({"01031", "01201", "01207", "01321", "01341", "01011"})


def test_the_best_counts_and_they_do_not_add_up() -> None:
    both = (held(), held("environmental-compliance", ""))
    assert advantages.points_off(both) == 30
    assert advantages.sooner(both) == Decimal("0.5")
    assert advantages.points_off(()) == 0
    assert advantages.sooner(()) == 1
    assert advantages.automatic((held(type_code="1"),)) is None, "type 1 is signed off by people"
    assert advantages.automatic((held(),)) is not None
    assert advantages.told_ahead((held("recycler", ""),)) is None


def test_an_advantage_reaches_as_far_as_its_scope() -> None:
    bikes = (held(goods=("8712", "95"), procedures=("40",)),)
    assert advantages.points_off(bikes, code="8712003000", procedure="4000") == 30
    assert advantages.points_off(bikes, code="0201300000") == 0
    assert advantages.points_off(bikes, code="8712003000", procedure="10") == 0
    assert advantages.waived(bikes, "03011", code="8712003000") is not None
    assert advantages.waived(bikes, "01031", code="8712003000") is None
    assert advantages.waived_codes(bikes, code="0201300000") == {}
    assert Scope(waste=("B3011",)).covers(waste="B3011")
    assert not Scope(waste=("B3011",)).covers(waste="Y48")


@given(st.builds(Scope, *(st.lists(st.text(max_size=8), max_size=4).map(tuple) for _ in range(4))))
def test_a_scope_is_read_back_as_it_was_stored(scope: Scope) -> None:
    assert Scope.from_dict(scope.as_dict()) == scope


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=120))
def test_whatever_is_typed_as_a_scope_is_read_or_named(
    goods: str, procedures: str, waste: str, facilities: str
) -> None:
    typed = {"goods": goods, "procedures": procedures, "waste": waste, "facilities": facilities}
    scope, faults = scope_of(typed, REC)
    assert scope.procedures == (), "the kind knows no procedures"
    assert all(code.isascii() and code.isdigit() for code in scope.goods)
    assert {fault.field for fault in faults} <= {"goods", "waste", "facilities"}
    assert len(scope.facilities) <= MOST_FACILITIES or faults


def test_a_recycler_says_which_waste_and_where() -> None:
    assert [one.code for one in scope_of({}, REC)[1]] == ["ACC-SCOPE-EMPTY"]
    assert scope_of({"waste": "B3011 y48", "facilities": "Цэх"}, REC)[1] == []
    assert [one.code for one in scope_of({"goods": "87x"}, AEO)[1]] == ["ACC-GOODS"]
    assert [one.code for one in scope_of({"procedures": "4000"}, AEO)[1]] == ["ACC-PROCEDURE"]


def test_every_box_of_a_grant_says_what_is_wrong() -> None:
    good = Terms(valid_from="23.11.2026", valid_until="22.11.2028")

    def codes(terms: Terms, type_code: str = "2") -> set[str]:
        return {one.code for one in faults_of(terms, AEO, type_code, TODAY)}

    assert codes(good) == set()
    assert codes(good, "1") == {"ACC-GUARANTEE", "ACC-AMOUNT", "ACC-CURRENCY"}
    assert codes(Terms()) == {"ACC-DAY"}
    assert codes(Terms(valid_from="22.11.2026", valid_until="21.11.2026")) == {"ACC-DAYS-PAST", "ACC-DAYS-ORDER"}
    assert codes(Terms(valid_from="23.11.2026", valid_until="23.11.2031")) == {"ACC-DAYS-LONG"}
    assert codes(Terms(valid_from="23.11.2026", valid_until="22.11.2031")) == set(), "sixty months to the day"
    assert codes(Terms(valid_from="23.11.2026", valid_until="22.11.2028", conditions="x" * 5000)) == {"ACC-CONDITIONS"}


def test_days_and_sums() -> None:
    assert day_of("22.11.2026") == day_of("2026-11-22") == date(2026, 11, 22)
    assert day_of("31.02.2026") is None
    assert day_of("01.01.0001") is None
    assert str(amount_of("1 000,50")) == "1000.50"
    assert amount_of("0") is None
    assert amount_of("-5") is None
    assert amount_of("1e9") is None
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
