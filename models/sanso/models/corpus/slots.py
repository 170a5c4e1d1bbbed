"""
Fill the slots of a written sentence with values, in the sentence as spoken and in the program as written.

Strategy: a value is drawn once for each slot and put in both places. A second slot of a kind (`{dur2}`, said and
taken back) gets another value than the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .numerals import english, native, sino, with_particles
from .spans import english_clock, english_duration, korean_clock, korean_duration

if TYPE_CHECKING:
    from random import Random

    from .spans import Lang, Leaning

SLOT: Final = re.compile(r"\{(level|percent|n|dur|clock|num)([23]?)\}")

_DOWN = re.compile(
    r"set_power\(state=off|mode=(?:sleep|quiet|away|eco)|set_light\(level=(?:off|dim)|"
    r"state=off"
)
_RANGES: Final = {
    "pm25": (10, 25, 15, 35, 50, 55, 75, 76, 100, 20, 30, 40, 60, 150),
    "pm10": (30, 50, 80, 81, 100, 120, 150, 40, 60, 70, 200),
    "co2": (600, 700, 800, 900, 1000, 1100, 1200, 1500, 2000, 750, 1300, 1800),
    "tvoc": (100, 150, 200, 250, 300, 400, 500, 600, 800, 1000, 220, 660),
    "humidity": (30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80),
    "temperature": (10, 15, 16, 18, 19, 20, 21, 22, 24, 25, 26, 27, 28, 30, 33, -5),
}
_USUAL_MINUTES: Final = (5, 10, 10, 15, 20, 20, 25, 30, 30, 40, 45, 50)
_USUAL_PERCENT: Final = (10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100)
_CO2_SPAN, _OTHER_SPAN = 2000, 200


@dataclass(frozen=True)
class Value:
    """One slot's value: how it is said, and how the program writes it."""

    said: str
    written: str


def fill(
    sentence: str,
    program: str,
    lang: Lang | str,
    rng: Random,
    known: dict[str, Value] | None = None,
) -> tuple[str, str]:
    """
    Put values into all slots of a sentence and its program.

    `known` carries the values from turn to turn of a dialogue: a program may name what an earlier turn said.

    Raises:
        KeyError: a slot of the program was never said.
    """
    leaning: Leaning = "down" if _DOWN.search(program) else "up"
    metrics = re.findall(r"metric=(\w+)", program)
    values: dict[str, Value] = {} if known is None else known
    here: dict[str, Value] = {}
    taken = {SLOT.sub(r"\1", name) + v.written for name, v in values.items()}
    for match in SLOT.finditer(sentence):
        name, kind = match.group(0), match.group(1)
        if name in here:
            continue
        tongue = lang if lang in ("ko", "en") else rng.choice(("ko", "en"))
        after = sentence[match.end() :]
        for _ in range(8):
            value = _draw(kind, tongue, after, leaning, metrics, rng)
            if (kind + value.written) not in taken:
                break
        taken.add(kind + value.written)
        here[name] = value
        if "tonight" in value.said and (
            "repeat=once" not in program or "tomorrow" in sentence
        ):
            plain = value.said.replace(" tonight", " in the evening")
            here[name] = Value(plain, value.written)
    values.update(here)
    said = SLOT.sub(lambda m: here[m.group(0)].said, sentence)
    written = SLOT.sub(lambda m: values[m.group(0)].written, program)
    return with_particles(said), written


def _draw(
    kind: str, lang: str, after: str, leaning: Leaning, metrics: list[str], rng: Random
) -> Value:
    if kind == "level":
        return _spoken(rng.randint(1, 10), lang, after, rng)
    if kind == "percent":
        usual = rng.random() < 0.7  # noqa: PLR2004 - most people say round numbers
        number = rng.choice(_USUAL_PERCENT) if usual else rng.randint(0, 100)
        return _spoken(number, lang, after, rng)
    if kind == "n":
        weights = (6, 8, 5, 2, 1, 1, 1, 1, 1)
        return _count(rng.choices(range(1, 10), weights)[0], lang, after, rng)
    if kind == "num":
        return _threshold(metrics[0] if metrics else "pm25", lang, after, rng)
    if kind == "dur":
        return _duration(lang, rng)
    return _clock(lang, leaning, rng)


