"""How much memory this process holds."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

MEBIBYTE: Final = 1 << 20
_KIBIBYTE: Final = 1 << 10


def held_memory() -> str:
    """Return how much this process holds now; at its highest where that is all we know."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        kib = int(re.findall(r"VmRSS:\s+(\d+)", status)[0])
    except (OSError, IndexError):
        return _highest_memory()
    return f"{kib / _KIBIBYTE:.0f} MiB"


def _highest_memory() -> str:
    try:
        import resource
    except ImportError:  # Windows
        return "-"
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = MEBIBYTE if sys.platform == "darwin" else _KIBIBYTE
    return f"{highest / unit:.0f} MiB"
