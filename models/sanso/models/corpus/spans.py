"""
Say durations and clock times as people do, in Korean and English.

Strategy: each function lists every spelling that fits the value; the caller draws one. All spellings of one value mean
exactly that value, which a test checks by reading them back.
"""

from __future__ import annotations

from typing import Final, Literal

from .numerals import english, native, sino

Lang = Literal["ko", "en"]
Leaning = Literal["up", "down"]
"""What the timed act does: switching on leans to the morning, off and sleep to the night."""

_HALF, _HOUR, _NOON, _DAY = 30, 60, 12, 24
_MORNING: Final = 6
_EVENING: Final = 18
_NIGHT: Final = 21
_AFTERNOON_STARTS: Final = 13


def korean_duration(hours: int, minutes: int) -> list[str]:
    """Spellings of a duration in Korean."""
    if hours == 0:
        spoken = [
            f"{minutes}분",
            f"{minutes} 분",
            f"{sino(minutes)}분",
            f"{sino(minutes)} 분",
        ]
        return [*spoken, "반시간", "반 시간"] if minutes == _HALF else spoken
    whole = [f"{hours}시간", f"{hours} 시간"]
    whole += [f"{native(hours)}시간", f"{native(hours)} 시간"]
    if minutes == 0:
        return whole
    tails = [
        f" {minutes}분",
        f" {sino(minutes)}분",
        f"{minutes}분",
        f" {sino(minutes)} 분",
    ]
    if minutes == _HALF:
        tails += [" 반", "반", " 반"]
    both = [head + tail for head in whole for tail in tails]
    total = hours * _HOUR + minutes
    if hours == 1:
        both += [f"{total}분", f"{sino(total)}분"] * 3
    return both


def english_duration(hours: int, minutes: int) -> list[str]:
    """Spellings of a duration in English."""
    minute_words = [
        f"{minutes} minutes",
        f"{minutes} mins",
        f"{minutes} min",
        f"{minutes}m",
        f"{english(minutes)} minutes",
        f"{english(minutes)} min",
    ]
    if minutes == 1:
        minute_words = ["1 minute", "one minute", "a minute"]
    if hours == 0:
        extra = {
            15: ["a quarter of an hour", "quarter of an hour", "a quarter hour"],
            30: ["half an hour", "a half hour", "half hour", "half an hour"],
            45: ["three quarters of an hour"],
        }
        return minute_words + extra.get(minutes, [])
    heads = [f"{hours} hours", f"{hours} hrs", f"{hours}h", f"{english(hours)} hours"]
    if hours == 1:
        heads = ["1 hour", "one hour", "an hour", "1 hr", "1h"]
    if minutes == 0:
        return heads
    joined = [f"{h}{j}{m}" for h in heads for j in (" ", " and ") for m in minute_words]
    if minutes == _HALF:
        half = [f"{hours} and a half hours", f"{english(hours)} and a half hours"]
        half += [f"{hours}.5 hours", f"{english(hours)} hours and a half"]
        if hours == 1:
            half = ["an hour and a half", "one and a half hours", "1.5 hours"]
        joined += half * 6
    if hours == 1:
        total = hours * _HOUR + minutes
        joined += [f"{total} minutes", f"{english(total)} minutes", f"{total} min"] * 4
    return joined


def korean_clock(hour: int, minute: int, leaning: Leaning) -> list[str]:
    """Spellings of a clock time in Korean."""
    digital = _digital(hour, minute, leaning)
    special = {(0, 0): ["자정", "밤 12시", "밤 열두시", "자정", "밤 열두 시"]}
    special[_NOON, 0] = ["정오", "낮 12시", "낮 열두시", "정오", "낮 열두 시"]
    if hour == 0 and minute:
        heads = ["밤 12시", "밤 열두 시", "0시", "새벽 0시", "자정에서"]
        heads.pop()
    else:
        heads = [
            f"{part} {spelled}"
            for part in _korean_parts(hour)
            for spelled in _korean_hours(hour)
        ]
    if _bare_means(hour, leaning):
        heads += _korean_hours(hour)
    if hour >= _AFTERNOON_STARTS:
        heads += [f"{hour}시", f"{hour}시"]
    tails = [""]
    if minute == _HALF:
        tails = [" 반", "반", " 30분", " 삼십분"]
    elif minute:
        tails = [
            f" {minute}분",
            f" {sino(minute)}분",
            f"{minute}분",
            f" {sino(minute)} 분",
        ]
    times = [head + tail for head in heads for tail in tails]
    if minute == 0:
        times += [f"{head} 정각" for head in heads[:3]]
    return times + digital + special.get((hour, minute), []) * 4


