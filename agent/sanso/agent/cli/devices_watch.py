"""`sanso devices watch`: what a purifier reports, live."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanso.devices import open_purifier

from .options import AsJson
from .status import state_rows

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sanso.devices import Purifier

    from .texts import Texts

_PERIOD_SECONDS = 0.5


def watch(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL")],
    seconds: Annotated[float, typer.Option()] = 0.0,
    *,
    as_json: AsJson = False,
) -> None:
    """Show state, ages, link quality and counters until it is stopped."""
    texts: Texts = context.obj
    purifier = open_purifier(url)
    try:
        _watch(purifier, texts, seconds, as_json=as_json)
    except KeyboardInterrupt:
        pass
    finally:
        purifier.close()


def _watch(purifier: Purifier, texts: Texts, seconds: float, *, as_json: bool) -> None:
    from rich.console import Console  # rich takes time to import
    from rich.live import Live

    from .terminal import write_json

    end = time.monotonic() + seconds if seconds else None
    console = Console(highlight=False)
    if as_json or not console.is_terminal:
        while True:
            write_json(seen(purifier))
            if end is not None and time.monotonic() >= end:
                return
            time.sleep(1.0)
    with Live(_shown(purifier, texts), console=console, auto_refresh=False) as live:
        while end is None or time.monotonic() < end:
            live.update(_shown(purifier, texts), refresh=True)
            time.sleep(_PERIOD_SECONDS)


def seen(purifier: Purifier) -> dict[str, Any]:
    """Return everything that is known of a purifier and its line, as JSON can hold it."""
    state = purifier.state()
    found: dict[str, Any] = {
        "online": state.online,
        "age_seconds": round(state.age_seconds, 1),
        "settings": state.settings(),
        "readings": {
            name: r.value if r.missing is None else r.missing.value
            for name, r in state.readings.items()
        },
        "filter_percent": state.filter_percent,
        "faults": sorted(state.faults),
    }
    session = getattr(purifier, "session", purifier)
    known = getattr(session, "known", None)
    if known:
        now = time.monotonic()
        found["reported"] = {
            name: {
                "number": one.number,
                "age_seconds": round(now - one.at, 1),
                "source": one.source,
            }
            for name, one in dict(known).items()
        }
    if why := getattr(getattr(purifier, "driver", None), "why_lost", ""):
        found["why_lost"] = why
    for name in ("link", "counters", "notes"):
        part = getattr(session, name, None)
        if part is not None:
            found[name] = (
                part.as_dict()
                if hasattr(part, "as_dict")
                else getattr(part, "lines", part)
            )
    return found


def _shown(purifier: Purifier, texts: Texts) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from .tables import rows_table

    found = seen(purifier)
    age = texts.say("watch.age", seconds=f"{found['age_seconds']:.0f}")
    rows = [*state_rows(purifier.state(), (), texts), (texts.say("watch.report"), age)]
    if "link" in found:
        rows.append((texts.say("watch.link"), texts.say(f"watch.link.{found['link']}")))
    counts = [(k, n) for k, n in found.get("counters", {}).items() if n]
    if counts:
        line = ", ".join(f"{name} {number}" for name, number in counts)
        rows.append((texts.say("watch.counters"), line))
    notes = [Text(f"! {note}", style="yellow") for note in found.get("notes", [])]
    return Group(rows_table(rows), *notes)
