"""What a bad line and a bad appliance do, as numbers.

Strategy: faults of the line fall on whole frames, in either direction, drawn with a seeded
generator; faults of the appliance are looked at by the controller. All may be changed
while it runs.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

from sanso.devices.errors import DeviceError
from sanso.devices.names import hint

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Faults:
    """Shares are of frames, 0 to 1."""

    drop: float = 0.0
    corrupt: float = 0.0
    """One byte of the frame becomes another."""
    tear: float = 0.0
    """The frame ends early."""
    duplicate: float = 0.0
    """A frame from the appliance comes twice."""
    bad_sum: float = 0.0
    """The last byte of a frame from the appliance is wrong."""
    delay_ms: float = 0.0
    """Of everything that the appliance sends."""
    burst: float = 0.0
    """A frame from the appliance is followed by a report of everything."""
    restart_seconds: float = 0.0
    """Mean time between restarts of the controller; 0 for never."""
    mute: bool = False
    """It takes everything in and says nothing."""
    ignore_set: float = 0.0
    """Share of the writes that it does not carry out."""
    clamp_set: int = 0
    """Fan levels above this one become this one; 0 for none."""
    slow_ms: float = 0.0
    """From a write to its effect and report."""


SHARES: Final = (
    *("drop", "corrupt", "tear", "duplicate"),
    *("bad_sum", "burst", "ignore_set"),
)


_SWITCH: Final = {"1": True, "on": True, "0": False, "off": False}


def read_faults(texts: list[str], base: Faults | None = None) -> Faults:
    """Read `drop=0.05`, `mute`, `slow_ms=800`; later ones win.

    Raises:
        DeviceError: no such fault, or no such value; one line that names it.

    """
    names = {f.name: f.type for f in fields(Faults)}
    changes: dict[str, object] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.replace("-", "_")
        if name not in names:
            msg = f"there is no fault {name!r}; {hint(name, names)}"
            raise DeviceError(msg)
        changes[name] = _value(name, value if equals else "1")
    return replace(base or Faults(), **changes)  # type: ignore[arg-type]


def _value(name: str, text: str) -> object:
    if name == "mute":
        if text not in _SWITCH:
            msg = f"mute is on or off, not {text!r}"
            raise DeviceError(msg)
        return _SWITCH[text]
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    most = 1.0 if name in SHARES else 1e6
    if not 0 <= number <= most:
        msg = f"{name} is a number from 0 to {most:g}, not {text!r}"
        raise DeviceError(msg)
    return int(number) if name == "clamp_set" else number


class FaultyLine:
    """Spoil frames on their way."""

    def __init__(self, faults: Callable[[], Faults], seed: int = 0) -> None:
        """Ask `faults` for the present ones at each frame."""
        self._faults = faults
        self._rng = random.Random(seed)
        self.spoiled: dict[str, int] = {}
        """How many frames met which fault."""

    def passes(self, frame: bytes, *, outward: bool) -> list[bytes]:
        """Return what arrives of a frame; `outward` is from the appliance to the host."""
        faults = self._faults()
        if outward and faults.mute:
            return []
        if self._strikes("drop", faults.drop):
            return []
        if self._strikes("corrupt", faults.corrupt):
            frame = self._altered(frame, self._rng.randrange(len(frame)))
        if self._strikes("tear", faults.tear):
            frame = frame[: self._rng.randrange(1, len(frame))] if frame[1:] else b""
        if outward and self._strikes("bad_sum", faults.bad_sum):
            frame = self._altered(frame, len(frame) - 1)
        if outward and self._strikes("duplicate", faults.duplicate):
            return [frame, frame]
        return [frame] if frame else []

    def strikes(self, name: str, share: float) -> bool:
        """Draw whether a fault of this share happens now, and count it."""
        return self._strikes(name, share)

    def _strikes(self, name: str, share: float) -> bool:
        if share <= 0 or self._rng.random() >= share:
            return False
        self.spoiled[name] = self.spoiled.get(name, 0) + 1
        return True

    def _altered(self, frame: bytes, at: int) -> bytes:
        if not frame:
            return frame
        other = (frame[at] + self._rng.randrange(1, 256)) % 256
        return frame[:at] + bytes((other,)) + frame[at + 1 :]
