"""A Modbus purifier, from the call to the state read back, against the appliance's end of the wire."""

from __future__ import annotations

import os
import select
import socket
import sys
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices import (
    DeviceError,
    Fault,
    LinkLost,
    NoAnswer,
    NoReading,
    OutcomeCode,
    Profile,
    Purifier,
    RealClock,
    ScriptedClock,
    load_profile,
)
from sanso.devices.datapoint import Datapoint, Timing
from sanso.devices.serial.link import SerialLink
from sanso.devices.serial.modbus import ModbusPurifier, open_modbus
from sanso.devices.serial.modbus_registers import from_word, spans_of, to_word
from sanso.devices.serial.write import LinkState
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.faults import Faults, FaultyLine
from sanso.devices.twin.modbus_twin import ModbusTwin, sealed
from sanso.grammars import (
    Call,
    ResetFilter,
    SetFanLevel,
    SetFanPercent,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    StepFan,
    Undo,
)

EXAMPLE = load_profile("modbus-example")
QUICK = EXAMPLE.model_copy(update={"timing": Timing(gap_ms=2, pace_ms={})})
SILENT_AFTER = 0.02


class Wire:
    """A line on which time passes only while somebody waits; it can spoil what is sent."""

    name = "wire"

    def __init__(self, twin: ModbusTwin, clock: ScriptedClock) -> None:
        """Join a twin."""
        self.twin = twin
        self.clock = clock
        self.sent: list[bytes] = []
        self.unplugged = False
        self.opened = 0
        self.spoil: Callable[[bytes], bytes] = lambda data: data
        """What becomes of an answer."""

    def open(self) -> Wire:
        """Return itself, as long as it is plugged in."""
        if self.unplugged:
            msg = "there is no port wire; no serial port is there"
            raise DeviceError(msg)
        self.opened += 1
        return self

    def write(self, data: bytes) -> None:
        """Hand a request to the twin."""
        if self.unplugged:
            msg = "the connection to wire is lost"
            raise LinkLost(msg, url=self.name)
        self.sent.append(data)
        self.twin.feed(data)

    def read(self, seconds: float) -> bytes:
        """Let time pass until something comes."""
        end = self.clock.now() + seconds
        while not (data := self.twin.poll()) and self.clock.now() < end:
            self.clock.advance(min(0.01, end - self.clock.now()))
        if not data:
            self.twin.silence()
            return b""
        return self.spoil(data)

    def close(self) -> None:
        """Let go."""

    def writes(self) -> list[bytes]:
        """Return the requests that set something, without their checksums."""
        return [frame[1:-2] for frame in self.sent if frame[1] in (5, 6, 15, 16)]


def wired(
    profile: Profile = EXAMPLE,
    *,
    at_the_unit: Profile | None = None,
    **start: object,
) -> tuple[ModbusPurifier, Wire]:
    """Join a purifier and a twin, whose profile may be another one."""
    clock = ScriptedClock()
    controller = Controller.open(at_the_unit or profile, clock, start, noisy=False)
    wire = Wire(ModbusTwin(controller), clock)
    purifier = ModbusPurifier(
        profile, wire.open, clock=clock, monotonic=clock.now, sleep=clock.advance
    )
    return purifier.wait_ready(), wire


class Pty:
    """A twin at one end of a pseudo-terminal, in a thread of its own."""

    def __init__(self, twin: ModbusTwin) -> None:
        """Plug it in."""
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.port = os.ttyname(self.slave)
        self._twin = twin
        self._wake, self._waken = os.pipe()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            ready = select.select([self.master, self._wake], [], [], SILENT_AFTER)[0]
            if self._wake in ready:
                return
            if ready:
                self._twin.feed(os.read(self.master, 4096))
            else:
                self._twin.silence()
            os.write(self.master, self._twin.poll())

    def unplug(self) -> None:
        """End the thread and the line."""
        os.write(self._waken, b".")
        self._thread.join()
        for end in (self.master, self.slave, self._wake, self._waken):
            os.close(end)


