from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sanso.agent import Decision, Evidence
from sanso.agent.evidence import Choice, Option
from sanso.agent.memory.database import Database
from sanso.agent.memory.journal import Event, Journal
from sanso.devices import WriteFaults
from sanso.grammars import parse

MINUTE = 60.0


class Listener:
    """An engine that decides what it was told."""

    def __init__(self, program: str, evidence: Evidence) -> None:
        """Know one program."""
        self._decision = Decision(parse(program), evidence, 1.0)

    def decide(self, *_: Any, **__: Any) -> Decision:
        """Return it."""
        return self._decision

    def close(self) -> None:
        """Do nothing: there is no model."""


def test_every_program_is_noted(home: Any) -> None:
    """A row has the sentence, the program, how sure the model was, the settings before and after, and the answer."""
    choice = Choice("x", 0.9, 0.8, (Option("y", 0.1),))
    engine: Any = Listener("set_light(level=off)", Evidence((choice,), tokens=7))
    home.agent.engine = engine
    reply = home.agent.say("Lights out, please", source="phone")
    (row,) = home.journal
    assert (row["kind"], row["source"], row["sentence"], row["program"]) == (
        *("program", "phone"),
        *("lights out, please", "set_light(level=off)"),
    )
    assert row["evidence"] == {
        "confidence": 0.9,
        "legal_mass": 0.8,
        "margin": 0.8,
        "choices": 1,
        "tokens": 7,
    }
    assert (row["before"]["light"], row["after"]["light"]) == ("on", "off")
    assert row["words"] == reply.words
    assert row["at"] == "2026-06-01T00:00:00.000+00:00"


def test_what_came_due_is_noted(home: Any) -> None:
    """A timer leaves two rows: that it was set, and that it was carried out."""
    home.do("after(hours=0, minutes=1) -> set_power(state=off)")
    home.wait(MINUTE)
    assert home.kinds == ["program", "due"]
    row = home.journal[-1]
    assert row["program"] == "after(hours=0, minutes=1) -> set_power(state=off)"
    assert (row["before"]["power"], row["after"]["power"]) == (True, False)


def test_what_others_change_is_not_ours(home: Any) -> None:
    """A button on the panel is noted at the next look, with only what it changed, and belongs to no source."""
    home.agent.tick()
    home.purifier.press("fan")
    home.agent.tick()
    home.agent.tick()
    (row,) = home.journal
    assert (row["kind"], row["source"], row["program"]) == ("not_ours", "", "")
    assert (row["before"], row["after"]) == ({"fan": 2}, {"fan": 3})
    assert home.do("undo()") == "There is nothing to undo."


def test_what_others_change_between_our_commands_is_not_ours(home: Any) -> None:
    """Our own changes are never taken for those of others, nor the other way round."""
    home.do("set_light(level=off)")
    home.purifier.press("fan")
    home.do("set_power(state=off)")
    home.do("after(hours=0, minutes=1) -> set_power(state=on)")
    home.wait(MINUTE)
    assert home.kinds == ["program", "not_ours", "program", "program", "due"]


def test_what_others_change_while_nobody_looks_is_noted_at_the_start(home: Any) -> None:
    """A change between two runs of the agent is noted by the second."""
    home.do("set_light(level=off)")
    home.drop()
    home.purifier.press("power")
    home.begin().tick()
    assert home.kinds == ["program", "not_ours"]
    assert home.journal[-1]["after"] == {"power": False}


def test_a_purifier_that_was_away_did_not_change(home: Any) -> None:
    """A lost link is no change of settings; what was changed behind it is noted when it is back."""
    home.do("set_light(level=off)")
    home.purifier.write_faults = WriteFaults(offline=True)
    home.agent.tick()
    home.purifier.press("fan")
    home.agent.tick()
    assert home.kinds == ["program"]
    home.purifier.write_faults = WriteFaults()
    home.agent.tick()
    assert home.kinds == ["program", "not_ours"]


def test_a_write_that_is_reported_late_is_ours(home: Any) -> None:
    """What was written and not confirmed may still come true, and is not blamed on others."""
    home.purifier.write_faults = WriteFaults(ignore_writes=True)
    home.do("set_fan_level(level=3)")
    home.purifier.write_faults = WriteFaults()
    home.purifier.press("fan")  # stands for the late arrival
    home.wait(5)
    assert home.kinds == ["program"]
    home.wait(MINUTE)
    home.purifier.press("fan")
    home.wait(1)
    assert home.kinds == ["program", "not_ours"]


def filled(path: Path, events: int, **limits: int) -> tuple[list[dict[str, Any]], int]:
    """Write events; the rows that are left and their size."""
    database = Database.open(path)
    journal = Journal(database.connection, **limits)
    for n in range(events):
        with database.transaction():
            journal.write(Event(float(n), "program", words="x" * 200))
    rows = [json.loads(line) for line in journal.lines()]
    query = "SELECT SUM(bytes) FROM journal"
    (size,) = database.connection.execute(query).fetchone()
    database.close()
    return rows, size


@pytest.mark.parametrize(
    "limits",
    [{"most_rows": 100}, {"most_bytes": 30_000}, {"most_rows": 1}],
)
def test_it_is_bounded(tmp_path: Path, limits: dict[str, int]) -> None:
    """The oldest rows go when there are too many, by number or by size; the last one never."""
    rows, size = filled(tmp_path / "memory.db", 350, **limits)
    assert 0 < len(rows) <= limits.get("most_rows", 350)
    assert size <= limits.get("most_bytes", size)
    numbers = [row["number"] for row in rows]
    assert numbers == list(range(numbers[0], 351))


def test_a_row_is_short_whatever_was_said(home: Any) -> None:
    """A source of any length costs two thousand characters at most."""
    home.do("set_light(level=off)", source="x" * 100_000)
    assert len(home.journal[0]["source"]) == 2000


def test_an_error_of_ones_own_leaves_its_row(home: Any) -> None:
    """What a program did before a function raised is noted, and can be undone after a restart."""

    def fail(_: Any) -> str:
        raise OSError("gone")

    home.agent.on(type(parse("set_power(state=off)").calls()[0]), fail)
    with pytest.raises(OSError, match="gone"):
        home.do("set_light(level=off); set_power(state=off)")
    assert home.journal[-1]["after"]["light"] == "off"
    home.restart()
    home.do("undo()")
    assert home.stands[3] == "on"


def test_a_command_costs_one_flush(home: Any) -> None:
    """A command without timers begins one transaction that writes, no more."""
    home.agent.tick()
    begun: list[str] = []
    connection = home.agent.keeper.memory.journal._connection
    connection.set_trace_callback(begun.append)
    home.do("set_fan_level(level=4)")
    connection.set_trace_callback(None)
    assert [text for text in begun if text == "COMMIT"] == ["COMMIT"]
