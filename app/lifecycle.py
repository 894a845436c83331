"""The only writer of a status column: one row says everything about a step.

Button, guard, mutation, ledger entry, diagram and test all come from that row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import YES, Actor, Permission, Verdict, holds
from app.errors import Conflict, NotAllowed
from app.ledger.recording import Happening, record_all

Condition = Callable[[Any, Actor], Verdict]


@dataclass(frozen=True, slots=True)
class Transition:
    """A step: its name, the states it starts from, where it leads (None: stays), who may, on which condition, what is
    recorded. ``permission`` None means the window itself takes the step."""

    name: str
    sources: tuple[str, ...]
    target: str | None
    permission: Permission | None
    event: str
    condition: Condition | None = None


class Lifecycle:
    """All steps of one kind of thing. Things have ``id`` and ``status`` (column ``_status``), optionally
    ``declaration_id`` (or are a declaration themselves: ``subject`` is ``declaration``). ``states`` holds every state
    with its words for people, the first one first."""

    def __init__(self, subject: str, states: Mapping[str, Any], rows: Sequence[Transition]) -> None:
        self.subject = subject
        self.states = tuple(states)
        self.words = dict(states)
        self.rows = {row.name: row for row in rows}
        for row in rows:
            unknown = (set(row.sources) | ({row.target} if row.target else set())) - set(states)
            if unknown:
                raise ValueError(f"{subject}.{row.name} names unknown states {sorted(unknown)}")

    @property
    def initial(self) -> str:
        """The state in which a thing is born."""
        return self.states[0]

    def begin(self, thing: Any) -> None:
        """Put a new thing into its first state; its birth is recorded by the activity that made it."""
        thing._status = self.initial

    def verdict(self, thing: Any, name: str, by: Actor) -> Verdict:
        """Whether this actor may take this step now, with the reason when not (state is not looked at)."""
        row = self.rows[name]
        if row.permission is not None and not (allowed := holds(by, row.permission)):
            return allowed
        return row.condition(thing, by) if row.condition else YES

    def available(self, thing: Any, by: Actor) -> list[Transition]:
        """The steps this actor may take now: the buttons of a page. What only the window does is nobody's button."""
        rows = (row for row in self.rows.values() if thing.status in row.sources and row.permission is not None)
        return [row for row in rows if self.verdict(thing, row.name, by)]

    def move(self, thing: Any, name: str, *, by: Actor, **payload: Any) -> None:
        """Take a step and record it. Raises Conflict from a wrong state, NotAllowed with the reason otherwise."""
        record_all([self.step(thing, name, by=by, **payload)], by=by)

    def step(self, thing: Any, name: str, *, by: Actor, **payload: Any) -> Happening:
        """Take a step and return what is to be recorded, for callers that record several things in one statement."""
        row = self.rows[name]
        if thing.status not in row.sources:
            raise Conflict(
                _l("This can no longer be done: the state is now “%(state)s”.", state=self.words[thing.status]),
                {"state": thing.status, "step": name, "allowed": [r.name for r in self.available(thing, by)]},
            )
        verdict = self.verdict(thing, name, by)
        if not verdict:
            raise NotAllowed(verdict.reason)
        if row.target is not None:
            thing._status = row.target
        declaration_id = thing.id if self.subject == "declaration" else getattr(thing, "declaration_id", None)
        return Happening(row.event, self.subject, thing.id, payload, declaration_id)

    def mermaid(self) -> str:
        """The state diagram for README, drawn from the rows."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for row in self.rows.values():
            for source in row.sources:
                lines.append(f"    {source} --> {row.target or source}: {row.name}")
        ends = [state for state in self.states if not any(state in row.sources for row in self.rows.values())]
        return "\n".join(lines + [f"    {state} --> [*]" for state in ends])
