"""
Find training sentences that equal, or nearly equal, held-out ones.

Strategy: a sentence becomes the set of its character trigrams, spelling ignored; two sentences are too alike above a Jaccard likeness. Very short sentences
have few ways to differ: below a length they count only when they are equal to the letter.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .heard import read_heard
from .lines import filled, key, read_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NEAR: Final = 0.8
"""Jaccard likeness of trigram sets from which two sentences are nearly equal."""
SHORT: Final = 8
"""Letters below which two sentences must be equal to be too alike."""


@dataclass(frozen=True)
class Leak:
    """A training sentence too close to a held-out one."""

    line: str
    where: str
    case: str
    likeness: float


def find_leaks(held: Iterable[str]) -> list[Leak]:
    """All leaks of the hand-written sentences, slots filled, and of misheard ones, into the held-out ones."""
    rng = random.Random(0)
    index: dict[str, set[int]] = {}
    cases = [(text, key(text)) for text in held]
    grams = [_grams(plain) for _, plain in cases]
    for number, found in enumerate(grams):
        for gram in found:
            index.setdefault(gram, set()).add(number)
    leaks = []
    for said, where in _taught(rng):
        plain = key(said)
        mine = _grams(plain)
        shared: dict[int, int] = {}
        for gram in mine:
            for number in index.get(gram, ()):
                shared[number] = shared.get(number, 0) + 1
        for number, common in shared.items():
            text, case = cases[number]
            likeness = common / (len(mine) + len(grams[number]) - common)
            long_enough = min(len(plain), len(case)) >= SHORT
            if plain == case or (likeness >= NEAR and long_enough):
                leaks.append(Leak(said, where, text, likeness))
    return sorted(leaks, key=lambda leak: -leak.likeness)


def _taught(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Every sentence that belongs to the training data, with its place."""
    for line in read_all():
        for said, _ in filled(line.turns, line.lang, rng):
            yield said, line.where
    for number, heard in enumerate(read_heard(), 1):
        yield heard.text, f"heard {number}"


def _grams(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}
