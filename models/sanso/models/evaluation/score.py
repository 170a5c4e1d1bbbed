"""
Score programs against cases: success, wrong acts, harmless misses, each with its interval.

Strategy: a verdict a turn, then counting. Intervals are Wilson's (1927), comparisons of two models McNemar's exact test (1947) on the
turns where they differ.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sanso.grammars import CallError, parse

from .effect import Bench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sanso.grammars import Program

    from .cases import Case, Expected

_Z95: Final = 1.959963984540054


class Mark(StrEnum):
    """How a turn ended."""

    RIGHT = "right"
    WRONG_ACT = "wrong_act"
    MISS = "miss"
    """Asked, rejected or answered where something should have been done; or another answer."""
    INVALID = "invalid"
    """No program at all, or none that parses. Never an abstention."""


@dataclass(frozen=True)
class Verdict:
    """One turn: what was said, what came, and how it is judged."""

    case: Case
    turn: int
    got: str
    mark: Mark
    confidence: float
    milliseconds: float

    @property
    def expected(self) -> str:
        """The best accepted program."""
        return self.case.turns[self.turn].accept[0].render()

    def as_json(self) -> dict[str, Any]:
        """What is kept of it in a file: enough to compare another run with this one."""
        return {
            "id": self.case.name,
            "turn": self.turn,
            "got": self.got,
            "mark": self.mark.value,
            "confidence": self.confidence,
        }


@dataclass(frozen=True)
class Rate:
    """A share with its 95 % interval."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        """The share; 0 of nothing."""
        return self.hits / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        return wilson(self.hits, self.n)

    def __str__(self) -> str:
        """`93.1 % (89.3-95.6, n=260)`."""
        low, high = self.interval
        return f"{self.value:.1%} ({low:.1%}-{high:.1%}, n={self.n})"


def wilson(hits: int, n: int, z: float = _Z95) -> tuple[float, float]:
    """The interval of a share (Wilson 1927); the whole range where nothing was counted."""
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    spread = z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    spread /= 1 + square / n
    return max(0.0, middle - spread), min(1.0, middle + spread)


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided exact p that two models differ, from the turns that only one of them got right."""
    n, k = only_first + only_second, min(only_first, only_second)
    if n == 0:
        return 1.0
    tail: float = sum(math.comb(n, i) for i in range(k + 1)) / 2**n
    return min(1.0, 2 * tail)


def judge(expected: Expected, got: str, bench: Bench) -> Mark:
    """How a program does against what was expected."""
    try:
        program = parse(got)
    except CallError:
        return Mark.INVALID
    if program in expected.accept:
        return Mark.RIGHT
    if any(text in expected.false_action for text in program.texts()):
        return Mark.WRONG_ACT
    effect = bench.effect(program)
    if any(effect == bench.effect(other) for other in expected.accept):
        return Mark.RIGHT
    return Mark.WRONG_ACT if _wrong_acts(expected, program, bench) else Mark.MISS


def _wrong_acts(expected: Expected, program: Program, bench: Bench) -> bool:
    """Whether a statement acts that no accepted program holds."""
    good = {s.render() for other in expected.accept for s in other.statements}
    for statement in program.statements:
        if statement.render() not in good and bench.acts(statement):
            return True
    return False


def rate(verdicts: Iterable[Verdict], mark: Mark) -> Rate:
    """The share of a mark."""
    listed = list(verdicts)
    return Rate(sum(v.mark is mark for v in listed), len(listed))


def rows(
    verdicts: Sequence[Verdict], keys: Callable[[Verdict], Iterable[str]]
) -> dict[str, list[Verdict]]:
    """Verdicts grouped by each of their keys, the largest group first."""
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        for key in keys(verdict):
            groups[key].append(verdict)
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))
