from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.voice.attention import MODES, Attention, Do, Manners, Mode
from sanso.agent.voice.errors import VoiceError
from sanso.agent.voice.parts import FRAME, RATE, Ending, Segment
from sanso.agent.voice.wake import SpokenNames

NAMES = SpokenNames()
ONE_FRAME = FRAME / RATE


def make(mode: Mode, **manners: Any) -> Attention:
    """Return an attention in a mode."""
    return Attention(Manners(mode=mode, **manners), NAMES)


def said(start: float, end: float, ending: Ending = "silence") -> Segment:
    """Return a segment from one time to another, decided as the default does."""
    decided = end + (0.64 if ending == "silence" else 0.0)
    return Segment(np.zeros(0, dtype=np.float32), start, end, decided, ending)


def follow(
    attention: Attention, segment: Segment, text: str, after: float = 0.0
) -> tuple[Do, str]:
    """Have a segment read where it is to be, so many seconds after it was cut."""
    do = attention.cut(segment)
    if do is not Do.TRANSCRIBE:
        return do, ""
    return attention.read(segment, text, segment.decided + after)


ACT = (Do.ACT, "꺼줘")
IGNORED = (Do.IGNORE, "")
ATTENDED = (Do.ATTEND, "")


@pytest.mark.parametrize("mode", ["push", "open"])
@pytest.mark.parametrize("text", ["꺼줘", "산소야 꺼줘", "hey purifier, 꺼줘"])
def test_all_is_meant_where_nobody_need_wake(mode: Mode, text: str) -> None:
    """With a key or an open microphone every sentence counts; a name is taken off."""
    attention = make(mode)
    assert follow(attention, said(1, 2), text) == ACT
    assert follow(attention, said(100, 101), text) == ACT
    assert follow(attention, said(200, 201), "산소야") == ATTENDED
    assert follow(attention, said(300, 301), " ") == IGNORED


def test_a_name_in_the_sentence() -> None:
    """With a name as the wake, a sentence that begins with it acts, others do not."""
    attention = make("name")
    assert follow(attention, said(1, 2), "꺼줘") == IGNORED
    assert follow(attention, said(3, 4), "산소야 꺼줘") == ACT
    assert follow(attention, said(5, 6), "꺼줘") == IGNORED
    assert follow(attention, said(7, 8), "공기 어때") == IGNORED


def test_a_name_alone_opens_a_window() -> None:
    """After the name alone one sentence counts, if it comes in time."""
    attention = make("name", window_s=8.0)
    assert follow(attention, said(1, 2), "산소야") == ATTENDED
    assert attention.attends(9.0)
    assert follow(attention, said(9, 10), "꺼줘") == ACT
    assert follow(attention, said(10.7, 11), "꺼줘") == IGNORED
    assert follow(attention, said(20, 21), "산소야") == ATTENDED
    assert not attention.attends(21.64 + 8.0)
    assert follow(attention, said(29.7, 31), "꺼줘") == IGNORED


def test_a_slow_recogniser_loses_nothing() -> None:
    """What is said while the name is still being recognised is meant as well."""
    attention = make("name")
    name, command = said(1, 2), said(3, 4)
    assert attention.cut(name) is Do.TRANSCRIBE
    assert attention.cut(command) is Do.TRANSCRIBE
    assert attention.read(name, "산소야", 6.0) == ATTENDED
    assert attention.read(command, "꺼줘", 7.0) == ACT
    assert attention.attends(7.0) is False


def test_a_wake_service() -> None:
    """With a service as the wake, nothing is recognised before it wakes, and one act after."""
    attention = make("service")
    assert attention.cut(said(1, 2)) is Do.IGNORE
    assert attention.wake(10.0) is Do.ATTEND
    assert follow(attention, said(11, 12), "꺼줘") == ACT
    assert follow(attention, said(13, 14), "꺼줘") == IGNORED
    assert follow(attention, said(15, 16), "산소야 꺼줘") == IGNORED


@pytest.mark.parametrize(
    ("woken", "end", "text", "expected"),
    [
        (2.0, 2.1, "hey jarvis", ATTENDED),  # the name alone, not known to us
        (2.0, 1.9, "산소야", ATTENDED),
        (2.5, 2.2, "산소야 꺼줘", ACT),  # detected late
        (2.0, 3.0, "꺼줘", ACT),  # in one breath
        (2.0, 3.0, "산소야 꺼줘", ACT),
        (3.0, 2.2, "꺼줘", IGNORED),  # over before it woke
    ],
)
def test_a_wake_in_one_breath(
    woken: float, end: float, text: str, expected: tuple[Do, str]
) -> None:
    """The segment that holds the name may hold the command too."""
    attention = make("service")
    attention.wake(woken)
    assert follow(attention, said(1.0, end), text) == expected
    if expected == ATTENDED:
        assert follow(attention, said(5, 6), "꺼줘") == ACT


