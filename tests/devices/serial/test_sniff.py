"""From a wire to a draft: recording, reading back, learning, drafting."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices import LinkLost, Profile, ScriptedClock, load_profile
from sanso.devices.appliance import BUTTONS, Button
from sanso.devices.datapoint import Attribute
from sanso.devices.profile import parse_profile
from sanso.devices.profile_check import check_profile
from sanso.devices.serial.asking import Asker, listen
from sanso.devices.serial.miot_lines import make_line
from sanso.devices.serial.sniff import (
    CaptureError,
    Draft,
    Piece,
    Recorder,
    parse_capture,
    read_capture,
)
from sanso.devices.serial.tuya_frames import MCU_VERSION, Command, Frame
from sanso.devices.serial.tuya_units import Unit, UnitType, join_units
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.runner import make_twin

STEP_SECONDS = 0.05
TWINS = ("kj-standard", "kj-legacy", "zhimi-airp-mb4a")
ROUND: tuple[Button, ...] = ("fan", "mode", "light")
LAST: tuple[Button, ...] = ("child_lock", "power")
ON = "55 AA 03 07 00 05 01 01 00 01 01 12"


@dataclass
class Bench:
    """A twin, and somebody at its line who plays the module and records."""

    profile: Profile
    clock: ScriptedClock = field(default_factory=ScriptedClock)
    pieces: list[Piece] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Stand at the first moment."""
        self.controller = Controller.open(self.profile, self.clock)
        self.twin = make_twin(self.controller)
        self.draft = Draft(baud=self.profile.baud)
        self.began = self.clock.now()
        self.asker = Asker(self.clock, self.began)

    def run(self, seconds: float) -> None:
        """Let time pass on the wire."""
        for _ in range(round(seconds / STEP_SECONDS)):
            self.clock.advance(STEP_SECONDS)
            said = self.twin.poll()
            if said:
                self.keep(Piece(self.moment, "in", said))
            asked = self.asker.poll(said, self.draft.protocol, self.clock.now())
            if asked:
                self.keep(Piece(self.moment, "out", asked))
                self.twin.feed(asked)

    @property
    def moment(self) -> float:
        """Seconds since the recording began."""
        return self.clock.now() - self.began

    def keep(self, piece: Piece) -> None:
        """Record and learn."""
        self.pieces.append(piece)
        self.draft.learn(piece)

    def press_everything(self) -> None:
        """Press every button until it has been all the way round."""
        for button in (*BUTTONS, *LAST):
            for _ in range(6 if button in ROUND else 1):
                self.controller.press(button)
                self.run(1.5)
        for button in ROUND:
            for _ in range(6):
                self.controller.press(button)
                self.run(1.5)

    def set_the_timer(self) -> None:
        """Choose every time of the off-timer, as the maker's app would."""
        point = self.profile.attr.get("timer_off")
        for number in point.minutes.values() if point else ():
            self.controller.write("timer_off", number)
            self.run(1.5)


@pytest.fixture(params=TWINS)
def bench(request: pytest.FixtureRequest) -> Bench:
    """Give each twin at the other end of a line."""
    return Bench(load_profile(request.param))


def sight(bench: Bench) -> Profile:
    """Return the drafted profile, which must load."""
    return parse_profile(bench.draft.draft_profile(), path="draft")


def test_a_twin_in_all_its_settings(bench: Bench) -> None:
    """The draft loads without errors or warnings and agrees with what was seen."""
    bench.run(4)
    bench.press_everything()
    bench.set_the_timer()
    text = bench.draft.draft_profile()
    drafted = parse_profile(text, path="draft")
    assert [
        f for f in check_profile(text, f"{drafted.id}.toml") if f.level != "hint"
    ] == []
    truth = bench.profile
    assert (truth.protocol, truth.baud) == (drafted.protocol, drafted.baud)
    assert truth.capabilities.fan_levels == drafted.capabilities.fan_levels
    assert set(truth.capabilities.modes) == set(drafted.capabilities.modes)
    assert set(truth.capabilities.lights) == set(drafted.capabilities.lights)
    minutes = drafted.capabilities.off_timer_minutes
    assert truth.capabilities.off_timer_minutes == minutes
    for name, point in drafted.attr.items():
        expected = truth.attr[name]
        assert (expected.dp, expected.siid, expected.piid) == (
            point.dp,
            point.siid,
            point.piid,
        )
        assert expected.type == point.type
        seen = bench.draft.seen[point.dp or (point.siid or 0, point.piid or 0)]
        if name != "fault":
            assert set(point.values.values()) <= set(seen.numbers)
        assert {*point.minutes.values(), *point.levels} <= set(seen.numbers)


