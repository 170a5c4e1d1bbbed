"""
The memory of one agent: what it promised, what it did, what it can take back.

Strategy: what waits is held by the scheduler; here is only its likeness in the file. A commit compares the two and writes what differs, in one
transaction with the journal. So a commit that failed is made up for by the next one, and what is in the file is always a state that was.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Self

from .database import Database, MemoryUnavailable
from .journal import Journal
from .steps import step_of, step_text
from .timekeeper import Stamp
from .timers import COLUMNS, Row, UnreadableRow, entry_of, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sanso.agent.scheduler import Entry
    from sanso.agent.session import Step
    from sanso.grammars import CallSet

    from .journal import Event

_MOST_ASIDE = 200
_INSERT = (
    f"INSERT OR REPLACE INTO timers ({', '.join(COLUMNS)}) "  # noqa: S608 - names of our own
    f"VALUES ({', '.join(f':{name}' for name in COLUMNS)})"
)


@dataclass
class Kept:
    """What an earlier process left."""

    waiting: list[Entry] = field(default_factory=list)
    claimed: list[Entry] = field(default_factory=list)
    steps: dict[str, list[Step]] = field(default_factory=dict)
    stamp: Stamp | None = None
    settings: Mapping[str, object] | None = None
    """Of the purifier, as they were seen last."""
    begun: list[Entry] = field(default_factory=list)
    """What was begun for a while, with its end not yet stored; each change knows its beginning only."""
    unread: int = 0
    """How many timers could not be read, and were put aside."""


class Memory:
    """A file that holds the agent's promises; used under the agent's lock."""

    def __init__(self, database: Database, *, zone: str = "") -> None:
        """Work on an open database; `zone` is the name that is noted beside clock times."""
        self._database = database
        self._zone = zone
        self._stored: dict[int, Row] = {}
        self._facts: dict[str, str] = {}
        self.journal = Journal(database.connection)

    @classmethod
    def open(cls, path: Path, *, zone: str = "") -> Self:
        """
        Open the file at a path, made if it is not there.

        Raises:
            MemoryUnavailable: it cannot be used.
        """
        return cls(Database.open(path), zone=zone)

    @property
    def path(self) -> Path:
        """The file."""
        return self._database.path

    @property
    def set_aside(self) -> Path | None:
        """Where a damaged file was put, if a new one was begun in its place."""
        return self._database.set_aside

    def load(self, calls: CallSet) -> Kept:
        """
        Everything that an earlier process left; rows that cannot be read are put aside.

        Raises:
            MemoryUnavailable: it cannot be read, or the putting aside cannot be written.
        """
        with self._database.transaction() as connection:
            kept = Kept()
            self._load_timers(connection, calls, kept)
            self._load_steps(connection, calls, kept)
            facts = connection.execute("SELECT name, value FROM facts")
            self._facts = dict(facts.fetchall())
        kept.stamp = _stamp_of(self._facts.get("stamp", "null"))
        kept.settings = json.loads(self._facts.get("settings", "null"))
        if begun := self._facts.get("begun"):
            # A call that does not exist any more was not begun by this version.
            for row in _rows_of(begun):
                with contextlib.suppress(UnreadableRow):
                    kept.begun.append(entry_of(row, calls))
        return kept

    def differs(self, waiting: Sequence[Entry], claimed: Sequence[Entry]) -> bool:
        """Whether what waits is otherwise than in the file."""
        return self._rows(waiting, claimed) != self._stored

    def commit(
        self,
        waiting: Sequence[Entry],
        claimed: Sequence[Entry],
        stamp: Stamp,
        *,
        events: Iterable[Event] = (),
        steps: Mapping[str, Sequence[Step]] | None = None,
        restated: Iterable[tuple[str, Step]] = (),
        settings: Mapping[str, object] | None = None,
    ) -> list[int]:
        """
        Store all of it, or nothing; the numbers of the events in the journal.

        Steps of a source replace those that it had; one without a number belongs to the last event. A `restated` one that is there already takes
        back something else than before.

        Raises:
            MemoryUnavailable: it could not be written.
        """
        rows = self._rows(waiting, claimed)
        facts = {"stamp": json.dumps(asdict(stamp))}
        if settings is not None:
            facts["settings"] = json.dumps(settings)
        if self._facts.get("begun"):
            facts["begun"] = ""
        try:
            with self._database.transaction() as connection:
                self._write_timers(connection, rows)
                numbers = [self.journal.write(event) for event in events]
                for source, its in (steps or {}).items():
                    _write_steps(connection, source, its, numbers)
                _write_restated(connection, restated)
                _write_facts(connection, facts)
        except BaseException:
            self._measure_again()
            raise
        self._stored = rows
        self._facts |= facts
        return numbers

    def begin(self, entry: Entry) -> None:
        """
        Note that something is begun for a while, before it is: the next commit takes that away.

        Raises:
            MemoryUnavailable: it could not be written.
        """
        rows = [*_rows_of(self._facts.get("begun", "")), row_of(entry)]
        facts = {"begun": json.dumps(rows)}
        with self._database.transaction() as connection:
            _write_facts(connection, facts)
        self._facts |= facts

    def lines(self) -> Iterator[str]:
        """The journal as JSON Lines, the oldest first."""
        return self.journal.lines()

    def rest(self) -> None:
        """Tidy up in a quiet moment."""
        self._database.rest()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _rows(
        self, waiting: Sequence[Entry], claimed: Sequence[Entry]
    ) -> dict[int, Row]:
        rows = [row_of(entry, zone=self._zone) for entry in waiting]
        rows += [row_of(entry, claimed=True, zone=self._zone) for entry in claimed]
        return {row["id"]: row for row in rows}

    def _write_timers(
        self, connection: sqlite3.Connection, rows: Mapping[int, Row]
    ) -> None:
        gone = [(number,) for number in self._stored.keys() - rows.keys()]
        connection.executemany("DELETE FROM timers WHERE id = ?", gone)
        fresh = [row for n, row in rows.items() if self._stored.get(n) != row]
        connection.executemany(_INSERT, fresh)

    def _load_timers(
        self, connection: sqlite3.Connection, calls: CallSet, kept: Kept
    ) -> None:
        query = f"SELECT {', '.join(COLUMNS)} FROM timers ORDER BY id"  # noqa: S608 - names of our own
        for values in connection.execute(query).fetchall():
            row = dict(zip(COLUMNS, values, strict=True))
            try:
                entry = entry_of(row, calls)
            except UnreadableRow as error:
                kept.unread += 1
                _put_aside(connection, "timer", row, str(error))
                connection.execute("DELETE FROM timers WHERE id = ?", (row["id"],))
                continue
            (kept.claimed if row["claimed"] else kept.waiting).append(entry)
            self._stored[row["id"]] = row

    def _load_steps(
        self, connection: sqlite3.Connection, calls: CallSet, kept: Kept
    ) -> None:
        query = (
            "SELECT source, journal, step FROM steps ORDER BY source, journal, place"
        )
        for source, journal, text in connection.execute(query).fetchall():
            try:
                step = step_of(text, journal, calls)
            except UnreadableRow as error:
                _put_aside(connection, "step", {"step": text}, str(error))
                # What lies below it cannot be reached without going over it.
                kept.steps[source] = []
                continue
            kept.steps.setdefault(source, []).append(step)

    def _measure_again(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self.journal.measure()


def _rows_of(begun: str) -> list[Any]:
    """The rows of what was begun; one alone stood there without a list at first."""
    found = json.loads(begun or "[]")
    return found if isinstance(found, list) else [found]


def _stamp_of(text: str) -> Stamp | None:
    """The clocks as they were noted; nothing where another version noted them otherwise."""
    try:
        return Stamp(**json.loads(text))
    except (TypeError, ValueError):
        return None


def _write_steps(
    connection: sqlite3.Connection,
    source: str,
    steps: Sequence[Step],
    numbers: Sequence[int],
) -> None:
    # One that has a number is in the file already, as it is: it is kept, and not written again.
    known = [step.journal for step in steps if step.journal]
    marks = ", ".join("?" * len(known))
    connection.execute(
        f"DELETE FROM steps WHERE source = ? AND journal NOT IN ({marks})",  # noqa: S608 - question marks only
        (source, *known),
    )
    connection.executemany(
        "INSERT INTO steps (source, journal, place, step) VALUES (?, ?, ?, ?)",
        [
            (source, numbers[-1], place, step_text(step))
            for place, step in enumerate(steps)
            if not step.journal
        ],
    )


def _write_restated(
    connection: sqlite3.Connection, restated: Iterable[tuple[str, Step]]
) -> None:
    connection.executemany(
        "UPDATE steps SET step = ? WHERE source = ? AND journal = ?",
        [(step_text(step), source, step.journal) for source, step in restated],
    )


def _write_facts(connection: sqlite3.Connection, facts: Mapping[str, str]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", facts.items()
    )


def _put_aside(
    connection: sqlite3.Connection, kind: str, row: Mapping[str, Any], reason: str
) -> None:
    connection.execute(
        "INSERT INTO aside (kind, row, reason) VALUES (?, ?, ?)",
        (kind, json.dumps(row, ensure_ascii=False), reason),
    )
    connection.execute(
        "DELETE FROM aside WHERE id <= (SELECT MAX(id) FROM aside) - ?", (_MOST_ASIDE,)
    )


def memory_at(path: Path | None, zone: str) -> Memory | MemoryUnavailable | None:
    """The memory at a path, or why there is none; what another agent uses is no reason to go on without."""
    if path is None:
        return None
    try:
        return Memory.open(path, zone=zone)
    except MemoryUnavailable as error:
        if error.reason in ("locked", "newer"):
            raise
        return error


__all__ = ["Kept", "Memory", "MemoryUnavailable", "memory_at"]
