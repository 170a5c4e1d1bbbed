"""The public surface of the folder."""

from __future__ import annotations

from inspect import getmembers, isclass

from sanso import devices
from sanso.devices import errors
from sanso.grammars import SansoError


def test_exports_are_sorted_and_there() -> None:
    """`__all__` is sorted, constants first, and every name of it exists."""
    names = devices.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(devices, name) for name in names)
    assert all(getattr(devices, name) is not None for name in names)


def test_errors_have_one_root() -> None:
    """Every error of the folder is a SansoError, and is public."""
    raised = [
        (name, kind)
        for name, kind in getmembers(errors, isclass)
        if issubclass(kind, Exception) and kind.__module__ == errors.__name__
    ]
    assert len(raised) == 6
    for name, kind in raised:
        assert issubclass(kind, devices.DeviceError)
        assert issubclass(kind, SansoError)
        assert name in devices.__all__
