"""
`sanso data`: look at the written sentences.

Strategy: each command reads them anew and says what it found; what is slow to import is imported inside.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

data = typer.Typer(help="Look at the training data.", no_args_is_help=True)


@data.command()
def check() -> None:
    """Read and validate every hand-written line."""
    from .corpus.lines import read_all

    lines = read_all()
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.lang] = counts.get(line.lang, 0) + 1
    told = ", ".join(f"{lang} {count}" for lang, count in counts.items())
    Console().print(f"{len(lines)} lines are fine ({told})")


@data.command()
def report(
    plots: Annotated[
        Path | None, typer.Option(help="Draw pictures into this folder.")
    ] = None,
) -> None:
    """Show coverage, balance, length and vocabulary, and what is thin."""
    from .corpus.lines import read_all
    from .corpus.report import plot_report, show_report

    lines = read_all()
    show_report(lines, Console())
    for path in plot_report(lines, plots) if plots else ():
        typer.echo(f"wrote {path}")


@data.command()
def sample(
    count: Annotated[int, typer.Argument(help="How many.")] = 20, seed: int = 1
) -> None:
    """Show what the model is trained on: drawn, filled and spoiled sentences."""
    from .corpus.lines import read_all
    from .corpus.phrases import Phrases
    from .corpus.stream import Stream

    for example in Stream(read_all(), Phrases()).chunk(seed, 0, count):
        before = "".join(f"{t.sentence} > {t.program} | " for t in example.turns)
        typer.echo(f"{example.kind}\t{before}{example.sentence}\t{example.program}")


@data.command()
def leak(
    cases: Annotated[list[Path], typer.Argument(help="Files or folders of cases.")],
) -> None:
    """Prove that no training sentence equals, or nearly equals, an evaluation case."""
    from .corpus.leak import find_leaks
    from .evaluation.cases import read_cases

    held = [t.text for path in cases for c in read_cases(path) for t in c.turns]
    leaks = find_leaks(held)
    for found in leaks:
        typer.echo(f"{found.likeness:.2f}\t{found.where}\t{found.line}\t{found.case}")
    typer.echo(f"{len(held)} held-out sentences, {len(leaks)} leaks")
    if leaks:
        raise typer.Exit(1)
