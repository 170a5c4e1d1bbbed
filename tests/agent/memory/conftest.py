"""A home whose agent has a memory: it can be stopped, killed in words, and started again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sanso.agent import Agent
from sanso.agent.memory.memory import Memory
from sanso.agent.memory.timekeeper import Machine
from sanso.devices import SimulatedPurifier
from sanso.grammars import PURIFIER, CallSet, parse

SUMMER = 1_780_272_000.0
"""2026-06-01 00:00 UTC."""


class Clocks:
    """The clocks of a computer that a test moves: the one on the wall, and the one that only runs."""

    def __init__(self) -> None:
        """Begin in the summer of 2026."""
        self.wall = SUMMER
        self.running = 1000.0
        self.boot = "first"
        self.is_set = True

    def now(self) -> float:
        """Return the time on the wall."""
        return self.wall

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self.wall += seconds
        self.running += seconds

    @property
    def machine(self) -> Machine:
        """The computer that has these clocks."""
        return Machine(
            lambda: self.wall, lambda: self.running, self.boot, lambda: self.is_set
        )


class KeptHome:
    """A simulated purifier that stays, and agents that come and go."""

    def __init__(self, path: Path, calls: CallSet = PURIFIER, **settings: Any) -> None:
        """Stand on, manual, level 2, unless told otherwise."""
        self.path = path
        self.calls = calls
        self.clocks = Clocks()
        self.purifier = SimulatedPurifier.from_settings(
            {"fan": 2, **settings}, clock=self.clocks
        )
        self.zone: str | None = "Asia/Seoul"
        self.agent = self.begin()

    def begin(self) -> Agent:
        """Start an agent; its memory is what the last one left."""
        memory = Memory.open(self.path, zone=self.zone or "")
        self.agent = Agent(
            None,
            self.purifier,
            lang="en",
            memory=memory,
            zone=self.zone,
            calls=self.calls,
            machine=self.clocks.machine,
        )
        return self.agent

    def drop(self) -> None:
        """End the agent without a farewell: nothing is written any more."""
        memory = self.agent.keeper.memory
        assert memory is not None
        memory.close()

    def restart(self, seconds: float = 0.0) -> list[str]:
        """End the agent, let time pass, start another; what it tells first."""
        self.drop()
        self.clocks.pass_(seconds)
        return self.begin().tick()

    def do(self, text: str, source: str = "") -> str:
        """Carry out a program; the words for it."""
        return self.agent.carry_out(parse(text, self.calls), source=source).words

    def wait(self, seconds: float) -> list[str]:
        """Let time pass; what is told then."""
        self.clocks.pass_(seconds)
        return self.agent.tick()

    @property
    def stands(self) -> tuple[str, str, int | None, str]:
        """Power, mode, fan and light, as reported."""
        state = self.purifier.state()
        power = "on" if state.power else "off"
        return power, state.mode, state.fan, state.light

    @property
    def waiting(self) -> list[str]:
        """Texts of what waits."""
        return [e.statement.render() for e in self.agent.scheduler.snapshot()]

    @property
    def journal(self) -> list[dict[str, Any]]:
        """The journal's rows."""
        memory = self.agent.keeper.memory
        assert memory is not None
        return [json.loads(line) for line in memory.lines()]

    @property
    def kinds(self) -> list[str]:
        """What kind of events the journal holds."""
        return [row["kind"] for row in self.journal]


@pytest.fixture
def make_home(tmp_path: Path) -> Iterator[Callable[..., KeptHome]]:
    """Make a home with a memory of its own."""
    made: list[KeptHome] = []

    def make(**settings: Any) -> KeptHome:
        made.append(KeptHome(tmp_path / f"{len(made)}.db", **settings))
        return made[-1]

    yield make
    for home in made:
        home.drop()


@pytest.fixture
def home(make_home: Callable[..., KeptHome]) -> KeptHome:
    """Give a purifier that is on, at level 2, and an agent with a memory."""
    return make_home()
