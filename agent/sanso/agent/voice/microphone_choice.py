"""
Which sound device is meant: by its number, by a part of its name, or the default.

Strategy: pure, over a list. What is not clear is refused with the names that are near;
after an unplug the same device may have another number, and is known by its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from .errors import MicrophoneError

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT: Final = "default"
"""How the default device is called in messages."""

_NEAR: Final = 5
_NUMBERED: Final = " (hw:"
"""ALSA puts the number of the card behind the name: "USB PnP Audio: - (hw:1,0)"."""


@dataclass(frozen=True, slots=True)
class SoundDevice:
    """A device as the system lists it."""

    index: int
    name: str
    api: str
    """The system's interface to it, such as ALSA."""
    inputs: int
    """Channels that it records."""
    outputs: int
    """Channels that it plays."""
    rate: int
    """Its own rate, in samples a second."""
    default_input: bool = False
    default_output: bool = False

    @property
    def card(self) -> str:
        """Its name without the number that it has by chance."""
        return self.name.partition(_NUMBERED)[0]


def choose_input(
    wanted: str | int | None, devices: Sequence[SoundDevice]
) -> SoundDevice:
    """Return the one input that a number or a part of a name means; None is the default.

    Raises:
        MicrophoneError: there is none, or there are several.

    """
    inputs = [device for device in devices if device.inputs]
    if not inputs:
        msg = "there is no microphone; plug one in, and look with: sanso devices audio"
        raise MicrophoneError(msg, device=DEFAULT if wanted is None else str(wanted))
    if wanted is None:
        return next((one for one in inputs if one.default_input), inputs[0])
    if isinstance(wanted, int):
        return _numbered(wanted, inputs)
    return _named(wanted, inputs)


def choose_again(
    wanted: str | int | None, former: SoundDevice, devices: Sequence[SoundDevice]
) -> SoundDevice:
    """Return the device that was open before, now that devices may be numbered anew.

    Raises:
        MicrophoneError: it is not there.

    """
    if wanted is None:
        return choose_input(None, devices)
    inputs = [one for one in devices if one.inputs]
    known = [one for one in inputs if one.name == former.name]
    known += [one for one in inputs if one.card == former.card]
    if known:
        return known[0]
    return choose_input(former.name if isinstance(wanted, int) else wanted, devices)


def _numbered(wanted: int, inputs: Sequence[SoundDevice]) -> SoundDevice:
    for device in inputs:
        if device.index == wanted:
            return device
    msg = f"device {wanted} is no microphone; choose one from: sanso devices audio"
    raise MicrophoneError(msg, device=str(wanted))


def _named(wanted: str, inputs: Sequence[SoundDevice]) -> SoundDevice:
    """Prefer the whole name over a part; the same name under several APIs is one device."""
    text = wanted.casefold()
    found = [one for one in inputs if one.name.casefold() == text]
    found = found or [one for one in inputs if text in one.name.casefold()]
    names = list(dict.fromkeys(one.name for one in found))
    if len(names) == 1:
        return found[0]
    if names:
        msg = f"{wanted} may be {_listed(names)}; write more of the name, or its number"
        raise MicrophoneError(msg, device=wanted)
    every = list(dict.fromkeys(one.name for one in inputs))
    near = get_close_matches(wanted, every, n=_NEAR, cutoff=0.4)
    msg = f"there is no microphone {wanted}; there is {_listed(near or every)}"
    raise MicrophoneError(msg, device=wanted)


def _listed(names: Sequence[str]) -> str:
    more = f" (+{len(names) - _NEAR})" if len(names) > _NEAR else ""
    return ", ".join(names[:_NEAR]) + more
