"""
What a program does: the settings, the timers and the spoken content that it leaves behind on the simulator.

Strategy: two programs are equal when their effects are. What is not visible in a setting (a call on a purifier that is so already, an undo with nothing
to undo) keeps its text, so that two different calls that happen to change nothing are not taken for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import (
    After,
    Answer,
    Ask,
    Call,
    CancelTimer,
    Chat,
    GiveTip,
    Lasting,
    Program,
    Query,
    Reject,
    ResetFilter,
    Statement,
    Undo,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPOKEN: Final = (
    Query,
    GiveTip,
    Ask,
    Reject,
    Chat,
    Answer,
    Undo,
    CancelTimer,
    ResetFilter,
)
Settings = frozenset[tuple[str, object]]


@dataclass(frozen=True)
class Effect:
    """What is so afterwards."""

    settings: Settings
    timers: frozenset[tuple[str, object]]
    spoken: frozenset[str]


class Bench:
    """A simulated purifier in a case's state, on which programs are tried."""

    def __init__(self, state: Mapping[str, object]) -> None:
        """Set the purifier as the case says. Raises DeviceError for an unknown setting."""
        self._state = state

    def effect(self, program: Program) -> Effect:
        """What the program does, from the case's state."""
        purifier = self._fresh()
        timers: set[tuple[str, object]] = set()
        spoken: set[str] = set()
        for statement in program.statements:
            call = statement.call
            if statement.trigger is not None:
                timers.add((_when(statement), self._later(purifier, call)))
                if isinstance(statement.trigger, Lasting):
                    self._apply(purifier, call, spoken)
            elif isinstance(call, _SPOKEN):
                spoken.add(call.render())
            else:
                self._apply(purifier, call, spoken)
        return Effect(_settings(purifier), frozenset(timers), frozenset(spoken))

    def acts(self, statement: Statement) -> bool:
        """Whether the statement changes the device or its timers, alone, from the case's state."""
        call = statement.call
        if statement.trigger is not None:
            return True
        if isinstance(call, _SPOKEN):
            return False
        purifier = self._fresh()
        before = _settings(purifier)
        purifier.apply(call)
        return before != _settings(purifier)

    def _fresh(self) -> SimulatedPurifier:
        return SimulatedPurifier.from_settings(self._state, clock=ScriptedClock())

    def _apply(self, purifier: SimulatedPurifier, call: Call, spoken: set[str]) -> None:
        before = _settings(purifier)
        purifier.apply(call)
        if before == _settings(purifier):
            spoken.add(call.render())

    def _later(self, purifier: SimulatedPurifier, call: Call) -> object:
        """What the call would leave behind, from the state as it is by then."""
        if isinstance(call, _SPOKEN):
            return call.render()
        twin = self._fresh()
        twin.restore(purifier.state())
        spoken: set[str] = set()
        self._apply(twin, call, spoken)
        return (_settings(twin), frozenset(spoken))


def _settings(purifier: SimulatedPurifier) -> Settings:
    return frozenset(purifier.state().settings().items())


def _when(statement: Statement) -> str:
    """The trigger's text; two ways to write one span are one."""
    trigger = statement.trigger
    if isinstance(trigger, After | Lasting):
        return f"{trigger.call_name()} {trigger.total_minutes} min"
    return trigger.render() if trigger else ""
