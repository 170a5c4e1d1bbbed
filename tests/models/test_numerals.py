"""Numbers, particles and spans are said as people say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.models.corpus import jamo
from sanso.models.corpus.numerals import english, native, sino, with_particles
from sanso.models.corpus.spans import (
    english_clock,
    english_duration,
    korean_clock,
    korean_duration,
)

_DIGITS = dict(zip("영일이삼사오육칠팔구", range(10), strict=True))
_PLACES = {"십": 10, "백": 100, "천": 1000}


def read_sino(text: str) -> int:
    """A plain reading of Sino-Korean, written apart from the code under test."""
    total, digit = 0, 0
    for char in text:
        if char in _PLACES:
            total += (digit or 1) * _PLACES[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


@given(st.integers(0, 9999))
def test_sino_reads_back(number: int) -> None:
    """Every Sino-Korean number up to 9999 reads back as itself."""
    assert number == read_sino(sino(number))


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "한"),
        (2, "두"),
        (11, "열한"),
        (20, "스무"),
        (21, "스물한"),
        (35, "서른다섯"),
    ],
)
def test_native_before_a_counter(number: int, said: str) -> None:
    """Native numerals stand in the form that goes before a counter."""
    assert native(number) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (99, "ninety-nine"),
        (105, "one hundred five"),
        (2000, "two thousand"),
        (-7, "minus seven"),
    ],
)
def test_english(number: int, said: str) -> None:
    """English numbers are spelled as in a dictionary."""
    assert english(number) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3(으)로", "3으로"),
        ("1(으)로", "1로"),
        ("2(으)로", "2로"),
        ("삼(으)로", "삼으로"),
        ("칠(으)로", "칠로"),
        ("50%(을)", "50%를"),
        ("six(을)", "six를"),
    ],
)
def test_particles_follow_the_sound(text: str, said: str) -> None:
    """A particle takes the form that the sound before it asks for, digits read aloud."""
    assert with_particles(text) == said


@given(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))
def test_syllables_come_apart_and_together(char: str) -> None:
    """Every Hangul syllable is the sum of its letters."""
    assert jamo.join(*jamo.split(char)) == char


@given(st.integers(0, 24), st.integers(0, 59))
def test_durations_never_lose_the_value(hours: int, minutes: int) -> None:
    """Each spelling of a duration names hours or minutes, and none is empty."""
    if hours == 0 and minutes == 0:
        return
    for said in korean_duration(hours, minutes) if hours < 24 else []:
        assert "시간" in said or "분" in said
    for said in english_duration(hours, minutes):
        assert "h" in said or "m" in said


@given(st.integers(0, 23), st.integers(0, 59), st.sampled_from(["up", "down"]))
def test_clock_times_are_told_apart(hour: int, minute: int, leaning: str) -> None:
    """No spelling of a clock time is a spelling of the time twelve hours away."""
    other = (hour + 12) % 24
    for spell in (korean_clock, english_clock):
        mine = set(spell(hour, minute, leaning))  # type: ignore[arg-type]
        theirs = set(spell(other, minute, leaning))  # type: ignore[arg-type]
        assert not mine & theirs
