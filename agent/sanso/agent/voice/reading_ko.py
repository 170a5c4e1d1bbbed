"""
Korean reading: every number, unit and sign of a text in Hangul.

Strategy: one table of steps, tried in order on the whole text; a step takes what is written and gives what is said. A number is native before
the counters that want it (세 시, 스무 번) and Sino-Korean elsewhere (삼 단, 삼십 분); what a unit says before the number (세제곱미터당, 영하)
comes first, so that a particle behind the unit still fits. Latin words stay: voices read them as English.
"""

from __future__ import annotations

import re
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final

from sanso.agent.wording.numerals import native, read_number, sino

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
    from collections.abc import Mapping, Sequence

    from .reading_parts import Step

UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "%": ("", "퍼센트"),
    "%p": ("", "퍼센트포인트"),
    "°C": ("", "도"),
    "°F": ("화씨 ", "도"),
    "°": ("", "도"),
    "ppm": ("", "피피엠"),
    "ppb": ("", "피피비"),
    "μg/m3": ("세제곱미터당 ", "마이크로그램"),
    "ug/m3": ("세제곱미터당 ", "마이크로그램"),
    "mg/m3": ("세제곱미터당 ", "밀리그램"),
    "m3/h": ("시간당 ", "세제곱미터"),
    "μg": ("", "마이크로그램"),
    "mg": ("", "밀리그램"),
    "kg": ("", "킬로그램"),
    "g": ("", "그램"),
    "m3": ("", "세제곱미터"),
    "m2": ("", "제곱미터"),
    "km": ("", "킬로미터"),
    "cm": ("", "센티미터"),
    "mm": ("", "밀리미터"),
    "μm": ("", "마이크로미터"),
    "m": ("", "미터"),
    "L": ("", "리터"),
    "mL": ("", "밀리리터"),
    "ml": ("", "밀리리터"),
    "dB": ("", "데시벨"),
    "Hz": ("", "헤르츠"),
    "kWh": ("", "킬로와트시"),
    "Wh": ("", "와트시"),
    "kW": ("", "킬로와트"),
    "W": ("", "와트"),
    "V": ("", "볼트"),
    "rpm": ("", "알피엠"),
    "hPa": ("", "헥토파스칼"),
    "h": ("", "시간"),
    "min": ("", "분"),
    "ms": ("", "밀리초"),
    "s": ("", "초"),
}
"""What is said before the number and behind it. The keys are as `cleaned` leaves them."""

NATIVE: Final[Mapping[str, int]] = {
    "시": 12,
    "배": 19,
    **dict.fromkeys(
        ("시간", "개", "번", "번째", "가지", "명", "사람", "살", "마리"), 99
    ),
    **dict.fromkeys(("대", "달", "군데", "곳", "줄", "잔", "장", "켤레"), 99),
}
"""Counters with native numbers, and up to which: fifteen hours of the clock are 십오 시."""
SINO: Final = (
    *(
        "단",
        "단계",
        "도",
        "분",
        "초",
        "일",
        "주",
        "주일",
        "월",
        "개월",
        "년",
        "세",
        "원",
    ),
    *("퍼센트", "데시벨", "피피엠", "피피비", "마이크로그램", "밀리그램", "그램"),
    *("와트", "미터", "센티미터", "리터", "평", "회", "층", "호", "점", "차", "위"),
)
"""Counters that stand apart from a Sino-Korean number. Other Hangul stays joined to it: particles, 만, 억."""

