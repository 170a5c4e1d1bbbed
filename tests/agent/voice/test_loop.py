from __future__ import annotations

import threading
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.agent.voice.answering import SOURCE, STALE_SECONDS
from sanso.agent.voice.attention import Manners
from sanso.agent.voice.errors import SpeakerError, TranscriberError
from sanso.agent.voice.happenings import (
    Called,
    Due,
    Exchange,
    Late,
    MicrophoneChanged,
    Overheard,
    Pulse,
    Trouble,
    Voiced,
)
from sanso.agent.voice.hearing import Hearing
from sanso.agent.voice.parts import RATE
from sanso.agent.voice.speakers import SilentSpeaker
from sanso.agent.voice.voicing import Voicing, word_failed, word_missed
from sanso.devices import DeviceError

from .scene import FakeWake, Scene, check, settled, wait
from .scripted import (
    LOUD,
    PAUSE,
    QUIET,
    SPEECH,
    utterance,
)


def test_what_is_said_is_done_and_answered() -> None:
    """Each utterance is carried out once, in order, and answered in its own language."""
    scene = Scene(["켜 줘", "turn it off"]).run(utterance(), utterance())
    assert scene.agent.said == [("켜 줘", SOURCE), ("turn it off", SOURCE)]
    assert scene.speaker.said == [("did 켜 줘", "ko"), ("did turn it off", "en")]
    assert [e.sentence for e in scene.of(Exchange)] == scene.acts
    kinds = [type(one) for one in scene.happened if not isinstance(one, Pulse)]
    assert kinds == [MicrophoneChanged, *[Exchange, Voiced] * 2]


def test_what_ends_with_the_sound_is_heard() -> None:
    """A file that stops behind the last word is enough."""
    assert Scene(["켜 줘"]).run(utterance(pause=1)).acts == ["켜 줘"]


def test_every_stage_is_timed() -> None:
    """The times of an exchange are those of the sound and of the peers."""
    [exchange] = Scene(["켜 줘"]).run(utterance()).of(Exchange)
    seconds = {name: round(value, 3) for name, value in exchange.seconds.items()}
    assert seconds == {
        "ending": 0.64,
        "waiting": 0.0,
        "encode": 0.15,
        "decode": 0.1,
        "recogniser": 0.25,
        "model": 0.01,
        "device": 0.04,
        "obeyed": 0.94,
    }
    row = exchange.as_json()
    assert (row["heard"], row["program"]) == ("켜 줘", ["set_power(state=on)"])
    assert row["ms"]["obeyed"] == 940.0


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ("doubt", True),
        ("repetition", True),
        ("echo", True),
        ("language", True),
        ("long", True),
        ("noise", False),
        ("silence", False),
        ("short", False),
    ],
)
@pytest.mark.parametrize("quiet", [True, False])
def test_nothing_is_done_on_what_a_gate_refuses(
    gate: Any,
    said: bool,  # noqa: FBT001 - columns of the table
    quiet: bool,  # noqa: FBT001
) -> None:
    """It is told in few words, or not at all where nobody spoke or the owner wants it quiet."""
    scene = Scene([f"<{gate}>켜 줘", "꺼 줘"], options={"quiet_misses": quiet})
    scene.run(utterance(), utterance())
    assert scene.acts == ["꺼 줘"]
    words = word_missed(gate, "ko")
    expected = [(words, "ko")] if said and not quiet else []
    assert scene.speaker.said[:-1] == expected
    missed, _ = scene.of(Exchange)
    assert (missed.missed, missed.reply) == (gate, None)
    assert bool(missed.words) == bool(expected)


@pytest.mark.parametrize("gate", ["noise", "silence", "short"])
def test_who_holds_the_key_is_told_that_nothing_was_heard(gate: str) -> None:
    """With push-to-talk somebody waits for an answer."""
    scene = Scene([f"<{gate}>"], manners=Manners(mode="push"))
    scene.run(scene.switch.press, [LOUD] * SPEECH, scene.switch.release, QUIET)
    assert scene.acts == []
    assert [text for text, _ in scene.speaker.said] == [word_missed("noise", "ko")]


def test_half_a_sentence_is_not_recognised() -> None:
    """Speech that was cut off at its longest is refused, in words, and what follows is heard."""
    scene = Scene(["꺼 줘"]).run(utterance(speech=300), utterance())
    assert scene.acts == ["꺼 줘"]
    assert [e.missed for e in scene.of(Exchange)] == ["long", None]
    assert scene.speaker.said[0] == (word_missed("long", "ko"), "ko")
    assert len(scene.transcriber.heard) == 1


