"""
Say what a value looks like as text, once, for every notation.

Strategy: a form is a tiny regular expression tree of four nodes. GBNF, Lark terminals, enumeration, counting
and drawing are each one walk over it, so that no notation can disagree with another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from random import Random


@dataclass(frozen=True)
class Text:
    """Exactly these characters."""

    text: str


@dataclass(frozen=True)
class Digit:
    """One digit from `low` to `high`, both included."""

    low: int
    high: int


@dataclass(frozen=True)
class Sequence:
    """Its parts, one after the other."""

    parts: tuple[Form, ...]


@dataclass(frozen=True)
class Choice:
    """Exactly one of its options; the options share no text."""

    options: tuple[Form, ...]


Form = Text | Digit | Sequence | Choice


def choice(*options: Form) -> Form:
    """A choice, or the only option itself."""
    return options[0] if len(options) == 1 else Choice(options)


def words(*texts: str) -> Form:
    """One of several fixed texts."""
    return choice(*(Text(text) for text in texts))


def whole_number(low: int, high: int, *, signed: bool = False) -> Form:
    """
    A whole number from `low` to `high` in its one canonical spelling.

    No leading zeros and no "-0". With `signed` the sign is always written and zero has no spelling.
    Longer spellings come first, so that an ordered alternation (Python's `re`) never stops short.
    """
    plus = "+" if signed else ""
    options: list[Form] = []
    if high > 0:
        first = max(low, 1)
        options += [_prefixed(plus, form) for form in _spellings(first, high)]
    if low <= 0 <= high and not signed:
        options.append(Text("0"))
    if low < 0:
        last = max(1, -high)
        options += [_prefixed("-", form) for form in _spellings(last, -low)]
    return choice(*sorted(options, key=_longest, reverse=True))


def clock_time() -> Form:
    """A time of day, 00:00 to 23:59."""
    hour = Choice(
        (
            Sequence((Digit(0, 1), Digit(0, 9))),
            Sequence((Text("2"), Digit(0, 3))),
        )
    )
    return Sequence((hour, Text(":"), Digit(0, 5), Digit(0, 9)))


def gbnf(form: Form) -> str:
    """The form as the right-hand side of a GBNF rule."""
    match form:
        case Text(text):
            return json.dumps(text)
        case Digit(low, high):
            return f"[{low}-{high}]" if low < high else f'"{low}"'
        case Sequence(parts):
            return " ".join(
                f"({gbnf(part)})" if isinstance(part, Choice) else gbnf(part)
                for part in parts
            )
        case Choice(options):
            return " | ".join(gbnf(option) for option in options)


def regex(form: Form) -> str:
    """The form as a regular expression without groups that capture."""
    match form:
        case Text(text):
            return re.escape(text).replace(r"\ ", " ")
        case Digit(low, high):
            return f"[{low}-{high}]" if low < high else str(low)
        case Sequence(parts):
            return "".join(
                f"(?:{regex(part)})" if isinstance(part, Choice) else regex(part)
                for part in parts
            )
        case Choice(options):
            longest_first = sorted(options, key=_longest, reverse=True)
            return "|".join(regex(option) for option in longest_first)


def form_words(form: Form) -> frozenset[str]:
    """The fixed texts of a form that are words, not digits or signs."""
    match form:
        case Text(text):
            return frozenset({text} if text[0].isalpha() else ())
        case Digit():
            return frozenset()
        case Sequence(parts) | Choice(parts):
            return frozenset().union(*(form_words(part) for part in parts))


def enumerate_form(form: Form) -> Iterator[str]:
    """Every text of the form, each once."""
    match form:
        case Text(text):
            yield text
        case Digit(low, high):
            yield from (str(digit) for digit in range(low, high + 1))
        case Sequence(parts):
            for texts in product(*(list(enumerate_form(part)) for part in parts)):
                yield "".join(texts)
        case Choice(options):
            for option in options:
                yield from enumerate_form(option)


def count(form: Form) -> int:
    """How many texts the form has."""
    match form:
        case Text():
            return 1
        case Digit(low, high):
            return high - low + 1
        case Sequence(parts):
            return prod(count(part) for part in parts)
        case Choice(options):
            return sum(count(option) for option in options)


def draw(form: Form, rng: Random) -> str:
    """One text, each option of a choice as likely as its share of texts."""
    match form:
        case Text(text):
            return text
        case Digit(low, high):
            return str(rng.randint(low, high))
        case Sequence(parts):
            return "".join(draw(part, rng) for part in parts)
        case Choice(options):
            weights = [count(option) for option in options]
            return draw(rng.choices(options, weights)[0], rng)


def _prefixed(sign: str, form: Form) -> Form:
    if not sign:
        return form
    parts = form.parts if isinstance(form, Sequence) else (form,)
    return _joined([Text(sign), *parts])


def _longest(form: Form) -> int:
    match form:
        case Text(text):
            return len(text)
        case Digit():
            return 1
        case Sequence(parts):
            return sum(_longest(part) for part in parts)
        case Choice(options):
            return max(_longest(option) for option in options)


def _spellings(low: int, high: int) -> list[Form]:
    """Positive whole numbers from `low` to `high` as digit patterns, one list entry a pattern."""
    forms: list[Form] = []
    for length in range(len(str(low)), len(str(high)) + 1):
        first = max(low, 10 ** (length - 1))
        last = min(high, 10**length - 1)
        forms += [_joined(parts) for parts in _patterns(str(first), str(last))]
    return forms


def _joined(parts: list[Form]) -> Form:
    """One form of several, with neighbouring texts made one."""
    merged: list[Form] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, Text) and isinstance(last, Text):
            merged[-1] = Text(last.text + part.text)
        else:
            merged.append(part)
    return merged[0] if len(merged) == 1 else Sequence(tuple(merged))


def _patterns(low: str, high: str) -> list[list[Form]]:
    """Split the numbers between two of equal length into runs of digit ranges."""
    if not low:
        return [[]]
    head_low, head_high = int(low[0]), int(high[0])
    rest = len(low) - 1
    nines, zeros = "9" * rest, "0" * rest
    if head_low == head_high:
        return [[Text(low[0]), *tail] for tail in _patterns(low[1:], high[1:])]
    patterns: list[list[Form]] = []
    if low[1:] != zeros:
        patterns += [[Text(low[0]), *tail] for tail in _patterns(low[1:], nines)]
        head_low += 1
    upper: list[list[Form]] = []
    if high[1:] != nines:
        upper = [[Text(high[0]), *tail] for tail in _patterns(zeros, high[1:])]
        head_high -= 1
    if head_low <= head_high:
        patterns.append([Digit(head_low, head_high), *[Digit(0, 9)] * rest])
    return patterns + upper