@contextmanager
def plugged(twin: ModbusTwin) -> Iterator[Pty]:
    """Keep a pseudo-terminal for a while."""
    pty = Pty(twin)
    try:
        yield pty
    finally:
        pty.unplug()


@contextmanager
def on_a_pty(**start: object) -> Iterator[tuple[Purifier, ModbusTwin]]:
    """Open a purifier on a real line."""
    clock = RealClock()
    twin = ModbusTwin(Controller.open(QUICK, clock, start, noisy=False))
    with plugged(twin) as pty:
        purifier = open_modbus(pty.port, QUICK, QUICK.baud, clock)
        try:
            yield purifier, twin
        finally:
            purifier.close()


CALLS: list[tuple[Call, dict[str, object]]] = [
    (SetPower(state="off"), {"power": False}),
    (SetFanLevel(level=1), {"fan": 1}),
    (SetFanLevel(level=3), {"fan": 3}),
    (SetFanLevel(level="min"), {"fan": 1}),
    (SetFanLevel(level="high"), {"fan": 3}),
    (SetFanLevel(level="max"), {"fan": 3}),
    (SetFanPercent(percent=1), {"fan": 1}),
    (SetFanPercent(percent=33), {"fan": 1}),
    (SetFanPercent(percent=100), {"fan": 3}),
    (SetFanPercent(percent=0), {"power": False}),
    (StepFan(by=1), {"fan": 3}),
    (StepFan(by=-1), {"fan": 1}),
    (SetMode(mode="auto"), {"mode": "auto", "fan": None}),
    (SetLight(level="off"), {"light": "off"}),
    (SetOption(option="child_lock", state="on"), {"option.child_lock": True}),
]


@pytest.mark.parametrize(("call", "changes"), CALLS, ids=lambda value: str(value)[:40])
def test_every_call(call: Call, changes: dict[str, object]) -> None:
    """Over a real line each call ends confirmed, and nothing else has changed."""
    with on_a_pty(power=True, fan=2) as (purifier, twin):
        before = purifier.state().settings()
        outcome = purifier.apply(call)
        assert outcome.code == OutcomeCode.CONFIRMED
        assert {**before, **changes} == outcome.after.settings()
        assert {**before, **changes} == twin.controller.purifier.state().settings()


@pytest.mark.parametrize(
    ("start", "call", "name", "value"),
    [
        ({"power": False}, SetPower(state="on"), "power", True),
        ({"power": False, "fan": 2}, SetFanLevel(level=3), "power", True),
        ({"mode": "auto"}, SetMode(mode="manual"), "mode", "manual"),
        ({"mode": "auto"}, SetFanLevel(level=1), "fan", 1),
        ({"light": "off"}, SetLight(level="on"), "light", "on"),
        (
            {"child_lock": True},
            SetOption(option="child_lock", state="off"),
            "option.child_lock",
            False,
        ),
    ],
)
def test_the_other_way(
    start: dict[str, object], call: Call, name: str, value: object
) -> None:
    """What can be switched one way can be switched back over a real line."""
    with on_a_pty(**start) as (purifier, _):
        outcome = purifier.apply(call)
        assert outcome.code == OutcomeCode.CONFIRMED
        assert value == outcome.after.settings()[name]


def test_over_tcp() -> None:
    """A serial server on the network does as well as a port."""
    twin = ModbusTwin(Controller.open(QUICK, RealClock(), {"fan": 2}, noisy=False))
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def serve() -> None:
        line, _ = listener.accept()
        with line:
            while data := line.recv(4096):
                twin.feed(data)
                line.sendall(twin.poll())

    thread = threading.Thread(target=serve)
    thread.start()
    port = f"socket://127.0.0.1:{listener.getsockname()[1]}"
    try:
        with closing(open_modbus(port, QUICK, QUICK.baud, RealClock())) as purifier:
            outcome = purifier.apply(SetFanLevel(level=3))
        assert (outcome.code, outcome.after.fan) == (OutcomeCode.CONFIRMED, 3)
    finally:
        thread.join()
        listener.close()


