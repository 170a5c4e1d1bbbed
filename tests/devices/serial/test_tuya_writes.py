"""Writes to a Tuya controller: confirmed, refused, repeated, paced and given up."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from sanso.devices.serial.tuya_frames import Command, Frame
from sanso.devices.serial.write import End

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.devices.serial.conftest import Wire


def test_write_is_confirmed_by_its_report(start: Callable[..., Wire]) -> None:
    """A write goes out at once, and only the report of its value confirms it."""
    wire = start()
    write = wire.write("power", 1)
    wire.run(0.1)
    assert bytes.fromhex("55aa0006000501010001010e") == wire.sent[0][1].to_bytes()
    wire.report("pm25", 30)
    wire.report("child_lock", 1)
    assert write.end is None
    wire.report("power", 1)
    assert End.CONFIRMED is write.end
    assert wire.written() == [(1, 1)]


@pytest.mark.parametrize("last_words", [None, 0])
def test_silence_and_the_old_value(
    last_words: int | None, start: Callable[..., Wire]
) -> None:
    """A write asks once, is sent thrice at most, and ends within 2 s: nobody knows, or no."""
    wire = start()
    if last_words is not None:
        old = Frame(Command.REPORT, wire.unit("power", last_words), 3).to_bytes()
        wire.answers |= {Command.SET: [old], Command.QUERY: [old]}
    write = wire.write("power", 1)
    wire.run(1.99)
    assert write.end is None
    commands = [frame.command for _, frame in wire.sent]
    assert commands[:5] == [6, 8, 6, 8, 6]
    assert commands.count(6) == 3
    wire.run(0.1)
    assert (End.UNCONFIRMED if last_words is None else End.REJECTED) is write.end
    assert write.sendings == 3
    wire.run(10)
    assert wire.written() == [(1, 1)] * 3


def test_another_value_rejects_when_it_is_said_twice(
    start: Callable[..., Wire],
) -> None:
    """Neither the old value nor the new one: it asks at once, and the answer decides."""
    wire = start()
    wire.report("fan_level", 0)
    write = wire.write("fan_level", 3)
    wire.run(0.1)
    wire.report("fan_level", 0)
    assert write.end is None
    wire.report("fan_level", 2)
    assert wire.run(0.1) == [Command.QUERY]
    assert write.end is None
    wire.report("fan_level", 2)
    assert write.end is End.REJECTED


def test_crossing_report_rejects_nothing(start: Callable[..., Wire]) -> None:
    """A report that was on its way before the write came is no refusal."""
    wire = start()
    wire.report("fan_level", 0)
    write = wire.write("fan_level", 3)
    wire.run(0.1)
    wire.report("fan_level", 2)
    wire.report("fan_level", 3)
    assert write.end is End.CONFIRMED


def test_asked_value_confirms(start: Callable[..., Wire]) -> None:
    """A controller that does not report by itself confirms when it is asked."""
    wire = start()
    wire.answers[Command.QUERY] = [
        Frame(Command.REPORT, wire.unit("power", 1), 3).to_bytes()
    ]
    write = wire.write("power", 1)
    wire.run(0.7)
    assert (write.end, write.sendings) == (End.CONFIRMED, 1)
    assert wire.session.known["power"].source == "query"


def test_settling_gives_more_time(start: Callable[..., Wire]) -> None:
    """Where an attribute settles for a second, nothing is repeated before."""
    wire = start()
    wire.write("fan_level", 3)
    wire.run(0.99)
    assert [frame.command for _, frame in wire.sent] == [6]


def test_long_settling_is_waited_for(start: Callable[..., Wire]) -> None:
    """Within the time in which the old value may still be reported, it is no refusal."""
    wire = start(settle_ms={"fan_level": 3000})
    wire.report("fan_level", 0)
    write = wire.write("fan_level", 3)
    wire.run(0.1)
    wire.report("fan_level", 0)
    wire.run(2.6)
    assert End.REJECTED is not write.end


def test_filter_reset_is_sent_once(start: Callable[..., Wire]) -> None:
    """A filter's counter is reset once, whatever comes; its report of 100 % confirms."""
    wire = start()
    wire.report("filter_percent", 12)
    silent = wire.write("filter_reset", 1)
    wire.run(4)
    assert End.UNCONFIRMED is silent.end
    assert wire.written() == [(11, 1)]
    write = wire.write("filter_reset", 1)
    wire.run(0.2)
    wire.report("filter_percent", 12)
    wire.report("filter_reset", 1)
    assert write.end is None
    wire.report("filter_percent", 100)
    assert End.CONFIRMED is write.end


