from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import numpy as np
import pytest

from sanso.agent.agent import Agent
from sanso.agent.cli.listen_parts import Parts
from sanso.agent.cli.listen_view import Facts, open_view
from sanso.agent.cli.texts import TEXTS
from sanso.agent.service.log import ServiceLog
from sanso.agent.service.place import VARIABLE
from sanso.agent.service.server import SocketServer
from sanso.agent.service.service import Service
from sanso.agent.voice.attention import Manners
from sanso.agent.voice.earcon import sound_of
from sanso.agent.voice.happenings import LeftOut, MicrophoneChanged, Muted
from sanso.agent.voice.hearing import Hearing
from sanso.agent.voice.parts import Gate, Samples, Transcript
from sanso.agent.voice.push import Switch
from sanso.agent.voice.served import for_voice
from sanso.agent.wording import language_of
from sanso.grammars import parse

RATE = 22_050
_HANGUL = re.compile(r"[가-힣]")
PROGRAMS = {
    "풍량 3단": "set_fan_level(level=3)",
    "turn it off": "set_power(state=off)",
    "두 시간 뒤에 꺼": "after(hours=2, minutes=0) -> set_power(state=off)",
    "켜 줘": "set_power(state=on)",
}

MakeWav = Callable[..., Path]


@pytest.fixture
def wav(tmp_path: Path) -> MakeWav:
    """Write a WAV: of speech, or of samples from -1 to 1."""

    def make(name: str, sound: str | np.ndarray[Any, Any], rate: int = RATE) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        if isinstance(sound, str):
            program = shutil.which("espeak-ng")
            assert program, "install it with: sudo apt-get install espeak-ng"
            words = [program, "-v", language_of(sound), "-w", str(path), "--stdin"]
            subprocess.run(words, input=sound.encode(), check=True)
            return path
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
        return path

    return make


@pytest.fixture
def hears(monkeypatch: pytest.MonkeyPatch, make_agent: Any) -> Callable[..., Agent]:
    """Have a recogniser that writes down what it is told, and a model that knows some sentences."""

    def make(*texts: str) -> Agent:
        found = iter(texts)

        class Recogniser:
            name = "told"

            def __init__(self, model: str, **_: Any) -> None:
                assert model == "base"

            def transcribe(self, samples: Samples) -> Transcript:
                assert len(samples)
                text = next(found)
                refused: Any = None
                if text.startswith("<"):
                    refused, _, text = text[1:].partition(">")
                lang = language_of(text)
                spent = {"encode": 0.2, "decode": 0.1, "total": 0.3}
                return Transcript(text, lang, 1.0, 0.0, -0.1, 1.0, refused, spent)

            def warm_up(self) -> None:
                assert True

            def close(self) -> None:
                assert True

        agent: Agent = make_agent(PROGRAMS)
        monkeypatch.setattr(
            "sanso.agent.cli.listen_parts.WhisperTranscriber", Recogniser
        )
        monkeypatch.setattr(
            "sanso.agent.cli.listen_agent.Agent.open", lambda *_, **__: agent
        )
        monkeypatch.setattr("sanso.agent.cli.listen_agent.keep_last", lambda _: None)
        return agent

    return make


def test_what_is_said_is_shown_done_and_answered(
    wav: MakeWav, hears: Any, sanso: Any
) -> None:
    """Transcript, program, answer and the purifier stand below each other, for each file of a folder."""
    agent = hears("풍량 3단", "turn it off")
    wav("in/1.wav", "풍량 삼 단")
    folder = wav("in/2.wav", "turn it off").parent
    run = sanso("listen", "--wav", str(folder), "--speak", "none")
    assert (run.code, run.err) == (0, "")
    head, how, *lines = run.out.splitlines()
    assert str(folder) in head
    assert how == TEXTS["en"].say("listen.how.open")
    assert lines[:3] == [
        "> 풍량 3단",
        "set_fan_level(level=3)",
        "풍량을 3단으로 맞췄어요.",
    ]
    assert lines[4:6] == ["> turn it off", "set_power(state=off)"]
    assert agent.purifier.state().power is False
    assert "\x1b" not in run.out


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_stage_is_shown(lang: str, wav: MakeWav, hears: Any, sanso: Any) -> None:
    """With `--times` the stages stand below, in the language of the terminal."""
    hears("풍량 3단")
    path = wav("a.wav", "풍량 삼 단")
    run = sanso(
        "listen", "--wav", str(path), "--speak", "none", "--times", "--lang", lang
    )
    texts = TEXTS[lang]
    [line] = [x for x in run.out.splitlines() if texts.say("listen.stage.ending") in x]
    for name in ("recogniser", "ending"):
        assert texts.say(f"listen.stage.{name}") in line
    assert f"{texts.say('listen.stage.recogniser')} 0.300" in line


