"""What the policy says of a program: values, without a rule in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sanso.grammars import Program, Statement

if TYPE_CHECKING:
    from sanso.devices import State

ACTS_SECONDS: Final = 60.0
"""The window of `acts_per_minute`."""
_MOST_ACTS: Final = 1000


class Ruling(StrEnum):
    """What becomes of a statement."""

    ALLOW = "allow"
    LOWER = "lower"
    """Something less is done instead."""
    ASK = "ask"
    """It is done after a yes."""
    REFUSE = "refuse"
    """It is not done, and neither is the rest of its program."""


class Reason(StrEnum):
    """Why a statement is not simply allowed."""

    CALLER = "caller"
    """Whoever asks may not do this."""
    LACKING = "lacking"
    """This purifier cannot do it; no rule says so."""
    LEVEL = "level"
    """Above the highest fan level of these hours."""
    LIGHT = "light"
    SOUND = "sound"
    MOTOR = "motor"
    """Too soon after another fan level."""
    POWER = "power"
    """Too soon after a change of power."""
    ACTS = "acts"
    """Too many acts in a minute."""
    CONFIRM = "confirm"
    """The policy wants a yes."""
    FINAL = "final"
    """It cannot be taken back, whatever the policy says."""


@dataclass(frozen=True)
class Verdict:
    """What becomes of one statement, and why."""

    statement: Statement
    """As it was asked for."""
    ruling: Ruling = Ruling.ALLOW
    reason: Reason | None = None
    """None where it is allowed."""
    rule: str = ""
    """The name of the rule that bites; empty where the program itself says so."""
    limit: str = ""
    """What the rule allows: a level, a light, what the caller may; of `lacking`, the word or number that fails."""
    until: str = ""
    """The clock time, HH:MM, at which the rule ends; empty where it does not end by the clock."""
    seconds: float = 0.0
    """How long until it would be allowed; 0 where waiting does not help."""
    instead: Statement | None = None
    """What is done in its place; with `ask`, after the yes."""

    @property
    def doing(self) -> Statement:
        """What is done, if anything is."""
        return self.instead or self.statement

    def as_json(self) -> dict[str, Any]:
        """Plain values, for `why`."""
        return {
            "statement": self.statement.render(),
            "needs_yes": self.ruling is Ruling.ASK,
            "lacking": ["lacking", self.limit]
            if self.reason is Reason.LACKING
            else None,
            "ruling": self.ruling.value,
            "reason": self.reason.value if self.reason else None,
            "rule": self.rule or None,
            "limit": self.limit or None,
            "until": self.until or None,
            "seconds": round(self.seconds, 1) or None,
            "instead": self.instead.render() if self.instead else None,
        }


@dataclass(frozen=True)
class Review:
    """What becomes of each statement of a program, in order."""

    verdicts: tuple[Verdict, ...]

    @property
    def refused(self) -> tuple[Verdict, ...]:
        """What is refused; one of these refuses the whole program."""
        return tuple(v for v in self.verdicts if v.ruling is Ruling.REFUSE)

    @property
    def forbidden(self) -> tuple[Verdict, ...]:
        """What a rule refuses: all but what this purifier cannot do anyway."""
        return tuple(v for v in self.refused if v.reason is not Reason.LACKING)

    @property
    def asked(self) -> tuple[Verdict, ...]:
        """What wants a yes first."""
        return tuple(v for v in self.verdicts if v.ruling is Ruling.ASK)

    @property
    def lowered(self) -> tuple[Verdict, ...]:
        """What is done in a lesser form."""
        return tuple(v for v in self.verdicts if v.ruling is Ruling.LOWER)

    @property
    def program(self) -> Program | None:
        """What may be done at once: nothing if anything is refused, else all but what wants a yes."""
        done = tuple(v.doing for v in self.verdicts if v.ruling is not Ruling.ASK)
        if self.refused or not done:
            return None
        return Program(statements=done)

    def as_json(self) -> list[dict[str, Any]]:
        """Plain values, for `why`."""
        return [verdict.as_json() for verdict in self.verdicts]


@dataclass(frozen=True)
class History:
    """When something was changed last, by the purifier's clock, in seconds since the epoch."""

    motor_at: float | None = None
    """The fan came to another level."""
    power_at: float | None = None
    acts: tuple[float, ...] = ()
    """The acts of the last minute."""

    def after(
        self, before: State, after: State, now: float, *, acts: int = 0
    ) -> History:
        """The history with what became of a program of so many acts; a state that is no report changes nothing."""
        kept = tuple(t for t in self.acts if 0 <= now - t < ACTS_SECONDS)
        known = replace(self, acts=(*kept, *([now] * acts))[-_MOST_ACTS:])
        if not (before.online and after.online):
            return known
        if before.power != after.power:
            known = replace(known, power_at=now)
        if level_of(before) != level_of(after):
            known = replace(known, motor_at=now)
        return known


def level_of(state: State) -> int:
    """The fan level that a state stands for: the chosen one, else that of the motor; 0 stands still."""
    if not state.power:
        return 0
    return state.fan_now if state.fan is None else state.fan