def test_filter_reset() -> None:
    """A filter is full after its reset, and its percentage is what confirms it."""
    with on_a_pty(filter=20) as (purifier, _):
        assert purifier.state().filter_percent == 20
        outcome = purifier.apply(ResetFilter())
        assert outcome.code == OutcomeCode.CONFIRMED
        assert outcome.after.filter_percent == 100


def test_readings() -> None:
    """Readings come in their units: tenths and negative numbers are understood."""
    purifier, _ = wired(pm25=37, co2=800, temperature=-5.5)
    readings = purifier.state().readings
    values = {name: reading.value for name, reading in readings.items()}
    assert values == {"pm25": 37, "co2": 800, "temperature": -5.5}


def test_no_reading() -> None:
    """What the profile calls invalid is no number: an appliance that is off measures nothing."""
    purifier, _ = wired(power=False)
    reading = purifier.state().readings["temperature"]
    assert (reading.value, reading.missing) == (None, NoReading.OFF)


@pytest.mark.parametrize(
    ("call", "code", "detail"),
    [
        (SetFanLevel(level=4), OutcomeCode.OUT_OF_RANGE, "3"),
        (SetMode(mode="turbo"), OutcomeCode.UNSUPPORTED, "turbo"),
        (SetLight(level="dim"), OutcomeCode.UNSUPPORTED, "dim"),
        (SetOption(option="uv", state="on"), OutcomeCode.UNSUPPORTED, "uv"),
        (Undo(), OutcomeCode.UNSUPPORTED, "undo"),
        (SetFanLevel(level=2), OutcomeCode.UNCHANGED, ""),
    ],
)
def test_nothing_is_written(call: Call, code: OutcomeCode, detail: str) -> None:
    """What cannot be, or is so already, is not sent."""
    purifier, wire = wired(power=True, fan=2)
    outcome = purifier.apply(call)
    assert (code, detail) == (outcome.code, outcome.detail)
    assert wire.writes() == []


def test_neighbours_are_read_together() -> None:
    """Neighbours of a table are one question; what is only written is not asked for."""
    purifier, wire = wired()
    assert [frame[:-2].hex() for frame in wire.sent] == [
        "010100000003",
        "010300000002",
        "010400000005",
    ]
    purifier.state()
    assert len(wire.sent) == 3
    wire.clock.advance(1)
    purifier.state()
    assert len(wire.sent) == 6


def test_signs_and_words() -> None:
    """A register is signed where its range or its invalid numbers are negative."""
    point = EXAMPLE.attr["temperature"]
    assert (from_word(point, 0xFFC9), to_word(point, -55)) == (-55, 0xFFC9)
    assert from_word(EXAMPLE.attr["pm25"], 65535) == 65535
    odd = Datapoint(register=0, type="value", range=(-200, 600), invalid=(65535,))
    assert from_word(odd, 65535) == 65535
    with pytest.raises(OverflowError):
        to_word(point, 40_000)


def test_long_tables() -> None:
    """A hole ends a question."""
    points = {
        name: Datapoint(register=at, type="value")
        for name, at in (("pm25", 7), ("co2", 5), ("tvoc", 6), ("pm10", 9))
    }
    found = [(span.first, span.attributes) for span in spans_of(points)]  # type: ignore[arg-type]
    assert found == [(5, ("co2", "tvoc", "pm25")), (9, ("pm10",))]


def test_silent_from_the_start() -> None:
    """An appliance that never answers is an error that says what to look at."""
    clock = ScriptedClock()
    controller = Controller.open(EXAMPLE, clock)
    controller.faults = Faults(mute=True)
    wire = Wire(ModbusTwin(controller), clock)
    purifier = ModbusPurifier(
        EXAMPLE, wire.open, clock=clock, monotonic=clock.now, sleep=clock.advance
    )
    with pytest.raises(NoAnswer, match=r"unit 1 stays silent .* 19200 baud"):
        purifier.wait_ready()


