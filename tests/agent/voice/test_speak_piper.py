"""piper by a program that takes its place: it reads a line, and writes samples."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sanso.agent.voice.errors import SpeakerError
from sanso.agent.voice.speak_piper import PiperSpeaker

from .ear import Ear

PIPER = """
import json, sys
assert sys.argv[1] == "-m" and sys.argv[3] == "--output-raw"
open(sys.argv[2]).close()
text = sys.stdin.read()
open(sys.argv[2] + ".said", "w").write(text)
sys.stdout.buffer.write(bytes(range(256)) * 40 + b"\\x01")
"""
PAPER: dict[str, Any] = {
    "audio": {"sample_rate": 16_000},
    "language": {"code": "en_US"},
}


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """Give a voice that speaks English."""
    path = tmp_path / "amy.onnx"
    path.write_bytes(b"")
    path.with_name("amy.onnx.json").write_text(json.dumps(PAPER))
    return path


@pytest.fixture
def program(tmp_path: Path) -> list[str]:
    """Give a program that takes piper's place."""
    path = tmp_path / "piper.py"
    path.write_text(PIPER)
    return [sys.executable, str(path)]


def test_a_sentence(voice: Path, program: list[str]) -> None:
    """It gets the words on one line of its standard input, and its samples are heard at the voice's rate."""
    ear = Ear()
    speaker = PiperSpeaker(voice, ear, program=program)
    assert (speaker.language, speaker.name) == ("en", "piper amy")
    speaker.say("Fan set to level 3.\nAt 3:30 PM", "en")
    said = voice.with_name("amy.onnx.said").read_text()
    assert said == "Fan set to level three. At three thirty p.m."
    whole = np.frombuffer(bytes(range(256)) * 40, "<i2") / 32768
    assert np.allclose(ear.samples, whole)
    assert {sound.rate for sound in ear.sounds} == {16_000}


def test_another_language(voice: Path, program: list[str]) -> None:
    """A voice is not made to speak what it cannot."""
    ear = Ear()
    with pytest.raises(SpeakerError, match="piper amy speaks no Korean; choose"):
        PiperSpeaker(voice, ear, program=program).say("네.", "ko")
    assert ear.sounds == []


def test_piper_fails(voice: Path) -> None:
    """What it complains of is told."""
    speaker = PiperSpeaker(
        voice, Ear(), program=[sys.executable, "-c", "import sys; sys.exit('no model')"]
    )
    with pytest.raises(SpeakerError, match=r"failed \(no model\)"):
        speaker.say("Yes.", "en")


@pytest.mark.parametrize(
    ("paper", "told"),
    [
        ("not json", r"amy\.onnx\.json is damaged"),
        ("[]", "damaged"),
        ("{}", "damaged"),
        (json.dumps({**PAPER, "audio": {"sample_rate": "x"}}), "damaged"),
        (json.dumps({**PAPER, "audio": {"sample_rate": 3}}), "damaged"),
        (json.dumps({**PAPER, "language": {"code": "de_DE"}}), "speaks de_DE; choose"),
    ],
)
def test_a_wrong_paper(paper: str, told: str, voice: Path, program: list[str]) -> None:
    """What stands beside the voice is checked before anything is said."""
    voice.with_name("amy.onnx.json").write_text(paper)
    with pytest.raises(SpeakerError, match=told):
        PiperSpeaker(voice, Ear(), program=program)


def test_files_are_missing(voice: Path, program: list[str]) -> None:
    """A voice that is not there, or alone, is told of."""
    with pytest.raises(SpeakerError, match=r"there is no voice .*none\.onnx; give"):
        PiperSpeaker(voice.with_name("none.onnx"), Ear(), program=program)
    voice.with_name("amy.onnx.json").unlink()
    with pytest.raises(SpeakerError, match=r"amy\.onnx\.json cannot be read"):
        PiperSpeaker(voice, Ear(), program=program)


def test_piper_is_missing(voice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without piper it says what to install; with the module alone that is started."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SpeakerError, match="pip install piper-tts"):
        PiperSpeaker(voice, Ear())
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object())
    assert PiperSpeaker(voice, Ear())._command[:3] == [sys.executable, "-m", "piper"]