def test_ten_minutes_of_talking_are_one_refusal() -> None:
    """Who never pauses is refused once, without a word being recognised, and nothing grows."""
    scene = Scene(["꺼 줘"]).run(utterance(speech=18_750), utterance())
    assert scene.acts == ["꺼 줘"]
    assert [e.missed for e in scene.of(Exchange)] == ["long", None]
    assert max(len(e.segment.samples) for e in scene.of(Exchange)) < 9 * RATE


def test_the_words_for_a_miss_follow_the_language_of_the_last_sentence() -> None:
    """Where nothing can be read of the language, it is the one spoken before."""
    scene = Scene(["turn it on", "<long>"]).run(utterance(), utterance())
    assert scene.speaker.said[1] == (word_missed("long", "en"), "en")
    scene = Scene(["<long>"], options={"language": "en"}).run(utterance())
    assert scene.speaker.said == [(word_missed("long", "en"), "en")]


def test_half_duplex() -> None:
    """A live microphone is not listened to while the agent speaks, nor right after."""
    scene = Scene(["켜 줘", "꺼 줘"], live=True, endless=("켜",))
    scene.run(
        utterance(),
        wait(scene.speaker.speaking),
        utterance(),
        scene.speaker.stop,
        settled(scene),
        [LOUD] * 4,
        [QUIET] * 40,
        utterance(),
    )
    assert scene.acts == ["켜 줘", "꺼 줘"]


def test_a_file_is_not_said_over() -> None:
    """Sound that waits for the answer is heard whole, whatever the agent says meanwhile."""
    scene = Scene(["켜 줘", "꺼 줘"])
    scene.run(utterance(pause=21), utterance())
    assert scene.acts == ["켜 줘", "꺼 줘"]


def test_a_pipe_that_runs_ahead_of_the_clock_is_like_a_file() -> None:
    """Sound that comes faster than it could be heard waits for the answers."""
    scene = Scene(["켜 줘", "꺼 줘", "더 세게"], live=True, clocked=False)
    scene.run([QUIET] * 40, utterance(), utterance(), utterance())
    assert scene.acts == ["켜 줘", "꺼 줘", "더 세게"]


def test_a_key_interrupts() -> None:
    """Who presses the key is heard at once: the agent falls silent."""
    scene = Scene(
        ["켜 줘", "꺼 줘"],
        manners=Manners(mode="push"),
        live=True,
        endless=("켜",),
    )
    scene.run(
        *(scene.switch.press, [LOUD] * SPEECH, scene.switch.release, QUIET),
        wait(scene.speaker.speaking),
        *(scene.switch.press, [LOUD] * SPEECH, scene.switch.release, QUIET),
    )
    assert scene.acts == ["켜 줘", "꺼 줘"]
    assert scene.speaker.stops > 0


def test_speech_interrupts_where_the_owner_wants_it() -> None:
    """With barge-in, an open microphone hears somebody over the agent, who falls silent."""
    manners = Manners(mode="open", barge_in=True)
    scene = Scene(["켜 줘", "꺼 줘"], manners=manners, live=True, endless=("켜",))
    scene.run(utterance(), wait(scene.speaker.speaking), utterance())
    assert scene.acts == ["켜 줘", "꺼 줘"]


def test_the_name_interrupts_and_nothing_else_does() -> None:
    """With barge-in and a name, the agent speaks on over itself and others until it is called."""
    manners = Manners(mode="name", barge_in=True)
    texts = ["산소야 켜 줘", "텔레비전 소리", "<noise>", "산소야 꺼 줘"]
    scene = Scene(texts, manners=manners, live=True, endless=("켜",))
    scene.run(
        utterance(),
        wait(scene.speaker.speaking),
        utterance(),
        utterance(),
        lambda: check(scene.speaker.stops == 0),
        utterance(),
    )
    assert scene.acts == ["켜 줘", "꺼 줘"]


def test_what_is_not_said_to_it_is_overheard() -> None:
    """By a spoken name, only what begins with it is carried out, without the name."""
    scene = Scene(["오늘 춥네", "산소야 켜 줘"], manners=Manners(mode="name"))
    scene.run(utterance(), utterance())
    assert scene.acts == ["켜 줘"]
    assert [one.transcript.text for one in scene.of(Overheard)] == ["오늘 춥네"]


def test_a_name_alone_opens_a_window() -> None:
    """Who only calls it is heard without the name next; behind that it is needed again."""
    scene = Scene(["산소야", "켜 줘", "꺼 줘"], manners=Manners(mode="name"))
    scene.run(utterance(), utterance(), utterance())
    assert scene.acts == ["켜 줘"]
    assert len(scene.of(Called)) == 1
    assert len(scene.of(Overheard)) == 1


def test_a_question_of_the_agent_is_answered_without_the_name() -> None:
    """What the agent asks opens a window of attention."""
    scene = Scene(
        ["산소야 바꿔 줘", "삼 단"],
        manners=Manners(mode="name"),
        programs={"바꿔 줘": "ask(slot=level)"},
    )
    assert scene.run(utterance(), utterance()).acts == ["바꿔 줘", "삼 단"]


