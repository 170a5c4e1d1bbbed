"""Programs: up to four statements, each a call with or without a trigger before it."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, model_validator

from .call import Call, Trigger

MAX_STATEMENTS = 4
ARROW = " -> "
SEPARATOR = "; "


class Statement(BaseModel):
    """One call, and when it is carried out; without a trigger, at once."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    call: SerializeAsAny[Call]
    trigger: SerializeAsAny[Trigger] | None = None

    @model_validator(mode="after")
    def _may_be_timed(self) -> Self:
        if self.trigger is not None and not self.call.timed:
            msg = f"{self.call.call_name()} cannot stand after a trigger"
            raise ValueError(msg)
        return self

    def render(self) -> str:
        """The canonical text."""
        if self.trigger is None:
            return self.call.render()
        return f"{self.trigger.render()}{ARROW}{self.call.render()}"

    def as_json(self) -> dict[str, Any]:
        """Plain values: `{"call", "arguments"}` and, where there is one, `"trigger"`."""
        plain: dict[str, Any] = {
            "call": self.call.call_name(),
            "arguments": self.call.arguments(),
        }
        if self.trigger is not None:
            name = self.trigger.call_name()
            plain["trigger"] = {"name": name, "arguments": self.trigger.arguments()}
        return plain


class Program(BaseModel):
    """What one sentence asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    statements: tuple[Statement, ...] = Field(min_length=1, max_length=MAX_STATEMENTS)

    @classmethod
    def of(cls, *calls: Call | Statement) -> Self:
        """A program from calls and statements."""
        return cls(
            statements=tuple(
                item if isinstance(item, Statement) else Statement(call=item)
                for item in calls
            )
        )

    def render(self) -> str:
        """The canonical text."""
        return SEPARATOR.join(statement.render() for statement in self.statements)

    def texts(self) -> list[str]:
        """The canonical text of each statement."""
        return [statement.render() for statement in self.statements]

    def calls(self) -> tuple[Call, ...]:
        """The calls without their triggers."""
        return tuple(statement.call for statement in self.statements)

    def __str__(self) -> str:
        """Read as it is written."""
        return self.render()
