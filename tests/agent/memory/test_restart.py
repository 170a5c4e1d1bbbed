from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from sanso.agent import Agent
from sanso.agent.memory.database import MemoryUnavailable
from sanso.agent.memory.memory import Memory
from sanso.agent.memory.wall_time import UnknownZone
from sanso.agent.wording import word_undo
from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import PURIFIER, Call, parse

MINUTE = 60.0
HOUR = 60 * MINUTE
NOTHING_TO_UNDO = word_undo(None, "en")


class RingBell(Call):
    """Ring the bell."""

    times: Literal["once", "twice"]


@pytest.mark.parametrize(
    "text",
    [
        "after(hours=2, minutes=0) -> set_power(state=off)",
        "at(time=23:00, repeat=once) -> set_light(level=off)",
        "at(time=07:00, repeat=weekdays) -> set_mode(mode=auto)",
        "lasting(hours=1, minutes=30) -> set_mode(mode=turbo)",
        "when(metric=pm25, above=500) -> set_mode(mode=turbo)",
    ],
)
def test_what_waits_outlives_the_process(home: Any, text: str) -> None:
    """Every kind of timer waits on after a restart, for the same moment."""
    home.do(text)
    before = home.agent.scheduler.snapshot()
    assert home.restart(MINUTE) == []
    assert before == home.agent.scheduler.snapshot()
    assert [e.armed for e in before] == [
        e.armed for e in home.agent.scheduler.snapshot()
    ]


def test_what_is_due_after_a_restart_comes_once(home: Any) -> None:
    """A timer that is not due yet at the start is carried out in its time, as if nothing had been."""
    home.do("after(hours=1, minutes=0) -> set_power(state=off)")
    assert home.restart(HOUR - 1) == []
    assert home.wait(1) == ["As scheduled: purifier turned off."]
    home.do("set_power(state=on)")
    assert home.restart(HOUR) == []
    assert (home.stands[0], home.waiting) == ("on", [])


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("set_power(state=off)", ("off", "manual", 2, "on")),
        ("set_fan_level(level=1)", ("on", "manual", 1, "on")),
        ("step_fan(by=-1)", ("on", "manual", 1, "on")),
        ("set_mode(mode=sleep)", ("on", "sleep", None, "on")),
        ("set_light(level=off)", ("on", "manual", 2, "off")),
    ],
)
def test_what_turns_down_is_carried_out_late(
    home: Any, call: str, expected: tuple[str, str, int | None, str]
) -> None:
    """An off or a lower setting that came due while nobody was there is carried out at the start, and told."""
    home.do(f"after(hours=1, minutes=0) -> {call}")
    (told,) = home.restart(3 * HOUR)
    assert told.startswith("This came due while I was stopped, and I did it now: ")
    assert (home.stands, home.waiting) == (expected, [])
    assert home.kinds == ["program", "overdue"]


@pytest.mark.parametrize(
    ("call", "settings"),
    [
        ("set_power(state=on)", {"power": "off"}),
        ("set_fan_level(level=1)", {"power": "off"}),
        ("set_fan_level(level=4)", {}),
        ("step_fan(by=+1)", {}),
        ("set_mode(mode=turbo)", {}),
        ("set_mode(mode=auto)", {}),
        ("set_light(level=on)", {"light": "off"}),
        ("set_option(option=child_lock, state=off)", {"child_lock": True}),
        ("give_tip(topic=sleep)", {}),
    ],
)
def test_what_turns_up_is_dropped_late(
    make_home: Any, call: str, settings: dict[str, Any]
) -> None:
    """An on or a higher setting that came due while nobody was there is not carried out, and that is told."""
    home = make_home(**settings)
    home.do(f"after(hours=1, minutes=0) -> {call}")
    before = home.purifier.state().settings()
    (told,) = home.restart(3 * HOUR)
    assert told.startswith("This came due while I was stopped, and I did not do it: ")
    assert (home.purifier.state().settings(), home.waiting) == (before, [])
    assert home.kinds == ["program", "missed"]


def test_a_schedule_that_was_missed_waits_for_its_next_day(home: Any) -> None:
    """Three mornings that were missed are told once, and the fourth comes."""
    home.do("at(time=12:00, repeat=daily) -> set_mode(mode=turbo)")
    assert len(home.restart(3 * 24 * HOUR)) == 1
    assert home.stands[1] == "manual"
    assert len(home.wait(3 * HOUR)) == 1
    assert home.stands[1] == "turbo"