def test_a_miss_by_name_is_quiet_for_who_did_not_call() -> None:
    """A refused transcript of somebody who may not have spoken to it is passed over in silence."""
    scene = Scene(["<doubt>켜 줘"], manners=Manners(mode="name")).run(utterance())
    assert (scene.acts, scene.speaker.said) == ([], [])


def test_a_lost_microphone_is_told_and_half_a_sentence_forgotten() -> None:
    """What was being said when it was unplugged is not acted on; it is heard when it is back."""
    scene = Scene(["꺼 줘"], live=True)
    scene.run(
        [LOUD] * SPEECH,
        lambda: scene.loop.microphone_is("lost"),
        settled(scene),
        *[None] * 3,
        lambda: scene.loop.microphone_is("back"),
        [QUIET] * 2 * PAUSE,
        utterance(),
    )
    assert [one.state for one in scene.of(MicrophoneChanged)] == [
        "open",
        "lost",
        "back",
    ]
    assert scene.acts == ["꺼 줘"]
    states = [pulse.state for pulse in scene.of(Pulse)]
    assert states.count("lost") >= 3
    assert {"listening", "hearing"} < set(states)


@pytest.mark.parametrize(
    "error",
    [
        TranscriberError("the recogniser failed; try another one", model="x"),
        RuntimeError("llama.cpp"),
    ],
)
def test_a_recogniser_that_fails_costs_one_utterance(error: Exception) -> None:
    """It is told, nothing is done, and listening goes on."""
    scene = Scene([error, "꺼 줘"]).run(utterance(), utterance())
    assert scene.acts == ["꺼 줘"]
    assert [one.error for one in scene.of(Trouble)] == [error]


def test_a_purifier_that_fails_costs_one_utterance() -> None:
    """So does an agent that cannot reach it."""
    error = DeviceError("no answer")

    def fail(text: str) -> None:
        if text == "켜 줘":
            raise error

    scene = Scene(["켜 줘", "꺼 줘"])
    scene.agent.on_say = fail
    scene.run(utterance(), utterance())
    assert [one.error for one in scene.of(Trouble)] == [error]
    failed, done = scene.of(Exchange)
    assert (failed.transcript.text, failed.sentence) == ("켜 줘", "켜 줘")
    assert (failed.reply, failed.missed) == (None, None)
    assert scene.speaker.said[0] == (failed.words, "ko") == (word_failed("ko"), "ko")
    assert done.sentence == "꺼 줘"


def test_a_speaker_that_fails_keeps_nothing_from_being_done() -> None:
    """What could not be said aloud is shown all the same."""
    scene = Scene(["켜 줘", "꺼 줘"])
    scene.speaker.error = SpeakerError("no loudspeaker; plug one in", way="espeak")
    scene.run(utterance(), utterance())
    assert [e.words for e in scene.of(Exchange)] == ["did 켜 줘", "did 꺼 줘"]
    assert [one.error for one in scene.of(Trouble)] == [scene.speaker.error] * 2


def test_a_mistake_of_our_own_ends_it() -> None:
    """What nobody foresaw is raised where the loop runs, and leaves nothing running."""
    scene = Scene([ZeroDivisionError("ours")])
    with pytest.raises(ZeroDivisionError, match="ours"):
        scene.run(utterance(), utterance())
    assert not scene.microphone.opened
    assert not [t for t in threading.enumerate() if t.name == "sanso-voice"]


def test_stops_while_it_listens() -> None:
    """Stopped from outside, it ends without waiting for the end of the sound."""
    scene = Scene(["켜 줘"], live=True)
    scene.run([QUIET] * 5, scene.loop.stop, utterance())
    assert scene.acts == []


def test_stops_while_it_speaks() -> None:
    """Stopped in the middle of an answer, it falls silent at once."""
    scene = Scene(["켜 줘"], live=True, endless=("켜",))
    scene.run(utterance(), wait(scene.speaker.speaking), scene.loop.stop)
    assert scene.speaker.silent.is_set()


def test_stops_while_it_understands() -> None:
    """The model's work is cancelled; what it had not understood yet is not said."""
    scene = Scene(["켜 줘"], live=True)
    asked, ended = threading.Event(), threading.Event()

    def hang(_: str) -> None:
        asked.set()
        assert ended.wait(20.0)

    def cancel() -> None:
        ended.set()

    scene.agent.on_say = hang
    scene.agent.cancel = cancel  # type: ignore[method-assign]
    scene.run(utterance(), wait(asked), scene.loop.stop)
    assert ended.is_set()
    assert scene.speaker.said == []


