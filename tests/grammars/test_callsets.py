"""A part of the language, or the language with calls of one's own, in every notation alike."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, create_model

from sanso.grammars import (
    CALLS,
    PURIFIER,
    TRIGGERS,
    Call,
    CallError,
    CallSet,
    Program,
    SchemaError,
    SetFanLevel,
    SetMode,
    Signed,
    Undo,
    draw_program,
    enumerate_calls,
    enumerate_statements,
    gbnf_grammar,
    lark_grammar,
    parse,
)


class SetScent(Call):
    """Give off a scent."""

    scent: Literal["pine", "sea", "none"]
    strength: Annotated[int, Field(ge=1, le=3)]


class Blink(Call, timed=False):
    """Blink once."""


class SetPowerState(Call):
    """Named like the rule of a value that two calls share."""

    power: Literal["on", "off"]


class Warm(Call):
    """One word, a signed number, and a number or a word."""

    only: Literal["this"]
    by: Annotated[int, Field(ge=-30, le=120), Signed()]
    to: Annotated[int, Field(ge=-5, le=45)] | Literal["cosy", "cold"]


def test_without() -> None:
    """Calls and triggers that are left out can be neither written nor read."""
    small = PURIFIER.without("undo", "when")
    with pytest.raises(CallError):
        parse("undo()", small)
    with pytest.raises(CallError):
        parse("when(metric=pm25, above=1) -> cancel_timer()", small)
    for notation in (gbnf_grammar(small), lark_grammar(small)):
        assert "undo" not in notation
        assert "when" not in notation
    assert not any(t.startswith("undo") for t in enumerate_calls(small))
    assert parse("undo()") == Program.of(Undo())


def test_only() -> None:
    """Words that are left out of an argument are gone, its other words and numbers stay."""
    small = PURIFIER.only("set_fan_level", "level", {"low", "high"})
    texts = [t for t in enumerate_calls(small) if t.startswith("set_fan_level(")]
    expected = {f"set_fan_level(level={n})" for n in (*range(1, 11), "low", "high")}
    assert expected == set(texts)
    assert parse("set_fan_level(level=10)", small) == Program.of(SetFanLevel(level=10))
    with pytest.raises(CallError):
        parse("set_fan_level(level=max)", small)
    both = small.only("set_mode", "mode", ["auto"])
    assert parse("set_mode(mode=auto)", both) == Program.of(SetMode(mode="auto"))
    for text in ("set_mode(mode=eco)", "set_fan_level(level=max)"):
        with pytest.raises(CallError):
            parse(text, both)


def test_only_in_both_cases() -> None:
    """A narrowed argument is narrow in every way to write the call."""
    small = PURIFIER.only("when", "metric", {"pm25"})
    for side in ("above", "below"):
        parse(f"when(metric=pm25, {side}=3) -> cancel_timer()", small)
        with pytest.raises(CallError):
            parse(f"when(metric=co2, {side}=3) -> cancel_timer()", small)


def test_digest() -> None:
    """A set is known by its grammar: the same set has the same digest, another one another."""
    assert PURIFIER.digest == CallSet().digest
    sets = [
        PURIFIER,
        PURIFIER.without("undo"),
        PURIFIER.only("set_mode", "mode", {"auto"}),
        PURIFIER.adding(SetScent),
    ]
    assert len({calls.digest for calls in sets}) == 4
    assert all(len(calls.digest) == 64 for calls in sets)


@pytest.mark.parametrize("own", [SetScent, Blink, SetPowerState, Warm])
def test_own_calls(own: type[Call]) -> None:
    """A call of one's own is written, drawn, listed and read like the others."""
    calls = PURIFIER.adding(own)
    texts = [t for t in enumerate_calls(calls) if t.startswith(own.call_name() + "(")]
    counts = {"set_scent": 9, "blink": 1, "set_power_state": 2, "warm": 150 * 53}
    assert counts[own.call_name()] == len(texts) == len(set(texts))
    for text in random.Random(1).sample(texts, min(len(texts), 50)):
        program = parse(text, calls)
        assert text == program.render()
        assert isinstance(program.calls()[0], own)
        timed = f"after(hours=1, minutes=0) -> {text}"
        if own.timed:
            assert timed == parse(timed, calls).render()
        else:
            with pytest.raises(CallError):
                parse(timed, calls)
    rng = random.Random(2)
    drawn = [parse(draw_program(rng, calls), calls) for _ in range(400)]
    assert any(isinstance(call, own) for p in drawn for call in p.calls())
    with pytest.raises(CallError):
        parse(texts[0])


