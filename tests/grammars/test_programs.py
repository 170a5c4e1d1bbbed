"""Programs are written in one way, read back the same, and all of them can be listed."""

from __future__ import annotations

import random
from itertools import islice
from math import prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sanso.grammars import (
    CALLS,
    MAX_STATEMENTS,
    PURIFIER,
    TRIGGERS,
    After,
    Call,
    CallError,
    Program,
    SetLight,
    SetPower,
    Statement,
    Undo,
    When,
    draw_program,
    draw_statement,
    enumerate_calls,
    enumerate_programs,
    enumerate_statements,
    parse,
)
from sanso.grammars.form import count


def words(text: str) -> st.SearchStrategy[str]:
    """One of the words."""
    return st.sampled_from(text.split())


METRICS = "pm25 pm10 co2 tvoc humidity temperature"
DURATIONS = st.one_of(
    st.fixed_dictionaries({"hours": st.just(0), "minutes": st.integers(1, 59)}),
    st.fixed_dictionaries({"hours": st.integers(1, 24), "minutes": st.integers(0, 59)}),
)
CLOCK = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
LIMITS = st.integers(-20, 5000)
# The call language once more, by hand: the schema must say exactly this.
Fields = dict[str, st.SearchStrategy[Any]]
FIELDS: dict[str, Fields] = {
    "set_power": {"state": words("on off")},
    "set_fan_level": {"level": st.integers(1, 10) | words("min low medium high max")},
    "set_fan_percent": {"percent": st.integers(0, 100)},
    "step_fan": {"by": st.integers(-9, -1) | st.integers(1, 9)},
    "set_mode": {
        "mode": words("auto manual sleep quiet turbo eco pet pollen dust baby away")
    },
    "set_light": {"level": words("off dim on")},
    "set_option": {
        "option": words("child_lock sound ionizer uv humidifier oscillation"),
        "state": words("on off"),
    },
    "cancel_timer": {},
    "query": {
        "item": words(f"status air {METRICS} filter fan mode power timer"),
    },
    "reset_filter": {},
    "give_tip": {
        "topic": words(
            "general ventilation fine_dust yellow_dust pollen humidity mold cooking "
            "smoke voc sleep pet baby cold filter energy placement"
        )
    },
    "undo": {},
    "answer": {"value": words("yes no")},
    "ask": {"slot": words("level mode time option item")},
    "chat": {"kind": words("greeting thanks goodbye help identity")},
    "reject": {"reason": words("off_topic unsupported noise")},
    "at": {"time": CLOCK, "repeat": words("once daily weekdays weekends")},
}
ARGUMENTS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    name: st.fixed_dictionaries(fields) for name, fields in FIELDS.items()
}
ARGUMENTS["after"] = ARGUMENTS["lasting"] = DURATIONS
ARGUMENTS["when"] = st.fixed_dictionaries(
    {"metric": words(METRICS), "above": LIMITS}
) | st.fixed_dictionaries({"metric": words(METRICS), "below": LIMITS})
UNTIMED = {"undo", "answer", "ask", "chat", "reject"}


def one_of(kinds: tuple[type[Any], ...]) -> st.SearchStrategy[Any]:
    """One of the classes with any of its arguments."""
    return st.sampled_from(kinds).flatmap(
        lambda cls: ARGUMENTS[cls.call_name()].map(cls.model_validate)
    )


TIMED_CALLS = tuple(cls for cls in CALLS if cls.call_name() not in UNTIMED)
STATEMENTS = st.one_of(
    one_of(CALLS).map(lambda call: Statement(call=call)),
    st.builds(
        lambda trigger, call: Statement(trigger=trigger, call=call),
        one_of(TRIGGERS),
        one_of(TIMED_CALLS),
    ),
)
PROGRAMS = st.lists(STATEMENTS, min_size=1, max_size=MAX_STATEMENTS).map(
    lambda items: Program(statements=tuple(items))
)


@given(PROGRAMS)
def test_any_program_reads_back(program: Program) -> None:
    """What is rendered is read as the same program."""
    assert program == parse(program.render())


def test_drawn_programs_read_back() -> None:
    """Twenty thousand drawn texts are canonical: read and rendered they are themselves."""
    rng = random.Random(20_000)
    for _ in range(20_000):
        text = draw_program(rng)
        assert text == parse(text).render()


def test_draws_are_as_wide_as_the_language() -> None:
    """Drawing finds every call, every trigger, every length, and the same with the same seed."""
    programs = [parse(draw_program(random.Random(seed))) for seed in range(2000)]
    again = [parse(draw_program(random.Random(seed))) for seed in range(2000)]
    assert programs == again
    assert set(CALLS) == {type(call) for p in programs for call in p.calls()}
    kinds = {type(s.trigger) for p in programs for s in p.statements}
    assert {*TRIGGERS, type(None)} == kinds
    assert {1, 2, 3, 4} == {len(p.statements) for p in programs}
    rng = random.Random(1)
    assert all(len(parse(draw_statement(rng)).statements) == 1 for _ in range(100))


def test_every_call_reads_back() -> None:
    """All 210 calls are listed once, and each reads back."""
    texts = list(enumerate_calls())
    assert len(texts) == len(set(texts)) == 210
    assert texts == [parse(text).render() for text in texts]