@pytest.mark.parametrize("mode", MODES)
def test_half_a_sentence_is_refused(mode: Mode) -> None:
    """Speech that was cut off is never recognised; who was meant to be heard is told."""
    attention = make(mode)
    wakes = mode in {"service", "name"}
    assert attention.cut(said(1, 9, "cap")) is (Do.IGNORE if wakes else Do.REFUSE)
    attention.press(10)
    assert attention.cut(said(11, 19, "cap")) is Do.REFUSE


@pytest.mark.parametrize("mode", MODES)
def test_half_duplex(mode: Mode) -> None:
    """While it speaks and 300 ms after, the microphone is not listened to."""
    attention = make(mode)
    assert attention.hears(1.0)
    attention.speak(1.0)
    assert not attention.hears(1.5)
    attention.fall_silent(2.0)
    assert not attention.hears(2.3)
    assert not attention.hears(2.3 + ONE_FRAME / 2)  # it began before
    assert attention.hears(2.3 + ONE_FRAME + 1e-9)
    attention.fall_silent(9.0)  # it was silent already
    assert attention.hears(9.0)


@pytest.mark.parametrize("mode", MODES)
def test_full_duplex_where_echo_is_cancelled(mode: Mode) -> None:
    """With barge-in it always listens; only an open microphone stops at any speech."""
    attention = make(mode, barge_in=True)
    assert attention.begin() is Do.LISTEN
    attention.speak(1.0)
    assert attention.hears(1.5)
    assert attention.begin() is (Do.STOP if mode == "open" else Do.LISTEN)


@pytest.mark.parametrize("mode", MODES)
def test_a_key_and_a_wake_interrupt(mode: Mode) -> None:
    """Either stops the agent; where it must be woken, what is said then counts."""
    for name in ("press", "wake"):
        attention = make(mode)
        attention.speak(1.0)
        assert attention.begin() is Do.LISTEN
        assert getattr(attention, name)(2.0) is Do.STOP
        assert attention.hears(2.1) is (mode == "push" and name == "press")
        attention.fall_silent(2.2)
        attention.release()
        assert follow(attention, said(9, 10), "꺼줘") == ACT
        quiet = make(mode)
        wakes = mode in {"service", "name"}
        assert getattr(quiet, name)(1.0) is (Do.ATTEND if wakes else Do.LISTEN)


def test_push_to_talk_shows_when_it_listens() -> None:
    """With a key it attends while that is held."""
    attention = make("push")
    assert not attention.attends(1.0)
    attention.press(1.0)
    assert attention.attends(2.0)
    attention.release()
    assert not attention.attends(3.0)
    assert make("open").attends(0.0)


@pytest.mark.parametrize("mode", ["service", "name"])
def test_a_question_may_be_answered(mode: Mode) -> None:
    """What the agent asks is answered without a wake, counted from when it is silent."""
    attention = make(mode)
    attention.ask(1.0)
    attention.speak(1.1)
    attention.fall_silent(20.0)
    assert follow(attention, said(27, 28), "응") == (Do.ACT, "응")
    attention.speak(29.0)
    attention.fall_silent(30.0)
    assert follow(attention, said(31, 32), "응") == IGNORED


def test_an_old_window_is_not_opened_again() -> None:
    """A window that had closed before the agent spoke stays closed."""
    attention = make("name")
    follow(attention, said(1, 2), "산소야")
    attention.speak(100.0)
    attention.fall_silent(101.0)
    assert follow(attention, said(102, 103), "꺼줘") == IGNORED


@pytest.mark.parametrize(
    "manners",
    [
        *({"mode": "loud"}, {"echo_s": -0.1}, {"echo_s": 6.0}, {"window_s": 0.0}),
        *({"window_s": 61.0}, {"window_s": float("nan")}),
    ],
)
def test_manners_are_checked(manners: dict[str, Any]) -> None:
    """A value that makes no sense is refused, by name, with what does."""
    with pytest.raises(
        VoiceError, match=f"{next(iter(manners))[:4]}.*(0 to|1 to|push)"
    ):
        Manners(**manners)


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
