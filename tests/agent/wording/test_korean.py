from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.wording import attach, english
from sanso.agent.wording.korean import PARTICLES, Particle, Sound, Word, choose, ending
from sanso.agent.wording.numerals import (
    clock_time,
    count,
    duration,
    native,
    read_number,
    sino,
)

syllables = st.integers(0xAC00, 0xD7A3).map(chr)
particles = st.sampled_from(PARTICLES)


@pytest.mark.parametrize(
    ("text", "particle", "expected"),
    [
        ("3단", "으로/로", "3단으로"),
        ("자동 모드", "으로/로", "자동 모드로"),
        ("레벨", "으로/로", "레벨로"),
        ("1", "으로/로", "1로"),
        ("7", "이에요/예요", "7이에요"),
        ("42", "이에요/예요", "42예요"),
        ("60", "으로/로", "60으로"),
        ("100", "을/를", "100을"),
        ("10000", "이/가", "10000이"),
        ("1,000,000,000,000", "이/가", "1,000,000,000,000가"),
        ("0", "은/는", "0은"),
        ("2.5", "은/는", "2.5는"),
        ("23.0", "은/는", "23.0은"),
        ("45%", "은/는", "45%는"),
        ("850ppm", "으로/로", "850ppm으로"),
        ("300 ppb", "으로/로", "300 ppb로"),
        ("24℃", "이에요/예요", "24℃예요"),
        ("35㎍/㎥", "을/를", "35㎍/㎥을"),
        ("54dB", "으로/로", "54dB로"),
        ("PM2.5", "은/는", "PM2.5는"),
        ("PM10", "은/는", "PM10은"),
        ("LED", "을/를", "LED를"),
        ("UV", "이/가", "UV가"),
        ("XL", "으로/로", "XL로"),
        ("CCTV M", "은/는", "CCTV M은"),
        ("level", "으로/로", "level로"),
        ("time", "을/를", "time을"),
        ("Sanso", "은/는", "Sanso는"),
        ("pet", "이에요/예요", "pet이에요"),
        ("물", "과/와", "물과"),
        ("새것(100%)", "으로/로", "새것(100%)으로"),
        ("'터보'", "을/를", "'터보'를"),
        ("ㅋㅋ", "은/는", "ㅋㅋ은"),
        ("ㄹ", "으로/로", "ㄹ로"),
        ("", "은/는", "는"),
        ("!?", "은/는", "!?는"),
    ],
)
def test_particle(text: str, particle: Particle, expected: str) -> None:
    """A particle fits how the text before it is read aloud."""
    assert expected == attach(text, particle)


@given(syllables, particles)
def test_final_decides(syllable: str, particle: Particle) -> None:
    """After a syllable the form follows from its final consonant alone, ㄹ included."""
    final = (ord(syllable) - 0xAC00) % 28
    closed, open_ = particle.split("/")
    is_open = final == 0 or (final == 8 and particle == "으로/로")
    assert (open_ if is_open else closed) == choose(syllable, particle)


@given(st.text(), syllables, particles)
def test_last_syllable_decides(head: str, syllable: str, particle: Particle) -> None:
    """What stands before the last syllable changes nothing."""
    assert choose(syllable, particle) == choose(head + syllable, particle)


@given(st.integers(0, 10**16 - 1), particles)
def test_number_is_read(number: int, particle: Particle) -> None:
    """A number takes the particle of its reading in words."""
    assert choose(sino(number), particle) == choose(str(number), particle)


@given(st.text(), particles)
def test_any_text(text: str, particle: Particle) -> None:
    """Any text gets one of the two forms, and keeps its own characters."""
    result = attach(text, particle)
    assert result.startswith(text)
    assert result[len(text) :] in particle.split("/")


@given(
    # an open bracket would make an aside, which is not read at all
    st.text(st.characters(exclude_characters="(", exclude_categories=["Cs"])),
    st.sampled_from("\"'.!?…)」 "),
)
def test_marks_are_not_read(text: str, mark: str) -> None:
    """A quote or full stop after a syllable is not heard."""
    assert ending(f"{text}단") is ending(f"{text}단{mark}") is Sound.CONSONANT


def test_word_in_a_template() -> None:
    """A template asks for a particle as a format specification, and for others too."""
    words = {"a": Word("펫 모드"), "b": Word("3단")}
    template = "{a:이/가} {b:으로/로}"
    assert template.format_map(words) == "펫 모드가 3단으로"
    assert f"{Word('3단'):>4}" == "  3단"