def test_one_miss_is_none() -> None:
    """A silent appliance is offline after three misses, and back with the first answer."""
    purifier, wire = wired(power=True)
    wire.twin.controller.faults = Faults(mute=True)
    links = []
    for _ in range(3):
        wire.clock.advance(1)
        links.append((purifier.state().online, purifier.link))
    degraded = (True, LinkState.DEGRADED)
    assert [degraded, degraded, (False, LinkState.OFFLINE)] == links
    assert purifier.state().age_seconds > 3
    assert purifier.apply(SetPower(state="off")).code == OutcomeCode.OFFLINE
    assert wire.writes() == []
    wire.twin.controller.faults = Faults()
    wire.clock.advance(1)
    assert (purifier.state().online, purifier.state().power) == (True, True)


def test_silent_to_a_write() -> None:
    """A write that nobody answers is said to be unconfirmed, within 2 s, after three sendings."""
    purifier, wire = wired(power=True)
    sent_at = []

    def dropped(data: bytes) -> bytes:
        if data[1] == 5:
            wire.spoil = lambda _data: b""
            sent_at.append(wire.clock.now())
        return b"" if sent_at else data

    wire.spoil = dropped
    outcome = purifier.apply(SetLight(level="off"))
    assert outcome.code == OutcomeCode.UNCONFIRMED
    assert wire.writes() == [wire.writes()[0]] * len(wire.writes())
    assert 1 < len(wire.writes()) <= 3
    assert wire.clock.now() - sent_at[0] < 3.1  # with the looks before and behind it


@pytest.mark.parametrize("spoiled", [b"", b"\x01\x85\x00\x01\x02\x03\x04\x05", b"\x00"])
def test_a_lost_answer(spoiled: bytes) -> None:
    """An answer that is dropped or corrupted costs a look, and no second switching."""
    purifier, wire = wired(power=True)

    def once(data: bytes) -> bytes:
        if data[1] != 5:
            return data
        wire.spoil = lambda later: later
        return spoiled

    wire.spoil = once
    outcome = purifier.apply(SetLight(level="off"))
    assert outcome.code == OutcomeCode.CONFIRMED
    assert [bytes.fromhex("0500010000")] == wire.writes()
    assert purifier.counters.missed == 1


def test_an_answer_to_another_question() -> None:
    """An answer that came too late is not taken for the next one."""
    purifier, wire = wired(power=True, fan=2)

    def late(data: bytes) -> bytes:
        wire.spoil = lambda later: later
        del data
        # Registers, where coils were asked for.
        return sealed(bytes.fromhex("01 03 04 00 00 00 01"))

    wire.spoil = late
    wire.clock.advance(1)
    state = purifier.state()
    assert (state.power, state.fan, state.age_seconds) == (True, 2, 0.0)
    assert purifier.counters.malformed == 1


@pytest.mark.parametrize("delay_ms", [450, 600, 790])
def test_late_answers_are_not_mixed_up(delay_ms: float) -> None:
    """Where every answer is late, one register's value is never taken for another's."""
    apart = changed(
        fan_level=EXAMPLE.attr["fan_level"].model_copy(update={"register_": 9})
    )
    purifier, wire = wired(apart, fan=1)
    wire.twin.controller.faults = Faults(delay_ms=delay_ms)
    for _ in range(20):
        wire.clock.advance(1)
        state = purifier.state()
        assert (state.mode, state.fan) == ("manual", 1)
        assert purifier.raw == {}


@given(st.binary(max_size=40), st.integers(1, 6))
@settings(max_examples=150)
def test_garbage(junk: bytes, answers: int) -> None:
    """Whatever bytes come, nothing is raised, nothing false is learnt, and the next answer is read."""
    purifier, wire = wired(power=True, fan=2)
    left = [answers]

    def spoil(data: bytes) -> bytes:
        left[0] -= 1
        return junk if left[0] >= 0 else data

    wire.spoil = spoil
    for _ in range(8):
        wire.clock.advance(1)
        purifier.state()
    settled = purifier.state()
    assert (settled.online, settled.power, settled.fan) == (True, True, 2)


