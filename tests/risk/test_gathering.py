"""The facts of a package: what it says itself, what is read once, what is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.cli import founding
from app.database import Database, transaction
from app.declarations import codec
from app.declarations.wco import read
from app.identity.finders import find_organisation_by_unp
from app.requirements.finders import current_edition
from app.risk import declared
from app.risk.facts import FACTS, ITEM, RiskFacts
from app.risk.gathering import gather
from tests.bench.stages import Statements
from tests.factories.world import World
from tests.journeys.roads import file_xml, packed

ON = date(2026, 11, 23)


def facts_of(name: str, who: str) -> RiskFacts:
    tree = read(packed(name).xml).tree
    assert tree is not None
    owner = find_organisation_by_unp(founding.actor(who).unp)
    return gather(codec.to_package(tree), owner, current_edition(), on=ON)[0]


def test_what_the_package_says(world: World, database: Database) -> None:
    with transaction(database, writing=False):
        facts = facts_of("beef_flowers_pet", "anna")
        beef, _roses, pet = facts.items
        assert facts.package.get("package.direction") == "import"
        assert facts.package.get("package.items") == Decimal(3)
        assert beef.values.get("item.code") == beef.code
        assert pet.code.startswith("3915")
        assert any(flag.startswith("WASTE_") for flag in pet.values.get("item.flags") or ())  # type: ignore[union-attr]
        net, worth = beef.values.get("item.net_kg"), beef.values.get("item.statistical_value")
        assert net is not None
        if worth is not None:
            assert beef.values.get("item.value_per_kg") == worth / net  # type: ignore[operator]
        assert "01201" in beef.values.get("item.documents")  # type: ignore[operator]
        left = beef.values.get("item.document_days_left(01201)")
        assert left is None or isinstance(left, Decimal)


def test_a_fact_that_is_read_costs_one_statement_for_all_items(world: World, database: Database) -> None:
    with transaction(database, writing=False):
        facts = facts_of("beef_flowers_pet", "anna")
        with Statements() as statements:
            assert facts.package.get("trader.first_time") is True
            assert facts.package.get("trader.prior_packages(3915,24)") == 0
            assert [one.values.get("item.peers") for one in facts.items] == [0, 0, 0]
            assert [one.values.get("item.value_per_kg_to_peers") for one in facts.items] == [None] * 3
        assert len(statements.sent) == 1
        with Statements() as statements:
            assert facts.package.get("trader.accreditations") == frozenset()
            assert facts.items[0].values.get("item.accredited_for") == frozenset()
        assert len(statements.sent) == 1


def test_a_certificate_that_stands_in_another_package_is_told(world: World, database: Database) -> None:
    file_xml(world.anna, packed("beef_flowers_pet"))
    with transaction(database, writing=False):
        again = facts_of("beef_flowers_pet", "anna").items[0].values
        assert again.get("item.document_reused(01201,730)") is True
        # Nothing of the kind is there, and nothing is looked for.
        with Statements() as statements:
            assert facts_of("bicycles", "vera").items[0].values.get("item.document_reused(01201,730)") is False
        assert not any("FROM marks" in one for one in statements.sent)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_fact_of_the_catalogue_has_an_answer_or_is_not_known(world: World, database: Database, name: str) -> None:
    kind = FACTS[name]
    given = {"prefix": "3915", "months": "12", "days": "90", "code": "01201"}
    key = f"{name}({','.join(given[one] for one in kind.parameters)})" if kind.parameters else name
    with transaction(database, writing=False):
        facts = facts_of("bicycles", "vera")
        value = (facts.items[0].values if kind.level == ITEM else facts.package).get(key)
        types = {"flag": bool, "number": Decimal, "text": str, "codes": frozenset}
        assert value is None or isinstance(value, types[kind.type]), (key, value)
        if kind.group == "declared":
            assert name in declared._OF_ITEM or name in declared._OF_PACKAGE
