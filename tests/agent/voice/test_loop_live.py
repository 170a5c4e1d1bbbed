"""Everything at once: a microphone, PortAudio, the recogniser, the model, a purifier, espeak-ng and a loudspeaker."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sanso.agent.voice.parts import FRAME, RATE, Samples, Segment
from sanso.agent.voice.segmenter import Segmenter
from sanso.agent.voice.speak import EspeakSpeaker
from sanso.agent.voice.vad import SileroActivity
from sanso.models.recogniser.sentences import is_held
from sanso.models.recogniser.speech import speak
from sanso.models.recogniser.voices import UNSEEN_VARIANTS, Voice

from .ear import Ear
from .sound_server import MICROPHONE, SPEAKER, SoundServer, likeness

RECOGNISER = Path(__file__).with_name("recogniser")
COMMANDS = (
    ("ko", "지금 작동 시작해", "set_power(state=on)"),
    ("en", "could you start the air purifier", "set_power(state=on)"),
    ("ko", "미풍으로 해줘", "set_fan_level(level=min)"),
    ("en", "fan on medium for me", "set_fan_level(level=medium)"),
    ("ko", "세기를 칠십오 퍼센트로 올려줘", "set_fan_percent(percent=75)"),
    ("en", "turn the fan to thirty percent now", "set_fan_percent(percent=30)"),
    ("ko", "절전 모드로 바꿔줘", "set_mode(mode=eco)"),
    ("en", "away mode for me", "set_mode(mode=away)"),
    ("ko", "깜깜해 불 켜주세요", "set_light(level=on)"),
    ("en", "screen on for me", "set_light(level=on)"),
    ("ko", "혹시 회전 기능 꺼줄래", "set_option(option=oscillation, state=off)"),
    ("en", "please turn the beep on", "set_option(option=sound, state=on)"),
    ("ko", "걸어둔 예약 해제해줘", "cancel_timer()"),
    ("en", "can you cancel the timer", "cancel_timer()"),
    ("ko", "필터는 상태 어때", "query(item=filter)"),
    ("en", "tell me the humidity now", "query(item=humidity)"),
    (
        "ko",
        "앞으로 일곱시간반 뒤에 꺼봐",
        "after(hours=7, minutes=30) -> set_power(state=off)",
    ),
    ("en", "in eight hours stop", "after(hours=8, minutes=0) -> set_power(state=off)"),
    ("ko", "지금 정지해줘", "set_power(state=off)"),
    ("en", "turn off the unit please", "set_power(state=off)"),
)
"""Ten in each language, none of which the recogniser has learnt."""
VOICES = (
    *("f4", "m6", "steph", "m7", "ed", "linda", "miguel", "Andrea", "victor", "john"),
)
"""Variants of espeak-ng that the recogniser has not learnt from; each speaks both languages."""
ACCENTS = ("en-us", "en-gb", "en-gb-x-rp", "en-us-nyc")
UNPLUGGED_BEHIND = 10
_PATIENCE_SECONDS = 60.0
_QUIET_SECONDS = 0.8
"""Before each command, as people leave it: the agent is deaf for 0.3 s behind its own voice, and what begins within 0.13 s behind that, or behind a
microphone that has come back, may be the rest of something."""


class Listener:
    """`sanso listen` in a process of its own."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        """Read what it tells, in a thread: lines may come at any time."""
        self._child = child
        self._rows: queue.Queue[dict[str, Any]] = queue.Queue()
        self._passed: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def await_(self, event: str) -> dict[str, Any]:
        """Return the next thing of a kind that it tells."""
        while True:
            try:
                row = self._rows.get(timeout=_PATIENCE_SECONDS)
            except queue.Empty:
                pytest.fail(f"nothing told of {event}, but {self._passed[-5:]}")
            if row["event"] == event:
                return row
            self._passed.append(row)

    def end(self) -> tuple[dict[str, Any], str]:
        """End it with SIGTERM; what it told last, and its complaints."""
        self._child.terminate()
        last = self.await_("end")
        assert self._child.wait(_PATIENCE_SECONDS) == 0
        assert self._child.stderr
        return last, self._child.stderr.read().decode()

    def _read(self) -> None:
        assert self._child.stdout
        for line in self._child.stdout:
            self._rows.put(json.loads(line))


@contextmanager
def listening(server: SoundServer, folder: Path) -> Iterator[Listener]:
    """Listen to the virtual microphone, and answer through the virtual loudspeaker."""
    words = [sys.executable, "-m", "sanso.agent.cli", "listen", "--json", "--open"]
    words += ["--mic", MICROPHONE, "--loudspeaker", SPEAKER, "--speak", "espeak"]
    words += ["--model", str(RECOGNISER), "--device", "sim:?light=off", "--lang", "en"]
    state = {"XDG_STATE_HOME": str(folder), "SANSO_SOCKET": str(folder / "a.sock")}
    with subprocess.Popen(
        words,
        env={**server.environment, **state},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        try:
            yield Listener(child)
        finally:
            child.kill()


def voice_of(number: int, lang: str) -> Voice:
    """Return who says a command."""
    accent = ACCENTS[number % len(ACCENTS)] if lang == "en" else lang
    return Voice(f"{accent}+{VOICES[number // 2]}", speed=160, pitch=50)


def say_wav(folder: Path, number: int, lang: str, text: str) -> Path:
    """Speak a command into a file."""
    sound = speak(text, voice_of(number, lang))
    path = folder / f"{number}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.tobytes())
    return path


def answer_sound(words: str, lang: Any) -> Samples:
    """Return an answer as espeak-ng says it, at 16 kHz."""
    import soxr

    ear = Ear()
    EspeakSpeaker(ear).say(words, lang)
    sound: Samples = soxr.resample(ear.samples, ear.sounds[0].rate, RATE)
    return sound


def speech_in(sound: Samples) -> list[Segment]:
    """Return the stretches of speech in a recording."""
    activity, segmenter = SileroActivity(), Segmenter()
    found = []
    for at in range(0, len(sound) - FRAME, FRAME):
        frame = sound[at : at + FRAME]
        found += segmenter.feed(frame, activity.probability(frame))
    return [one for one in [*found, *segmenter.flush()] if isinstance(one, Segment)]


def test_no_command_was_learnt() -> None:
    """Sentences and voices that are played to it the recogniser meets for the first time."""
    assert [text for _, text, _ in COMMANDS if not is_held(text)] == []
    assert set(VOICES) <= set(UNSEEN_VARIANTS)
    assert len(COMMANDS) == 2 * len(VOICES)


@pytest.mark.engine
def test_twenty_commands_through_the_air(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    """Each is heard, obeyed and answered aloud; an unplug in the middle costs nothing but itself."""
    rows = []
    with (
        sound_server.speaker.recording() as path,
        listening(sound_server, tmp_path) as listener,
    ):
        assert listener.await_("microphone")["state"] == "open"
        for number, (lang, text, _) in enumerate(COMMANDS):
            if number == UNPLUGGED_BEHIND:
                sound_server.microphone.unplug()
                assert listener.await_("microphone")["state"] == "lost"
                sound_server.microphone.plug()
                assert listener.await_("microphone")["state"] == "back"
            wav = say_wav(tmp_path, number, lang, text)
            time.sleep(_QUIET_SECONDS)
            sound_server.microphone.play(wav)
            row = listener.await_("exchange")
            rows.append(row)
            listener.await_("voiced")
        last, complaints = listener.end()
        recorded = np.fromfile(path, "<i2").astype(np.float32) / 32768.0
    assert not [line for line in complaints.splitlines() if "sanso" in line]
    assert (last["exchanges"], last["drops"]) == (len(COMMANDS), 0)
    assert [lang for lang, *_ in COMMANDS] == [row["lang"] for row in rows]
    assert max(row["ms"]["ending"] for row in rows) <= 800
    assert len(speech_in(recorded)) >= len(COMMANDS)
    alike = [
        likeness(recorded, answer_sound(row["words"], row["lang"])) for row in rows
    ]
    assert min(alike) > 0.8
    wrong = {
        text: (row["heard"], row["program"])
        for (_, text, program), row in zip(COMMANDS, rows, strict=True)
        if row["program"] != [program]
        or not set(row["outcomes"]) <= {"confirmed", "unchanged"}
    }
    assert wrong == {}