@given(st.integers(1, 10**16 - 1))
def test_sino_is_one_to_one(number: int) -> None:
    """The words of a number can be read back to it."""
    digits = {char: i for i, char in enumerate("영일이삼사오육칠팔구")}
    total = 0
    for group in sino(number).split(" "):
        scale = {"만": 10**4, "억": 10**8, "조": 10**12}.get(group[-1], 1)
        body = group[:-1] if scale > 1 else group
        value, digit = 0, 0
        for char in body:
            if char in digits:
                digit = digits[char]
            else:
                value += (digit or 1) * {"십": 10, "백": 100, "천": 1000}[char]
                digit = 0
        value += digit
        total += (value if body else 1) * scale
    assert number == total


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "영"),
        (10, "십"),
        (42, "사십이"),
        (111, "백십일"),
        (1000, "천"),
        (10_000, "만"),
        (12_345, "만 이천삼백사십오"),
        (100_000_000, "일억"),
        (-3, "마이너스 삼"),
    ],
)
def test_sino(number: int, words: str) -> None:
    """Numbers are written as they are read."""
    assert words == sino(number)


@pytest.mark.parametrize(
    ("number", "alone", "counted"),
    [
        (1, "하나", "한"),
        (3, "셋", "세"),
        (11, "열하나", "열한"),
        (20, "스물", "스무"),
        (21, "스물하나", "스물한"),
        (99, "아흔아홉", "아흔아홉"),
    ],
)
def test_native(number: int, alone: str, counted: str) -> None:
    """Native numbers shorten before a counter."""
    assert alone == native(number)
    assert counted == native(number, counted=True)


@pytest.mark.parametrize("number", [0, 100, -1])
def test_native_has_limits(number: int) -> None:
    """Beyond 1 to 99 there is no native word."""
    with pytest.raises(ValueError, match="native"):
        native(number)


def test_sino_has_limits() -> None:
    """A number of more than sixteen digits is refused."""
    with pytest.raises(ValueError, match="16 digits"):
        sino(10**16)


def test_long_rows_of_digits() -> None:
    """A row of digits that is too long for a number is read digit by digit."""
    assert read_number("1" * 17) == "일" * 17
    assert read_number("0" * 20 + "7") == "칠"


@pytest.mark.parametrize(
    ("number", "counter", "words"),
    [
        (3, "시", "세 시"),
        (12, "시", "열두 시"),
        (15, "시", "십오 시"),
        (24, "시간", "스물네 시간"),
        (20, "개", "스무 개"),
        (100, "개", "백 개"),
        (2, "명", "두 명"),
        (30, "분", "삼십 분"),
        (3, "단", "삼 단"),
    ],
)
def test_count(number: int, counter: str, words: str) -> None:
    """Hours, things and people are counted in native words, the rest in Sino-Korean."""
    assert words == count(number, counter)


def test_clock_times_differ() -> None:
    """Every minute of the day is said in another way."""
    said = [clock_time(hour, minute) for hour in range(24) for minute in range(60)]
    assert len(set(said)) == 24 * 60
    assert clock_time(15, 30) == "오후 3시 30분"
    assert clock_time(0, 0) == "밤 12시"
    assert clock_time(12, 5) == "낮 12시 5분"
    assert clock_time(1, 0) == "새벽 1시"


@given(st.integers(0, 100 * 60))
def test_duration_adds_up(minutes: int) -> None:
    """The days, hours and minutes that are said add up to the span, in both languages."""
    lengths = {"일": 1440, "시간": 60, "분": 1}
    parts = re.findall(r"(\d+)(\D+)", duration(minutes).replace(" ", ""))
    assert minutes == sum(int(number) * lengths[unit] for number, unit in parts)
    lengths = {"day": 1440, "hour": 60, "minute": 1}
    parts = re.findall(r"(\d+) (day|hour|minute)", english.duration(minutes))
    assert minutes == sum(int(number) * lengths[unit] for number, unit in parts)


def test_days_are_said_from_two_on() -> None:
    """A day and a half is said in hours, as a person asks for it; more in days."""
    assert duration(36 * 60) == "36시간"
    assert english.duration(36 * 60) == "36 hours"
    assert duration(53 * 60 + 30) == "2일 5시간 30분"
    assert english.duration(48 * 60) == "2 days"


def test_small_numbers_in_words() -> None:
    """A small count is a word in English, digits above nine."""
    said = [english.small_number(number) for number in (1, 9, 10)]
    assert said == ["one", "nine", "10"]
