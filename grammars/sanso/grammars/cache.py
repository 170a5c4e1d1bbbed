"""
Where results are kept that could be made again.

Strategy: everything here may be deleted at any time, and nothing depends on it. What is read back by unpickling is taken only from a folder that nobody else may
write to.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path


def cache_folder() -> Path:
    """
    Below $XDG_CACHE_HOME, else ~/.cache (XDG Base Directory Specification).

    Raises:
        RuntimeError: this user has no home.
    """
    root = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (root if root.is_absolute() else Path.home() / ".cache") / "sanso"


def private_file(name: str) -> Path | None:
    """A file of the cache that only this user can have written; None where there can be none."""
    try:
        folder = cache_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except (OSError, RuntimeError):
        return None
    shared = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return folder / name if mine and not shared else None
