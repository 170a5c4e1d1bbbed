from __future__ import annotations

import json
from pathlib import Path

import pytest

from sanso.agent.voice import parts, speakers
from sanso.agent.voice.earcon import EarconSpeaker
from sanso.agent.voice.errors import SpeakerError
from sanso.agent.voice.speak import EspeakSpeaker
from sanso.agent.voice.speak_wyoming import WyomingSpeaker
from sanso.agent.voice.speakers import (
    SilentSpeaker,
    SpeakerByLanguage,
    open_speaker,
)
from sanso.agent.wording import LANGUAGES, Language

from .ear import Ear


@pytest.fixture
def told() -> list[str]:
    """Give a list of what a person is told."""
    return []


@pytest.fixture
def voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a voice of piper, and a program of its name."""
    path = tmp_path / "amy.onnx"
    path.write_bytes(b"")
    paper = {"audio": {"sample_rate": 16_000}, "language": {"code": "en_US"}}
    path.with_name("amy.onnx.json").write_text(json.dumps(paper))
    program = tmp_path / "piper"
    program.write_text("#!/bin/sh\nhead -c 3200 /dev/zero\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return path


def test_ways(told: list[str]) -> None:
    """Each way opens its speaker, and nobody is told anything where all is there."""
    ear = Ear()
    kinds = {
        "auto": EspeakSpeaker,
        "espeak": EspeakSpeaker,
        "earcon": EarconSpeaker,
        "wyoming:tcp://localhost:10200": WyomingSpeaker,
        "none": SilentSpeaker,
    }
    for way, kind in kinds.items():
        speaker: parts.Speaker = open_speaker(way, player=ear, tell=told.append)
        assert isinstance(speaker, kind)
        assert speaker.name
        speaker.stop()
        speaker.close()
    assert told == []


def test_piper_speaks_its_own_language(voice: Path, told: list[str]) -> None:
    """English by piper, Korean by espeak-ng; stop and close reach both."""
    ear = Ear()
    speaker = open_speaker(f"piper:{voice}", player=ear, tell=told.append)
    assert isinstance(speaker, SpeakerByLanguage)
    speaker.say("Yes.", "en")
    speaker.say("네.", "ko")
    assert ear.sounds[0].rate == 16_000
    assert ear.sounds[-1].rate == 22_050
    assert speaker.name == "espeak-ng, piper amy"
    speaker.stop()
    speaker.close()
    assert told == []


def no_espeak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let espeak-ng be missing."""
    monkeypatch.setattr("sanso.agent.voice.speak.shutil.which", lambda _: None)


def test_auto_goes_on_in_silence(
    monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    """Without espeak-ng, or without a loudspeaker, it says nothing and tells once why."""
    no_espeak(monkeypatch)
    speaker = open_speaker(player=Ear(), tell=told.append)
    assert isinstance(speaker, SilentSpeaker)
    assert len(told) == 1
    assert "sudo apt install espeak-ng" in told[0]

    def no_loudspeaker(_: object) -> None:
        msg = "there is no loudspeaker; plug one in"
        raise SpeakerError(msg, way="default")

    monkeypatch.setattr(speakers, "DevicePlayer", no_loudspeaker)
    assert isinstance(open_speaker(tell=told.append), SilentSpeaker)
    assert told[1:] == ["there is no loudspeaker; plug one in"]
    with pytest.raises(SpeakerError, match="no loudspeaker"):
        open_speaker("espeak", tell=told.append)


def test_espeak_that_was_asked_for_must_be_there(
    monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    """Who names espeak gets an error; earcons and piper go on without it, and tell why."""
    no_espeak(monkeypatch)
    with pytest.raises(SpeakerError, match="sudo apt install espeak-ng"):
        open_speaker("espeak", player=Ear(), tell=told.append)
    assert told == []
    open_speaker("earcon", player=Ear(), tell=told.append).say("네.", "ko")
    assert len(told) == 1


@pytest.mark.parametrize("way", ["", "loud", "piper", "piper:", "wyoming:", "none:x"])
def test_no_such_way(way: str, told: list[str]) -> None:
    """What is no way is told of, with those that are."""
    with pytest.raises(SpeakerError, match=r"choose from auto, espeak, piper:VOICE"):
        open_speaker(way, player=Ear(), tell=told.append)


def test_a_device_is_handed_on(
    monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    """The name of a device reaches the player; a given player needs none."""
    asked: list[object] = []

    def player(device: object) -> Ear:
        asked.append(device)
        return Ear()

    monkeypatch.setattr(speakers, "DevicePlayer", player)
    open_speaker("espeak", device="USB", tell=told.append)
    open_speaker("espeak", player=Ear(), device="USB", tell=told.append)
    assert asked == ["USB"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_silence(language: Language) -> None:
    """It says nothing, as often as it is asked to."""
    speaker = SilentSpeaker()
    speaker.say("네.", language)
    speaker.stop()
    speaker.close()
    speaker.say("네.", language)
