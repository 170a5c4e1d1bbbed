"""Tables for the eye, made with rich."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sanso.agent.evidence import Choice
    from sanso.agent.reply import Reply

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


def reasons_table(reply: Reply, texts: Texts) -> RenderableType:
    """Return every place where the model had a choice, with how sure it was there."""
    evidence, program = reply.evidence, reply.program
    if evidence is None or program is None:
        return Text(texts.say("why.nothing"))
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("", justify="right", style="dim")
    table.add_column(texts.say("why.chosen"), style="cyan", overflow="fold")
    for key in ("why.probability", "why.margin", "why.mass"):
        table.add_column(texts.say(key), justify="right", no_wrap=True)
    table.add_column(texts.say("why.other"), style="dim", overflow="fold")
    for number, choice in enumerate(evidence.choices, 1):
        table.add_row(
            str(number),
            _piece(choice.piece, texts),
            Text(_percent(choice.probability), style=_style(choice.probability)),
            _percent(choice.margin),
            _percent(choice.legal_mass),
            _other(choice, texts),
        )
    sum_up = texts.say(
        "why.sum",
        program=program.render(),
        confidence=_percent(evidence.confidence),
        passes=evidence.passes,
        prompt=evidence.prompt_tokens,
        ms=f"{reply.milliseconds.get('decide', 0):.1f}",
    )
    if not evidence.choices:
        return Text(sum_up)
    return Group(Text(sum_up), table, Text(texts.say("why.legend"), style="dim"))


def _piece(text: str, texts: Texts) -> Text:
    """Return a token as it is, without what a terminal would obey."""
    if text == "(end)":
        return Text(texts.say("why.end"), style="italic")
    return Text("".join(char if char.isprintable() else "?" for char in text))


def _other(choice: Choice, texts: Texts) -> Text:
    """Return the runner-up; the same text in other tokens is none."""
    return _piece("" if choice.runner_up == choice.piece else choice.runner_up, texts)


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _style(probability: float) -> str:
    if probability < _UNSURE_BELOW:
        return "red"
    return "green" if probability >= _SURE_ABOVE else "yellow"
