"""
What time it is, whether that can be believed, and how far the clock was moved.

Strategy: a purifier's clock that shows the machine's time is moved with it, by hand, by NTP, or by a boot without a clock; the machine's
running clock, which nobody moves, shows by how much. A clock that runs of its own, as a simulation's, is believed as it is. Over a restart a
stamp in the memory takes the place of the last look. A clock that shows less than was seen before, or than the year of this program, is
known to be wrong: whoever waits for a time of day must wait until it is set. So must who finds, behind a boot, hardly any time passed on a machine
whose clock does not run without power: it may only have been set to where it was stored.
"""

from __future__ import annotations

import ctypes
import math
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

BUILD_YEAR_EPOCH: Final = 1_767_225_600.0
"""2026-01-01 00:00 UTC: no clock shows less that is right."""
STEP_SECONDS: Final = 2.0
"""Less than this is drift, or NTP turning the clock softly."""
_SAME_SECONDS: Final = 1.0
"""Two looks at one clock are closer than this."""
_SHORT_SECONDS: Final = 120.0
"""A boot that seems to have taken less may have hidden hours without power."""
_DOUBT_SECONDS: Final = 600.0
"""So long a clock is waited for to be set; then it was most likely only a quick boot far from any network."""
_TIME_ERROR: Final = 5
"""Of adjtimex(2): the kernel's clock is not synchronised."""


def _running() -> float:
    """Seconds since the boot, also of those that the machine slept, where that can be known."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _is_set() -> bool:
    """Whether the clock runs without power, or has been set since the boot; also where that cannot be known."""
    try:
        if any(Path("/sys/class/rtc").iterdir()):
            return True
    except OSError:
        pass
    try:
        # More than any struct timex takes; with all modes zero nothing is set.
        room = ctypes.create_string_buffer(512)
        return bool(ctypes.CDLL(None).adjtimex(room) != _TIME_ERROR)
    except (AttributeError, OSError, TypeError):
        return True


@dataclass(frozen=True)
class Machine:
    """The clocks of this computer."""

    wall: Callable[[], float] = time.time
    """Seconds since the epoch; may be moved."""
    running: Callable[[], float] = _running
    """Seconds that only pass."""
    boot: str = field(default_factory=_boot)
    """Another after each boot; nothing where that cannot be known."""
    is_set: Callable[[], bool] = _is_set
    """Whether the time on the wall is that of the world, as far as the system knows."""


@dataclass(frozen=True)
class Stamp:
    """The clocks at one moment, to be compared with later ones; all in seconds."""

    wall: float
    running: float
    boot: str
    follows: bool
    """Whether the purifier's clock showed the machine's time."""
    floor: float = BUILD_YEAR_EPOCH
    """The latest time that was believed."""
    owed: float = 0.0
    """By how much spans were moved while the clock was not known."""
    known: bool = True
    doubted: float = 0.0
    """Running seconds up to which this boot's clock is not believed unless it is set."""


@dataclass(frozen=True)
class Look:
    """What a look at the clocks found."""

    now: float
    step: float = 0.0
    """By how much the clock was moved, in seconds."""
    shift: float = 0.0
    """By how much the due moments of spans are to be moved, so that what is left of them stays."""
    slept: float = 0.0
    """How long the machine was off that has only now become known; spans from before have run on in it."""


class Timekeeper:
    """Looks at the clocks, again and again."""

    def __init__(
        self,
        now: Callable[[], float],
        machine: Machine | None = None,
        stamp: Stamp | None = None,
    ) -> None:
        """Watch a purifier's clock beside the machine's, from where an earlier process stopped."""
        self._now = now
        self._machine = Machine() if machine is None else machine
        self._stamp = self._looked()
        self.found = self._resumed(stamp)
        """What happened to the clock since the stamp."""

    @property
    def known(self) -> bool:
        """Whether the time of day can be believed."""
        return self._stamp.known

    @property
    def stamp(self) -> Stamp:
        """The clocks as they were looked at last."""
        return self._stamp

    def look(self) -> Look:
        """Look again."""
        last = self._stamp
        fresh = self._looked()
        step = self._step(last, fresh)
        # Against drift the first comparison is kept, so that many small moves make a step in the end.
        base = fresh if step or not fresh.follows else self._kept_base(last, fresh)
        return self._settled(base, last, fresh.wall, step)

    def _resumed(self, stamp: Stamp | None) -> Look:
        fresh = self._stamp
        if stamp is None:
            known = fresh.wall >= BUILD_YEAR_EPOCH
            self._stamp = replace(fresh, known=known)
            return Look(fresh.wall)
        if stamp.boot and stamp.boot == fresh.boot:
            step = self._step(stamp, fresh)
            return self._settled(fresh, stamp, fresh.wall, step)
        # The machine was off, for a time that only the clock can tell.
        behind = fresh.wall < stamp.floor or fresh.wall < BUILD_YEAR_EPOCH
        moved = fresh.wall - stamp.wall
        if not behind and moved - fresh.running < _SHORT_SECONDS and fresh.follows:
            doubted = 0.0 if self._machine.is_set() else fresh.running + _DOUBT_SECONDS
            fresh = replace(fresh, doubted=doubted)
        if not behind and not fresh.doubted:
            self._stamp = replace(fresh, floor=fresh.wall)
            if stamp.known:
                return Look(fresh.wall)
            return Look(fresh.wall, moved, moved, max(0.0, moved + stamp.owed))
        self._stamp = replace(
            fresh, floor=stamp.floor, owed=stamp.owed + moved, known=False
        )
        return Look(fresh.wall, step=moved, shift=moved)

    def _settled(self, base: Stamp, last: Stamp, now: float, step: float) -> Look:
        """Take over a look, and tell what a step means to that which waits."""
        if last.known:
            # Moved back, the clock is believed: it was seen to be moved.
            known = now >= BUILD_YEAR_EPOCH
            # Set wrong while it ran, it hides no time without power.
            floor, owed = max(now, BUILD_YEAR_EPOCH), 0.0 if known else -math.inf
            self._stamp = replace(base, floor=floor, owed=owed, known=known)
            return Look(now, step, step)
        owed = last.owed
        if now < max(last.floor, BUILD_YEAR_EPOCH) or self._is_doubted(last, base):
            owed += step
            self._stamp = replace(
                base, floor=last.floor, owed=owed, known=False, doubted=last.doubted
            )
            return Look(now, step, step)
        self._stamp = replace(base, floor=now, owed=0.0, known=True)
        # Set at last: the time that the machine was off is known now, and counts.
        return Look(now, step, step, max(0.0, step + owed) if step else 0.0)

    def _is_doubted(self, last: Stamp, fresh: Stamp) -> bool:
        """Whether the clock may still be where it was stored: nobody has moved it, and the system does not say that it is right."""
        moved = self._step(last, fresh) > 0
        return fresh.running < last.doubted and not moved and not self._machine.is_set()

    def _step(self, last: Stamp, fresh: Stamp) -> float:
        passed = fresh.wall - last.wall
        if last.follows and fresh.follows:
            step = passed - (fresh.running - last.running)
            return step if abs(step) >= STEP_SECONDS else 0.0
        return min(0.0, passed)  # a clock of its own that goes back was moved

    def _kept_base(self, last: Stamp, fresh: Stamp) -> Stamp:
        if not last.follows:
            return fresh
        passed = fresh.running - last.running
        return replace(fresh, wall=last.wall + passed)

    def _looked(self) -> Stamp:
        now = self._now()
        follows = abs(now - self._machine.wall()) < _SAME_SECONDS
        return Stamp(now, self._machine.running(), self._machine.boot, follows)
