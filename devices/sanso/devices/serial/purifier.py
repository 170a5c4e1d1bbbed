"""A purifier behind a serial line that reports by itself, as the agent sees it: like any other.

Strategy: a session and its driver know the line; `carrying` knows what a call means. The
state is made from reports and says how old it is; while the line is down it is the last
one, marked.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from sanso.devices.clock import RealClock
from sanso.devices.errors import NoAnswer

from .carrying import Carrier
from .driver import Driver
from .mapping import make_state
from .session import QUEUE_SECONDS
from .write import End, LinkState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Self

    from sanso.devices.clock import Clock
    from sanso.devices.datapoint import Attribute
    from sanso.devices.purifier import State

    from .link import Link
    from .session import Session

FIRST_REPORT_SECONDS: Final = 6.0
"""How long an appliance may take to report itself after the line is opened."""
_ASKINGS: Final = 3
_ANSWER_SECONDS: Final = 0.6
"""For everything to be reported: 150 bytes take 160 ms at 9600 baud."""
_REST_SECONDS: Final = 0.5
"""For what is reported behind the power."""


class SerialPurifier(Carrier):
    """A `Purifier` at the other end of a line."""

    def __init__(
        self,
        session: Session,
        opener: Callable[[], Link],
        *,
        clock: Clock | None = None,
        background: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        baud: int | None = None,
    ) -> None:
        """Open the line; `wait_ready` tells when the appliance has reported itself.

        Raises:
            DeviceError: the line cannot be opened.

        """
        super().__init__(session.profile, RealClock() if clock is None else clock)
        self.session = session
        self._monotonic = monotonic
        self._baud = session.profile.baud if baud is None else baud
        self.driver = Driver(
            session,
            opener,
            background=background,
            monotonic=monotonic,
            sleep=sleep,
        )

    def wait_ready(self, seconds: float = FIRST_REPORT_SECONDS) -> Self:
        """Wait until the appliance has said whether it is on.

        Raises:
            NoAnswer: it stays silent, or speaks in a way that cannot be read; the line is closed.

        """
        if self.driver.wait(self._is_ready, seconds):
            return self
        counters = self.session.counters
        self.close()
        if counters.good:
            msg = f"the appliance answers, and never reports attr.power of {self.profile.id}; check its address in the profile"
        elif counters.bytes_in:
            msg = f"{counters.bytes_in} bytes came and none made sense; is {self._baud} baud right, and {self.profile.protocol} its protocol?"
        else:
            msg = f"the appliance stays silent for {seconds:g} s; check RX, TX and ground, {self._baud} baud, and that it has power"
        raise NoAnswer(msg, seconds=seconds)

    def _is_ready(self) -> bool:
        """Whether all has been reported, or the power and then nothing more for a while."""
        known = self.session.known
        if "power" not in known:
            return False
        wanted = {n for n, point in self.profile.attr.items() if point.access != "wo"}
        waited = self._monotonic() - known["power"].at
        return wanted <= known.keys() or waited >= _REST_SECONDS

    @property
    def link(self) -> LinkState:
        """How well the appliance is heard."""
        return self.session.link if self.driver.connected else LinkState.OFFLINE

    def state(self) -> State:
        """Return what was reported last, with its age; `online` says whether it is still heard."""
        with self.driver.locked():
            session = self.session
            online = session.online and self.driver.connected
            now = self._monotonic()
            return make_state(self.profile, session.known, now, online=online)

    def close(self) -> None:
        """Let go of the line; the appliance stays as it is."""
        self.driver.close()

    def _seen(self) -> State:
        return self.state()

    def _knows(self, attribute: Attribute) -> bool:
        return attribute in self.session.known

    def _is_sure(self, attributes: Iterable[Attribute]) -> bool:
        with self.driver.locked():
            return self.session.is_reported(attributes, self.session.doubted_at)

    def _ask(self, attributes: Iterable[Attribute]) -> bool:
        named = tuple(attributes)
        since = self._monotonic()
        for _try in range(_ASKINGS):
            if not self.driver.connected:
                return False
            self.driver.ask()
            if self.driver.wait(
                lambda: self.session.is_reported(named, since), _ANSWER_SECONDS
            ):
                return True
        return False

    def _set(self, attribute: Attribute, number: int) -> End:
        longest = self.session.longest_write_seconds(attribute)
        write = self.driver.write(
            lambda now: self.session.write(attribute, number, now),
            QUEUE_SECONDS + longest + 1.0,
        )
        return write.end or End.UNCONFIRMED
