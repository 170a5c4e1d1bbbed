"""Write a call set as JSON schema: the whole program, and each call as a tool description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .callset import PURIFIER, CallSet
from .program import MAX_STATEMENTS

if TYPE_CHECKING:
    from .call import Named


def program_schema(calls: CallSet = PURIFIER) -> dict[str, Any]:
    """A schema of `[statement.as_json() for statement in program.statements]`."""
    statement: dict[str, Any] = {
        "type": "object",
        "properties": {"call": {}, "arguments": {"type": "object"}},
        "required": ["call", "arguments"],
        "oneOf": [_named(cls, "call") for cls in calls.calls],
    }
    if calls.triggers:
        statement["properties"]["trigger"] = {
            "oneOf": [_named(cls, "name") for cls in calls.triggers]
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
            "parameters": _arguments(cls),
        }
        for cls in calls.calls
    ]


def _named(cls: type[Named], key: str) -> dict[str, Any]:
    return {
        "properties": {key: {"const": cls.call_name()}, "arguments": _arguments(cls)},
        "required": [key, "arguments"],
    }


def _arguments(cls: type[Named]) -> dict[str, Any]:
    schema = cls.model_json_schema()
    schema.pop("title", None)
    schema.pop("description", None)
    for field in schema.get("properties", {}).values():
        field.pop("title", None)
    return schema
