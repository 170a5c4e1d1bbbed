"""Ask for a line in a terminal: editing, history and completion by readline.

Strategy: readline is a part of most Pythons and of none on Windows; without it lines
are read as they come. The history is the owner's alone, and losing it costs nothing.
What happens while somebody types is written above the line, which stays as it is.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any, Final, Self

from rich.cells import cell_len

from .alarm import each_second
from .folders import make_state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

HISTORY: Final = "history"
MOST_LINES: Final = 1000
PROMPT: Final = "> "

# Control sequences of the VT100, which terminals obey ever since (ECMA-48).
_DOWN: Final = "\x1bD"
_SAVE, _RESTORE = "\x1b7", "\x1b8"
_UP_AND_INSERT: Final = "\x1b[{0}A\r\x1b[{0}L"


class LineEditor:
    """Asks for lines; use it in a `with` statement, which keeps the history."""

    def __init__(self, slash_words: Iterable[str]) -> None:
        """Complete these words behind a slash."""
        self._words = tuple(slash_words)
        self._readline: Any = None
        self._path: Path | None = None

    def __enter__(self) -> Self:
        """Set up readline, where there is one."""
        try:
            import readline
        except ImportError:
            return self
        self._readline = readline
        readline.set_completer_delims(" \t\n")
        readline.set_completer(self.complete)
        libedit = "libedit" in (readline.__doc__ or "")  # as on macOS
        readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
        readline.set_history_length(MOST_LINES)
        if folder := make_state_folder():
            self._path = folder / HISTORY
            with contextlib.suppress(OSError, ValueError):
                self._path.touch(mode=0o600)
                readline.read_history_file(self._path)
        return self

    def __exit__(self, *_: object) -> None:
        """Keep the history."""
        if self._readline is not None and self._path is not None:
            with contextlib.suppress(OSError):
                self._readline.write_history_file(self._path)

    def ask(
        self, before: Callable[[], None], meanwhile: Callable[[], None]
    ) -> str | None:
        """Return the next line, blank where Ctrl-C took it back; None at the end.

        `before` says what stands above the prompt; `meanwhile` is called each second.

        Raises:
            KeyboardInterrupt: Ctrl-C, and nothing had been typed.

        """
        before()
        try:
            with each_second(meanwhile):
                return input(PROMPT)
        except EOFError:
            print()  # noqa: T201 - the shell's prompt gets a line of its own
            return None
        except KeyboardInterrupt:
            print()  # noqa: T201 - likewise
            if self._typed():
                return ""
            raise

    def can_write_above(self) -> bool:
        """Tell whether the line that is being typed has a row of the terminal to itself."""
        if os.environ.get("TERM", "dumb") == "dumb":
            return False
        columns = shutil.get_terminal_size().columns
        return cell_len(PROMPT + self._typed()) < columns

    def write_above(self, text: str) -> None:
        """Write lines above the one that is being typed, without touching that."""
        lines = text.rstrip("\n").split("\n")
        space = _UP_AND_INSERT.format(len(lines))
        written = _DOWN * len(lines) + _SAVE + space + "\r\n".join(lines) + _RESTORE
        sys.stdout.write(written)
        sys.stdout.flush()

    def complete(self, text: str, index: int) -> str | None:
        """Return the completion of this number, as readline asks for it."""
        if not text.startswith("/"):
            return None
        fitting = [f"/{word}" for word in self._words if f"/{word}".startswith(text)]
        return fitting[index] if index < len(fitting) else None

    def _typed(self) -> str:
        return "" if self._readline is None else str(self._readline.get_line_buffer())
