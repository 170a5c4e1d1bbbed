"""What can go wrong between the host and an appliance.

DeviceError              the purifier could not be reached, or not be described
├── UnknownDevice            .url       no such kind of device URL
├── ProfileError             .path      a profile is missing or wrong
├── PortError                .url       a port that cannot be opened
├── LinkLost                 .url       the connection is gone
└── NoAnswer                 .seconds   the appliance stays silent
"""

from __future__ import annotations

from sanso.grammars import SansoError


class DeviceError(SansoError):
    """The purifier could not be reached, or not be described."""


class UnknownDevice(DeviceError):
    """A device URL of a kind that does not exist."""

    def __init__(self, message: str, *, url: str) -> None:
        """Keep the URL."""
        super().__init__(message)
        self.url = url


class ProfileError(DeviceError):
    """A profile that is missing, unreadable or contradicts itself."""

    def __init__(self, message: str, *, path: str) -> None:
        """Keep the path or name."""
        super().__init__(message)
        self.path = path


class PortError(DeviceError):
    """A port that cannot be opened; the message says why and what to do."""

    def __init__(self, message: str, *, url: str) -> None:
        """Keep the port."""
        super().__init__(message)
        self.url = url


class LinkLost(DeviceError):
    """The connection to the appliance is gone."""

    def __init__(self, message: str, *, url: str) -> None:
        """Keep the URL."""
        super().__init__(message)
        self.url = url


class NoAnswer(DeviceError):
    """The appliance did not answer in time."""

    def __init__(self, message: str, *, seconds: float) -> None:
        """Keep how long was waited, in seconds."""
        super().__init__(message)
        self.seconds = seconds
