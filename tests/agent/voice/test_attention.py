from __future__ import annotations

from typing import Any

import numpy as np
import pytest

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
def test_what_was_over_before_a_key_is_not_meant(mode: Mode) -> None:
    """A key counts for what is said after it, also where the end is still waited for."""
    attention = make(mode)
    assert attention.press(2.3) is Do.ATTEND
    assert follow(attention, said(1, 2), "꺼줘") == IGNORED
    assert follow(attention, said(3, 4), "꺼줘") == ACT


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
