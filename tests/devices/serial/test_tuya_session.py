"""The session with a Tuya controller: heartbeat, start, questions, anything at all."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices.serial.tuya_frames import Command, Frame
from sanso.devices.serial.tuya_units import Unit, join_units
from sanso.devices.serial.write import LinkState, Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.devices.serial.conftest import Wire

    from sanso.devices.datapoint import Attribute


def test_heartbeats(make_wire: Callable[..., Wire]) -> None:
    """One heartbeat a second until the first answer, then one in 15 s."""
    wire = make_wire(beats=False)
    wire.run(3.5)
    assert wire.times(Command.HEARTBEAT) == [0, 1, 2, 3]
    assert not wire.session.online
    wire.beats = True
    wire.run(35)
    assert wire.times(Command.HEARTBEAT)[4:] == [4, 19, 34]
    assert LinkState.UP is wire.session.link


def test_start_order(make_wire: Callable[..., Wire]) -> None:
    """Product, work mode, network status and then all values are asked for."""
    wire = make_wire()
    for command in (Command.PRODUCT, Command.WORK_MODE, Command.NETWORK):
        wire.answers[command] = [Frame(command, b"", 3).to_bytes()]
    assert wire.run(3)[:5] == [
        Command.HEARTBEAT,
        Command.PRODUCT,
        Command.WORK_MODE,
        Command.NETWORK,
        Command.QUERY,
    ]
    assert next(f.data for _, f in wire.sent if f.command == 3) == b"\x04"


def test_start_goes_on_without_answers(make_wire: Callable[..., Wire]) -> None:
    """A controller that does not say its product is asked thrice, then the next thing."""
    wire = make_wire()
    commands = wire.run(12)
    for command in (Command.PRODUCT, Command.WORK_MODE, Command.NETWORK):
        assert commands.count(command) == 3
    assert Command.QUERY in commands
    wire.report("power", 1)
    assert wire.session.known["power"].number == 1


def test_lost_query_is_repeated(make_wire: Callable[..., Wire]) -> None:
    """Until the first report, the values are asked for again within a few seconds."""
    wire = make_wire()
    wire.run(6)
    assert wire.times(Command.QUERY)[1:]


def test_restart_of_the_controller(start: Callable[..., Wire]) -> None:
    """A later heartbeat 00 means a restart: the start begins again, once."""
    wire = start()
    wire.say(Command.HEARTBEAT, b"\x00")
    commands = wire.run(2)
    assert wire.session.counters.restarts == 1
    assert set(commands) >= {1, 2, 3, 8}
    assert LinkState.UP is wire.session.link
    assert wire.session.notes.lines == ["the appliance's controller has restarted"]


def test_first_zero_is_no_restart(make_wire: Callable[..., Wire]) -> None:
    """The first answer of a session is 00 on a fresh controller: nothing has restarted."""
    wire = make_wire()
    wire.say(Command.HEARTBEAT, b"\x00")
    wire.run(1)
    assert wire.session.counters.restarts == 0


def test_degraded_then_offline_then_up(start: Callable[..., Wire]) -> None:
    """One missed answer degrades, three in a row are offline, any frame brings it up."""
    wire = start()
    wire.beats = False
    states: list[LinkState] = []
    for _ in range(40):
        wire.run(1)
        if not states or states[-1] != wire.session.link:
            states.append(wire.session.link)
    assert states == [LinkState.UP, LinkState.DEGRADED, LinkState.OFFLINE]
    beats = wire.times(Command.HEARTBEAT)
    assert round(beats[-1] - beats[-2], 1) == 1
    wire.report("pm25", 12)
    assert LinkState.UP is wire.session.link
    wire.beats = True
    assert set(wire.run(3)) >= {1, 2, 3, 8}


def test_one_missed_answer_keeps_it_online(start: Callable[..., Wire]) -> None:
    """A missed answer degrades; the next answer is enough, and nothing starts anew."""
    wire = start()
    wire.beats = False
    while wire.session.counters.missed == 0:
        wire.run(0.01)
    degraded = (wire.session.link, wire.session.online)
    assert degraded == (LinkState.DEGRADED, True)
    wire.beats = True
    wire.say(Command.HEARTBEAT, b"\x01")
    assert Command.PRODUCT not in wire.run(5)
    assert wire.session.link == LinkState.UP
    assert wire.session.counters.missed == 1


@pytest.mark.parametrize("command", [0x07, 0x1C, 0x24, 0x2D, 0xFF, 0x77])
def test_any_frame_is_life(command: int, start: Callable[..., Wire]) -> None:
    """A controller that speaks and never answers a heartbeat is not called silent."""
    wire = start()
    wire.beats = False
    for _ in range(30):
        wire.say(command)
        wire.run(2)
    assert LinkState.UP is wire.session.link
    assert wire.session.counters.missed == 0


def test_a_single_report_is_no_eternal_life(make_wire: Callable[..., Wire]) -> None:
    """An appliance that reports once, never answers and falls silent goes offline."""
    wire = make_wire(beats=False)
    wire.report("power", 1)
    assert wire.session.online
    wire.run(60)
    assert LinkState.OFFLINE is wire.session.link


def test_offline_again_after_a_stray_frame(start: Callable[..., Wire]) -> None:
    """A frame that came while it was offline does not make it online for ever."""
    wire = start()
    wire.beats = False
    wire.run(60)
    wire.report("pm25", 12)
    wire.run(60)
    assert LinkState.OFFLINE is wire.session.link


def test_values_are_asked_for_each_minute(start: Callable[..., Wire]) -> None:
    """What the appliance forgot to report is found within a minute."""
    wire = start()
    assert wire.run(125).count(Command.QUERY) == 2


@pytest.mark.parametrize(
    ("asked", "data", "answer"),
    [
        (0x22, "0101000101", "55aa002300010124"),
        (0x04, "", "55aa0004000003"),
        (0x05, "00", "55aa0005000004"),
        (0x0C, "", "55aa000c000801160b0c132a2306a7"),
        (0x24, "", "55aa002400010024"),
        (0x2B, "", "55aa002b0001042f"),
        (0x2D, "", "55aa002d000701" + "00" * 6 + "34"),
    ],
)
def test_questions_of_the_controller(
    asked: int, data: str, answer: str, start: Callable[..., Wire]
) -> None:
    """Each question of a controller to its module is answered at once, and once."""
    wire = start()
    wire.say(asked, bytes.fromhex(data))
    wire.run(0.5)
    assert [bytes.fromhex(answer)] == [frame.to_bytes() for _, frame in wire.sent]


def test_chatty_controller_starves_nobody(start: Callable[..., Wire]) -> None:
    """Twenty synchronous reports a second hold up neither a write nor the heartbeat."""
    wire = start()
    write = wire.write("light", 1)
    for _ in range(400):
        wire.say(Command.SYNC_REPORT, wire.unit("humidity", 40))
        wire.run(0.05)
    assert write.sendings > 0
    assert wire.times(Command.HEARTBEAT)


def test_local_time_is_eight_bytes(start: Callable[..., Wire]) -> None:
    """The local time has the shape of the universal one."""
    wire = start()
    wire.say(Command.LOCAL_TIME)
    wire.run(0.1)
    ((_, frame),) = wire.sent
    assert (frame.command, len(frame.data), frame.data[0]) == (Command.LOCAL_TIME, 8, 1)


def test_sync_report_counts(start: Callable[..., Wire]) -> None:
    """What a synchronous report says is known, as from any other."""
    wire = start()
    wire.say(Command.SYNC_REPORT, wire.unit("pm25", 41) + wire.unit("power", 1))
    assert wire.session.known["pm25"].number == 41
    assert wire.session.known["power"].number == 1


noise = st.one_of(
    st.binary(max_size=30),
    st.builds(
        lambda command, data: Frame(command, data, 3).to_bytes(),
        st.sampled_from([*Command, 0x77]),
        st.one_of(
            st.binary(max_size=30),
            st.lists(
                st.builds(
                    Unit,
                    st.sampled_from([1, 2, 3, 4, 5, 8, 11, 18, 22, 99]),
                    st.integers(0, 6),
                    st.sampled_from([b"\x00", b"\x01", b"\x09", bytes(4), b"\xff" * 4]),
                ),
                max_size=4,
            ).map(join_units),
        ),
    ),
)


WRITES = (("power", 1), ("power", 0), ("fan_level", 2), ("filter_reset", 1))


@settings(deadline=None, max_examples=60)
@given(
    steps=st.lists(
        st.one_of(
            noise,
            st.floats(0.01, 4.0),
            st.sampled_from(WRITES),
            st.sampled_from(["lost"]),
        ),
        max_size=25,
    )
)
def test_anything_at_any_pace(
    steps: list[bytes | float | tuple[Attribute, int] | str],
    make_wire: Callable[..., Wire],
) -> None:
    """Whatever comes and whenever, nothing is raised, kept for ever, sent twice or left open."""
    wire = make_wire()
    writes: list[Write] = []
    for step in steps:
        if isinstance(step, bytes):
            wire.session.feed(step, wire.now)
        elif isinstance(step, float):
            wire.run(step)
        elif isinstance(step, tuple):
            writes.append(wire.write(*step))
        else:
            wire.session.lost(wire.now)
            wire.session.back(wire.now)
    assert len(wire.session.notes.lines) <= 100
    assert len(wire.session.raw) <= 100 + len(wire.profile.attr)
    wire.run(7.1)
    for write in writes:
        assert write.end is not None
        most = 1 if write.attribute == "filter_reset" else 3
        assert write.sendings <= most
    times = [at for at, _ in wire.sent]
    assert all(round(b - a, 2) >= 0.06 for a, b in pairwise(times))
