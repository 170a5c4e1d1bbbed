"""
Show verdicts to people: tables on the terminal, Markdown for the README and the card, JSON for machines.

Strategy: one list of rows, three ways to write it, so that no figure stands in two places by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .score import Mark, Rate, Verdict, rate, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LANGUAGES: Final = {"ko": "Korean", "en": "English", "mix": "mixed"}
_HUNDRED = 100


@dataclass(frozen=True)
class Row:
    """One group of verdicts."""

    name: str
    right: Rate
    wrong_acts: Rate
    misses: Rate
    invalid: Rate


@dataclass(frozen=True)
class Summary:
    """What is told of a run."""

    single: tuple[Row, ...]
    """All single sentences, then by language."""
    dialogues: tuple[Row, ...]
    """Turns of dialogues, then whole dialogues."""
    families: tuple[Row, ...]
    tags: tuple[Row, ...]
    milliseconds: tuple[float, float]
    """Median and 95th percentile of text to program."""


def summarize(verdicts: Sequence[Verdict]) -> Summary:
    """Count everything."""
    single = [v for v in verdicts if not v.case.is_dialogue]
    turns = [v for v in verdicts if v.case.is_dialogue]
    by_lang = rows(single, lambda v: [v.case.lang])
    languages = [
        _row(label, by_lang[lang])
        for lang, label in _LANGUAGES.items()
        if lang in by_lang
    ]
    dialogues = [_row("turns of dialogues", turns), _whole(turns)] if turns else []
    spent = sorted(v.milliseconds for v in verdicts)
    p95 = quantiles(spent, n=20)[-1] if len(spent) > 1 else (spent or [0.0])[0]
    return Summary(
        single=(_row("all sentences", single), *languages),
        dialogues=tuple(dialogues),
        families=_rows(rows(single, lambda v: [v.case.family])),
        tags=_rows(rows(single, lambda v: v.case.tags)),
        milliseconds=(median(spent) if spent else 0.0, p95),
    )


def show(summary: Summary, console: Console, *, details: bool = True) -> None:
    """Print tables."""
    console.print(
        _table("Sentences and dialogues", (*summary.single, *summary.dialogues))
    )
    if details:
        console.print(_table("By call", summary.families))
        console.print(_table("By tag", summary.tags))
    middle, late = summary.milliseconds
    console.print(f"text to program: median {middle:.1f} ms, 95 % within {late:.1f} ms")


def show_failures(
    verdicts: Iterable[Verdict], console: Console, most: int = 60
) -> None:
    """Print what went wrong, wrong acts first."""
    wrong = [v for v in verdicts if v.mark is not Mark.RIGHT]
    order = {Mark.INVALID: 0, Mark.WRONG_ACT: 1, Mark.MISS: 2}
    table = Table("", "sentence", "expected", "got", "p", title="Failures")
    for verdict in sorted(wrong, key=lambda v: (order[v.mark], -v.confidence))[:most]:
        said = verdict.case.turns[verdict.turn].text
        sure = f"{verdict.confidence:.2f}"
        cells = (verdict.mark.value, said, verdict.expected, verdict.got, sure)
        table.add_row(*map(Text, cells))  # as it is: a sentence may hold brackets
    console.print(table)


def markdown(summary: Summary) -> str:
    """The main rows as a Markdown table."""
    lines = [
        "| sentences | functional success | wrong acts | harmless misses |",
        "|---|---|---|---|",
    ]
    listed = [
        f"| {row.name} | {row.right} | {row.wrong_acts} | {row.misses} |"
        for row in (*summary.single, *summary.dialogues)
    ]
    return "\n".join([*lines, *listed])


def as_json(summary: Summary, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Everything, the single verdicts too."""
    groups = {
        "single": summary.single,
        "dialogues": summary.dialogues,
        "families": summary.families,
        "tags": summary.tags,
    }
    return {
        **{name: [_plain(row) for row in listed] for name, listed in groups.items()},
        "ms_median": summary.milliseconds[0],
        "ms_p95": summary.milliseconds[1],
        "verdicts": [v.as_json() for v in verdicts],
    }


def _rows(groups: dict[str, list[Verdict]]) -> tuple[Row, ...]:
    return tuple(_row(name, listed) for name, listed in groups.items())


def _row(name: str, verdicts: Sequence[Verdict]) -> Row:
    return Row(
        name,
        rate(verdicts, Mark.RIGHT),
        rate(verdicts, Mark.WRONG_ACT),
        rate(verdicts, Mark.MISS),
        rate(verdicts, Mark.INVALID),
    )


def _whole(turns: Sequence[Verdict]) -> Row:
    """A dialogue is right when all its turns are, a wrong act when any turn is one."""
    groups = rows(turns, lambda v: [v.case.name]).values()

    def count(mark: Mark) -> Rate:
        return Rate(sum(any(v.mark is mark for v in g) for g in groups), len(groups))

    right = Rate(sum(all(v.mark is Mark.RIGHT for v in g) for g in groups), len(groups))
    return Row(
        "whole dialogues",
        right,
        count(Mark.WRONG_ACT),
        count(Mark.MISS),
        count(Mark.INVALID),
    )


def _table(title: str, listed: Iterable[Row]) -> Table:
    table = Table(
        "", "success", "95 %", "wrong acts", "misses", "invalid", "n", title=title
    )
    for row in listed:
        low, high = row.right.interval
        table.add_row(
            row.name,
            f"{row.right.value:.1%}",
            f"{low * _HUNDRED:.0f}-{high * _HUNDRED:.0f}",
            f"{row.wrong_acts.value:.1%}",
            f"{row.misses.value:.1%}",
            str(row.invalid.hits),
            str(row.right.n),
        )
    return table


def _plain(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "n": row.right.n,
        "right": row.right.hits,
        "interval": row.right.interval,
        "wrong_acts": row.wrong_acts.hits,
        "misses": row.misses.hits,
        "invalid": row.invalid.hits,
    }
