"""
Answers said aloud, in both languages, by espeak-ng.

Strategy: espeak-ng is a program of its own: it gets the words on its standard input, so that no text can be an option, and gives a WAV. Whatever
engine speaks, it gets words only (see `reading`), no more than somebody would listen to, and can be stopped.
"""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from .errors import MicrophoneError, SpeakerError
from .reading import read_out
from .speak_program import piped
from .speak_sound import Output, Sound, full_volume
from .wav import WavDecoder

if TYPE_CHECKING:
    import threading
    from collections.abc import Generator, Mapping

    from sanso.agent.wording.language import Language

    from .speak_sound import Player, Volume

MOST_CHARACTERS: Final = 1500
"""Of what is said at once: about two minutes. The longest answers have a quarter of it."""
_MOST_WRITTEN: Final = 4 * MOST_CHARACTERS
"""Longer texts are cut before they are read: a word is never shorter than its number."""
VOICES: Final[Mapping[Language, str]] = {"ko": "ko", "en": "en-us"}
WORDS_PER_MINUTE: Final = 160
"""espeak-ng's own is 175, which is fast for a loudspeaker across a room."""
_ENDS: Final = ".?!"


class SoundSpeaker(ABC):
    """A speaker whose voice is sound that we play: it only has to make it."""

    name: str

    def __init__(self, player: Player, volume: Volume = full_volume) -> None:
        """Speak through a player, as loud as `volume` says then, 0 to 1."""
        self._output = Output(player, volume)

    def say(self, text: str, language: Language) -> None:
        """
        Say it and return when it was said, or was stopped.

        Raises:
            SpeakerError: it cannot be said.
        """
        if words := sayable(text, language):
            self._output.say(lambda stopping: self._voiced(words, language, stopping))

    def stop(self) -> None:
        """Fall silent at once; from any thread."""
        self._output.stop()

    def close(self) -> None:
        """Fall silent."""
        self.stop()

    @abstractmethod
    def _voiced(
        self, words: str, language: Language, stopping: threading.Event
    ) -> Generator[Sound]:
        """Make the sound, until the event is set. Raises SpeakerError."""


class EspeakSpeaker(SoundSpeaker):
    """espeak-ng, which speaks Korean and English and needs neither a model nor a network."""

    def __init__(
        self,
        player: Player,
        *,
        volume: Volume = full_volume,
        voices: Mapping[Language, str] = VOICES,
        words_per_minute: int = WORDS_PER_MINUTE,
        program: str = "espeak-ng",
        seconds: float = 10.0,
    ) -> None:
        """
        Speak with espeak-ng's voices of these names, at a speed; `seconds` is the longest that it may take to make a sentence.

        Raises:
            SpeakerError: espeak-ng is not installed.
        """
        super().__init__(player, volume)
        found = shutil.which(program)
        if found is None:
            msg = f"{program} is not installed; install it with: sudo apt install espeak-ng"
            raise SpeakerError(msg, way="espeak")
        self.name = "espeak-ng"
        self._command = [found, "--stdin", "--stdout", "-b", "1"]
        self._command += ["-s", str(words_per_minute)]
        self._voices = voices
        self._seconds = seconds

    def _voiced(
        self, words: str, language: Language, stopping: threading.Event
    ) -> Generator[Sound]:
        decoder = WavDecoder(self.name)
        command = [*self._command, "-v", self._voices[language]]
        try:
            for data in piped(command, words, stopping, seconds=self._seconds):
                block = decoder.feed(data)
                if decoder.format is not None and len(block):
                    yield Sound(block.mean(axis=1), decoder.format.rate)
        except MicrophoneError as error:  # of the decoder: this is no WAV
            msg = f"{self.name} failed ({error}); try it in a terminal"
            raise SpeakerError(msg, way="espeak") from None


def sayable(text: str, language: Language) -> str:
    """Return the words of a text, cut behind the last sentence or word that fits."""
    words = read_out(text[:_MOST_WRITTEN], language)
    if len(words) <= MOST_CHARACTERS:
        return words
    head = words[: MOST_CHARACTERS + 1]
    end = max(head.rfind(f"{mark} ") for mark in _ENDS)
    if end > 0:
        return head[: end + 1]
    return head[: head.rfind(" ")] if " " in head else head[:MOST_CHARACTERS]
