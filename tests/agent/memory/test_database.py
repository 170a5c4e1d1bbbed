from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sanso.agent import Agent
from sanso.agent.errors import AgentError
from sanso.agent.memory.database import Database, MemoryUnavailable
from sanso.agent.memory.schema import MIGRATIONS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a place for a file, in a folder that is not there yet."""
    return tmp_path / "kept" / "memory.db"


def pragma(database: Database, name: str) -> Any:
    """Read a setting of SQLite."""
    return database.connection.execute(f"PRAGMA {name}").fetchone()[0]


def written(path: Path) -> None:
    """Make a file with a fact in it."""
    database = Database.open(path)
    with database.transaction() as connection:
        connection.execute("INSERT INTO facts VALUES ('a', '1')")
    database.close()


def facts(database: Database) -> dict[str, str]:
    """Read all facts."""
    return dict(database.connection.execute("SELECT name, value FROM facts"))


def test_it_is_opened_to_survive_a_power_cut(path: Path) -> None:
    """A commit is on the disk when it returns: write-ahead log, every flush, foreign keys kept."""
    database = Database.open(path)
    assert (pragma(database, "journal_mode"), pragma(database, "synchronous")) == (
        "wal",
        2,
    )
    assert pragma(database, "foreign_keys") == 1
    assert pragma(database, "user_version") == len(MIGRATIONS)
    assert path.stat().st_mode & 0o077 == 0
    database.close()


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    """What fails in the middle leaves nothing, and the next one works."""
    written(path)
    database = Database.open(path)

    def fail() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO facts VALUES ('b', '2')")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert facts(database) == {"a": "1"}
    with database.transaction() as connection:
        connection.execute("INSERT INTO facts VALUES ('c', '3')")
    assert facts(database) == {"a": "1", "c": "3"}
    database.close()


def spoil_all(path: Path) -> None:
    """Write over everything."""
    path.write_bytes(b"no database at all " * 500)


def spoil_middle(path: Path) -> None:
    """Write over a page in the middle."""
    content = bytearray(path.read_bytes())
    content[4096 : 4096 + 64] = os.urandom(64)
    path.write_bytes(bytes(content))


def cut_off(path: Path) -> None:
    """Lose the end."""
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize("spoil", [spoil_all, spoil_middle, cut_off])
def test_a_damaged_file_is_set_aside(path: Path, spoil: Callable[[Path], None]) -> None:
    """What cannot be read is kept under another name, byte for byte, and a new file is begun."""
    written(path)
    spoil(path)
    content = path.read_bytes()
    database = Database.open(path)
    assert database.set_aside == path.with_name("memory.db.damaged-1")
    assert database.set_aside.read_bytes() == content
    assert facts(database) == {}
    database.close()
    spoil(path)
    again = Database.open(path)
    assert again.set_aside == path.with_name("memory.db.damaged-2")
    again.close()


def test_an_agent_says_that_its_memory_was_damaged(make_home: Any) -> None:
    """The first that is told behind a damage is the damage, with the name of what was kept."""
    home = make_home()
    home.do("after(hours=1, minutes=0) -> set_power(state=off)")
    home.drop()
    spoil_all(home.path)
    told = home.begin().tick()
    assert told == [
        (
            "My memory was damaged, so I began a new one. Timers from before are lost, "
            "and the old file is kept as 0.db.damaged-1."
        )
    ]
    assert home.waiting == []


def test_a_newer_file_is_left_alone(path: Path) -> None:
    """A file of a later version is neither read nor set aside."""
    written(path)
    file = sqlite3.connect(path)
    file.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    file.commit()
    file.close()
    content = path.read_bytes()
    with pytest.raises(MemoryUnavailable, match="newer version") as caught:
        Database.open(path)
    assert (caught.value.reason, path.read_bytes()) == ("newer", content)


def test_a_schema_is_brought_up_step_by_step(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older file keeps what it holds when a later version opens it; a step that fails leaves it as it was."""
    written(path)
    module = "sanso.agent.memory.database.MIGRATIONS"
    broken = (*MIGRATIONS, ("CREATE TABLE more (x)", "CREATE TABLE facts (y)"))
    monkeypatch.setattr(module, broken)
    with pytest.raises(MemoryUnavailable):
        Database.open(path)
    monkeypatch.setattr(module, (*MIGRATIONS, ("CREATE TABLE more (x)",)))
    database = Database.open(path)
    assert (pragma(database, "user_version"), facts(database)) == (2, {"a": "1"})
    database.close()


def test_a_place_that_is_none() -> None:
    """A path that leads nowhere is an error of one line that names it."""
    with pytest.raises(AgentError) as caught:
        Database.open(Path("/proc/nowhere/memory.db"))
    assert "/proc/nowhere/memory.db" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_long_log_is_moved_in_quiet_moments_only(path: Path) -> None:
    """Commands do not pay for tidying: the log grows until somebody rests, and is short after that."""
    database = Database.open(path)
    log = path.with_name("memory.db-wal")
    for n in range(400):
        with database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO facts VALUES ('long', ?)",
                ("x" * 4000 + str(n),),
            )
    assert log.stat().st_size > 1 << 19
    database.rest()
    assert log.stat().st_size == 0
    assert facts(database)["long"].endswith("399")
    database.close()


@pytest.fixture
def sealed(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a place on a disk on which nothing can be made."""

    def refuse(*_: Any, **__: Any) -> int:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    path.parent.mkdir()
    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "access", lambda *_: False)
    yield path
    monkeypatch.undo()


def test_a_read_only_disk_is_said(sealed: Path) -> None:
    """Where nothing can be made, the error says that, and an agent obeys all the same."""
    with pytest.raises(MemoryUnavailable, match="read-only") as caught:
        Database.open(sealed)
    assert caught.value.reason == "read_only"


def test_a_memory_in_use_is_no_reason_to_go_on_without(make_home: Any) -> None:
    """An agent that would share its memory with another does not start."""
    home = make_home()
    with pytest.raises(MemoryUnavailable, match="another process"):
        Agent.open("sim:", memory=home.path)
