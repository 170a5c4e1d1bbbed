"""
English reading: every number, unit and sign of a text in words.

Strategy: as in Korean, one table of steps, tried in order on the whole text. Letters that are read one by one get their dots (P.M., a.m.):
a bare "a" would be read as the article. Words of another script stay: voices change the language for them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .reading_parts import (
    CLOCK,
    DATE,
    DOTTED,
    NUMBER,
    SPAN_OF_CLOCKS,
    named,
    stepped,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .reading_parts import Step

UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "%": ("percent", "percent"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "ppm": ("part per million", "parts per million"),
    "ppb": ("part per billion", "parts per billion"),
    "μg/m3": ("microgram per cubic metre", "micrograms per cubic metre"),
    "ug/m3": ("microgram per cubic metre", "micrograms per cubic metre"),
    "mg/m3": ("milligram per cubic metre", "milligrams per cubic metre"),
    "m3/h": ("cubic metre per hour", "cubic metres per hour"),
    "μg": ("microgram", "micrograms"),
    "mg": ("milligram", "milligrams"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "m3": ("cubic metre", "cubic metres"),
    "m2": ("square metre", "square metres"),
    "km": ("kilometre", "kilometres"),
    "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"),
    "μm": ("micrometre", "micrometres"),
    "m": ("metre", "metres"),
    "L": ("litre", "litres"),
    "mL": ("millilitre", "millilitres"),
    "ml": ("millilitre", "millilitres"),
    "dB": ("decibel", "decibels"),
    "Hz": ("hertz", "hertz"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "Wh": ("watt hour", "watt hours"),
    "kW": ("kilowatt", "kilowatts"),
    "W": ("watt", "watts"),
    "V": ("volt", "volts"),
    "rpm": ("turn per minute", "turns per minute"),
    "hPa": ("hectopascal", "hectopascals"),
    "h": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "ms": ("millisecond", "milliseconds"),
    "s": ("second", "seconds"),
}
"""Of one, and of more. The keys are as `cleaned` leaves them."""

_ONES: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
_TENS: Final = (
    *("", "", "twenty", "thirty", "forty", "fifty"),
    *("sixty", "seventy", "eighty", "ninety"),
)
_SCALES: Final = ("", " thousand", " million", " billion", " trillion")
_GROUP: Final = 3
_MOST_DIGITS: Final = _GROUP * len(_SCALES)
_TWENTY: Final = 20
_HUNDRED: Final = 100
_NOON: Final = 12
_TEN: Final = 10
_ORDINALS: Final = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_PARTS: Final = {2: ("half", "halves"), 4: ("quarter", "quarters")}
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_SPELLED: Final = (
    *("AI", "CADR", "CO", "EPA", "LED", "TVOC", "UK", "US", "USB", "UV", "VOC", "WHO"),
)
"""Read letter by letter although they have vowels; those without are always spelled."""
_SIGNS: Final = {
    "%": "percent",
    "°C": "degrees Celsius",
    "°": "degrees",
    "&": "and",
    "+": "plus",
    "=": "equals",
}


def _longest_first(names: Mapping[str, object]) -> str:
    return "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))


_UNIT: Final = rf"(?: ?(?P<unit>{_longest_first(UNITS)})(?![A-Za-z0-9]))?"
_SIGN: Final = r"(?:(?<![^\s(~])(?P<sign>[-+]|\+/-|±))?"
_SIGN_WORDS: Final = {
    "-": "minus ",
    "+": "plus ",
    "±": "plus or minus ",
    "+/-": "plus or minus ",
}


def read_english(text: str) -> str:
    """Return a cleaned text with all its numbers and signs in words."""
    return named(stepped(text, _STEPS), "dot")


def cardinal(number: int) -> str:
    """
    Return a whole number in words: 1234 is one thousand two hundred thirty-four.

    Raises:
        ValueError: it is negative, or has more than 15 digits.
    """
    if not 0 <= number < 10**_MOST_DIGITS:
        raise ValueError(f"{number} is below zero or has more than 15 digits")
    groups = []
    for power, scale in enumerate(_SCALES):
        group = number // 1000**power % 1000
        if group:
            groups.append(_below_thousand(group) + scale)
    return " ".join(reversed(groups)) or _ONES[0]


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, _HUNDRED)
    words = [f"{_ONES[hundreds]} hundred"] * bool(hundreds)
    if 0 < rest < _TWENTY:
        words.append(_ONES[rest])
    elif rest:
        tens, ones = divmod(rest, _TEN)
        words.append(_TENS[tens] + (f"-{_ONES[ones]}" if ones else ""))
    return " ".join(words)


def ordinal(number: int) -> str:
    """Return a rank in words: 21 is twenty-first. Raises ValueError as `cardinal`."""
    head, last = re.fullmatch(r"(.*?)(\w+)", cardinal(number)).groups()  # type: ignore[union-attr]
    regular = (last.removesuffix("y") + "ie" if last.endswith("y") else last) + "th"
    return head + _ORDINALS.get(last, regular)


def _year(year: int) -> str:
    """2026 is twenty twenty-six, 2005 two thousand five, 1905 nineteen oh five."""
    century, rest = divmod(year, _HUNDRED)
    if rest < _TEN and century % _TEN == 0:
        return cardinal(year)
    tail = "hundred" if not rest else _two_digits(rest)
    return f"{cardinal(century)} {tail}"


def _two_digits(number: int) -> str:
    return f"oh {cardinal(number)}" if number < _TEN else cardinal(number)


def _one_by_one(digits: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in digits)


def _number(text: str) -> str:
    whole, _, part = text.replace(",", "").partition(".")
    whole = whole.lstrip("0") or "0"
    short = len(whole) <= _MOST_DIGITS
    read = cardinal(int(whole)) if short else _one_by_one(whole)
    return f"{read} point {_one_by_one(part)}" if part else read


def _padded(found: re.Match[str], words: str) -> str:
    """Set the words apart from letters that they would run into."""
    before = found.string[: found.start()][-1:]
    behind = found.string[found.end() :][:1]
    return " " * before.isalpha() + words + " " * behind.isalpha()


def _of_unit(number: str, unit: str | None) -> str:
    return UNITS[unit][number != "1"] if unit else ""


def _quantity(found: re.Match[str]) -> str:
    number = found["number"]
    sign = _SIGN_WORDS.get(found["sign"] or "", "")
    words = f"{sign}{_number(number)} {_of_unit(number, found['unit'])}"
    return _padded(found, words.strip())


def _range(found: re.Match[str]) -> str:
    sign = _SIGN_WORDS.get(found["sign"] or "", "")
    unit = _of_unit(found["high"], found["unit"])
    words = f"{sign}{_number(found['low'])} to {_number(found['high'])} {unit}"
    return _padded(found, words.strip())


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found["hour"]), int(found["minute"])
    half = (found["half"] or "")[:1].lower()
    if not half and (len(found["hour"]) > 1 and not _TEN <= hour <= _NOON):
        half = "a" if hour < _NOON else "p"  # 03:30 and 15:30 leave no doubt
    shown = cardinal(hour % _NOON or _NOON)
    if minute:
        shown += f" {_two_digits(minute)}"
    elif not half:
        shown += " o'clock"
    if second := int(found["second"] or 0):
        shown += f" and {cardinal(second)} {_of_unit(str(second), 's')}"
    return _padded(found, f"{shown} {half}.m." if half else shown)


def _hour(found: re.Match[str]) -> str:
    return _padded(found, f"{_number(found['number'])} {found['half'].lower()}.m.")


def _date(found: re.Match[str]) -> str:
    month, day = _MONTHS[int(found["month"]) - 1], ordinal(int(found["day"]))
    return _padded(found, f"{month} {day}, {_year(int(found['year']))}")


def _fraction(found: re.Match[str]) -> str:
    part, whole = int(found["part"]), int(found["whole"])
    if not 0 < part < whole < _HUNDRED:
        return _padded(found, f"{_number(found['part'])} {_number(found['whole'])}")
    one = ordinal(whole)
    words = _PARTS.get(whole, (one, f"{one}s"))
    return _padded(found, f"{cardinal(part)} {words[part > 1]}")


def _letters(found: re.Match[str]) -> str:
    word = found.group()
    if word not in _SPELLED and any(letter in "AEIOU" for letter in word):
        return word
    return "".join(f"{letter}." for letter in word) + _padded(found, "")


_STEPS: Final[tuple[Step, ...]] = (
    (SPAN_OF_CLOCKS, lambda _: " to "),
    (re.compile(rf"{CLOCK}(?: ?(?P<half>[AaPp])\.?[Mm]\b\.?)?"), _clock),
    (re.compile(r"(?<![\d.])(?P<number>\d{1,2}) ?(?P<half>[AaPp])\.?[Mm]\b\.?"), _hour),
    (re.compile(DATE), _date),
    (DOTTED, lambda m: _padded(m, " dot ".join(map(_number, m.group().split("."))))),
    (
        re.compile(r"(?<![\d.])(?P<number>\d{1,15})(?:st|nd|rd|th)\b"),
        lambda m: _padded(m, ordinal(int(m["number"]))),
    ),
    (
        re.compile(
            rf"(?<![\d~-]){_SIGN}(?P<low>{NUMBER})(?:%|°C|°)? ?[~-] ?(?P<high>{NUMBER})"
            rf"(?![~-]?\d){_UNIT}"
        ),
        _range,
    ),
    (
        re.compile(r"(?<![\d/.])(?P<part>\d{1,6})/(?P<whole>\d{1,6})(?![\d/])"),
        _fraction,
    ),
    (
        re.compile(
            rf"(?<![A-Za-z0-9])x ?(?P<number>{NUMBER})|(?<!\d)(?P<times>{NUMBER})x\b"
        ),
        lambda m: _padded(
            m,
            f"times {_number(m['number'])}"
            if m["number"]
            else f"{_number(m['times'])} times",
        ),
    ),
    (re.compile(rf"{_SIGN}(?P<number>{NUMBER}){_UNIT}"), _quantity),
    (re.compile(r"(?<![A-Za-z])[A-Z]{2,5}(?![A-Za-z])"), _letters),
    (re.compile(_longest_first(_SIGNS)), lambda m: f" {_SIGNS[m.group()]} "),
)
