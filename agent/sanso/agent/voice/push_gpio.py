"""
Push-to-talk by a button at a pin of a Raspberry Pi.

Strategy: this is the only module that imports gpiozero. It calls from a thread of its
own; the button only moves the switch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .errors import VoiceError
from .push import Switch

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from .push import Contact

_LAST_PIN: Final = 27
"""GPIO 0 to 27 lie on the 40 pins of every board since the Pi 1 B+."""
_BOUNCE_SECONDS: Final = 0.03


class GpioButton(Switch):
    """A button between a GPIO pin and ground: held while speaking."""

    def __init__(
        self, pin: int, *, to_ground: bool = True, contact: Contact | None = None
    ) -> None:
        """Note the pin, as the chip counts them (BCM); `to_ground` false for 3.3 V.

        Raises:
            VoiceError: there is no such pin.

        """
        if not 0 <= pin <= _LAST_PIN:
            msg = f"there is no GPIO {pin}; choose from 0 to {_LAST_PIN}, numbered as pinout shows them"
            raise VoiceError(msg)
        super().__init__(f"GPIO {pin}", contact=contact)
        self._pin = pin
        self._to_ground = to_ground
        self._button: Any = None

    def __enter__(self) -> Self:
        """Open the pin.

        Raises:
            VoiceError: gpiozero is missing, or the pin cannot be used.

        """
        try:
            import gpiozero
        except ImportError:
            msg = "a button needs gpiozero; install it with: pip install 'sanso[gpio]'"
            raise VoiceError(msg) from None
        try:
            self._button = gpiozero.Button(
                self._pin, pull_up=self._to_ground, bounce_time=_BOUNCE_SECONDS
            )
            self._button.when_pressed = self.press
            self._button.when_released = self.release
        except Exception as error:  # noqa: BLE001 - each library below gpiozero has its own
            self._close()
            reason = " ".join(str(error).split()) or type(error).__name__
            msg = f"GPIO {self._pin} cannot be used ({reason}); on a Raspberry Pi its library helps: pip install lgpio"
            raise VoiceError(msg) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let go of the pin."""
        self._close()

    def _close(self) -> None:
        if self._button is not None:
            self._button.close()
            self._button = None
