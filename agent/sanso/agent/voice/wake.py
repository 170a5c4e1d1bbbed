"""
Whether a sentence calls the agent by its name, and what it says besides.

Strategy: the name is looked for at the start of a transcript, behind an interjection or
two. Recognisers misspell names and put spaces anywhere, so the comparison is of sounds:
Hangul falls apart into jamo (a silent ㅇ is none), letters stay, all else is passed over,
and few slips are allowed, sounds that are alike for half the price of others. A name that
is talked about is not called: 공기청정기가 시끄러워 has a particle where a call has none;
`wake_particles` knows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from .errors import VoiceError
from .wake_particles import is_topic
from .wake_sounds import Sound, leaves, price, sounds_of

NAMES: Final = ("공기청정기", "청정기야", "산소야", "hey purifier", "헤이 퓨리파이어")
"""A Korean name may be followed by its vocative; one that ends in it must be called so:
산소 alone is a word, 산소야 is a call."""

_LEAST_SOUNDS: Final = 4
_INTERJECTIONS: Final = frozenset(
    [
        *("야", "아", "어", "음", "저", "저기", "저기요", "자", "헤이", "하이", "안녕"),
        *("이봐", "응", "hey", "hi", "hello", "ok", "okay", "um", "uh", "oh", "yo"),
        *("so", "well"),
    ]
)
_MOST_INTERJECTIONS: Final = 2
_NO_VOCATIVE: Final = (
    *("야간", "야옹", "야말로", "야구", "야경", "야채", "야식", "야외"),
    *("아침", "아기", "아이", "아빠"),
)
_POSSESSIVE: Final = ("'s", "’s")
_CALLING: Final = re.compile(r" ?(?:님|[야아])아*(?!\w)")
"""What follows a name that is called, as a word's end: 공기청정기야, 청정기야아, 님."""
_AROUND: Final = " \t\r\n,.!?~…·:;-'\"“”‘’"
_HALF: Final = 0.5
_SLIP_HANGUL: Final = 6
"""Sounds for each half slip: 산소야 has 6, 공기청정기 has 13."""
_SLIP_LATIN: Final = 4
_SPARE: Final = 3
"""Sounds of a text that are looked at beyond the length of a name."""


@dataclass(frozen=True, slots=True)
class Called:
    """A sentence that calls the agent."""

    name: str
    """The name as it was configured."""
    rest: str
    """What is said behind it; empty where it stands alone."""


class SpokenNames:
    """The names that the agent listens to."""

    def __init__(self, names: Sequence[str] = NAMES) -> None:
        """Take the names.

        Raises:
            VoiceError: there is none, or one is too short to be told from other words.

        """
        if not names:
            msg = "there is no name to listen to; write one, such as 산소야"
            raise VoiceError(msg)
        self._names = [_Name(name) for name in names]

    def called(self, text: str) -> Called | None:
        """Return what is said besides the name; None where nobody calls the agent."""
        text = normalize("NFC", text)
        sounds = sounds_of(text)
        for start in _starts(text, sounds):
            found = [
                (cost, -end, name)
                for name in self._names
                for end, cost in name.ends(text, sounds, start)
            ]
            if found:
                _, end, name = min(found, key=lambda each: each[:2])
                return Called(name.text, name.behind(text, -end))
        return None


