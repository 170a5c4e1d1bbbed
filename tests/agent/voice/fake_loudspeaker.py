"""A module like sounddevice, with a loudspeaker that asks for blocks as fast as it can."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from sanso.agent.voice.microphone_frames import Block

RATE = 22_050


class PortAudioError(Exception):
    """As sounddevice raises it."""


class FakeStream:
    """An open device, which asks for blocks in a thread of its own."""

    def __init__(self, library: FakeLibrary, settings: dict[str, Any]) -> None:
        """Be open, and silent."""
        self.latency = 0.0
        self.settings = settings
        self.calls: list[str] = []
        self._library = library
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to ask, if the device starts."""
        self.calls.append("start")
        if self._library.broken_start:
            raise PortAudioError("Unanticipated host error")
        self._thread.start()

    def abort(self, *, ignore_errors: bool) -> None:
        """Stop asking."""
        assert ignore_errors
        self.calls.append("abort")
        self._closed.set()
        self._library.hang.wait()

    def close(self, *, ignore_errors: bool) -> None:
        """Let go."""
        assert ignore_errors
        self.calls.append("close")

    def _run(self) -> None:
        while (
            not self._closed.is_set() and len(self._library.blocks) < self._library.life
        ):
            self._library.on_block()
            frames, channels = self.settings["blocksize"], self.settings["channels"]
            block = np.full((frames, channels), np.nan, np.float32)
            self.settings["callback"](block, frames, None, None)
            self._library.blocks.append(block)


class FakeLibrary:
    """A module like sounddevice, with one loudspeaker and one microphone."""

    PortAudioError = PortAudioError

    def __init__(self, **differs: Any) -> None:
        """Work well, but for what differs."""
        self.life = 10_000
        """Blocks that it asks for before it falls silent."""
        self.rates = {RATE}
        self.most_channels = 2
        self.broken_start = False
        self.renewed = 0
        self.hang = threading.Event()
        self.hang.set()
        self.on_block: Callable[[], None] = lambda: None
        self.blocks: list[Block] = []
        self.streams: list[FakeStream] = []
        self.devices = [
            self._device(0, "Webcam: USB (hw:1,0)", 1, 0),
            self._device(1, "Speaker Bar: USB Audio (hw:2,0)", 0, 2),
            self._device(2, "default", 32, 32),
        ]
        self.min_channels = 1
        self.__dict__.update(differs)

    def _device(
        self, index: int, name: str, inputs: int, outputs: int
    ) -> dict[str, Any]:
        return {
            "index": index,
            "name": name,
            "hostapi": 0,
            "max_input_channels": inputs,
            "max_output_channels": outputs,
            "default_samplerate": 48_000.0,
        }

    def query_hostapis(self) -> list[dict[str, str]]:
        """One system."""
        return [{"name": "ALSA"}]

    def query_devices(self, kind: str = "") -> Any:
        """All devices, or the default one of a kind."""
        if not kind:
            return self.devices
        column = f"max_{kind}_channels"
        found = [one for one in self.devices if one[column]]
        if not found:
            raise PortAudioError("Error querying device -1")
        return found[-1]

    def check_output_settings(self, **settings: Any) -> None:
        """Refuse what the device does not take."""
        if settings["samplerate"] not in self.rates:
            raise PortAudioError("Invalid sample rate")
        if not self.min_channels <= settings["channels"] <= self.most_channels:
            raise PortAudioError("Invalid number of channels")

    def OutputStream(self, **settings: Any) -> FakeStream:  # noqa: N802 - sounddevice calls it so
        """Open a device."""
        self.check_output_settings(**settings)
        stream = FakeStream(self, settings)
        self.streams.append(stream)
        return stream

    def _terminate(self) -> None:
        """End PortAudio."""

    def _initialize(self) -> None:
        """Begin anew, and see what was plugged in."""
        self.renewed += 1
        self.rates.add(RATE)

    def _exit_handler(self) -> None:
        """Be there."""

    @property
    def heard(self) -> Block:
        """What the device played, without silence: it asks faster than a voice can speak."""
        sound = np.concatenate(
            [np.zeros(0, np.float32), *(b[:, 0] for b in self.blocks)]
        )
        heard: Block = sound[sound != 0]
        return heard
