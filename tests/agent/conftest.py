"""Shared by the tests of the core: an agent without a model at home."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sanso.agent import Agent
from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import parse


class Home:
    """An agent without a model at a simulated purifier, on a clock that is told to advance."""

    def __init__(self, profile: str = "sim", **settings: object) -> None:
        """Stand on, manual, level 2, unless told otherwise."""
        self.clock = ScriptedClock()
        self.purifier = SimulatedPurifier.from_settings(
            {"fan": 2, **settings}, clock=self.clock, profile=profile
        )
        self.agent = Agent(None, self.purifier, lang="en")

    def do(self, text: str, source: str = "") -> str:
        """Carry out a program; the words for it."""
        return self.agent.carry_out(parse(text), source=source).words

    def wait(self, seconds: float) -> list[str]:
        """Let time pass; what is told then."""
        self.clock.advance(seconds)
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


@pytest.fixture(scope="session")
def make_home() -> Callable[..., Home]:
    """Make a purifier that is on, manual, level 2, unless told otherwise."""
    return Home


@pytest.fixture
def home() -> Home:
    """Give a purifier that is on, at level 2."""
    return Home()
