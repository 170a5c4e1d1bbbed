"""What `sanso devices sniff` shows: a line for a frame, and a table of what was learned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from .tables import plain

if TYPE_CHECKING:
    from sanso.devices.serial.sniff import Draft, Heard, Seen

    from .texts import Texts

_ARROWS: Final = {"in": "<", "out": ">", "line": "|"}
_MOST_LISTED: Final = 10


def heard_line(heard: Heard, texts: Texts) -> Text:
    """Return one frame as a line; data points that are new stand behind it."""
    line = Text.assemble(
        (f"{_ARROWS[heard.direction]} ", "dim"),
        (heard.what, "cyan"),
        f"  {plain(heard.told)}",
    )
    if heard.new:
        places = ", ".join(_place(address) for address in heard.new)
        line.append(f"  {texts.say('sniff.new', places=places)}", style="bold green")
    return line


def learned_table(draft: Draft, texts: Texts, most: int | None = None) -> Table:
    """Return what was learned, a data point a row; at most so many, those of late last."""
    title = texts.say(
        "sniff.learned",
        protocol=draft.protocol or "?",
        product=draft.product or "?",
        number=sum(draft.frames.values()),
    )
    table = Table(box=SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left")
    for key in ("place", "type", "values", "reports", "changes", "written"):
        right = key in ("reports", "changes")
        table.add_column(
            texts.say(f"sniff.{key}"), justify="right" if right else "left"
        )
    for address, seen in list(draft.seen.items())[-most if most else 0 :]:
        table.add_row(
            _place(address),
            "/".join(seen.types),
            Text(plain(_values(seen))),
            str(seen.reports),
            str(seen.changes),
            " ".join(map(str, sorted(seen.written)[:_MOST_LISTED])),
        )
    return table


def _place(address: int | tuple[int, int]) -> str:
    return str(address) if isinstance(address, int) else f"{address[0]} {address[1]}"


def _values(seen: Seen) -> str:
    numbers = sorted(seen.numbers)
    if len(numbers) > _MOST_LISTED:
        return f"{seen.low} … {seen.high}"
    return " ".join([*map(str, numbers), *seen.texts[:3]])