def test_json(wav: MakeWav, hears: Any, sanso: Any) -> None:
    """Each thing that happens is an object on a line of its own."""
    hears("풍량 3단", "<doubt>켜 줘")
    wav("in/1.wav", "풍량 삼 단")
    folder = wav("in/2.wav", "켜 줘").parent
    run = sanso("listen", "--wav", str(folder), "--speak", "none", "--json")
    ready, done, missed, end = (json.loads(line) for line in run.out.splitlines())
    assert (ready["event"], ready["state"]) == ("microphone", "open")
    assert (ready["microphone"], ready["recogniser"]) == (str(folder), "told")
    assert done["program"] == ["set_fan_level(level=3)"]
    assert done["outcomes"] == ["confirmed"]
    assert {"ending", "recogniser", "model", "device", "obeyed"} <= set(done["ms"])
    assert (missed["missed"], missed["program"]) == ("doubt", [])
    assert (end["event"], end["exchanges"], end["drops"]) == ("end", 2, 0)


def test_the_answer_is_spoken(
    tmp_path: Path, wav: MakeWav, hears: Any, sanso: Any
) -> None:
    """The voice says the answer; here into a file."""
    hears("풍량 3단")
    path, into = wav("a.wav", "풍량 삼 단"), tmp_path / "answer.wav"
    run = sanso("listen", "--wav", str(path), "--into", str(into), "--times")
    assert (run.code, run.err) == (0, "")
    assert TEXTS["en"].say("listen.voiced", seconds="").split()[0] in run.out
    with wave.open(str(into)) as file:
        assert file.getnframes() > file.getframerate()


def test_terse_is_a_short_sound(
    tmp_path: Path, wav: MakeWav, hears: Any, sanso: Any
) -> None:
    """With `--terse` an earcon stands for what was simply done."""
    hears("풍량 3단")
    path, into = wav("a.wav", "풍량 삼 단"), tmp_path / "answer.wav"
    run = sanso("listen", "--wav", str(path), "--into", str(into), "--terse")
    assert (run.code, run.err) == (0, "")
    with wave.open(str(into)) as file:
        assert 0 < file.getnframes() < file.getframerate() / 2


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_nothing_is_done_on_what_is_refused(
    lang: str, wav: MakeWav, hears: Any, sanso: Any
) -> None:
    """The gate is named, and the agent says that it did not catch it, or keeps quiet."""
    texts = TEXTS[lang]
    words = ("--speak", "none", "--lang", lang)
    for more, count in (((), 5), (("--quiet-misses",), 4)):
        agent = hears("<doubt>turn it off")
        path = wav("a.wav", "turn it off")
        run = sanso("listen", "--wav", str(path), *words, *more)
        assert run.code == 0
        assert texts.say("listen.missed.doubt") in run.out
        assert agent.purifier.state().power is True
        assert len(run.out.splitlines()) == count


