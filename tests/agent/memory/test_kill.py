"""Killed at any moment: what was promised is kept, what was done is not done again, the file is whole."""

from __future__ import annotations

import json
import os
import selectors
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from sanso.agent.memory.memory import Memory

KILLS = int(os.environ.get("SANSO_KILLS", "12"))
CHILD = Path(__file__).with_name("busy_child.py")
START = 1_800_000_000.0
LONGEST_SECONDS = 0.5
MOST = 6
"""So many times the kills, until enough was done between them."""


class Ledger:
    """What the parent knows of the marks, from what the children said."""

    def __init__(self) -> None:
        """Know nothing."""
        self.tried: set[int] = set()
        self.promised: set[int] = set()
        self.dropped: set[int] = set()
        self.doubtful: set[int] = set()
        """Being dropped when the process was killed: gone or not, both are right."""
        self.next = 0
        self.now = START
        self.done = 0

    def read(self, lines: list[dict[str, Any]]) -> None:
        """Take in what one child said before it was killed."""
        dropping: list[int] = []
        for line in lines:
            self.now = max(self.now, line.get("now", 0.0))
            self.done += "done" in line
            if "try_" in line:
                self.tried.add(line["try_"])
                self.next = max(self.next, line["try_"] + 1)
            if "promised" in line:
                self.promised.add(line["promised"])
            if "dropping" in line:
                dropping = line["dropping"]
            if "dropped" in line:
                self.dropped.update(dropping)
                dropping = []
        self.doubtful.update(dropping)


def run_and_kill(
    path: Path, deeds: Path, rng: Random, ledger: Ledger
) -> list[dict[str, Any]]:
    """Let a child work for a random while after its start, and kill it; what it said."""
    command = [sys.executable, str(CHILD), str(path), str(deeds)]
    numbers = [str(rng.randrange(1 << 30)), str(ledger.next), repr(ledger.now + 1.0)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [*command, *numbers], stdout=subprocess.PIPE, env=environment
    ) as child:
        assert child.stdout is not None
        heard = child.stdout.readline()
        assert heard, "the child did not start"
        with selectors.DefaultSelector() as waiting:
            # Read on, so that the child is never stopped by a full pipe.
            waiting.register(child.stdout, selectors.EVENT_READ)
            until = time.monotonic() + rng.random() * LONGEST_SECONDS
            while (left := until - time.monotonic()) > 0:
                if waiting.select(left):
                    heard += os.read(child.stdout.fileno(), 1 << 16)
        child.kill()
        heard += child.stdout.read()
    lines = heard.split(b"\n")[:-1]  # what follows the last end of line was cut off
    return [json.loads(line) for line in lines]


def number_of(text: str) -> int | None:
    """Tell the number of a mark in a statement."""
    _, found, rest = text.partition("mark(number=")
    return int(rest.rstrip(")")) if found else None


def waiting_in(path: Path) -> list[tuple[int, bool]]:
    """Read the marks that wait from the file as it is, each with whether it is claimed."""
    file = sqlite3.connect(path)
    rows = file.execute("SELECT statement, claimed FROM timers").fetchall()
    assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    file.close()
    found = [(number_of(text), bool(claimed)) for text, claimed in rows]
    return [(number, claimed) for number, claimed in found if number is not None]


def ends_in(path: Path) -> dict[int, list[str]]:
    """Read from the journal how marks ended."""
    memory = Memory.open(path)
    ends: dict[int, list[str]] = {}
    for line in memory.lines():
        row = json.loads(line)
        number = number_of(row["program"])
        if row["kind"] != "program" and number is not None:
            ends.setdefault(number, []).append(row["kind"])
    memory.close()
    return ends


def test_a_kill_at_any_moment(tmp_path: Path) -> None:
    """After each kill: nothing promised is lost, nothing is done twice, and only what is stored was promised."""
    path, deeds = tmp_path / "memory.db", tmp_path / "deeds"
    deeds.touch()
    rng, ledger = Random(KILLS), Ledger()
    ends: dict[int, list[str]] = {}
    for number in range(MOST * KILLS):
        enough = ledger.done and len(ledger.promised) > KILLS
        if number >= KILLS and enough and any(k == ["due"] for k in ends.values()):
            break  # on a busy machine a child may be killed before it has done anything
        ledger.read(run_and_kill(path, deeds, rng, ledger))
        waiting = waiting_in(path)
        # The journal is bounded: in a long run it forgets ends that were seen in it before.
        ends |= ends_in(path)
        marked = Counter(int(line) for line in deeds.read_text().split())
        here = Counter(number for number, _ in waiting)
        claimed = {number for number, cut_off in waiting if cut_off}
        assert set(marked.values()) <= {1}
        assert set(here.values()) <= {1}
        assert all(len(kinds) == 1 for kinds in ends.values())
        assert not here.keys() & ends.keys()
        assert not (ledger.dropped - ledger.doubtful) & here.keys()
        gone = ledger.dropped | ledger.doubtful
        assert ledger.promised <= here.keys() | ends.keys() | gone
        assert here.keys() | ends.keys() <= ledger.tried
        # What was marked is in the journal, or claimed when the process ended; what the journal calls done was marked.
        assert marked.keys() <= claimed | ends.keys()
        carried = {n for n, kinds in ends.items() if kinds == ["due"]}
        assert carried <= marked.keys()
        missed = {n for n, kinds in ends.items() if kinds == ["missed"]}
        assert not missed & marked.keys()
    assert ledger.done > 0
    assert len(ledger.promised) > KILLS
    assert any(kinds == ["due"] for kinds in ends.values())
