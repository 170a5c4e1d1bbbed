"""What obeys: air purifiers, simulated or on a serial line, behind one interface."""

from .appliance import WriteFaults
from .clock import AcceleratedClock, Clock, RealClock, ScriptedClock
from .errors import (
    DeviceError,
    LinkLost,
    NoAnswer,
    PortError,
    ProfileError,
    UnknownDevice,
)
from .events import EVENTS, Window
from .profile import Profile, load_profile, profile_names
from .purifier import (
    UNITS,
    Capabilities,
    CountsDown,
    Fault,
    Metric,
    NoReading,
    Outcome,
    OutcomeCode,
    Purifier,
    Reading,
    State,
)
from .room import Room, RoomParameters
from .settings import SETTINGS
from .simulated import SimulatedPurifier
from .url import KINDS, open_purifier

__all__ = [
    "EVENTS",
    "KINDS",
    "SETTINGS",
    "UNITS",
    "AcceleratedClock",
    "Capabilities",
    "Clock",
    "CountsDown",
    "DeviceError",
    "Fault",
    "LinkLost",
    "Metric",
    "NoAnswer",
    "NoReading",
    "Outcome",
    "OutcomeCode",
    "PortError",
    "Profile",
    "ProfileError",
    "Purifier",
    "Reading",
    "RealClock",
    "Room",
    "RoomParameters",
    "ScriptedClock",
    "SimulatedPurifier",
    "State",
    "UnknownDevice",
    "Window",
    "WriteFaults",
    "load_profile",
    "open_purifier",
    "profile_names",
]
