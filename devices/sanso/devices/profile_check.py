"""Check a profile: everything that is wrong with it at once, and what will bite later.

Strategy: the schema of `profile.py` is the judge and names all wrong fields. Its rules about
whole tables stop at the first, so they are asked here one by one, each only where the fields
it looks at are sound. Should the judge refuse what no rule here finds, it has the word.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ValidationError

from .datapoint import Datapoint, Timing
from .names import hint
from .profile import Build, Features, Profile, Start
from .profile_contradictions import View, contradictions
from .profile_findings import Finding, Level, found
from .profile_warnings import warnings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic_core import ErrorDetails

__all__ = ["Finding", "Level", "check_profile"]

_TABLES: Final[dict[str, type[BaseModel]]] = {
    "capabilities": Features,
    "build": Build,
    "start": Start,
    "timing": Timing,
    "attr": Datapoint,
}
_EXAMPLES: Final = {
    "id": 'id = "my-purifier"',
    "summary": 'summary = "what it is, in one line"',
    "capabilities": "[capabilities]",
    "fan_levels": "fan_levels = 3",
    "modes": 'modes = ["manual", "auto"]',
    "type": 'type = "bool", "enum", "value" or "bitmap"',
}
_BOUNDS: Final = {
    "greater_than_equal": ("least", "ge"),
    "greater_than": ("above", "gt"),
    "less_than_equal": ("most", "le"),
}
_WANTED: Final = (
    ("int", "whole number", "a number without quotes and point, such as 3"),
    ("finite", "number", "a number without quotes, such as 0.5"),
    ("float", "number", "a number without quotes, such as 0.5"),
    ("bool", "true or false", "true or false, without quotes"),
    ("string", "text", 'text in quotes, such as "auto"'),
    ("tuple", "list", "a list in square brackets, such as [1, 2]"),
    ("dict", "table", "words and numbers in braces, such as { auto = 1 }"),
    ("model", "table", "a table, with its name in square brackets"),
)
"""By the beginning of the schema's name for a wrong type: what it should be, and how it looks."""


def check_profile(text: str, path: str) -> list[Finding]:
    """Return everything about the TOML text of a profile, errors first; `path` names its file.

    Never raises. Without an error among them, `parse_profile` takes the text.
    """
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return [_syntax(text, error)]
    errors = _errors(raw)
    if errors:
        return errors
    file = PurePath(path).name.removesuffix(".toml")
    try:
        return list(warnings(Profile.model_validate(raw), file))
    except ValidationError as error:  # a rule that is known to the judge alone
        return [found("other", "", reason=str(p["msg"])) for p in error.errors()]


def _syntax(text: str, error: Exception) -> Finding:
    if text.startswith("\ufeff"):
        return found("bom", "line 1")
    reason = " ".join(str(error).split()) or type(error).__name__
    line = re.search(r"at line (\d+)", reason)
    where = f"line {line.group(1)}" if line else f"line {len(text.splitlines())}"
    return found("syntax", where, reason=reason)


def _errors(raw: dict[str, Any]) -> list[Finding]:
    problems: list[ErrorDetails] = []
    try:
        Profile.model_validate(raw)
    except ValidationError as error:
        problems = error.errors()
    fields = [p for p in problems if p["type"] != "value_error"]
    meant: set[str] = set()
    findings = [_field(problem, meant) for problem in fields]
    bad = {_dotted(problem["loc"]) for problem in fields}
    findings += contradictions(View.of(raw, bad))
    # The misspelt key is told; that it is missing under its right name is no second fault.
    findings = [
        f
        for f in findings
        if f.kind not in ("missing", "point") or f.where not in meant
    ]
    findings += _untold(problems, findings)
    return sorted(findings, key=lambda f: f.kind != "unknown")


def _untold(
    problems: Sequence[ErrorDetails], findings: Sequence[Finding]
) -> Iterator[Finding]:
    """Yield what the judge refuses about a whole table where no finding tells of it."""
    for problem in problems:
        where = _dotted(problem["loc"])
        told = any(
            f.where == where or f"{f.where}.".startswith(where) for f in findings
        )
        if problem["type"] == "value_error" and not told:
            reason = str(problem["msg"]).removeprefix("Value error, ")
            yield found("other", where, reason=reason)


def _field(problem: ErrorDetails, meant: set[str]) -> Finding:
    """Tell of one wrong field; what a wrong key was meant to be goes into `meant`."""
    kind, loc = problem["type"], problem["loc"]
    *above, key = [str(part) for part in loc if part != "[key]"] or [""]
    if kind == "extra_forbidden" or loc[-1:] == ("[key]",):
        told = hint(key, _words(problem) or _keys(above))
        near = told.removeprefix("did you mean ").removesuffix("?")
        meant.add(".".join([*above, near]))
        return found("unknown", _dotted(loc), key=key, hint=told)
    if kind in ("too_long", "too_short") or (kind == "missing" and key.isdecimal()):
        return found("pair", ".".join(above) if key.isdecimal() else _dotted(loc))
    if kind == "missing":
        return found(
            "missing", _dotted(loc), example=_EXAMPLES.get(key, f"{key} = ...")
        )
    return _value(problem, _dotted(loc), _spelled(problem["input"]))


def _value(problem: ErrorDetails, where: str, given: str) -> Finding:
    """Tell of one wrong value."""
    kind = problem["type"]
    if kind == "literal_error":
        told = hint(str(problem["input"]), _words(problem))
        return found("choice", where, given=given, hint=told)
    if kind in _BOUNDS:
        row, limit = _BOUNDS[kind]
        return found(row, where, given=given, bound=problem["ctx"][limit])
    if kind == "string_pattern_mismatch":
        return found("name", where, given=given)
    for beginning, wanted, example in _WANTED:
        if kind.startswith(beginning):
            return found("type", where, given=given, wanted=wanted, example=example)
    return found("other", where, reason=str(problem["msg"]))


def _words(problem: ErrorDetails) -> list[str]:
    """Return the words that are allowed there, if it is a choice."""
    return re.findall(r"'([^']*)'", str(problem.get("ctx", {}).get("expected", "")))


def _keys(above: list[str]) -> list[str]:
    """Return the keys that a table may have, as they are written."""
    model = _TABLES.get(above[0], Profile) if above else Profile
    return [info.alias or name for name, info in model.model_fields.items()]


def _dotted(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc if part != "[key]")


def _spelled(value: object) -> str:
    """Return a value as TOML has it, short enough for a line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:37] + "..."  # noqa: PLR2004 - of a line of 80
