"""The parts of `sanso listen`, by what the command line says of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from sanso.agent.voice.earcon import EarconSpeaker
from sanso.agent.voice.errors import SpeakerError
from sanso.agent.voice.models_at_hand import REPOSITORIES
from sanso.agent.voice.opening import device_of
from sanso.agent.voice.push import Contact
from sanso.agent.voice.push_gpio import GpioButton
from sanso.agent.voice.push_key import TerminalKey
from sanso.agent.voice.push_socket import SocketSwitch, push_path
from sanso.agent.voice.speak_device import DevicePlayer
from sanso.agent.voice.speak_file import WavPlayer
from sanso.agent.voice.speakers import WAYS, open_speaker
from sanso.agent.voice.standard_input import NAME
from sanso.agent.voice.transcribe import WhisperTranscriber
from sanso.agent.voice.voicing import FirstSound, Voicing
from sanso.agent.voice.wyoming_wake import WyomingWake

from .messages import in_words

if TYPE_CHECKING:
    from sanso.agent.voice.push import Talk
    from sanso.agent.voice.speak_sound import Player, Volume

    from .texts import Texts

_SOUND_WAYS: Final = {way.partition(":")[0] for way in WAYS} - {"none"}


def source_of(wav: str, mic: str) -> str | Path | None:
    """Return the microphone that is meant: what is named as a file is one, there or not."""
    if wav in {"", NAME}:
        return wav or mic or None
    return Path(os.path.expanduser(wav))  # noqa: PTH111 - Path's raises without a home


class Parts:
    """Makes each part, and tells a person what it does without."""

    def __init__(self, texts: Texts) -> None:
        """Tell it in the language of the terminal."""
        self._texts = texts

    def transcriber(
        self,
        model: str,
        *,
        window: float | None,
        threads: int | None,
        hints: bool | None,
    ) -> WhisperTranscriber:
        """Load a recogniser. Raises TranscriberError.

        The words of the calls are hinted at to the sizes of Whisper; a recogniser of one's
        own may never have learnt to be told any.
        """
        wanted = model in REPOSITORIES if hints is None else hints
        transcriber = WhisperTranscriber(
            model,
            language=self._texts.lang,
            window_s=window,
            cpu_threads=threads,
            has_speech=(lambda _sound: True)
            if wanted
            else None,  # it was cut out as speech
        )
        transcriber.warm_up()
        return transcriber

    def voicing(
        self,
        way: str,
        *,
        device: str,
        into: Path | None,
        terse: bool,
        volume: Volume,
    ) -> Voicing:
        """Open a voice. Raises SpeakerError.

        By the way `auto` there is none where there is no loudspeaker, and that is told.
        """
        if way.partition(":")[0] not in _SOUND_WAYS:
            return Voicing(open_speaker(way, tell=self.tell))
        try:
            played: Player = (
                DevicePlayer(device_of(device)) if into is None else WavPlayer(into)
            )
        except SpeakerError as error:
            if way != "auto":
                raise
            self.tell(str(error))
            return Voicing(open_speaker("none", tell=self.tell))
        first = FirstSound(played)
        speaker = open_speaker(way, player=first, volume=volume, tell=self.tell)
        if terse and not isinstance(speaker, EarconSpeaker):
            speaker = EarconSpeaker(first, speaker, volume=volume)
        return Voicing(speaker, first)

    def talks(self, *, push: bool, gpio: int | None, wav: str) -> list[Talk]:
        """Return the keys: a button where one is named, else the space bar; and commands.

        They are one switch, so that each ends what another began. Without push-to-talk the
        space bar of a terminal calls the agent, and interrupts it.
        """
        talks: list[Talk] = []
        contact = Contact()
        if gpio is not None:
            talks.append(GpioButton(gpio, contact=contact))
        elif push:
            talks.append(TerminalKey(contact=contact))
        elif not wav and sys.stdin is not None and sys.stdin.isatty():
            return [TerminalKey(taps=True)]
        return [*talks, SocketSwitch(push_path(), contact=contact)] if talks else []

    def wake(self, uris: list[str]) -> WyomingWake | None:
        """Return the service that listens for a name, if one is named. Raises WakeError."""
        return WyomingWake(uris[0]) if uris else None

    def tell(self, message: str) -> None:
        """Tell in one line what is done without."""
        typer.echo(f"sanso: {in_words(message, self._texts.lang)}", err=True)
