"""A twin on a scripted clock, and somebody at its line who plays the module and records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from sanso.devices import Profile, ScriptedClock, load_profile
from sanso.devices.appliance import BUTTONS, Button
from sanso.devices.serial.asking import Asker
from sanso.devices.serial.sniff import Draft, Piece
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.runner import make_twin

STEP_SECONDS = 0.05
TWINS = ("kj-standard", "kj-legacy", "zhimi-airp-mb4a")
ROUND: tuple[Button, ...] = ("fan", "mode", "light")
LAST: tuple[Button, ...] = ("child_lock", "power")


@dataclass
class Bench:
    """A twin, and somebody at its line who plays the module and records."""

    profile: Profile
    clock: ScriptedClock = field(default_factory=ScriptedClock)
    pieces: list[Piece] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Stand at the first moment."""
        self.controller = Controller.open(self.profile, self.clock)
        self.twin = make_twin(self.controller)
        self.draft = Draft(baud=self.profile.baud)
        self.began = self.clock.now()
        self.asker = Asker(self.clock, self.began)

    def run(self, seconds: float) -> None:
        """Let time pass on the wire."""
        for _ in range(round(seconds / STEP_SECONDS)):
            self.clock.advance(STEP_SECONDS)
            said = self.twin.poll()
            if said:
                self.keep(Piece(self.moment, "in", said))
            asked = self.asker.poll(said, self.draft.protocol, self.clock.now())
            if asked:
                self.keep(Piece(self.moment, "out", asked))
                self.twin.feed(asked)

    @property
    def moment(self) -> float:
        """Seconds since the recording began."""
        return self.clock.now() - self.began

    def keep(self, piece: Piece) -> None:
        """Record and learn."""
        self.pieces.append(piece)
        self.draft.learn(piece)

    def press_everything(self) -> None:
        """Press every button until it has been all the way round."""
        for button in (*BUTTONS, *LAST):
            for _ in range(6 if button in ROUND else 1):
                self.controller.press(button)
                self.run(1.5)
        for button in ROUND:
            for _ in range(6):
                self.controller.press(button)
                self.run(1.5)

    def set_the_timer(self) -> None:
        """Choose every time of the off-timer, as the maker's app would."""
        point = self.profile.attr.get("timer_off")
        for number in point.minutes.values() if point else ():
            self.controller.write("timer_off", number)
            self.run(1.5)


@pytest.fixture(params=TWINS)
def bench(request: pytest.FixtureRequest) -> Bench:
    """Give each twin at the other end of a line."""
    return Bench(load_profile(request.param))


@pytest.fixture(scope="session")
def make_bench() -> Callable[[str], Bench]:
    """Give what makes a bench of the twin that is named."""
    return lambda name: Bench(load_profile(name))


@pytest.fixture(scope="session")
def twins() -> tuple[str, ...]:
    """Give the names of all twins."""
    return TWINS
