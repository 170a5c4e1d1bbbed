"""What numbers on the wire mean: profiles there and back, and reports that make no sense."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.devices.errors import ProfileError
from sanso.devices.profile import load_profile, parse_profile, profile_names
from sanso.devices.purifier import Fault, NoReading
from sanso.devices.serial.mapping import (
    Known,
    attribute_of,
    faults_of,
    is_done,
    is_sensible,
    make_state,
    same,
    to_number,
)
from sanso.devices.serial.tuya_frames import Command
from sanso.devices.serial.tuya_units import Unit, UnitType

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.devices.serial.conftest import Wire

    from sanso.devices.datapoint import Attribute
    from sanso.devices.profile import Profile

WIRED = [p for p in map(load_profile, profile_names()) if p.protocol is not None]
KJ, MB4A = load_profile("kj-standard"), load_profile("zhimi-airp-mb4a")


def settable(profile: Profile) -> list[tuple[str, object]]:
    """Return every setting of a product with each of its values."""
    features = profile.capabilities
    return [
        *(("power", on) for on in (True, False)),
        *(("mode", mode) for mode in features.modes),
        *(("fan", level + 1) for level in range(features.fan_levels)),
        *(("light", light) for light in features.lights),
        *((f"option.{o}", on) for o in features.options for on in (True, False)),
    ]


SETTINGS = [(profile, *pair) for profile in WIRED for pair in settable(profile)]


def known_of(**numbers: int) -> dict[Attribute, Known]:
    """Return reports, each at 10 s."""
    return {name: Known(n, 10.0) for name, n in numbers.items()}  # type: ignore[misc]


@pytest.mark.parametrize(
    ("profile", "setting", "value"),
    SETTINGS,
    ids=[f"{p.id}-{name}-{value}" for p, name, value in SETTINGS],
)
def test_setting_there_and_back(profile: Profile, setting: str, value: object) -> None:
    """Each value of each setting becomes a number whose report means the same value."""
    number, attribute = to_number(profile, setting, value), attribute_of(setting)
    assert is_sensible(profile.attr[attribute], number)
    known = known_of(
        **{"mode": to_number(profile, "mode", "manual"), attribute: number}
    )
    state = make_state(profile, known, 10.0, online=True)
    assert value == state.settings()[setting]
    assert is_done(profile, attribute, number, known)
    others = {
        to_number(p, s, v) for p, s, v in SETTINGS if (p, s) == (profile, setting)
    }
    for other in others - {number}:
        assert not same(profile, attribute, number, other)


@pytest.mark.parametrize("profile", [KJ, MB4A], ids=lambda p: p.id)
@pytest.mark.parametrize("level", [0, 19])
def test_level_that_is_not_there(profile: Profile, level: int) -> None:
    """A level that the product lacks is refused as documented; 0 is not the highest."""
    with pytest.raises(KeyError):
        to_number(profile, "fan", level)


def test_unknown_words() -> None:
    """A setting or word that the profile lacks is refused."""
    for setting, value in (("mode", "turbo"), ("option.oscillation", True)):
        with pytest.raises(KeyError):
            to_number(KJ, setting, value)
    with pytest.raises(KeyError):
        to_number(MB4A, "light", "dark")


@pytest.mark.parametrize(
    ("number", "level"),
    [(300, 1), (599, 1), (601, 2), (900, 2), (1300, 3), (2200, 4), (2150, 4)],
)
def test_nearest_level(number: int, level: int) -> None:
    """A speed in revolutions counts as the nearest level, and confirms it."""
    state = make_state(MB4A, known_of(fan_level=number, mode=2), 10.0, online=True)
    assert level == state.fan
    wanted = to_number(MB4A, "fan", level)
    assert same(MB4A, "fan_level", wanted, number)


def test_readings() -> None:
    """A reading has its scale and age; its invalid number is no reading, and says why."""
    known = known_of(power=1, pm25=37, pm10=65535, tvoc=2, temperature=-3)
    state = make_state(KJ, known, 12.5, online=True)
    assert (state.readings["pm25"].value, state.readings["pm25"].age_seconds) == (
        37,
        2.5,
    )
    assert state.readings["tvoc"].value == 2000
    assert state.readings["temperature"].value == -3
    assert state.readings["pm10"].missing is NoReading.FAILED
    assert state.readings["co2"].missing is NoReading.ABSENT
    off = make_state(KJ, {**known, **known_of(power=0)}, 12.5, online=True)
    assert off.readings["pm10"].missing is NoReading.OFF


@pytest.mark.parametrize(
    ("profile", "number", "faults"),
    [
        (KJ, 0, set()),
        (KJ, 1, {Fault.WRONG_FILTER}),
        (KJ, 3, {Fault.WRONG_FILTER, Fault.DOOR_OPEN}),
        (KJ, 0xFFFFFFFC, set()),
        (MB4A, 0, set()),
        (MB4A, 2, {Fault.MOTOR}),
    ],
)
def test_faults(profile: Profile, number: int, faults: set[Fault]) -> None:
    """Bits and words of a fault become its names; bits without a name are left out."""
    assert faults == faults_of(profile, known_of(fault=number))


@pytest.mark.parametrize("number", [2, 255])
def test_bool_has_two_values(number: int) -> None:
    """A switch is 0 or 1: another number is no report of it, neither on nor refused."""
    assert not is_sensible(KJ.attr["power"], number)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("high = 3", "high = 300"),
        ("high = 3", "high = -1"),
        ('"0" = "wrong_filter"', '"x" = "wrong_filter"'),
        ('"0" = "wrong_filter"', '"-1" = "wrong_filter"'),
        ('"0" = "wrong_filter"', '"32" = "wrong_filter"'),
        ('"60" = 1', '"soon" = 1'),
        (
            '[attr.uv]\ndp = 9\ntype = "bool"',
            '[attr.uv]\ndp = 9\ntype = "enum"\nvalues = { yes = 1, no = 0 }',
        ),
        ("fan_level = 1000", "fan_level = -1000"),
    ],
)
def test_profile_that_would_break_the_wire(right: str, wrong: str) -> None:
    """What no frame can carry, or no report can mean, is found when a profile is loaded."""
    text = (files("sanso.devices") / "profiles" / "kj-standard.toml").read_text()
    assert right in text
    with pytest.raises(ProfileError):
        parse_profile(text.replace(right, wrong), path="wrong.toml")


@given(st.dictionaries(st.sampled_from(sorted(KJ.attr)), st.integers(-(2**31), 2**32)))
def test_any_sensible_reports_make_a_state(numbers: dict[Attribute, int]) -> None:
    """Whatever sensible numbers were reported, a state can be made, also from none."""
    known = {
        name: Known(number, 1.0)
        for name, number in numbers.items()
        if is_sensible(KJ.attr[name], number)
    }
    state = make_state(KJ, known, 2.0, online=False)
    assert not state.online
    assert state.fan in (None, 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("unit", "kept"),
    [
        (Unit(200, UnitType.VALUE, bytes(4)), 200),
        (Unit(1, UnitType.STRING, b"on"), "power"),
        (Unit(1, UnitType.RAW, b"\x01"), "power"),
        (Unit(1, UnitType.BITMAP, b"\x01"), "power"),
        (Unit(3, UnitType.ENUM, b"\x09"), "mode"),
        (Unit(2, UnitType.VALUE, b"\x00\x00\x07\xd0"), "pm25"),
        (Unit(2, UnitType.VALUE, b"\xff\xff\xff\xff"), "pm25"),
        (Unit(22, UnitType.BITMAP, b"\x00\x00\x01"), "fault"),
        (Unit(2, 0x77, b"\x01"), "pm25"),
    ],
)
def test_what_makes_no_sense_is_kept_and_noted_once(
    unit: Unit, kept: object, start: Callable[..., Wire]
) -> None:
    """An odd data point is kept raw, noted once, and the next to it is read."""
    wire = start()
    for _ in range(3):
        wire.say(Command.REPORT, unit.to_bytes() + wire.unit("humidity", 40))
    assert wire.session.known["humidity"].number == 40
    assert [kept] == list(wire.session.raw)
    assert len(wire.session.notes.lines) == 1
    wanted = {"power": 0}.get(str(kept))
    found = wire.session.known.get(kept)  # type: ignore[call-overload]
    assert wanted == (found.number if found else None)


def test_changing_nonsense_is_noted_once(start: Callable[..., Wire]) -> None:
    """A sensor beyond its range is one note, not one for each number."""
    wire = start()
    for number in range(1000, 1200):
        wire.report("pm25", number)
    assert len(wire.session.notes.lines) == 1


def test_torn_units(start: Callable[..., Wire]) -> None:
    """Data points that do not fit end the list; those before them stand."""
    wire = start()
    wire.say(Command.REPORT, wire.unit("humidity", 40) + b"\x02\x02\x00\x04\x00")
    assert wire.session.known["humidity"].number == 40
    assert wire.session.counters.malformed == 1


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\xff\xfe",
        b"[1]",
        b"null",
        b'{"p":[1]}',
        b'{"p":"\\u001b[2J\\n"}',
        b'{"p":"\\ud800"}',
        b'{"p":"%s"}' % (b"x" * 900),
        b"[" * 1024,
        b'{"p":' + b"[" * 500 + b"]" * 500 + b"}",
        b"9" * 1024,
    ],
)
def test_any_product_is_survived(said: bytes, make_wire: Callable[..., Wire]) -> None:
    """Whatever a controller says of itself, notes stay short lines that can be printed."""
    wire = make_wire(KJ.model_copy(update={"model": "another"}))
    wire.run(1)
    wire.say(Command.PRODUCT, said)
    for line in wire.session.notes.lines:
        assert line.isprintable()
        assert len(line) <= 200
    wire.report("power", 1)
    assert wire.session.known["power"].number == 1
