"""
Enumerate and draw programs: every text that the grammar accepts, and none that it does not.

Strategy: one more walk over the same forms from which GBNF and Lark are written.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from .call import Case, Named
from .callset import PURIFIER, CallSet
from .form import draw, enumerate_form
from .program import ARROW, MAX_STATEMENTS, SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random


def enumerate_calls(calls: CallSet = PURIFIER) -> Iterator[str]:
    """Every call text without a trigger, each once."""
    for cls in calls.calls:
        yield from _texts(cls, calls)


def enumerate_statements(calls: CallSet = PURIFIER) -> Iterator[str]:
    """Every statement text, each once: tens of millions for the whole language."""
    yield from enumerate_calls(calls)
    timed = [text for cls in calls.timed_calls() for text in _texts(cls, calls)]
    for trigger in calls.triggers:
        for condition in _texts(trigger, calls):
            yield from (condition + ARROW + text for text in timed)


def enumerate_programs(calls: CallSet = PURIFIER) -> Iterator[str]:
    """Every program text, the short ones first; take as many as you need."""
    for length in range(1, MAX_STATEMENTS + 1):
        pools = [enumerate_statements(calls) for _ in range(length - 1)]
        if not pools:
            yield from enumerate_statements(calls)
            continue
        for head in product(*pools):
            for last in enumerate_statements(calls):
                yield SEPARATOR.join((*head, last))


def draw_program(rng: Random, calls: CallSet = PURIFIER) -> str:
    """A program text with one to four statements, every call equally likely."""
    length = rng.choices(range(1, MAX_STATEMENTS + 1), (8, 4, 2, 1))[0]
    return SEPARATOR.join(draw_statement(rng, calls) for _ in range(length))


def draw_statement(rng: Random, calls: CallSet = PURIFIER) -> str:
    """A statement text, with a trigger in about a third of the cases that allow one."""
    cls = rng.choice(calls.calls)
    text = _draw(cls, rng, calls)
    if cls.timed and calls.triggers and rng.random() < 1 / 3:
        return _draw(rng.choice(calls.triggers), rng, calls) + ARROW + text
    return text


def _texts(cls: type[Named], calls: CallSet) -> Iterator[str]:
    for case in calls.cases(cls):
        pools = (enumerate_form(form) for _, form in case)
        for values in product(*pools):
            yield _written(cls, case, values)


def _draw(cls: type[Named], rng: Random, calls: CallSet) -> str:
    case = rng.choice(calls.cases(cls))
    return _written(cls, case, tuple(draw(form, rng) for _, form in case))


def _written(cls: type[Named], case: Case, values: tuple[str, ...]) -> str:
    pairs = (f"{name}={value}" for (name, _), value in zip(case, values, strict=True))
    return f"{cls.call_name()}({', '.join(pairs)})"
