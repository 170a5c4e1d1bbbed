"""Faults of the line and of the appliance: each does what it says, and no more."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.devices import DeviceError, ScriptedClock
from sanso.devices.profile import load_profile
from sanso.devices.serial.miot_lines import LineDecoder
from sanso.devices.serial.tuya_frames import Command, Frame, FrameDecoder
from sanso.devices.serial.tuya_units import Unit, UnitType
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.faults import SHARES, Faults, FaultyLine, read_faults
from sanso.devices.twin.miot_twin import MiotTwin
from sanso.devices.twin.runner import Runner
from sanso.devices.twin.tuya_twin import TuyaTwin

FRAME = Frame(Command.REPORT, b"\x01\x01\x00\x01\x01", 3).to_bytes()
BEAT = Frame(Command.HEARTBEAT).to_bytes()


def passed(
    faults: Faults, times: int = 400, *, outward: bool = True
) -> list[list[bytes]]:
    """Return what arrives of so many equal frames."""
    line = FaultyLine(lambda: faults, seed=1)
    return [line.passes(FRAME, outward=outward) for _ in range(times)]


def set_(dp: int, kind: UnitType, number: int) -> bytes:
    """Return a frame that sets a data point."""
    return Frame(Command.SET, Unit.of(dp, kind, number).to_bytes()).to_bytes()


def tuya(faults: Faults) -> tuple[TuyaTwin, ScriptedClock]:
    """Return a twin that was started before the faults came."""
    clock = ScriptedClock()
    controller = Controller.open(
        load_profile("kj-standard"), clock, {"power": "off"}, noisy=False
    )
    twin = TuyaTwin(controller)
    twin.feed(BEAT)
    twin.poll()
    controller.faults = faults
    return twin, clock


@given(st.binary(min_size=1, max_size=60), st.booleans())
def test_no_faults(frame: bytes, outward: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """Without faults, everything arrives as it was sent."""
    assert [frame] == FaultyLine(Faults).passes(frame, outward=outward)


@pytest.mark.parametrize("outward", [True, False])
@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_drop(share: float, *, outward: bool) -> None:
    """That share of the frames is lost, in either direction; the others are whole."""
    arrived = passed(Faults(drop=share), outward=outward)
    lost = sum(pieces == [] for pieces in arrived)
    assert abs(lost - 400 * share) <= 40
    assert all(pieces in ([], [FRAME]) for pieces in arrived)


@pytest.mark.parametrize("outward", [True, False])
def test_corrupt(*, outward: bool) -> None:
    """One byte of the frame becomes another: any of them, only one, always another."""
    places = set()
    for (piece,) in passed(Faults(corrupt=1.0), outward=outward):
        assert len(FRAME) == len(piece)
        (at,) = [i for i, byte in enumerate(piece) if byte != FRAME[i]]
        places.add(at)
    assert places == set(range(len(FRAME)))


def test_tear() -> None:
    """The frame ends early, behind its first byte and before its last."""
    pieces = [piece for (piece,) in passed(Faults(tear=1.0))]
    assert all(FRAME.startswith(piece) for piece in pieces)
    assert set(range(1, len(FRAME))) == {len(piece) for piece in pieces}


def test_duplicate() -> None:
    """The frame comes twice."""
    assert passed(Faults(duplicate=1.0), 9) == [[FRAME, FRAME]] * 9


def test_bad_sum() -> None:
    """Only the last byte of a frame from the appliance is wrong."""
    assert all(
        p[:-1] == FRAME[:-1] and p != FRAME for (p,) in passed(Faults(bad_sum=1))
    )
    assert passed(Faults(bad_sum=1.0), 9, outward=False) == [[FRAME]] * 9


def test_mute() -> None:
    """It says nothing, and still takes in what it is told."""
    twin, clock = tuya(Faults(mute=True))
    twin.feed(set_(1, UnitType.BOOL, 1) + BEAT)
    clock.advance(5)
    assert twin.poll() == b""
    assert twin.controller.purifier.state().power
    assert passed(Faults(mute=True), 1, outward=False) == [[FRAME]]


def test_delay() -> None:
    """Everything that the appliance sends comes that much later."""
    twin, clock = tuya(Faults(delay_ms=250))
    twin.feed(BEAT)
    clock.advance(0.24)
    assert twin.poll() == b""
    clock.advance(0.02)
    assert [Frame(0, b"\x01", 3)] == FrameDecoder().feed(twin.poll())


def test_burst() -> None:
    """A frame from the appliance is followed by a report of everything."""
    twin, _ = tuya(Faults(burst=1.0))
    twin.feed(BEAT)
    frames = FrameDecoder().feed(twin.poll())
    assert frames[0].command == Command.HEARTBEAT
    units = b"".join(frame.data for frame in frames[1:])
    dps = {unit.dp for unit in _units(units)}
    points = twin.controller.profile.attr
    assert {points[name].dp for name in twin.controller.numbers()} == dps


def _units(data: bytes) -> list[Unit]:
    from sanso.devices.serial.tuya_units import read_units

    units, whole = read_units(data)
    assert whole
    return units


def test_burst_on_miot() -> None:
    """A burst is a report of everything on a line of text, too."""
    clock = ScriptedClock()
    controller = Controller.open(load_profile("zhimi-airp-mb4a"), clock, noisy=False)
    twin = MiotTwin(controller)
    decoder = LineDecoder()
    for _ in range(40):
        clock.advance(0.1)
        decoder.feed(twin.poll())
        twin.feed(b"ok\r")
    controller.faults = Faults(burst=1.0)
    lines: list[list[str]] = []
    for _ in range(20):
        clock.advance(0.1)
        lines += decoder.feed(twin.poll())
        twin.feed(b"ok\r")
    assert "properties_changed" in {line[0] for line in lines}


@pytest.mark.parametrize(
    ("share", "least", "most"), [(0.0, 60, 60), (1.0, 0, 0), (0.5, 15, 45)]
)
def test_ignore_set(share: float, least: int, most: int) -> None:
    """That share of the writes is not carried out, and not reported."""
    twin, _ = tuya(Faults(ignore_set=share))
    for turn in range(60):
        twin.feed(set_(8, UnitType.BOOL, turn % 2))
    assert least <= len(twin.controller.taken) <= most


def test_clamp_set() -> None:
    """Fan levels above that one become that one; lower ones stay."""
    twin, _ = tuya(Faults(clamp_set=2))
    for code, reported in ((3, 1), (0, 0), (1, 1), (2, 1)):
        twin.feed(set_(4, UnitType.ENUM, code))
        assert twin.controller.numbers()["fan_level"] == reported


def test_slow() -> None:
    """Effect and report of a write come that much later, in the order of the writes."""
    twin, clock = tuya(Faults(slow_ms=800))
    twin.feed(set_(1, UnitType.BOOL, 1))
    clock.advance(0.7)
    assert twin.poll() == b""
    assert not twin.controller.purifier.state().power
    clock.advance(0.2)
    assert Unit.of(1, UnitType.BOOL, 1).to_bytes() in twin.poll()


class Port:
    """A port at which nobody listens and nothing comes."""

    silent_seconds = 1.0
    host_baud = None

    def read(self, seconds: float) -> bytes:
        """Return nothing, at once."""
        del seconds
        return b""

    def write(self, data: bytes) -> None:
        """Drop it."""


@pytest.mark.parametrize(("mean", "least", "most"), [(0.0, 0, 0), (30.0, 15, 60)])
def test_restart_seconds(mean: float, least: int, most: int) -> None:
    """The controller restarts about that often; never, if it is 0."""
    told: list[str] = []
    clock = ScriptedClock()
    controller = Controller.open(load_profile("kj-standard"), clock, noisy=False)
    controller.faults = Faults(restart_seconds=mean)
    runner = Runner(TuyaTwin(controller, told.append), Port(), seed=1)  # type: ignore[arg-type]
    for _ in range(1800):
        clock.advance(0.5)
        runner.step(0)
    assert least <= told.count("restarted") <= most


def test_spoiled_frames_are_counted_and_seeded() -> None:
    """The same seed spoils the same frames, and what was spoiled is counted."""
    faults = Faults(drop=0.2, corrupt=0.2, tear=0.2, duplicate=0.2, bad_sum=0.2)
    assert passed(faults) == passed(faults)
    line = FaultyLine(lambda: faults, seed=1)
    for _ in range(100):
        line.passes(FRAME, outward=True)
    assert {"drop", "corrupt", "tear", "duplicate", "bad_sum"} == set(line.spoiled)


@given(st.binary(min_size=1, max_size=5), st.integers(0, 99))
def test_any_frame_passes(frame: bytes, seed: int) -> None:
    """Also a frame of one byte can meet every fault."""
    faults = Faults(corrupt=1.0, tear=1.0, bad_sum=1.0, duplicate=1.0)
    for piece in FaultyLine(lambda: faults, seed).passes(frame, outward=True):
        assert len(piece) <= len(frame)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], Faults()),
        (
            ["drop=0.05", "mute", "slow-ms=800"],
            Faults(drop=0.05, mute=True, slow_ms=800),
        ),
        (["mute", "mute=off"], Faults()),
        (["drop=0.1", "drop=0.2"], Faults(drop=0.2)),
        (["clamp_set=3", "delay_ms=20"], Faults(clamp_set=3, delay_ms=20)),
        (
            ["restart_seconds=30", "ignore_set"],
            Faults(restart_seconds=30, ignore_set=1),
        ),
    ],
)
def test_read(texts: list[str], expected: Faults) -> None:
    """Faults are written by name and value; the later ones win."""
    assert expected == read_faults(texts)


def test_read_upon_others() -> None:
    """What is not named stays as it was."""
    assert Faults(drop=0.5, mute=True) == read_faults(["mute"], Faults(drop=0.5))


@pytest.mark.parametrize(
    "text",
    [
        *("drops=1", "drop=2", "drop=-1", "drop=x", "drop=", "drop=nan", "=1", ""),
        *("slow_ms=inf", "clamp_set=-1", "restart_seconds=-5", "mute=perhaps"),
    ],
)
def test_wrong_fault(text: str) -> None:
    """A wrong name or value is one line that names it."""
    with pytest.raises(DeviceError) as caught:
        read_faults([text])
    assert "\n" not in str(caught.value)
    assert repr(
        text.partition("=")[2 * ("there is no" not in str(caught.value))]
    ) in str(caught.value)


def test_shares_are_named() -> None:
    """Each share is a fault."""
    assert set(SHARES) <= {f.name for f in fields(Faults)}
