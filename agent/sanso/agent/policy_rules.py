"""
What an owner allows, as data: quiet hours, ceilings, pace, what wants a yes, who may do what.

Strategy: one TOML file, checked whole when it is loaded, so that nothing later can stumble over it. Whatever is wrong with a file is told in one line with
key, cause and cure. The package's own policies are found by name, others by path.
"""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from sanso.devices.names import hint

from .errors import UsageError
from .policy_errors import explained
from .policy_terms import (
    DAY_MINUTES,
    DAYS,
    Day,
    Hours,
    Pattern,
    read_hours,
    read_pattern,
)

if TYPE_CHECKING:
    from datetime import datetime

_FOLDER: Final = files("sanso.agent") / "policies"
May = Literal["read", "act", "configure"]
"""Each may do what the one before may: ask for readings; move the purifier; change what lasts (schedules that repeat, dropping all that waits, the child lock,
the filter counter)."""


class RulesError(UsageError):
    """A policy that is missing, unreadable or wrong."""

    def __init__(self, message: str, *, path: str) -> None:
        """Keep the path or name."""
        super().__init__(message)
        self.path = path


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Name = Annotated[str, Field(min_length=1, max_length=60, strict=True)]
Span = Annotated[Hours, BeforeValidator(read_hours)]
Level = Annotated[int, Field(ge=1, le=10, strict=True)]
Count = Annotated[int, Field(ge=0, le=86_400, strict=True)]


class _Timed(_Table):
    """What holds at certain hours."""

    name: Name
    """Told where the rule bites."""
    hours: Span
    """HH:MM-HH:MM by the clock on the wall."""
    days: tuple[Day, ...] = Field(default=DAYS, min_length=1)
    """On which the hours begin."""


class Ceiling(_Timed):
    """The highest fan level at certain hours."""

    hours: Span = Hours(0, DAY_MINUTES)
    highest_level: Level
    """In the device's own levels; the highest that a mode may choose by itself counts as well."""

    @property
    def bounds(self) -> tuple[int | None, None, None]:
        """Level, light and sound, as of quiet hours."""
        return self.highest_level, None, None


class Quiet(_Timed):
    """Hours at which the purifier shall neither be heard nor seen."""

    highest_level: Level | None = None
    light: Literal["off", "dim"] | None = None
    """The brightest that it may be."""
    sound: Literal["off"] | None = None

    @property
    def bounds(self) -> tuple[int | None, str | None, str | None]:
        """Highest level, brightest light, and sound; None where that is free."""
        return self.highest_level, self.light, self.sound

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not any(self.bounds):
            msg = "it holds nothing back; give highest_level, light or sound"
            raise ValueError(msg)
        return self


class Pace(_Table):
    """How often something may change; 0 is as often as anybody likes. Switching off is never held back."""

    name: Name = "pace"
    motor_seconds: Count = 0
    """Least time between two different fan levels."""
    power_seconds: Count = 0
    """Least time between a change of power and switching on."""
    acts_per_minute: Count = 0
    """Most acts in any 60 seconds."""


class Confirm(_Table):
    """Calls that are carried out only after a yes."""

    name: Name
    calls: tuple[Annotated[Pattern, BeforeValidator(read_pattern)], ...] = Field(
        min_length=1
    )
    """An argument that is not written may be anything: `set_mode()` is any mode."""


class Caller(_Table):
    """What somebody may do who speaks to the agent."""

    name: Name
    """The source of the sentence; `*` stands for any letters. The first that fits counts."""
    may: May


class Rules(_Table):
    """A whole policy."""

    summary: str = Field(default="", strict=True)
    others: May = "configure"
    """What a caller may do whom no pattern fits."""
    quiet: tuple[Quiet, ...] = ()
    ceiling: tuple[Ceiling, ...] = ()
    pace: Pace = Pace()
    confirm: tuple[Confirm, ...] = ()
    caller: tuple[Caller, ...] = ()

    @model_validator(mode="after")
    def _has_names_apart(self) -> Self:
        """Refuse two rules of one name: nobody could tell which of them bit."""
        seen: set[str] = set()
        for rule in (*self.timed, *self.confirm, self.pace):
            if rule.name in seen:
                msg = f"two rules are named {rule.name!r}; rename one of them"
                raise ValueError(msg)
            seen.add(rule.name)
        return self

    @property
    def timed(self) -> tuple[Quiet | Ceiling, ...]:
        """Everything that holds at certain hours."""
        return (*self.quiet, *self.ceiling)

    def holding(self, moment: datetime | None) -> tuple[Quiet | Ceiling, ...]:
        """What holds at a moment of the wall clock; all of it where nobody knows the time."""
        return tuple(
            rule
            for rule in self.timed
            if moment is None or rule.hours.holds(moment, rule.days)
        )

    def may(self, caller: str) -> tuple[May, str]:
        """What a caller may do, and the pattern that says so; empty for all others."""
        for rule in self.caller:
            if fnmatchcase(caller, rule.name):
                return rule.may, rule.name
        return self.others, ""


def policy_names() -> list[str]:
    """The names of the policies that come with the package, sorted."""
    names = (entry.name for entry in _FOLDER.iterdir())
    return sorted(name.removesuffix(".toml") for name in names if ".toml" in name)


def load_rules(name: str = "default") -> Rules:
    """
    A policy by its name, or by its path, which ends in `.toml`.

    Raises:
        RulesError: there is none, or it is wrong; one line with key, cause and cure.
    """
    if name.endswith(".toml"):
        source: Any = Path(name)
    elif name in policy_names():
        source = _FOLDER / f"{name}.toml"
    else:
        msg = f"there is no policy {name!r}; {hint(name, policy_names())}"
        raise RulesError(msg, path=name)
    try:
        text = source.read_text(encoding="utf-8")
    except OSError as error:
        msg = f"policy {name} cannot be read: {error.strerror}; check the path"
        raise RulesError(msg, path=name) from None
    except ValueError:  # a path with a zero character, or bytes that are no text
        msg = f"policy {name!r} is not a file of UTF-8 text; save it as UTF-8"
        raise RulesError(msg, path=name) from None
    return parse_rules(text, path=name)


def parse_rules(text: str, *, path: str) -> Rules:
    """
    Check the TOML text of a policy; `path` names it in errors.

    Raises:
        RulesError: it is wrong; one line with key, cause and cure.
    """
    try:
        return Rules.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        msg = f"policy {path} is not TOML: {error}; mend that line"
        raise RulesError(msg, path=path) from None
    except ValidationError as error:
        # An unknown key first: it is most often the misspelt one that is missing.
        problems = sorted(error.errors(), key=lambda p: p["type"] != "extra_forbidden")
        msg = f"policy {path}: {explained(problems[0], _TABLES, Rules)}"
        raise RulesError(msg, path=path) from None


_TABLES: Final[dict[str, type[BaseModel]]] = {
    "quiet": Quiet,
    "ceiling": Ceiling,
    "pace": Pace,
    "confirm": Confirm,
    "caller": Caller,
}
