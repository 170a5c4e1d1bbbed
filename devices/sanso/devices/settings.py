"""A purifier's state as a person writes it: {"fan": 3, "light": "off", "pm25": 80}.

Strategy: one table from name to reader; the same names serve evaluation cases, device
URLs and tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from sanso.grammars.calls import Option

from .errors import DeviceError
from .names import hint
from .purifier import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .profile import Profile, Start

SETTINGS: Final = (
    *("power", "mode", "fan", "light", "filter"),
    *get_args(Option),
    *UNITS,
)
"""Everything that can be written down."""

_ON_OFF: Final = {"on": True, "off": False, True: True, False: False}


def read_settings(
    settings: Mapping[str, object], profile: Profile
) -> tuple[Start, dict[str, float]]:
    """Read how a purifier stands and what its air is like, by metric.

    What is not written is as the profile's start says; a fan level alone means the
    manual mode. Numbers may be text; power and options are `on` and `off`, or booleans.

    Raises:
        DeviceError: a name or value that does not exist; one line that names it.

    """
    features = profile.capabilities
    changes: dict[str, object] = {"mode": "manual"} if "fan" in settings else {}
    options = {str(name): on for name, on in profile.start.options.items()}
    values: dict[str, float] = {}
    for name, value in settings.items():
        if name == "power":
            changes[name] = _on_off(name, value)
        elif name == "mode":
            changes[name] = _word(name, value, features.modes)
        elif name == "fan":
            changes[name] = _level(value, features.fan_levels)
        elif name == "light":
            changes[name] = _word(name, value, features.lights)
        elif name == "filter":
            changes["filter_percent"] = _number(name, value, 0, 100)
        elif name in get_args(Option):
            _word("option", name, features.options)
            options[name] = _on_off(name, value)
        elif name in UNITS:
            low = -50.0 if name == "temperature" else 0.0
            values[name] = _number(name, value, low, 100_000)
        else:
            msg = f"there is no setting {name!r}; {hint(name, SETTINGS)}"
            raise DeviceError(msg)
    changes["options"] = options
    return profile.start.model_copy(update=changes), values


def _on_off(name: str, value: object) -> bool:
    if isinstance(value, str | bool) and value in _ON_OFF:
        return _ON_OFF[value]
    msg = f"{name} is on or off, not {value!r}"
    raise DeviceError(msg)


def _word(name: str, value: object, known: Iterable[str]) -> str:
    choices = set(known)
    if isinstance(value, str) and value in choices:
        return value
    msg = f"this purifier has no {name} {value!r}; {hint(str(value), choices)}"
    raise DeviceError(msg)


def _level(value: object, levels: int) -> int:
    number = _number("fan", value, 1, levels)
    if number != int(number):
        msg = f"fan is a whole number from 1 to {levels}, not {value!r}"
        raise DeviceError(msg)
    return int(number)


def _number(name: str, value: object, low: float, high: float) -> float:
    number = None
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            number = float(value)
        except ValueError:
            number = None
    if number is None or not low <= number <= high:
        msg = f"{name} is a number from {low:g} to {high:g}, not {value!r}"
        raise DeviceError(msg)
    return number
