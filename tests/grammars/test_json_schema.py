"""The JSON schema says what pydantic checks; a small reader of schemas compares the two."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from pydantic import ValidationError

from sanso.grammars import (
    CALLS,
    PURIFIER,
    TRIGGERS,
    draw_program,
    enumerate_calls,
    parse,
    program_schema,
    tool_schemas,
)

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "null": (type(None),),
}
ANNOTATIONS = {"$schema", "title", "description", "default"}


def valid(schema: Any, value: Any) -> bool:
    """Whether a value fits a JSON schema (draft 2020-12), as far as ours use it."""
    if isinstance(schema, bool):
        return schema
    return all(
        RULES[word](limit, value, schema)
        for word, limit in schema.items()
        if word not in ANNOTATIONS
    )


def _is(kind: str, value: Any, _: Any) -> bool:
    return isinstance(value, TYPES[kind]) and not isinstance(value, bool)


def _known(allowed: bool, value: Any, schema: Any) -> bool:  # noqa: FBT001 - a keyword of JSON schema
    return allowed or set(value) <= set(schema.get("properties", {}))


RULES: dict[str, Any] = {
    "type": _is,
    "const": lambda limit, value, _: limit == value,
    "enum": lambda limit, value, _: value in limit,
    "minimum": lambda limit, value, _: not isinstance(value, int) or value >= limit,
    "maximum": lambda limit, value, _: not isinstance(value, int) or value <= limit,
    "pattern": lambda limit, value, _: (
        not isinstance(value, str) or re.search(limit, value) is not None
    ),
    "minItems": lambda limit, value, _: len(value) >= limit,
    "maxItems": lambda limit, value, _: len(value) <= limit,
    "items": lambda limit, value, _: all(valid(limit, item) for item in value),
    "required": lambda limit, value, _: set(limit) <= set(value),
    "additionalProperties": _known,
    "properties": lambda limit, value, _: all(
        valid(part, value[name]) for name, part in limit.items() if name in value
    ),
    "anyOf": lambda limit, value, _: any(valid(part, value) for part in limit),
    "oneOf": lambda limit, value, _: sum(valid(part, value) for part in limit) == 1,
}


def plain(text: str) -> list[dict[str, Any]]:
    """A program as JSON."""
    return [statement.as_json() for statement in parse(text).statements]


def test_drawn_programs_fit() -> None:
    """Every program that can be drawn fits the schema."""
    rng = random.Random(5)
    schema = program_schema()
    for _ in range(1000):
        assert valid(schema, plain(draw_program(rng)))


def test_every_call_fits_its_tool() -> None:
    """Every call fits the tool of its name, and no other program schema is needed for it."""
    tools = {tool["name"]: tool for tool in tool_schemas()}
    assert [cls.call_name() for cls in CALLS] == list(tools)
    for text in enumerate_calls():
        (statement,) = plain(text)
        assert valid(tools[statement["call"]]["parameters"], statement["arguments"])
    assert all(tool["description"] for tool in tools.values())
    assert all(tool["parameters"]["type"] == "object" for tool in tools.values())


@pytest.mark.parametrize("cls", [*CALLS, *TRIGGERS])
def test_pydantic_and_schema_refuse_alike(cls: Any) -> None:
    """An argument outside its type is refused by both; inside, by neither."""
    schema = cls.model_json_schema()
    rng = random.Random(9)
    condition = cls in TRIGGERS
    while True:
        text = draw_program(rng)
        (statement, *_) = plain(text)
        named = statement.get("trigger", {}) if condition else statement
        if cls.call_name() in (named.get("name"), named.get("call")):
            break
    arguments = named["arguments"]
    odd = [
        0,
        1,
        -1,
        11,
        101,
        5001,
        -21,
        10**9,
        "on",
        "On",
        "",
        "7:00",
        "24:00",
        None,
        1.5,
        True,
        [],
    ]
    tried = [{**arguments, name: value} for name in arguments for value in odd]
    tried += [{k: v for k, v in arguments.items() if k != name} for name in arguments]
    tried += [{**arguments, "more": 1}]
    for value in tried:
        try:
            cls.model_validate(value)
        except ValidationError as error:
            # Rules across arguments, and that no step is 0, are no matter of the schema.
            if error.errors()[0]["type"] == "value_error":
                continue
            assert not valid(schema, value), value
        else:
            assert valid(schema, value), value


@pytest.mark.parametrize(
    "program",
    [
        [],
        [{"call": "undo", "arguments": {}}] * 5,
        [{"call": "redo", "arguments": {}}],
        [{"call": "undo"}],
        [{"arguments": {}}],
        [{"call": "undo", "arguments": {"more": 1}}],
        [{"call": "set_power", "arguments": {"state": "dim"}}],
        [{"call": "undo", "arguments": {}, "more": 1}],
        [
            {
                "call": "undo",
                "arguments": {},
                "trigger": {"name": "after", "arguments": {"hours": 1, "minutes": 0}},
            }
        ],
        [{"call": "cancel_timer", "arguments": {}, "trigger": {"name": "after"}}],
        {"call": "undo", "arguments": {}},
    ],
)
def test_programs_that_do_not_fit(program: Any) -> None:
    """What is no program does not fit the schema of programs."""
    assert not valid(program_schema(), program)


def test_narrow_sets_have_narrow_schemas() -> None:
    """Calls, triggers and words that were left out are not in the schema either."""
    small = PURIFIER.without("undo", "when").only("set_mode", "mode", {"auto", "eco"})
    small = small.only("set_fan_level", "level", {"low"})
    schema = program_schema(small)
    for text, fits in (
        ("set_mode(mode=eco)", True),
        ("set_mode(mode=turbo)", False),
        ("set_fan_level(level=7)", True),
        ("set_fan_level(level=low)", True),
        ("set_fan_level(level=max)", False),
        ("undo()", False),
        ("after(hours=1, minutes=0) -> cancel_timer()", True),
        ("when(metric=pm25, above=1) -> cancel_timer()", False),
    ):
        assert fits == valid(schema, plain(text)), text
    assert "undo" not in {tool["name"] for tool in tool_schemas(small)}
    whole = program_schema()
    assert valid(whole, plain("set_mode(mode=turbo)"))
    no_triggers = program_schema(PURIFIER.without("after", "at", "lasting", "when"))
    assert not valid(no_triggers, plain("after(hours=1, minutes=0) -> cancel_timer()"))
