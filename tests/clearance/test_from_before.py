"""Clearances issued before partial releases: carried through the migration they know their decision and goods items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command

from app.clearance import finders, issuing
from app.cli import cases, founding
from app.database import transaction
from app.declarations.models import Declaration
from app.migrating import alembic_config

BEFORE = "0011"


def test_a_clearance_goes_down_and_up_and_is_the_same(app, database, client):
    with app.app_context(), transaction(database) as session:
        declaration = cases._filed("beef_flowers_pet", "BMT-26-2002", founding.actor("anna"))
        for agency in ("BY-DVPN", "BY-GGISKZR", "BY-MPR", "BY-GTK"):
            cases._approve(declaration, agency)
        package, code = declaration.id, issuing.issue(declaration.id).code
    config = alembic_config(database)
    with database.writing.connect() as connection:
        version = str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one())
    assert version > BEFORE
    database.dispose()
    command.downgrade(config, BEFORE)
    command.upgrade(config, "head")
    page = client.get(f"/verify/{code}?lang=en")
    assert "Genuine" in page.text
    assert "1–3" in page.text
    with app.app_context(), transaction(database) as session:
        clearance = finders.find_by_code(code)
        assert (clearance.items, clearance.serial, clearance.replaces_id) == ([1, 2, 3], 1, None)
        assert clearance.decision_id is not None
        assert issuing.request(package) == clearance.id
        assert issuing.request(package, clearance.decision_id) == clearance.id
        assert session.get_one(Declaration, package).status == "released"
