"""
Report on the training data: coverage, balance, length, vocabulary, and what is thin.

Strategy: count types (taxonomy.py), print what a writer needs to know next, and draw the same as pictures.
"""

from __future__ import annotations

from collections import Counter
from statistics import mean, quantiles
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from .taxonomy import Need, Type, needs, type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from .lines import Line

_LANGUAGES: Final = ("ko", "en", "mix")
_TRAITS: Final = ("register", "structure", "directness", "noise")


def show_report(lines: Sequence[Line], console: Console, most: int = 15) -> None:
    """Print the tables."""
    types = [type_of(line) for line in lines]
    wanted = needs(lines)
    console.print(_coverage(wanted))
    console.print(_traits(types))
    console.print(_sizes(lines))
    thin = [need for need in wanted if need.is_thin]
    console.print(f"[bold]{len(thin)} of {len(wanted)} quotas are not met[/bold]")
    for need in thin[:most]:
        console.print(f"  {need.call} ({need.lang}): {need.have} of {need.quota}")
    cells = Counter((t.call, t.lang, t.register, t.directness) for t in types)
    console.print(
        f"{len(cells)} different combinations of call, language, register, directness"
    )


def plot_report(lines: Sequence[Line], folder: Path) -> list[Path]:
    """Draw coverage and lengths; returns the files. Raises OSError."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    wanted = needs(lines)
    calls = sorted({need.call for need in wanted})
    figure, axes = plt.subplots(figsize=(10, 6))
    for offset, lang in enumerate(_LANGUAGES):
        share = [
            n.have / n.quota
            for c in calls
            for n in wanted
            if (n.call, n.lang) == (c, lang)
        ]
        axes.bar(
            [i + 0.27 * offset for i in range(len(calls))], share, 0.27, label=lang
        )
    axes.axhline(1.0, color="black", linewidth=1)
    axes.set_xticks(
        [i + 0.27 for i in range(len(calls))], calls, rotation=60, ha="right"
    )
    axes.set_ylabel("lines written / quota")
    axes.legend()
    first = folder / "coverage.png"
    figure.tight_layout()
    figure.savefig(first, dpi=110)
    plt.close(figure)
    figure, axes = plt.subplots(figsize=(8, 4))
    for lang in _LANGUAGES:
        sizes = [len(line.turns[0].sentence) for line in lines if line.lang == lang]
        axes.hist(
            sizes, bins=range(0, 140, 4), histtype="step", density=True, label=lang
        )
    axes.set_xlabel("characters")
    axes.legend()
    second = folder / "lengths.png"
    figure.tight_layout()
    figure.savefig(second, dpi=110)
    plt.close(figure)
    return [first, second]


def _coverage(wanted: Sequence[Need]) -> Table:
    table = Table("call", *_LANGUAGES, title="Lines by call and language (of quota)")
    by_call: dict[str, dict[str, Need]] = {}
    for need in wanted:
        by_call.setdefault(need.call, {})[need.lang] = need
    for call in sorted(by_call):
        row = by_call[call]
        table.add_row(call, *(_cell(row[lang]) for lang in _LANGUAGES))
    return table


def _cell(need: Need) -> str:
    mark = "red" if need.is_thin else "green"
    return f"[{mark}]{need.have}[/{mark}] / {need.quota}"


def _traits(types: Sequence[Type]) -> Table:
    table = Table("trait", "value", *_LANGUAGES, title="Balance")
    totals = Counter(t.lang for t in types)
    for trait in _TRAITS:
        counts = Counter((getattr(t, trait), t.lang) for t in types)
        for value in sorted({value for value, _ in counts}):
            shares = (
                f"{counts[value, lang] / totals[lang]:.0%}" for lang in _LANGUAGES
            )
            table.add_row(trait, value, *shares)
    return table


def _sizes(lines: Sequence[Line]) -> Table:
    table = Table("", *_LANGUAGES, title="Length and vocabulary")
    said = {
        lang: [
            turn.sentence for line in lines if line.lang == lang for turn in line.turns
        ]
        for lang in _LANGUAGES
    }
    words = {
        lang: Counter(w for s in said[lang] for w in s.lower().split()) for lang in said
    }
    rows: dict[str, Callable[[str], str]] = {
        "sentences": lambda lang: str(len(said[lang])),
        "characters, mean": lambda lang: f"{mean(map(len, said[lang])):.0f}",
        "characters, 95 % below": lambda lang: (
            f"{quantiles(map(len, said[lang]), n=20)[-1]:.0f}"
        ),
        "different words": lambda lang: str(len(words[lang])),
        "words met only once": lambda lang: str(
            sum(count == 1 for count in words[lang].values())
        ),
    }
    for name, cell in rows.items():
        table.add_row(name, *(cell(lang) for lang in _LANGUAGES))
    return table
