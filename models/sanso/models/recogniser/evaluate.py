"""
Judge a recogniser on sentences and voices that it never heard, through faster-whisper as the agent uses it.

Strategy: one encoder pass for language and text, greedy, the language held to Korean and English; each sentence is
judged whole, by letters and by words, with its 95 % interval (Wilson 1927). Clean, and with white noise at 10 dB.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .augment import with_noise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from .speech import Store

_Z: Final = 1.959964
"""Of the 95 % interval."""
_ALLOWED: Final = ("ko", "en")
_LONGEST: Final = 160
"""Tokens of a transcript at most."""


class Recogniser:
    """A recogniser's folder, loaded by faster-whisper."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """
        Load it.

        Raises:
            RuntimeError: CTranslate2 cannot read the folder.
        """
        from faster_whisper import WhisperModel

        self._model = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads
        )
        self._frames = self._model.feature_extractor.nb_max_frames
        self._whole = self._model.encode
        self._heard: Any = None
        # The window is shorter than the 30 s to which faster-whisper pads; and what was encoded to find the language
        # serves for the text.
        self._model.encode = self._encode

    def write_down(self, sound: npt.NDArray[np.float32]) -> tuple[str, str, float]:
        """Text (NFC) and language of a sound, and the probability that nobody spoke."""
        self._heard = None
        chances = dict(self._model.detect_language(sound)[2])
        lang = max(_ALLOWED, key=lambda one: chances.get(one, 0.0))
        segments, _ = self._model.transcribe(
            sound,
            language=lang,
            beam_size=1,
            temperature=0.0,
            without_timestamps=True,
            condition_on_previous_text=False,
            max_new_tokens=_LONGEST,
            no_speech_threshold=None,
            log_prob_threshold=None,
            compression_ratio_threshold=None,
        )
        found = list(segments)
        text = " ".join(segment.text.strip() for segment in found)
        nobody = max((segment.no_speech_prob for segment in found), default=1.0)
        return unicodedata.normalize("NFC", text), lang, nobody

    def _encode(self, features: npt.NDArray[np.float32]) -> Any:
        if self._heard is None:
            self._heard = self._whole(features[..., : self._frames])
        return self._heard


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
    misses: list[tuple[str, str]] = field(default_factory=list)
    """Said and heard, of the sentences that are not exact."""

    def count(self, said: str, heard: str, *, right_language: bool) -> None:
        """Add one sentence."""
        self.sentences += 1
        self.exact += said == heard
        self.right_language += right_language
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
            f"language right {self.right_language / self.sentences:.1%}"
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
        text, lang, _ = recogniser.write_down(sound)
        said = utterance.sentence
        score = scores.setdefault(said.lang, Score())
        score.count(said.text, text, right_language=lang == said.lang)
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
