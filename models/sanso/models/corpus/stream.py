"""
Draw training examples without end: hand-written lines, composed ones, public ones, dialogues, spoiled and whole.

Strategy: every example is drawn anew (slots, noise, context), so no two passes see the same. What is drawn depends only on the
seed and the number of the chunk, so that a resumed training sees just what an unbroken one would have seen.
Shares are the recipe's; within the hand-written lines each kind and each language gets its quota, not its count.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sanso.agent.errors import UtteranceError
from sanso.agent.prompt import Turn, normalize

from .lines import filled, key
from .noise import spoil
from .slots import fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from .heard import Said
    from .lines import Line
    from .phrases import Phrases
    from .public import Public

_VALIDATION_PERCENT: Final = 8
_WAITS: Final = ("ask(", "reset_filter(")
_DOUBTED: Final = 0.12
"""Of turns before, how many stand as if the agent, unsure of them, had asked "did you mean ...?" instead of acting."""
_ANSWERED: Final = 0.6
"""Of bare answers, how many stand behind such a question."""


@dataclass(frozen=True)
class Example:
    """What the model is shown: turns before, a sentence, and the program to write."""

    sentence: str
    program: str
    """Empty where only the sentence teaches."""
    turns: tuple[Turn, ...] = ()
    lang: str = "en"
    kind: str = ""
    label: str = ""
    """A public sentence's own label, learned as a side task."""


@dataclass(frozen=True)
class Shares:
    """How often each source is drawn; parts of their sum."""

    hand: float = 0.5
    plain: float = 0.08
    timed: float = 0.12
    compound: float = 0.1
    joined: float = 0.05
    public: float = 0.12
    heard: float = 0.0
    """What a recogniser made of spoken sentences."""
    dialogue_boost: float = 2.0
    """How much likelier a dialogue is than its quota."""
    spoiled: float = 0.35
    """Of all sentences."""
    contexts: float = 0.2
    """Of single sentences, how many stand behind unrelated turns."""
    languages: dict[str, float] = field(
        default_factory=lambda: {"ko": 0.42, "en": 0.36, "mix": 0.22}
    )