def _spoken(number: int, lang: str, after: str, rng: Random) -> Value:
    """A bare number: digits half of the time, else a word of the language."""
    if rng.random() < 0.5:  # noqa: PLR2004
        return Value(str(number), str(number))
    if lang == "ko":
        spaced = after.startswith((" ", "%")) or rng.random() < 0.85  # noqa: PLR2004
        return Value(sino(number) + ("" if spaced else " "), str(number))
    return Value(english(number), str(number))


def _count(number: int, lang: str, after: str, rng: Random) -> Value:
    if lang != "ko":
        return Value(rng.choice((str(number), english(number))), str(number))
    if after.startswith(("칸", "단", " 단", " 칸", "번", " 번")):
        choices = [str(number), native(number), native(number)]
    else:
        choices = [str(number), sino(number), native(number)]
    said = rng.choice(choices)
    if said == native(number) and after.startswith(("칸", "단", "번")):
        said += rng.choice(("", " "))
    return Value(said, str(number))


def _threshold(metric: str, lang: str, after: str, rng: Random) -> Value:
    if rng.random() < 0.6:  # noqa: PLR2004
        number = rng.choice(_RANGES[metric])
    elif metric in ("co2", "tvoc"):
        number = rng.randrange(50, _CO2_SPAN, 10)
    elif metric in ("humidity", "temperature"):
        number = rng.randint(10, 90) if metric == "humidity" else rng.randint(-5, 38)
    else:
        number = rng.randint(5, _OTHER_SPAN)
    value = _spoken(number, lang, after, rng)
    if number < 0 and value.said == str(number) and lang == "ko":
        return Value(f"영하 {-number}", str(number))
    return value


def _duration(lang: str, rng: Random) -> Value:
    shape = rng.random()
    if shape < 0.4:  # noqa: PLR2004 - hours alone
        hours, minutes = (
            rng.choices(range(1, 13), (6, 6, 5, 3, 3, 3, 2, 3, 1, 2, 1, 2))[0],
            0,
        )
        if rng.random() < 0.05:  # noqa: PLR2004
            hours = rng.randint(13, 24)
    elif shape < 0.8:  # noqa: PLR2004 - minutes alone
        usual = rng.random() < 0.8  # noqa: PLR2004
        hours, minutes = 0, rng.choice(_USUAL_MINUTES) if usual else rng.randint(1, 59)
    else:
        hours = rng.choices((1, 2, 3, 4, 5, 6), (6, 4, 2, 1, 1, 1))[0]
        minutes = rng.choice((30, 30, 30, 30, 20, 10, 15, 40, 45, 50, 5))
    spellings = korean_duration if lang == "ko" else english_duration
    return Value(
        rng.choice(spellings(hours, minutes)), f"hours={hours}, minutes={minutes}"
    )


def _clock(lang: str, leaning: Leaning, rng: Random) -> Value:
    hour = rng.choices(
        range(24),
        (4, 2, 2, 1, 1, 2, 4, 6, 5, 4, 4, 4, 3, 3, 3, 3, 3, 4, 5, 5, 5, 6, 6, 6),
    )[0]
    minute = rng.choices(
        (0, 30, 15, 45, 10, 20, 40, 50, 5), (14, 6, 2, 2, 1, 1, 1, 1, 1)
    )[0]
    if rng.random() < 0.06:  # noqa: PLR2004
        minute = rng.randrange(60)
    spellings = korean_clock if lang == "ko" else english_clock
    return Value(
        rng.choice(spellings(hour, minute, leaning)), f"{hour:02d}:{minute:02d}"
    )
