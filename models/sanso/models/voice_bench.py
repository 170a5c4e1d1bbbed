"""
`sanso voice bench`: how well and how fast spoken commands are understood.

Strategy: the folder of spoken cases goes through the loop of the agent; the figures are counted here and shown in the language of the terminal. What is
slow to import is imported inside.
"""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console
    from rich.table import Table

    from sanso.agent.cli.texts import Texts

    from .evaluation.spoken_run import Heard

STAGES: Final = ("ending", "waiting", "recogniser", "model", "device", "obeyed")
"""Of the time from the end of speech until the purifier was read back; the last is all of it."""
_LANGUAGES: Final = ("ko", "en", "mix")


def bench(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    model: Annotated[str, typer.Option(metavar="SIZE|FOLDER")] = "base",
    gguf: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
    window: Annotated[float | None, typer.Option(metavar="SECONDS")] = None,
    threads: Annotated[int | None, typer.Option(metavar="NUMBER", min=1)] = None,
    failures: Annotated[int, typer.Option(metavar="NUMBER", min=0)] = 0,
    out: Annotated[Path | None, typer.Option(metavar="FILE")] = None,
    *,
    hints: Annotated[bool | None, typer.Option("--hints/--no-hints")] = None,
) -> None:
    """Hear a folder of spoken cases, and tell what was lost where."""
    from rich.console import Console
    from rich.progress import Progress

    from sanso.agent import Engine
    from sanso.agent.cli.listen_parts import Parts
    from sanso.agent.cli.terminal import existing_model
    from sanso.agent.voice.vad import SileroActivity

    from .evaluation.spoken_cases import read_spoken_cases
    from .evaluation.spoken_run import run_spoken

    texts: Texts = context.obj
    cases = read_spoken_cases(folder)
    path = existing_model(gguf, texts, "listen.usage.gguf")
    activity = SileroActivity()
    transcriber = Parts(texts).transcriber(
        model, window=window, threads=threads, hints=hints
    )
    with (
        closing(transcriber),
        Engine.open(path) as engine,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task(texts.say("bench.hearing"), total=len(cases))
        heard = run_spoken(
            cases,
            transcriber,
            engine,
            activity,
            tell=lambda number: progress.update(task, completed=number),
        )
    show(heard, Console(highlight=False), texts, failures=failures)
    if out is not None:
        rows = [one.as_json() for one in heard]
        out.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")


def times(heard: Iterable[Heard]) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile of each stage in seconds, over what was carried out."""
    done = [e.seconds for one in heard for e in one.exchanges if e.reply is not None]
    found = {name: [spent[name] for spent in done] for name in STAGES}
    return {name: (median(all_), _p95(all_)) for name, all_ in found.items() if all_}


def real_time(heard: Iterable[Heard]) -> float:
    """Seconds of the recogniser for each second of sound that it was given."""
    given = [e for one in heard for e in one.exchanges if e.transcript is not None]
    sound = sum(exchange.segment.seconds for exchange in given)
    spent = sum(exchange.seconds["recogniser"] for exchange in given)
    return spent / sound if sound else 0.0


def show(
    heard: Sequence[Heard], console: Console, texts: Texts, *, failures: int
) -> None:
    """Print all figures, and some of what was lost."""
    from sanso.agent.cli.tables import print_lean

    print_lean(console, _success(heard, texts))
    if any(one.lost for one in heard):
        print_lean(console, _losses(heard, texts))
    print_lean(console, _times(heard, texts))
    shown = [one for one in heard if one.lost][:failures]
    for one in shown:
        why = texts.say(f"bench.lost.{one.lost}")
        head = f"{one.spoken.case.name}: {why}"
        console.print(head, style="bold", markup=False, soft_wrap=True)
        for line in (one.spoken.text, one.text, one.program):
            console.print(f"  {line}", markup=False, soft_wrap=True)


def _success(heard: Sequence[Heard], texts: Texts) -> Table:
    from .evaluation.score import Mark, Rate
    from .evaluation.transcripts import all_errors

    table = _table(texts, "bench.cases", "right", "wrong", "cer", "wer")

    def row(name: str, group: Sequence[Heard]) -> None:
        errors = all_errors((one.spoken.text, one.text) for one in group)
        right = Rate(sum(one.mark is Mark.RIGHT for one in group), len(group))
        wrong = Rate(sum(one.mark is Mark.WRONG_ACT for one in group), len(group))
        shares = (f"{errors.by_letters:.1%}", f"{errors.by_words:.1%}")
        table.add_row(texts.say(name), str(right), f"{wrong.value:.1%}", *shares)

    row("bench.all", heard)
    for lang in _LANGUAGES:
        if group := [one for one in heard if one.spoken.case.lang == lang]:
            row(f"bench.{lang}", group)
    return table


def _losses(heard: Sequence[Heard], texts: Texts) -> Table:
    table = _table(texts, "bench.lost", "number")
    causes = [one.lost for one in heard if one.lost]
    for cause in sorted(set(causes), key=causes.count, reverse=True):
        table.add_row(texts.say(f"bench.lost.{cause}"), str(causes.count(cause)))
    return table


def _times(heard: Sequence[Heard], texts: Texts) -> Table:
    table = _table(texts, "bench.stage", "p50", "p95")
    for name, (middle, high) in times(heard).items():
        label = texts.find(f"listen.stage.{name}") or texts.say(f"bench.stage.{name}")
        table.add_row(label, f"{middle * 1000:.1f}", f"{high * 1000:.1f}")
    table.add_row(texts.say("bench.real_time"), f"{real_time(heard):.3f}", "")
    return table


def _table(texts: Texts, name: str, *columns: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(texts.say(name), style="cyan", no_wrap=True)
    for column in columns:
        table.add_column(texts.say(f"bench.{column}"), justify="right")
    return table


def _p95(found: list[float]) -> float:
    return quantiles(found, n=20)[-1] if len(found) > 1 else found[0]
