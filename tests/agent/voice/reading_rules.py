"""
How numbers are read, written once more for the tests: these rules share nothing with the reader.

Strategy: a number is spelled digit by digit, and what has no rule is listed.
"""

from __future__ import annotations

NATIVE_ONES = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"]
NATIVE_TENS = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"]
ENGLISH = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
ENGLISH_TENS = [
    "-",
    "-",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
]


def sino(number: int) -> str:
    """Read 0 to 99,999 digit by digit: 일 is said before no place but 만's."""
    if number == 0:
        return "영"
    if number >= 10_000:
        tens = "" if number < 20_000 else sino(number // 10_000)
        rest = f" {sino(number % 10_000)}" if number % 10_000 else ""
        return f"{tens}만{rest}"
    words = ""
    for digit, place in zip(f"{number:04}", ("천", "백", "십", ""), strict=True):
        if digit != "0":
            said = "영일이삼사오육칠팔구"[int(digit)]
            words += (place or said) if digit == "1" else said + place
    return words


def native(number: int) -> str:
    """Read 1 to 99 as before a counter."""
    if number == 20:
        return "스무"
    return NATIVE_TENS[number // 10] + NATIVE_ONES[number % 10]


def counted(number: int, most: int = 99) -> str:
    """Read a number before a counter that wants native ones up to `most`."""
    if 0 < number <= most:
        return native(number)
    if most < 99 or number % 100 == 0:
        return sino(number)
    head = sino(number - number % 100)
    return f"{head}{' ' if head.endswith('만') else ''}{native(number % 100)}"


def cardinal(number: int) -> str:
    """Read 0 to 99,999 in English."""
    if number >= 1000:
        rest = f" {cardinal(number % 1000)}" if number % 1000 else ""
        return f"{cardinal(number // 1000)} thousand{rest}"
    if number >= 100:
        rest = f" {cardinal(number % 100)}" if number % 100 else ""
        return f"{ENGLISH[number // 100]} hundred{rest}"
    if number < 20:
        return ENGLISH[number]
    tail = f"-{ENGLISH[number % 10]}" if number % 10 else ""
    return ENGLISH_TENS[number // 10] + tail
