"""Write a call set as JSON schema: the whole program, and each call as a tool description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .callset import PURIFIER, CallSet
from .program import MAX_STATEMENTS

if TYPE_CHECKING:
    from .call import Call, Named


def program_schema(calls: CallSet = PURIFIER) -> dict[str, Any]:
    """A schema of `[statement.as_json() for statement in program.statements]`."""
    statement: dict[str, Any] = {
        "type": "object",
        "properties": {"call": {}, "arguments": {"type": "object"}},
        "required": ["call", "arguments"],
        "additionalProperties": False,
        "oneOf": [_called(cls, calls) for cls in calls.calls],
    }
    if calls.triggers:
        statement["properties"]["trigger"] = {
            "oneOf": [_named(cls, "name", calls) for cls in calls.triggers]
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Program",
        "type": "array",
        "minItems": 1,
        "maxItems": MAX_STATEMENTS,
        "items": statement,
    }


def tool_schemas(calls: CallSet = PURIFIER) -> list[dict[str, Any]]:
    """Each call as `{"name", "description", "parameters"}`, the shape that tool APIs use."""
    return [
        {
            "name": cls.call_name(),
            "description": (cls.__doc__ or "").strip(),
            "parameters": _arguments(cls, calls),
        }
        for cls in calls.calls
    ]


def _called(cls: type[Call], calls: CallSet) -> dict[str, Any]:
    schema = _named(cls, "call", calls)
    if not cls.timed:
        schema["properties"]["trigger"] = False
    return schema


def _named(cls: type[Named], key: str, calls: CallSet) -> dict[str, Any]:
    name = {key: {"const": cls.call_name()}}
    return {
        "properties": {**name, "arguments": _arguments(cls, calls)},
        "required": [key, "arguments"],
    }


def _arguments(cls: type[Named], calls: CallSet) -> dict[str, Any]:
    schema = cls.model_json_schema()
    schema.pop("title", None)
    schema.pop("description", None)
    for name, field in schema.get("properties", {}).items():
        field.pop("title", None)
        allowed = calls.allowed.get((cls.call_name(), name))
        if allowed is not None:
            _narrow(field, allowed)
    return schema


def _narrow(field: dict[str, Any], allowed: frozenset[str]) -> None:
    """Leave only the allowed words; an alternative without any goes."""
    for part in (field, *field.get("anyOf", [])):
        if "enum" in part:
            part["enum"] = [word for word in part["enum"] if word in allowed]
    if "anyOf" in field:
        field["anyOf"] = [part for part in field["anyOf"] if part.get("enum") != []]
