"""Registers of a Modbus unit: read together, understood, refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sanso.devices import NoAnswer, NoReading, OutcomeCode, load_profile
from sanso.devices.datapoint import Datapoint
from sanso.devices.serial.modbus_registers import from_word, spans_of, to_word
from sanso.devices.twin.modbus_twin import sealed
from sanso.grammars import SetLight, SetMode

if TYPE_CHECKING:
    from tests.devices.serial.modbus.conftest import Change, Join

EXAMPLE = load_profile("modbus-example")


def test_readings(wired: Join) -> None:
    """Readings come in their units: tenths and negative numbers are understood."""
    purifier, _ = wired(pm25=37, co2=800, temperature=-5.5)
    readings = purifier.state().readings
    values = {name: reading.value for name, reading in readings.items()}
    assert values == {"pm25": 37, "co2": 800, "temperature": -5.5}


def test_no_reading(wired: Join) -> None:
    """What the profile calls invalid is no number: an appliance that is off measures nothing."""
    purifier, _ = wired(power=False)
    reading = purifier.state().readings["temperature"]
    assert (reading.value, reading.missing) == (None, NoReading.OFF)


def test_neighbours_are_read_together(wired: Join) -> None:
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


@pytest.mark.parametrize("table", ["input", "discrete"])
def test_unknown_registers(table: str, wired: Join, changed: Change) -> None:
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


def test_refused_by_silence(wired: Join, changed: Change) -> None:
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


def test_unknown_power(wired: Join, changed: Change) -> None:
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
def test_refused_writes(
    light: Datapoint, code: OutcomeCode, wired: Join, changed: Change
) -> None:
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
def test_exceptions(exception: int, times: int, code: OutcomeCode, wired: Join) -> None:
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


def test_only_functions_for_many(wired: Join) -> None:
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


def test_an_insensible_number(wired: Join, changed: Change) -> None:
    """A number that the profile does not know is kept apart, and noted."""
    narrow = EXAMPLE.attr["pm25"].model_copy(update={"range": (0, 30)})
    purifier, _ = wired(changed(pm25=narrow), at_the_unit=EXAMPLE, pm25=40)
    assert purifier.raw == {"pm25": "40"}
    assert None is purifier.state().readings["pm25"].value