def test_every_point_is_either_drafted_or_listed(bench: Bench) -> None:
    """Nothing that was seen is lost: what has no table is in the list below."""
    bench.run(4)
    bench.press_everything()
    text = bench.draft.draft_profile()
    tables = {p.dp or (p.siid, p.piid) for p in sight(bench).attr.values()}
    for address, seen in bench.draft.seen.items():
        words = (
            f"point {address}:"
            if isinstance(address, int)
            else f"{address[0]} {address[1]}:"
        )
        assert (address in tables) != (words in text), (address, seen)
    assert text.count("# check:") > len(tables)


def test_the_module_that_is_played_writes_nothing(bench: Bench) -> None:
    """Asking changes nothing in the appliance."""
    before = bench.controller.purifier.state().settings()
    bench.run(70)
    assert bench.controller.taken == []
    assert before == bench.controller.purifier.state().settings()
    assert not any(seen.written for seen in bench.draft.seen.values())


def test_too_little_is_not_a_purifier() -> None:
    """Before power, mode and fan are known, the draft loads, claims nothing and says what to press."""
    draft = Draft()
    draft.learn(Piece(0, "in", bytes.fromhex(ON)))
    text = draft.draft_profile()
    profile = parse_profile(text, path="draft")
    assert (profile.protocol, profile.attr, profile.capabilities.modes) == (
        None,
        {},
        ("manual",),
    )
    assert "mode: press the mode button" in text
    assert "fan_level: press the fan button" in text
    assert "power: press" not in text
    assert "# [attr.power]" in text


def report(dp: int, kind: UnitType, number: int) -> Piece:
    """Return a report of one data point."""
    data = join_units([Unit.of(dp, kind, number)])
    return Piece(0.0, "line", Frame(Command.REPORT, data, MCU_VERSION).to_bytes())


def learned(*pieces: Piece) -> Draft:
    """Return a draft that has learned these."""
    draft = Draft()
    for piece in pieces:
        draft.learn(piece)
    return draft


BASIC = (
    report(1, UnitType.BOOL, 1),
    report(3, UnitType.ENUM, 0),
    report(4, UnitType.ENUM, 1),
)


def test_a_type_that_disagrees_has_no_meaning() -> None:
    """Data point 7 as a value is no child lock; 101 belongs to the brand."""
    draft = learned(
        *BASIC, report(7, UnitType.VALUE, 3), report(101, UnitType.VALUE, 9)
    )
    text = draft.draft_profile()
    assert {"power", "mode", "fan_level"} == set(parse_profile(text, path="x").attr)
    assert "data point 7: value, seen 1 times, changed 0 times, 3 (child_lock" in text
    assert "data point 101: value" in text


def test_a_value_that_makes_no_sense_has_no_meaning() -> None:
    """A filter at 3000 is no percentage; a mixed type is none at all."""
    draft = learned(
        *BASIC,
        report(5, UnitType.VALUE, 3000),
        report(7, UnitType.BOOL, 1),
        report(7, UnitType.ENUM, 1),
    )
    names = set(parse_profile(draft.draft_profile(), path="x").attr)
    assert {"power", "mode", "fan_level"} == names


def test_modes_without_the_manual_one_are_not_enough() -> None:
    """A mode that was never seen is not made up."""
    draft = learned(BASIC[0], BASIC[2], report(3, UnitType.ENUM, 2))
    assert parse_profile(draft.draft_profile(), path="x").protocol is None


def test_numbers_beyond_the_book_are_named() -> None:
    """A mode that the book does not know is told, not named."""
    draft = learned(*BASIC, report(3, UnitType.ENUM, 7))
    text = draft.draft_profile()
    assert "# check: 7 came too; give it a word" in text
    assert parse_profile(text, path="x").attr["mode"].values == {"manual": 0}


