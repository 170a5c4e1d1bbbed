"""
Which voice speaks: the one that the owner names, or the best that is there.

Strategy: a way is a word, or a word with an address behind a colon. What is missing is told at once with its cure; only `auto` goes on without a voice, and says
in one line why.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from .earcon import EarconSpeaker
from .errors import SpeakerError
from .speak import EspeakSpeaker
from .speak_device import DevicePlayer
from .speak_piper import PiperSpeaker
from .speak_sound import full_volume
from .speak_wyoming import WyomingSpeaker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sanso.agent.wording.language import Language

    from .parts import Speaker
    from .speak_sound import Player, Volume

    Tell = Callable[[str], None]
    """Tells a person one line, in English as an error has it."""

WAYS: Final = (
    "auto",
    "espeak",
    "piper:VOICE.onnx",
    "wyoming:tcp://HOST:PORT",
    "earcon",
    "none",
)


class SilentSpeaker:
    """Says nothing: the answer is only shown."""

    name = "none"

    def say(self, text: str, language: Language) -> None:
        """Say nothing."""

    def stop(self) -> None:
        """Stay silent."""

    def close(self) -> None:
        """Hold nothing, so give nothing back."""


class SpeakerByLanguage:
    """Speaks each language with the voice for it."""

    def __init__(self, voices: Mapping[Language, Speaker]) -> None:
        """Speak with these."""
        self._voices = voices
        self._every: Sequence[Speaker] = list(dict.fromkeys(voices.values()))
        self.name = ", ".join(voice.name for voice in self._every)

    def say(self, text: str, language: Language) -> None:
        """
        Say it with the voice for its language.

        Raises:
            SpeakerError: it cannot be said.
        """
        self._voices[language].say(text, language)

    def stop(self) -> None:
        """Fall silent at once; from any thread."""
        for voice in self._every:
            voice.stop()

    def close(self) -> None:
        """Close all voices."""
        for voice in self._every:
            voice.close()


def open_speaker(
    way: str = "auto",
    *,
    player: Player | None = None,
    device: str | int | None = None,
    volume: Volume = full_volume,
    tell: Tell,
) -> Speaker:
    """
    Open a speaker by a way of `WAYS`; it plays through `player`, by default on the sound device of a name or number.

    `auto` is espeak-ng where it and a loudspeaker are there; else nothing is said, and `tell` gets the reason. `piper` leaves the other language to espeak-ng, `earcon`
    what no earcon says; where that is missing, `tell` gets the reason as well.

    Raises:
        SpeakerError: there is no such way, or what it needs is missing.
    """
    word, _, rest = way.partition(":")
    if way == "none":
        return SilentSpeaker()
    if way == "auto":
        return _or_silent(
            lambda: EspeakSpeaker(_heard(player, device), volume=volume), tell
        )
    if way == "espeak":
        return EspeakSpeaker(_heard(player, device), volume=volume)
    if way == "earcon":
        heard = _heard(player, device)
        voice = _or_silent(lambda: EspeakSpeaker(heard, volume=volume), tell)
        return EarconSpeaker(heard, voice, volume=volume)
    if word == "piper" and rest:
        heard = _heard(player, device)
        piper = PiperSpeaker(Path(rest), heard, volume=volume)
        other = _or_silent(lambda: EspeakSpeaker(heard, volume=volume), tell)
        return SpeakerByLanguage({"ko": other, "en": other, piper.language: piper})
    if word == "wyoming" and rest:
        return WyomingSpeaker(rest, _heard(player, device), volume=volume)
    msg = f"there is no way to speak like {way!r}; choose from {', '.join(WAYS)}"
    raise SpeakerError(msg, way=way)


def _heard(player: Player | None, device: str | int | None) -> Player:
    return DevicePlayer(device) if player is None else player


def _or_silent(make: Callable[[], Speaker], tell: Tell) -> Speaker:
    try:
        return make()
    except SpeakerError as error:
        tell(str(error))
        return SilentSpeaker()
