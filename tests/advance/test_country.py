"""What is announced in the demonstration country shows all there is: one that comes, one off its way, one with a seal broken."""

from __future__ import annotations

from app.cli import announcing
from app.database import Database, transaction
from tests.conftest import Drain
from tests.factories.world import World


def test_the_country_announces_once(database: Database, world: World, worker: Drain) -> None:
    with transaction(database):
        assert announcing.found() == 3
        assert announcing.found() == 0
    worker.drain()
    page = world.maria.get("/arrivals?lang=en").text
    for words in ("Off the route", "A seal is broken", "Kozlovichi", "Green"):
        assert words in page
    assert "A seal is broken" in world.maria.get("/arrivals?state=arrived&lang=en").text
    # Beef concerns the veterinary service too.
    assert "AK20417" in world.olga.get("/arrivals?state=arrived&lang=en").text
