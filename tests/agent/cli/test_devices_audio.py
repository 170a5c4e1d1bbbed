from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest


class PortAudioError(Exception):
    """As that of sounddevice."""


class Library:
    """A module like sounddevice, with three devices; each input hears its own loudness."""

    PortAudioError = PortAudioError

    def __init__(self) -> None:
        """Have a microphone, a loudspeaker, and a microphone that another program uses."""
        self.rows = [
            self._row(0, "Webcam", 2, 0),
            self._row(1, "HDMI", 0, 8),
            self._row(2, "USB \x1b[31mPnP", 1, 0),
        ]
        self.busy = {2}
        self.loud = {0: 1.2, 2: 0.01}

    @staticmethod
    def _row(index: int, name: str, inputs: int, outputs: int) -> dict[str, Any]:
        return {
            "name": name,
            "index": index,
            "hostapi": 0,
            "max_input_channels": inputs,
            "max_output_channels": outputs,
            "default_samplerate": 48_000.0,
        }

    def query_hostapis(self) -> list[dict[str, Any]]:
        """Have ALSA alone."""
        return [{"name": "ALSA"}]

    def query_devices(self, kind: str | None = None) -> Any:
        """List them; the first of a kind is the default."""
        if kind is None:
            return self.rows
        for row in self.rows:
            if row[f"max_{kind}_channels"]:
                return row
        msg = "Error querying device -1"
        raise PortAudioError(msg)

    def _check(self, **asked: Any) -> None:
        if asked["device"] in self.busy or asked["samplerate"] == 44_100:
            msg = "Invalid sample rate"
            raise PortAudioError(msg, -9997)

    check_input_settings = check_output_settings = _check

    def InputStream(self, **asked: Any) -> Any:  # noqa: N802 - its name there
        """Open a device that has a second of a tone for whoever begins."""
        if asked["device"] in self.busy:
            msg = "Error opening InputStream: Device unavailable"
            raise PortAudioError(msg, -9985)
        time = np.arange(16_000) / 16_000
        tone = self.loud[asked["device"]] * np.sin(2 * np.pi * 440 * time)
        block = np.clip(tone, -1, 1).astype(np.float32)[:, None]
        status = SimpleNamespace(input_overflow=False)

        def start() -> None:
            asked["callback"](block, len(block), None, status)

        def end(ignore_errors: bool) -> None:  # noqa: FBT001
            assert ignore_errors

        return SimpleNamespace(start=start, abort=end, close=end)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    """Put the module in the place of sounddevice."""
    made = Library()
    monkeypatch.setitem(sys.modules, "sounddevice", made)
    return made


@pytest.mark.usefixtures("library")
def test_lists_inputs_and_outputs(sanso: Any) -> None:
    """Both kinds are listed with what they take, and the defaults are marked."""
    run = sanso("devices", "audio")
    assert (run.code, run.err) == (0, "")
    inputs, outputs = run.out.split("Loudspeakers")
    assert "Microphones" in inputs
    [webcam] = [line for line in inputs.splitlines() if "Webcam" in line]
    assert "default" in webcam
    assert "channels: 2" in webcam
    assert "Hz: 16000 48000" in webcam
    [usb] = [line for line in inputs.splitlines() if "USB" in line]
    assert "default" not in usb
    assert "Hz: -" in usb
    assert "HDMI" not in inputs
    assert "HDMI" in outputs
    assert "\x1b[31m" not in run.out


@pytest.mark.usefixtures("library")
def test_lists_as_json(sanso: Any) -> None:
    """Programs get the same, one device each."""
    run = sanso("devices", "audio", "--json")
    found = json.loads(run.out)
    assert [one["name"][:3] for one in found] == ["Web", "HDM", "USB"]
    assert found[0]["input_rates"] == [16_000, 48_000]
    assert found[0]["output_rates"] == []
    assert [one["default_input"] for one in found] == [True, False, False]


@pytest.mark.usefixtures("library")
def test_meters_one(sanso: Any) -> None:
    """A microphone is chosen by a part of its name; how loud it was is told."""
    run = sanso("devices", "audio", "web", "--meter", "0.1")
    assert (run.code, run.err) == (0, "")
    assert "Webcam" in run.out
    assert "USB" not in run.out
    assert "dBFS, peak 0" in run.out
    assert "clipped: turn it down" in " ".join(run.out.split())


def test_meters_all(library: Library, sanso: Any) -> None:
    """All inputs are heard at once; one that cannot be opened tells why beside the others."""
    run = sanso("devices", "audio", "--meter", "0.1", "--lang", "ko")
    assert (run.code, run.err) == (0, "")
    told = "".join(run.out.split())
    assert "입력음량을줄이세요" in told
    assert "다른프로그램이쓰고있어요" in told
    library.busy = set()
    found = json.loads(sanso("devices", "audio", "--meter", "0.1", "--json").out)
    assert [one["index"] for one in found] == [0, 2]
    assert [one["clipped"] for one in found] == [True, False]
    assert found[1]["rms_dbfs"] == pytest.approx(-43.0, abs=0.1)
    assert found[1]["samples"] == 16_000 - 16_000 % 512
    assert [one["drops"] for one in found] == [0, 0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("2", "--meter", "1"), "is in use by another program; end that one"),
        (("1",), "device 1 is no microphone; choose one"),
        (("weebcam",), "there is no microphone weebcam; there is Webcam"),
        (("--meter", "x"), "the value of --meter is wrong"),
    ],
)
@pytest.mark.usefixtures("library")
def test_refuses_in_one_line(sanso: Any, words: tuple[str, ...], told: str) -> None:
    """What cannot be listened to is told with the cure."""
    run = sanso("devices", "audio", *words)
    assert (run.code != 0, run.out, run.err.count("\n")) == (True, "", 1)
    assert told in run.err


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_machine_without_sound(library: Library, sanso: Any, lang: str) -> None:
    """Nothing there is an answer for the list, and an error for the meter."""
    library.rows = []
    run = sanso("devices", "audio", "--lang", lang)
    assert run.code == 0
    told = {"en": "there is none; plug one in", "ko": "하나도 없어요; 꽂아 주세요"}
    assert run.out.count(told[lang]) == 2
    run = sanso("devices", "audio", "--meter", "1", "--lang", lang)
    assert (run.code, run.out) == (1, "")
    told = {"en": "there is no microphone; plug one in", "ko": "마이크가 없어요"}
    assert told[lang] in run.err
