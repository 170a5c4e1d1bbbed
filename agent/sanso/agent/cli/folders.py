"""Where this program keeps what it remembers.

The XDG Base Directory Specification: state lies in $XDG_STATE_HOME, by default in
~/.local/state; a path in the variable that is not absolute is to be ignored.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

NAME: Final = "sanso"


def state_folder() -> Path | None:
    """Return the folder, which may not be there yet; None where nobody has a home."""
    given = os.environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(given):  # noqa: PTH117 - an empty string is no Path
        return Path(given) / NAME
    try:
        return Path.home() / ".local" / "state" / NAME
    except RuntimeError:
        return None


def make_state_folder() -> Path | None:
    """Return the folder, made for its owner alone; None where that cannot be."""
    folder = state_folder()
    if folder is None:
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None
