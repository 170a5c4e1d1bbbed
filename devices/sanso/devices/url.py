"""Open a purifier by its URL: `sim:?profile=sim-basic&speed=60`, `serial:/dev/ttyUSB0?profile=kj-standard`.

Strategy: the kind before the colon chooses an opener from a table; each opener reads
its own options and refuses what it does not know.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from .clock import AcceleratedClock, RealClock
from .errors import (
    DeviceError,
    LinkLost,
    NoAnswer,
    PortError,
    ProfileError,
    UnknownDevice,
)
from .events import EVENTS, Window, make_event
from .names import hint
from .room import Room, RoomParameters
from .settings import SETTINGS
from .simulated import SimulatedPurifier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .clock import Clock
    from .purifier import Purifier


# Wide, yet narrow enough that no time or concentration leaves all bounds.
SPEEDS: Final = (0.001, 100_000.0)
VOLUMES_M3: Final = (1.0, 100_000.0)
EVENT_MINUTES: Final = (0.01, 1e6)
MOST_PEOPLE: Final = 1000
HIGHEST_SEED: Final = 999_999_999


@dataclass(frozen=True)
class Kind:
    """A kind of device URL."""

    summary: str
    example: str
    options: Mapping[str, str]
    """What each option means."""
    open: Callable[[str, Clock | None], Purifier]
    """Takes the URL's part behind the colon."""


def open_purifier(url: str, *, clock: Clock | None = None) -> Purifier:
    """Open the purifier that a URL names; a simulated one runs by `clock`.

    Raises:
        UnknownDevice: no such kind, option or value; one line with cause and cure.
        ProfileError: no such profile, or a wrong one.

    """
    name, colon, rest = url.partition(":")
    kind = KINDS.get(name)
    if kind is None and url.startswith(("/", "COM", "socket:")):
        msg = f"{url!r} lacks its kind; write serial:{url}"
        raise UnknownDevice(msg, url=url)
    if kind is None or not colon:
        lacking = f"there is no kind of device {name!r}; {hint(name, KINDS)}"
        msg = f"{name!r} lacks its colon; write {name}:" if kind else lacking
        raise UnknownDevice(msg, url=url)
    try:
        return kind.open(rest, clock)
    except (ProfileError, LinkLost, NoAnswer, PortError):
        raise
    except DeviceError as error:
        msg = str(error) if str(error).startswith(url) else f"{url}: {error}"
        raise UnknownDevice(msg, url=url) from None


def _open_simulated(rest: str, clock: Clock | None) -> Purifier:
    options = _options(rest, _SIM_OPTIONS)
    settings = {name: v for name, (*_, v) in options.items() if name in SETTINGS}
    single = {name: values[-1] for name, values in options.items()}
    base = RealClock() if clock is None else clock
    if "speed" in single:
        base = AcceleratedClock(_number("speed", single["speed"], *SPEEDS), base)
    parameters = RoomParameters()
    if "volume" in single:
        volume = _number("volume", single["volume"], *VOLUMES_M3)
        parameters = replace(parameters, volume_m3=volume)
    if "people" in single:
        parameters = replace(
            parameters, people=_whole("people", single["people"], MOST_PEOPLE)
        )
    if "window" in single:
        parameters = replace(parameters, window=_window(single["window"]))
    room = Room(parameters, at=base.now())
    for text in options.get("event", ()):
        name, _, minutes = text.partition(":")
        usual = _number("event", minutes, *EVENT_MINUTES) if minutes else None
        room.add(make_event(name, at=room.time, minutes=usual))
    return SimulatedPurifier.from_settings(
        settings,
        clock=base,
        seed=_whole("seed", single.get("seed", "0"), HIGHEST_SEED),
        profile=single.get("profile", "sim"),
        noisy=True,
        room=room,
    )


def _open_serial(rest: str, clock: Clock | None) -> Purifier:
    from .serial.opening import open_serial  # serial ports are an extra

    port, mark, text = rest.partition("?")
    options = _options(mark + text, SERIAL_OPTIONS)
    return open_serial(port, {name: v[-1] for name, v in options.items()}, clock)


def _options(rest: str, known: Mapping[str, str]) -> dict[str, list[str]]:
    """Read `?name=value&...`; every value of a name, in order."""
    if rest and not rest.startswith("?"):
        msg = f"{rest!r} is no list of options; write sim:?name=value&name=value"
        raise DeviceError(msg)
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(rest[1:], keep_blank_values=True):
        if name not in known:
            msg = f"there is no option {name!r}; {hint(name, known)}"
            raise DeviceError(msg)
        found.setdefault(name, []).append(value)
    return found


def _window(text: str) -> Window:
    if text not in set(Window):
        msg = f"there is no window {text!r}; {hint(text, Window)}"
        raise DeviceError(msg)
    return Window(text)


def _whole(name: str, text: str, high: int) -> int:
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(high))
    if not digits or int(text) > high:
        msg = f"{name} is a whole number up to {high}, not {text!r}"
        raise DeviceError(msg)
    return int(text)


def _number(name: str, text: str, low: float, high: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        msg = f"{name} is a number from {low:g} to {high:g}, not {text!r}"
        raise DeviceError(msg)
    return number


_SIM_OPTIONS: Final[Mapping[str, str]] = {
    "profile": "the product: the name of a profile, or the path of a .toml file",
    "seed": "a whole number: another one gives other sensor noise",
    "speed": "how fast time runs: 60 makes a minute of a second",
    "event": f"{', '.join(EVENTS)}; name:minutes for another time; may be repeated",
    "window": ", ".join(Window),
    "people": "how many are in the room",
    "volume": "of the room, in m3",
    **dict.fromkeys(SETTINGS, "how it stands at the start, e.g. fan=3 or pm25=80"),
}

SERIAL_OPTIONS: Final[Mapping[str, str]] = {
    "profile": "the product: the name of a profile, or the path of a .toml file; kj-standard if it is left out",
    "baud": "another rate than the profile's",
}

KINDS: Final[Mapping[str, Kind]] = {
    "sim": Kind(
        summary="a simulated purifier in a simulated room",
        example="sim:?profile=sim-basic&speed=60&event=frying",
        options=_SIM_OPTIONS,
        open=_open_simulated,
    ),
    "serial": Kind(
        summary="a real purifier, or a twin, on a serial port",
        example="serial:/dev/ttyUSB0?profile=kj-standard",
        options=SERIAL_OPTIONS,
        open=_open_serial,
    ),
}
"""Kinds of device URL that can be opened."""
