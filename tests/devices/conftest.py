"""Shared by the tests of the simulated purifier."""

from __future__ import annotations

import pytest

from sanso.devices import ScriptedClock


@pytest.fixture
def clock() -> ScriptedClock:
    """Give a clock that stands still until the test advances it."""
    return ScriptedClock()
