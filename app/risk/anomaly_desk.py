"""What is odd about a package, for the case desk: one statement."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.access import Actor, can
from app.risk import anomaly_finders, anomaly_policy, anomaly_words
from app.risk.anomaly_lifecycle import LIFECYCLE
from app.risk.peers_models import Anomaly


@dataclass(frozen=True, slots=True)
class OddDesk:
    """The anomalies of a package as it stands, with their words; ``sentence`` explains one."""

    rows: Sequence[Anomaly]
    sentence: Callable[[Anomaly], str]
    kinds: Mapping[str, Any]
    states: Mapping[str, Any]


def lay_out(declaration_id: uuid.UUID, *, actor: Actor, country: Callable[[str], str]) -> OddDesk:
    """Return what is odd about a package; nothing for whoever may not see signals of risk."""
    allowed = can(anomaly_policy.see, actor)
    rows = anomaly_finders.list_of(declaration_id, actor=actor) if allowed else ()
    return OddDesk(rows, lambda one: anomaly_words.sentence(one, country), anomaly_words.KINDS, LIFECYCLE.words)
