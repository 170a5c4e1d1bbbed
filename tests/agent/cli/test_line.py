from __future__ import annotations

import io
import re
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.cli.alarm import each_second
from sanso.agent.cli.line import LineEditor

ROWS = 6


class Screen:
    """A terminal that obeys what the editor writes (VT100), and nothing else."""

    def __init__(self, rows: list[str], row: int, column: int) -> None:
        """Show these rows, with the cursor somewhere."""
        self.rows = [*rows, *[""] * (ROWS - len(rows))]
        self.row, self.column = row, column
        self.saved = (row, column)

    def obey(self, written: str) -> None:
        """Carry out text and control sequences."""
        for mark, number, what, text in re.findall(
            r"\x1b(?:([D78])|\[(\d+)([AL]))|([^\x1b])", written
        ):
            if text:
                self._text(text)
            elif what:
                self._several(int(number), what)
            else:
                self._mark(mark)

    def _text(self, char: str) -> None:
        if char == "\r":
            self.column = 0
        elif char == "\n":
            self._down()
        else:
            self.rows[self.row] += char
            self.column += 1

    def _several(self, number: int, what: str) -> None:
        if what == "A":
            self.row = max(0, self.row - number)
            return
        for _ in range(number):
            self.rows.insert(self.row, "")
            self.rows.pop()

    def _mark(self, mark: str) -> None:
        if mark == "D":
            self._down()
        elif mark == "7":
            self.saved = (self.row, self.column)
        else:
            self.row, self.column = self.saved

    def _down(self) -> None:
        if self.row < ROWS - 1:
            self.row += 1
        else:
            self.rows = [*self.rows[1:], ""]


@given(
    st.integers(0, ROWS - 1),
    st.integers(0, 9),
    st.lists(st.text("abc", min_size=1), min_size=1, max_size=3),
)
def test_lines_are_written_above(row: int, column: int, told: list[str]) -> None:
    """Whatever is told stands right above what is being typed; the cursor stays in it."""
    before = [f"line {number}" for number in range(row)]
    screen = Screen([*before, "> half a l"], row, column)
    written = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", written)
        LineEditor([]).write_above("\n".join(told) + "\n")
    screen.obey(written.getvalue())
    shown = [line for line in screen.rows if line]
    assert [*before, *told, "> half a l"][-len(shown) :] == shown
    assert screen.rows[screen.row] == "> half a l"
    assert screen.column == column


def test_where_nothing_can_be_written_above(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that knows no control sequences is left alone."""
    monkeypatch.setenv("TERM", "xterm")
    assert LineEditor([]).can_write_above()
    monkeypatch.setenv("TERM", "dumb")
    assert not LineEditor([]).can_write_above()
    monkeypatch.delenv("TERM")
    assert not LineEditor([]).can_write_above()


def test_something_is_done_while_waiting() -> None:
    """It is done again and again while the block waits, and never after it."""
    done: list[int] = []
    twice = threading.Event()

    def act() -> None:
        done.append(1)
        if len(done) > 1:
            twice.set()

    with each_second(act, seconds=0.001):
        assert twice.wait(60)
    assert "each second" not in {thread.name for thread in threading.enumerate()}


def test_what_fails_meanwhile_comes_at_the_end() -> None:
    """An error is raised where the waiting ends, once."""
    tried = threading.Event()

    def act() -> None:
        tried.set()
        raise ValueError("odd")

    with pytest.raises(ValueError, match="odd"), each_second(act, seconds=0.001):
        assert tried.wait(60)