class _Name:
    def __init__(self, text: str) -> None:
        self.text = text
        spelled = normalize("NFC", text).rstrip(_AROUND)
        words = [word for word in map(sounds_of, spelled.split()) if word]
        self._words = [[sound.symbol for sound in word] for word in words]
        if sum(map(len, self._words)) < _LEAST_SOUNDS:
            msg = f"{text!r} is too short for a name; choose a longer one"
            raise VoiceError(msg)
        last = words[-1][-1]
        self._hangul = last.is_hangul
        self._closed = last.is_final
        self._vocative = "아" if last.is_final else "야"
        self._is_vocative = self._hangul and spelled.endswith(("야", "아"))

    def ends(
        self, text: str, sounds: Sequence[Sound], start: int
    ) -> Iterator[tuple[int, float]]:
        """Yield where in the text the name may end that begins at a sound, and its cost.

        Where it may not end at its likeliest end, a longer one only swallows the reason.
        """
        first = sounds[start].index
        found = [
            (cost, -sounds[last - 1].index - 1)
            for last, cost in self._match(sounds, start, 0)
        ]
        likeliest = -min(found)[1] if found else 0
        longest = likeliest if not self._may_end(text, first, likeliest) else len(text)
        for cost, end in found:
            if -end <= longest and self._may_end(text, first, -end):
                yield -end, cost

    def behind(self, text: str, end: int) -> str:
        """Return what a text says behind the name and what calls it."""
        rest = text[end:]
        if self._hangul:
            if calling := _CALLING.match(rest):
                rest = rest[calling.end() :]
            elif not self._is_vocative and rest.startswith(self._vocative):
                rest = rest if rest.startswith(_NO_VOCATIVE) else rest[1:]
        return rest.strip(" \t\r\n").lstrip(_AROUND)

    def _match(
        self, sounds: Sequence[Sound], start: int, word: int
    ) -> Iterator[tuple[int, float]]:
        """Yield ends, in sounds, of the name's words from one on, and their cost."""
        symbols = self._words[word]
        most = self._most(symbols)
        last = word + 1 == len(self._words)
        for end, cost in _within(symbols, sounds, start, most, grows=not last):
            if last:
                yield end, cost
            elif end < len(sounds) and (not cost or _apart(sounds, end)):
                # her purifier: he is no hey, with an r left over
                for whole, more in self._match(sounds, end, word + 1):
                    yield whole, cost + more

    def _most(self, symbols: Sequence[str]) -> float:
        """Return how much the slips in a word may cost; of several words each has one at least."""
        some = _HALF * (len(self._words) > 1)
        if symbols[0] > "z":
            return _HALF * (len(symbols) // _SLIP_HANGUL) + some
        return max(_HALF * (len(symbols) // _SLIP_LATIN), some)

    def _may_end(self, text: str, first: int, end: int) -> bool:
        """Whether a name can end there: not inside a word, and not with a particle."""
        rest = text[end:]
        if not self._hangul:
            if rest.startswith(_POSSESSIVE):
                return False
            return not (rest[:1].isalnum() and rest[:1].isascii())  # hey purifier야
        if not rest[:1].isalnum():
            return self._is_vocative or not is_topic(rest, closed=self._closed)
        word = max(first, text.rfind(" ", 0, end) + 1)
        if end - word == 1 and word > first:  # 공기 청정 기능
            return False
        if self._is_vocative:
            return not (text[end - 1] + rest).startswith(_NO_VOCATIVE)
        return not is_topic(rest, closed=self._closed)


def _apart(sounds: Sequence[Sound], end: int) -> bool:
    """Whether something lies between a sound and the one before it, such as a space."""
    return sounds[end].index - sounds[end - 1].index > 1


def _starts(text: str, sounds: Sequence[Sound]) -> Iterator[int]:
    """Yield the sounds at which a name may begin: the first, or behind interjections."""
    if not sounds:
        return
    yield 0
    passed = 0
    words = text.split(maxsplit=_MOST_INTERJECTIONS)
    for word in words[:_MOST_INTERJECTIONS]:
        if word.strip(_AROUND).lower() not in _INTERJECTIONS:
            return
        passed += len(sounds_of(word))
        if passed >= len(sounds):
            return
        yield passed


def _within(
    symbols: Sequence[str],
    sounds: Sequence[Sound],
    start: int,
    most: float,
    *,
    grows: bool,
) -> Iterator[tuple[int, float]]:
    """Yield each end, at a whole character, up to which a text is so like a word.

    Unless it `grows`, what only adds sounds behind another end is none: it is the next word.
    """
    window = sounds[start : start + len(symbols) + _SPARE]
    row = [float(count) for count in range(len(window) + 1)]
    for symbol in symbols:
        above, row = row, [row[0] + leaves(symbol)]
        for place, sound in enumerate(window):
            row.append(
                min(
                    above[place] + price(symbol, sound.symbol),
                    above[place + 1] + leaves(symbol),
                    row[place] + _added(sound),
                )
            )
    behind = float("inf")
    """What an end costs that adds all sounds since the best one so far."""
    for place, cost in enumerate(row[1:], start + 1):
        added = _added(sounds[place - 1])
        behind += added
        whole = place == len(sounds) or sounds[place].index != sounds[place - 1].index
        if not whole:
            continue
        if cost <= most and (grows or cost < behind or not added):
            yield place, cost
        behind = min(behind, cost)


def _added(sound: Sound) -> float:
    return 0.0 if sound.is_mute else leaves(sound.symbol, added=True)