@pytest.mark.parametrize(
    ("begin", "later", "expected"),
    [
        ("set_mode(mode=turbo)", "", ("on", "manual", 2, "on")),
        ("set_mode(mode=turbo)", "set_mode(mode=sleep)", ("on", "sleep", None, "on")),
        ("set_power(state=off)", "", ("off", "manual", 2, "on")),
    ],
)
def test_a_while_that_ended_meanwhile(
    home: Any, begin: str, later: str, expected: tuple[str, str, int | None, str]
) -> None:
    """The end of a while turns down what nobody changed since, and never turns on without anybody there."""
    home.do(f"lasting(hours=1, minutes=0) -> {begin}")
    if later:
        home.do(later)
    home.restart(2 * HOUR)
    assert (home.stands, home.waiting) == (expected, [])


@pytest.mark.parametrize(
    ("call", "kind", "fan"),
    [
        ("set_fan_level(level=1)", "overdue", 1),
        ("set_fan_level(level=5)", "interrupted", 2),
        ("step_fan(by=-1)", "interrupted", 2),
    ],
)
def test_what_was_cut_off_is_not_counted_twice(
    home: Any, call: str, kind: str, fan: int
) -> None:
    """What was claimed when the process ended is carried out again only where that does no harm; else it is told."""

    class PowerCut(BaseException):
        """The end."""

    def end(_: Any) -> Any:
        raise PowerCut

    home.do(f"after(hours=0, minutes=1) -> {call}")
    home.clocks.pass_(MINUTE)
    memory = home.agent.keeper.memory
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(home.purifier, "apply", end)
        # After the claim nothing is written any more: the power is gone.
        patch.setattr(home.agent.keeper, "try_commit", lambda *_, **__: [])
        with pytest.raises(PowerCut):
            home.agent.tick()
    assert memory is not None
    assert len(home.restart()) == 1
    assert (home.kinds[-1], home.purifier.state().fan) == (kind, fan)
    assert home.restart(HOUR) == []


@pytest.mark.parametrize(
    ("call", "expected", "kind"),
    [
        ("set_mode(mode=turbo)", "manual", "overdue"),
        ("set_mode(mode=sleep)", "sleep", "interrupted"),
    ],
)
def test_what_was_only_begun_does_not_last_for_ever(
    home: Any, call: str, expected: str, kind: str
) -> None:
    """Cut off between an act for a while and the storing of its end, the act is put back where that turns down, or told."""

    class PowerCut(BaseException):
        """The end."""

    def end(*_: Any, **__: Any) -> Any:
        raise PowerCut

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(home.agent.keeper, "commit", end)
        with pytest.raises(PowerCut):
            home.do(f"lasting(hours=1, minutes=0) -> {call}")
    assert home.stands[1] in call
    assert len(home.restart()) == 1
    assert (home.stands[1], home.waiting) == (expected, [])
    assert home.kinds == [kind]
    assert home.restart(2 * HOUR) == []
    assert home.stands[1] == expected


def test_undo_goes_back_behind_a_restart(home: Any) -> None:
    """Steps of before a restart are undone one by one, the timers among them too."""
    home.do("set_fan_level(level=3)")
    home.do("set_light(level=off); after(hours=9, minutes=0) -> set_power(state=off)")
    home.restart(HOUR)
    assert home.do("undo()").endswith("Cancelled: power off in 8 hours.")
    assert (home.stands, home.waiting) == (("on", "manual", 3, "on"), [])
    home.restart()
    home.do("undo()")
    assert home.stands == ("on", "manual", 2, "on")
    home.restart()
    assert home.do("undo()") == NOTHING_TO_UNDO


def test_undo_behind_a_restart_leaves_what_others_changed(home: Any) -> None:
    """After a restart only that is undone which is still as the program left it."""
    home.do("set_fan_level(level=3); set_light(level=off)")
    home.drop()
    home.purifier.press("fan")
    home.begin()
    home.do("undo()")
    assert home.stands == ("on", "manual", 4, "on")
    assert home.do("undo()") == NOTHING_TO_UNDO


def test_a_step_that_is_no_longer_true_is_passed_over(home: Any) -> None:
    """An undo after a restart reaches the last step of which anything is left."""
    home.do("set_light(level=off)")
    home.do("set_fan_level(level=3)")
    home.drop()
    home.purifier.press("fan")
    home.begin()
    home.do("undo()")
    assert home.stands == ("on", "manual", 4, "on")


def test_each_source_has_its_own_steps_again(home: Any) -> None:
    """After a restart an undo takes back the last program of its own source."""
    home.do("set_light(level=off)", source="panel")
    home.do("set_fan_level(level=5)", source="phone")
    home.restart()
    home.do("undo()", source="panel")
    assert home.stands == ("on", "manual", 5, "on")
    assert home.do("undo()", source="door") == NOTHING_TO_UNDO


