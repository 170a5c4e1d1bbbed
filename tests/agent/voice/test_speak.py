"""espeak-ng, which the tests need: it says whole sentences, and nothing else with them."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sanso.agent.voice.errors import SpeakerError
from sanso.agent.voice.speak import MOST_CHARACTERS, EspeakSpeaker, sayable
from sanso.agent.voice.speak_program import piped
from sanso.agent.voice.speak_sound import Sound
from sanso.agent.wording import LANGUAGES, Language

from .ear import Ear, espeak


def children() -> set[str]:
    """Return the processes that this one started and has not waited for."""
    lists = Path("/proc/self/task").glob("*/children")
    return {pid for path in lists for pid in path.read_text().split()}


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterable[None]:
    """Hold every test to leave no process, not even a dead one."""
    before = children()
    yield
    assert children() <= before


@pytest.fixture
def ear() -> Ear:
    """Give an ear."""
    return Ear()


@pytest.mark.parametrize(
    ("text", "language"),
    [("풍량을 3단으로 맞췄어요.", "ko"), ("Fan set to level 3.", "en")],
)
def test_a_sentence_is_heard(text: str, language: Language, ear: Ear) -> None:
    """Either language gives speech: a second or so, with a voice in it."""
    speaker = EspeakSpeaker(ear)
    speaker.say(text, language)
    assert 0.8 < ear.seconds < 4
    assert np.sqrt(np.mean(ear.samples**2)) > 0.02
    assert np.abs(ear.samples).max() <= 1
    assert {22_050} == {sound.rate for sound in ear.sounds}
    assert isinstance(speaker.name, str)


def heard(text: str, language: Language, **settings: Any) -> npt.NDArray[np.float32]:
    """Return what a text sounds like."""
    ear = Ear()
    EspeakSpeaker(ear, **settings).say(text, language)
    return ear.samples


def test_numbers_are_said_as_we_read_them() -> None:
    """What is heard of a number is what is heard of its words."""
    rows: tuple[tuple[str, str, Language], ...] = (
        ("오후 3시 30분", "오후 세 시 삼십 분", "ko"),
        (
            "PM2.5는 12.5㎍/㎥",
            "피엠 이 점 오는 세제곱미터당 십이 점 오 마이크로그램",
            "ko",
        ),
        ("at 3:30 PM", "at three thirty p.m.", "en"),
    )
    for written, words, language in rows:
        assert np.array_equal(heard(written, language), heard(words, language))


def test_speed_and_voice_are_settings() -> None:
    """A faster voice takes less time, and another one sounds otherwise."""
    text = "Fan set to level three."
    plain = heard(text, "en")
    assert len(heard(text, "en", words_per_minute=300)) < 0.8 * len(plain)
    other = heard(text, "en", voices={"ko": "ko", "en": "en-gb+f3"})
    assert len(other) != len(plain) or not np.array_equal(other, plain)


@pytest.mark.parametrize(
    "text",
    [
        "-v ko --version",
        "--help",
        "-w /tmp/never.wav",
        "$(touch never) `touch never`; touch never",
        "a\x00b\x07c\x1b[31md\r\n\x85e",
        "<speak><audio src='x'/>hello</speak>",
        "[[h@l'oU]] \\n %s {0}",
        "ㅋㅋ 그래요 안녕",
        "\ud800 half a sign",
        "日本語 العربية ไทย",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_odd_texts_are_only_said(
    text: str,
    language: Language,
    ear: Ear,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No text is an option, a command, markup or an error."""
    monkeypatch.chdir(tmp_path)
    EspeakSpeaker(ear).say(text, language)
    assert ear.seconds > 0.2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", " ", "\n\t", "...", "😀", "()", "\x00"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_to_say(text: str, language: Language, ear: Ear) -> None:
    """Where there is no word, nothing is played, and no program started."""
    EspeakSpeaker(ear).say(text, language)
    assert ear.volumes == []


def test_a_long_text_is_cut_between_sentences(ear: Ear) -> None:
    """Ten thousand characters are cut where a sentence ends, or a word, or at all."""
    words = sayable("One two three four. " * 500, "en")
    assert MOST_CHARACTERS - 25 < len(words) <= MOST_CHARACTERS
    assert words.endswith("four.")
    assert sayable("가나 다라 " * 2000, "ko").split()[-1] in ("가나", "다라")
    assert len(sayable("가" * 10_000, "ko")) == MOST_CHARACTERS
    assert len(sayable("7" * 10_000, "ko")) <= MOST_CHARACTERS
    EspeakSpeaker(ear).say("가" * 10_000, "ko")
    assert ear.seconds > 60


def test_the_volume_is_asked_for_each_sentence(ear: Ear) -> None:
    """It is held between 0 and 1; at 0 nothing is made at all."""
    wanted = iter([0.3, 2.0, -1.0, 0.0])
    speaker = EspeakSpeaker(ear, volume=lambda: next(wanted))
    for _ in range(4):
        speaker.say("네.", "ko")
    assert ear.volumes == [0.3, 1.0]


