"""Attention, whatever happens in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.voice.attention import MODES, Attention, Do, Manners, Mode
from sanso.agent.voice.parts import FRAME, RATE, Ending, Segment
from sanso.agent.voice.wake import SpokenNames

NAMES = SpokenNames()
ONE_FRAME = FRAME / RATE


def said(start: float, end: float, ending: Ending) -> Segment:
    """Return a segment from one time to another, decided as the default does."""
    decided = end + (0.64 if ending == "silence" else 0.0)
    return Segment(np.zeros(0, dtype=np.float32), start, end, decided, ending)


@dataclass
class Life:
    """What happened to an attention, and the laws it kept."""

    attention: Attention
    manners: Manners
    at: float = 0.0
    speaking: bool = False
    silent_since: float = -1000.0
    pressed: bool = False
    opened: float = -1000.0
    """When something last opened, or kept open, the window."""
    wakes: bool = field(init=False)

    def __post_init__(self) -> None:
        """Note whether it must be woken."""
        self.wakes = self.manners.mode in {"service", "name"}

    def step(self, name: str, seconds: float, text: str, ending: Ending) -> None:
        """Let something happen, some seconds later."""
        self.at += seconds
        getattr(self, name)(text, ending)
        self.check_hearing()

    def check_hearing(self) -> None:
        """It never hears itself, unless it was told that it may."""
        allowed = self.manners.barge_in or (
            self.manners.mode == "push" and self.pressed
        )
        deaf = self.speaking or self.at - ONE_FRAME < self.silent_since + 0.3
        assert self.attention.hears(self.at) == (allowed or not deaf)

    def press(self, *_: Any) -> None:
        """Press."""
        self._call(self.attention.press(self.at))
        self.pressed = True

    def release(self, *_: Any) -> None:
        """Release."""
        self.attention.release()
        self.pressed = False

    def wake(self, *_: Any) -> None:
        """Hear the name."""
        self._call(self.attention.wake(self.at))

    def _call(self, do: Do) -> None:
        assert (do is Do.STOP) == self.speaking
        self.opened = self.at

    def begin(self, *_: Any) -> None:
        """Begin to speak to it."""
        do = self.attention.begin()
        assert (do is Do.STOP) <= (self.speaking and self.manners.barge_in)

    def speak(self, *_: Any) -> None:
        """Have it speak."""
        if not self.speaking and self.at >= self.opened + self.manners.window_s:
            self.opened = -1000.0
        self.attention.speak(self.at)
        self.speaking = True

    def fall_silent(self, *_: Any) -> None:
        """Have it fall silent."""
        self.attention.fall_silent(self.at)
        if self.speaking:
            self.silent_since = self.at
            self.opened = self.at if self.opened >= 0 else self.opened
        self.speaking = False

    def ask(self, *_: Any) -> None:
        """Have it ask."""
        self.attention.ask(self.at)
        self.opened = self.at

    def talk(self, text: str, ending: Ending) -> None:
        """Say something, for a second."""
        segment = said(self.at, self.at + 1, ending)
        self.at = segment.decided
        do = self.attention.cut(segment)
        if ending == "cap":
            assert do in {Do.REFUSE, Do.IGNORE}
        if do is not Do.TRANSCRIBE:
            assert self.wakes or ending == "cap"
            return
        do, rest = self.attention.read(segment, text, self.at)
        named = "산소야" in text
        if do is Do.IGNORE:
            assert self.wakes
            assert not (named and self.manners.mode == "name")
        in_time = segment.start < self.opened + self.manners.window_s
        if do is Do.ACT:
            assert rest == "꺼줘"
            by_name = named and self.manners.mode == "name"
            assert not self.wakes or by_name or in_time
            self.opened = -1000.0 if self.wakes else self.opened
        if do is Do.ATTEND:
            self.opened = self.at


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("press", "release", "wake", "begin", "speak", "fall_silent", "ask"),
                *("talk", "talk"),
            ]
        ),
        st.floats(0, 12),
        st.sampled_from(["꺼줘", "산소야", "산소야 꺼줘"]),
        st.sampled_from(["silence", "cap", "released", "ended"]),
    ),
    max_size=30,
)


@given(st.sampled_from(MODES), st.booleans(), STEPS)
def test_laws_of_attention(
    mode: Mode,
    barge_in: bool,  # noqa: FBT001 - hypothesis hands it over
    steps: list[tuple[str, float, str, Ending]],
) -> None:
    """It never hears itself, stops only when it speaks, and is woken by who may only."""
    manners = Manners(mode=mode, barge_in=barge_in)
    life = Life(Attention(manners, NAMES), manners)
    for step in steps:
        life.step(*step)
