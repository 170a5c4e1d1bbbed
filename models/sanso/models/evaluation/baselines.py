"""
What a model must beat: nearest neighbour by characters, and linear classifiers.

Strategy: all learn from examples drawn as for the model. The nearest neighbour answers with the program of the most similar sentence; the linear one
chooses among whole programs; the stronger linear one chooses the shape of a program and copies numbers, spans and
clock times out of the sentence. They see a sentence alone, without turns before it.
"""

from __future__ import annotations

import re
import time
from abc import ABC, abstractmethod
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from sanso.agent.errors import UtteranceError
from sanso.agent.prompt import normalize
from sanso.models.corpus.numerals import english, native, sino
from sanso.models.corpus.spans import (
    english_clock,
    english_duration,
    korean_clock,
    korean_duration,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sanso.models.corpus.stream import Example

    from .cases import Case

_DURATION: Final = re.compile(r"hours=(\d+), minutes=(\d+)")
_CLOCK: Final = re.compile(r"time=\d\d:\d\d")
_NUMBER: Final = re.compile(r"(?<=[=+-])\d+(?=[,)])")
_MOST_FEATURES: Final = 2**16
_MOST_CLASSES: Final = 1500
"""One row of weights each: more than these, the most frequent, do not fit into the memory of a small machine."""


def _features() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(1, 5),
        max_features=_MOST_FEATURES,
        sublinear_tf=True,
    )


class Baseline(ABC):
    """Shared by all: sentence to program, turn by turn."""

    @abstractmethod
    def program(self, sentence: str) -> str:
        """The program of a normalized sentence."""

    def programs(self, case: Case) -> list[tuple[str, float, float]]:
        """Program, confidence (always 1) and milliseconds of each turn."""
        found = []
        for turn in case.turns:
            started = time.perf_counter()
            try:
                text = self.program(normalize(turn.text))
            except UtteranceError:
                text = "reject(reason=noise)"
            found.append((text, 1.0, (time.perf_counter() - started) * 1000))
        return found


class Nearest(Baseline):
    """The program of the most similar training sentence (cosine of character n-grams)."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Index the sentences."""
        self._features = _features()
        self._known = self._features.fit_transform([e.sentence for e in examples])
        self._programs = [e.program for e in examples]

    def program(self, sentence: str) -> str:
        """The neighbour's program."""
        likeness = self._known @ self._features.transform([sentence]).T
        return self._programs[int(likeness.toarray().argmax())]


class Linear(Baseline):
    """One linear classifier from character n-grams to whole programs."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Train on the programs as they stand."""
        from sklearn.linear_model import SGDClassifier

        self._features = _features()
        self._classes = SGDClassifier(
            loss="modified_huber", alpha=1e-5, max_iter=8, tol=None, random_state=1
        )
        labels = [self._label(e.program) for e in examples]
        common = {label for label, _ in Counter(labels).most_common(_MOST_CLASSES)}
        rows = [i for i, label in enumerate(labels) if label in common]
        known = self._features.fit_transform([examples[i].sentence for i in rows])
        self._classes.fit(known, [labels[i] for i in rows])

    def program(self, sentence: str) -> str:
        """The likeliest class."""
        return str(self._classes.predict(self._features.transform([sentence]))[0])

    @staticmethod
    def _label(program: str) -> str:
        return program


class Copying(Linear):
    """A linear classifier for the shape of the program; its values are copied from the sentence."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Train on the shapes, and list how values are said."""
        super().__init__(examples)
        self._spans = _said_spans()
        self._clocks = _said_clocks()
        self._numbers = _said_numbers()

    def program(self, sentence: str) -> str:
        """The likeliest shape with the sentence's values in their order."""
        shape = super().program(sentence)
        for mark, table in (("SPAN", self._spans), ("CLOCK", self._clocks)):
            while mark in shape:
                said = _longest(sentence, table)
                if not said:
                    return "reject(reason=noise)"
                shape = shape.replace(mark, table[said], 1)
                sentence = sentence.replace(said, " ", 1)
        while "NUMBER" in shape:
            said = _first(sentence, self._numbers)
            if not said:
                return "reject(reason=noise)"
            shape = shape.replace("NUMBER", self._numbers[said], 1)
            sentence = sentence.replace(said, " ", 1)
        return shape

    @staticmethod
    def _label(program: str) -> str:
        shape = _DURATION.sub("SPAN", program)
        shape = _CLOCK.sub("time=CLOCK", shape)
        return _NUMBER.sub("NUMBER", shape)


def _said_spans() -> dict[str, str]:
    said = {}
    for hours in range(25):
        for minutes in range(60):
            if hours or minutes:
                written = f"hours={hours}, minutes={minutes}"
                korean = korean_duration(hours, minutes)
                for text in (*korean, *english_duration(hours, minutes)):
                    said[text.lower()] = written
    return said


def _said_clocks() -> dict[str, str]:
    said = {}
    for hour in range(24):
        for minute in range(60):
            for spell in (korean_clock, english_clock):
                for text in spell(hour, minute, "up"):
                    said[text.lower()] = f"{hour:02d}:{minute:02d}"
    return said


def _said_numbers() -> dict[str, str]:
    said = {str(n): str(n) for n in range(5001)}
    for number in range(1, 101):
        said[english(number)] = str(number)
        said[sino(number)] = str(number)
    return said | {native(number): str(number) for number in range(1, 11)}


def _longest(sentence: str, table: dict[str, str]) -> str:
    best = ""
    for start in range(len(sentence)):
        for end in range(start + len(best) + 1, min(len(sentence), start + 40) + 1):
            if sentence[start:end] in table:
                best = sentence[start:end]
    return best


def _first(sentence: str, table: dict[str, str]) -> str:
    for start in range(len(sentence)):
        for end in range(min(len(sentence), start + 24), start, -1):
            if sentence[start:end] in table:
                return sentence[start:end]
    return ""
