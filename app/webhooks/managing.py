"""Managing endpoints: add, change, pause, enable, remove, rotate the secret. Each deed is recorded in the ledger."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.access import SYSTEM, Actor, require
from app.database import session
from app.errors import Fault, Invalid, NotFound
from app.identity.models import Organisation
from app.ledger.recording import record, record_all
from app.webhooks import addresses, finders, policy, signing
from app.webhooks.knowledge import KNOWN
from app.webhooks.lifecycle import ENDPOINT
from app.webhooks.models import Delivery, Endpoint
from app.webhooks.wording import fault

MOST_ENDPOINTS = 50
MOST_HOURS = 168
OVERLAP_HOURS = 24
"""Unless chosen otherwise both secrets are good for a day after a rotation."""
LABEL = 80

BY_HAND, GONE, EXHAUSTED = "by-hand", "gone", "exhausted"


def register(*, url: str, label: str = "", events: Sequence[str] = (), by: Actor) -> Endpoint:
    """Add an endpoint; it is told of what happens from now on. Raises NotAllowed, or Invalid with all faults."""
    require(policy.manage, by)
    if by.organisation_id is None:
        raise NotFound()
    faults = _faults(url, events)
    # One at a time for a house, so that of several who come at once none is one too many.
    session().execute(
        sa.select(Organisation.id).where(Organisation.id == by.organisation_id).with_for_update(key_share=True)
    )
    if len(finders.list_endpoints(by)) >= MOST_ENDPOINTS:
        faults.append(fault("ENDPOINTS-MANY", "url"))
    _refuse(faults)
    made = Endpoint(
        organisation_id=by.organisation_id, url=url.strip(), label=label.strip()[:LABEL], events=_sorted(events),
        created_at=clock.now(), created_by_id=by.person_id,
    )  # fmt: skip
    ENDPOINT.begin(made)
    session().add(made)
    session().flush()
    record("webhook.registered", "webhook", made.id, by=by, events=made.events)
    return made


def change(
    endpoint: Endpoint, *, url: str | None, label: str | None, events: Sequence[str] | None, by: Actor
) -> Endpoint:
    """Change address, name and filter; what waits goes to the new address. None: as it stands once the row is locked, so
    that who changes the name alone never undoes another's address. Raises NotAllowed, Invalid."""
    endpoint = _locked(endpoint, by)
    url = endpoint.url if url is None else url
    label = endpoint.label if label is None else label
    events = endpoint.events if events is None else events
    _refuse(_faults(url, events))
    endpoint.url, endpoint.label, endpoint.events = url.strip(), label.strip()[:LABEL], _sorted(events)
    ENDPOINT.move(endpoint, "change", by=by, events=endpoint.events)
    session().flush()
    return endpoint


def pause(endpoint: Endpoint, *, by: Actor) -> Endpoint:
    """Let an endpoint stand still: what waits goes on waiting, what happens meanwhile stands in the feed alone.

    Raises NotAllowed, Conflict when it stands still already.
    """
    endpoint = _locked(endpoint, by)
    ENDPOINT.move(endpoint, "pause", by=by, because=BY_HAND)
    _stand_still(endpoint, BY_HAND, finders.end_of_feed(endpoint.organisation_id))
    return endpoint


def enable(endpoint: Endpoint, *, by: Actor) -> Endpoint:
    """Let an endpoint work again; what waits is tried at once. Raises NotAllowed, Conflict when it works already."""
    endpoint = _locked(endpoint, by)
    ENDPOINT.move(endpoint, "enable", by=by)
    endpoint.disabled_at, endpoint.disabled_because = None, ""
    waiting = sa.update(Delivery).where(Delivery.endpoint_id == endpoint.id, Delivery._status == "pending")
    session().execute(waiting.values(next_at=clock.now()).execution_options(synchronize_session=False))
    session().flush()
    return endpoint


def remove(endpoint: Endpoint, *, by: Actor) -> None:
    """Remove an endpoint: nothing leaves for it any more. Its deliveries stay in the database. Raises NotAllowed."""
    endpoint = _locked(endpoint, by)
    ENDPOINT.move(endpoint, "remove", by=by)
    session().flush()


def rotate(endpoint: Endpoint, *, hours: int = OVERLAP_HOURS, by: Actor) -> Endpoint:
    """Make a new secret; for ``hours`` (0 to 168) every message is signed with the one before too.

    Raises NotAllowed, Invalid.
    """
    endpoint = _locked(endpoint, by)
    if not 0 <= hours <= MOST_HOURS:
        raise Invalid([fault("OVERLAP-WRONG", "hours", str(hours))])
    until = clock.now() + timedelta(hours=hours)
    endpoint.generation += 1
    endpoint.previous_until = until if hours else None
    ENDPOINT.move(endpoint, "rotate", by=by, until=until.isoformat())
    session().flush()
    return endpoint


def stop(endpoint: Endpoint, *, because: str, lost_from: int) -> None:
    """Stop telling an endpoint that is gone (410) or has not answered for three days; its organisation is told why.

    ``lost_from``: the place in the feed before the first event that did not arrive. The caller has locked the endpoint.
    """
    if endpoint.status == "active":
        window = replace(SYSTEM, organisation_id=endpoint.organisation_id)
        record_all([ENDPOINT.step(endpoint, "stop", by=window, because=because)], by=window)
        _stand_still(endpoint, because, lost_from)


def secrets_of(endpoint: Endpoint) -> list[bytes]:
    """Return the secrets that are good now, the newest first: two for some time after a rotation."""
    key = b"webhook:" + current_app.extensions["akno.settings"].secret_key.get_secret_value().encode()
    generations = [endpoint.generation]
    if endpoint.previous_until is not None and endpoint.previous_until > clock.now():
        generations.append(endpoint.generation - 1)
    return [signing.secret_of(key, endpoint.id, one) for one in generations]


def _stand_still(endpoint: Endpoint, because: str, lost_from: int) -> None:
    endpoint.disabled_at, endpoint.disabled_because = clock.now(), because
    endpoint.lost_from = lost_from if endpoint.lost_from is None else min(endpoint.lost_from, lost_from)
    session().flush()


def _locked(endpoint: Endpoint, by: Actor) -> Endpoint:
    found = locked(endpoint.id)
    if found is None or found.status == "removed":
        raise NotFound()
    require(policy.manage, by, found)
    return found


def locked(endpoint_id: uuid.UUID) -> Endpoint | None:
    """Return an endpoint as it is now, locked until the transaction ends. Deliveries may still be made for it meanwhile."""
    query = sa.select(Endpoint).where(Endpoint.id == endpoint_id).with_for_update(key_share=True)
    return session().scalar(query.execution_options(populate_existing=True))


def _faults(url: str, events: Sequence[str]) -> list[Fault]:
    loopback = current_app.extensions["akno.settings"].webhook_allow_loopback
    faults: list[Fault] = []
    try:
        addresses.examine(url.strip(), loopback=loopback)
    except addresses.Refused as refused:
        faults.append(fault(refused.code, "url", refused.value))
    unknown = sorted(set(events) - set(KNOWN))
    if unknown:
        faults.append(fault("EVENT-UNKNOWN", "events", ", ".join(unknown)))
    return faults


def _sorted(events: Sequence[str]) -> list[str]:
    return [one for one in KNOWN if one in set(events)]


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise Invalid(faults)
