"""The session with a Xiaomi controller, against scripted lines and a scripted clock.

Strategy: `Wire` plays the controller by hand: it polls every 0.2 s, keeps what it is told,
and answers what the test has put down for a beginning of a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices.profile import load_profile
from sanso.devices.serial.miot_lines import make_line
from sanso.devices.serial.write import End, LinkState, Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.devices.serial.conftest import TextWire as Wire

MB4A = load_profile("zhimi-airp-mb4a")
FIRST = ['down MIIO_net_change "cloud"', "down none"]
SET_POWER = "down set_properties 2 1 true"


@pytest.fixture
def wire(make_text_wire: Callable[..., Wire]) -> Wire:
    """Give a wire on which the start is over, the power reported as off."""
    wire = make_text_wire()
    wire.run(2)
    wire.say("properties_changed 2 1 false")
    wire.run(0.2)
    wire.sent.clear()
    return wire


def test_first_answers(make_text_wire: Callable[..., Wire]) -> None:
    """The news of the network and a `none` come first, then questions of 8 at most."""
    wire = make_text_wire()
    wire.run(3)
    lines = [line for _, line in wire.sent]
    assert lines[:2] == FIRST
    questions = [line.split()[2:] for line in lines if "get_properties" in line]
    assert all(len(words) <= 16 for words in questions)
    asked = {tuple(w[i : i + 2]) for w in questions for i in range(0, len(w), 2)}
    points = [p for p in MB4A.attr.values() if p.piid]
    assert asked == {(str(p.siid), str(p.piid)) for p in points}


def test_silent_until_it_is_polled(make_text_wire: Callable[..., Wire]) -> None:
    """Without a poll nothing is sent, and each poll is answered once."""
    wire = make_text_wire(polls=False)
    wire.run(3)
    assert wire.sent == []
    assert not wire.session.online
    wire.say("get_down")
    wire.run(1)
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("properties_changed 3 4 37", "ok"),
        ("properties_changed 3 4", "ok"),
        ("event_occured 2 1", "ok"),
        ("mcu_version 0001", "ok"),
        ("model zhimi.airp.mb4a", "ok"),
        ("result 2 1 0", "ok"),
        ("net", "cloud"),
        ("time posix", "1668282155"),
        ("mac", "000000000000"),
        ("reboot", "ok"),
        ("factory", "ok"),
        ("restore", "ok"),
        ("nonsense 1 2", "error"),
        ('""', "error"),
    ],
)
def test_every_line_is_answered(line: str, answer: str, wire: Wire) -> None:
    """Whatever a controller says gets its one answer at once, before it polls again."""
    wire.polls = False
    wire.say(line)
    assert wire.run(0.1) == [answer]


def test_pushed_values(wire: Wire) -> None:
    """A push tells several values; an odd end costs only itself."""
    wire.say("properties_changed 3 4 37 2 1 true 4 1 80 2 4")
    assert (wire.number("pm25"), wire.number("power")) == (37, 1)
    assert wire.number("filter_percent") == 80
    assert wire.session.counters.malformed == 1


def test_answered_questions(make_text_wire: Callable[..., Wire]) -> None:
    """An answer tells what could be read; a property that cannot be is noted once."""
    wire = make_text_wire(answers={"down get": "result 2 1 0 true 2 2 -4001 3 4 0 41"})
    wire.run(3)
    assert (wire.number("power"), wire.number("pm25")) == (1, 41)
    assert wire.session.known["power"].source == "query"
    assert len(wire.session.notes.lines) == 1


def test_lost_answer_is_asked_for_again(make_text_wire: Callable[..., Wire]) -> None:
    """A question that nobody answers is put again within seconds, not after a minute."""
    wire = make_text_wire()
    lines = wire.run(20)
    first = next(line for line in lines if "get_properties" in line)
    assert lines.count(first) > 1


def test_write_is_accepted_then_asked_then_confirmed(wire: Wire) -> None:
    """Code 0 says that a write was accepted; only the value that is read back confirms."""
    write = wire.write("power", 1)
    wire.answers = {"down set": "result 2 1 0"}
    assert wire.run(0.5)[:2] == [SET_POWER, "ok"]
    assert write.end is None
    wire.run(0.2)
    assert "down get_properties 2 1" in [line for _, line in wire.sent]
    wire.say("result 2 1 0 true")
    assert write.end is End.CONFIRMED
    assert write.sendings == 1


@pytest.mark.parametrize(
    ("code", "end"),
    [
        (-4001, End.UNSUPPORTED),
        (-4002, End.UNSUPPORTED),
        (-4003, End.UNSUPPORTED),
        (-4004, End.REJECTED),
        (-4005, End.OUT_OF_RANGE),
        (-4006, End.OUT_OF_RANGE),
        (-9999, End.REJECTED),
    ],
)
def test_codes_end_a_write(code: int, end: End, wire: Wire) -> None:
    """Each code of a refusal ends the write in its own way, and nothing is repeated."""
    wire.answers = {"down set": f"result 2 1 {code}"}
    write = wire.write("power", 1)
    wire.run(3)
    assert (write.end, write.sendings) == (end, 1)


def test_late_result_is_no_answer_to_a_question(wire: Wire) -> None:
    """The result of a write that comes after the next question spoils neither."""
    wire.write("power", 1)
    while not wire.sent or "get_properties" not in wire.sent[-1][1]:
        wire.run(0.01)
    wire.say("result 2 1 0")
    wire.run(0.1)
    assert wire.session.notes.lines == []


def test_old_value_then_no(wire: Wire) -> None:
    """The old value is ignored until the deadline, and then it is a no."""
    wire.answers = {
        "down set": "result 2 1 0",
        "down get": "result 2 1 0 false",
    }
    write = wire.write("power", 1)
    wire.run(1)
    assert write.end is None
    wire.run(1.5)
    assert write.end is End.REJECTED
    assert write.sendings <= 3


def test_filter_reset_is_an_action_and_sent_once(wire: Wire) -> None:
    """The counter is reset by an action; 100 % that is read back confirms."""
    wire.say("properties_changed 4 1 12")
    wire.run(0.2)
    wire.answers = {"down action": "result 4 1 0", "down get": "result 4 1 0 100"}
    write = wire.write("filter_reset", 1)
    lines = wire.run(2)
    assert write.end is End.CONFIRMED
    assert lines.count("down action 4 1 3 0") == 1
    wire.answers = {}
    silent = wire.write("filter_reset", 1)
    assert wire.run(5).count("down action 4 1 3 0") == 1
    assert silent.end is not None


def test_polls_that_stay_away(wire: Wire) -> None:
    """A second without a poll degrades, three are offline; a line brings it up."""
    wire.polls = False
    states: list[LinkState] = []
    for _ in range(50):
        wire.run(0.1)
        if not states or states[-1] != wire.session.link:
            states.append(wire.session.link)
    assert states == [LinkState.UP, LinkState.DEGRADED, LinkState.OFFLINE]
    wire.say("get_down")
    assert wire.session.online


def test_write_has_its_last_word_without_polls(wire: Wire) -> None:
    """Two seconds after it was sent a write is over, also if the polls stay away."""
    write = wire.write("power", 1)
    wire.run(0.3)
    assert write.sendings == 1
    wire.polls = False
    wire.run(2.2)
    assert write.end is End.UNCONFIRMED


def test_old_poll_is_not_answered(wire: Wire) -> None:
    """A poll of a second ago has given up: what comes later waits for the next."""
    wire.polls = False
    wire.run(1.5)
    wire.sent.clear()
    wire.write("power", 1)
    wire.run(1)
    assert wire.sent == []


def test_new_line_has_time_to_poll(wire: Wire) -> None:
    """Time without a line counts as no miss on the next one; the start begins again."""
    missed = wire.session.counters.missed
    wire.session.lost(wire.now)
    wire.ticks += 1000
    wire.session.back(wire.now)
    wire.polls = False
    wire.run(0.5)
    assert wire.session.counters.missed == missed
    wire.polls = True
    wire.sent.clear()
    wire.run(1)
    assert [line for _, line in wire.sent[:2]] == FIRST


def test_nothing_survives_a_lost_line(wire: Wire) -> None:
    """What was queued before the line was back is never sent on the new one."""
    before = wire.write("power", 1)
    wire.session.lost(wire.now)
    meanwhile = wire.write("light", 8)
    wire.session.back(wire.now)
    lines = wire.run(6)
    assert not [line for line in lines if "set_properties" in line]
    assert (before.end, meanwhile.end) == (End.OFFLINE, End.OFFLINE)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("2 1 on", "power"),
        ("2 1 nan", "power"),
        ("2 1 1e308", "power"),
        ("2 1 7", "power"),
        ("3 4 601", "pm25"),
        ("3 4 1_0", "pm25"),
        ("3 4 inf", "pm25"),
        ("3 4 -1", "pm25"),
        ("2 4 9", "mode"),
        ('2 4 ""', "mode"),
        ("77 1 5", "77 1"),
        ("x y 5", "x y"),
    ],
)
def test_what_makes_no_sense_is_kept_and_noted_once(
    value: str, kept: str, wire: Wire
) -> None:
    """An odd value is kept as it came, noted once, and the next to it is read."""
    for _ in range(3):
        wire.say(f"properties_changed {value} 4 1 55")
        wire.run(0.1)
    assert wire.number("filter_percent") == 55
    assert list(wire.session.raw) == [kept]
    assert len(wire.session.notes.lines) == 1
    assert wire.number(kept) == (0 if kept == "power" else None)


def test_notes_are_short(make_text_wire: Callable[..., Wire]) -> None:
    """Whatever a controller says, a note stays a line of at most 200 characters."""
    wire = make_text_wire(
        answers={"down get": f"result {'x' * 200} {'y' * 200} {'z' * 60}"}
    )
    wire.say(f"model {'m' * 500}")
    wire.run(3)
    assert all(len(line) <= 200 for line in wire.session.notes.lines)


words = st.sampled_from(
    [
        "get_down",
        "result",
        "properties_changed",
        "error",
        "model",
        "time",
        "ok",
        "2",
        "1",
        "0",
        "true",
        "-4005",
        "3",
        "4",
        "1e99",
    ]
)
lines = st.lists(words, max_size=9).map(
    lambda some: make_line(*some) if some else b"\r"
)
steps_ = st.one_of(
    st.binary(max_size=40),
    lines,
    st.floats(0.01, 3.0),
    st.sampled_from([("power", 1), ("fan_level", 900), ("filter_reset", 1)]),
    st.just("lost"),
)


@settings(deadline=None, max_examples=60)
@given(steps=st.lists(steps_, max_size=25))
def test_anything_at_any_pace(
    steps: list[bytes | float | tuple[str, int] | str],
    make_text_wire: Callable[..., Wire],
) -> None:
    """Whatever comes and whenever, nothing is raised, kept for ever, sent twice or left open."""
    wire = make_text_wire()
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
    assert len(wire.session.raw) <= 100 + len(MB4A.attr)
    wire.run(7.1)
    for write in writes:
        assert write.end is not None
        assert write.sendings <= (1 if write.attribute == "filter_reset" else 3)
