"""What happened on a line, in numbers: the only place where a bad byte leaves a trace."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass
class Counters:
    """Counts since the purifier was opened."""

    bytes_in: int = 0
    bytes_out: int = 0
    good: int = 0
    """Frames or lines that were read whole."""
    junk: int = 0
    """Bytes that belonged to none."""
    bad_sum: int = 0
    oversize: int = 0
    bad_version: int = 0
    timeouts: int = 0
    """Frames given up because the rest did not come."""
    malformed: int = 0
    """Whole frames whose content made no sense."""
    missed: int = 0
    """Questions that nobody answered in time."""
    resent: int = 0
    restarts: int = 0
    """Of the appliance's controller."""
    reconnects: int = 0
    """Of the link."""

    def as_dict(self) -> dict[str, int]:
        """Return all counts by name."""
        return asdict(self)
