from __future__ import annotations

from pathlib import Path

import pytest

from sanso.agent.voice.errors import MicrophoneError
from sanso.agent.voice.files import SoundFiles
from sanso.agent.voice.microphone import DeviceMicrophone
from sanso.agent.voice.opening import open_microphone
from sanso.agent.voice.standard_input import StandardInput


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (None, None),
        ("", None),
        ("default", None),
        (" Default ", None),
        (3, 3),
        ("3", 3),
        ("USB PnP", "USB PnP"),
        ("hw:1,0", "hw:1,0"),
        ("３", "３"),
    ],
)
def test_a_device(text: str | int | None, wanted: str | int | None) -> None:
    """Nothing and `default` are the default device, digits a number, other words a name."""
    microphone = open_microphone(text)
    assert isinstance(microphone, DeviceMicrophone)
    assert microphone._wanted == wanted


def test_standard_input() -> None:
    """A dash is standard input."""
    assert isinstance(open_microphone("-"), StandardInput)


@pytest.mark.parametrize(
    "text", ["a.wav", "/x", "./x", "../x", "~/x", "~nobody/x", "A.WAV"]
)
def test_what_looks_like_a_path_is_one(text: str) -> None:
    """A path that is not there is told as a path, not as a device."""
    microphone = open_microphone(text)
    assert isinstance(microphone, SoundFiles)
    with pytest.raises(MicrophoneError, match="there is no file or folder"), microphone:
        pass


def test_what_is_there_is_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An existing file or folder needs no sign that it is one."""
    (tmp_path / "spoken").mkdir()
    monkeypatch.chdir(tmp_path)
    assert isinstance(open_microphone("spoken"), SoundFiles)
    assert isinstance(open_microphone(Path("nowhere")), SoundFiles)
    assert isinstance(open_microphone("unspoken"), DeviceMicrophone)


def test_hands_on_how_to_read() -> None:
    """A file may come at its real pace."""
    assert not open_microphone("a.wav").live
    assert open_microphone("a.wav", paced=True).live
