"""The command line: `sanso say`, `sanso chat`, `sanso parse` and their siblings.

Strategy: the language of the program's own words is found first, so that even a wrong
command line is explained in it. Commands are modules that are imported when their name
is asked for, and not before. Every failure ends in one place, as one line and a number.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO, cast

from .texts import choose_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line, by default that of the process; returns the exit code.

    0: done, also where the agent refused; 1: an error; 2: the command line is wrong;
    130: interrupted. Never raises for what a person typed.
    """
    _prepare_streams()
    given = list(sys.argv[1:] if words is None else words)
    texts = choose_texts(given, os.environ)
    try:
        from .tree import run

        code = run(given, texts)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return 1
    except BaseException as error:  # noqa: BLE001 - nothing passes as a traceback
        from .failures import explain

        line, code = explain(error, texts)
        if line:
            print(line, file=sys.stderr)  # noqa: T201 - the one place for errors
    return code


def _prepare_streams() -> None:
    """Let nothing that is read or written fail for its encoding, or for being closed."""
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            mode = "r" if name == "stdin" else "w"
            opened = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115, PTH123
            setattr(sys, name, opened)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _drop_output() -> None:
    """Leave nothing to be written at exit: the reader is gone."""
    try:
        number = cast("TextIO", sys.stdout).fileno()
    except (OSError, ValueError):
        return
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, number)
    os.close(devnull)
