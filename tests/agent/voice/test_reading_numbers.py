"""Every number and every clock time, against rules that are written once more."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.voice.reading import read_out
from sanso.agent.wording import LANGUAGES, english, numerals

from .reading_rules import ENGLISH, cardinal, counted, native, sino

ALL = range(10_001)


def test_every_number_in_korean() -> None:
    """0 to 10,000 are read as the rule has it: alone, with commas, and before three kinds of counter."""
    for number in ALL:
        assert sino(number) == read_out(f"{number}", "ko")
        assert sino(number) == read_out(f"{number:,}", "ko")
        assert f"{sino(number)} 단으로" == read_out(f"{number}단으로", "ko")
        assert f"{sino(number)} 퍼센트예요." == read_out(f"{number}%예요.", "ko")
        assert f"{counted(number)} 개를" == read_out(f"{number}개를", "ko")


def test_every_number_in_english() -> None:
    """0 to 10,000 are read as the rule has it: alone, with commas, and with a unit of one and of more."""
    for number in ALL:
        assert cardinal(number) == read_out(f"{number}", "en")
        assert cardinal(number) == read_out(f"{number:,}", "en")
        assert f"level {cardinal(number)}." == read_out(f"level {number}.", "en")
        thing = "part" if number == 1 else "parts"
        assert f"{cardinal(number)} {thing} per million" == read_out(
            f"{number} ppm", "en"
        )


@given(st.integers(0, 99_999), st.text("0123456789", min_size=1, max_size=4))
def test_decimals(whole: int, part: str) -> None:
    """What follows the point is read digit by digit, also before what counts things."""
    korean = "".join("영일이삼사오육칠팔구"[int(digit)] for digit in part)
    english_ = " ".join(ENGLISH[int(digit)] for digit in part)
    assert f"{sino(whole)} 점 {korean}" == read_out(f"{whole}.{part}", "ko")
    assert f"{sino(whole)} 점 {korean} 시간" == read_out(f"{whole}.{part}시간", "ko")
    assert f"{cardinal(whole)} point {english_}" == read_out(f"{whole:,}.{part}", "en")


@given(st.integers(1, 99_999))
def test_signs(number: int) -> None:
    """Below zero is 영하 of degrees and 마이너스 of all else; the sign has several shapes."""
    for minus in "-−\u2013":
        assert f"영하 {sino(number)} 도" == read_out(f"{minus}{number}도", "ko")
        assert f"영하 {sino(number)} 도" == read_out(f"{minus}{number}℃", "ko")
        assert f"마이너스 {sino(number)}" == read_out(f"{minus}{number}", "ko")
        assert f"minus {cardinal(number)}" == read_out(f"{minus}{number}", "en")
    assert f"플러스 {sino(number)}" == read_out(f"+{number}", "ko")
    assert f"plus {cardinal(number)}" == read_out(f"+{number}", "en")


@given(st.integers(10**15, 10**40))
def test_long_rows_of_digits(number: int) -> None:
    """What no one would read as a number is read digit by digit, or as a number: never as digits."""
    for language in LANGUAGES:
        assert not any(char.isdigit() for char in read_out(f"{number}", language))


MINUTES = list(product(range(24), range(60)))


def minute_ko(minute: int) -> str:
    """Read the minutes of a clock time, if there are any."""
    return f" {sino(minute)} 분" if minute else ""


def minute_en(minute: int) -> str:
    """Read the minutes of a clock time, if there are any."""
    return f" {'oh ' if minute < 10 else ''}{cardinal(minute)}" if minute else ""


def test_every_clock_time_in_korean() -> None:
    """All 1440 minutes, as a 24-hour clock, a 12-hour clock and an answer write them."""
    for hour, minute in MINUTES:
        tail = minute_ko(minute)
        whole_day = native(hour) if 0 < hour <= 12 else sino(hour)
        half_day = native(hour % 12 or 12)
        assert f"{whole_day} 시{tail}에" == read_out(f"{hour:02}:{minute:02}에", "ko")
        assert f"{whole_day} 시{tail}" == read_out(f"{hour}:{minute:02}", "ko")
        half = "AM" if hour < 12 else "PM"
        word = "오전" if hour < 12 else "오후"
        written = f"{hour % 12 or 12}:{minute:02} {half}"
        assert f"{word} {half_day} 시{tail}" == read_out(written, "ko")
        answer = numerals.clock_time(hour, minute)
        part = answer.split(" ")[0]
        assert f"{part} {half_day} 시{tail}에" == read_out(f"{answer}에", "ko")


def test_every_clock_time_in_english() -> None:
    """All 1440 minutes, as a 24-hour clock, a 12-hour clock and an answer write them."""
    for hour, minute in MINUTES:
        half = "a.m." if hour < 12 else "p.m."
        shown = f"{ENGLISH[hour % 12 or 12]}{minute_en(minute)}"
        for mark in ("AM", "am", "a.m.") if hour < 12 else ("PM", "pm", "p.m."):
            written = f"{hour % 12 or 12}:{minute:02} {mark}"
            assert f"{shown} {half}" == read_out(written, "en")
        doubtful = 10 <= hour <= 12
        full = " o'clock" if not minute else ""
        said = f"{shown}{full}" if doubtful else f"{shown} {half}"
        assert f"at {said}" == read_out(f"at {hour:02}:{minute:02}", "en")
        if 0 < hour < 10:
            assert f"{shown}{full}" == read_out(f"{hour}:{minute:02}", "en")
        answer = english.clock_time(hour, minute)
        named = {"noon": "noon", "midnight": "midnight"}.get(answer, f"{shown} {half}")
        assert named == read_out(answer, "en")


@pytest.mark.parametrize("time", ["24:00", "25:10", "7:60", "99:99"])
def test_no_clock_time(time: str) -> None:
    """What no clock shows is read as numbers."""
    for language in LANGUAGES:
        assert not re.search(r"\d|[시분]|o'clock|m\.", read_out(time, language))


def test_every_span_in_answers() -> None:
    """Hours are native and minutes Sino-Korean in every span that an answer tells, of up to three days."""
    for minutes in range(1, 3 * 24 * 60 + 1):
        written = numerals.duration(minutes)
        said = written
        for found in re.finditer(r"(\d+)(일|시간|분)", written):
            read = counted if found[2] == "시간" else sino
            said = said.replace(found[0], f"{read(int(found[1]))} {found[2]}")
        assert said == read_out(written, "ko")
        parts = re.findall(r"(\d+) (\w+)", english.duration(minutes))
        words = " ".join(f"{cardinal(int(n))} {unit}" for n, unit in parts)
        assert words == read_out(english.duration(minutes), "en")
