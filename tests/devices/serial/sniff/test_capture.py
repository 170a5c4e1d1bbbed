"""Recordings and foreign logs: read back, or explained."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices.profile import parse_profile
from sanso.devices.serial.sniff import (
    CaptureError,
    Draft,
    Piece,
    Recorder,
    parse_capture,
    read_capture,
)

if TYPE_CHECKING:
    from tests.devices.serial.sniff.conftest import Bench

ON = "55 AA 03 07 00 05 01 01 00 01 01 12"


def test_a_recording_reads_back(bench: Bench, tmp_path: Path) -> None:
    """What was recorded teaches the same as what was heard."""
    bench.run(5)
    path = tmp_path / "capture.jsonl"
    with Recorder.open(path) as recorder:
        for piece in bench.pieces:
            recorder.record(piece)
            assert recorder.pieces == path.read_text(encoding="utf-8").count("\n")
    draft = Draft(baud=bench.profile.baud)
    for piece in read_capture(path):
        draft.learn(piece)
    assert bench.draft.draft_profile() == draft.draft_profile()
    with pytest.raises(FileExistsError):
        Recorder.open(path)


@pytest.mark.parametrize(
    "line",
    [
        ON,
        ON.replace(" ", ""),
        ON.replace(" ", ":"),
        f"12:34:56.789 RX: {ON}",
        f"2024-05-01 12:34:56,789 -> {ON}",
        f"[12:34:56][D][uart_debug:114]: <<< {ON.replace(' ', ':')}",
        f"[ 12.345678] in {ON}",
        ", ".join(f"0x{byte}" for byte in ON.split()),
        f'12:00:01 MQT: {{"TuyaReceived":{{"Data":"{ON.replace(" ", "")}"}}}}',
        f"\ufeff{ON}\r\n",
    ],
)
def test_foreign_logs_are_read(line: str) -> None:
    """A frame is found in a line whatever stands around it."""
    pieces = parse_capture(line.encode(), "log.txt")
    assert [bytes.fromhex(ON)] == [piece.data for piece in pieces]


def test_directions_of_foreign_logs() -> None:
    """RX and arrows tell whose bytes they are; without them nobody knows."""
    log = f"RX: {ON}\nTX {ON}\n<<< {ON}\n>>> {ON}\n{ON}\n"
    directions = [piece.direction for piece in parse_capture(log.encode(), "x")]
    assert directions == ["in", "out", "in", "out", "line"]


def test_lines_of_miot_are_read_as_they_are() -> None:
    """A text log of MIoT needs no hexadecimal."""
    log = b"1.5 RX: get_down\n1.6 TX: down none\n1.7 RX: properties_changed 3 4 37\\r\n"
    draft = Draft()
    for piece in parse_capture(log, "log.txt"):
        draft.learn(piece)
    assert (draft.protocol, draft.miot[3, 4].numbers) == ("miot", {37: 1})


GOOD = Piece(0.5, "in", b"\x55").to_line()


@pytest.mark.parametrize(
    ("data", "kind", "line"),
    [
        (b"", "empty", 0),
        (b"\n \n", "empty", 0),
        (b"\x7fELF\x00\x01\xff", "binary", 0),
        (b"\xff\xfe5\x005\x00", "binary", 0),
        (b"# a shopping list\nmilk", "foreign", 0),
        (b'{"name": "something else"}', "foreign", 0),
        (GOOD.encode() + GOOD.encode()[:20], "torn", 2),
        (GOOD.encode() + b"55 AA\n", "torn", 2),
        (GOOD.replace("0.5", "1e999").encode(), "torn", 1),
        (GOOD.replace('"in"', '"up"').encode(), "torn", 1),
        (GOOD.replace('"55"', '"5"').encode(), "torn", 1),
        (GOOD.replace('"55"', "55").encode(), "torn", 1),
        (GOOD.encode() + b"[" * 20_000, "torn", 2),
    ],
)
def test_wrong_files_are_explained(
    data: bytes, kind: str, line: int, tmp_path: Path
) -> None:
    """An empty, torn, foreign or binary file is one line with its cure."""
    path = tmp_path / "capture.jsonl"
    path.write_bytes(data)
    with pytest.raises(CaptureError) as caught:
        read_capture(path)
    assert (kind, str(path), line) == (
        caught.value.kind,
        caught.value.path,
        caught.value.line,
    )
    assert "\n" not in str(caught.value)
    assert "; " in str(caught.value)


@pytest.mark.parametrize("name", ["missing.jsonl", ".", "a\0b"])
def test_a_file_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    """A path that leads nowhere is explained."""
    with pytest.raises(CaptureError) as caught:
        read_capture(tmp_path / name)
    assert caught.value.kind == "unreadable"


def test_a_huge_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that no memory should hold is not read further."""
    monkeypatch.setattr("sanso.devices.serial.capture._MOST_BYTES", 8)
    with pytest.raises(CaptureError) as caught:
        parse_capture(ON.encode(), "x")
    assert caught.value.kind == "large"


hexes = st.text("0123456789abcdefABCDEF x:,-\n\r<>RT", max_size=200)


@given(text=hexes | st.text(max_size=120))
@settings(deadline=None)
def test_any_text_is_read_or_explained(text: str) -> None:
    """No text raises anything but an explanation, and what is read can be learned from."""
    draft = Draft()
    with suppress(CaptureError):
        for piece in parse_capture(text.encode("utf-8", "replace"), "x"):
            draft.learn(piece)
        parse_profile(draft.draft_profile(), path="x")