def test_enumeration_and_count_agree() -> None:
    """As many texts are listed as the forms have spellings."""
    counts = {
        cls.call_name(): sum(
            prod(count(form) for _, form in case) for case in cls.cases()
        )
        for cls in (*CALLS, *TRIGGERS)
    }
    listed = [text.partition("(")[0] for text in enumerate_calls()]
    assert {cls.call_name(): listed.count(cls.call_name()) for cls in CALLS} == {
        cls.call_name(): counts[cls.call_name()] for cls in CALLS
    }
    # 25 hours of 60 minutes but 0:00; 24 * 60 times, 4 repeats; 6 metrics, 2 sides, 5021 limits.
    expected = {"after": 1499, "lasting": 1499, "at": 5760, "when": 60_252}
    assert expected == {cls.call_name(): counts[cls.call_name()] for cls in TRIGGERS}


def test_statements_and_programs_are_enumerated() -> None:
    """A small set's statements are its calls and each trigger with each timed call, all once."""
    small = PURIFIER.without("when", "at", "lasting")
    for name in ("set_fan_percent", "give_tip", "query", "set_mode", "set_fan_level"):
        small = small.without(name)
    calls = list(enumerate_calls(small))
    timed = [c for c in calls if c.partition("(")[0] not in UNTIMED]
    statements = list(enumerate_statements(small))
    assert len(calls) + 1499 * len(timed) == len(statements)
    assert len(statements) == len(set(statements))
    pairs = list(
        islice(enumerate_programs(small), len(statements), len(statements) + 9)
    )
    assert [f"{calls[0]}; {text}" for text in statements[:9]] == pairs


CONDITIONS = (
    "after(hours=2, minutes=0)",
    "at(time=23:00, repeat=once)",
    "lasting(hours=0, minutes=30)",
    "when(metric=pm25, above=75)",
    "when(metric=humidity, below=30)",
)


@pytest.mark.parametrize("name", [cls.call_name() for cls in CALLS])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_kind_of_statement(name: str, condition: str) -> None:
    """Each call stands behind each trigger, but for the five that may not."""
    text = next(t for t in enumerate_calls() if t.startswith(f"{name}("))
    call = parse(text).calls()[0]
    before = parse(f"{condition} -> cancel_timer()").statements[0].trigger
    if name in UNTIMED:
        with pytest.raises(CallError, match=f"{name} cannot stand behind a trigger"):
            parse(f"{condition} -> {text}")
        with pytest.raises(ValidationError):
            Statement(trigger=before, call=call)
    else:
        expected = Program.of(Statement(trigger=before, call=call))
        assert expected == parse(f"{condition} -> {text}")


def read_or_refuse(text: str) -> None:
    """Read a text; nothing but a call error inside it may come of that, or the same text."""
    try:
        program = parse(text)
    except CallError as refusal:
        column = refusal.column
    else:
        column = 1
        assert text == program.render()
    assert 1 <= column <= len(text) + 1


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the reader fail otherwise than with a call error."""
    read_or_refuse(text)


@given(PROGRAMS, st.data())
def test_any_damaged_program_is_read_or_refused(
    program: Program, data: st.DataObject
) -> None:
    """A text that is nearly a program is refused inside the text, or is canonical."""
    text = program.render()
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 3))
    put = data.draw(st.text(st.sampled_from("(),=; ->:+-09az_가\n"), max_size=3))
    read_or_refuse(text[:at] + put + text[at + cut :])


def test_programs_are_values() -> None:
    """A program has one to four statements, and says the same in every form."""
    off = SetPower(state="off")
    program = Program.of(
        Statement(trigger=After(hours=2, minutes=0), call=off), SetLight(level="off")
    )
    text = "after(hours=2, minutes=0) -> set_power(state=off); set_light(level=off)"
    assert text == str(program) == program.render() == "; ".join(program.texts())
    assert (off, SetLight(level="off")) == program.calls()
    assert {program} == {parse(text)}
    expected = [
        {
            "call": "set_power",
            "arguments": {"state": "off"},
            "trigger": {"name": "after", "arguments": {"hours": 2, "minutes": 0}},
        },
        {"call": "set_light", "arguments": {"level": "off"}},
    ]
    assert expected == [statement.as_json() for statement in program.statements]
    for calls in ([], [Undo()] * 5):
        with pytest.raises(ValidationError):
            Program.of(*calls)


@pytest.mark.parametrize(
    ("cls", "arguments"),
    [
        (SetPower, {"state": "On"}),
        (SetPower, {}),
        (SetPower, {"state": "on", "more": 1}),
        (After, {"hours": 0, "minutes": 0}),
        (After, {"hours": 25, "minutes": 0}),
        (After, {"hours": 1.0, "minutes": 0}),
        (After, {"hours": True, "minutes": 0}),
        (When, {"metric": "pm25"}),
        (When, {"metric": "pm25", "above": 1, "below": 2}),
        (When, {"metric": "pm25", "above": 5001}),
        (CALLS[1], {"level": 0}),
        (CALLS[1], {"level": "3"}),
        (CALLS[3], {"by": 0}),
        (TRIGGERS[1], {"time": "24:00", "repeat": "once"}),
        (TRIGGERS[1], {"time": "7:00", "repeat": "once"}),
        (TRIGGERS[1], {"time": "07:00\n", "repeat": "once"}),
        (TRIGGERS[1], {"time": "٠٧:٠٠", "repeat": "once"}),
    ],
)
def test_values_outside_the_language(
    cls: type[Call], arguments: dict[str, Any]
) -> None:
    """What cannot be written cannot be made either."""
    with pytest.raises(ValidationError):
        cls.model_validate(arguments)


def test_values_do_not_change() -> None:
    """A call, once made, stays what it is."""
    call = SetPower(state="on")
    with pytest.raises(ValidationError):
        call.state = "off"
    assert After(hours=1, minutes=30).total_minutes == 90
