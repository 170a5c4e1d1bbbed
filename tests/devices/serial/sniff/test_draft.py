"""From what an appliance says to the draft of its profile."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices import Profile, load_profile
from sanso.devices.datapoint import Attribute
from sanso.devices.profile import parse_profile
from sanso.devices.profile_check import check_profile
from sanso.devices.serial.miot_lines import make_line
from sanso.devices.serial.sniff import CaptureError, Draft, Piece
from sanso.devices.serial.tuya_frames import MCU_VERSION, Command, Frame
from sanso.devices.serial.tuya_units import Unit, UnitType, join_units

if TYPE_CHECKING:
    from tests.devices.serial.sniff.conftest import Bench

ON = "55 AA 03 07 00 05 01 01 00 01 01 12"


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


def test_attributes_of_the_book_are_known(twins: tuple[str, ...]) -> None:
    """The books' attributes are the schema's, so that a table is never refused for its name."""
    names = {n for book in twins for n in load_profile(book).attr}
    assert names <= set(Attribute.__args__)  # type: ignore[attr-defined]
