"""Sentences that were heard in pieces: none of them is carried out, and the next whole one is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from sanso.agent.voice.attention import Manners
from sanso.agent.voice.happenings import Exchange, LeftOut, Muted
from sanso.agent.voice.voicing import word_missed

from .scene import Scene, settled, wait
from .scripted import LOUD, PAUSE, QUIET, SPEECH, Step, utterance

PUSH = Manners(mode="push")
CAP, HELD_CAP = 252, 470
"""Frames of 8 s and of 15 s, and what is needed to know it."""


def missed(scene: Scene) -> list[Any]:
    """Return what was refused, and why."""
    return [one.missed for one in scene.of(Exchange)]


def went_by(scene: Scene) -> list[str]:
    """Return why speech was left out."""
    return [one.why for one in scene.of(LeftOut)]


def tapped(scene: Scene) -> Sequence[Step]:
    """Return the steps of who taps, speaks, and taps again; and is answered."""
    key = scene.switch
    spoken: list[Step] = [LOUD] * SPEECH
    quiet: list[Step] = [QUIET] * PAUSE
    return [key.toggle, *spoken, key.toggle, QUIET, settled(scene), *quiet]


@pytest.mark.parametrize("on", [1, 31, 94])
def test_the_tail_of_an_over_long_sentence(on: int) -> None:
    """Who speaks on while a live agent says that it was too long is not obeyed for the end of it."""
    scene = Scene(["꺼 줘"], live=True, endless=("길어요",))
    scene.run(
        *([LOUD] * CAP, wait(scene.speaker.speaking), [LOUD] * 31),
        *(scene.speaker.stop, settled(scene), [LOUD] * (10 + on), [QUIET] * PAUSE),
        utterance(),
    )
    assert scene.acts == ["꺼 줘"]
    assert missed(scene) == ["long", None]
    assert went_by(scene) == ["long"]


@pytest.mark.parametrize("pause", [0, 12])
def test_a_timer_that_is_told_in_mid_sentence(pause: int) -> None:
    """What is said on behind the words of a timer is no command, and its speaker is told."""
    scene = Scene(["꺼 줘"], live=True, endless=("예약",))

    def due() -> None:
        scene.agent.due = ["예약대로 껐어요."]

    scene.run(
        *([QUIET] * 5, [LOUD] * 10, due, wait(scene.speaker.speaking), [LOUD] * 5),
        *(scene.speaker.stop, settled(scene), [QUIET] * pause, [LOUD] * 25),
        *([QUIET] * PAUSE, utterance()),
    )
    assert scene.acts == ["꺼 줘"]
    assert went_by(scene) == ["unheard"]


def test_what_begins_over_the_voice_of_the_agent() -> None:
    """A sentence of which the beginning was said over an answer is left out, and told."""
    scene = Scene(["켜 줘", "꺼 줘"], live=True, endless=("켜",))
    scene.run(
        *(utterance(), wait(scene.speaker.speaking), [QUIET] * 5, [LOUD] * 5),
        *(scene.speaker.stop, settled(scene), [LOUD] * 40, [QUIET] * PAUSE),
        utterance(),
    )
    assert scene.acts == ["켜 줘", "꺼 줘"]
    assert went_by(scene) == ["unheard"]


def test_others_who_speak_over_the_agent_are_passed_over() -> None:
    """Where it must be called, what nobody said to it is no news."""
    scene = Scene(["산소야 켜 줘"], live=True, manners=Manners(mode="name"))
    scene.run(utterance(), settled(scene), [LOUD] * 40, [QUIET] * PAUSE)
    assert scene.acts == ["켜 줘"]
    assert went_by(scene) == []


@pytest.mark.parametrize("state", ["open", "lost"])
def test_a_microphone_that_begins_in_mid_sentence(state: Any) -> None:
    """Neither at the start nor plugged in again does it hear a whole sentence there."""
    scene = Scene(["꺼 줘"], live=True)
    spoken: list[Step] = [LOUD] * 20 if state == "lost" else []
    scene.run(
        *(spoken, lambda: scene.loop.microphone_is(state), settled(scene), None),
        *(lambda: scene.loop.microphone_is("back"), [LOUD] * 12, [QUIET] * PAUSE),
        utterance(),
    )
    assert scene.acts == ["꺼 줘"]
    assert missed(scene) == (["lost", None] if spoken else [None])
    assert scene.speaker.said[:-1] == [(word_missed("lost", "ko"), "ko")] * bool(spoken)


def test_a_hole_in_a_sentence() -> None:
    """What a busy machine heard in pieces is refused, with a line, and not recognised."""
    scene = Scene(["꺼 줘"])

    def drop() -> None:
        scene.microphone.drops += 45

    scene.run([LOUD] * SPEECH, drop, utterance(), utterance())
    assert scene.acts == ["꺼 줘"]
    assert missed(scene) == ["lost", None]
    assert len(scene.transcriber.heard) == 1
    before, behind = Scene(["꺼 줘"]), Scene(["꺼 줘"])
    before.run(lambda: setattr(before.microphone, "drops", 1), QUIET, *[QUIET] * 5)
    behind.run(utterance(), lambda: setattr(behind.microphone, "drops", 1), QUIET)
    assert (missed(before), missed(behind)) == ([], [None])


def test_a_hole_while_a_key_is_held() -> None:
    """It is told at the release, so that the key stays what it was."""
    scene = Scene(["꺼 줘"], manners=PUSH)
    key = scene.switch
    scene.run(
        *(key.toggle, [LOUD] * 5, lambda: setattr(scene.microphone, "drops", 3)),
        *([LOUD] * 15, key.toggle, QUIET, *tapped(scene)),
    )
    assert missed(scene) == ["lost", None]
    assert scene.acts == ["꺼 줘"]


@pytest.mark.parametrize("end", ["cap", "lost"])
@pytest.mark.parametrize("held", [True, False])
def test_a_key_behind_the_longest_or_a_lost_microphone(
    end: str,
    held: bool,  # noqa: FBT001 - the column of a table
) -> None:
    """A key that is tapped begins anew; one that is held says nothing until it is let go."""
    scene = Scene(["하나", "둘"], manners=PUSH, live=True)
    key, loop = scene.switch, scene.loop
    lost: list[Step] = [
        lambda: loop.microphone_is("lost"),
        None,
        lambda: loop.microphone_is("back"),
    ]
    over: list[Step] = [LOUD] * HELD_CAP if end == "cap" else lost
    scene.run(
        *(key.press if held else key.toggle, [LOUD] * 9, over, settled(scene)),
        *([QUIET] * 3, [LOUD] * SPEECH, [QUIET] * 9),
        *(key.release if held else QUIET, QUIET, *tapped(scene), *tapped(scene)),
    )
    assert scene.acts == ["하나", "둘"]
    assert missed(scene) == ["long" if end == "cap" else "lost", None, None]
    assert not key.pressed
    assert not scene.hearing.attends


@pytest.mark.parametrize("waiting", [0.0, 2.0])
def test_a_late_reader_does_not_obey_the_agent(waiting: float) -> None:
    """What was heard while it spoke is not listened to, however late it is read."""
    scene = Scene(["켜 줘", "꺼 줘", "더"], live=True, endless=("켜",))

    def late() -> None:
        scene.microphone.unread = waiting

    unread = round(waiting / 0.032)
    scene.run(
        *(utterance(), wait(scene.speaker.speaking), late, scene.speaker.stop),
        *(settled(scene), [QUIET] * 5, [LOUD] * max(0, unread - 5), [QUIET] * 40),
        utterance(),
    )
    assert scene.acts == ["켜 줘", "꺼 줘"]


def test_a_muted_microphone_is_told_once() -> None:
    """Nothing but zeros for long is no quiet room; a file may be silent."""
    assert Scene(live=True).run([QUIET] * 500).of(Muted) == [Muted()]
    assert Scene(live=True).run([LOUD * 1e-4], [QUIET] * 500).of(Muted) == []
    assert Scene().run([QUIET] * 500).of(Muted) == []