def test_old_full_filter_confirms_nothing(start: Callable[..., Wire]) -> None:
    """A 100 % that was reported before the reset does not confirm it."""
    wire = start()
    wire.report("filter_percent", 100)
    write = wire.write("filter_reset", 1)
    wire.run(0.2)
    wire.report("pm25", 12)
    assert write.end is None


def test_one_at_a_time(start: Callable[..., Wire]) -> None:
    """The second write waits for the end of the first; 60 ms lie between two frames."""
    wire = start()
    first, second = wire.write("power", 1), wire.write("child_lock", 1)
    wire.run(1)
    assert {1} == {dp for dp, _ in wire.written()}
    wire.report("power", 1)
    assert End.CONFIRMED is first.end
    wire.say(Command.SYNC_REPORT)
    wire.run(0.3)
    assert wire.written()[-1] == (7, 1)
    assert second.end is None
    times = [at for at, _ in wire.sent]
    gaps = [round(b - a, 2) for a, b in pairwise(times)]
    assert min(gaps) >= 0.06


def test_pace_and_last_write_wins(start: Callable[..., Wire]) -> None:
    """A motor gets another value after a second at the earliest, and only the last one."""
    wire = start()
    wire.write("fan_level", 1)
    wire.run(0.1)
    wire.report("fan_level", 1)
    older, last = wire.write("fan_level", 2), wire.write("fan_level", 3)
    wire.run(0.8)
    assert End.SUPERSEDED is older.end
    assert wire.written() == [(4, 1)]
    wire.run(0.3)
    assert wire.written() == [(4, 1), (4, 3)]
    wire.report("fan_level", 3)
    assert End.CONFIRMED is last.end
    assert round(wire.sent[-1][0] - wire.sent[0][0], 1) == 1


def test_paced_write_lets_others_pass(start: Callable[..., Wire]) -> None:
    """While one attribute is paced, another is written."""
    wire = start()
    wire.write("power", 1)
    wire.run(0.1)
    wire.report("power", 1)
    wire.write("power", 0)
    wire.write("light", 1)
    wire.run(0.2)
    assert wire.written() == [(1, 1), (8, 1)]


def test_rest_between_off_and_on(start: Callable[..., Wire]) -> None:
    """A motor behind a relay is switched on again 3 s after it was switched off."""
    wire = start(restart_ms=3000)
    wire.report("power", 1)
    wire.write("power", 0)
    wire.run(0.1)
    wire.report("power", 0)
    wire.write("power", 1)
    wire.run(5)
    on = [
        at for at, f in wire.sent if f.command == Command.SET and f.data.endswith(b"\1")
    ]
    assert round(on[0] - wire.sent[0][0], 1) == 3


def test_queued_write_dies(make_wire: Callable[..., Wire]) -> None:
    """What could not be sent for 5 s is dropped: a late "turn on" is worse than none."""
    wire = make_wire(beats=False)
    write = wire.write("power", 1)
    wire.run(4.9)
    assert write.end is None
    wire.run(0.3)
    assert End.OFFLINE is write.end
    wire.beats = True
    wire.run(5)
    assert wire.written() == []


@pytest.mark.parametrize("queued", ["before", "meanwhile"])
def test_nothing_survives_a_lost_line(queued: str, start: Callable[..., Wire]) -> None:
    """What was queued before the line was back is never sent on the new one."""
    wire = start()
    flying = wire.write("power", 1)
    wire.run(0.1)
    waiting = wire.write("light", 1)
    if queued == "before":
        wire.session.lost(wire.now)
        assert (flying.end, waiting.end) == (End.UNCONFIRMED, End.OFFLINE)
    else:
        wire.session.lost(wire.now)
        waiting = wire.write("light", 1)
    assert not wire.session.online
    wire.session.back(wire.now)
    wire.sent.clear()
    wire.run(6)
    assert wire.session.online
    assert End.OFFLINE is waiting.end
    assert wire.written() == []
    assert sorted({frame.command for _, frame in wire.sent})[:2] == [0, 1]


def test_report_just_before_a_repetition(start: Callable[..., Wire]) -> None:
    """A report counts also while a repetition waits for its gap."""
    wire = start()
    write = wire.write("power", 1)
    wire.run(1.47)
    wire.say(Command.RESET_WIFI)
    wire.run(0.05)
    wire.report("power", 1)
    assert End.CONFIRMED is write.end


def test_sent_write_has_its_last_word_in_time(start: Callable[..., Wire]) -> None:
    """Two seconds after it was sent a write is over, also if the link went down."""
    wire = start()
    wire.beats = False
    while wire.session.counters.missed < 2:
        wire.run(0.01)
    wire.run(2)
    write = wire.write("power", 1)
    wire.run(2.2)
    assert End.UNCONFIRMED is write.end
