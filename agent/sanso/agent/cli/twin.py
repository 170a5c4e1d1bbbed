"""`sanso twin`: a purifier's controller on a pseudo-terminal, to try a serial line without hardware."""

from __future__ import annotations

import os
import select
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sanso.agent.errors import UsageError
from sanso.devices import Fault, RealClock, load_profile
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.faults import Faults, read_faults
from sanso.devices.twin.pty_port import PtyPort
from sanso.devices.twin.runner import TWINS, Runner, make_twin

from .status import state_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sanso.devices.appliance import Button

    from .texts import Texts

_BUTTONS: Final[dict[str, Button]] = {
    "p": "power",
    "f": "fan",
    "m": "mode",
    "l": "light",
    "c": "child_lock",
}
_FAULTS: Final = {
    "1": "drop=0.1",
    "2": "corrupt=0.1",
    "3": "tear=0.1",
    "4": "delay_ms=400",
    "5": "duplicate=0.2",
    "6": "bad_sum=0.1",
    "7": "ignore_set=1",
    "8": "clamp_set=2",
    "9": "slow_ms=900",
    "b": "burst=0.3",
    "x": "mute",
}
"""Keys that switch a fault on, and off again."""


def twin(
    context: typer.Context,
    protocol: Annotated[str, typer.Argument(metavar="tuya|miot|modbus")],
    pty: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
    profile: Annotated[str, typer.Option(metavar="NAME")] = "",
    fault: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE")
    ] = None,
    seed: Annotated[int, typer.Option()] = 0,
    seconds: Annotated[float, typer.Option()] = 0.0,
    *,
    paced: Annotated[bool, typer.Option("--paced")] = False,
) -> None:
    """Play the controller of a purifier on a pseudo-terminal until it is stopped."""
    texts: Texts = context.obj
    if protocol not in TWINS:
        raise UsageError(
            texts.say("twin.protocol", name=protocol, known=", ".join(TWINS))
        )
    known = load_profile(profile or TWINS[protocol][1])
    if known.protocol != protocol:
        raise UsageError(texts.say("twin.profile", name=known.id, protocol=protocol))
    controller = Controller.open(
        known, RealClock(), _settings(set_ or [], texts), seed=seed
    )
    controller.faults = read_faults(fault or [])
    port = PtyPort(pty, paced_baud=known.baud if paced else 0)
    runner = Runner(make_twin(controller, _tell), port, seed=seed)
    typer.echo(texts.say("twin.open", path=pty or port.name, profile=known.id))
    where = f"serial:{pty or port.name}?profile={profile or known.id}"
    typer.echo(texts.say("twin.try", url=where))
    keys = sys.stdin.isatty()
    if keys:
        typer.echo(texts.say("twin.keys"))
    try:
        with _single_keys():
            _run(runner, texts, seconds, keys=keys)
    except KeyboardInterrupt:
        pass
    finally:
        runner.close()
    spoiled = ", ".join(f"{n} {k}" for k, n in controller.line.spoiled.items())
    typer.echo(texts.say("twin.end", spoiled=spoiled or "0"))


def _run(runner: Runner, texts: Texts, seconds: float, *, keys: bool) -> None:
    end = time.monotonic() + seconds if seconds else None
    shown = ""
    while end is None or time.monotonic() < end:
        runner.step()
        if (
            keys
            and select.select([sys.stdin], [], [], 0)[0]
            and not _key(
                os.read(sys.stdin.fileno(), 1).decode("ascii", "replace"), runner, texts
            )
        ):
            return
        line = state_line(runner.twin.controller.purifier.state(), (), texts)
        if line != shown:
            shown = line
            typer.echo(f"  {line}")


def _key(key: str, runner: Runner, texts: Texts) -> bool:
    """Do what a key stands for; False for the one that ends it."""
    controller = runner.twin.controller
    if key == "q":
        return False
    if key in _BUTTONS:
        pressed = controller.press(_BUTTONS[key])
        state = "twin.pressed" if pressed else "twin.locked"
        typer.echo(texts.say(state, button=_BUTTONS[key]))
    elif key in _FAULTS:
        wanted = read_faults([_FAULTS[key]])
        name = _FAULTS[key].partition("=")[0]
        on = getattr(controller.faults, name) == getattr(Faults(), name)
        source = wanted if on else Faults()
        changes = {**controller.faults.__dict__, name: getattr(source, name)}
        controller.faults = Faults(**changes)
        typer.echo(f"  {_FAULTS[key] if on else name + ' -'}")
    elif key == "d":
        door = Fault.DOOR_OPEN
        purifier = controller.purifier
        is_open = door in purifier.state().faults
        (purifier.mend if is_open else purifier.break_down)(door)
        typer.echo(texts.say("twin.closed" if is_open else "twin.door"))
    elif key == "?":
        typer.echo(texts.say("twin.keys"))
    elif key == "0":
        controller.faults = Faults()
        typer.echo(texts.say("twin.healthy"))
    elif key == "r":
        runner.twin.restart()
    elif key == "u":
        if runner.port.plugged:
            runner.port.unplug()
        else:
            runner.port.plug()
        typer.echo(
            texts.say("twin.plugged" if runner.port.plugged else "twin.unplugged")
        )
    return True


def _tell(line: str) -> None:
    typer.echo(f"< {line}")


def _settings(texts_: list[str], texts: Texts) -> dict[str, object]:
    found: dict[str, object] = {}
    for text in texts_:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(texts.say("twin.set", text=text))
        found[name] = value
    return found


@contextmanager
def _single_keys() -> Iterator[None]:
    """Let a key be read as soon as it is pressed, where there is a terminal."""
    if not sys.stdin.isatty():
        yield
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