@pytest.mark.parametrize(
    ("numbers", "range_", "levels"),
    [
        ([1, 2, 3], (1, 3), ()),
        ([20, 40, 100], (20, 100), (20, 40, 100)),
        ([5], (5, 5), ()),
    ],
)
def test_a_fan_of_numbers(
    numbers: list[int], range_: tuple[int, int], levels: tuple[int, ...]
) -> None:
    """A fan that is a value has a range, and levels where its numbers do not simply count."""
    draft = learned(*BASIC[:2], *(report(4, UnitType.VALUE, n) for n in numbers))
    profile = parse_profile(draft.draft_profile(), path="x")
    fan = profile.attr["fan_level"]
    assert (range_, levels, len(numbers)) == (
        fan.range,
        fan.levels,
        profile.capabilities.fan_levels,
    )


def test_what_the_module_wrote_is_kept_apart() -> None:
    """A write on the wire is noted as one, and is no report."""
    data = join_units([Unit.of(1, UnitType.BOOL, 0)])
    draft = learned(*BASIC, Piece(0, "line", Frame(Command.SET, data).to_bytes()))
    assert (draft.tuya[1].written, draft.tuya[1].numbers) == ({0: 1}, {1: 1})


def test_our_own_questions_are_no_sign_of_life() -> None:
    """What the module says does not tell which protocol the appliance speaks."""
    draft = learned(Piece(0, "out", Frame(Command.HEARTBEAT).to_bytes()))
    assert draft.protocol is None
    with pytest.raises(CaptureError) as caught:
        draft.draft_profile()
    assert caught.value.kind == "nothing"


def test_the_product_is_named() -> None:
    """The product id becomes the model and the profile's name, whatever is in it."""
    said = b'{"p":"A\\"b\\u0007\xc3\xa9","v":"1"}'
    frame = Frame(Command.PRODUCT, said, MCU_VERSION).to_bytes()
    draft = learned(*BASIC, Piece(0, "in", frame))
    profile = parse_profile(draft.draft_profile(), path="x")
    assert (profile.id, profile.model) == ("a-b", 'A"b??')


@pytest.mark.parametrize(
    ("before", "words", "expected"),
    [
        ("get", "result 2 1 0 true 2 4 0 1", {(2, 1), (2, 4)}),
        ("set", "result 2 1 0 2 4 0", set()),
        ("", "result 2 1 0 true", {(2, 1)}),
        ("", "result 2 1 0", set()),
        ("get", "result 2 1 -4003 2 4 0 1", {(2, 4)}),
    ],
)
def test_results_of_miot(
    before: str, words: str, expected: set[tuple[int, int]]
) -> None:
    """A result is read by its question; without one only where it means one thing."""
    draft = Draft()
    if before:
        draft.learn(Piece(0, "out", make_line("down", f"{before}_properties")))
    draft.learn(Piece(0, "in", f"get_down\r{words}\r".encode()))
    assert expected == set(draft.seen)


def test_silence_gives_up_a_torn_frame() -> None:
    """A torn frame does not swallow the good one behind it."""
    torn = bytes.fromhex("55AA0307000802020004")
    draft = learned(Piece(0, "in", torn), Piece(1, "in", bytes.fromhex(ON)))
    assert {1} == set(draft.seen)


# --- captures ---


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


units = st.lists(
    st.builds(Unit, st.integers(0, 255), st.integers(0, 7), st.binary(max_size=5)),
    max_size=8,
)


@given(frames=st.lists(units, max_size=12), product=st.binary(max_size=30))
@settings(deadline=None, max_examples=60)
def test_any_report_makes_a_draft_that_loads(
    frames: list[list[Unit]], product: bytes
) -> None:
    """Whatever an appliance reports, the draft loads and holds no type that was not seen."""
    draft = learned(*BASIC)
    draft.learn(Piece(0, "in", Frame(Command.PRODUCT, product, MCU_VERSION).to_bytes()))
    for row in frames:
        data = Frame(Command.REPORT, join_units(row), MCU_VERSION).to_bytes()
        draft.learn(Piece(0, "in", data))
    profile = parse_profile(draft.draft_profile(), path="x")
    for point in profile.attr.values():
        assert {point.type} == set(draft.tuya[point.dp or 0].types)


