"""
Write a call set as a Lark grammar, for an LALR parser with a contextual lexer.

Strategy: the fixed text before a value and the value are separate terminals; terminals of equal form are one, so that the lexer
never has to choose between two names for one text. Longer spellings stand first in every alternation.
"""

from __future__ import annotations

import json

from .call import Call, Case, Named, Trigger
from .callset import CallSet
from .form import Form, regex
from .program import ARROW, MAX_STATEMENTS, SEPARATOR

HEADER = "// The call language of Sanso, made from its schema by `make grammars`.\n"


def lark_grammar(calls: CallSet) -> str:
    """The grammar of every program of the set; its start rule is `program`."""
    rules = _Rules(calls)
    timed = calls.timed_calls() if calls.triggers else ()
    untimed = tuple(cls for cls in calls.calls if cls not in timed)
    more = f'("{SEPARATOR}" statement)~0..{MAX_STATEMENTS - 1}'
    lines = [HEADER.rstrip(), f"program: statement {more}"]
    if timed:
        lines.append(f'statement: call | trigger "{ARROW}" timed')
        lines.append(f"?trigger: {_names(calls.triggers)}")
        lines.append(f"?timed: {_names(timed)}")
        rest = f" | {_names(untimed)}" if untimed else ""
        lines.append(f"?call: timed{rest}")
    else:
        lines += ["statement: call", f"?call: {_names(untimed)}"]
    triggers = calls.triggers if timed else ()
    lines += [rules.of_class(cls) for cls in (*triggers, *timed, *untimed)]
    return "\n".join([*lines, *rules.terminals()]) + "\n"


def _names(classes: tuple[type[Call], ...] | tuple[type[Trigger], ...]) -> str:
    return " | ".join(cls.call_name() for cls in classes)


class _Rules:
    """Rules of calls and the terminals that they need."""

    def __init__(self, calls: CallSet) -> None:
        self._calls = calls
        self._terminals: dict[str, str] = {}

    def of_class(self, cls: type[Named]) -> str:
        cases = " | ".join(
            f"{self._case(cls, case)} -> {cls.call_name()}__{index}"
            for index, case in enumerate(self._calls.cases(cls))
        )
        return f"{cls.call_name()}: {cases}"

    def terminals(self) -> list[str]:
        return [f"{name}: /{pattern}/" for pattern, name in self._terminals.items()]

    def _case(self, cls: type[Named], case: Case) -> str:
        parts: list[str] = []
        text = cls.call_name() + "("
        for name, form in case:
            text += f"{name}="
            parts += [json.dumps(text), self._terminal(cls, name, form)]
            text = ", "
        return " ".join([*parts, json.dumps(text.removesuffix(", ") + ")")])

    def _terminal(self, cls: type[Named], name: str, form: Form) -> str:
        pattern = regex(form)
        fallback = f"{cls.call_name()}_{name}".upper()
        taken = set(self._terminals.values())
        while fallback in taken:
            fallback += "_"
        return self._terminals.setdefault(pattern, fallback)