_MONTHS: Final = {6: "유월", 10: "시월"}
_HUNDRED: Final = 100
_NATIVE_DIGITS: Final = 12
"""Longer rows of digits are no count of things."""
_ADJACENT: Final = (
    *("한두", "두세", "서너", "네다섯"),
    *("대여섯", "예닐곱", "일고여덟", "여덟아홉"),
)
"""One or two, two or three, and so on: as they are said before a native counter."""
_LETTER_NAMES: Final = (
    *("에이", "비", "씨", "디", "이", "에프", "지", "에이치", "아이", "제이", "케이"),
    *("엘", "엠", "엔", "오", "피", "큐", "알", "에스", "티", "유", "브이"),
    *("더블유", "엑스", "와이", "제트"),
)
_LETTERS: Final = dict(zip(ascii_uppercase, _LETTER_NAMES, strict=True))
_WORDS: Final = {"CO2": "씨오투", "HEPA": "헤파", "OK": "오케이", "Wi-Fi": "와이파이"}
_SIGNS: Final = {
    "%": "퍼센트",
    "°C": "도",
    "°": "도",
    "&": "앤드",
    "+": "플러스",
    "=": "이퀄",
}

_TAIL: Final = (
    r"(?=$|[^가-힣]|(?:은|는|이|가|을|를|과|와|의|에|으로|로|도|만|까지|부터|보다"
    r"|마다|씩|쯤|간|째|뒤|후|전|경|정도|동안|이상|이하|미만|초과|밖에|예요|남짓))"
)
"""What may follow a counter that a blank divides from its number: 12 초미세먼지 has no counter 초."""


def _longest_first(names: Sequence[str] | Mapping[str, object]) -> str:
    return "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))


_COUNTER: Final = rf"(?:{_longest_first([*NATIVE, *SINO])})(?!(?<=대) ?\d)"
_AMOUNT: Final = (
    rf"(?: ?(?P<unit>{_longest_first(UNITS)})(?![A-Za-z0-9])"
    rf"|(?P<close>{_COUNTER})| (?P<apart>{_COUNTER}){_TAIL})?"
)
_SIGN: Final = r"(?:(?<![^\s(~])(?P<sign>[-+]|\+/-|±))?"


def read_korean(text: str) -> str:
    """Return a cleaned text with all its numbers and signs in words."""
    return named(stepped(text, _STEPS), "점")


def _padded(found: re.Match[str], words: str) -> str:
    """Set the words apart from what they would run into: 레벨3 is 레벨 삼, 제3 is 제삼."""
    before = found.string[: found.start()][-1:]
    behind = found.string[found.end() :][:1]
    head = " " if before.isalpha() and before != "제" else ""
    tail = " " if behind.isascii() and behind.isalpha() else ""
    return f"{head}{words}{tail}"


def _sino(number: str) -> str:
    whole, point, part = number.replace(",", "").partition(".")
    return read_number(whole.lstrip("0") or "0", point + part if point else None)


def _counted(number: str, counter: str) -> str:
    """Put a number into words as it is said before a counter."""
    digits, most = number.replace(",", ""), NATIVE.get(counter, 0)
    if "." in digits or len(digits) > _NATIVE_DIGITS:
        return _sino(number)
    value = int(digits)
    rest = value % _HUNDRED
    if counter == "번째" and value == 1:
        return "첫"
    if 0 < value <= most:
        return native(value, counted=True)
    if most < _HUNDRED - 1 or not rest or value < _HUNDRED:
        return _sino(number)
    gap = " " * ((value - rest) % 10_000 == 0)  # 만 한 개, but 백한 개
    return sino(value - rest) + gap + native(rest, counted=True)


def _signed(sign: str | None, unit: str) -> str:
    if sign == "-":
        return "영하 " if unit == "도" else "마이너스 "
    return {"+": "플러스 ", "±": "플러스마이너스 ", "+/-": "플러스마이너스 "}.get(
        sign or "", ""
    )


def _quantity(found: re.Match[str]) -> str:
    unit = found["unit"] or ""
    counter = found["close"] or found["apart"] or ""
    before, behind = UNITS.get(unit, ("", counter))
    number = _counted(found["number"], counter or behind)
    words = f"{before}{_signed(found['sign'], behind)}{number}"
    return _padded(found, f"{words} {behind}" if behind else words)


