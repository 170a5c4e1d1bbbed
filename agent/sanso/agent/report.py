"""What a purifier says of itself, also where it cannot be reached: then that it is not online."""

from __future__ import annotations

from sanso.devices import DeviceError, Purifier, State


def reported(purifier: Purifier) -> State:
    """What the purifier reports; where there can be no report, that it is not online."""
    try:
        return purifier.state()
    except DeviceError:
        return State(online=False)


def looked(purifier: Purifier) -> State:
    """What the purifier says when it is asked now, where it can be asked: an answer about it is never an old one."""
    look = getattr(purifier, "look", None)
    try:
        return purifier.state() if look is None else look()
    except DeviceError:
        return State(online=False)
