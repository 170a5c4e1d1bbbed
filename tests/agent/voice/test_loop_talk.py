"""Who speaks, who is spoken over, and who is told: the loop where things overlap."""

from __future__ import annotations

import threading
from typing import Any
from unittest.mock import patch

import pytest

from sanso.agent.voice.attention import Manners
from sanso.agent.voice.happenings import (
    Exchange,
    LeftOut,
    Trouble,
)
from sanso.agent.voice.voicing import word_missed

from .scene import FakeWake, Scene, settled, wait
from .scripted import (
    LOUD,
    PAUSE,
    QUIET,
    SPEECH,
    Step,
    utterance,
)


def test_a_wake_service_that_dies_is_told_once_a_cause() -> None:
    """It is no news each second, nor where it comes back at once, as some do after a name."""
    scene = Scene(manners=Manners(mode="service"), live=True)
    service = FakeWake()
    scene.hearing._wake = service
    gone, ended = "it cannot be reached", "it ended the connection"

    def so(trouble: str) -> Step:
        return lambda: setattr(service, "trouble", trouble)

    second = [QUIET] * 35
    scene.run(
        *(so(ended), QUIET, so(""), second, so(ended), second, so(gone), second * 9),
        *(so(""), QUIET, so(gone), second, so(""), second, so(gone), second),
    )
    told = [str(one.error) for one in scene.of(Trouble)]
    assert told == [ended, gone, gone]


def test_nothing_is_said_over_who_holds_the_key_again() -> None:
    """Who presses while it understands is not spoken to; the answer is shown all the same."""
    manners = Manners(mode="push")
    scene = Scene(["켜 줘", "꺼 줘"], manners=manners, live=True)
    asked, go = threading.Event(), threading.Event()

    def hang(_: str) -> None:
        asked.set()
        assert go.wait(20.0)

    scene.agent.on_say = hang
    said = (scene.switch.press, [LOUD] * SPEECH, scene.switch.release, QUIET)
    scene.run(
        *(*said, wait(asked), scene.switch.press, QUIET),
        *(go.set, settled(scene), [LOUD] * SPEECH, scene.switch.release, QUIET),
    )
    assert scene.acts == ["켜 줘", "꺼 줘"]
    assert [e.words for e in scene.of(Exchange)] == ["did 켜 줘", "did 꺼 줘"]
    assert scene.speaker.said == [("did 꺼 줘", "ko")]


@pytest.mark.parametrize("patient", [False, True])
def test_nothing_is_said_over_who_has_just_called(
    patient: bool,  # noqa: FBT001 - the column of a table
) -> None:
    """Behind a wake it waits for what is said; who says nothing for long is answered."""
    scene = Scene(["켜 줘"], manners=Manners(mode="service"), live=True)
    service = FakeWake()
    scene.hearing._wake = service
    asked, go = threading.Event(), threading.Event()

    def hang(_: str) -> None:
        asked.set()
        assert go.wait(20.0)

    def called() -> None:
        service.names.append("sanso")

    scene.agent.on_say = hang
    scene.run(
        *(called, [QUIET] * 20, utterance(), wait(asked), called),
        *([QUIET] * (100 if patient else 2), go.set, settled(scene)),
    )
    assert scene.acts == ["켜 줘"]
    assert bool(scene.speaker.said) == patient


def test_a_key_interrupts_an_open_microphone() -> None:
    """Without push-to-talk a tap makes it fall silent, and what is said then is heard."""
    scene = Scene(["켜 줘", "꺼 줘"], live=True, endless=("켜",))
    scene.run(
        *(utterance(), wait(scene.speaker.speaking)),
        *(scene.switch.press, scene.switch.release, QUIET, settled(scene)),
        *([QUIET] * 16, utterance()),
    )
    assert scene.acts == ["켜 줘", "꺼 줘"]


@pytest.mark.parametrize("quiet", [True, False])
def test_a_pressed_key_and_a_muted_microphone(
    quiet: bool,  # noqa: FBT001 - the column of a table
) -> None:
    """Who held the key and was not heard is told, with a line at least."""
    manners = Manners(mode="push")
    scene = Scene(manners=manners, options={"quiet_misses": quiet})
    key = scene.switch
    held = (key.press, [QUIET] * SPEECH, key.release, QUIET)
    scene.run(*held, key.press, QUIET, key.release, QUIET)
    assert [e.missed for e in scene.of(Exchange)] == ["silence", "short"]
    words = [(word_missed("silence", "ko"), "ko")] * 2
    assert scene.speaker.said == ([] if quiet else words)


@pytest.mark.parametrize("mode", ["push", "open", "name"])
def test_what_is_left_out_is_told(mode: Any) -> None:
    """What is said behind the longest is no sentence, and its speaker knows; others' talk is passed over."""
    scene = Scene(manners=Manners(mode=mode))
    key = scene.switch
    cap = 469 if mode == "push" else 250  # 15 s and 8 s
    by_key = mode == "push"
    end: list[Step] = [key.release] if by_key else [QUIET] * PAUSE
    scene.run(key.press if by_key else QUIET, [LOUD] * (cap + 100), end, QUIET)
    seconds = [one.seconds for one in scene.of(LeftOut)]
    assert seconds == ([] if mode == "name" else [pytest.approx(3.2, abs=0.1)])


def test_the_end_does_not_wait_for_ever() -> None:
    """A voice that hangs, as a service that is not reached, holds nothing up for long."""
    scene = Scene(["켜 줘"], live=True)
    speaking, go = threading.Event(), threading.Event()

    def hang(text: str, language: Any) -> None:
        del text, language
        speaking.set()
        assert go.wait(20.0)

    scene.speaker.say = hang  # type: ignore[method-assign]
    scene.steps += [*utterance(), wait(speaking), scene.loop.stop, QUIET]
    with patch("sanso.agent.voice.answering.END_SECONDS", 0.2):
        scene.loop.run()
    assert scene.loop._answering._thread.is_alive()
    go.set()
    scene.loop._answering._thread.join(20.0)
