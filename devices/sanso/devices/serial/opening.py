"""Open `serial:` URLs: `serial:/dev/ttyUSB0?profile=kj-standard&baud=115200`."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from sanso.devices.clock import RealClock
from sanso.devices.errors import DeviceError, NoAnswer
from sanso.devices.profile import load_profile

from .link import BAUDS, SerialLink
from .miot_session import MiotSession
from .purifier import FIRST_REPORT_SECONDS, SerialPurifier
from .tuya_session import TuyaSession

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sanso.devices.clock import Clock
    from sanso.devices.profile import Profile
    from sanso.devices.purifier import Purifier

    from .session import Session

DEFAULT_PROFILE: Final = "kj-standard"
_SESSIONS: Final[Mapping[str, Callable[..., Session]]] = {
    "tuya": TuyaSession,
    "miot": MiotSession,
}
_PROBE_SECONDS: Final = 0.8
"""A module finds its rate with 300 to 400 ms each, twice (Tuya MCU serial protocol)."""


def make_session(profile: Profile, clock: Clock, now: float) -> Session:
    """Return the session of a profile's protocol.

    Raises:
        DeviceError: the profile has no serial protocol.

    """
    make = _SESSIONS.get(profile.protocol or "")
    if make is None:
        msg = f"profile {profile.id} has no serial protocol; use sim:?profile={profile.id}, or another profile"
        raise DeviceError(msg)
    return make(profile, now, wall=clock.now)


def open_serial(
    port: str, options: Mapping[str, str], clock: Clock | None = None
) -> Purifier:
    """Open an appliance on a port and wait for its first report.

    Raises:
        DeviceError: the port cannot be opened, or the appliance stays silent.
        ProfileError: no such profile, or a wrong one.

    """
    if not port:
        msg = "serial: needs a port; write serial:/dev/ttyUSB0 or serial:socket://host:port"
        raise DeviceError(msg)
    profile = load_profile(options.get("profile", DEFAULT_PROFILE))
    baud = _baud(options.get("baud", str(profile.baud)))
    clock = RealClock() if clock is None else clock
    if profile.protocol == "modbus":
        from .modbus import open_modbus

        return open_modbus(port, profile, baud, clock)
    session = make_session(profile, clock, time.monotonic())
    purifier = SerialPurifier(
        session, lambda: SerialLink(port, baud), clock=clock, baud=baud
    )
    try:
        return purifier.wait_ready(FIRST_REPORT_SECONDS)
    except NoAnswer as error:
        if session.counters.good or "://" in port:
            raise
        found = find_baud(port, profile, clock, but=baud)
        if found is None:
            raise
        msg = f"{port}: the appliance speaks at {found} baud, not {baud}; write ?baud={found}, or baud = {found} in the profile"
        raise NoAnswer(msg, seconds=error.seconds) from None


def find_baud(port: str, profile: Profile, clock: Clock, *, but: int) -> int | None:
    """Try the usual rates, one after another; return the first at which a whole frame comes."""
    for baud in BAUDS:
        if baud == but:
            continue
        with suppress(DeviceError):
            session = make_session(profile, clock, time.monotonic())
            link = SerialLink(port, baud)
            try:
                end = time.monotonic() + _PROBE_SECONDS
                while time.monotonic() < end:
                    link.write(session.poll(time.monotonic()))
                    session.feed(link.read(0.05), time.monotonic())
                    if session.counters.good:
                        return baud
            finally:
                link.close()
    return None


def _baud(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) <= 4_000_000:  # noqa: PLR2004 - the fastest rate of Linux
        return int(text)
    msg = f"baud is a whole number such as 9600 or 115200, not {text!r}"
    raise DeviceError(msg)
