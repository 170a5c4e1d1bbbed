"""The Xiaomi controller: polls, answers, refuses, and a session at its other end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices import ScriptedClock
from sanso.devices.datapoint import Attribute
from sanso.devices.profile import load_profile
from sanso.devices.serial.mapping import same
from sanso.devices.serial.miot_lines import LineDecoder
from sanso.devices.serial.miot_session import MiotSession
from sanso.devices.serial.write import End, Write
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.faults import Faults
from sanso.devices.twin.miot_twin import MiotTwin

MB4A = load_profile("zhimi-airp-mb4a")


class Host:
    """A host that answers every line, with what is to be said to the next poll."""

    def __init__(self, **settings: object) -> None:
        """Stand before a twin without noise."""
        self.clock = ScriptedClock()
        self.twin = MiotTwin(Controller.open(MB4A, self.clock, settings, noisy=False))
        self.heard: list[list[str]] = []

    def run(self, seconds: float, down: str = "none") -> list[list[str]]:
        """Let time pass; say `down` to the first poll; return the lines but polls."""
        begin = len(self.heard)
        for _ in range(round(seconds * 50)):
            for words in LineDecoder().feed(self.twin.poll()):
                self.heard.append(words)
                answer = f"down {down}" if words == ["get_down"] else "ok"
                down = "none" if words == ["get_down"] else down
                self.twin.feed(answer.encode() + b"\r")
            self.clock.advance(0.02)
        return [words for words in self.heard[begin:] if words != ["get_down"]]


def started(**settings: object) -> Host:
    """Return a host to whom everything was reported."""
    host = Host(**settings)
    host.run(4)
    host.heard.clear()
    return host


def pushed(lines: list[list[str]]) -> dict[tuple[str, str], str]:
    """Return the values of all pushes, by their places."""
    found: dict[tuple[str, str], str] = {}
    for words in lines:
        if words[0] == "properties_changed":
            found |= {
                (words[i], words[i + 1]): words[i + 2] for i in range(1, len(words), 3)
            }
    return found


def test_polls_five_times_a_second() -> None:
    """It says its model first, and polls every 200 ms."""
    host = Host()
    host.run(0.3)
    assert host.heard[0] == ["model", "zhimi.airp.mb4a"]
    host.run(4)
    host.heard.clear()
    host.run(10)
    assert 45 <= host.heard.count(["get_down"]) <= 51


def test_waits_for_an_answer() -> None:
    """One line is open at a time; after 300 ms without an answer the next one comes."""
    clock = ScriptedClock()
    twin = MiotTwin(Controller.open(MB4A, clock, noisy=False))
    times: list[float] = []
    for _ in range(200):
        if twin.poll():
            times.append(clock.now())
        clock.advance(0.01)
    gaps = [b - a for a, b in pairwise(times)]
    assert min(gaps) >= 0.29


def test_everything_is_pushed_at_the_start() -> None:
    """Within the first seconds every value is pushed, though one line holds eight."""
    host = Host()
    lines = host.run(4)
    numbers = host.twin.controller.numbers()
    places = {(str(MB4A.attr[n].siid), str(MB4A.attr[n].piid)) for n in numbers}
    assert set(pushed(lines)) == places


@pytest.mark.parametrize(
    ("down", "results"),
    [
        ("set_properties 2 1 false", "2 1 0"),
        ("set_properties 2 1 false 2 4 0", "2 1 0 2 4 0"),
        ("set_properties 9 3 900", "9 3 0"),
        ("set_properties 9 3 299", "9 3 -4005"),
        ("set_properties 2 1 perhaps", "2 1 -4005"),
        ("set_properties 2 4 9", "2 4 -4005"),
        ("set_properties 2 1 7", "2 1 -4005"),
        ("set_properties 3 4 5", "3 4 -4002"),
        ("set_properties 77 1 5", "77 1 -4003"),
        ("set_properties x y 5", "x y -4003"),
        ("get_properties 2 1", "2 1 0 false"),
        ("get_properties 77 1 2 1", "77 1 -4003 2 1 0 false"),
        ("action 4 1 3 0", "4 1 0"),
        ("action 4 9", "4 9 -4003"),
    ],
)
def test_results(down: str, results: str) -> None:
    """Each request gets its result, with a code for each property."""
    host = started(power="off")
    lines = [words for words in host.run(1, down) if words[0] == "result"]
    assert lines == [["result", *results.split()]]


@pytest.mark.parametrize("down", ["nonsense", "", "set_property 2 1 true"])
def test_undefined_commands(down: str) -> None:
    """What it does not know is answered with an error."""
    host = started()
    assert host.run(1, down)[0] == ["error", "undefined command", "-5001"]


def test_write_is_pushed() -> None:
    """A write, and a button on the panel, lead to a push of the new value."""
    host = started(power="off")
    lines = host.run(1, "set_properties 2 1 true 9 3 2200")
    assert pushed(lines)["2", "1"] == "true"
    assert pushed(lines)["9", "3"] == "2200"
    assert host.twin.controller.press("power")
    assert pushed(host.run(1))["2", "1"] == "false"


def test_filter_action() -> None:
    """The action fills the filter, and the percentage is pushed."""
    host = started(filter=12)
    assert pushed(host.run(2, "action 4 1 3 0"))["4", "1"] == "100"


@pytest.mark.parametrize("count", [8, 16, 31])
def test_many_properties(count: int) -> None:
    """However many properties a line asks for, the controller lives on."""
    host = started(power="off")
    host.run(1, "get_properties" + " 2 1" * count)
    assert host.run(1, "get_properties 2 1") == [["result", "2", "1", "0", "false"]]


def test_long_places() -> None:
    """A result that does not fit into a line ends nothing."""
    host = started(power="off")
    host.run(1, "set_properties" + " 123456789 123456789 1" * 20)
    assert host.run(1, "get_properties 2 1") == [["result", "2", "1", "0", "false"]]


def test_restart() -> None:
    """After a restart it says its model again; the settings stay."""
    host = started(power="off")
    host.run(1, "set_properties 8 1 true")
    host.twin.restart()
    host.heard.clear()
    host.run(1)
    assert host.heard[0] == ["model", "zhimi.airp.mb4a"]
    lines = host.run(1, "get_properties 8 1")
    assert ["result", "8", "1", "0", "true"] in lines


words = st.sampled_from(
    [
        "down",
        "none",
        "set_properties",
        "get_properties",
        "action",
        "2",
        "1",
        "9",
        "3",
        "true",
        "900",
        "-1",
        "x",
    ]
)


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=30),
            st.lists(words, max_size=70).map(
                lambda some: " ".join(some).encode() + b"\r"
            ),
        ),
        max_size=10,
    ),
    st.integers(0, 99),
)
def test_any_bytes(pieces: list[bytes], seed: int) -> None:
    """Whatever a host sends, in whatever state the line is, nothing is raised."""
    clock = ScriptedClock()
    controller = Controller.open(MB4A, clock, seed=seed)
    twin = MiotTwin(controller)
    for piece in pieces:
        twin.feed(piece)
        controller.faults = Faults(0.1, 0.1, 0.1, 0.1, 0.1, ignore_set=0.2)
        clock.advance(0.3)
        twin.silence()
        twin.poll()


# --- a session at the other end ---


class Joined:
    """A session and a twin on one clock, in steps of 10 ms."""

    def __init__(self, faults: Faults, seed: int = 0) -> None:
        """Begin, and be started after three seconds."""
        self.clock = ScriptedClock()
        controller = Controller.open(MB4A, self.clock, {"fan": 1}, seed=seed)
        controller.faults = faults
        self.twin = MiotTwin(controller)
        self.session = MiotSession(MB4A, self.clock.now(), wall=self.clock.now)
        self.run(3)

    def run(self, seconds: float, write: Write | None = None) -> None:
        """Let time pass, until the write is over."""
        for _ in range(round(seconds * 100)):
            if write is not None and write.end is not None:
                return
            self.twin.feed(self.session.poll(self.clock.now()))
            self.session.feed(self.twin.poll(), self.clock.now())
            self.clock.advance(0.01)

    def write(self, name: Attribute, number: int) -> End | None:
        """Write, and return how it ended."""
        write = self.session.write(name, number, self.clock.now())
        self.run(8, write)
        return write.end


WRITES: list[tuple[Attribute, int]] = [
    *(("fan_level", n) for n in (2200, 300, 1500, 900)),
    *(("mode", n) for n in (0, 1, 2)),
    *(("light", n) for n in (0, 4, 8)),
    *(("child_lock", n) for n in (1, 0)),
    *(("power", n) for n in (0, 1)),
]


def test_every_write_is_confirmed() -> None:
    """On a good line every write is confirmed at its first sending, and nothing is odd."""
    joined = Joined(Faults())
    for name, number in WRITES:
        assert joined.write(name, number) is End.CONFIRMED
    assert joined.session.counters.resent == 0
    assert joined.session.notes.lines == []
    assert set(joined.twin.controller.numbers()) <= set(joined.session.known)


def test_filter_reset_end_to_end() -> None:
    """A reset is confirmed by the percentage that is read back."""
    joined = Joined(Faults())
    assert joined.write("filter_reset", 1) is End.CONFIRMED


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 999), which=st.integers(0, 4))
def test_confirmed_is_never_a_lie(seed: int, which: int) -> None:
    """On a bad line a write may fail, and what is called confirmed is so."""
    bad = [
        Faults(drop=0.2),
        Faults(tear=0.2),
        Faults(duplicate=0.5, delay_ms=100),
        Faults(ignore_set=0.5),
        Faults(clamp_set=2, slow_ms=300),
    ][which]
    joined = Joined(bad, seed)
    for name, number in WRITES[:6]:
        end = joined.write(name, number)
        assert end is not None
        if end is End.CONFIRMED:
            assert same(MB4A, name, number, joined.twin.controller.numbers()[name])
