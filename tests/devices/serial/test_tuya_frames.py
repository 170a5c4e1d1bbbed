"""Frames: real vectors read three ways, and any bytes as the written rule reads them.

The rule, spelled out once more and slowly in `reference`: from the front, a byte that
begins no header is junk; a header with a version above 3, a length above 1024 or a wrong
sum costs its two bytes; what adds up is a frame, whatever it holds; what is incomplete
waits, and costs its two bytes when the silence ends it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices.serial.counters import Counters
from sanso.devices.serial.tuya_frames import MOST_DATA, Command, Frame, FrameDecoder
from sanso.devices.serial.tuya_units import UnitType, join_units, read_units

VECTORS = json.loads((Path(__file__).parent / "vectors" / "tuya.json").read_text())
FRAMES = [pytest.param(vector, id=vector["name"]) for vector in VECTORS["frames"]]
STREAMS = [pytest.param(vector, id=vector["name"]) for vector in VECTORS["streams"]]
LONGEST = 6 + MOST_DATA + 1


def each_byte(decoder: FrameDecoder, data: bytes) -> list[Frame]:
    """Feed a byte at a time."""
    return [frame for byte in data for frame in decoder.feed(bytes((byte,)))]


def reference(data: bytes, *, ended: bool) -> tuple[list[Frame], bytes]:
    """Return the frames that the rule promises, and the bytes that still wait."""
    frames: list[Frame] = []
    while data:
        if data[0] != 0x55 or (len(data) > 1 and data[1] != 0xAA):
            data = data[1:]
            continue
        if len(data) > 5 and (data[2] > 3 or data[4] * 256 + data[5] > 1024):
            data = data[2:]
            continue
        size = data[4] * 256 + data[5] if len(data) > 5 else 0
        if len(data) < size + 7:
            if not ended:
                break
            data = data[2:]
            continue
        total = 0
        for byte in data[: size + 6]:
            total = (total + byte) & 0xFF
        if total == data[size + 6]:
            frames.append(Frame(data[3], data[6 : size + 6], data[2]))
            data = data[size + 7 :]
        else:
            data = data[2:]
    return frames, data


def content(vector: dict[str, Any], frame: Frame) -> dict[str, Any]:
    """Return what a frame says, in the words of the file."""
    data, from_mcu = frame.data, vector["dir"] == "mcu>host"
    if frame.command in (Command.SET, Command.REPORT, Command.SYNC_REPORT):
        units, whole = read_units(data)
        assert whole
        assert data == join_units(units)
        said: dict[str, Any] = {}
        for unit in units:
            value: Any = unit.number
            if unit.type == UnitType.RAW:
                value = {"raw": unit.value.hex()}
            elif unit.type == UnitType.BOOL:
                value = bool(unit.number)
            elif unit.type != UnitType.VALUE:
                value = {UnitType(unit.type).name.lower(): unit.number}
            said[str(unit.dp)] = value
        return said
    if frame.command == Command.LOCAL_TIME:
        names = ("valid", "y", "mo", "d", "h", "mi", "s", "dow")
        numbers = (data[0] == 1, 2000 + data[1], *data[2:])
        return dict(zip(names, numbers, strict=True))
    readers: dict[int, Any] = {
        Command.HEARTBEAT: lambda: {"restarted": data == b"\x00"},
        Command.PRODUCT: lambda: {"json": json.loads(data)},
        Command.NETWORK: lambda: {} if from_mcu else {"status": data[0]},
        Command.SYNC_ACK: lambda: {"ok": data == b"\x01"},
        0xFF: lambda: {"raw": data.hex()},
    }
    return readers[frame.command]() if data else {}


@pytest.mark.parametrize("vector", FRAMES)
def test_vector_reads_the_same_three_ways(vector: dict[str, Any]) -> None:
    """A real frame reads the same whole, byte by byte, and with bytes behind it."""
    wire = bytes.fromhex(vector["hex"])
    frames = FrameDecoder().feed(wire)
    assert len(frames) == 1
    assert vector["cmd"] == frames[0].command
    assert frames == each_byte(FrameDecoder(), wire)
    for behind in (b"\x55", b"\x55\xaa", b"\x00", b"\x55\xaa\x03\x07\x00\x05", b"\xaa"):
        assert frames == FrameDecoder().feed(wire + behind)


@pytest.mark.parametrize("vector", FRAMES)
def test_vector_says_and_encodes(vector: dict[str, Any]) -> None:
    """A real frame says what the file says, and goes back to the same bytes."""
    (frame,) = FrameDecoder().feed(bytes.fromhex(vector["hex"]))
    assert vector["decoded"] == content(vector, frame)
    assert vector["hex"] == frame.to_bytes().hex()
    assert (3 if vector["dir"] == "mcu>host" else 0) == frame.version or vector[
        "name"
    ] in ("unsupported_reply", "local_time_2022_11_12")


@pytest.mark.parametrize("vector", STREAMS)
def test_stream_gives_its_frames(vector: dict[str, Any]) -> None:
    """A broken stream gives exactly its good frames, whole and byte by byte."""
    wire = bytes.fromhex(vector["hex"])
    frames = FrameDecoder().feed(wire)
    assert vector["frames_expected"] == len(frames)
    assert frames == each_byte(FrameDecoder(), wire)


cuts = st.lists(st.integers(0, 12), max_size=40)


def feed_cut(decoder: FrameDecoder, data: bytes, sizes: list[int]) -> list[Frame]:
    """Feed in pieces of these sizes, then the rest."""
    frames = []
    for size in sizes:
        frames += decoder.feed(data[:size])
        data = data[size:]
    return frames + decoder.feed(data)


@pytest.mark.parametrize("vector", STREAMS)
@given(sizes=cuts)
def test_stream_in_any_cuts(vector: dict[str, Any], sizes: list[int]) -> None:
    """A broken stream gives the same frames however it is cut."""
    wire = bytes.fromhex(vector["hex"])
    assert FrameDecoder().feed(wire) == feed_cut(FrameDecoder(), wire, sizes)


frames_ = st.builds(
    Frame, st.integers(0, 255), st.binary(max_size=40), st.integers(0, 3)
)


def _spoiled(frame: Frame, at: int, other: int) -> bytes:
    wire = bytearray(frame.to_bytes())
    wire[at % len(wire)] = other
    return bytes(wire)


pieces = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        (b"\x55", b"\xaa", b"\x55\xaa", b"\x55\x55\xaa", b"\x55\xaa\x03\x07\x00\x09")
    ),
    st.sampled_from((b"\x55\xaa\x03\x07\x04\x00", b"\x55\xaa\x03\x07\x04\x01")),
    frames_.map(Frame.to_bytes),
    st.builds(lambda frame, n: frame.to_bytes()[:n], frames_, st.integers(1, 20)),
    st.builds(_spoiled, frames_, st.integers(0, 50), st.integers(0, 255)),
    st.builds(lambda inner: Frame(7, inner.to_bytes(), 3).to_bytes(), frames_),
)
noise = st.lists(pieces, max_size=12).map(b"".join)


@given(frames=st.lists(frames_, max_size=6), sizes=cuts)
def test_encoded_frames_come_back(frames: list[Frame], sizes: list[int]) -> None:
    """Whatever frames are sent one behind the other are read again, in any cuts."""
    wire = b"".join(frame.to_bytes() for frame in frames)
    assert frames == feed_cut(FrameDecoder(), wire, sizes)


@settings(deadline=None, max_examples=300)
@given(steps=st.lists(st.tuples(noise, cuts, st.booleans()), max_size=5))
def test_any_bytes_as_the_rule_says(
    steps: list[tuple[bytes, list[int], bool]],
) -> None:
    """Any bytes in any cuts, with silences between, give what the slow rule gives."""
    decoder, waiting = FrameDecoder(), b""
    for data, sizes, silence in steps:
        expected, waiting = reference(waiting + data, ended=False)
        assert expected == feed_cut(decoder, data, sizes)
        assert len(waiting) == decoder.waiting
        if silence:
            expected, waiting = reference(waiting, ended=True)
            assert expected == decoder.expire()
            assert decoder.waiting == 0


@settings(deadline=None)
@given(steps=st.lists(st.tuples(noise, st.booleans()), max_size=5))
def test_every_byte_is_accounted_for(steps: list[tuple[bytes, bool]]) -> None:
    """Each byte that came is in a good frame, junk, or waiting; nothing is counted twice."""
    counters = Counters()
    decoder = FrameDecoder(counters)
    good: list[Frame] = []
    for data, silence in steps:
        good += decoder.feed(data)
        if silence:
            good += decoder.expire()
        in_frames = sum(7 + len(frame.data) for frame in good)
        assert counters.bytes_in == in_frames + counters.junk + decoder.waiting
        assert len(good) == counters.good
        refused = counters.bad_sum + counters.oversize + counters.bad_version
        assert counters.junk >= 2 * refused


@pytest.mark.parametrize(
    "bytes_",
    [
        b"\x55\xaa\x03\x07\x04\x00",
        b"\x55\xaa\x03\x07\x04\x00" * 3 + b"\x00",
        b"\x55\xaa",
        b"\x55",
        b"\x55\xaa\x00\x00\x00\x00",
        b"\x55\xaa\x03\x07\xff\xff",
    ],
)
def test_memory_is_bounded(bytes_: bytes) -> None:
    """However much comes, less than one longest frame waits."""
    decoder = FrameDecoder()
    for _ in range(2000):
        decoder.feed(bytes_)
        assert decoder.waiting < LONGEST
    decoder.feed(bytes_ * 10_000)
    assert decoder.waiting < LONGEST


@given(junk=st.binary(max_size=50), frame=frames_)
def test_frame_behind_harmless_junk(junk: bytes, frame: Frame) -> None:
    """Junk without a 55 never costs the frame behind it, nor does a single stray 55."""
    clean = junk.replace(b"\x55", b"")
    assert [frame] == FrameDecoder().feed(clean + frame.to_bytes())
    assert [frame] == FrameDecoder().feed(clean + b"\x55" + frame.to_bytes())


@given(frame=frames_, cut=st.integers(1, 46))
def test_silence_frees_what_comes_next(frame: Frame, cut: int) -> None:
    """After a torn frame and a silence, the next frame is read at once."""
    decoder = FrameDecoder()
    decoder.feed(Frame(7, bytes(40), 3).to_bytes()[:cut])
    assert decoder.expire() == []
    assert [frame] == decoder.feed(frame.to_bytes())


def test_longest_frame() -> None:
    """A frame of 1024 bytes of data goes through; a longer one cannot be made."""
    frame = Frame(Command.REPORT, bytes(MOST_DATA), 3)
    assert [frame] == FrameDecoder().feed(frame.to_bytes())
    for wrong in (
        {"data": bytes(MOST_DATA + 1)},
        {"command": 256},
        {"command": -1},
        {"version": 256},
    ):
        with pytest.raises(ValueError, match="no frame holds"):
            Frame(**{"command": 0, **wrong})  # type: ignore[arg-type]
