"""
Earcons: short sounds that say in a fifth of a second what became of a sentence.

Strategy: four tunes that differ in direction, so that they are told apart by a small loudspeaker and by an ear that is tone-deaf: up is done, down is
refused, twice the same and then up asks, one low tone was not caught. They stand for a sentence only where the sentence says no more than they do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from sanso.agent.wording import word_error, word_program_did
from sanso.devices import OutcomeCode
from sanso.grammars import Ask, Reject

from .speak_sound import Output, Sound, full_volume

if TYPE_CHECKING:
    import threading
    from collections.abc import Generator, Mapping, Sequence

    from sanso.agent.reply import Reply
    from sanso.agent.wording.language import Language
    from sanso.agent.wording.replies import ErrorKind

    from .parts import Samples, Speaker
    from .speak_sound import Player, Volume

Earcon = Literal["done", "asked", "refused", "missed"]
"""Done as was said; a question follows; not done; not understood."""
EARCONS: Final[tuple[Earcon, ...]] = get_args(Earcon)

RATE: Final = 22_050
_REST: Final = 0
TUNES: Final[Mapping[Earcon, Sequence[tuple[int, float]]]] = {
    "done": ((784, 0.07), (1175, 0.11)),
    "asked": ((784, 0.06), (_REST, 0.04), (784, 0.06), (_REST, 0.04), (1047, 0.12)),
    "refused": ((587, 0.09), (392, 0.14)),
    "missed": ((294, 0.22),),
}
"""Pitch in Hz and length in seconds of each note; 0 is a rest."""
_LOUDNESS: Final = 0.35
"""Of a tone; speech has its peaks at 1, and tones are heard better."""
_EDGE_SECONDS: Final = 0.01
"""A tone that begins or ends at once clicks."""


def sound_of(earcon: Earcon) -> Sound:
    """Return an earcon as sound, half a second at most."""
    notes = [_note(pitch, seconds) for pitch, seconds in TUNES[earcon]]
    return Sound(np.concatenate(notes), RATE)


def _note(pitch: int, seconds: float) -> Samples:
    count = round(seconds * RATE)
    time = np.arange(count) / RATE
    # an overtone, without which low tones are lost on a small loudspeaker
    tone = np.sin(2 * np.pi * pitch * time) + 0.3 * np.sin(4 * np.pi * pitch * time)
    edge = min(round(_EDGE_SECONDS * RATE), count // 2)
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(edge) / edge)
    shape = np.ones(count)
    shape[:edge], shape[count - edge :] = ramp, ramp[::-1]
    return (_LOUDNESS * shape * tone * (pitch != _REST)).astype(np.float32)


def earcon_of(reply: Reply) -> Earcon | None:
    """
    Return the earcon for an answer; None where only its words tell what was asked for: a reading, a tip, a timer, a greeting.

    What is not known to be done is said in words, too: it may be either. So is what came due meanwhile and is told with the answer.
    """
    lang: Language = "ko" if reply.lang == "ko" else "en"
    if reply.results:
        words = word_program_did(reply.results, lang)
    else:
        words = word_error(_UNREAD.get(reply.error, "unclear"), lang)
    earcon = _earcon(reply)
    return earcon if earcon == "asked" or words == reply.words else None


_UNREAD: Final[Mapping[str, ErrorKind]] = {
    "empty": "empty",
    "too_long": "too_long",
    "too_slow": "too_slow",
    "cancelled": "cancelled",
}
_UNKNOWN: Final = (OutcomeCode.PENDING, OutcomeCode.UNCONFIRMED)


def _earcon(reply: Reply) -> Earcon | None:
    calls = reply.program.calls() if reply.program else ()
    review = reply.review
    if reply.asks or (review is not None and review.asked):
        return "asked"
    if not reply.results:
        return "missed"  # unread, or with too little evidence for anything
    if any(isinstance(call, Ask) for call in calls):
        return "asked"
    if reasons := {call.reason for call in calls if isinstance(call, Reject)}:
        return "missed" if reasons == {"noise"} else "refused"
    if review is not None and review.refused and not reply.outcomes:
        return "refused"
    return _earcon_of_outcomes(reply)


def _earcon_of_outcomes(reply: Reply) -> Earcon | None:
    outcomes = reply.outcomes
    unknown = any(outcome.code in _UNKNOWN for outcome in outcomes)
    if unknown or len(outcomes) < len(reply.results):
        return None
    return "done" if all(outcome.done for outcome in outcomes) else "refused"


class EarconSpeaker:
    """Terse: an earcon wherever it says all that there is to say, else the words."""

    def __init__(
        self, player: Player, voice: Speaker, *, volume: Volume = full_volume
    ) -> None:
        """Play earcons through a player; what has to be said is said by a voice."""
        self.name = f"earcons, {voice.name}"
        self._voice = voice
        self._output = Output(player, volume)

    def answer(self, reply: Reply, earcon: Earcon | None) -> None:
        """
        Give an answer as its earcon, a question as an earcon with its words, and what has no earcon in words.

        Raises:
            SpeakerError: it cannot be heard.
        """
        stops = self._output.stops
        if earcon is not None:
            self.signal(earcon)
        if earcon in (None, "asked") and stops == self._output.stops:
            self.say(reply.words, "ko" if reply.lang == "ko" else "en")

    def signal(self, earcon: Earcon) -> None:
        """Play an earcon, and return when it was heard. Raises SpeakerError."""

        def voiced(_: threading.Event) -> Generator[Sound]:
            yield sound_of(earcon)

        self._output.say(voiced)

    def say(self, text: str, language: Language) -> None:
        """Say what no earcon says. Raises SpeakerError."""
        self._voice.say(text, language)

    def stop(self) -> None:
        """Fall silent at once; from any thread."""
        self._output.stop()
        self._voice.stop()

    def close(self) -> None:
        """Fall silent and give back what the voice holds."""
        self.stop()
        self._voice.close()