@pytest.mark.parametrize("seed", range(5))
def test_a_bad_line(seed: int) -> None:
    """On a line that spoils every sixth frame most calls are done, and none is falsely so."""
    purifier, wire = wired(QUICK, power=True, fan=1)
    controller = wire.twin.controller
    controller.line = FaultyLine(lambda: controller.faults, seed)
    controller.faults = Faults(drop=0.05, corrupt=0.05, tear=0.05, bad_sum=0.02)
    done = 0
    for count in range(40):
        wire.clock.advance(3)
        outcome = purifier.apply(SetFanLevel(level=1 + count % 3))
        done += outcome.done
        if outcome.done:
            assert controller.purifier.state().fan == outcome.after.fan == 1 + count % 3
    assert done >= 34


def test_ignored() -> None:
    """An appliance that keeps the old value has rejected the write, after its time to settle."""
    purifier, wire = wired(power=True, fan=2)
    wire.twin.controller.faults = Faults(ignore_set=1)
    begin = wire.clock.now()
    outcome = purifier.apply(SetFanLevel(level=3))
    assert (outcome.code, outcome.detail) == (OutcomeCode.REJECTED, "2")
    assert len(wire.writes()) == 2  # it has a second to settle, and all have two
    assert 2 < wire.clock.now() - begin < 2.5


def test_clamped() -> None:
    """An appliance that takes another value has rejected the write, and says which it took."""
    purifier, wire = wired(power=True, fan=1)
    wire.twin.controller.faults = Faults(clamp_set=2)
    outcome = purifier.apply(SetFanLevel(level=3))
    assert (outcome.code, outcome.detail) == (OutcomeCode.REJECTED, "2")
    assert len(wire.writes()) == 1


def test_slow() -> None:
    """An appliance that takes its time is waited for, and not written to again."""
    purifier, wire = wired(power=True, fan=1)
    wire.twin.controller.faults = Faults(slow_ms=800)
    assert purifier.apply(SetFanLevel(level=3)).code == OutcomeCode.CONFIRMED
    assert len(wire.writes()) == 1


def test_a_reset_is_never_repeated() -> None:
    """A filter reset that shows no effect is unconfirmed, and was sent once."""
    purifier, wire = wired(filter=20)
    wire.twin.controller.faults = Faults(ignore_set=1)
    assert purifier.apply(ResetFilter()).code == OutcomeCode.UNCONFIRMED
    assert [bytes.fromhex("050003ff00")] == wire.writes()


def test_fault_blocks_power() -> None:
    """A fault that blocks keeps it from being switched on, and is named."""
    purifier, wire = wired(power=True)
    wire.twin.controller.purifier.break_down(Fault.DOOR_OPEN)
    outcome = purifier.apply(SetPower(state="on"))
    assert (outcome.code, outcome.detail) == (OutcomeCode.BLOCKED_FAULT, "door_open")
    assert wire.writes() == []


def test_pace() -> None:
    """Two values of one attribute are a second apart: relays wear."""
    purifier, wire = wired(power=True)
    begin = wire.clock.now()
    for word in ("off", "on"):
        code = purifier.apply(SetPower(state=word)).code
        assert code == OutcomeCode.CONFIRMED
    assert 1 <= wire.clock.now() - begin < 1.5


def test_restore() -> None:
    """An earlier state comes back, and nothing is written where nothing differs."""
    purifier, _ = wired(power=True, fan=2)
    snapshot = purifier.snapshot()
    assert None is purifier.restore(snapshot)
    purifier.apply(SetMode(mode="auto"))
    purifier.apply(SetLight(level="off"))
    outcome = purifier.restore(snapshot)
    assert outcome is not None
    assert outcome.code == OutcomeCode.CONFIRMED
    assert snapshot.settings() == purifier.state().settings()


def test_step_from_where_it_stands() -> None:
    """A step counts from what the panel's button has chosen a moment ago."""
    purifier, wire = wired(power=True, fan=1)
    wire.twin.controller.press("fan")
    assert purifier.apply(StepFan(by=1)).after.fan == 3


