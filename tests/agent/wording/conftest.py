"""States, timers and outcomes written short, for all tests of the wording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sanso.agent.wording import PendingTimer
from sanso.devices import Fault, NoReading, Reading, State
from sanso.grammars import parse

MakeState = Callable[..., State]


def make_state(**differs: Any) -> State:
    """A purifier that is on, in manual mode, at level 2, but for what differs."""
    readings = {
        metric: Reading(None, NoReading(value))
        if isinstance(value, str)
        else Reading.of(value)
        for metric, value in differs.pop("readings", {}).items()
    }
    faults = frozenset(Fault(name) for name in differs.pop("faults", ()))
    fan = differs.pop("fan", 2) or None  # TOML has no null
    fields: dict[str, Any] = {"power": True, "fan_now": fan or 0, **differs}
    return State(fan=fan, readings=readings, faults=faults, **fields)


@pytest.fixture
def state() -> MakeState:
    """Make a state."""
    return make_state


@pytest.fixture
def timer() -> Callable[..., PendingTimer]:
    """Make a pending timer from the text of a statement and the seconds left."""

    def make(statement: str, left: float | None = None) -> PendingTimer:
        due = None if left is None else 1_000_000.0 + left
        return PendingTimer(parse(statement).statements[0], due, left)

    return make
