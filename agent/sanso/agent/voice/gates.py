"""
What may not be acted on, and why.

Strategy: pure functions over sound and transcript, each gate one row of a table, asked
in the order in which a person would want to hear of them: first what is wrong with the
sound, then whether anyone spoke, in which language, and last how sure the text is. The
first gate that refuses is told. A figure that is missing (NaN) refuses. Nothing here
understands a sentence: what a closed vocabulary makes of foreign speech passes every
gate, so the agent's own evidence remains the last word.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from .level import CLIP_PEAK
from .parts import RATE, Gate, Samples, Transcript

if TYPE_CHECKING:
    from collections.abc import Sequence

_BLOCK: Final = RATE // 10
"""Samples that loudness is measured over: a tenth of a second, a short syllable."""
_WAIT_SECONDS: Final = 0.8
_WAIT_LOUDNESS: Final = 0.1
"""Length and loudness, beside that of the whole (-20 dB), of what may be cut from the end
of a segment: the pause in which its end was waited for."""
_LOUD: Final = 0.05
"""-26 dBFS: what is above belongs to speech that is clipped, not to the pauses in it."""
_SAID_TWICE: Final = re.compile(r"(.{2,40}?)\1{3,}|(.)\2{7,}")
_NO_WORDS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where each gate closes. Every figure can be set; each default has its source."""

    least_seconds: float = 0.2
    """Shorter is `short`. "꺼" and "off" take 0.25 s and more; below 0.0125 s (200
    samples) the spectrogram has no frame."""
    least_loudness: float = 0.001
    """Loudest tenth of a second, root mean square; quieter is `silence`. -60 dBFS: what
    a microphone gives in an empty room, 20 dB below a whisper."""
    most_clipped: float = 0.25
    """Of the samples above -26 dBFS, those at full scale; more is `clipped`. Speech amplified
    three times over full scale has 0.06 to 0.14, six times 0.18 to 0.31, twelve times 0.37
    and more."""
    most_no_speech: float = 0.6
    """More is `noise`. Whisper's own threshold (`no_speech_threshold`), without its
    exception for likely text: a recogniser of few sentences finds each of them likely."""
    least_mass: float = 0.5
    """Korean and English together; less is `language`. Above a half, faster-whisper
    takes a language for detected (`language_detection_threshold`)."""
    most_compression: float = 2.4
    """More is `repetition`. Whisper's own (`compression_ratio_threshold`)."""
    least_logprob: float = -1.0
    """Mean of the text's tokens; less is `doubt`. Whisper's own (`logprob_threshold`)."""


def refuse_sound(
    samples: Samples, thresholds: Thresholds, *, most_seconds: float
) -> Gate | None:
    """Return what is wrong with sound that nobody needs to recognise; None if nothing is.

    `most_seconds` is what the recogniser hears at once.
    """
    seconds = len(samples) / RATE
    if not seconds >= thresholds.least_seconds:
        return "short"
    if not loudness(samples) >= thresholds.least_loudness:
        return "silence"
    if not clipped_share(samples) <= thresholds.most_clipped:
        return "clipped"
    if seconds > most_seconds and not _is_wait(samples, round(most_seconds * RATE)):
        return "long"
    return None


def _is_wait(samples: Samples, start: int) -> bool:
    """Tell whether sound from a sample on is but the wait for its end."""
    rest = samples[start:]
    quiet = loudness(rest) <= _WAIT_LOUDNESS * loudness(samples)
    return quiet and len(rest) <= _WAIT_SECONDS * RATE


def refuse_text(
    transcript: Transcript,
    thresholds: Thresholds,
    *,
    prompt: Sequence[str] = (),
    whole: bool = True,
) -> Gate | None:
    """Return why a transcript may not be acted on; None if it may.

    `prompt` are the terms that the recogniser was given; `whole` is false where the text
    was broken off at its longest: its end, often the verb or the time, is not known.
    """
    text, limit = transcript.text, thresholds
    gates: tuple[tuple[Gate, bool], ...] = (
        ("noise", not text or not transcript.no_speech <= limit.most_no_speech),
        ("language", not transcript.language_mass >= limit.least_mass),
        ("repetition", not transcript.compression <= limit.most_compression),
        ("repetition", repeats(text)),
        ("echo", is_echo(text, prompt)),
        ("doubt", not transcript.mean_logprob >= limit.least_logprob or not whole),
    )
    return next((gate for gate, refuses in gates if refuses), None)


def loudness(samples: Samples) -> float:
    """Return the root mean square of the loudest tenth of a second; 0 without sound."""
    if not len(samples):
        return 0.0
    whole = len(samples) // _BLOCK * _BLOCK
    blocks = samples[:whole].reshape(-1, _BLOCK) if whole else samples[None]
    return float(np.sqrt(np.max(np.mean(np.square(blocks, dtype=np.float64), axis=1))))


def clipped_share(samples: Samples) -> float:
    """Return how many of the samples above -26 dBFS stand at full scale, 0 to 1."""
    size = np.abs(samples)
    loud = np.count_nonzero(size > _LOUD)
    return np.count_nonzero(size >= CLIP_PEAK) / loud if loud else 0.0


def compression(text: str) -> float:
    """Return the length of a text over its length compressed, as Whisper does; 0 if empty."""
    written = text.encode("utf-8", "surrogatepass")
    return len(written) / len(zlib.compress(written))


def repeats(text: str) -> bool:
    """Tell whether the same words or syllables stand four times in a row, or a letter eight times.

    Compression alone does not tell it of texts as short as commands.
    """
    return bool(_SAID_TWICE.search(squeezed(text)))


def is_echo(text: str, prompt: Sequence[str]) -> bool:
    """Tell whether a text consists of terms of the prompt and nothing else, in any order."""
    said = squeezed(text)
    terms = tuple({term for term in map(squeezed, prompt) if term})
    if not said or not terms:
        return False
    ends = {0}  # where a chain of terms from the start may end
    for start in range(len(said)):
        if start in ends:
            ends |= {start + len(t) for t in terms if said.startswith(t, start)}
    return len(said) in ends


def squeezed(text: str) -> str:
    """Return letters and digits alone, small: a recogniser spaces as it likes."""
    return _NO_WORDS.sub("", text).casefold()
