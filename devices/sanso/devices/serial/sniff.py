"""Learn from a line what an appliance has: its data points, their types and values.

Strategy: pure. Pieces of a capture go in, by direction, each through the decoders of both
protocols; whichever reads whole frames or lines tells which protocol it is. Of each data
point only what was seen is kept: type, values, how often it came and changed, and whether
it was written. `draft.py` makes the profile of it.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from typing import TYPE_CHECKING, Final, Literal

from .capture import (
    CaptureError,
    Direction,
    Piece,
    Recorder,
    parse_capture,
    read_capture,
)
from .miot_lines import LineDecoder
from .seen import Address, Heard, Seen
from .tuya_frames import SILENCE_SECONDS, Command, Frame, FrameDecoder
from .tuya_units import UnitType, read_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = [
    "CaptureError",
    "Direction",
    "Draft",
    "Heard",
    "Piece",
    "Recorder",
    "Seen",
    "parse_capture",
    "read_capture",
]

_MOST_POINTS: Final = 512
_MOST_TEXT: Final = 40
_MOST_NUMBER: Final = 65535
_TUYA_TYPES: Final = {
    UnitType.BOOL: "bool",
    UnitType.VALUE: "value",
    UnitType.ENUM: "enum",
    UnitType.BITMAP: "bitmap",
    UnitType.STRING: "text",
    UnitType.RAW: "raw",
}
_OF_MCU: Final = frozenset(
    [
        "get_down",
        "properties_changed",
        "result",
        "event_occured",
        "model",
        "mcu_version",
        "error",
        "net",
        "time",
        "mac",
        "reboot",
        "restore",
        "factory",
        "version",
        "echo",
    ]
)
"""First words of the lines of a MIoT controller."""
_SURE: Final = frozenset(
    ("get_down", "down", "properties_changed", "result", "event_occured", "mcu_version")
)
"""First words that no other text would have in this place."""


class Draft:
    """What was learned so far."""

    def __init__(self, *, baud: int | None = None) -> None:
        """Know nothing; `baud` is the rate of the recording, where it is known."""
        self.baud = baud
        self.product = ""
        """What the appliance calls itself: Tuya's product id, MIoT's model."""
        self.bytes = 0
        self.frames: Counter[str] = Counter()
        """Whole frames and lines of the appliance, by protocol."""
        self.tuya: dict[int, Seen] = {}
        self.miot: dict[tuple[int, int], Seen] = {}
        self._frame_decoders: dict[Direction, FrameDecoder] = {}
        self._line_decoders: dict[Direction, LineDecoder] = {}
        self._heard_at: dict[Direction, float] = {}
        self._asked: deque[str] = deque(maxlen=8)
        """What the results that must come belong to: get or set."""

    @property
    def protocol(self) -> Literal["tuya", "miot"] | None:
        """The protocol that was recognised; None as long as nothing made sense."""
        tuya, miot = self.frames["tuya"], self.frames["miot"]
        if not tuya and not miot:
            return None
        return "tuya" if tuya >= miot else "miot"

    @property
    def seen(self) -> Mapping[Address, Seen]:
        """The data points, by address."""
        if self.protocol == "miot":
            return dict(sorted(self.miot.items()))
        return dict(sorted(self.tuya.items()))

    def learn(self, piece: Piece) -> list[Heard]:
        """Take in a piece of a capture; return the frames and lines that are whole now."""
        heard: list[Heard] = []
        direction, data = piece.direction, piece.data
        frames = self._frame_decoders.setdefault(direction, FrameDecoder())
        lines = self._line_decoders.setdefault(direction, LineDecoder())
        before = self._heard_at.get(direction, piece.t)
        if piece.t - before >= SILENCE_SECONDS:
            heard += self._frames(frames.expire(), direction)
            lines.expire()
        self._heard_at[direction] = piece.t
        self.bytes += len(data)
        heard += self._frames(frames.feed(data), direction)
        for words in lines.feed(data):
            heard += self._line(words, direction)
        return heard

    def finish(self) -> list[Heard]:
        """Give up what is incomplete; return frames that were found inside it."""
        heard: list[Heard] = []
        for direction, decoder in self._frame_decoders.items():
            heard += self._frames(decoder.expire(), direction)
        for lines in self._line_decoders.values():
            lines.expire()
        return heard

    def draft_profile(self) -> str:
        """Return a profile as TOML that `load_profile` accepts, its guesses marked `# check:`.

        Raises:
            CaptureError: nothing was seen that could be learned from.

        """
        from .draft import write_draft  # it looks at this class

        self.finish()
        return write_draft(self)

    # --- Tuya ---

    def _frames(self, frames: Sequence[Frame], direction: Direction) -> Iterator[Heard]:
        for frame in frames:
            # A frame says by itself whose it is, whatever the recording says.
            self.frames["tuya"] += _is_of_mcu(frame)
            name = _name(frame.command)
            if frame.command in (Command.REPORT, Command.SYNC_REPORT):
                told, new = self._units(frame, written=False)
            elif frame.command == Command.SET:
                told, new = self._units(frame, written=True)
            else:
                told, new = self._said(frame), ()
            yield Heard(direction, name, told, new)

    def _units(self, frame: Frame, *, written: bool) -> tuple[str, tuple[Address, ...]]:
        units, whole = read_units(frame.data)
        told, new = [], []
        for unit in units:
            kind = (
                _TUYA_TYPES.get(UnitType(unit.type), "raw")
                if unit.type < len(UnitType)
                else "raw"
            )
            number = unit.number
            value = _text(unit.value, kind) if number is None else number
            told.append(f"{unit.dp} {kind} {value}")
            if unit.dp not in self.tuya:
                new.append(unit.dp)
            seen = self.tuya.setdefault(unit.dp, Seen())
            if not written:
                seen.take(kind, value)
            elif number is not None:
                seen.wrote(number)
        told += [] if whole else ["(the rest makes no sense)"]
        return ", ".join(told), tuple(new)

    def _said(self, frame: Frame) -> str:
        if frame.command != Command.PRODUCT or not frame.data:
            return frame.data.hex(" ")
        text = _printable(frame.data.decode("utf-8", "replace"))
        try:
            found = json.loads(frame.data)
        except (ValueError, RecursionError):
            return text
        said = found.get("p") if isinstance(found, dict) else None
        if isinstance(said, str):
            self.product = _printable(said)[:_MOST_TEXT]
        return text

    # --- MIoT ---

    def _line(self, words: Sequence[str], direction: Direction) -> Iterator[Heard]:
        name, rest = words[0], words[1:]
        if name not in _OF_MCU and name != "down":
            return
        if name not in _SURE and not self.frames["miot"] and name != "model":
            return  # a word that other text has too
        self.frames["miot"] += name != "down"
        new: tuple[Address, ...] = ()
        if name == "down" and rest:
            self._down(rest)
        elif name == "properties_changed":
            new = self._properties(rest, 3)
        elif name == "result":
            new = self._result(rest)
        elif name == "model" and rest:
            self.product = _printable(rest[0])[:_MOST_TEXT]
        yield Heard(direction, name, _printable(" ".join(rest)), new)

    def _down(self, rest: Sequence[str]) -> None:
        kind = rest[0]
        if kind == "get_properties":
            self._asked.append("get")
        elif kind in ("set_properties", "action"):
            self._asked.append("set")
        if kind == "set_properties":
            for at in range(1, len(rest) - 2, 3):
                address = _address(rest[at], rest[at + 1])
                number = _number(rest[at + 2])
                if address is not None and number is not None:
                    self._point(address).wrote(number)

    def _result(self, rest: Sequence[str]) -> tuple[Address, ...]:
        """Read a result; one whose question was not heard only where it can mean one thing."""
        asked = self._asked.popleft() if self._asked else ""
        codes = rest[2::4]
        values = bool(codes) and not len(rest) % 4 and set(codes) == {"0"}
        short = not len(rest) % 3 and all(_is_code(word) for word in rest[2::3])
        if asked == "set" or (not asked and (short or not values)):
            return ()
        found: list[str] = []
        at = 0
        while at + 3 <= len(rest):
            has_value = rest[at + 2] == "0" and at + 4 <= len(rest)
            if has_value:
                found += [*rest[at : at + 2], rest[at + 3]]
            at += 4 if has_value else 3
        return self._properties(found, 3)

    def _properties(self, words: Sequence[str], size: int) -> tuple[Address, ...]:
        new: list[Address] = []
        for at in range(0, len(words) - size + 1, size):
            siid, piid, text = words[at : at + size]
            address = _address(siid, piid)
            if address is None:
                continue
            if address not in self.miot:
                new.append(address)
            number = _number(text)
            kind = "bool" if text in ("true", "false") else "number"
            if number is None:
                self._point(address).take("text", _printable(text)[:_MOST_TEXT])
            else:
                self._point(address).take(kind, number)
        return tuple(new)

    def _point(self, address: tuple[int, int]) -> Seen:
        if len(self.miot) >= _MOST_POINTS and address not in self.miot:
            return Seen()  # noise that looks like lines fills no memory
        return self.miot.setdefault(address, Seen())


def _is_of_mcu(frame: Frame) -> bool:
    """Whether a frame is the appliance's: old controllers have the module's version, 0."""
    if frame.version or frame.command in (Command.REPORT, Command.SYNC_REPORT):
        return True
    return bool(frame.data) and frame.command in (Command.HEARTBEAT, Command.PRODUCT)


def _name(command: int) -> str:
    known = command in set(Command)
    return Command(command).name.lower() if known else f"command {command:02x}"


def _is_code(word: str) -> bool:
    return word in ("0", "1") or (word.startswith("-4") and word[1:].isdecimal())


def _address(siid: str, piid: str) -> tuple[int, int] | None:
    if not (
        siid.isascii() and piid.isascii() and siid.isdecimal() and piid.isdecimal()
    ):
        return None
    if len(siid) > 5 or len(piid) > 5:  # noqa: PLR2004 - the digits of 65535
        return None
    found = int(siid), int(piid)
    return found if min(found) > 0 and max(found) <= _MOST_NUMBER else None


def _number(text: str) -> int | None:
    """Return the whole number that a word spells; booleans count 0 and 1; None for all else."""
    if text in ("true", "false"):
        return int(text == "true")
    digits = text.removeprefix("-")
    is_whole = digits.isascii() and digits.isdecimal() and len(digits) <= 18  # noqa: PLR2004
    return int(text) if is_whole else None


def _text(value: bytes, kind: str) -> str:
    text = value.decode("utf-8", "replace") if kind == "text" else value.hex(" ")
    return _printable(text)[:_MOST_TEXT]


def _printable(text: str) -> str:
    """Return a text with nothing in it that a terminal or a TOML file would obey."""
    return "".join(c if c.isprintable() and c.isascii() else "?" for c in text)
