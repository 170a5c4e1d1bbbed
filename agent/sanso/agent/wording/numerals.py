"""Korean numbers in words, clock times and durations.

Strategy: numbers are written in digits in a reply and read in two ways, native before
some counters and Sino-Korean else. Pure functions.
"""

from __future__ import annotations

from typing import Final

READINGS: Final[dict[str, str]] = {
    "%": "퍼센트",
    "℃": "도",
    "°C": "도",
    "°": "도",
    "ppm": "피피엠",
    "ppb": "피피비",
    "㎍/㎥": "마이크로그램",
    "µg/m³": "마이크로그램",
    "dB": "데시벨",
    "W": "와트",
    "kWh": "킬로와트시",
    "m": "미터",
    "cm": "센티미터",
    "km": "킬로미터",
    "g": "그램",
    "kg": "킬로그램",
}
"""How a unit after a number is read."""


_DIGITS: Final = "영일이삼사오육칠팔구"
_PLACES: Final = ("", "십", "백", "천")
_GROUPS: Final = ("", "만", "억", "조")
_LONGEST: Final = 4 * len(_GROUPS)
_SINO_LIMIT: Final = 10**_LONGEST

_NATIVE_ONES: Final = (
    "",
    "하나",
    "둘",
    "셋",
    "넷",
    "다섯",
    "여섯",
    "일곱",
    "여덟",
    "아홉",
)
_NATIVE_TENS: Final = (
    "",
    "열",
    "스물",
    "서른",
    "마흔",
    "쉰",
    "예순",
    "일흔",
    "여든",
    "아흔",
)
_BEFORE_COUNTER: Final = {
    "하나": "한",
    "둘": "두",
    "셋": "세",
    "넷": "네",
    "스물": "스무",
}
_NATIVE_LIMIT: Final = 100
_CLOCK_HOURS: Final = 12
_HOURS_BEFORE_DAYS: Final = 48

NATIVE_COUNTERS: Final = frozenset({"시", "시간", "개", "명", "번", "가지"})
"""Counters that take native numbers; all others take Sino-Korean ones."""


def sino(number: int) -> str:
    """Return a whole number in Sino-Korean words: 42 is 사십이, 10000 is 만.

    Raises:
        ValueError: the number has more than 16 digits.

    """
    if abs(number) >= _SINO_LIMIT:
        raise ValueError(f"{number} has more than 16 digits")
    if number < 0:
        return f"마이너스 {sino(-number)}"
    if number == 0:
        return _DIGITS[0]
    groups: list[str] = []
    for power, group in enumerate(_GROUPS):
        value = number // 10 ** (4 * power) % 10_000
        if value:
            bare = value == 1 and group == "만"  # 만, not 일만; but 일억
            groups.append(("" if bare else _sino_group(value)) + group)
    return " ".join(reversed(groups))


def _sino_group(value: int) -> str:
    text = ""
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit:
            shown = "" if digit == 1 and power else _DIGITS[digit]
            text += shown + _PLACES[power]
    return text


def native(number: int, *, counted: bool = False) -> str:
    """Return 1 to 99 in native words: 21 is 스물하나, before a counter 스물한.

    Raises:
        ValueError: there is no native word for the number.

    """
    if not 0 < number < _NATIVE_LIMIT:
        raise ValueError(f"{number} has no native word; 1 to 99 have")
    tens, ones = _NATIVE_TENS[number // 10], _NATIVE_ONES[number % 10]
    if not counted:
        return tens + ones
    if not ones:
        return _BEFORE_COUNTER.get(tens, tens)
    return tens + _BEFORE_COUNTER.get(ones, ones)


def count(number: int, counter: str) -> str:
    """Return a counted thing in words: 3 and 시 are 세 시, 30 and 분 are 삼십 분."""
    limit = _CLOCK_HOURS + 1 if counter == "시" else _NATIVE_LIMIT
    if counter in NATIVE_COUNTERS and 0 < number < limit:
        return f"{native(number, counted=True)} {counter}"
    return f"{sino(number)} {counter}"


_DAY_PARTS: Final = (
    (0, "밤"),
    (1, "새벽"),
    (6, "오전"),
    (12, "낮"),
    (13, "오후"),
    (18, "저녁"),
    (21, "밤"),
)
"""The hour from which each word is said; together they tell all 24 hours apart."""


def clock_time(hour: int, minute: int) -> str:
    """Return a time of day: (15, 30) is 오후 3시 30분, (0, 0) is 밤 12시."""
    part = next(word for start, word in reversed(_DAY_PARTS) if hour >= start)
    text = f"{part} {hour % _CLOCK_HOURS or _CLOCK_HOURS}시"
    return f"{text} {minute}분" if minute else text


def duration(minutes: int) -> str:
    """Return a span: 90 is 1시간 30분; from two days on, 3000 is 2일 2시간."""
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24) if hours >= _HOURS_BEFORE_DAYS else (0, hours)
    parts = [f"{days}일"] * bool(days) + [f"{hours}시간"] * bool(hours)
    parts += [f"{rest}분"] * bool(rest or not parts)
    return " ".join(parts)


def read_number(whole: str, part: str | None = None) -> str:
    """Return how digits are read: with commas in `whole`, a point before `part`."""
    text = whole.replace(",", "")
    # a longer row of digits is read one by one, as is what follows the point
    short = len(text.lstrip("0")) <= _LONGEST
    read = sino(int(text)) if short else _one_by_one(text)
    return f"{read} 점 {_one_by_one(part[1:])}" if part else read


def _one_by_one(digits: str) -> str:
    return "".join(_DIGITS[int(digit)] for digit in digits)