def test_what_waited_too_long_is_not_done() -> None:
    """Nobody means any more what was said so long ago."""
    scene = Scene(["켜 줘", "꺼 줘"], live=True)
    asked, go = threading.Event(), threading.Event()

    def hang(text: str) -> None:
        if text == "켜 줘":
            asked.set()
            assert go.wait(20.0)

    def late() -> None:
        scene.clock.now += STALE_SECONDS
        go.set()

    scene.agent.on_say = hang
    scene.run(utterance(), wait(asked), utterance(), late)
    assert scene.acts == ["켜 줘"]
    assert len(scene.of(Late)) == 1


def test_what_comes_due_is_told() -> None:
    """What a timer did meanwhile is said in its own language."""
    scene = Scene(live=True)
    scene.agent.due = ["예약대로 껐어요."]
    said = threading.Event()
    tell = scene.speaker.say

    def say(text: str, language: Any) -> None:
        tell(text, language)
        said.set()

    scene.speaker.say = say  # type: ignore[method-assign]
    scene.run(QUIET, wait(said), QUIET)
    assert scene.speaker.said == [("예약대로 껐어요.", "ko")]
    assert [one.words for one in scene.of(Due)] == ["예약대로 껐어요."]


def test_hours_do_not_make_a_microphone_a_file() -> None:
    """A sound card whose clock is a little fast stays one that hears the agent speak."""
    scene = Scene(live=True)
    scene.loop._began = scene.clock.now
    hours = 10
    scene.clock.now += hours * 3600
    with patch.object(Hearing, "seconds", hours * 3600 * 1.001):
        assert scene.loop._is_live()
    with patch.object(Hearing, "seconds", hours * 3600 * 1.02):
        assert not scene.loop._is_live()


def test_a_wake_service_opens_a_window() -> None:
    """What is said behind the name that the service heard is carried out; else nothing is looked at."""
    scene = Scene(["hey purifier", "켜 줘"], manners=Manners(mode="service"))
    service = FakeWake()
    scene.hearing._wake = service

    def called() -> None:
        service.names.append("hey purifier")

    scene.run(
        utterance(),
        [LOUD] * SPEECH,
        called,
        [QUIET] * PAUSE,
        utterance(),
        utterance(),
    )
    assert scene.acts == ["켜 줘"]
    assert [one.segment is None for one in scene.of(Called)] == [True, False]
    assert service.frames == 4 * SPEECH + 4 * PAUSE


def test_a_mute_agent_is_never_deaf() -> None:
    """Where nothing is said aloud, what follows an answer at once is heard from its start."""
    for mute in (True, False):
        scene = Scene(["켜 줘", "꺼 줘"], live=True)
        if mute:
            scene.loop._answering._voicing = Voicing(SilentSpeaker())
        scene.run(utterance(), settled(scene), [LOUD] * 9, [QUIET] * 40)
        assert scene.acts == (["켜 줘", "꺼 줘"] if mute else ["켜 줘"])


def test_a_name_alone_does_not_deafen() -> None:
    """Who calls it and goes on is heard from the start, where no sound says that it listens."""
    manners = Manners(mode="name")
    scene = Scene(["산소야", "켜 줘"], manners=manners, live=True)
    scene.run(utterance(), settled(scene), [LOUD] * 9, [QUIET] * 40)
    assert scene.acts == ["켜 줘"]


def test_the_same_trouble_is_told_once() -> None:
    """A purifier that cannot be reached is not complained of each second."""
    scene = Scene(live=True)
    ticks: list[str] = []
    asked = threading.Event()

    def tick() -> list[str]:
        ticks.append("no answer" if len(ticks) < 3 else "")
        if len(ticks) == 4:
            asked.set()
        if ticks[-1]:
            raise DeviceError(ticks[-1])
        return []

    scene.agent.tick = tick  # type: ignore[method-assign]
    with patch("sanso.agent.voice.answering.TICK_SECONDS", 0.001):
        scene.run(QUIET, wait(asked), QUIET)
    assert [str(one.error) for one in scene.of(Trouble)] == ["no answer"]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(6, 40),
            st.integers(21, 60),
            st.sampled_from(["<noise>", "켜 줘", "on"]),
        ),
        max_size=6,
    )
)
def test_nothing_is_lost_or_done_twice(parts: list[tuple[int, int, str]]) -> None:
    """Whatever lengths speech and pauses have, each utterance is answered once, in order."""
    scene = Scene([text for *_, text in parts])
    scene.run(*(utterance(speech, pause) for speech, pause, _ in parts))
    assert scene.acts == [text for *_, text in parts if not text.startswith("<")]
    assert len(scene.of(Exchange)) == len(parts)
    ends = [e.segment.speech_end for e in scene.of(Exchange)]
    assert ends == sorted(set(ends))
