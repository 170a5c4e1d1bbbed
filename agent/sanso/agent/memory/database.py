"""
One SQLite file that survives a kill and a power cut, and says in one line why it cannot.

Strategy: write-ahead log with synchronous=FULL, so that a commit costs one flush and stands when it returns; the file is locked while it is
open, as two agents at one purifier would both fire its timers. The log is moved into the file in quiet moments, never inside a command. A
damaged file is set aside under another name and a new one begun.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING, Final, Literal, Self

from sanso.agent.errors import AgentError

from .schema import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Reason = Literal["full", "read_only", "locked", "damaged", "newer", "missing", "failed"]
_CAUSES: Final[dict[Reason, tuple[str, str]]] = {
    "full": ("the disk is full", "free some space"),
    "read_only": ("the disk or the file is read-only", "make it writable"),
    "locked": ("another process uses it", "end that one, or choose another file"),
    "damaged": ("it is damaged", "start again, and it is set aside"),
    "newer": ("a newer version wrote it", "update, or choose another file"),
    "missing": ("it cannot be opened", "check its path"),
    "failed": ("the disk reports an error", "check the disk"),
}
_REASONS: Final[dict[int, Reason]] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CANTOPEN: "missing",
}
_PRIMARY: Final = 0xFF
"""SQLite's extended codes keep the plain one in their lowest byte."""
_WAIT_SECONDS: Final = 2.0
"""For the lock of one that is just ending."""
_LOG_BYTES: Final = 1 << 19
"""A log longer than this is moved into the file in the next quiet moment."""
_LOG_PAGES: Final = 4096
"""And at the latest at this many pages, should there be no quiet moment."""
_SETUP: Final = (
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}",
)


class MemoryUnavailable(AgentError):
    """The memory cannot be read or written; what it held before stands."""

    def __init__(self, path: Path, reason: Reason) -> None:
        """Keep the path, and the reason for wording."""
        cause, cure = _CAUSES[reason]
        super().__init__(f"the memory {path} cannot be used: {cause}; {cure}")
        self.path = path
        self.reason: Reason = reason


class Database:
    """An open file; not safe for several threads at once."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Take over a connection; `open` makes one."""
        self.path = path
        self.connection = connection
        self.set_aside: Path | None = None
        """Where a damaged file was put, if this one was begun in its place."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """
        Open the file, made if it is not there, and bring it to the present schema.

        Raises:
            MemoryUnavailable: it cannot be opened, read or locked; a damaged one is set aside instead.
        """
        try:
            return cls._opened(path)
        except MemoryUnavailable as error:
            if error.reason != "damaged":
                raise
        aside = _put_aside(path)
        database = cls._opened(path)
        database.set_aside = aside
        return database

    @classmethod
    def _opened(cls, path: Path) -> Self:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # The journal is nobody else's business.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            read_only = isinstance(error, PermissionError) or _is_read_only(path)
            reason: Reason = "read_only" if read_only else "missing"
            raise MemoryUnavailable(path, reason) from None
        connection = sqlite3.connect(
            path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            for command in _SETUP:
                connection.execute(command)
            database = cls(path, connection)
            database._check()
            database._migrate()
        except sqlite3.Error as error:
            connection.close()
            raise unavailable(path, error) from None
        except BaseException:
            connection.close()
            raise
        return database

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """
        All or nothing, and on the disk when it ends.

        Raises:
            MemoryUnavailable: it could not be written; the file is as before.
        """
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException as error:
            with contextlib.suppress(sqlite3.Error):
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise unavailable(self.path, error) from None
            if isinstance(error, ValueError | OverflowError):
                # A text or number that no database can hold is as bad as a disk that fails, and no reason to fall silent.
                raise MemoryUnavailable(self.path, "failed") from error
            raise

    def rest(self) -> None:
        """Move a long log into the file; a failure is no harm, the log stays as it is."""
        log = self.path.with_name(f"{self.path.name}-wal")
        with contextlib.suppress(OSError, sqlite3.Error):
            if log.stat().st_size > _LOG_BYTES:
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Let go of the file."""
        with contextlib.suppress(sqlite3.Error):
            self.connection.close()

    def _check(self) -> None:
        found = self.connection.execute("PRAGMA integrity_check(1)").fetchone()
        broken = self.connection.execute("PRAGMA foreign_key_check").fetchone()
        if found != ("ok",) or broken is not None:
            raise MemoryUnavailable(self.path, "damaged")

    def _migrate(self) -> None:
        """Bring an older schema up, one version after another, each whole or not at all."""
        (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise MemoryUnavailable(self.path, "newer")
        for number, commands in enumerate(MIGRATIONS[version:], version + 1):
            with self.transaction() as connection:
                for command in commands:
                    connection.execute(command)
                connection.execute(f"PRAGMA user_version = {number}")
        # Takes the lock also where there was nothing to do.
        with self.transaction():
            pass


def unavailable(path: Path, error: sqlite3.Error) -> MemoryUnavailable:
    """What an error of SQLite means to the owner."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return MemoryUnavailable(path, "failed")
    return MemoryUnavailable(path, _REASONS.get(code & _PRIMARY, "failed"))


def _is_read_only(path: Path) -> bool:
    there = path.parent.is_dir()
    return there and not os.access(path.parent, os.W_OK)


def _put_aside(path: Path) -> Path:
    """Rename a file with its log, which belongs to it alone."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        for tail in ("-wal", "-shm", ""):
            part = path.with_name(f"{path.name}{tail}")
            if part.exists():
                part.rename(aside.with_name(f"{aside.name}{tail}"))
    except OSError:
        raise MemoryUnavailable(path, "read_only") from None
    return aside
