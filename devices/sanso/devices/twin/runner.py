"""Run a twin on a port: bytes in, bytes out, faults on time.

Strategy: one loop, stepped by its owner; nothing runs in the background unless `start` is
called. A host that listens at another rate gets noise, as on a wire.
"""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Final, Protocol

from sanso.devices.errors import DeviceError
from sanso.devices.serial.tuya_frames import SILENCE_SECONDS

from .miot_twin import MiotTwin
from .modbus_twin import ModbusTwin
from .tuya_twin import TuyaTwin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

    from .controller import Controller
    from .pty_port import PtyPort

_STEP_SECONDS: Final = 0.02
_SILENCES: Final = {"tuya": SILENCE_SECONDS, "miot": SILENCE_SECONDS, "modbus": 0.05}
"""After which an incomplete frame is given up; Modbus ends its frames by silence."""


class Twin(Protocol):
    """The appliance's end of a protocol."""

    controller: Controller

    def feed(self, data: bytes) -> None:
        """Take in what the host sent."""
        ...

    def silence(self) -> None:
        """Give up what is incomplete."""
        ...

    def poll(self) -> bytes:
        """Return what goes out now."""
        ...

    def restart(self) -> None:
        """Restart the controller."""
        ...


TWINS: Final[Mapping[str, tuple[Callable[..., Twin], str]]] = {
    "tuya": (TuyaTwin, "kj-standard"),
    "miot": (MiotTwin, "zhimi-airp-mb4a"),
    "modbus": (ModbusTwin, "modbus-example"),
}
"""By protocol: the twin, and the profile that is meant where none is named."""


def make_twin(
    controller: Controller, tell: Callable[[str], None] | None = None
) -> Twin:
    """Return the twin of a controller's protocol.

    Raises:
        DeviceError: its profile has none.

    """
    protocol = controller.profile.protocol
    if protocol is None:
        msg = f"profile {controller.profile.id} has no protocol; choose another"
        raise DeviceError(msg)
    return TWINS[protocol][0](controller, tell)


class Runner:
    """A twin on a port."""

    def __init__(self, twin: Twin, port: PtyPort, *, seed: int = 0) -> None:
        """Bring them together; nothing moves yet."""
        self.twin = twin
        self.port = port
        self._protocol = twin.controller.profile.protocol or "tuya"
        self._rng = random.Random(seed)
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.RLock()
        self._restart_at: float | None = None

    def step(self, seconds: float = _STEP_SECONDS) -> None:
        """Listen for at most so long, and answer."""
        data = self.port.read(seconds)
        with self._lock:
            wrong = self._at_another_rate()
            if data:
                self.twin.feed(self._rng.randbytes(len(data)) if wrong else data)
            elif self.port.silent_seconds > _SILENCES[self._protocol]:
                self.twin.silence()
            self._restart_if_due()
            out = self.twin.poll()
        if out:
            self.port.write(self._rng.randbytes(len(out)) if wrong else out)

    def start(self) -> Self:
        """Run in a thread of its own until `close`."""
        self._thread = threading.Thread(
            target=self._run, name="sanso-twin", daemon=True
        )
        self._thread.start()
        return self

    def locked(self) -> threading.RLock:
        """Return the lock under which the twin may be touched from outside."""
        return self._lock

    def close(self) -> None:
        """End the thread and close the port; a second time does nothing."""
        self._ended.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        self.port.close()

    def __enter__(self) -> Self:
        """Run it in a `with` statement."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            self.step()

    def _at_another_rate(self) -> bool:
        rate = self.port.host_baud
        return rate is not None and rate != self.twin.controller.profile.baud

    def _restart_if_due(self) -> None:
        controller = self.twin.controller
        mean = controller.faults.restart_seconds
        now = controller.clock.now()
        if mean <= 0:
            self._restart_at = None
        elif self._restart_at is None:
            self._restart_at = now + self._rng.expovariate(1 / mean)
        elif now >= self._restart_at:
            self._restart_at = None
            self.twin.restart()
