"""A purifier, its line and its twin in one process, on a scripted clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from sanso.devices import Capabilities, ScriptedClock, load_profile
from sanso.devices.serial.opening import make_session
from sanso.devices.serial.purifier import SerialPurifier
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.runner import Twin, make_twin
from sanso.grammars import (
    Call,
    ResetFilter,
    SetFanLevel,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    StepFan,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STEP_SECONDS = 0.02
SILENCE_SECONDS = 0.3


class ScriptedLink:
    """A line that takes no time but that of the clock; reading lets the clock run."""

    name = "scripted"

    def __init__(self, twin: Twin, clock: ScriptedClock) -> None:
        """Lead to this twin."""
        self._twin, self._clock = twin, clock
        self._fed_at = clock.now()

    def read(self, seconds: float) -> bytes:
        """Let the clock run until the twin says something, at most so long."""
        end = self._clock.now() + seconds
        while not (data := self._twin.poll()) and self._clock.now() < end:
            self._clock.advance(min(STEP_SECONDS, end - self._clock.now()))
            if self._clock.now() - self._fed_at >= SILENCE_SECONDS:
                self._twin.silence()
        return data

    def write(self, data: bytes) -> None:
        """Hand bytes to the twin."""
        self._fed_at = self._clock.now()
        self._twin.feed(data)

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Joined:
    """Both ends of a line."""

    purifier: SerialPurifier
    twin: Twin
    clock: ScriptedClock

    @property
    def controller(self) -> Controller:
        """The appliance's end."""
        return self.twin.controller

    def pass_time(self, seconds: float) -> None:
        """Let the line work for so long."""
        self.purifier.driver.wait(lambda: False, seconds)


@pytest.fixture
def joined() -> Iterator[Callable[..., Joined]]:
    """Join a purifier of a profile with its twin, which stands as `settings` say."""
    opened: list[SerialPurifier] = []

    def join(profile: str, settings: dict[str, Any] | None = None) -> Joined:
        clock = ScriptedClock()
        known = load_profile(profile)
        twin = make_twin(Controller.open(known, clock, settings, seed=3, noisy=False))
        purifier = SerialPurifier(
            make_session(known, clock, clock.now()),
            lambda: ScriptedLink(twin, clock),
            clock=clock,
            background=False,
            monotonic=clock.now,
            sleep=clock.advance,
        )
        opened.append(purifier)
        return Joined(purifier.wait_ready(), twin, clock)

    yield join
    for purifier in opened:
        purifier.close()


@pytest.fixture
def calls_of() -> Callable[[Capabilities], list[Call]]:
    """Give a function that lists every call that a purifier of a kind can be given."""
    return _calls_of


def _calls_of(capabilities: Capabilities) -> list[Call]:
    return [
        *(SetPower(state=state) for state in ("on", "off")),
        *(SetFanLevel(level=n + 1) for n in range(capabilities.fan_levels)),
        *(SetMode(mode=mode) for mode in sorted(capabilities.modes)),  # type: ignore[arg-type]
        *(StepFan(by=by) for by in (1, -1)),
        *(SetLight(level=level) for level in sorted(capabilities.lights)),  # type: ignore[arg-type]
        *(
            SetOption(option=option, state=state)  # type: ignore[arg-type]
            for option in sorted(capabilities.options)
            for state in ("on", "off")
        ),
        ResetFilter(),
    ]
