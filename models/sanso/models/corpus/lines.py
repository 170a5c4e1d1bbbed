"""
Read the hand-written sentences.

Strategy: one line a sentence (or a dialogue), `sentence => program`, turns parted by ` >> `; `@` names the speaker
of the lines below, `#` is a comment. Everything is checked on reading: the program parses, slots agree, no line says
again what another says.
"""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from sanso.grammars import CallError, SansoError, parse

from .slots import SLOT, Value, fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SENTENCES: Final = Path(__file__).parent.parent / "data" / "sentences"
"""The hand-written sentences that belong to the project, `LANG/CALL.txt`."""

_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_LATIN = re.compile(r"[A-Za-z]")


class LineError(SansoError):
    """A hand-written line that cannot be used; says file, line, cause and cure."""


@dataclass(frozen=True)
class Turn:
    """A sentence with the program it asks for, both perhaps with slots."""

    sentence: str
    program: str


@dataclass(frozen=True)
class Line:
    """One hand-written line: a sentence, or a dialogue of several turns. A family of its own."""

    turns: tuple[Turn, ...]
    lang: Literal["ko", "en", "mix"]
    speaker: str
    where: str
    """File and line number."""

    @property
    def kind(self) -> str:
        """What the first program is about: its call, `compound`, a trigger, or `dialogue`."""
        if len(self.turns) > 1:
            return "dialogue"
        return kind_of(self.turns[0].program)


def kind_of(program: str) -> str:
    """The call of a program, its trigger if it has one, or `compound`."""
    if "; " in program:
        return "compound"
    return program.split("(", 1)[0]


def language(text: str) -> Literal["ko", "en", "mix"]:
    """By script; digits and signs belong to no language."""
    bare = SLOT.sub("", text)
    hangul, latin = _HANGUL.search(bare), _LATIN.search(bare)
    if hangul and latin:
        return "mix"
    return "ko" if hangul else "en"


def key(text: str) -> str:
    """What is left of a sentence when spelling is ignored: two sentences of one key are the same."""
    plain = unicodedata.normalize("NFC", text).lower()
    plain = SLOT.sub("0", plain)
    return re.sub(r"\W+", "", re.sub(r"\d+", "0", plain))


def read_line(
    text: str, lang: Literal["ko", "en", "mix"], speaker: str, where: str
) -> Line:
    """
    Check one line and take it apart.

    Raises:
        LineError: it has no program, an unknown call, or a slot that the sentence lacks.
    """
    turns: list[Turn] = []
    for part in text.split(" >> "):
        sentence, arrow, program = part.partition(" => ")
        if not arrow or not sentence.strip() or not program.strip():
            msg = f"{where}: write `sentence => program`, got {part[:60]!r}"
            raise LineError(msg)
        turns.append(Turn(sentence.strip(), program.strip()))
    _check(turns, lang, where)
    return Line(tuple(turns), lang, speaker, where)


def read_file(
    path: Path, lang: Literal["ko", "en", "mix"] | None = None
) -> Iterator[Line]:
    """
    All lines of a file. Without `lang` the language is told by the script of each line.

    Raises:
        LineError: a line cannot be used.
    """
    speaker = ""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = raw.strip()
        if text.startswith("@"):
            speaker = text[1:].strip()
        elif text and not text.startswith("#"):
            told = lang or language(
                " ".join(p.split(" => ")[0] for p in text.split(" >> "))
            )
            yield read_line(text, told, speaker, f"{path.name}:{number}")


def read_all(folder: Path = SENTENCES) -> list[Line]:
    """
    The whole hand-written set, in the order of its files.

    Raises:
        LineError: a line cannot be used, or says what another line says already.
    """
    lines: list[Line] = []
    for lang in ("ko", "en", "mix"):
        for path in sorted((folder / lang).glob("*.txt")):
            lines += read_file(path, lang)
    refuse_twins(lines)
    return lines


def refuse_twins(lines: Iterable[Line]) -> None:
    """
    Raise LineError for the first line whose sentences another line has already.

    Raises:
        LineError: two lines are the same but for spelling, numbers and spaces.
    """
    seen: dict[tuple[str, ...], str] = {}
    for line in lines:
        mark = tuple(key(turn.sentence) for turn in line.turns)
        if mark in seen:
            msg = f"{line.where}: says the same as {seen[mark]}; remove one of them"
            raise LineError(msg)
        seen[mark] = line.where


def filled(
    turns: Iterable[Turn], lang: str, rng: random.Random
) -> list[tuple[str, str]]:
    """All turns with their slots filled; a value said in one turn holds in the later ones."""
    known: dict[str, Value] = {}
    return [fill(t.sentence, t.program, lang, rng, known) for t in turns]


@cache
def _read(program: str) -> None:
    """Parse a program; the same ones are written again and again. Raises CallError."""
    parse(program)


def _check(turns: list[Turn], lang: str, where: str) -> None:
    program = ""
    slots = any("{" in turn.sentence + turn.program for turn in turns)
    try:
        for seed in range(3 if slots else 1):
            for _, program in filled(turns, lang, random.Random(seed)):
                _read(program)
    except KeyError as missing:
        msg = f"{where}: no sentence says the slot {missing} of the program"
        raise LineError(msg) from None
    except CallError as error:
        msg = f"{where}: {program!r}: {error}"
        raise LineError(msg) from None