def test_stop_in_the_middle_of_a_sentence() -> None:
    """Stopped by another thread at its first sound, it says no more, and the next sentence is whole."""
    player = Ear()
    speaker = EspeakSpeaker(player)
    player.on_sound = speaker.stop
    long = "공기청정기를 켰어요. " * 60
    speaker.say(long, "ko")
    assert len(player.sounds) == 1
    assert player.seconds < 3
    ear = Ear()
    whole = EspeakSpeaker(ear)
    whole.say(long, "ko")
    assert ear.seconds > 60


def test_stop_where_nothing_is_said(ear: Ear) -> None:
    """It has no effect on what is said next; nor has closing twice."""
    speaker = EspeakSpeaker(ear)
    speaker.stop()
    speaker.say("네.", "ko")
    assert ear.seconds > 0.2
    speaker.close()
    speaker.close()


class Turnstile:
    """A lock that tells when somebody comes to wait for it."""

    def __init__(self, lock: threading.Lock) -> None:
        """Stand before a lock."""
        self.waiting = threading.Event()
        self._lock = lock

    def __enter__(self) -> None:
        """Tell, and wait."""
        self.waiting.set()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        """Let the next one through."""
        self._lock.release()


def test_what_waits_its_turn_is_stopped_too() -> None:
    """A sentence that was to follow is not said after a stop."""
    started, go_on = threading.Event(), threading.Event()

    class Slow(Ear):
        def play(
            self, sounds: Iterable[Sound], stopping: threading.Event, volume: float
        ) -> None:
            started.set()
            go_on.wait(10)
            super().play(sounds, stopping, volume)

    player = Slow()
    speaker = EspeakSpeaker(player)
    first = threading.Thread(target=speaker.say, args=("하나.", "ko"))
    first.start()
    assert started.wait(10)
    turn = Turnstile(speaker._output._turn)
    speaker._output._turn = turn  # type: ignore[assignment]
    second = threading.Thread(target=speaker.say, args=("둘.", "ko"))
    second.start()
    assert turn.waiting.wait(10)
    speaker.stop()
    go_on.set()
    first.join(10)
    second.join(10)
    assert (player.sounds, player.volumes) == ([], [1.0])


def test_espeak_is_missing(ear: Ear) -> None:
    """It is told at once, with the command that installs it."""
    with pytest.raises(SpeakerError, match="sudo apt install espeak-ng") as caught:
        EspeakSpeaker(ear, program="no-such-espeak")
    assert caught.value.way == "espeak"


def test_a_voice_is_missing(ear: Ear) -> None:
    """espeak-ng's own complaint is told."""
    speaker = EspeakSpeaker(ear, voices={"ko": "nobody", "en": "nobody"})
    with pytest.raises(SpeakerError, match=r"espeak-ng failed \(.*voice.*\); try it"):
        speaker.say("네.", "ko")


def a_program(folder: Path, code: str) -> str:
    """Write a program that takes the place of espeak-ng."""
    path = folder / "espeak-ng"
    path.write_text(f"#!{sys.executable}\nimport os, sys, time\n{code}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("sys.stdout.write('hello' * 50)", "no WAV"),
        ("sys.exit('out of luck')", r"\(out of luck\)"),
        ("sys.exit(3)", r"\(status 3\)"),
        ("os.kill(os.getpid(), 9)", r"\(status -9\)"),
        ("time.sleep(600)", r"no end after 0\.3 s"),
        ("os.close(1); os.close(2); time.sleep(600)", r"no end after"),
        (
            "import subprocess; subprocess.Popen(['sleep', '600']); time.sleep(600)",
            "no end after",
        ),
    ],
)
def test_espeak_fails(code: str, told: str, ear: Ear, tmp_path: Path) -> None:
    """A program that gives no WAV, complains, dies or hangs is told of, in one line, and ended."""
    speaker = EspeakSpeaker(ear, program=a_program(tmp_path, code), seconds=0.3)
    with pytest.raises(SpeakerError, match=told) as caught:
        speaker.say("네.", "ko")
    assert "\n" not in str(caught.value)
    assert ear.sounds == []


def test_a_program_that_does_not_read(ear: Ear, tmp_path: Path) -> None:
    """A pipe that nobody reads from is no error of its own."""
    program = a_program(tmp_path, "os.close(0); sys.exit('no ears')")
    with pytest.raises(SpeakerError, match="no ears"):
        EspeakSpeaker(ear, program=program).say("네.", "ko")


def test_espeak_vanishes(ear: Ear, tmp_path: Path) -> None:
    """A program that was there when it was looked for may be gone when it is needed."""
    program = a_program(tmp_path, "")
    speaker = EspeakSpeaker(ear, program=program)
    Path(program).unlink()
    with pytest.raises(SpeakerError, match=r"cannot be started .*; install it again"):
        speaker.say("네.", "ko")


def test_the_program_ends_with_who_reads() -> None:
    """Whoever gives up in the middle leaves no process behind."""
    reading = piped(["yes"], "", threading.Event(), seconds=60)  # writes for ever
    assert next(reading)
    assert children()
    reading.close()


def test_the_tests_have_espeak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without espeak-ng tests fail and say what to install; none is skipped."""
    run = subprocess.run([espeak(), "--version"], capture_output=True, check=True)
    assert b"eSpeak NG" in run.stdout
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.fail.Exception, match="apt-get install espeak-ng"):
        espeak()
