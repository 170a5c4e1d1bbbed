from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sanso.agent import Agent
from sanso.agent.memory.database import MemoryUnavailable
from sanso.agent.wording import (
    word_gone,
    word_trouble,
    word_unkept,
    word_unkept_drop,
)
from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import parse

from .conftest import KeptHome

MINUTE = 60.0
HOUR = 60 * MINUTE
AFTER = "after(hours=2, minutes=0) -> set_power(state=off)"
Breaking = Callable[[Any], contextlib.AbstractContextManager[None]]


def connection(home: Any) -> sqlite3.Connection:
    """Reach SQLite itself."""
    found: sqlite3.Connection = home.agent.keeper.memory.journal._connection
    return found


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of 1 MiB of its own; a folder where this process may not make one."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    place = tmp_path / "disk"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", "size=1m", "tmpfs"]
    made = mount and umount and os.geteuid() == 0
    if made:
        result = subprocess.run([mount, *options, place], check=False)  # type: ignore[list-item]
        made = result.returncode == 0
    yield place
    if made:
        subprocess.run([umount, place], check=True)  # type: ignore[list-item]


@pytest.fixture
def home(disk: Path) -> Iterator[KeptHome]:
    """Give a home whose memory is on that disk."""
    home = KeptHome(disk / "memory.db")
    yield home
    home.drop()


@contextlib.contextmanager
def full(home: Any) -> Iterator[None]:
    """Leave no room on the disk."""
    place = home.path.parent
    if not place.is_mount():
        pytest.skip("this process may not mount a disk of its own")
    filling = place / "filling"
    with contextlib.suppress(OSError), filling.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    yield
    filling.unlink()


