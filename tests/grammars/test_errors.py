"""A bad text is answered in one line: what is wrong, in which column, and what was probably meant."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

from sanso.grammars import (
    PURIFIER,
    CallError,
    CallSyntaxError,
    SansoError,
    UnknownName,
    parse,
)

UNKNOWN = [
    ("set_fan_levle(level=3)", 1, "set_fan_level"),
    ("Set_Fan_Level(level=3)", 1, "set_fan_level"),
    ("SET_POWER(state=on)", 1, "set_power"),
    ("hello world", 1, None),
    ("undo(); set_lite(level=off)", 9, "set_light"),
    ("after(hours=1, minutes=0) -> set_powr(state=on)", 30, "set_power"),
    ("set_fan_level(levle=3)", 15, "level"),
    ("set_fan_level(percent=3)", 15, None),
    ("set_power(state=on, level=3)", 21, None),
    ("when(metric=pm25, over=10) -> set_power(state=on)", 19, "above"),
    ("set_fan_level(level=hihg)", 21, "high"),
    ("set_fan_level(level=57)", 21, "10"),
    ("set_fan_level(level=0)", 21, "1"),
    ("set_fan_level(level=03)", 21, "3"),
    ("set_fan_level(level=)", 21, None),
    ("set_fan_percent(percent=101)", 25, "100"),
    ("set_fan_percent(percent=50%)", 25, "50"),
    ("step_fan(by=1)", 13, "+1"),
    ("step_fan(by=+10)", 13, "+9"),
    ("step_fan(by=0)", 13, "+1"),
    ("set_power(state=On)", 17, "on"),
    ('set_mode(mode="auto")', 15, "auto"),
    ("set_option(option=childlock, state=on)", 19, "child_lock"),
    ("query(item=pm2.5)", 12, "pm25"),
    ("query(item=xyzzy)", 12, None),
    ("set_power(state=off); set_light(level=of)", 39, "off"),
    ("after(hours=25, minutes=0) -> set_power(state=off)", 13, "24"),
    ("after(hours=1, minutes=60) -> set_power(state=off)", 24, "59"),
    ("at(time=7:00, repeat=once) -> set_power(state=on)", 9, "07:00"),
    ("at(time=07:00, repeat=weekly) -> set_power(state=on)", 23, "weekdays"),
    ("when(metric=pm25, above=5001) -> set_power(state=on)", 25, "5000"),
    ("when(metric=temperature, below=-21) -> set_power(state=on)", 32, "-20"),
    ("query(item=온도)", 12, None),
]
SYNTAX = [
    ("", 1, "a call was expected here"),
    ("   ", 1, "a call was expected here"),
    (" set_power(state=off)", 1, "a call was expected here"),
    ("꺼줘", 1, "a call was expected here"),
    ("-> undo()", 1, "a call was expected here"),
    ("set_power(state=off); ", 23, "a call was expected here"),
    ("after(hours=2, minutes=0) -> ", 30, "a call was expected here"),
    ("undo(); ; undo()", 9, "a call was expected here"),
    ("undo", 1, "undo is written undo()"),
    ("undo( )", 1, "undo is written undo()"),
    ("set_fan_level()", 1, "set_fan_level is written set_fan_level(level=...)"),
    ("set_fan_level(level=3", 22, "set_fan_level is written set_fan_level(level=...)"),
    ("set_fan_level (level=3)", 1, "set_fan_level is written set_fan_level(level=...)"),
    (
        "after(minutes=5, hours=1) -> undo()",
        1,
        "is written after(hours=..., minutes=...)",
    ),
    (
        "after(hours=1,minutes=5) -> undo()",
        14,
        "is written after(hours=..., minutes=...)",
    ),
    ("reject(reason=noise, reason=noise)", 20, "is written reject(reason=...)"),
    ("set_power(state=off) ", 21, "the end was expected here, or '; ' and a call"),
    ("set_power(state=off)\n", 21, "the end was expected here, or '; ' and a call"),
    (
        "set_power(state=off);undo()",
        21,
        "the end was expected here, or '; ' and a call",
    ),
    ("undo() -> undo()", 7, "the end was expected here, or '; ' and a call"),
    ("undo()undo()", 7, "the end was expected here, or '; ' and a call"),
    ("after(hours=2, minutes=0)", 26, "' -> ' and a call were expected here"),
    ("after(hours=2, minutes=0); undo()", 26, "' -> ' and a call were expected here"),
    ("after(hours=2, minutes=0) -> undo()", 30, "undo cannot stand behind a trigger"),
    (
        "lasting(hours=1, minutes=0) -> after(hours=1, minutes=0) -> undo()",
        32,
        "after cannot stand behind a trigger",
    ),
    ("; ".join(["undo()"] * 5), 31, "a program has at most 4 statements"),
    (
        "after(hours=0, minutes=0) -> undo()",
        6,
        "a duration of 0 hours and 0 minutes has no meaning",
    ),
    (
        "when(metric=pm25, above=1, below=9) -> undo()",
        5,
        "a condition needs exactly one of above and below",
    ),
    ("when(metric=pm25) -> undo()", 5, "needs exactly one of above and below"),
]


@pytest.mark.parametrize(("text", "column", "nearest"), UNKNOWN)
def test_unknown_names(text: str, column: int, nearest: str | None) -> None:
    """An unknown name is given with its column and the nearest name there is."""
    with pytest.raises(UnknownName) as caught:
        parse(text)
    error = caught.value
    assert (column, nearest) == (error.column, error.nearest)
    assert text == error.text
    assert text.startswith(error.name, column - 1)
    assert str(error).startswith(f"column {column}: there is no ")
    hint = f"did you mean {nearest}?" if nearest else "valid: "
    assert hint in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize(("text", "column", "reason"), SYNTAX)
def test_syntax(text: str, column: int, reason: str) -> None:
    """A text that breaks the grammar is given with the column and with what should stand there."""
    with pytest.raises(CallSyntaxError) as caught:
        parse(text)
    assert column == caught.value.column
    assert str(caught.value).startswith(f"column {column}: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("set_fan_level(level=)", "valid: 1..10, min, low, medium, high, max"),
        ("set_fan_percent(percent=half)", "valid: 0..100"),
        ("set_light(level=bright green)", "valid: off, dim, on"),
        ("at(time=noon, repeat=once) -> undo()", "valid: 00:00 ... 23:59"),
        ("when(metric=pm25, above=high) -> undo()", "valid: -20..5000"),
        ("when(metric=pm25, higher_than=1) -> undo()", "valid: metric, above, below"),
    ],
)
def test_without_a_near_name_all_are_listed(text: str, valid: str) -> None:
    """Where nothing is near, the message lists what there is."""
    with pytest.raises(UnknownName) as caught:
        parse(text)
    assert str(caught.value).endswith(valid)


def test_long_text() -> None:
    """A text of any length is refused at once, without being read."""
    with pytest.raises(CallSyntaxError, match="100000 characters"):
        parse("undo(); " * 12_500)


def test_names_left_out_are_unknown() -> None:
    """In a smaller set, what was left out does not exist and is not proposed."""
    small = PURIFIER.without("set_fan_level").only("set_mode", "mode", {"auto", "eco"})
    with pytest.raises(UnknownName) as caught:
        parse("set_fan_level(level=3)", small)
    assert caught.value.nearest == "set_fan_percent"
    with pytest.raises(
        UnknownName, match=r"there is no value of mode 'turbo'; valid: auto, eco"
    ):
        parse("set_mode(mode=turbo)", small)


@pytest.mark.parametrize("folder", ["sanso.grammars", "sanso.devices", "sanso.agent"])
def test_every_error_has_one_root(folder: str) -> None:
    """Whoever catches SansoError catches everything that is raised on purpose."""
    package = importlib.import_module(folder)
    names = [folder]
    names += [m.name for m in pkgutil.walk_packages(package.__path__, f"{folder}.")]
    raised = {
        value
        for name in names
        if not name.endswith("__main__")
        for value in vars(importlib.import_module(name)).values()
        if inspect.isclass(value)
        and issubclass(value, BaseException)
        and value.__module__.startswith("sanso.")
    }
    assert raised
    assert set() == {cls for cls in raised if not issubclass(cls, SansoError)}
    assert all(cls.__doc__ for cls in raised)


def test_facts_of_errors() -> None:
    """Each error carries its facts beside its message."""
    error = UnknownName("m", text="t", column=2, name="n", nearest=None)
    facts = (str(error), error.text, error.column, error.name, error.nearest)
    assert facts == ("m", "t", 2, "n", None)
    assert issubclass(UnknownName, CallError)
    assert not issubclass(UnknownName, CallSyntaxError)
