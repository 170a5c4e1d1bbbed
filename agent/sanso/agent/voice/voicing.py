"""
Say what there is to say, once: an answer, a miss, that the agent listens now.

Strategy: whichever voice there is, and whether it is terse, is decided here and nowhere
else. A player that is put around the real one notes when the first sound went out.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from sanso.agent.wording import word_error

from .earcon import Earcon, EarconSpeaker, earcon_of
from .served import ServedReply
from .speakers import SilentSpeaker

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sanso.agent.reply import Reply
    from sanso.agent.wording import Language
    from sanso.agent.wording.replies import ErrorKind

    from .parts import Gate, Speaker
    from .speak_sound import Player, Sound

_MISSES: Final[Mapping[Gate, ErrorKind]] = {
    "short": "empty",
    "silence": "empty",
    "noise": "empty",
    "clipped": "empty",
    "lost": "empty",
    "long": "too_long",
}
"""What is said where a gate refused; of the others, that it was not understood."""

_FAILED: Final[Mapping[Language, str]] = {
    "ko": "문제가 생겼어요.",
    "en": "Something went wrong.",
}


def word_missed(gate: Gate, language: Language) -> str:
    """Return in few words that something was not caught."""
    return word_error(_MISSES.get(gate, "unclear"), language)


def word_failed(language: Language) -> str:
    """Return in few words that something went wrong; what, a line tells."""
    return _FAILED[language]


class FirstSound:
    """A player that notes when the first sound went to another one."""

    def __init__(
        self, player: Player, monotonic: Callable[[], float] = time.perf_counter
    ) -> None:
        """Play through another player."""
        self._player = player
        self._now = monotonic
        self.at: float | None = None
        """When, by the clock; None since `forget`."""

    def forget(self) -> None:
        """Wait for the next first sound."""
        self.at = None

    def play(
        self, sounds: Iterable[Sound], stopping: threading.Event, volume: float
    ) -> None:
        """Play until the end, or until the event is set. Raises SpeakerError."""
        self._player.play(self._noting(sounds), stopping, volume)

    def _noting(self, sounds: Iterable[Sound]) -> Iterator[Sound]:
        for sound in sounds:
            if self.at is None:
                self.at = self._now()
            yield sound


class Voicing:
    """The voice of the agent."""

    def __init__(self, speaker: Speaker, first: FirstSound | None = None) -> None:
        """Speak with a speaker; `first` is the player that it plays through, if noted."""
        self._speaker = speaker
        self._terse = speaker if isinstance(speaker, EarconSpeaker) else None
        self._first = first

    @property
    def name(self) -> str:
        """For people."""
        return self._speaker.name

    @property
    def mute(self) -> bool:
        """Whether nothing is ever heard of it."""
        return isinstance(self._speaker, SilentSpeaker)

    @property
    def signals(self) -> bool:
        """Whether it has short sounds for what takes no words."""
        return self._terse is not None

    def answer(self, reply: Reply, language: Language) -> None:
        """Give an answer. Raises SpeakerError."""
        if self._terse is not None:
            self._terse.answer(reply, known_earcon(reply))
        else:
            self._speaker.say(reply.words, language)

    def miss(self, words: str, language: Language) -> None:
        """Tell that something was not caught. Raises SpeakerError."""
        if self._terse is not None:
            self._terse.signal("missed")
        else:
            self._speaker.say(words, language)

    def attend(self) -> None:
        """Let it be heard that the agent listens now, where that takes no words. Raises SpeakerError."""
        if self._terse is not None:
            self._terse.signal("asked")

    def say(self, words: str, language: Language) -> None:
        """Say words. Raises SpeakerError."""
        self._speaker.say(words, language)

    def stop(self) -> None:
        """Fall silent at once; from any thread."""
        self._speaker.stop()

    def close(self) -> None:
        """Fall silent, and give back what the speaker holds."""
        self._speaker.close()

    def forget(self) -> None:
        """Begin to wait for the next first sound."""
        if self._first is not None:
            self._first.forget()

    @property
    def began(self) -> float | None:
        """When the first sound went out since `forget`; None where there was none, or nobody noted."""
        return None if self._first is None else self._first.at


def known_earcon(reply: Reply) -> Earcon | None:
    """Return the earcon of an answer; that of a service's answer is what the service says."""
    return reply.earcon if isinstance(reply, ServedReply) else earcon_of(reply)


def is_question(reply: Reply) -> bool:
    """Whether an answer waits for one itself."""
    return known_earcon(reply) == "asked"