def test_own_values_are_checked() -> None:
    """A value outside the declared span is refused with the nearest one."""
    calls = CallSet(calls=(Warm,), triggers=())
    for text in (
        "warm(only=this, by=+0, to=1)",
        "warm(only=this, by=5, to=1)",
        "warm(only=this, by=+121, to=1)",
        "warm(only=this, by=+5, to=46)",
        "warm(only=that, by=+5, to=1)",
        "warm(by=+5, to=1)",
    ):
        with pytest.raises(CallError):
            parse(text, calls)
    parse("warm(only=this, by=-30, to=-5); warm(only=this, by=+120, to=cosy)", calls)


def test_sets_of_one_kind() -> None:
    """A set may lack triggers, timed calls, or untimed ones."""
    untimed = tuple(cls for cls in CALLS if not cls.timed)
    timed = tuple(cls for cls in CALLS if cls.timed)
    for calls in (
        CallSet(calls=untimed),
        CallSet(calls=timed),
        CallSet(calls=timed, triggers=()),
        CallSet(calls=untimed, triggers=()),
        CallSet(calls=(Undo,), triggers=TRIGGERS),
    ):
        rng = random.Random(3)
        for _ in range(100):
            text = draw_program(rng, calls)
            assert text == parse(text, calls).render()
    assert list(enumerate_statements(CallSet(calls=(Undo,)))) == ["undo()"]


def made(name: str, **fields: Any) -> type[Call]:
    """A call class with these fields."""
    return create_model(name, __base__=Call, **fields)


BAD = {
    "text": made("Own", a=(str, ...)),
    "number without limits": made("Own", a=(int, ...)),
    "number without an upper limit": made("Own", a=(Annotated[int, Field(ge=1)], ...)),
    "limits that are crossed": made("Own", a=(Annotated[int, Field(ge=3, le=1)], ...)),
    "limits that exclude": made("Own", a=(Annotated[int, Field(gt=0, lt=9)], ...)),
    "fraction": made("Own", a=(float, ...)),
    "truth": made("Own", a=(bool, ...)),
    "list": made("Own", a=(list[int], ...)),
    "word with a space": made("Own", a=(Literal["very low"], ...)),
    "word with a capital": made("Own", a=(Literal["Low"], ...)),
    "empty word": made("Own", a=(Literal[""], ...)),
    "Korean word": made("Own", a=(Literal["약"], ...)),
    "word like a number": made("Own", a=(Literal["1st"], ...)),
    "number as a word": made("Own", a=(Literal[1, 2], ...)),
    "text in a union": made("Own", a=(Annotated[int, Field(ge=0, le=9)] | str, ...)),
    "argument with a capital": made("Own", Level=(Literal["low"], ...)),
    "Korean argument": made("Own", 풍량=(Literal["low"], ...)),
    "Korean call": made("풍량"),
    "rule of the grammar": made("Root"),
    "another rule": made("Statement"),
    "name that is taken": made("Undo"),
    "name of a trigger": made("After"),
}


@pytest.mark.parametrize("name", BAD)
def test_calls_that_cannot_be_written(name: str) -> None:
    """A class that the language cannot spell is refused when the set is made."""
    with pytest.raises(SchemaError) as caught:
        PURIFIER.adding(BAD[name])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: CallSet(calls=()),
        lambda: CallSet(calls=(Undo, Undo)),
        lambda: PURIFIER.without("redo"),
        lambda: PURIFIER.without("root"),
        lambda: PURIFIER.without(*(cls.call_name() for cls in CALLS)),
        lambda: PURIFIER.only("set_mode", "mood", {"auto"}),
        lambda: PURIFIER.only("set_mood", "mode", {"auto"}),
        lambda: PURIFIER.only("set_mode", "mode", {"party"}),
        lambda: PURIFIER.only("set_mode", "mode", ()),
        lambda: PURIFIER.without("set_mode").only("set_mode", "mode", {"auto"}),
    ],
)
def test_sets_that_make_no_sense(make: Callable[[], CallSet]) -> None:
    """A set of nothing, of one name twice, or narrowed by an unknown name is refused."""
    with pytest.raises(SchemaError):
        make()