def changed(**points: Datapoint) -> Profile:
    """Return the example with other data points."""
    return EXAMPLE.model_copy(update={"attr": {**EXAMPLE.attr, **points}})


@pytest.mark.parametrize("table", ["input", "discrete"])
def test_unknown_registers(table: str) -> None:
    """A register that the appliance lacks is noted and left out; its neighbours are read."""
    lacking = Datapoint.model_validate(
        {"table": table, "register": 5, "type": "value", "access": "ro"}
    )
    purifier, wire = wired(changed(humidity=lacking), at_the_unit=EXAMPLE, pm25=40)
    purifier.state()
    line = f"{table} 5 is refused (Modbus exception 2); look at attr.humidity"
    assert [line] == purifier.notes.lines
    assert purifier.state().readings["pm25"].value == 40
    count = len(wire.sent)
    wire.clock.advance(1)
    assert purifier.state().online
    assert b"\x05" not in {frame[3:4] for frame in wire.sent[count:]}


def test_refused_by_silence() -> None:
    """A register to which an appliance never says anything does not make it offline."""
    lacking = Datapoint(table="discrete", register=5, type="bool", access="ro")
    purifier, wire = wired(changed(filter_days=lacking), at_the_unit=EXAMPLE)
    wire.spoil = lambda data: b"" if data[1] == 0x82 else data
    purifier._unit._spans = spans_of(purifier.profile.attr)
    online = []
    for _ in range(8):
        wire.clock.advance(1)
        online.append(purifier.state().online)
    assert online == [True] * 8
    assert purifier.apply(SetMode(mode="manual")).code == OutcomeCode.UNCHANGED


def test_unknown_power() -> None:
    """An appliance that refuses its power is an error that names the attribute."""
    other = Datapoint(table="coil", register=9, type="bool")
    with pytest.raises(NoAnswer, match=r"never reports attr\.power"):
        wired(changed(power=other), at_the_unit=EXAMPLE)


@pytest.mark.parametrize(
    ("light", "code"),
    [
        (Datapoint(table="coil", register=8, type="bool"), OutcomeCode.UNSUPPORTED),
        (
            Datapoint(table="coil", register=1, type="bool", access="ro"),
            OutcomeCode.UNSUPPORTED,
        ),
    ],
)
def test_refused_writes(light: Datapoint, code: OutcomeCode) -> None:
    """An exception to a write, and a value that is only read, end in words."""
    purifier, _ = wired(changed(light=light), at_the_unit=EXAMPLE)
    lit = purifier.state().light == "on"
    assert code == purifier.apply(SetLight(level="off" if lit else "on")).code


@pytest.mark.parametrize(
    ("exception", "times", "code"),
    [
        (1, 9, OutcomeCode.UNSUPPORTED),
        (2, 9, OutcomeCode.UNSUPPORTED),
        (3, 9, OutcomeCode.OUT_OF_RANGE),
        (4, 9, OutcomeCode.REJECTED),
        (5, 1, OutcomeCode.CONFIRMED),  # accepted, and done a moment later
        (6, 1, OutcomeCode.CONFIRMED),  # busy
        (11, 1, OutcomeCode.CONFIRMED),  # a gateway that had no answer
    ],
)
def test_exceptions(exception: int, times: int, code: OutcomeCode) -> None:
    """Each exception to a write ends in its word, and one that may pass is waited out."""
    purifier, wire = wired(power=True)
    feed, count = wire.twin.feed, [0]

    def refuse(data: bytes) -> None:
        count[0] += data[1] in (5, 15)
        if data[1] not in (5, 15) or count[0] > times:
            feed(data)
            return
        wire.twin._outbox.append(
            (0, sealed(bytes((1, data[1] | 0x80, exception)))),
        )

    wire.twin.feed = refuse  # type: ignore[method-assign]
    assert purifier.apply(SetLight(level="off")).code == code