def test_ten_steps_are_kept(home: Any) -> None:
    """Ten steps can be undone after a restart, no more."""
    for n in range(12):
        home.do(f"set_fan_level(level={3 + n % 2})")
    home.restart()
    undone = [home.do("undo()") for _ in range(11)]
    assert [words == NOTHING_TO_UNDO for words in undone] == [False] * 10 + [True]


def test_no_undo_reaches_behind_a_new_filter(make_home: Any) -> None:
    """What was before the reset of the filter counter is not undone after a restart either."""
    home = make_home(filter=80)
    home.do("set_light(level=off)")
    home.do("reset_filter()")
    home.do("answer(value=yes)")
    home.restart()
    assert home.do("undo()") == NOTHING_TO_UNDO


def test_a_question_does_not_outlive_the_process(make_home: Any) -> None:
    """A yes to another process answers nothing."""
    home = make_home(filter=80)
    home.do("reset_filter()")
    home.restart()
    home.do("answer(value=yes)")
    assert home.purifier.state().filter_percent == 80


def test_a_row_that_cannot_be_read_is_kept_aside(make_home: Any) -> None:
    """A timer of a call that does not exist any more is told, kept, and hinders no other."""
    home = make_home(calls=PURIFIER.adding(RingBell))
    home.do("after(hours=1, minutes=0) -> ring_bell(times=once)")
    home.do("after(hours=2, minutes=0) -> set_power(state=off)")
    home.calls = PURIFIER
    (told,) = home.restart()
    assert told.startswith("I could not read 1 timer in my memory")
    assert home.waiting == ["after(hours=2, minutes=0) -> set_power(state=off)"]
    assert home.restart() == []
    home.drop()
    file = sqlite3.connect(home.path)
    (kind, row, reason), *_ = file.execute("SELECT kind, row, reason FROM aside")
    file.close()
    assert (kind, json.loads(row)["statement"]) == (
        "timer",
        "after(hours=1, minutes=0) -> ring_bell(times=once)",
    )
    assert "ring_bell" in reason


def test_another_zone_is_another_moment(home: Any) -> None:
    """A clock time is kept, not its moment: in another zone it comes by that zone's clock."""
    home.do("at(time=23:00, repeat=once) -> set_power(state=off)")
    for zone, expected in (
        ("Asia/Seoul", "2026-06-01T14:00"),
        ("Europe/Berlin", "2026-06-01T21:00"),
        ("America/New_York", "2026-06-01T03:00"),
    ):
        home.zone = zone
        home.restart()
        (entry,) = home.agent.scheduler.snapshot()
        shown = datetime.fromtimestamp(entry.due, UTC)
        assert expected == shown.isoformat()[:16]


def test_an_unknown_zone_is_said() -> None:
    """A zone that does not exist is an error that names it."""
    purifier = SimulatedPurifier(clock=ScriptedClock())
    with pytest.raises(UnknownZone, match="Asia/Soul"):
        Agent(None, purifier, zone="Asia/Soul")


def test_two_agents_do_not_share_a_memory(home: Any) -> None:
    """While an agent has the memory no other process gets it, and the error says so."""
    with pytest.raises(MemoryUnavailable, match="another process uses it") as caught:
        Memory.open(home.path)
    assert (caught.value.reason, caught.value.path) == ("locked", home.path)


def test_without_a_memory_nothing_is_written(tmp_path: Path) -> None:
    """An agent without a memory leaves no file, and forgets."""
    purifier = SimulatedPurifier(clock=ScriptedClock())
    with Agent(None, purifier) as agent:
        agent.carry_out(parse("after(hours=1, minutes=0) -> set_power(state=off)"))
        assert agent.keeper.memory is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.engine
def test_an_agent_is_opened_with_its_memory(tmp_path: Path) -> None:
    """A path is all that is needed; a path that cannot be used is told, and hinders no command."""
    path = tmp_path / "kept" / "memory.db"
    off = parse("after(hours=9, minutes=0) -> set_power(state=off)")
    for _ in range(2):
        with Agent.open("sim:", lang="en", memory=path, zone="Asia/Seoul") as agent:
            agent.carry_out(off)
            assert len(agent.scheduler.snapshot()) == 1
    with Agent.open("sim:", lang="en", memory=Path("/proc/none/memory.db")) as agent:
        (told,) = agent.tick()
        assert told.startswith("I can't use my memory")
        agent.carry_out(parse("set_light(level=off)"))
        assert agent.purifier.state().light == "off"
