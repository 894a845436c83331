"""What the worker looks for: suspensions whose time has passed."""

from __future__ import annotations

from app.jobs import registry
from app.risk.suspending import due_lapses, lapse

registry.watch("suspensions.lapse", due_lapses, lapse)
