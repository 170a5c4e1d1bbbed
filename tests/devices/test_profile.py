"""Profiles: products as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sanso.devices import (
    ProfileError,
    ScriptedClock,
    SimulatedPurifier,
    load_profile,
    profile_names,
)
from sanso.devices.profile import parse_profile

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """
id = "mine"
summary = "a purifier of my own"
[capabilities]
fan_levels = 3
modes = ["manual", "auto"]
"""
WIRED = (
    SMALL
    + """
filter_reset = false
"""
)
POINTS = """
[attr.power]
dp = 1
type = "bool"
[attr.mode]
dp = 3
type = "enum"
values = { manual = 0, auto = 1 }
[attr.fan_level]
dp = 4
type = "enum"
values = { low = 0, mid = 1, high = 2 }
"""


def test_package_has_its_profiles() -> None:
    """The profiles that the documentation names are there."""
    assert profile_names() == [
        *("kj-legacy", "kj-standard", "modbus-example"),
        *("sim", "sim-basic", "zhimi-airp-mb4a"),
    ]


@pytest.mark.parametrize("name", profile_names())
def test_profile_loads(name: str) -> None:
    """Every profile of the package loads under its own id, and makes a purifier."""
    profile = load_profile(name)
    assert profile.id == name
    purifier = SimulatedPurifier(clock=ScriptedClock(), profile=name)
    assert purifier.capabilities == profile.make_capabilities()
    assert purifier.state().options.keys() == set(profile.capabilities.options)


def test_kj_standard_is_the_standard() -> None:
    """The data points are those of the category's demo."""
    profile = load_profile("kj-standard")
    numbers = {name: point.dp for name, point in profile.attr.items()}
    assert numbers == {
        "power": 1,
        "pm25": 2,
        "mode": 3,
        "fan_level": 4,
        "filter_percent": 5,
        "ionizer": 6,
        "child_lock": 7,
        "light": 8,
        "uv": 9,
        "humidifier": 10,
        "filter_reset": 11,
        "temperature": 12,
        "humidity": 13,
        "tvoc": 14,
        "co2": 15,
        "filter_days": 16,
        "runtime_minutes": 17,
        "timer_off": 18,
        "timer_left": 19,
        "total_pm": 20,
        "air_quality": 21,
        "fault": 22,
        "pm10": 101,
        "sound": 103,
    }
    assert profile.attr["mode"].values == {"manual": 0, "auto": 1, "sleep": 2}
    assert profile.attr["fan_level"].implies == {"mode": "manual"}
    assert profile.attr["fault"].bits == {"0": "wrong_filter", "1": "door_open"}
    assert profile.timing.settle_ms == {"fan_level": 1000}


def test_profile_by_path(tmp_path: Path) -> None:
    """A profile of one's own is found by its path."""
    path = tmp_path / "mine.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert load_profile(str(path)).capabilities.fan_levels == 3


def test_wired_profile_is_accepted() -> None:
    """A protocol with all its data points is one product."""
    text = 'protocol = "tuya"\n' + WIRED + POINTS
    assert parse_profile(text, path="mine").attr["power"].dp == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SMALL.replace("fan_levels", "fan_level"), "mean fan_levels"),
        (SMALL.replace("auto", "slepe"), "no value 'slepe'; did you mean sleep"),
        (SMALL.replace('"manual", ', ""), "modes must contain manual"),
        (SMALL.replace("= 3", "= 0"), "capabilities.fan_levels: .*greater"),
        (SMALL.replace("= 3", '= "x"'), "capabilities.fan_levels: .*integer"),
        (SMALL.replace('summary = "a purifier of my own"', ""), "summary is missing"),
        (SMALL + "[start]\nfan = 4", "4 of 3 levels"),
        (SMALL + '[start]\nmode = "sleep"', "modes lacks"),
        (SMALL + 'lights = ["off"]\n[start]\nlight = "on"', "lights lacks"),
        (SMALL + "[start]\noptions = { uv = true }", "options lacks"),
        (SMALL + "[biuld]", "did you mean build"),
        (SMALL.replace("=", ""), "is not TOML"),
        (SMALL.replace("mine", "My Purifier"), "id: .*pattern"),
        (WIRED + POINTS, "belong together"),
        ('protocol = "tuya"\n' + WIRED, "belong together"),
        ('protocol = "tuya"\n' + SMALL + POINTS, "filter_reset"),
        ('protocol = "tuya"\n' + WIRED + POINTS.replace("= 4", "= 3"), "data point 3"),
        (
            'protocol = "tuya"\n' + WIRED + POINTS.replace("auto", "sleep"),
            "not the modes",
        ),
        (
            'protocol = "tuya"\n' + WIRED + POINTS.replace(", high = 2", ""),
            "2 of 3 levels",
        ),
        (
            'protocol = "tuya"\n' + WIRED + POINTS.replace("mid = 1", "mid = 0"),
            "one number",
        ),
        (
            'protocol = "tuya"\n' + WIRED + POINTS.replace('"bool"', '"enum"'),
            "every enum",
        ),
        (
            'protocol = "tuya"\n' + WIRED + POINTS.replace('"bool"', '"bitmap"'),
            "every bitmap",
        ),
        (
            'protocol = "tuya"\n' + WIRED + POINTS.replace("attr.power", "attr.pwer"),
            "did you mean power",
        ),
        (
            'protocol = "tuya"\n' + WIRED + POINTS.replace("type = ", "typ = ", 1),
            "attr.power",
        ),
    ],
)
def test_wrong_profile_is_explained(text: str, words: str) -> None:
    """A wrong profile is refused in one line that says where, what and what instead."""
    with pytest.raises(ProfileError, match=words) as caught:
        parse_profile(text, path="mine")
    assert "\n" not in str(caught.value)
    assert "mine" in str(caught.value)
    assert caught.value.path == "mine"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sim-basik", "did you mean sim-basic"),
        ("zzz", "choose from kj-legacy, kj-standard"),
        ("missing.toml", "cannot be read"),
        ("", "no profile ''"),
        ("mine\0.toml", "cannot be read"),
    ],
)
def test_unknown_profile_is_named(name: str, words: str) -> None:
    """A profile that is not there is named, with the nearest one."""
    with pytest.raises(ProfileError, match=words) as caught:
        load_profile(name)
    assert caught.value.path == name


def test_binary_profile_is_refused(tmp_path: Path) -> None:
    """A file that is no text is refused like any wrong profile."""
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProfileError, match="UTF-8 text"):
        load_profile(str(path))
