"""
Put several models side by side on the same cases: shipped, former, baselines, the runs of sweeps.

Strategy: everything is a list of stored verdicts (`Verdict.as_json`), so that a run of last week is compared like one of now. The
reference is the shipped model; differences are paired, p is McNemar's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .score import Mark, Rate, mcnemar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .cases import Case

_Key = tuple[str, int]


@dataclass(frozen=True)
class Contestant:
    """A model's name and how each of its turns was judged."""

    name: str
    marks: Mapping[_Key, Mark]
    facts: Mapping[str, Any]
    """What is known of it besides: parameters, lines, what was expected."""


@dataclass(frozen=True)
class Standing:
    """One contestant against the reference, on the turns that both were judged on."""

    name: str
    sentences: Rate
    wrong_acts: Rate
    """Of single sentences."""
    turns: Rate
    """Of dialogues."""
    difference: float
    """Share of all turns, reference less this one."""
    p: float


def contestant(name: str, result: Mapping[str, Any]) -> Contestant:
    """From a stored result, or from what `evaluate --out` wrote. Raises KeyError, ValueError where it is neither."""
    marks = {(row["id"], row["turn"]): Mark(row["mark"]) for row in result["verdicts"]}
    facts = {key: value for key, value in result.items() if key != "verdicts"}
    return Contestant(name, marks, facts)


def standings(
    reference: Contestant, others: Iterable[Contestant], cases: Sequence[Case]
) -> list[Standing]:
    """The reference first, then the others as they come."""
    single = {(c.name, 0) for c in cases if not c.is_dialogue}
    turns = {(c.name, t) for c in cases if c.is_dialogue for t in range(len(c.turns))}
    return [
        _standing(reference, other, single, turns) for other in (reference, *others)
    ]


def _standing(
    reference: Contestant, other: Contestant, single: set[_Key], turns: set[_Key]
) -> Standing:
    both = reference.marks.keys() & other.marks.keys() & (single | turns)
    here = {k for k in both if reference.marks[k] is Mark.RIGHT}
    there = {k for k in both if other.marks[k] is Mark.RIGHT}
    return Standing(
        other.name,
        _rate(other, single & both, Mark.RIGHT),
        _rate(other, single & both, Mark.WRONG_ACT),
        _rate(other, turns & both, Mark.RIGHT),
        (len(here) - len(there)) / max(1, len(both)),
        mcnemar(len(here - there), len(there - here)),
    )


def _rate(one: Contestant, keys: set[_Key], mark: Mark) -> Rate:
    known = keys & one.marks.keys()
    return Rate(sum(one.marks[k] is mark for k in known), len(known))


def comparison_table(listed: Sequence[Standing]) -> str:
    """Standings as Markdown."""
    lines = [
        "| model | sentences | wrong acts | turns of dialogues | behind the first, all turns | p |",
        "|---|---|---|---|---|---|",
    ]
    for place, row in enumerate(listed):
        behind = f"{row.difference * 100:+.1f} points" if place else ""
        p = f"{row.p:.2g}" if place else ""
        lines.append(
            f"| {row.name} | {row.sentences} | {row.wrong_acts} | {row.turns} | {behind} | {p} |"
        )
    return "\n".join(lines)


def sweep_table(
    base: Contestant, runs: Sequence[Contestant], cases: Sequence[Case]
) -> str:
    """Runs of a sweep against its base: what was expected, what came."""
    lines = [
        "| run | changed | expected | million parameters | held-out families exact | success, all turns | against the base | p |",
        "|---|---|---|---|---|---|---|---|",
    ]
    keys = {(c.name, t) for c in cases for t in range(len(c.turns))}
    for run in (base, *(r for r in runs if r.name != base.name)):
        row = _standing(base, run, keys, set())
        changed = ", ".join(f"{k} = {v}" for k, v in run.facts["change"].items())
        against = f"{-row.difference * 100:+.1f} points" if run is not base else ""
        p = f"{row.p:.2g}" if run is not base else ""
        lines.append(
            f"| {run.name} | {changed} | {run.facts['expected']} | {run.facts['parameters'] / 1e6:.1f} "
            f"| {run.facts['exact']:.1%} | {row.sentences} | {against} | {p} |"
        )
    return "\n".join(lines)


def points_per_doubling(runs: Sequence[Contestant]) -> float:
    """
    Slope of success over the logarithm of the number of written lines, in points a doubling (least squares).

    Raises:
        ValueError: fewer than two different numbers of lines.
    """
    import numpy as np

    lines, success = curve(runs)
    if len(set(lines)) < 2:  # noqa: PLR2004 - a line needs two points
        msg = "a learning curve needs runs on at least two different numbers of lines"
        raise ValueError(msg)
    slope, _ = np.polyfit(np.log2(lines), np.array(success) * 100, 1)
    return float(slope)


def curve(runs: Sequence[Contestant]) -> tuple[list[int], list[float]]:
    """Written lines and success over all turns, by lines."""
    points = sorted(
        (
            run.facts["lines"],
            sum(m is Mark.RIGHT for m in run.marks.values()) / len(run.marks),
        )
        for run in runs
    )
    return [lines for lines, _ in points], [share for _, share in points]