@contextlib.contextmanager
def failing(home: Any) -> Iterator[None]:
    """Let the system refuse to make any file longer than the log is."""
    log = home.path.with_name(f"{home.path.name}-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@contextlib.contextmanager
def read_only(home: Any) -> Iterator[None]:
    """Let SQLite refuse to write, as on a disk that was mounted read-only after an error."""
    connection(home).execute("PRAGMA query_only = ON")
    yield
    connection(home).execute("PRAGMA query_only = OFF")


BREAKINGS = pytest.mark.parametrize(
    ("breaking", "reason"),
    [(full, "full"), (failing, "failed"), (read_only, "read_only")],
)


@BREAKINGS
def test_no_timer_is_promised_that_cannot_be_stored(
    home: Any, breaking: Breaking, reason: str
) -> None:
    """A timer that cannot be stored is refused with the reason, and waits nowhere, now or later."""
    with breaking(home):
        for text in (
            AFTER,
            "at(time=23:00, repeat=daily) -> set_power(state=off)",
            "when(metric=pm25, above=500) -> set_mode(mode=turbo)",
        ):
            words = word_unkept(parse(text).statements[0], reason, "en")
            assert words == home.do(text)
            assert home.waiting == []
            assert home.do("query(item=timer)") == "No timer is set."
            assert home.do("undo()") == "There is nothing to undo."
    assert home.restart() == []
    assert home.waiting == []


@BREAKINGS
def test_direct_commands_are_obeyed_as_ever(
    home: Any, breaking: Breaking, reason: str
) -> None:
    """What is to be done at once is done, told as done, and can be undone; the trouble is told once."""
    with breaking(home):
        trouble = word_trouble(reason, "en")
        assert home.do("set_fan_level(level=4)") == f"{trouble} Fan set to level 4."
        assert home.do("set_light(level=off)") == "Light turned off."
        assert home.agent.tick() == []
        home.do("undo()")
        assert home.stands == ("on", "manual", 4, "on")
    assert home.do("set_light(level=dim)") == "Light dimmed."
    home.restart()
    home.do("undo()")
    home.do("undo()")
    assert home.stands == ("on", "manual", 2, "on")


@BREAKINGS
def test_a_program_does_what_it_can(home: Any, breaking: Breaking, reason: str) -> None:
    """Of a program the direct part is done, and only the rest is refused; an undo takes back just that."""
    with breaking(home):
        words = home.do(f"set_fan_level(level=4); {AFTER}")
        unkept = word_unkept(parse(AFTER).statements[0], reason, "en")
        assert words == f"Fan set to level 4. {unkept}"
        home.do("undo()")
    assert (home.stands, home.waiting) == (("on", "manual", 2, "on"), [])


@BREAKINGS
def test_nothing_is_begun_that_would_not_end(
    home: Any, breaking: Breaking, reason: str
) -> None:
    """What is to last for a while is not begun where its end cannot be stored."""
    statement = parse("lasting(hours=0, minutes=30) -> set_mode(mode=turbo)")
    with breaking(home):
        words = word_unkept(statement.statements[0], reason, "en")
        assert words == home.do(statement.render())
    assert (home.stands, home.waiting) == (("on", "manual", 2, "on"), [])


def test_what_was_begun_is_ended_where_the_disk_fails_in_between(home: Any) -> None:
    """Where the disk fails after the act, the act is taken back."""
    text = "lasting(hours=0, minutes=30) -> set_mode(mode=turbo)"
    with contextlib.ExitStack() as broken:

        def apply(call: Any) -> Any:
            broken.enter_context(read_only(home))
            return SimulatedPurifier.apply(home.purifier, call)

        home.purifier.apply = apply
        told = home.do(text)
    assert told == word_unkept(parse(text).statements[0], "read_only", "en")
    assert (home.stands, home.waiting) == (("on", "manual", 2, "on"), [])
    assert home.do("undo()") == "There is nothing to undo."


@BREAKINGS
def test_a_timer_that_would_be_replaced_stays(
    home: Any, breaking: Breaking, reason: str
) -> None:
    """A new time that cannot be stored leaves the old one, which is stored."""
    home.do(AFTER)
    home.wait(HOUR)
    with breaking(home):
        unkept = word_unkept(parse(AFTER).statements[0], reason, "en")
        assert home.do(AFTER).endswith(unkept)
        assert len(home.waiting) == 1
    assert home.wait(HOUR - 1) == [] or reason
    home.wait(1)
    assert home.stands[0] == "off"


@BREAKINGS
def test_a_cancelling_that_cannot_be_stored(
    home: Any, breaking: Breaking, reason: str
) -> None:
    """Timers that were cancelled are gone, and it is said that a restart may bring them back."""
    home.do(AFTER)
    with breaking(home):
        told = home.do("cancel_timer()")
        assert told.endswith(word_unkept_drop(reason, "en"))
        assert home.waiting == []
    # As soon as the disk works again, that is stored too.
    home.do("query(item=timer)")
    home.restart()
    assert home.waiting == []


@BREAKINGS
def test_what_comes_due_meanwhile(home: Any, breaking: Breaking, reason: str) -> None:
    """What turns down is carried out although it cannot be noted; what turns up is not, and that is told."""
    home.do("after(hours=0, minutes=1) -> set_light(level=off)")
    home.do("after(hours=0, minutes=2) -> set_mode(mode=turbo)")
    with breaking(home):
        trouble, light, mode = home.wait(3 * MINUTE)
        assert trouble == word_trouble(reason, "en")
        assert light == "As scheduled: light turned off."
        assert mode.startswith("This came due, and I did not do it")
    assert home.stands == ("on", "manual", 2, "off")
    home.wait(1)
    assert home.restart(HOUR) == []


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_an_agent_without_its_memory(lang: Any) -> None:
    """Where the memory cannot be opened, the agent says so first, obeys, and takes no timers."""
    clock = ScriptedClock()
    error = MemoryUnavailable(Path("memory.db"), "read_only")
    purifier = SimulatedPurifier.from_settings({"fan": 2}, clock=clock)
    with Agent(None, purifier, lang=lang, memory=error) as agent:
        assert agent.tick() == [word_gone("read_only", lang)]
        agent.carry_out(parse("set_fan_level(level=4)"))
        assert purifier.state().fan == 4
        told = agent.carry_out(parse(AFTER)).words
        assert told == word_unkept(parse(AFTER).statements[0], "read_only", lang)
        assert agent.scheduler.snapshot() == ()
        assert agent.tick() == []


def test_the_journal_holds_no_promise_that_was_not_kept(home: Any) -> None:
    """What could not be stored is in no row, also when the disk works again."""
    with read_only(home):
        home.do(AFTER)
    home.do("set_light(level=off)")
    memory = home.agent.keeper.memory
    rows = [json.loads(line) for line in memory.lines()]
    assert [row["program"] for row in rows] == ["set_light(level=off)"]
