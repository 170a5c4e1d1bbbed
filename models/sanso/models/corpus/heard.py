"""
What a recogniser made of spoken sentences, as training examples of their own.

Strategy: a sentence is drawn with its program, spoken, heard, and kept as `heard => program` if it was heard otherwise and is still alike enough for a person
to guess what was meant. The files are written by `sanso recogniser hear` and belong to the project, so that a training needs neither voices nor recogniser.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .lines import LineError, filled, key, read_file
from .stream import is_validation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .lines import Line

HEARD: Final = Path(__file__).parent.parent / "data" / "heard"
"""`ko.txt` and `en.txt`."""
ALIKE: Final = 0.8
"""Share of letters (jamo) that what was heard must have in common with what was said, in order."""
LETTERS: Final = 4
"""What was heard must have so many: a short word heard for another says nothing of what was meant."""
WORDS: Final = 8
"""Longer sentences are not spoken: the recogniser for tests was not taught to hear them, and makes nonsense of them."""


@dataclass(frozen=True)
class Said:
    """A sentence as it is to be spoken, or as it was heard, and what its speaker wants."""

    text: str
    program: str
    lang: str


def draw_spoken(lines: Sequence[Line], count: int, seed: int = 1) -> list[Said]:
    """Short single sentences of families that are not held out, slots filled; as many Korean as English ones."""
    rng = random.Random(seed)
    pools = {
        lang: [
            line
            for line in lines
            if line.lang == lang and len(line.turns) == 1 and not is_validation(line)
        ]
        for lang in ("ko", "en")
    }
    drawn: list[Said] = []
    while len(drawn) < count:
        lang = ("ko", "en")[len(drawn) % 2]
        line = rng.choice(pools[lang])
        said, program = filled(line.turns, lang, rng)[0]
        if len(said.split()) <= WORDS:
            drawn.append(Said(said, program, lang))
    return drawn


def is_of_use(heard: str, spoken: str) -> bool:
    """Whether what was heard differs from the words that were spoken, and is like them still."""
    if len(key(heard)) < LETTERS or key(heard) == key(spoken):
        return False
    one, two = (unicodedata.normalize("NFD", text) for text in (heard, spoken))
    return SequenceMatcher(None, one, two, autojunk=False).ratio() >= ALIKE


def read_heard(folder: Path = HEARD) -> list[Said]:
    """
    Everything that was heard; nothing where there are no files.

    Raises:
        LineError: a line has no program, or one that does not parse.
    """
    found: list[Said] = []
    for lang in ("ko", "en"):
        path = folder / f"{lang}.txt"
        lines: Iterable[Line] = read_file(path, lang) if path.exists() else ()
        for line in lines:
            if len(line.turns) > 1:
                msg = (
                    f"{line.where}: what was heard is one sentence, this is a dialogue"
                )
                raise LineError(msg)
            found.append(Said(line.turns[0].sentence, line.turns[0].program, lang))
    return found


def written(heard: Iterable[Said]) -> Iterator[str]:
    """Lines as `read_heard` reads them."""
    for one in heard:
        yield f"{one.text} => {one.program}"