words = st.lists(
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8), max_size=9
)


@given(lines=st.lists(words, max_size=12))
@settings(deadline=None, max_examples=60)
def test_any_lines_of_miot_make_a_draft_or_an_explanation(
    lines: list[list[str]],
) -> None:
    """Whatever stands behind the words of MIoT, nothing raises."""
    draft = Draft()
    for row in lines:
        for name in ("properties_changed", "result", "down", "model"):
            draft.learn(Piece(0, "in", (" ".join([name, *row]) + "\r").encode()))
    with suppress(CaptureError):
        parse_profile(draft.draft_profile(), path="x")


# --- listening ---


@dataclass
class TwinLink:
    """A line whose other end is a twin, in scripted time."""

    bench: Bench
    name: str = "twin"
    closed: int = 0
    reads_left: int = 1_000_000

    def read(self, seconds: float) -> bytes:
        """Let the time pass and return what the twin said."""
        self.reads_left -= 1
        if not self.reads_left:
            msg = "the connection to twin is lost"
            raise LinkLost(msg, url="twin")
        self.bench.clock.advance(seconds)
        return self.bench.twin.poll()

    def write(self, data: bytes) -> None:
        """Hand it to the twin."""
        self.bench.twin.feed(data)

    def close(self) -> None:
        """Count it."""
        self.closed += 1


def test_asking_learns_everything(bench: Bench) -> None:
    """Played as the module, the listener learns all that the appliance reports, and records it."""
    link, stream, draft = TwinLink(bench), io.StringIO(), Draft()
    heard = listen(
        lambda _baud: link,
        (bench.profile.baud,),
        draft,
        recorder=Recorder(stream),
        clock=bench.clock,
        seconds=6,
        monotonic=bench.clock.now,
    )
    news = {address for item in heard for address in item.new}
    expected = {
        p.dp or (p.siid, p.piid)
        for p in bench.profile.attr.values()
        if p.access != "wo"
    }
    assert expected == news == set(draft.seen)
    assert (bench.profile.protocol, 1) == (draft.protocol, link.closed)
    assert bench.profile.baud == draft.baud
    directions = {p.direction for p in parse_capture(stream.getvalue().encode(), "x")}
    assert {"in", "out"} == directions


def test_listening_sends_nothing(bench: Bench) -> None:
    """Without a clock for the module nothing is ever written."""
    link, draft = TwinLink(bench), Draft()
    link.write = None  # type: ignore[assignment, method-assign]
    list(listen(lambda _: link, (9600,), draft, seconds=5, monotonic=bench.clock.now))
    expected = "miot" if bench.profile.protocol == "miot" else None
    assert expected == draft.protocol


def test_rates_are_tried_in_turn() -> None:
    """As long as nothing makes sense, the next rate is tried; lines are closed."""
    bench = Bench(load_profile("kj-standard"))
    tried: list[int] = []
    links: list[TwinLink] = []

    def opened(baud: int) -> TwinLink:
        tried.append(baud)
        links.append(TwinLink(bench))
        if baud != 115200:
            links[-1].write = lambda _: None  # type: ignore[method-assign, assignment]
        return links[-1]

    draft = Draft()
    list(
        listen(
            opened,
            (9600, 115200),
            draft,
            clock=bench.clock,
            seconds=12,
            monotonic=bench.clock.now,
        )
    )
    assert (tried, draft.baud) == ([9600, 115200], 115200)
    assert [link.closed for link in links] == [1, 1]


def test_a_lost_line_is_closed_and_told() -> None:
    """What was learned before the line was lost stays."""
    bench = Bench(load_profile("zhimi-airp-mb4a"))
    link, draft = TwinLink(bench, reads_left=100), Draft()
    with pytest.raises(LinkLost):
        list(listen(lambda _: link, (115200,), draft, monotonic=bench.clock.now))
    assert (link.closed, draft.protocol) == (1, "miot")


def test_attributes_of_the_book_are_known() -> None:
    """The books' attributes are the schema's, so that a table is never refused for its name."""
    names = {n for book in TWINS for n in load_profile(book).attr}
    assert names <= set(Attribute.__args__)  # type: ignore[attr-defined]
