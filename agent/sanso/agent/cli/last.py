"""What is kept of the last sentence, for `sanso why`: one file, its owner's alone."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any, Final

from .folders import make_state_folder, state_folder

NAME: Final = "last.json"


def keep_last(record: dict[str, Any]) -> None:
    """Keep a record instead of the one before; where nothing can be written, nothing is kept."""
    folder = make_state_folder()
    if folder is None:
        return
    part = ""
    try:
        # mkstemp's file is readable by its owner alone
        number, part = tempfile.mkstemp(dir=folder, prefix=NAME)
        with os.fdopen(
            number, "w", encoding="utf-8", errors="backslashreplace"
        ) as file:
            json.dump(record, file, ensure_ascii=False)
        os.replace(part, folder / NAME)  # noqa: PTH105 - atomic by contract
    except OSError:
        if part:
            Path(part).unlink(missing_ok=True)


def read_last() -> dict[str, Any] | None:
    """Return the record of the last sentence; None without one that can be read."""
    folder = state_folder()
    if folder is None:
        return None
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