def _range(found: re.Match[str]) -> str:
    unit = found["unit"] or ""
    counter = found["close"] or found["apart"] or ""
    low, high = found["low"], found["high"]
    before, behind = UNITS.get(unit, ("", counter))
    first, second = _counted(low, counter), _counted(high, counter)
    near = low in tuple("12345678") and high == str(int(low) + 1)
    if near and NATIVE.get(counter, 0) == _HUNDRED - 1:
        return _padded(found, f"{_ADJACENT[int(low) - 1]} {behind}")
    if counter in NATIVE:  # 두 시에서 네 시: a native number never stands alone
        return _padded(found, f"{first} {behind}에서 {second} {behind}")
    words = f"{before}{_signed(found['sign'], behind)}{first}에서 {second}"
    return _padded(found, f"{words} {behind}" if behind else words)


def _clock(found: re.Match[str]) -> str:
    half = (found["half"] or "").lower()
    part = {"a": "오전 ", "p": "오후 "}.get(half[:1], "")
    words = [f"{part}{_counted(str(int(found['hour'])), '시')} 시"]
    for name, counter in (("minute", "분"), ("second", "초")):
        if int(found[name] or 0):
            words.append(f"{sino(int(found[name]))} {counter}")
    return _padded(found, " ".join(words))


def _date(found: re.Match[str]) -> str:
    year, month, day = (int(found[name]) for name in ("year", "month", "day"))
    return _padded(found, f"{sino(year)} 년 {_month(month)} {sino(day)} 일")


def _month(month: int) -> str:
    return _MONTHS.get(month, f"{sino(month)} 월")


def _spelled(found: re.Match[str]) -> str:
    return _padded(found, "".join(_LETTERS[letter] for letter in found.group()))


_STEPS: Final[tuple[Step, ...]] = (
    # an aside is not read: the particle behind it belongs to the word before it
    (re.compile(r"(?<=[^\s(])\([^()]*\)"), lambda _: ""),
    (SPAN_OF_CLOCKS, lambda _: "부터 "),
    (re.compile(rf"{CLOCK}(?: ?(?P<half>[AaPp]\.?[Mm])\b\.?)?"), _clock),
    (re.compile(DATE), _date),
    (DOTTED, lambda m: _padded(m, " 점 ".join(map(_sino, m.group().split("."))))),
    (
        re.compile(rf"(?<![A-Za-z])(?:{_longest_first(_WORDS)})(?![A-Za-z0-9])"),
        lambda m: _padded(m, _WORDS[m.group()]),
    ),
    (
        re.compile(r"(?<!\d)(?P<month>0?[1-9]|1[0-2])월"),
        lambda m: _padded(m, _month(int(m["month"]))),
    ),
    (
        re.compile(
            rf"(?<![\d~-]){_SIGN}(?P<low>{NUMBER})(?:%|°C|°)? ?[~-] ?(?P<high>{NUMBER})"
            rf"(?![~-]?\d){_AMOUNT}"
        ),
        _range,
    ),
    (
        re.compile(r"(?<![\d/])(?P<part>\d{1,6})/(?P<whole>\d{1,6})(?![\d/])"),
        lambda m: _padded(m, f"{_sino(m['whole'])} 분의 {_sino(m['part'])}"),
    ),
    (
        re.compile(
            rf"(?<![A-Za-z0-9])x ?(?P<number>{NUMBER})|(?<!\d)(?P<times>{NUMBER})x\b"
        ),
        lambda m: _padded(m, f"{_counted(m['number'] or m['times'], '배')} 배"),
    ),
    (re.compile(rf"{_SIGN}(?P<number>{NUMBER}){_AMOUNT}"), _quantity),
    (re.compile(r"(?<=[^\s~])~(?=[^\s~.,!?])"), lambda _: "에서 "),
    (re.compile(r"(?<![A-Za-z])[A-Z]{1,5}(?![A-Za-z])"), _spelled),
    (
        re.compile(_longest_first(_SIGNS)),
        lambda m: f" {_SIGNS[m.group()]} ",
    ),
)
