"""
What a program does: the settings, the timers and the spoken content that it leaves behind on the simulator.

Strategy: programs are carried out by an agent without a model, in a dialogue behind those of the turns before; two are equal when
their effects are. What is not visible in a setting or a timer (a call on a purifier that is so already, an undo with nothing to
undo) keeps its text, so that two different calls that happen to change nothing are not taken for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanso.agent import Agent
from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import (
    After,
    CancelTimer,
    GiveTip,
    Lasting,
    Program,
    Query,
    ResetFilter,
    Statement,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sanso.agent.scheduler import Entry
    from sanso.devices import State

Settings = frozenset[tuple[str, object]]


@dataclass(frozen=True)
class Effect:
    """What is so afterwards."""

    settings: Settings
    timers: frozenset[tuple[str, object]]
    spoken: frozenset[str]


class Bench:
    """A simulated purifier in a case's state, on which programs are tried."""

    def __init__(
        self, state: Mapping[str, object], played: tuple[Program, ...] = ()
    ) -> None:
        """Set the purifier as the case says, then as the programs before left it. A trial raises DeviceError for an unknown setting."""
        self._state = state
        self._played = played

    def after(self, program: Program) -> Bench:
        """The bench for the next turn, behind this program."""
        return Bench(self._state, (*self._played, program))

    def effect(self, program: Program) -> Effect:
        """What is so when the program was carried out."""
        agent = self._agent()
        spoken = set()
        for statement in program.statements:
            before = _stand(agent)
            agent.carry_out(Program(statements=(statement,)))
            settings, timers = _stand(agent)
            still = settings == before[0]
            # One for a while leaves its end waiting, whatever it found.
            if still and (
                timers == before[1] or isinstance(statement.trigger, Lasting)
            ):
                spoken.add(statement.render())
        timers = agent.scheduler.snapshot()
        state = agent.purifier.state()
        later = frozenset((_when(e.statement), self._later(state, e)) for e in timers)
        return Effect(_stand(agent)[0], later, frozenset(spoken))

    def acts(self, statement: Statement) -> bool:
        """Whether the statement alone changes the device or its timers."""
        agent = self._agent()
        before = _stand(agent)
        agent.carry_out(Program(statements=(statement,)))
        return before != _stand(agent)

    def _agent(self) -> Agent:
        agent = Agent(None, self._purifier())
        for program in self._played:
            agent.carry_out(program)
        return agent

    def _purifier(self) -> SimulatedPurifier:
        return SimulatedPurifier.from_settings(self._state, clock=ScriptedClock())

    def _later(self, state: State, entry: Entry) -> object:
        """What will be so when it is due, from the state as it is by then."""
        call = entry.statement.call
        if entry.change is not None:
            return _settings(entry.change.ended(state))
        if isinstance(call, Query | GiveTip | CancelTimer | ResetFilter):
            return call.render()
        twin = self._purifier()
        twin.restore(state)
        before = _settings(twin.state())
        twin.apply(call)
        after = _settings(twin.state())
        return call.render() if after == before else after


def _stand(agent: Agent) -> tuple[Settings, tuple[Entry, ...]]:
    return _settings(agent.purifier.state()), agent.scheduler.snapshot()


def _settings(state: State) -> Settings:
    return frozenset({**state.settings(), "filter": state.filter_percent}.items())


def _when(statement: Statement) -> str:
    """The trigger's text; two ways to write one span are one."""
    trigger = statement.trigger
    if isinstance(trigger, After | Lasting):
        return f"{trigger.call_name()} {trigger.total_minutes} min"
    return trigger.render() if trigger else ""
