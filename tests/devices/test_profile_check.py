"""Profiles checked: everything at once, and each message with the change to make."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices import ProfileError, profile_names
from sanso.devices.profile import parse_profile
from sanso.devices.profile_check import check_profile
from sanso.devices.profile_findings import WORDS, found

PROFILES = Path(__file__).resolve().parents[2] / "devices/sanso/devices/profiles"
SOUND = """
id = "mine"
summary = "mine"
protocol = "tuya"
model = "pid"
baud = 9600
[capabilities]
fan_levels = 3
modes = ["manual", "auto"]
options = ["child_lock"]
lights = ["off", "on"]
metrics = ["pm25"]
off_timer_minutes = [60, 120]
[start]
fan = 2
[timing]
gap_ms = 60
[attr.power]
dp = 1
type = "bool"
[attr.pm25]
dp = 2
type = "value"
access = "ro"
range = [0, 999]
invalid = [65535]
[attr.mode]
dp = 3
type = "enum"
values = { manual = 0, auto = 1 }
[attr.fan_level]
dp = 4
type = "enum"
values = { low = 0, mid = 1, high = 2 }
implies = { mode = "manual" }
[attr.filter_percent]
dp = 5
type = "value"
access = "ro"
[attr.child_lock]
dp = 7
type = "bool"
[attr.light]
dp = 8
type = "bool"
[attr.filter_reset]
dp = 11
type = "bool"
access = "wo"
[attr.timer_off]
dp = 18
type = "enum"
minutes = { "0" = 0, "60" = 1, "120" = 2 }
[attr.fault]
dp = 22
type = "bitmap"
access = "ro"
bits = { "0" = "door_open" }
blocks = ["power_on"]
"""
FAN = "values = { low = 0, mid = 1, high = 2 }"
FAULT = SOUND[SOUND.index("[attr.fault]") :]
MODBUS = (PROFILES / "modbus-example.toml").read_text(encoding="utf-8")
CASES = [
    # kind, where, what is changed, into what
    ("syntax", "line 3", 'summary = "mine"', "summary mine"),
    ("unknown", "sumary", "summary", "sumary"),
    ("unknown", "capabilities.fan_level", "fan_levels", "fan_level"),
    ("unknown", "timing.gap", "gap_ms", "gap"),
    ("unknown", "attr.pwer", "[attr.power]", "[attr.pwer]"),
    ("unknown", "attr.power.tipe", 'dp = 1\ntype = "bool"', 'dp = 1\ntipe = "bool"'),
    ("missing", "summary", 'summary = "mine"\n', ""),
    ("missing", "attr.power.type", 'dp = 1\ntype = "bool"', "dp = 1"),
    ("choice", "protocol", '"tuya"', '"tya"'),
    ("choice", "capabilities.modes.1", '"auto"]', '"otto"]'),
    ("choice", "attr.fault.bits.0", '"door_open"', '"door"'),
    ("least", "timing.gap_ms", "gap_ms = 60", "gap_ms = -1"),
    ("above", "baud", "baud = 9600", "baud = 0"),
    ("most", "attr.power.dp", "dp = 1\n", "dp = 256\n"),
    ("type", "baud", "baud = 9600", 'baud = "fast"'),
    ("type", "attr.mode.values", "values = { manual = 0, auto = 1 }", "values = 3"),
    ("type", "capabilities", "[capabilities]", "[capabilities2]"),
    ("name", "id", '"mine"\nsummary', '"My Own"\nsummary'),
    ("pair", "attr.pm25.range", "[0, 999]", "[0, 1, 2]"),
    ("pair", "attr.pm25.range", "[0, 999]", "[0]"),
    ("manual", "capabilities.modes", '["manual", "auto"]', '["auto"]'),
    ("start.fan", "start.fan", "fan = 2", "fan = 9"),
    ("start.word", "start.mode", "fan = 2", 'mode = "sleep"'),
    ("start.word", "start.light", "fan = 2", 'light = "dim"'),
    ("start.word", "start.options", "fan = 2", "options = { uv = true }"),
    ("protocol", "protocol", 'protocol = "tuya"\n', ""),
    ("points", "attr", SOUND[SOUND.index("[attr.power]") :], ""),
    ("address", "attr.power", "dp = 1\n", "siid = 1\n"),
    ("taken", "attr.pm25", "dp = 2\n", "dp = 1\n"),
    ("point", "attr.uv", '["child_lock"]', '["child_lock", "uv"]'),
    ("modes", "attr.mode.values", "auto = 1 }", "sleep = 1 }"),
    ("levels", "attr.fan_level", FAN, "values = { low = 0, high = 2 }"),
    (
        "lights",
        "attr.light.values",
        'dp = 8\ntype = "bool"',
        'dp = 8\ntype = "enum"\nvalues = { off = 0, dim = 1 }',
    ),
    ("light.bool", "attr.light", '["off", "on"]', '["off", "dim", "on"]'),
    ("enum", "attr.power", 'dp = 1\ntype = "bool"', 'dp = 1\ntype = "enum"'),
    (
        "words",
        "attr.power",
        'dp = 1\ntype = "bool"',
        'dp = 1\ntype = "bool"\nvalues = { on = 1 }',
    ),
    (
        "bits",
        "attr.power",
        'dp = 1\ntype = "bool"',
        'dp = 1\ntype = "bool"\nbits = { "0" = "motor" }',
    ),
    ("bitmap", "attr.fault", 'bits = { "0" = "door_open" }\n', ""),
    ("bit", "attr.fault.bits", 'bits = { "0" =', 'bits = { "zero" ='),
    ("bit", "attr.fault.bits", 'bits = { "0" =', 'bits = { "32" ='),
    ("twice", "attr.mode.values", "auto = 1", "auto = 0"),
    ("rising", "attr.fan_level.levels", FAN, f"{FAN}\nlevels = [3, 1, 2]"),
    ("reversed", "attr.pm25.range", "[0, 999]", "[999, 0]"),
    ("kj", "attr.light.dp", "dp = 18", "dp = 99"),
    ("invalid", "attr.pm25", "range = [0, 999]\ninvalid = [65535]\n", ""),
    ("no_fault", "attr.fault", FAULT, ""),
    ("no_block", "attr.fault", 'blocks = ["power_on"]', ""),
    (
        "fault.word",
        "attr.fault.values",
        FAULT[FAULT.index("type") :],
        'type = "enum"\naccess = "ro"\nvalues = { none = 0, smoke = 1 }\nblocks = ["power_on"]\n',
    ),
    (
        "fault.silent",
        "attr.fault",
        FAULT[FAULT.index("type") :],
        'type = "value"\naccess = "ro"\nblocks = ["power_on"]\n',
    ),
    ("implies", "attr.fan_level", 'implies = { mode = "manual" }', ""),
    ("implied", "attr.fan_level.implies", '{ mode = "manual" }', '{ mode = "sleep" }'),
    ("byte", "attr.mode.values", "auto = 1", "auto = 256"),
    (
        "switch",
        "attr.child_lock.values",
        'dp = 7\ntype = "bool"',
        'dp = 7\ntype = "enum"\nvalues = { open = 0, shut = 1 }',
    ),
    ("minutes", "attr.timer_off.minutes", '"60" = 1, "120" = 2', '"1h" = 1, "2h" = 2'),
    (
        "timer.values",
        "attr.timer_off.values",
        'minutes = { "0" = 0, "60" = 1, "120" = 2 }',
        'values = { cancel = 0, "1h" = 1 }',
    ),
    ("timer.differ", "attr.timer_off.minutes", '"60" = 1, "120" = 2', '"60" = 1'),
    ("unused", "attr.child_lock", 'options = ["child_lock"]\n', ""),
    ("unused", "attr.pm25", 'metrics = ["pm25"]\n', ""),
    ("unused.flag", "attr.light", 'lights = ["off", "on"]\n', ""),
    (
        "unused.flag",
        "attr.filter_reset",
        "fan_levels = 3",
        "fan_levels = 3\nfilter_reset = false",
    ),
    ("unused.flag", "attr.timer_off", "off_timer_minutes = [60, 120]\n", ""),
    ("confirm", "timing.confirm_ms", "gap_ms = 60", "gap_ms = 60\nconfirm_ms = 20"),
    (
        "pace",
        "timing.pace_ms",
        "gap_ms = 60",
        "gap_ms = 60\npace_ms = { power = 0, fan_level = 1000 }",
    ),
    (
        "pace",
        "timing.pace_ms",
        "gap_ms = 60",
        "gap_ms = 60\npace_ms = { power = 1000 }",
    ),
    ("gap", "timing.gap_ms", "gap_ms = 60", "gap_ms = 5"),
    ("sensor.rw", "attr.pm25.access", 'access = "ro"\nrange', "range"),
    (
        "setting.ro",
        "attr.power.access",
        'dp = 1\ntype = "bool"',
        'dp = 1\ntype = "bool"\naccess = "ro"',
    ),
    ("baud", "baud", "baud = 9600", "baud = 19200"),
    ("repeated", "capabilities.modes", '"auto"]', '"auto", "auto"]'),
    (
        "order.words",
        "attr.fan_level.values",
        FAN,
        "values = { high = 0, mid = 1, low = 2 }",
    ),
    (
        "order.numbers",
        "attr.fan_level.values",
        FAN,
        "values = { low = 2, mid = 1, high = 0 }",
    ),
    (
        "order.minutes",
        "attr.timer_off.minutes",
        '"60" = 1, "120" = 2',
        '"60" = 2, "120" = 1',
    ),
    ("order.timer", "capabilities.off_timer_minutes", "[60, 120]", "[120, 60]"),
    ("above", "attr.pm25.scale", "invalid = [65535]", "scale = 0"),
    ("outside", "attr.fan_level.values", FAN, f"{FAN}\nrange = [0, 1]"),
    ("moved", "attr.power.dp", "dp = 1\n", "dp = 30\n"),
    ("model", "model", 'model = "pid"\n', ""),
    (
        "no_filter",
        "attr.filter_percent",
        '[attr.filter_percent]\ndp = 5\ntype = "value"\naccess = "ro"\n',
        "",
    ),
]
ELSEWHERE = {"bom", "other", "table", "file"}
"""Kinds with a test of their own."""


def changed(kind: str, old: str, new: str) -> str:
    """Return the sound profile with one change."""
    assert old in SOUND, old
    text = SOUND.replace(old, new, 1)
    return text.replace("dp = 8\n", "dp = 18\n") if kind == "kj" else text


@pytest.mark.parametrize("name", profile_names())
def test_shipped_profiles_are_clean(name: str) -> None:
    """No profile of the package has an error or a warning."""
    path = PROFILES / f"{name}.toml"
    found_ = check_profile(path.read_text(encoding="utf-8"), str(path))
    assert [f for f in found_ if f.level != "hint"] == []


def test_a_sound_profile_has_no_findings() -> None:
    """What is right is not talked about."""
    assert check_profile(SOUND, "mine.toml") == []


@pytest.mark.parametrize(("kind", "where", "old", "new"), CASES)
def test_each_fault_is_found(kind: str, where: str, old: str, new: str) -> None:
    """A fault is found at its key, in one line with a cure, and loads only without an error."""
    text = changed(kind, old, new)
    findings = check_profile(text, "mine.toml")
    matching = [f for f in findings if (f.kind, f.where) == (kind, where)]
    if kind == "type" and where == "capabilities":  # the table has gone
        matching = [f for f in findings if f.kind in ("unknown", "missing")]
    assert matching, [(f.kind, f.where) for f in findings]
    for finding in findings:
        assert "\n" not in finding.message
        assert "; " in finding.message or finding.level == "hint"
    if any(f.level == "error" for f in findings) and kind != "bit":
        with pytest.raises(ProfileError):
            parse_profile(text, path="mine")
    elif kind != "bit":
        parse_profile(text, path="mine")


def test_every_kind_has_a_case() -> None:
    """No row of the table is without a test, and none is unknown."""
    assert set(WORDS) == {kind for kind, *_ in CASES} | ELSEWHERE


def test_all_errors_are_told_at_once() -> None:
    """One look tells of every fault, each once, a misspelt key first."""
    text = SOUND
    for kind in (
        "above",
        "manual",
        "start.fan",
        "twice",
        "reversed",
        "bitmap",
        "choice",
    ):
        row = next(row for row in CASES if row[0] == kind and row[1] != "protocol")
        text = text.replace(row[2], row[3], 1)
    text = text.replace("gap_ms", "gap")
    findings = check_profile(text, "mine.toml")
    assert findings[0].kind == "unknown"
    places = [(f.kind, f.where) for f in findings]
    assert len(places) == len(set(places))
    assert {"above", "twice", "reversed", "bitmap", "unknown"} <= {k for k, _ in places}


def test_a_misspelt_key_is_told_once() -> None:
    """That the right key is missing is no second fault."""
    text = changed("unknown", "[attr.power]", "[attr.pwer]")
    assert [(f.kind, f.where) for f in check_profile(text, "mine.toml")] == [
        ("unknown", "attr.pwer")
    ]


def test_a_byte_order_mark_is_named() -> None:
    """A file of a Windows editor is explained."""
    assert [f.kind for f in check_profile("\ufeff" + SOUND, "mine.toml")] == ["bom"]


def test_a_table_that_cannot_be_written() -> None:
    """A setting in an input register of Modbus is a warning."""
    text = MODBUS.replace(
        'table = "coil"\nregister = 0', 'table = "discrete"\nregister = 0'
    )
    findings = check_profile(text, "modbus-example.toml")
    assert [(f.kind, f.where) for f in findings] == [("table", "attr.power.table")]


def test_the_name_of_the_file() -> None:
    """A file that is called otherwise is a hint, and no more."""
    findings = check_profile(SOUND, "/some/where/other.toml")
    assert [(f.level, f.kind) for f in findings] == [("hint", "file")]


def test_a_rule_that_only_the_judge_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the schema refuses and no rule finds is told in the schema's words."""
    monkeypatch.setattr("sanso.devices.profile_check.contradictions", lambda _: [])
    text = changed("start.fan", "fan = 2", "fan = 9")
    findings = check_profile(text, "mine.toml")
    assert [(f.kind, f.message) for f in findings] == [
        ("other", "start.fan is 9 of 3 levels")
    ]


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000, "=", "\0"])
def test_odd_files_are_errors(text: str) -> None:
    """Whatever is no TOML is one error with a line."""
    findings = check_profile(text, "x.toml")
    assert [f.kind for f in findings] == ["syntax"]
    assert findings[0].where.startswith("line ")


def test_a_sentence_lacks_no_fact() -> None:
    """Every sentence can be said with the slots that it has, and is one line."""
    for kind, (level, words) in WORDS.items():
        slots = {name for _, name, _, _ in Formatter().parse(words) if name}
        finding = found(kind, "x", **dict.fromkeys(slots, "7"))
        assert (level, "x") == (finding.level, finding.where)


lines = st.sampled_from([line for line in SOUND.splitlines() if line])
edits = st.lists(
    st.tuples(st.integers(0, 200), lines | st.text(max_size=8)), max_size=6
)


@given(edits=edits)
@settings(deadline=None, max_examples=150)
def test_agrees_with_the_loader(edits: list[tuple[int, str]]) -> None:
    """It never raises, and has an error wherever the loader refuses."""
    rows = SOUND.splitlines()
    for at, line in edits:
        rows[at % len(rows)] = line
    text = "\n".join(rows)
    errors = [f for f in check_profile(text, "mine.toml") if f.level == "error"]
    try:
        parse_profile(text, path="mine")
    except ProfileError:
        assert errors
    else:
        assert all(f.kind == "bit" for f in errors)
