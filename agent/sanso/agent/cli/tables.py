"""Tables for the eye, made with rich."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .texts import Texts

_UNSURE_BELOW: Final = 0.5
_SURE_ABOVE: Final = 0.9


def print_lean(console: Console, shown: RenderableType) -> None:
    """Print without the blanks that fill the lines of a table up to its width."""
    with console.capture() as capture:
        console.print(shown)
    lines = capture.get().splitlines()
    console.file.write("\n".join([*(line.rstrip() for line in lines), ""]))
    console.file.flush()


def rows_table(rows: Iterable[tuple[str, str]]) -> Table:
    """Return names and values in two columns."""
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for left, right in rows:
        table.add_row(Text(left), Text(right))
    return table


def choices_table(choices: list[dict[str, Any]], texts: Texts) -> Table:
    """Return the choices of a program, one a row; each as `Choice.as_json` gives it."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("", justify="right", style="dim")
    table.add_column(texts.say("why.chosen"), style="cyan", overflow="fold")
    for key in ("why.probability", "why.margin", "why.mass"):
        table.add_column(texts.say(key), justify="right", no_wrap=True)
    table.add_column(texts.say("why.other"), style="dim", overflow="fold")
    for number, choice in enumerate(choices, 1):
        table.add_row(
            str(number),
            _piece(choice["piece"], texts),
            Text(percent(choice["probability"]), style=_style(choice["probability"])),
            percent(choice["margin"]),
            percent(choice["legal_mass"]),
            _others(choice, texts),
        )
    return table


def plain(text: str) -> str:
    """Return a text without what a terminal would obey."""
    return "".join(char if char.isprintable() else "?" for char in text)


def percent(share: float) -> str:
    """Return a share as it is shown everywhere."""
    return f"{share:.1%}"


def _piece(text: str, texts: Texts) -> Text:
    if text == "(end)":
        return Text(texts.say("why.end"), style="italic")
    return Text(plain(text))


def _others(choice: dict[str, Any], texts: Texts) -> Text:
    """Return the likeliest other token; the same text in other tokens is none."""
    others = [piece for piece, _ in choice["others"] if piece != choice["piece"]]
    return _piece(others[0], texts) if others else Text("")


def _style(probability: float) -> str:
    if probability < _UNSURE_BELOW:
        return "red"
    return "green" if probability >= _SURE_ABOVE else "yellow"
