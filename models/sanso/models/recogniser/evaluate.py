"""
Judge a recogniser on sentences and voices that it never heard, through the transcriber of the agent.

Strategy: the agent's own path (one encoder pass, greedy, Korean or English); each sentence is
judged whole, by letters and by words, with its 95 % interval (Wilson 1927). Clean, and with white noise at 10 dB.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from sanso.agent.voice.transcribe import WhisperTranscriber

from .augment import with_noise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from sanso.agent.voice.parts import Transcript

    from .sentences import Sentence
    from .speech import Store

_Z: Final = 1.959964
"""Of the 95 % interval."""


class Recogniser:
    """A recogniser's folder, loaded as the agent loads it."""

    def __init__(
        self, folder: Path, *, threads: int = 1, prompted: bool = False
    ) -> None:
        """
        Load it; `prompted` gives it the terms of the call language beforehand, as the agent does.

        Raises:
            TranscriberError: it cannot be loaded.
        """
        self._transcriber = WhisperTranscriber(
            folder,
            cpu_threads=threads,
            has_speech=(lambda _: True) if prompted else None,
        )

    def write_down(self, sound: npt.NDArray[np.float32]) -> Transcript:
        """What it makes of a sound; a gate that refuses is told in the transcript."""
        return self._transcriber.transcribe(sound)


@dataclass
class Score:
    """What was counted over a set of sentences."""

    sentences: int = 0
    exact: int = 0
    letters: int = 0
    wrong_letters: int = 0
    words: int = 0
    wrong_words: int = 0
    right_language: int = 0
    refused: int = 0
    """By a gate."""
    misses: list[tuple[str, str]] = field(default_factory=list)
    """Said and heard, of the sentences that are not exact."""

    def count(self, utterance: Sentence, transcript: Transcript) -> None:
        """Add one sentence."""
        said, heard = utterance.text, transcript.text
        self.sentences += 1
        self.exact += said == heard
        self.right_language += utterance.lang == transcript.language
        self.refused += transcript.refused is not None
        self.letters += len(said.replace(" ", ""))
        self.wrong_letters += distance(said.replace(" ", ""), heard.replace(" ", ""))
        self.words += len(said.split())
        self.wrong_words += distance(said.split(), heard.split())
        if said != heard:
            self.misses.append((said, heard))

    def line(self) -> str:
        """The figures for people: exact with its interval, character and word error, language."""
        low, high = interval(self.exact, self.sentences)
        return (
            f"n {self.sentences}, exact {self.exact / self.sentences:.1%} ({low:.1%} to {high:.1%}), "
            f"CER {self.wrong_letters / max(1, self.letters):.1%}, WER {self.wrong_words / max(1, self.words):.1%}, "
            f"language right {self.right_language / self.sentences:.1%}, refused {self.refused / self.sentences:.1%}"
        )


def judge(
    recogniser: Recogniser,
    store: Store,
    *,
    decibels: float | None = None,
    count: int | None = None,
) -> dict[str, Score]:
    """The scores of the store's first `count` utterances, by language; with white noise where `decibels` is given."""
    scores: dict[str, Score] = {}
    rng = np.random.default_rng(10)
    for utterance in store.utterances[:count]:
        sound = np.pad(store.sound(utterance), (1600, 4800))
        if decibels is not None:
            sound = with_noise(sound, rng, "white", decibels)
        score = scores.setdefault(utterance.sentence.lang, Score())
        score.count(utterance.sentence, recogniser.write_down(sound))
    return scores


def interval(hits: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    share, square = hits / count, _Z**2
    middle = share + square / (2 * count)
    spread = _Z * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return (middle - spread) / (1 + square / count), (middle + spread) / (
        1 + square / count
    )


def distance(left: Sequence[str], right: Sequence[str]) -> int:
    """Insertions, deletions and replacements from one sequence to the other (Levenshtein 1966)."""
    row: Iterable[int] = range(len(right) + 1)
    for i, one in enumerate(left, 1):
        before, row = list(row), [i]
        for j, other in enumerate(right, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (one != other)))
    return list(row)[-1]