def test_a_timer_that_nobody_keeps_is_told(
    wav: MakeWav, hears: Any, sanso: Any
) -> None:
    """A simulator ends with the command, and its timers with it."""
    hears("두 시간 뒤에 꺼")
    path = wav("a.wav", "두 시간 뒤에 꺼")
    run = sanso("listen", "--wav", str(path), "--speak", "none")
    assert run.out.endswith(TEXTS["en"].say("chat.timers_end", number=1) + "\n")


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (np.zeros(3 * RATE), ".silent"),
        (np.full(3 * RATE, 0.0005), ".silent"),
        (np.zeros(200), ".short"),
        (np.full(200, 0.1), ".short"),
        (np.random.default_rng(0).normal(0, 0.1, 3 * RATE), ""),
        (np.sign(np.sin(np.arange(3 * RATE) / 30)), ""),
    ],
    ids=["silence", "hiss", "200 samples", "click", "noise", "clipped tone"],
)
def test_sound_without_speech(
    sound: np.ndarray[Any, Any],
    why: str,
    lang: str,
    wav: MakeWav,
    hears: Any,
    sanso: Any,
) -> None:
    """Where nobody speaks nothing is done, and that is no failure; it is told why, and what helps."""
    hears()
    path = str(wav("a.wav", sound))
    run = sanso("listen", "--wav", path, "--lang", lang)
    assert run.code == 0
    assert run.out.splitlines()[-1] == TEXTS[lang].say(f"listen.nothing{why}")
    run = sanso("listen", "--wav", path, "--json")
    *_, end = (json.loads(line) for line in run.out.splitlines())
    assert end["seconds"] == pytest.approx(len(sound) / RATE, abs=0.04)
    assert (end["peak_dbfs"] < -60) == (not sound.any() or why == ".silent")


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("gate", get_args(Gate))
def test_each_refusal_has_a_cure(gate: str, lang: str) -> None:
    """Whoever was not caught is told what to do better."""
    line = TEXTS[lang].say(f"listen.missed.{gate}")
    assert re.search(r"; \w" if lang == "en" else r"(하|높이|끄|보)세요\)$", line)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_clipped_speech_is_told(
    lang: str, wav: MakeWav, hears: Any, sanso: Any
) -> None:
    """Who speaks too loud is heard as well as may be, and told once."""
    hears("turn it off")
    with wave.open(str(wav("a.wav", "turn it off"))) as file:
        raw = file.readframes(file.getnframes())
    loud = np.frombuffer(raw, "<i2").astype(np.float32) / 3000
    run = sanso(
        *("listen", "--wav", str(wav("b.wav", loud)), "--speak", "none", "--lang", lang)
    )
    assert run.out.count(TEXTS[lang].say("listen.clipped")) == 1
    hears("turn it off")
    path = str(wav("b.wav", loud))
    run = sanso("listen", "--wav", path, "--speak", "none", "--json")
    rows = [json.loads(line) for line in run.out.splitlines()]
    assert [row["event"] for row in rows].count("clipped") == 1