def test_only_functions_for_many() -> None:
    """A unit that lacks the single writes is written to by those that set many."""
    purifier, wire = wired(power=True)
    feed = wire.twin.feed

    def without_single(data: bytes) -> None:
        # Function 2B is one that it does not have.
        feed(sealed(b"\x01\x2b") if data[1] in (5, 6) else data)

    wire.twin.feed = without_single  # type: ignore[method-assign]
    wire.spoil = lambda data: sealed(b"\x01\x85\x01") if data[1] == 0xAB else data
    assert purifier.apply(SetLight(level="off")).code == OutcomeCode.CONFIRMED
    assert [frame[0] for frame in wire.writes()] == [5, 15]


def test_an_insensible_number() -> None:
    """A number that the profile does not know is kept apart, and noted."""
    narrow = EXAMPLE.attr["pm25"].model_copy(update={"range": (0, 30)})
    purifier, _ = wired(changed(pm25=narrow), at_the_unit=EXAMPLE, pm25=40)
    assert purifier.raw == {"pm25": "40"}
    assert None is purifier.state().readings["pm25"].value


def test_unplugged_and_replugged() -> None:
    """A lost line is opened again when it is time, and nothing is re-applied."""
    purifier, wire = wired(power=True)
    wire.unplugged = True
    wire.clock.advance(1)
    assert (purifier.state().online, purifier.link) == (False, LinkState.OFFLINE)
    assert purifier.apply(SetPower(state="off")).code == OutcomeCode.OFFLINE
    wire.unplugged = False
    wire.clock.advance(60)
    assert (purifier.state().online, purifier.state().power) == (True, True)
    assert wire.writes() == []
    assert purifier.counters.reconnects == 1


def test_back_off() -> None:
    """A port that is gone is tried less and less often, and at most every 30 s."""
    purifier, wire = wired()
    tries = []
    fail = wire.open

    def counted() -> Wire:
        tries.append(wire.clock.now())
        return fail()

    purifier._unit.bus._opener = counted
    wire.unplugged = True
    for _ in range(3000):
        wire.clock.advance(0.1)
        purifier.state()
    gaps = [round(b - a) for a, b in pairwise(tries)]
    assert sorted(gaps) == gaps
    assert gaps[-1] == 30


def test_replugged_pty(tmp_path: Path) -> None:
    """A port that went away and came back under its name is used again."""
    twin = ModbusTwin(Controller.open(QUICK, RealClock(), {"fan": 2}, noisy=False))
    port = tmp_path / "purifier"
    clock = ScriptedClock()
    first = Pty(twin)
    port.symlink_to(first.port)
    purifier = ModbusPurifier(
        QUICK,
        lambda: SerialLink(str(port), QUICK.baud),
        clock=clock,
        monotonic=clock.now,
        sleep=clock.advance,
    ).wait_ready()
    first.unplug()
    clock.advance(1)
    assert not purifier.state().online
    port.unlink()
    with plugged(twin) as second:
        port.symlink_to(second.port)
        clock.advance(60)
        assert (purifier.state().online, purifier.state().fan) == (True, 2)
        purifier.close()


def test_closed() -> None:
    """A closed purifier stays closed: it says so, and opens nothing."""
    purifier, wire = wired(power=True)
    purifier.close()
    purifier.close()
    wire.clock.advance(60)
    assert not purifier.state().online
    assert purifier.apply(SetPower(state="off")).code == OutcomeCode.OFFLINE
    assert wire.opened == 1


def test_no_port() -> None:
    """A port that is not there is explained as for any other serial purifier."""
    with pytest.raises(DeviceError, match="there is no port /dev/ttyNone"):
        open_modbus("/dev/ttyNone", EXAMPLE, 19200, RealClock())


def test_no_pymodbus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pymodbus the error says how to install it, and the line is let go."""
    monkeypatch.setitem(sys.modules, "pymodbus", None)
    with pytest.raises(DeviceError, match=r'pip install "sanso\[modbus\]"'):
        wired()


def test_is_a_purifier() -> None:
    """It is what the agent takes for a purifier."""
    purifier, _ = wired()
    assert isinstance(purifier, Purifier)
    assert EXAMPLE.make_capabilities() == purifier.capabilities
