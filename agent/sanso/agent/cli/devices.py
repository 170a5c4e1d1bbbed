"""`sanso devices`: which purifiers can be opened, and what each can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from sanso.agent.wording.tongue import TONGUES
from sanso.devices import (
    EVENTS,
    KINDS,
    SETTINGS,
    Profile,
    Window,
    load_profile,
    profile_names,
)
from sanso.devices.purifier import UNITS

from .devices_audio import audio
from .devices_check import check
from .devices_sniff import sniff
from .devices_watch import watch
from .tables import print_lean, rows_table

if TYPE_CHECKING:
    from collections.abc import Collection

    from sanso.devices.url import Kind

    from .texts import Texts

_LISTS: Final = {"events": ", ".join(EVENTS), "windows": ", ".join(Window)}


devices = typer.Typer(add_completion=False)
devices.command("watch")(watch)
devices.command("check")(check)
devices.command("sniff")(sniff)
devices.command("audio")(audio)


@devices.callback(invoke_without_command=True)
def listed(context: typer.Context) -> None:
    """List the kinds of device URLs, and the profiles."""
    if context.invoked_subcommand is not None:
        return
    texts: Texts = context.obj
    console = Console(highlight=False)
    for name, kind in KINDS.items():
        summary = texts.find(f"device.{name}") or kind.summary
        console.print(Text.assemble((f"{name}:", "bold"), f"  {summary}"))
        rows = rows_table(kind_rows(name, kind, texts))
        print_lean(console, Padding(rows, (0, 0, 1, 2), expand=False))
    console.print(Text(texts.say("devices.profiles"), style="bold"))
    for name in profile_names():
        console.print(Padding(Text(name, style="bold"), (0, 0, 0, 2), expand=False))
        rows = rows_table(profile_rows(load_profile(name), texts))
        print_lean(console, Padding(rows, (0, 0, 1, 4), expand=False))


def kind_rows(name: str, kind: Kind, texts: Texts) -> list[tuple[str, str]]:
    """Return an example of a kind of URL, and its options; settings share one row."""
    rows = [(texts.say("devices.example"), kind.example)]
    for option, told in kind.options.items():
        if option not in SETTINGS:
            known = texts.find(f"device.{name}.{option}")
            rows.append((option, known.format_map(_LISTS) if known else told))
    settings = [option for option in kind.options if option in SETTINGS]
    if settings:
        told = texts.say("devices.settings", names=", ".join(settings))
        rows.append((texts.say("devices.start"), told))
    return rows


def profile_rows(profile: Profile, texts: Texts) -> list[tuple[str, str]]:
    """Return what a product can do, in the words of the agent's answers."""
    has = profile.make_capabilities()
    tongue = TONGUES[texts.lang]
    rows = [(texts.say("row.fan"), texts.say("devices.levels", number=has.fan_levels))]

    def add(key: str, kind: str, words: Collection[str]) -> None:
        order = [n.partition(".")[2] for n in tongue.names if n.startswith(f"{kind}.")]
        names = [tongue.label(kind, word) for word in order if word in words]
        if names:
            rows.append((texts.say(key), ", ".join(names)))

    add("row.modes", "mode", has.modes)
    add("row.options", "option", has.options)
    lights = [texts.say(f"light.{word}") for word in ("on", "dim", "off")]
    if "dim" not in has.lights:
        lights.pop(1)
    if has.lights:
        rows.append((texts.say("row.light"), ", ".join(lights)))
    add("row.sensors", "metric", [m for m in UNITS if m in has.metrics])
    key = "devices.reset" if has.filter_reset else "devices.no_reset"
    rows.append((texts.say("row.filter"), texts.say(key)))
    if has.off_timer_minutes:
        minutes = ", ".join(tongue.duration(m) for m in has.off_timer_minutes)
        rows.append((texts.say("row.timer"), minutes))
    if profile.protocol is not None:
        rows.append((texts.say("devices.protocol"), profile.protocol))
    return rows
