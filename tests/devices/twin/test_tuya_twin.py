"""The Tuya controller: what it answers, what it refuses, and a session at its other end."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices import Fault, ScriptedClock
from sanso.devices.datapoint import Attribute
from sanso.devices.profile import Profile, load_profile
from sanso.devices.serial.mapping import same
from sanso.devices.serial.tuya_frames import Command, Frame, FrameDecoder
from sanso.devices.serial.tuya_session import TuyaSession
from sanso.devices.serial.tuya_units import Unit, UnitType, read_units
from sanso.devices.serial.write import End, Write
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.faults import Faults
from sanso.devices.twin.tuya_twin import TuyaTwin

KJ = load_profile("kj-standard")
BEAT = Frame(Command.HEARTBEAT).to_bytes()
QUERY = Frame(Command.QUERY).to_bytes()


def opened(
    profile: Profile = KJ, *, started: bool = True
) -> tuple[TuyaTwin, ScriptedClock]:
    """Return a twin without noise that has reported everything, and its clock."""
    clock = ScriptedClock()
    twin = TuyaTwin(Controller.open(profile, clock, {"power": "off"}, noisy=False))
    if started:
        twin.feed(BEAT)
        twin.poll()
    return twin, clock


def said(twin: TuyaTwin) -> list[Frame]:
    """Return the frames that go out now."""
    return FrameDecoder().feed(twin.poll())


def reported(frames: list[Frame]) -> dict[int, int | None]:
    """Return the data points of reports, by number."""
    data = b"".join(f.data for f in frames if f.command == Command.REPORT)
    return {unit.dp: unit.number for unit in read_units(data)[0]}


def set_(*units: Unit) -> bytes:
    """Return a frame that sets data points."""
    return Frame(Command.SET, b"".join(unit.to_bytes() for unit in units)).to_bytes()


ON = Unit.of(1, UnitType.BOOL, 1)


def test_heartbeats_tell_of_a_start() -> None:
    """The first heartbeat after a start is answered 00, each later one 01."""
    twin, _ = opened(started=False)
    answers = []
    for turn in range(4):
        if turn == 2:
            twin.restart()
        twin.feed(BEAT)
        answers += [f.data for f in said(twin) if f.command == Command.HEARTBEAT]
    assert answers == [b"\x00", b"\x01", b"\x00", b"\x01"]


def test_silent_before_the_first_heartbeat() -> None:
    """Nothing is reported before a module has spoken."""
    twin, clock = opened(started=False)
    clock.advance(5)
    twin.controller.press("power")
    assert twin.poll() == b""


def test_start_order_is_answered() -> None:
    """It says its product as JSON, and answers work mode and network status."""
    twin, _ = opened()
    for command in (Command.PRODUCT, Command.WORK_MODE, Command.NETWORK):
        twin.feed(Frame(command, b"\x04").to_bytes())
    product, mode, network = said(twin)
    assert (product.version, json.loads(product.data)["v"]) == (3, "1.0.0")
    assert (mode.command, network.command, network.data) == (2, 3, b"")


def test_query_tells_everything_in_small_frames() -> None:
    """A query is answered with every data point, in frames that the oldest module holds."""
    twin, _ = opened()
    twin.feed(QUERY)
    frames = said(twin)
    names = twin.controller.numbers()
    assert set(reported(frames)) == {KJ.attr[name].dp for name in names}
    assert len(names) > 16
    assert all(len(frame.to_bytes()) <= 256 for frame in frames)
    assert said(twin) == []


def test_set_is_reported() -> None:
    """A set leads to a report of that data point, also where nothing changes."""
    twin, _ = opened()
    for _ in range(2):
        twin.feed(set_(ON))
        assert reported(said(twin))[1] == 1


def test_several_units_in_one_frame() -> None:
    """A frame that sets several data points is carried out whole."""
    twin, _ = opened()
    twin.feed(set_(ON, Unit.of(4, UnitType.ENUM, 3), Unit.of(7, UnitType.BOOL, 1)))
    found = reported(said(twin))
    assert (found[1], found[4], found[7]) == (1, 3, 1)


@pytest.mark.parametrize(
    "unit",
    [
        Unit.of(2, UnitType.VALUE, 5),
        Unit.of(22, UnitType.BITMAP, 1),
        Unit.of(77, UnitType.BOOL, 1),
        Unit.of(3, UnitType.ENUM, 9),
        Unit.of(4, UnitType.ENUM, 9),
        Unit.of(18, UnitType.ENUM, 9),
        Unit(1, UnitType.RAW, b"\x01"),
        Unit(1, UnitType.STRING, b"on"),
        Unit(4, UnitType.ENUM, b""),
    ],
)
def test_refused_set_changes_nothing(unit: Unit) -> None:
    """A reading, an unknown data point or a bad value changes nothing, and the next works."""
    twin, _ = opened()
    before = twin.controller.numbers()
    twin.feed(set_(unit))
    assert before == twin.controller.numbers()
    twin.feed(set_(unit, ON))
    assert reported(said(twin))[1] == 1


def test_bytes_one_by_one_and_torn() -> None:
    """Frames may come byte by byte; a torn one is given up after a silence."""
    twin, _ = opened()
    for byte in set_(ON):
        twin.feed(bytes((byte,)))
    assert reported(said(twin))[1] == 1
    twin.feed(set_(ON)[:9])
    twin.silence()
    twin.feed(BEAT)
    assert [f.data for f in said(twin)] == [b"\x01"]


def test_restart_loses_what_was_on_the_way() -> None:
    """A restart drops unsent answers and half a frame; the settings stay."""
    twin, clock = opened()
    twin.feed(set_(ON))
    twin.controller.faults = Faults(delay_ms=500)
    twin.feed(QUERY + BEAT[:4])
    twin.restart()
    clock.advance(1)
    assert twin.poll() == b""
    twin.feed(BEAT)
    clock.advance(1)
    twin.poll()
    twin.controller.faults = Faults()
    twin.feed(QUERY)
    assert reported(said(twin))[1] == 1


def test_ninth_fault() -> None:
    """A fault beyond the eighth bit is reported in a wider bitmap."""
    bits = {"0": "wrong_filter", "1": "door_open", "8": "motor"}
    point = KJ.attr["fault"].model_copy(update={"bits": bits})
    twin, clock = opened(KJ.model_copy(update={"attr": {**KJ.attr, "fault": point}}))
    clock.advance(2)
    twin.controller.purifier.break_down(Fault.MOTOR)
    assert reported(said(twin))[22] == 0x100


@given(st.lists(st.binary(max_size=40), max_size=10), st.integers(0, 99))
def test_any_bytes(pieces: list[bytes], seed: int) -> None:
    """Whatever a host sends, in whatever state the line is, nothing is raised."""
    clock = ScriptedClock()
    controller = Controller.open(KJ, clock, seed=seed)
    controller.faults = Faults(0.2, 0.2, 0.2, 0.2, 0.2, burst=0.2, ignore_set=0.2)
    twin = TuyaTwin(controller)
    for piece in pieces:
        twin.feed(piece)
        twin.feed(Frame(len(piece) % 40, piece).to_bytes())
        clock.advance(0.3)
        twin.silence()
        twin.poll()


# --- a session at the other end ---


class Joined:
    """A session and a twin on one clock, in steps of 10 ms."""

    def __init__(self, profile: Profile, faults: Faults, seed: int = 0) -> None:
        """Begin, and be started after three seconds."""
        self.clock = ScriptedClock()
        controller = Controller.open(profile, self.clock, {"fan": 1}, seed=seed)
        controller.faults = faults
        self.twin = TuyaTwin(controller)
        self.session = TuyaSession(profile, self.clock.now(), wall=self.clock.now)
        self._fed_at = 0.0
        self.run(3)

    def run(self, seconds: float, write: Write | None = None) -> None:
        """Let time pass, until the write is over."""
        for _ in range(round(seconds * 100)):
            if write is not None and write.end is not None:
                return
            now = self.clock.now()
            data = self.session.poll(now)
            if data:
                self._fed_at = now
                self.twin.feed(data)
            elif now - self._fed_at > 0.3:
                self.twin.silence()
            self.session.feed(self.twin.poll(), now)
            self.clock.advance(0.01)

    def write(self, name: Attribute, number: int) -> End | None:
        """Write, and return how it ended."""
        write = self.session.write(name, number, self.clock.now())
        self.run(8, write)
        return write.end


WRITES: list[tuple[Attribute, int]] = [
    *(("fan_level", n) for n in (3, 0, 2, 1)),
    *(("mode", n) for n in (1, 2, 0)),
    *(("timer_off", n) for n in (5, 1, 0)),
    *((name, n) for name in ("light", "child_lock", "uv", "power") for n in (1, 0)),
]


@pytest.mark.parametrize("profile", ["kj-standard", "kj-legacy"])
def test_every_write_is_confirmed(profile: str) -> None:
    """On a good line every write is confirmed at its first sending."""
    joined = Joined(load_profile(profile), Faults())
    for name, number in WRITES:
        assert joined.write(name, number) is End.CONFIRMED
    assert joined.session.counters.resent == 0
    assert joined.session.counters.junk == 0
    assert joined.session.notes.lines == []


@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 999), which=st.integers(0, 5))
def test_confirmed_is_never_a_lie(seed: int, which: int) -> None:
    """On a bad line a write may fail, and what is called confirmed is so."""
    bad = [
        Faults(drop=0.2),
        Faults(corrupt=0.2),
        Faults(tear=0.2),
        Faults(duplicate=0.5, delay_ms=300),
        Faults(ignore_set=0.5, bad_sum=0.1),
        Faults(burst=0.5, clamp_set=2, slow_ms=300),
    ][which]
    joined = Joined(KJ, bad, seed)
    for name, number in WRITES[:6]:
        end = joined.write(name, number)
        assert end is not None
        if end is End.CONFIRMED:
            assert same(KJ, name, number, joined.twin.controller.numbers()[name])


def test_restart_in_the_middle() -> None:
    """After a restart of the controller the session begins anew and knows everything."""
    joined = Joined(KJ, Faults())
    joined.twin.restart()
    joined.twin.controller.press("light")
    joined.run(20)
    assert joined.session.counters.restarts == 1
    numbers = joined.twin.controller.numbers()
    known = joined.session.known
    assert numbers["light"] == known["light"].number
    assert set(numbers) == set(known)