BAD: dict[str, tuple[list[str], int, str, str]] = {
    "no such file": (["--wav", "nowhere.wav"], 1, "no file", "check the path"),
    "no such file by a bare name": (
        ["--wav", "nothere"],
        1,
        "no file",
        "check the path",
    ),
    "no WAV": (["--wav", "{text}"], 1, "no WAV", "convert it"),
    "no WAV in the folder": (["--wav", "{empty}"], 1, "no WAV file", "put some there"),
    "no recogniser": (
        ["--model", "tiny"],
        1,
        "not on this machine",
        "sanso voice pull",
    ),
    "unknown recogniser": (["--model", "bass"], 1, "no recogniser", "did you mean"),
    "a folder that is none": (["--model", "{empty}"], 1, "lacks", "copy"),
    "unknown way to speak": (
        ["--wav", "{wav}", "--speak", "loud"],
        1,
        "no way",
        "choose",
    ),
    "no espeak-ng": (
        ["--wav", "{wav}", "--speak", "espeak", "--into", "{empty}/a"],
        1,
        "espeak-ng",
        "apt",
    ),
    "no loudspeaker": (
        ["--wav", "{wav}", "--speak", "espeak"],
        1,
        "no loudspeaker",
        "plug one in",
    ),
    "no microphone": ([], 1, "no microphone", "plug one in"),
    "no model": (["--gguf", "none.gguf"], 2, "no file", "check --gguf"),
    "no purifier": (["--device", "seriel:/dev/x"], 2, "", "serial"),
    "two ways to listen": (["--push", "--open"], 2, "", "--wake"),
    "two sources": (["--wav", "a", "--mic", "b"], 2, "exclude", "one of them"),
    "a key for a file": (["--wav", "{wav}", "--push"], 2, "no key", "leave --push out"),
    "a button for a file": (
        ["--wav", "{wav}", "--gpio", "4"],
        2,
        "no button",
        "leave --gpio out",
    ),
    "two services": (
        ["--wake", "tcp://a:1", "--wake", "tcp://b:2"],
        2,
        "one wake service",
        "or names",
    ),
    "no service": (["--wake", "tcp://127.0.0.1:9"], 1, "cannot be reached", "running"),
    "a name that is none": (["--wake", "야"], 1, "too short", "a longer one"),
    "an echo that is none": (["--echo", "6"], 2, "0 to 5", "choose one"),
    "no such pin": (["--gpio", "99"], 1, "no GPIO", "0 to 27"),
}


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_one_line(
    name: str,
    lang: str,
    tmp_path: Path,
    wav: MakeWav,
    hears: Any,
    sanso: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each fault is one clear line with the cure, in both languages, and the right exit code."""
    words, code, cause, cure = BAD[name]
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "agent.sock"))
    if "--device" in words:
        monkeypatch.setattr(
            "sanso.agent.cli.listen_parts.WhisperTranscriber", lambda *_, **__: closed()
        )
    elif "--model" not in words:
        hears()
    if name == "no espeak-ng":
        monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(
        "sanso.agent.voice.microphone_portaudio.PortAudio.devices", lambda _self: []
    )
    text, empty = tmp_path / "text.wav", tmp_path / "empty"
    text.write_text("no sound at all, only words, and enough of them for a header")
    empty.mkdir()
    places = {"text": text, "empty": empty, "wav": tmp_path / "a.wav"}
    wav("a.wav", np.zeros(RATE))
    given = [word.format_map(places) for word in words]
    run = sanso("listen", *given, "--lang", lang, *_silent(given))
    assert (run.code, run.err.count("\n")) == (code, 1), run.err
    assert run.err.startswith("sanso: ")
    if lang == "en":
        assert cause in run.err
        assert cure in run.err
        assert name == "a name that is none" or not _HANGUL.search(run.err)
    else:
        assert _HANGUL.search(run.err)


def closed() -> Any:
    """Return something that is only closed."""
    return SimpleNamespace(close=lambda: None, warm_up=lambda: None)


def _silent(words: list[str]) -> list[str]:
    return [] if "--speak" in words else ["--speak", "none"]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_without_a_loudspeaker_it_answers_in_writing(
    lang: str, wav: MakeWav, hears: Any, sanso: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missing for speech is told once with the cure; text keeps working."""
    monkeypatch.setattr(
        "sanso.agent.voice.microphone_portaudio.PortAudio.devices", lambda _self: []
    )
    agent = hears("turn it off")
    path = wav("a.wav", "turn it off")
    run = sanso("listen", "--wav", str(path), "--lang", lang)
    assert (run.code, run.err.count("\n")) == (0, 1)
    assert "--speak none" in run.err
    assert agent.purifier.state().power is False


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk of Linux")
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_full_disk_keeps_nothing_from_being_done(
    lang: str, wav: MakeWav, hears: Any, sanso: Any
) -> None:
    """Where the answer cannot be written it is shown, with one line about the disk."""
    agent = hears("turn it off")
    path = wav("a.wav", "turn it off")
    run = sanso("listen", "--wav", str(path), "--into", "/dev/full", "--lang", lang)
    assert (run.code, run.err.count("\n")) == (0, 1)
    assert run.err.startswith("sanso: /dev/full")
    assert agent.purifier.state().power is False


def test_in_a_terminal_the_level_moves(
    wav: MakeWav, hears: Any, sanso: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last line shows level and state, and is gone at the end."""
    hears("turn it off")
    monkeypatch.setenv("FORCE_COLOR", "1")
    run = sanso("listen", "--wav", str(wav("a.wav", "turn it off")), "--speak", "none")
    assert "█" in run.out
    assert TEXTS["en"].say("listen.state.hearing") in run.out
    assert TEXTS["en"].say("listen.state.listening") in run.out
    assert "set_power(state=off)" in run.out


def test_a_running_service_is_spoken_to(
    tmp_path: Path,
    wav: MakeWav,
    hears: Any,
    sanso: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no purifier is named, the service carries it out, in a conversation of the microphone."""
    agent = hears("turn it off", "turn it off")
    asked: list[dict[str, Any]] = []

    def answer(request: dict[str, Any], _client: str) -> dict[str, Any]:
        asked.append(request)
        row = agent.say(request["say"]).as_json()
        return {**row, "words": "The service did it.", "told": ["A timer ended."]}

    monkeypatch.setenv(VARIABLE, str(tmp_path / "agent.sock"))
    server = SocketServer(tmp_path / "agent.sock", answer)
    server.start()
    try:
        path = str(wav("a.wav", "turn it off"))
        run = sanso("listen", "--wav", path, "--speak", "none")
        alone = sanso("listen", "--wav", path, "--speak", "none", "--alone")
    finally:
        server.close()
    assert (run.code, run.err) == (0, "")
    assert asked == [{"say": "turn it off", "source": "microphone"}]
    assert "A timer ended. The service did it.\n" in run.out
    assert "set_power(state=off)\n" in run.out
    assert "The service did it." not in alone.out


def test_a_service_is_terse_and_hushed_too(
    tmp_path: Path,
    wav: MakeWav,
    hears: Any,
    sanso: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was simply done is a short sound, as loud as the service's quiet hours allow."""
    agent = hears("turn it off")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "agent.sock"))
    log = ServiceLog(tmp_path / "log")
    service = Service(agent, tmp_path / "agent.sock", log, more=for_voice(lambda: 0.25))
    thread = threading.Thread(target=service.run)
    thread.start()
    into = tmp_path / "answer.wav"
    try:
        path = str(wav("a.wav", "turn it off"))
        run = sanso("listen", "--wav", path, "--terse", "--into", str(into))
    finally:
        service.stop()
        thread.join()
        service.close()
    assert (run.code, run.err) == (0, "")
    with wave.open(str(into)) as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    done = sound_of("done").samples
    assert len(raw) == len(done)
    assert np.abs(raw).max() / 32767 == pytest.approx(np.abs(done).max() / 4, abs=1e-3)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_key_is_pressed_from_elsewhere(
    lang: str, tmp_path: Path, sanso: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sanso voice push` moves the switch of whoever listens, and says where nobody does."""
    from sanso.agent.voice.push_socket import SocketSwitch, push_path

    monkeypatch.setenv(VARIABLE, str(tmp_path / "agent.sock"))
    texts, before = TEXTS[lang], set(threading.enumerate())
    run = sanso("voice", "push", "--lang", lang)
    assert (run.code, run.err.count("\n")) == (1, 1)
    assert "sanso listen --push" in run.err
    assert bool(_HANGUL.search(run.err)) == (lang == "ko")
    with SocketSwitch(push_path()) as switch:
        run = sanso("voice", "push", "--lang", lang)
        assert (run.code, run.out) == (0, texts.say("voice.pressed") + "\n")
        assert sanso("voice", "push", "press").code == 0
        run = sanso("voice", "push", "release", "--lang", lang)
        assert run.out == texts.say("voice.released") + "\n"
        assert switch.pushes() == ["press", "release"]
        assert sanso("voice", "push", "kick").code == 2
    assert not push_path().exists()
    assert set(threading.enumerate()) <= before


CHILD = """
import sys, threading
import sanso.agent.cli.listen_parts as parts
class Recogniser:
    name = "none"
    def __init__(self, *_, **__): pass
    def warm_up(self): pass
    def close(self): pass
parts.WhisperTranscriber = Recogniser
from sanso.agent.cli import main
code = main(sys.argv[1:])
print("threads", threading.active_count())
raise SystemExit(code)
"""


@pytest.mark.engine
@pytest.mark.parametrize("number", [2, 15])
def test_a_signal_ends_it(
    number: int, random_gguf: Path, environment: dict[str, str]
) -> None:
    """Ctrl-C and SIGTERM end it with 0, and nothing is left running."""
    words = ["listen", "--wav", "-", "--speak", "none", "--gguf", str(random_gguf)]
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, *words],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout
        assert child.stderr
        assert child.stdin
        assert b"microphone -" in child.stdout.readline()
        assert child.stdout.readline()
        child.stdin.write(b"\0" * 32000)
        child.stdin.flush()
        child.send_signal(number)
        out, err = child.stdout.read().decode(), child.stderr.read()
        assert (child.wait(20), err) == (0, b"")
    told, threads = out.splitlines()
    assert told in {TEXTS["en"].say(f"listen.nothing.{w}") for w in ("ended", "silent")}
    assert threads == "threads 1"


def test_how_long_it_is_deaf_may_be_set(
    wav: MakeWav, hears: Any, sanso: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A room that sounds on is waited for."""
    echoes: list[float] = []

    class Noting(Hearing):
        def __init__(self, activity: Any, manners: Manners, **parts: Any) -> None:
            echoes.append(manners.echo_s)
            super().__init__(activity, manners, **parts)

    monkeypatch.setattr("sanso.agent.voice.hearing.Hearing", Noting)
    hears()
    path = str(wav("a.wav", np.zeros(RATE)))
    for more in ((), ("--echo", "1.5")):
        assert sanso("listen", "--wav", path, "--speak", "none", *more).code == 0
    assert echoes == [0.3, 1.5]


def test_the_space_bar_interrupts_in_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is read only from a terminal, and not where a file or standard input is heard."""
    parts = Parts(TEXTS["en"])
    assert parts.talks(push=False, gpio=None, wav="") == []
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    (key,) = parts.talks(push=False, gpio=None, wav="")
    assert key.name == "space bar"
    assert parts.talks(push=False, gpio=None, wav="-") == []


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_what_was_left_out_and_the_key_are_shown(
    lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """How much of a speech nobody heard is a line; so is the key that interrupts."""
    texts = TEXTS[lang]
    parts: Any = SimpleNamespace(name="x")
    facts = Facts("open", [], "x", "x")
    options = {"as_json": False, "times": False, "interrupts": True}
    with open_view(texts, parts, parts, facts, **options) as view:
        view.show(MicrophoneChanged("open"))
        view.show(LeftOut(3.21))
    *_, key, left_out = capsys.readouterr().out.splitlines()
    assert key == texts.say("listen.interrupt")
    assert left_out == texts.say("listen.left_out.long", seconds="3.2")
    with open_view(texts, parts, parts, facts, as_json=True, times=False) as view:
        view.show(LeftOut(3.21, "unheard"))
        view.show(Muted())
    row, muted = map(json.loads, capsys.readouterr().out.splitlines())
    assert row == {"event": "left_out", "why": "unheard", "ms": 3210.0}
    assert muted == {"event": "muted"}
    with open_view(texts, parts, parts, facts, as_json=False, times=False) as view:
        view.show(LeftOut(3.21, "unheard"))
        view.show(Muted())
    unheard, muted = capsys.readouterr().out.splitlines()
    assert unheard == texts.say("listen.left_out.unheard", seconds="3.2")
    assert muted == texts.say("listen.muted")


@pytest.mark.parametrize("way", [{"push": True}, {"push": False, "gpio": 4}])
def test_the_keys_are_one_switch(way: dict[str, Any]) -> None:
    """A command ends what the space bar or a button began."""
    key, socket = Parts(TEXTS["en"]).talks(**{"gpio": None, "wav": "", **way})
    assert isinstance(key, Switch)
    assert isinstance(socket, Switch)
    key.press()
    socket.release()
    assert not key.pressed


def test_a_program_is_a_program() -> None:
    """What the tests script is of the call language."""
    for text in PROGRAMS.values():
        assert parse(text).render() == text
