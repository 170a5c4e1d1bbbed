"""The sound devices of this machine as a list, for `sanso devices audio`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sanso.agent.voice.microphone_portaudio import RATES
from sanso.agent.voice.parts import RATE

from .tables import plain, print_lean
from .terminal import write_json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sanso.agent.voice.microphone_choice import SoundDevice
    from sanso.agent.voice.microphone_portaudio import PortAudio

    from .texts import Texts


def list_audio(
    devices: list[SoundDevice], sound: PortAudio, texts: Texts, *, as_json: bool
) -> None:
    """Print inputs and outputs, each with the rates that it takes, the defaults marked."""
    if as_json:
        write_json([_described(one, sound) for one in devices])
        return
    console = Console(highlight=False)
    for output in (False, True):
        title = texts.say("audio.outputs" if output else "audio.inputs")
        used = [one for one in devices if (one.outputs if output else one.inputs)]
        console.print(Text(title, style="bold"))
        print_lean(console, _table(used, sound, texts, output=output))


def device_grid() -> Table:
    """Return an empty table with a device's number and name in front."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="cyan")
    table.add_column(overflow="fold")
    return table


def _table(
    devices: list[SoundDevice], sound: PortAudio, texts: Texts, *, output: bool
) -> RenderableType:
    if not devices:
        return Padding(Text(texts.say("audio.none")), (0, 0, 1, 2), expand=False)
    table = device_grid()
    for one in devices:
        default = one.default_output if output else one.default_input
        rates = " ".join(map(str, _rates(one, sound, output=output))) or "-"
        table.add_row(
            str(one.index),
            Text(plain(one.name), style="bold" if default else ""),
            texts.say("audio.default") if default else "",
            one.api,
            texts.say("audio.channels", number=one.outputs if output else one.inputs),
            texts.say("audio.rates", rates=rates),
        )
    return Padding(table, (0, 0, 1, 2), expand=False)


def _rates(device: SoundDevice, sound: PortAudio, *, output: bool) -> list[int]:
    """Return the usual rates that a device takes: none of a device that is in use."""
    rates = sorted({RATE, *RATES, device.rate})
    return [rate for rate in rates if sound.takes(device, rate, output=output)]


def _described(device: SoundDevice, sound: PortAudio) -> dict[str, Any]:
    found = asdict(device)
    for key, output in (("input_rates", False), ("output_rates", True)):
        used = device.outputs if output else device.inputs
        found[key] = _rates(device, sound, output=output) if used else []
    return found
