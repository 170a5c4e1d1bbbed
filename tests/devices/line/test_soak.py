"""A long time on one line: nothing grows, nothing is left behind.

`SANSO_SOAK_MINUTES` sets how long, on the clock of the appliance, which runs 20 times as fast; a long run takes 60 and is
measured by itself.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import threading
import time
from typing import TYPE_CHECKING

from sanso.devices import AcceleratedClock, RealClock, load_profile
from sanso.devices.serial.link import SerialLink
from sanso.devices.serial.opening import make_session
from sanso.devices.serial.purifier import SerialPurifier
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.faults import Faults
from sanso.devices.twin.pty_port import PtyPort
from sanso.devices.twin.runner import Runner, make_twin
from sanso.grammars import SetFanLevel, SetMode, SetPower

if TYPE_CHECKING:
    from pathlib import Path

MINUTES = float(os.environ.get("SANSO_SOAK_MINUTES", "1"))
FACTOR = 20


def resident_megabytes() -> float:
    """Return the memory of this process that is in use."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no path is made
        pages = int(file.read().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_an_hour_leaves_nothing_behind(tmp_path: Path) -> None:
    """With both ends at 20 times the speed, memory stays flat and no thread or descriptor is left."""
    threads = threading.active_count()
    clock = AcceleratedClock(FACTOR)
    profile = load_profile("kj-standard")
    controller = Controller.open(profile, clock, {"fan": 2}, seed=5)
    controller.faults = Faults(drop=0.02, corrupt=0.01, restart_seconds=600)
    begun = time.monotonic()

    def monotonic() -> float:
        return (time.monotonic() - begun) * FACTOR

    path = tmp_path / "purifier"
    with Runner(make_twin(controller), PtyPort(path)):
        session = make_session(profile, clock, monotonic())
        purifier = SerialPurifier(
            session,
            lambda: SerialLink(str(path), profile.baud),
            clock=RealClock(),
            monotonic=monotonic,
        ).wait_ready()
        rng = random.Random(7)
        calls = (
            *(SetFanLevel(level=n) for n in (1, 2, 3, 4)),
            *(SetMode(mode="auto"), SetPower(state="off"), SetPower(state="on")),
        )
        warm, done = 0.0, 0
        end = MINUTES * 60
        while monotonic() < end:
            purifier.apply(rng.choice(calls))
            done += 1
            purifier.driver.wait(lambda: False, rng.random() * 0.2)
            if not warm and monotonic() > end / 10:
                gc.collect()
                warm = resident_megabytes()
        gc.collect()
        grown = resident_megabytes() - warm
        purifier.close()
    assert threads == threading.active_count()
    assert done > MINUTES
    assert grown < 4
    counts = session.counters
    assert counts.good > 0
    if "SANSO_SOAK_MINUTES" in os.environ:
        sys.stderr.write(f"\n{done} commands, {grown:.2f} MB grown, {counts}\n")
