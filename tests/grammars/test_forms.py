"""A form says once what a value looks like; every walk over it agrees."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.grammars import form_words
from sanso.grammars.form import (
    Choice,
    Digit,
    Form,
    Sequence,
    Text,
    choice,
    clock_time,
    count,
    draw,
    enumerate_form,
    gbnf,
    regex,
    whole_number,
    words,
)

BOUNDS = st.tuples(st.integers(-3000, 6000), st.integers(0, 1500)).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)


def spelled(low: int, high: int, *, signed: bool) -> list[str]:
    """What Python writes for each number."""
    if signed:
        return [f"{n:+d}" for n in range(low, high + 1) if n]
    return [str(n) for n in range(low, high + 1)]


@given(BOUNDS, st.booleans())
def test_whole_numbers_are_pythons(bounds: tuple[int, int], signed: bool) -> None:  # noqa: FBT001
    """A span of whole numbers has the spellings of Python's range, each once."""
    low, high = bounds
    expected = sorted(spelled(low, high, signed=signed))
    if not expected:
        return
    form = whole_number(low, high, signed=signed)
    assert expected == sorted(enumerate_form(form))
    assert len(expected) == count(form)


@given(BOUNDS, st.booleans())
def test_the_pattern_is_pythons(bounds: tuple[int, int], signed: bool) -> None:  # noqa: FBT001
    """The regular expression takes these numbers and no other, and never stops inside one."""
    low, high = bounds
    expected = set(spelled(low, high, signed=signed))
    if not expected:
        return
    pattern = re.compile(regex(whole_number(low, high, signed=signed)))
    tried = {
        *expected,
        *(str(n) for n in range(low - 20, high + 20)),
        *(f"{n:+d}" for n in range(low - 20, high + 20)),
        *(f"0{n}" for n in range(20)),
        *("-0", "+0", "", "-", "+", "00", " 1", "1 ", "1.0", "--1", "１", "٣"),
    }
    assert expected == {text for text in tried if pattern.fullmatch(text)}
    for text in expected:
        found = pattern.match(text)
        assert found is not None
        assert text == found.group()


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**12))
def test_large_numbers_have_small_forms(low: int, length: int) -> None:
    """A span of any size is a handful of digit patterns."""
    form = whole_number(low, low + length)
    assert length + 1 == count(form)
    pattern = re.compile(regex(form))
    for number in (low, low + length, low + length // 2):
        assert pattern.fullmatch(str(number))
    assert not pattern.fullmatch(str(low - 1))
    assert not pattern.fullmatch(str(low + length + 1))
    assert len(regex(form)) < 3000


def test_clock_time() -> None:
    """A time of day has two digits for the hour and two for the minute: 1440 texts."""
    expected = [f"{h:02}:{m:02}" for h in range(24) for m in range(60)]
    assert expected == sorted(enumerate_form(clock_time()))
    assert count(clock_time()) == 1440
    pattern = re.compile(regex(clock_time()))
    assert all(pattern.fullmatch(text) for text in expected)
    for text in ("24:00", "7:00", "23:60", "2360", "23:5", "23:590"):
        assert not pattern.fullmatch(text)


FORMS = st.recursive(
    st.builds(
        Text, st.text(st.sampled_from('ab.*+()[]|\\^$ -#"{}한'), min_size=1, max_size=3)
    )
    | st.builds(
        lambda a, b: Digit(min(a, b), max(a, b)), st.integers(0, 9), st.integers(0, 9)
    ),
    lambda inner: (
        st.builds(
            lambda parts: Sequence(tuple(parts)),
            st.lists(inner, min_size=1, max_size=3),
        )
        | st.builds(
            lambda options: Choice(tuple(options)),
            st.lists(inner, min_size=1, max_size=3),
        )
    ),
    max_leaves=5,
)


@given(FORMS, st.integers(0, 99))
def test_every_walk_agrees(form: Form, seed: int) -> None:
    """What is drawn is listed, what is listed matches, and as much is listed as counted."""
    listed = list(enumerate_form(form))
    assert count(form) == len(listed)
    assert draw(form, random.Random(seed)) in listed
    pattern = re.compile(regex(form))
    assert all(pattern.fullmatch(text) for text in listed)


def test_draws_follow_shares() -> None:
    """Every spelling is drawn about equally often: 100 of 1000 numbers have two digits or fewer."""
    form = whole_number(0, 999)
    rng = random.Random(1)
    drawn = [draw(form, rng) for _ in range(10_000)]
    short = sum(len(text) < 3 for text in drawn)
    assert 850 < short < 1150


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (Text('a"b'), r'"a\"b"'),
        (Digit(3, 3), '"3"'),
        (Digit(0, 9), "[0-9]"),
        (words("on", "off"), '"on" | "off"'),
        (Sequence((words("a", "b"), Text("c"))), '("a" | "b") "c"'),
        (whole_number(1, 10), '"10" | [1-9]'),
        (whole_number(-2, 2, signed=True), '"+" [1-2] | "-" [1-2]'),
        (choice(Text("a")), '"a"'),
    ],
)
def test_gbnf(form: Form, expected: str) -> None:
    """GBNF is written as llama.cpp reads it."""
    assert expected == gbnf(form)


def test_words_of_a_form() -> None:
    """Words are the fixed texts that begin with a letter."""
    level = choice(whole_number(1, 10), words("min", "max"))
    assert form_words(level) == {"min", "max"}
    assert form_words(clock_time()) == frozenset()