def is_validation(line: Line) -> bool:
    """Whether a family is held out; told by the digest of its first sentence, so that it never changes."""
    digest = hashlib.sha256(line.turns[0].sentence.encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < _VALIDATION_PERCENT


class Stream:
    """Examples by seed and chunk."""

    def __init__(
        self,
        lines: Sequence[Line],
        phrases: Phrases,
        public: Sequence[Public] = (),
        shares: Shares | None = None,
        avoid: frozenset[str] = frozenset(),
        heard: Sequence[Said] = (),
    ) -> None:
        """Sort the lines by language and kind; held-out families never come, nor sentences whose `key` is to be avoided."""
        self._avoid = avoid
        self._phrases = phrases
        self._shares = shares or Shares()
        self._public = [p for p in public if not p.held_out]
        self._heard = heard
        self._by: dict[str, dict[str, list[Line]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._singles: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            if is_validation(line):
                continue
            self._by[line.lang][line.kind].append(line)
            if len(line.turns) == 1:
                self._singles[line.lang].append(line)

    def chunk(self, seed: int, number: int, size: int) -> list[Example]:
        """The `size` examples of one chunk, always the same for the same arguments."""
        rng = random.Random(f"{seed}:{number}")
        return list(self._draw(rng, size))

    def _draw(self, rng: Random, size: int) -> Iterator[Example]:
        shares = self._shares
        sources = {
            "hand": shares.hand,
            "plain": shares.plain,
            "timed": shares.timed,
            "compound": shares.compound,
            "joined": shares.joined,
            "public": shares.public if self._public else 0.0,
            "heard": shares.heard if self._heard else 0.0,
        }
        while size:
            source = rng.choices(list(sources), list(sources.values()))[0]
            lang = rng.choices(list(shares.languages), list(shares.languages.values()))[
                0
            ]
            example = self._example(source, lang, rng)
            if example is not None and key(example.sentence) not in self._avoid:
                size -= 1
                yield example

    def _example(self, source: str, lang: str, rng: Random) -> Example | None:
        if source == "public":
            return _of_public(rng.choice(self._public), rng, self._shares.spoiled / 2)
        if source == "heard":
            one = rng.choice(self._heard)
            return self._finished(one.text, one.program, (), one.lang, "heard", rng)
        if source == "hand":
            return self._hand(lang, rng)
        if source == "joined":
            return self._joined(lang, rng)
        made = getattr(self._phrases, source)(lang, rng)
        return self._finished(made.sentence, made.program, (), lang, made.kind, rng)

    def _hand(self, lang: str, rng: Random) -> Example | None:
        kinds = self._by[lang]
        # The square root lies between equal kinds and equal lines: rare kinds are seen, common ones stay common.
        weights = [
            len(lines) ** 0.6
            * (self._shares.dialogue_boost if kind == "dialogue" else 1.0)
            for kind, lines in kinds.items()
        ]
        line = rng.choice(kinds[rng.choices(list(kinds), weights)[0]])
        if len(line.turns) > 1:
            return self._dialogue(line, rng)
        turn = line.turns[0]
        said, program = fill(turn.sentence, turn.program, lang, rng)
        if rng.random() < 0.08:  # noqa: PLR2004
            said = self._phrases.opener(said, lang, rng)
        return self._finished(said, program, (), lang, line.kind, rng)

    def _dialogue(self, line: Line, rng: Random) -> Example | None:
        at = rng.randrange(len(line.turns))
        *before, (said, program) = filled(line.turns[: at + 1], line.lang, rng)
        turns = tuple(_turn(s, p, rng) for s, p in before)
        return self._finished(said, program, turns, line.lang, "dialogue", rng)

    def _joined(self, lang: str, rng: Random) -> Example | None:
        """Two hand-written sentences in one breath: what each asks for, in order."""
        first, second = (rng.choice(self._singles[lang]).turns[0] for _ in range(2))
        if any(_stands_alone(turn.program) for turn in (first, second)):
            return None
        one, one_program = fill(first.sentence, first.program, lang, rng)
        two, two_program = fill(second.sentence, second.program, lang, rng)
        if one_program.split("(")[0] == two_program.split("(")[0]:
            return None
        glue = _GLUE_EN if lang == "en" else _GLUE_KO
        said = one.rstrip(".!?~ ") + rng.choice(glue) + two
        return self._finished(
            said, f"{one_program}; {two_program}", (), lang, "joined", rng
        )

    def _finished(
        self,
        said: str,
        program: str,
        turns: tuple[Turn, ...],
        lang: str,
        kind: str,
        rng: Random,
    ) -> Example | None:
        if rng.random() < self._shares.spoiled:
            said = spoil(said, rng)
        if not turns and kind == "answer" and rng.random() < _ANSWERED:
            turns = self._doubted(lang, rng)
        if not turns and rng.random() < self._shares.contexts:
            turns = self._unrelated(lang, rng)
        try:
            sentence = normalize(said)
            before = tuple(
                Turn(normalize(t.sentence), t.program, waiting=t.waiting) for t in turns
            )
        except UtteranceError:
            return None
        return Example(sentence, program, before, lang, kind)

    def _unrelated(self, lang: str, rng: Random) -> tuple[Turn, ...]:
        """One or two turns that have nothing to do with what follows."""
        turns = []
        for _ in range(rng.choice((1, 1, 2))):
            turn = rng.choice(self._singles[lang]).turns[0]
            said, program = fill(turn.sentence, turn.program, lang, rng)
            turns.append(_turn(said, program, rng))
        return tuple(turns)

    def _doubted(self, lang: str, rng: Random) -> tuple[Turn, ...]:
        """A turn that the agent was not sure of, and asked about."""
        turn = rng.choice(self._singles[lang]).turns[0]
        said, program = fill(turn.sentence, turn.program, lang, rng)
        return (Turn(said, program, waiting=True),)


_GLUE_KO: Final = (
    ", ",
    " 그리고 ",
    ". ",
    ", 그리고 ",
    ". 아 그리고 ",
    " 또 ",
    ", 그다음에 ",
)
_GLUE_EN: Final = (", and ", " and ", ". ", ". also ", ", then ", "; ", ", oh and ")


def _turn(said: str, program: str, rng: Random) -> Turn:
    doubted = rng.random() < _DOUBTED
    return Turn(said, program, waiting=doubted or program.startswith(_WAITS))


def _stands_alone(program: str) -> bool:
    """Whether joining it to another would change what it means."""
    return "; " in program or program.startswith(
        ("reject(", "ask(", "answer(", "undo(", "chat(")
    )


def _of_public(public: Public, rng: Random, spoiled: float) -> Example | None:
    text = spoil(public.text, rng) if rng.random() < spoiled else public.text
    try:
        sentence = normalize(text)
    except UtteranceError:
        return None
    label = f"{public.source}:{public.intent}"
    return Example(sentence, public.program, (), public.lang, "public", label)


def validation(lines: Sequence[Line], seed: int = 0) -> list[Example]:
    """The held-out families, slots filled once, every turn of a dialogue an example."""
    rng = random.Random(seed)
    examples = []
    for line in lines:
        if not is_validation(line):
            continue
        turns: list[Turn] = []
        for said, program in filled(line.turns, line.lang, rng):
            sentence = normalize(said)
            kind = line.kind
            examples.append(Example(sentence, program, tuple(turns), line.lang, kind))
            turns.append(Turn(sentence, program, waiting=program.startswith(_WAITS)))
    return examples
