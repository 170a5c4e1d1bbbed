"""
A set of calls: the whole language, a part of it, or the language with calls of one's own.

Strategy: a set lists, for each call, its cases with the values that remain. All notations are made from a set, so
that narrowing the set narrows every one of them alike.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from .call import Call, Case, Named, Trigger
from .calls import CALLS, TRIGGERS
from .errors import SchemaError
from .form import Choice, Form, choice, form_words

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_RULES: Final = ("call", "program", "root", "statement", "timed", "trigger")
"""Rules of GBNF and Lark that stand beside those of the calls."""


@dataclass(frozen=True)
class CallSet:
    """Calls and triggers that a grammar allows."""

    calls: tuple[type[Call], ...] = CALLS
    triggers: tuple[type[Trigger], ...] = TRIGGERS
    allowed: Mapping[tuple[str, str], frozenset[str]] = field(
        default_factory=dict, hash=False
    )
    """Values that remain, by call name and argument; what is not named is whole."""

    def __post_init__(self) -> None:
        """Refuse an empty set, names that clash or cannot be written, and arguments without a spelling."""
        names = [cls.call_name() for cls in (*self.calls, *self.triggers)]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            msg = f"two calls are named {double[0]}; rename one of the classes"
            raise SchemaError(msg)
        if not self.calls:
            msg = "a set needs at least one call"
            raise SchemaError(msg)
        for cls in (*self.calls, *self.triggers):
            _check_names(cls.call_name(), *cls.model_fields)
            self.cases(cls)

    def adding(self, *calls: type[Call]) -> CallSet:
        """The same set with more calls."""
        return replace(self, calls=(*self.calls, *calls))

    def without(self, *names: str) -> CallSet:
        """
        The same set with fewer calls or triggers.

        Raises:
            SchemaError: a name is not in the set.
        """
        known = {cls.call_name() for cls in (*self.calls, *self.triggers)}
        for name in names:
            if name not in known:
                msg = f"there is no call {name!r} to leave out"
                raise SchemaError(msg)
        return replace(
            self,
            calls=tuple(c for c in self.calls if c.call_name() not in names),
            triggers=tuple(t for t in self.triggers if t.call_name() not in names),
        )

    def only(self, name: str, argument: str, values: Collection[str]) -> CallSet:
        """
        The same set with fewer words for one argument; its numbers remain.

        Raises:
            SchemaError: the argument is not there, or none of its words would remain.
        """
        allowed = {**self.allowed, (name, argument): frozenset(values)}
        known = {
            (cls.call_name(), argument_name)
            for cls in (*self.calls, *self.triggers)
            for case in cls.cases()
            for argument_name, _ in case
        }
        if (name, argument) not in known:
            msg = f"{name} has no argument {argument!r}"
            raise SchemaError(msg)
        return replace(self, allowed=allowed)

    def cases(self, cls: type[Named]) -> tuple[Case, ...]:
        """All ways to write the arguments of one of the set's calls or triggers."""
        return tuple(
            tuple(
                (name, self._narrowed(cls.call_name(), name, form))
                for name, form in case
            )
            for case in cls.cases()
        )

    def timed_calls(self) -> tuple[type[Call], ...]:
        """Those calls before which a trigger may stand."""
        return tuple(cls for cls in self.calls if cls.timed)

    @cached_property
    def by_name(self) -> dict[str, type[Named]]:
        """Classes by the name that the text uses."""
        return {cls.call_name(): cls for cls in (*self.calls, *self.triggers)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the set's GBNF, in hexadecimal: what a model was trained on."""
        return hashlib.sha256(self.gbnf.encode()).hexdigest()

    @cached_property
    def gbnf(self) -> str:
        """The set as GBNF, the grammar notation of llama.cpp."""
        from .gbnf import gbnf_grammar

        return gbnf_grammar(self)

    def forms(self) -> Iterator[tuple[type[Named], Case]]:
        """Every class of the set with each of its cases."""
        for cls in (*self.calls, *self.triggers):
            for case in self.cases(cls):
                yield cls, case

    def _narrowed(self, name: str, argument: str, form: Form) -> Form:
        values = self.allowed.get((name, argument))
        if values is None:
            return form
        kept = _with_words(form, values)
        if kept is None:
            msg = f"no value of {name}.{argument} would remain"
            raise SchemaError(msg)
        return kept


def _with_words(form: Form, words: Collection[str]) -> Form | None:
    """The form with no other words than these; its numbers are no words, and stay."""
    if isinstance(form, Choice):
        options = (_with_words(option, words) for option in form.options)
        kept = [option for option in options if option is not None]
        return choice(*kept) if kept else None
    return form if form_words(form) <= set(words) else None


def _check_names(call: str, *arguments: str) -> None:
    for name in (call, *arguments):
        if not _NAME.fullmatch(name):
            msg = f"the name {name!r} must match {_NAME.pattern}; rename it"
            raise SchemaError(msg)
    if call in _RULES:
        msg = f"a call cannot be named {call}: the grammars use that name; rename the class"
        raise SchemaError(msg)


PURIFIER = CallSet()
"""The whole call language."""
