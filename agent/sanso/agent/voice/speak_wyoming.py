"""
A voice somewhere else: a Wyoming service for text to speech.

Strategy: one connection a sentence. Its sound is played as it comes, so that the first word is heard before the last is made. `audio-start`, `audio-chunk`
and `audio-stop` frame it; each chunk says its own rate, width and channels.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .errors import SpeakerError, VoiceError
from .speak import SoundSpeaker
from .speak_sound import Sound, full_volume
from .wyoming_link import WyomingEvent, WyomingLink, address

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from sanso.agent.wording.language import Language

    from .speak_sound import Player, Volume

_WIDTHS: Final = {2: ("<i2", 2.0**15), 4: ("<i4", 2.0**31)}
"""Bytes of a sample, how they are stored, and what makes 1 of the loudest."""
_RATES: Final = range(8_000, 192_001)
_CHANNELS: Final = range(1, 9)
_NO_VOICES: Final[Mapping[Language, str]] = {}


class WyomingSpeaker(SoundSpeaker):
    """A text-to-speech service."""

    def __init__(
        self,
        uri: str,
        player: Player,
        *,
        volume: Volume = full_volume,
        voices: Mapping[Language, str] = _NO_VOICES,
        seconds: float = 10.0,
    ) -> None:
        """
        Speak through the service at `tcp://HOST:PORT`, with its voices of these names or its own choice for the language.

        `seconds` is how long it may leave us waiting. Nothing is connected yet.

        Raises:
            SpeakerError: this is no such address.
        """
        super().__init__(player, volume)
        try:
            address(uri)
        except VoiceError as error:
            raise SpeakerError(str(error), way="wyoming") from None
        self.name = uri
        self._voices = voices
        self._seconds = seconds
        self._guard = threading.Lock()
        self._link: WyomingLink | None = None

    def stop(self) -> None:
        """Fall silent at once, and wait for the service no longer."""
        super().stop()
        with self._guard:
            if self._link is not None:
                self._link.close()

    def _voiced(
        self, words: str, language: Language, stopping: threading.Event
    ) -> Generator[Sound]:
        try:
            with WyomingLink(self.name, seconds=self._seconds) as link:
                with self._guard:
                    self._link = link
                try:
                    link.send(self._request(words, language))
                    yield from self._sounds(link, stopping)
                finally:
                    with self._guard:
                        self._link = None
        except VoiceError as error:
            if stopping.is_set():  # whoever stopped us has closed the connection
                return
            raise SpeakerError(str(error), way=self.name) from None

    def _request(self, words: str, language: Language) -> WyomingEvent:
        name = self._voices.get(language)
        voice = {"name": name} if name else {"language": language}
        return WyomingEvent("synthesize", {"text": words, "voice": voice})

    def _sounds(self, link: WyomingLink, stopping: threading.Event) -> Generator[Sound]:
        while not stopping.is_set():
            event = link.receive()
            if event is None:
                if stopping.is_set():
                    return
                msg = f"{self.name} ended the connection in the middle of a sentence; look at its log"
                raise SpeakerError(msg, way=self.name)
            if event.kind == "audio-stop":
                return
            if event.kind == "error":
                reason = event.data.get("text") or "no reason given"
                msg = f"{self.name} cannot say it ({reason}); look at its log"
                raise SpeakerError(msg, way=self.name)
            if event.kind == "audio-chunk":
                yield self._sound(event)

    def _sound(self, event: WyomingEvent) -> Sound:
        rate, width, channels = (
            _whole(event.data.get(key)) for key in ("rate", "width", "channels")
        )
        if rate not in _RATES or width not in _WIDTHS or channels not in _CHANNELS:
            msg = (
                f"{self.name} sends sound of {rate} Hz, {width} bytes, {channels} channels, "
                "which cannot be played; choose another voice there"
            )
            raise SpeakerError(msg, way=self.name)
        stored, loudest = _WIDTHS[width]
        usable = len(event.payload) // (width * channels) * (width * channels)
        samples = np.frombuffer(event.payload[:usable], stored) / loudest
        mono = samples.reshape(-1, channels).mean(axis=1)
        return Sound(mono.astype(np.float32), rate)


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
