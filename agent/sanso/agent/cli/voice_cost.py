"""`sanso voice cost`: how long each size of Whisper takes on this machine."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sanso.agent.errors import UsageError
from sanso.agent.voice.transcribe_cost import THREADS, TOKENS, Cost, measure_costs
from sanso.agent.voice.transcribe_random import SHAPES

from .options import AsJson
from .terminal import write_dim, write_json

if TYPE_CHECKING:
    from .texts import Texts

_ROUNDS: Final = 20


def cost(
    context: typer.Context,
    shapes: Annotated[str, typer.Option(metavar="SIZES")] = ",".join(SHAPES),
    threads: Annotated[str, typer.Option(metavar="NUMBERS")] = ",".join(
        map(str, THREADS)
    ),
    rounds: Annotated[int, typer.Option(metavar="NUMBER", min=1)] = _ROUNDS,
    *,
    as_json: AsJson = False,
) -> None:
    """Time models with random weights, in every shape."""
    texts: Texts = context.obj
    rows = measure_costs(
        {name: SHAPES[name] for name in _names(shapes, texts)},
        threads=_numbers(threads, texts),
        rounds=rounds,
        report=lambda name: (
            None if as_json else write_dim(texts.say("cost.timing", name=name))
        ),
    )
    if as_json:
        write_json([asdict(row) for row in rows])
    else:
        _show(rows, texts)


def _names(given: str, texts: Texts) -> list[str]:
    names = [name.strip() for name in given.split(",")]
    for name in names:
        if name not in SHAPES:
            known = ", ".join(SHAPES)
            raise UsageError(texts.say("cost.shape", name=name, known=known))
    return names


def _numbers(given: str, texts: Texts) -> list[int]:
    words = [word.strip() for word in given.split(",")]
    if not all(word.isdecimal() and int(word) for word in words):
        raise UsageError(texts.say("cost.threads", given=given))
    return [int(word) for word in words]


def _show(rows: list[Cost], texts: Texts) -> None:
    from rich.box import SIMPLE_HEAD  # rich takes time to import
    from rich.console import Console
    from rich.table import Table

    from .tables import print_lean

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(texts.say("voice.model"), style="cyan", no_wrap=True)
    for key in ("threads", "window", "encode", "ratio", "decode", "ratio"):
        head = texts.say(f"cost.head.{key}", tokens=TOKENS)
        table.add_column(head, justify="right")
    cells: dict[tuple[str, int, float], list[str]] = {}
    for row in rows:
        times = f"{row.p50 * 1000:.1f} / {row.p95 * 1000:.1f}"
        place = (row.shape, row.threads, row.window)
        cells.setdefault(place, []).extend((times, f"{row.ratio:.2f}"))
    for (shape, threads, window), shown in cells.items():
        table.add_row(shape, str(threads), f"{window:g} s", *shown)
    print_lean(Console(highlight=False), table)
    typer.echo(texts.say("cost.legend"))
