"""What is wrong with a policy, in one line: the key, the cause, the cure. Pure: pydantic's finding in, a line out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanso.devices.names import hint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

_WANTED: Final = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "greater_than_equal": "a number of at least {ge}",
    "less_than_equal": "a number of at most {le}",
    "string_type": 'a text in quotes, "like this"',
    "string_too_short": "at least one letter",
    "string_too_long": "at most {max_length} letters",
    "too_short": "a list with something in it",
    "tuple_type": "a list, [like, this]",
    "model_type": "a table, [like.this]",
}
"""What pydantic misses, by the type of its finding."""
_MOST_SHOWN: Final = 40


def explained(
    problem: ErrorDetails, tables: Mapping[str, type[BaseModel]], root: type[BaseModel]
) -> str:
    """Say in one line where and what is wrong, and what is right instead."""
    kind, place = problem["type"], problem["loc"]
    where = _where(place)
    context = problem.get("ctx", {})
    if kind == "extra_forbidden":
        table = tables.get(str(place[0]), root) if place[1:] else root
        return f"there is no {where}; {hint(str(place[-1]), table.model_fields)}"
    if kind == "missing":
        return f"{where} is missing; write it"
    given = str(problem["input"])[:_MOST_SHOWN]
    if kind == "literal_error":
        valid = re.findall(r"'([^']*)'", context["expected"])
        return f"{where} has no value {given!r}; {hint(given, valid)}"
    if kind in _WANTED:
        return f"{where} is {given!r}; put {_WANTED[kind].format_map(context)} there"
    reason = problem["msg"].removeprefix("Value error, ")
    return f"{where}: {reason}" if where else reason


def _where(place: tuple[int | str, ...]) -> str:
    """The place as an owner reads it: `quiet[1].hours` is in the first [[quiet]]."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")