def english_clock(hour: int, minute: int, leaning: Leaning) -> list[str]:
    """Spellings of a clock time in English."""
    if (hour, minute) in ((0, 0), (_NOON, 0)):
        name = "midnight" if hour == 0 else "noon"
        twelve = ["12 am", "12 a.m."] if hour == 0 else ["12 pm", "12 noon", "midday"]
        return [name, name, name, *twelve]
    number = hour % _NOON or _NOON
    half = "am" if hour < _NOON else "pm"
    halves = [f" {half}", half, f" {half[0]}.m.", f" {half.upper()}"]
    halves += _english_parts(hour)
    bare = ["", ""] if _bare_means(hour, leaning) else []
    words = english(number)
    if minute == 0:
        heads = [str(number), words, f"{number}:00"]
        times = [head + tail for head in heads for tail in halves + bare]
        times += [f"{number} o'clock{part}" for part in _english_parts(hour)]
        if bare:
            times += [f"{number} o'clock", f"{words} o'clock"]
        return times + _digital(hour, minute, leaning)
    following = number % _NOON + 1
    heads = [f"{number}:{minute:02d}"] * 2 + [f"{words} {_minute_words(minute)}"]
    if minute == _HALF:
        heads += [f"half past {words}", f"half past {number}", f"half {words}"]
    elif minute == _HOUR // 4:
        heads += [f"quarter past {words}", f"a quarter past {number}"]
    elif minute == 3 * _HOUR // 4:
        heads += [f"quarter to {english(following)}", f"a quarter to {following}"]
    elif minute < _HALF:
        heads += [f"{english(minute)} past {words}", f"{minute} past {number}"]
    else:
        left = _HOUR - minute
        heads += [f"{english(left)} to {english(following)}", f"{left} to {following}"]
    times = [head + tail for head in heads for tail in halves + bare]
    return times + _digital(hour, minute, leaning)


def _bare_means(hour: int, leaning: Leaning) -> bool:
    """Whether the hour said without a part of the day means this hour (WRITING.md)."""
    if hour == _NOON:
        return leaning == "up"
    if leaning == "down":
        return hour == 0 or _NOON < hour < _DAY
    return _MORNING <= hour < _NOON or _NOON < hour < _EVENING


def _digital(hour: int, minute: int, leaning: Leaning) -> list[str]:
    """Spellings as on a clock of 24 hours, but for those that a clock of twelve would read otherwise."""
    padded = f"{hour:02d}:{minute:02d}"
    if hour in (0, *range(_AFTERNOON_STARTS, _DAY)) or _bare_means(hour, leaning):
        return [f"{hour}:{minute:02d}", padded]
    return [padded] if padded.startswith("0") else []


def _korean_hours(hour: int) -> list[str]:
    number = hour % _NOON or _NOON
    return [
        f"{number}시",
        f"{native(number)}시",
        f"{native(number)} 시",
        f"{number} 시",
    ]


def _korean_parts(hour: int) -> list[str]:
    if hour < _MORNING:
        return ["새벽", "새벽", "오전"]
    if hour < _NOON:
        return ["오전", "아침", "아침", "오전"] if hour <= _MORNING + 4 else ["오전"]
    if hour < _EVENING:
        return ["오후", "낮", "오후"] if hour <= _EVENING - 2 else ["오후", "저녁"]
    if hour < _NIGHT:
        return ["저녁", "오후", "저녁"]
    return ["밤", "오후", "밤"]


def _english_parts(hour: int) -> list[str]:
    if hour < _NOON:
        return [" in the morning"]
    if hour < _EVENING:
        return [" in the afternoon"] if hour < _EVENING - 1 else [" in the evening"]
    if hour < _NIGHT:
        return [" in the evening", " tonight"]
    return [" at night", " tonight"]


def _minute_words(minute: int) -> str:
    return f"oh {english(minute)}" if minute < 10 else english(minute)  # noqa: PLR2004 - "oh five"
