"""
A program that speaks: text into its standard input, sound out of its standard output.

Strategy: the sound is handed on as it comes. The program is killed when it is too slow, when nobody wants to hear it any more, and when the one who
reads gives up; in every case it is waited for, so that no process is left.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .errors import SpeakerError

if TYPE_CHECKING:
    import threading
    from collections.abc import Generator, Sequence

_LOOK_SECONDS: Final = 0.02
"""How often it is looked whether somebody said stop."""
_PIECE_BYTES: Final = 1 << 16
_COMPLAINT_BYTES: Final = 2000


def piped(
    command: Sequence[str], text: str, stopping: threading.Event, *, seconds: float
) -> Generator[bytes]:
    """
    Yield what a program writes, until it ends or the event is set.

    Raises:
        SpeakerError: it cannot be started, fails, or takes longer than `seconds`.
    """
    name = Path(command[0]).name
    try:
        process = subprocess.Popen(  # noqa: S603 - the text goes into a pipe, never into the command
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        msg = f"{name} cannot be started ({error.strerror}); install it again"
        raise SpeakerError(msg, way=name) from None
    with process:
        try:
            yield from _read(process, name, text, stopping, seconds)
        finally:
            if process.poll() is None:
                # With what it may have started: it has a session of its own.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def _read(
    process: subprocess.Popen[bytes],
    name: str,
    text: str,
    stopping: threading.Event,
    seconds: float,
) -> Generator[bytes]:
    assert process.stdin and process.stdout and process.stderr  # noqa: PT018, S101 - all are pipes
    with contextlib.suppress(BrokenPipeError):  # why it ended is told by its status
        process.stdin.write(text.encode())
        process.stdin.close()
    deadline = time.monotonic() + seconds
    complaint = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        selector.register(process.stderr, selectors.EVENT_READ)
        while selector.get_map():
            if stopping.is_set():
                return
            if time.monotonic() > deadline:
                raise _failed(name, f"no end after {seconds:g} s")
            for key, _ in selector.select(_LOOK_SECONDS):
                data = os.read(key.fd, _PIECE_BYTES)
                if not data:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stdout:
                    yield data
                else:
                    complaint = (complaint + data)[-_COMPLAINT_BYTES:]
    try:
        status = process.wait(max(deadline - time.monotonic(), _LOOK_SECONDS))
    except subprocess.TimeoutExpired:
        raise _failed(name, f"no end after {seconds:g} s") from None
    if status:
        lines = complaint.decode(errors="replace").strip().splitlines()
        raise _failed(name, lines[-1].strip() if lines else f"status {status}")


def _failed(name: str, reason: str) -> SpeakerError:
    msg = f"{name} failed ({reason}); try it in a terminal"
    return SpeakerError(msg, way=name)
