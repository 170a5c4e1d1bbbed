"""The Modbus unit's end of the wire: frames in, frames out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.devices import ScriptedClock, load_profile
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.faults import Faults
from sanso.devices.twin.modbus_twin import ModbusTwin, crc16, sealed

READ_ONE = sealed(bytes.fromhex("01 03 00 01 00 01"))
ANSWER_TWO = sealed(bytes.fromhex("01 03 02 00 02"))


def twin(**settings: object) -> ModbusTwin:
    """Make a unit whose fan is at 2 and whose air is as written."""
    chosen = {"power": True, "fan": 2, "light": "on", **settings}
    profile = load_profile("modbus-example")
    return ModbusTwin(
        Controller.open(profile, ScriptedClock(), chosen, seed=1, noisy=False)
    )


def asked(unit: ModbusTwin, body: str) -> str:
    """Send a request without its checksum; return the answer without its own."""
    unit.feed(sealed(bytes.fromhex(body)))
    answer = unit.poll()
    assert not answer or sealed(answer[:-2]) == answer
    return answer[:-2].hex(" ")


def test_checksum() -> None:
    """The check value of CRC-16/MODBUS is 4B37, and its low byte goes first."""
    assert crc16(b"123456789") == 0x4B37
    assert sealed(b"123456789") == b"123456789\x37\x4b"


@pytest.mark.parametrize(
    "frame",
    [
        "01 03 00 00 00 02 C4 0B",
        "01 06 00 01 00 03 98 0B",
        "11 03 00 6B 00 03 76 87",
        "01 83 02 C0 F1",
    ],
)
def test_vectors(frame: str) -> None:
    """Frames that are known to be right have the checksum that is computed here."""
    wire = bytes.fromhex(frame)
    assert wire == sealed(wire[:-2])


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("01 01 00 00 00 04", "01 01 01 03"),  # power, light on; lock off
        ("01 03 00 00 00 02", "01 03 04 00 00 00 02"),
        ("01 04 00 00 00 01", "01 04 02 00 50"),
        ("01 04 00 02 00 01", "01 04 02 ff ce"),  # -5.0 degrees, in tenths
        ("01 05 00 01 00 00", "01 05 00 01 00 00"),
        ("01 06 00 01 00 03", "01 06 00 01 00 03"),
        ("01 0f 00 00 00 03 01 05", "01 0f 00 00 00 03"),
        ("01 10 00 00 00 02 04 00 00 00 01", "01 10 00 00 00 02"),
        ("11 03 00 00 00 01", ""),  # for another unit
        ("00 06 00 01 00 03", ""),  # for all of them
        ("01 02 00 00 00 01", "01 82 02"),  # it has no discrete inputs
        ("01 03 00 01 00 02", "01 83 02"),  # the second one does not exist
        ("01 03 00 00 00 00", "01 83 03"),
        ("01 03 00 00 00 7e", "01 83 03"),
        ("01 05 00 00 12 34", "01 85 03"),
        ("01 06 00 09 00 01", "01 86 02"),
        ("01 06 00 00 00 07", "01 86 03"),  # no such mode
        ("01 06 00 01 00 04", "01 86 03"),  # no such level
        ("01 10 00 00 00 02 02 00 00", "01 90 03"),
        ("01 2b 0e 01 00", "01 ab 01"),
    ],
)
def test_answers(request_: str, answer: str) -> None:
    """Each function is answered as the protocol says, and each wrong request with its exception."""
    assert answer == asked(twin(pm25=80, temperature=-5), request_)


def test_writes_several() -> None:
    """Several coils are written at once; the first is the lowest bit."""
    unit = twin()
    asked(unit, "01 0f 00 00 00 03 01 05")
    state = unit.controller.purifier.state()
    assert (
        state.power,
        state.light,
        state.options["child_lock"],
    ) == (True, "off", True)


def test_refused_writes_do_nothing() -> None:
    """One value that is refused keeps the others from being written."""
    unit = twin()
    asked(unit, "01 10 00 00 00 02 04 00 01 00 09")
    assert unit.controller.purifier.state().mode == "manual"


def test_broadcast_is_obeyed_in_silence() -> None:
    """A write to everybody is carried out, and nobody answers."""
    unit = twin()
    assert asked(unit, "00 06 00 01 00 03") == ""
    assert unit.controller.purifier.state().fan == 3


def test_byte_by_byte() -> None:
    """A frame is the same whole, byte by byte, and with another one behind it."""
    unit = twin()
    for byte in READ_ONE:
        unit.feed(bytes((byte,)))
    assert unit.poll() == ANSWER_TWO
    unit.feed(READ_ONE + READ_ONE)
    assert unit.poll() == ANSWER_TWO + ANSWER_TWO


def test_restart_forgets_what_was_on_the_way() -> None:
    """After a restart the half of a request is gone, and the settings are not."""
    unit = twin()
    unit.feed(READ_ONE[:5])
    unit.restart()
    unit.feed(READ_ONE)
    assert unit.poll() == ANSWER_TWO


def test_mute() -> None:
    """A mute unit carries out and does not answer."""
    unit = twin()
    unit.controller.faults = Faults(mute=True)
    assert asked(unit, "01 06 00 01 00 03") == ""
    assert unit.controller.purifier.state().fan == 3


def test_delay() -> None:
    """A slow unit answers later."""
    unit = twin()
    unit.controller.faults = Faults(delay_ms=100)
    assert asked(unit, "01 03 00 01 00 01") == ""
    clock = unit.controller.clock
    assert isinstance(clock, ScriptedClock)
    clock.advance(0.1)
    assert unit.poll() == ANSWER_TWO


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_garbage(chunks: list[bytes]) -> None:
    """No bytes make it raise, and after them and a silence it answers as ever."""
    unit = twin()
    for chunk in chunks:
        unit.feed(chunk)
    unit.silence()
    unit.poll()
    unit.feed(READ_ONE)
    assert len(unit.poll()) == 7


@given(st.binary(min_size=1, max_size=40))
def test_sealed_garbage(body: bytes) -> None:
    """No request with a right checksum makes it raise either; each gets one answer at most."""
    unit = twin()
    unit.feed(sealed(b"\x01" + body))
    unit.silence()
    unit.poll()
    unit.feed(READ_ONE)
    assert len(unit.poll()) == 7
