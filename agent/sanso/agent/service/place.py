"""Where the socket lies: in a folder that is its owner's alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from sanso.agent.errors import AgentError

VARIABLE: Final = "SANSO_SOCKET"
_NAME: Final = "agent.sock"
_OWNERS: Final = stat.S_IRWXU
_LONGEST: Final = 100
"""Bytes of a path that every system takes for a socket (108 on Linux, 104 elsewhere)."""


class ServiceError(AgentError):
    """The service cannot run, or cannot be reached; cause and cure in one line."""


def socket_path() -> Path:
    """Return $SANSO_SOCKET, else a path in $XDG_RUNTIME_DIR, else one below the user's state.

    Raises:
        ServiceError: this user has no home.

    """
    if given := os.environ.get(VARIABLE):
        return Path(given)
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    if runtime.is_absolute() and runtime.is_dir():
        return runtime / "sanso" / _NAME
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    try:
        base = state if state.is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError:
        msg = f"this user has no home; set {VARIABLE} to a path for the socket"
        raise ServiceError(msg) from None
    return base / "sanso" / _NAME


def make_place(path: Path) -> None:
    """Make the folder for a socket, for its owner alone.

    Raises:
        ServiceError: it cannot be made, or others may write to it.

    """
    if len(os.fsencode(path)) > _LONGEST:
        msg = (
            f"the path {path} is too long for a socket; set {VARIABLE} to a shorter one"
        )
        raise ServiceError(msg)
    try:
        path.parent.mkdir(mode=_OWNERS, parents=True, exist_ok=True)
        found = path.parent.stat()
    except OSError as error:
        msg = f"the folder {path.parent} cannot be made ({error.strerror}); set {VARIABLE} to another path"
        raise ServiceError(msg) from None
    if found.st_uid != os.getuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        msg = f"others may write to {path.parent}; set {VARIABLE} to a path in a folder of your own"
        raise ServiceError(msg)
