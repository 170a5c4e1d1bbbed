"""
What every call and trigger has: a name, arguments, and the spellings that its arguments may take.

Strategy: the spelling of an argument follows from its type annotation; a class with a rule across its arguments
overrides `cases`. A call of one's own needs nothing but fields of supported types:
`Literal` words, whole numbers with `ge` and `le`, and unions of the two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    StringConstraints,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from .errors import SchemaError
from .form import Form, choice, clock_time, whole_number, words

Case = tuple[tuple[str, Form], ...]
"""One way to write the arguments: their names with the forms of their values, in order."""

_WORD = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Signed:
    """The sign of this number is always written, and zero is no value of it."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Refuse zero on top of the type's own checks."""
        return core_schema.no_info_after_validator_function(_not_zero, handler(source))


@dataclass(frozen=True)
class Clock:
    """This text is a time of day, HH:MM."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Accept 00:00 to 23:59 only."""
        pattern = StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
        return handler.generate_schema(Annotated[source, pattern])


def _not_zero(value: int) -> int:
    if value == 0:
        msg = "a step of 0 has no meaning"
        raise ValueError(msg)
    return value


class Named(BaseModel):
    """A name with arguments, written `name(argument=value, ...)`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @classmethod
    def call_name(cls) -> str:
        """The class name in snake case: `SetFanLevel` is `set_fan_level`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def cases(cls) -> tuple[Case, ...]:
        """
        All ways to write the arguments.

        Raises:
            SchemaError: an argument's type has no spelling.
        """
        return cases_of(cls)

    def arguments(self) -> dict[str, int | str]:
        """The arguments that are written, in order."""
        return {
            name: value
            for name in type(self).model_fields
            if (value := getattr(self, name)) is not None
        }

    def render(self) -> str:
        """The canonical text."""
        fields = type(self).model_fields
        inner = ", ".join(
            f"{name}={_spell(value, fields[name])}"
            for name, value in self.arguments().items()
        )
        return f"{self.call_name()}({inner})"

    def __str__(self) -> str:
        """Read as it is written."""
        return self.render()


class Call(Named):
    """Something that the purifier, or the agent, may be asked to do."""

    timed: ClassVar[bool] = True
    """Whether a trigger may stand before it."""

    def __init_subclass__(cls, *, timed: bool = True, **kwargs: Any) -> None:
        """Take `timed` from the class statement: `class Undo(Call, timed=False)`."""
        super().__init_subclass__(**kwargs)
        cls.timed = timed


class Trigger(Named):
    """When a call is carried out."""


def cases_of(cls: type[Named]) -> tuple[Case, ...]:
    """The one case in which every field is written, with the form of each."""
    case = tuple(
        (name, _field_form(cls, name, field))
        for name, field in cls.model_fields.items()
    )
    return (case,)


def _field_form(cls: type[Named], name: str, field: FieldInfo) -> Form:
    try:
        return _form(field.annotation, tuple(field.metadata))
    except SchemaError as error:
        msg = f"{cls.__name__}.{name}: {error}"
        raise SchemaError(msg) from None


def _form(annotation: Any, metadata: tuple[object, ...]) -> Form:
    """Spell a type; metadata are pydantic's constraints and our markers."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return _form(inner, (*metadata, *_flat(more)))
    if origin is Literal:
        values = get_args(annotation)
        for value in values:
            if not isinstance(value, str) or not _WORD.fullmatch(value):
                msg = f"the word {value!r} must match {_WORD.pattern}"
                raise SchemaError(msg)
        return words(*values)
    if origin in (Union, UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
        return choice(*(_form(kind, metadata) for kind in kinds))
    if any(isinstance(mark, Clock) for mark in metadata):
        return clock_time()
    if annotation is int:
        return _int_form(metadata)
    msg = f"{annotation!r} has no spelling; use Literal words or int with ge and le"
    raise SchemaError(msg)


def _int_form(metadata: tuple[object, ...]) -> Form:
    low = next((mark.ge for mark in metadata if isinstance(mark, Ge)), None)
    high = next((mark.le for mark in metadata if isinstance(mark, Le)), None)
    if not isinstance(low, int) or not isinstance(high, int) or low > high:
        msg = "a whole number needs Field(ge=..., le=...)"
        raise SchemaError(msg)
    signed = any(isinstance(mark, Signed) for mark in metadata)
    return whole_number(low, high, signed=signed)


def _flat(marks: list[object]) -> list[object]:
    """Field() hides its constraints in its own metadata."""
    return [
        inner
        for mark in marks
        for inner in (mark.metadata if isinstance(mark, FieldInfo) else [mark])
    ]


def _spell(value: int | str, field: FieldInfo) -> str:
    if isinstance(value, int) and any(isinstance(m, Signed) for m in field.metadata):
        return f"{value:+d}"
    return str(value)
