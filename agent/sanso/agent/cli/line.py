"""Ask for a line in a terminal: editing, history and completion by readline.

Strategy: readline is a part of most Pythons and of none on Windows; without it lines
are read as they come. The history is the owner's alone, and losing it costs nothing.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final, Self

from .folders import make_state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

HISTORY: Final = "history"
MOST_LINES: Final = 1000


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

    def ask(self, before: Callable[[], None], prompt: str = "> ") -> str | None:
        """Return the next line, after what is to be said before it; None at the end."""
        before()
        try:
            return input(prompt)
        except EOFError:
            print()  # noqa: T201 - the shell's prompt gets a line of its own
            return None
        except KeyboardInterrupt:
            print()  # noqa: T201 - likewise
            raise

    def complete(self, text: str, index: int) -> str | None:
        """Return the completion of this number, as readline asks for it."""
        if not text.startswith("/"):
            return None
        fitting = [f"/{word}" for word in self._words if f"/{word}".startswith(text)]
        return fitting[index] if index < len(fitting) else None
