"""Between settings and numbers on the wire: what a profile means, both ways.

Strategy: `Known` keeps what was reported, as numbers, with the moment; a `State` is made
from it when somebody asks. Nothing is assumed: what was never reported has no value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

from sanso.devices.purifier import UNITS, Fault, NoReading, Reading, State
from sanso.grammars.calls import Option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sanso.devices.datapoint import Attribute, Datapoint
    from sanso.devices.profile import Profile

Source = Literal["report", "query"]
_OPTIONS: Final = get_args(Option)
_FULL_PERCENT: Final = 100


@dataclass(frozen=True)
class Known:
    """A number that the appliance reported."""

    number: int
    at: float
    """Seconds on the session's clock."""
    source: Source = "report"
    """Whether it came by itself or was asked for."""


def attribute_of(setting: str) -> Attribute:
    """Return the attribute that holds a setting, named as in `State.settings`."""
    if setting == "fan":
        return "fan_level"
    if setting == "filter":
        return "filter_reset"
    return cast("Attribute", setting.removeprefix("option."))


def to_number(profile: Profile, setting: str, value: object) -> int:
    """Return what is written for a setting.

    Raises:
        KeyError: the profile has no such attribute, or no such word of it.

    """
    attribute = attribute_of(setting)
    point = profile.attr[attribute]
    if attribute == "filter_reset":
        return 1
    if attribute == "fan_level" and isinstance(value, int):
        return dict(enumerate(_levels(point), 1))[value]
    if isinstance(value, bool):
        return point.values["on" if value else "off"] if point.values else int(value)
    if attribute == "light" and not point.values:
        return int(value != "off")
    return point.values[str(value)]


def _levels(point: Datapoint) -> list[int]:
    if point.values:
        return list(point.values.values())
    if point.levels:
        return list(point.levels)
    low, high = point.range or (1, 1)
    return list(range(low, high + 1))


def word_of(point: Datapoint, number: int) -> str | None:
    """Return the word for a number; of a `value`, the nearest; None where there is none."""
    words = {code: word for word, code in point.values.items()}
    if number in words or point.type != "value" or not words:
        return words.get(number)
    return words[min(words, key=lambda code: abs(code - number))]


def is_sensible(point: Datapoint, number: int) -> bool:
    """Whether a reported number is one that the profile can make sense of."""
    if number in point.invalid:
        return True
    if point.range and not point.range[0] <= number <= point.range[1]:
        return False
    if point.type == "bool" and not point.values:
        return number in (0, 1)
    if point.type == "enum":
        return number in (*point.values.values(), *point.minutes.values())
    return True


def make_state(
    profile: Profile, known: Mapping[Attribute, Known], now: float, *, online: bool
) -> State:
    """Return the state that these reports tell of; `now` is on the session's clock."""
    power = _is_on(profile, known, "power")
    mode = _word(profile, known, "mode") or "manual"
    level = _level(profile, known)
    light = _word(profile, known, "light")
    if light is None:
        light = "on" if _is_on(profile, known, "light") else "off"
    last = max((k.at for k in known.values()), default=now)
    features = profile.capabilities
    days = _scaled(profile, known, "filter_days")
    return State(
        power=power,
        mode=mode,
        fan=level if mode == "manual" else None,
        fan_now=(level or 0) if power else 0,
        light=light,
        options={
            o: _is_on(profile, known, o) for o in _OPTIONS if o in features.options
        },
        readings={
            metric: _reading(profile, known, metric, now, on=power)
            for metric in UNITS
            if metric in features.metrics
        },
        filter_percent=_scaled(profile, known, "filter_percent"),
        filter_days=None if days is None else round(days),
        faults=faults_of(profile, known),
        online=online,
        age_seconds=max(0.0, now - last),
    )


def faults_of(profile: Profile, known: Mapping[Attribute, Known]) -> frozenset[Fault]:
    """Return the faults that the appliance reports."""
    point, found = profile.attr.get("fault"), known.get("fault")
    if point is None or found is None:
        return frozenset()
    if point.bits:
        return frozenset(
            Fault(name)
            for bit, name in point.bits.items()
            if found.number >> int(bit) & 1
        )
    word = word_of(point, found.number)
    return frozenset({Fault(word)}) if word in set(Fault) else frozenset()


def blocks_power(profile: Profile) -> bool:
    """Whether this product's faults prevent switching on."""
    point = profile.attr.get("fault")
    return point is not None and "power_on" in point.blocks


def _is_on(profile: Profile, known: Mapping[Attribute, Known], attribute: str) -> bool:
    name = cast("Attribute", attribute)
    found = known.get(name)
    if found is None:
        return False
    point = profile.attr[name]
    return word_of(point, found.number) == "on" if point.values else found.number != 0


def _word(
    profile: Profile, known: Mapping[Attribute, Known], attribute: Attribute
) -> str | None:
    found, point = known.get(attribute), profile.attr.get(attribute)
    if found is None or point is None or not point.values:
        return None
    return word_of(point, found.number)


def _level(profile: Profile, known: Mapping[Attribute, Known]) -> int | None:
    found = known.get("fan_level")
    if found is None:
        return None
    codes = _levels(profile.attr["fan_level"])
    nearest = min(codes, key=lambda code: abs(code - found.number))
    return codes.index(nearest) + 1


def _scaled(
    profile: Profile, known: Mapping[Attribute, Known], attribute: Attribute
) -> float | None:
    found = known.get(attribute)
    if found is None or found.number in profile.attr[attribute].invalid:
        return None
    return found.number * profile.attr[attribute].scale


def _reading(
    profile: Profile,
    known: Mapping[Attribute, Known],
    metric: Attribute,
    now: float,
    *,
    on: bool,
) -> Reading:
    found = known.get(metric)
    if found is None:
        return Reading(missing=NoReading.ABSENT)
    age = max(0.0, now - found.at)
    value = _scaled(profile, known, metric)
    if value is None:
        missing = NoReading.FAILED if on else NoReading.OFF
        return Reading(missing=missing, age_seconds=age)
    return Reading.of(value, age)


def is_done(
    profile: Profile,
    attribute: Attribute,
    wanted: int,
    known: Mapping[Attribute, Known],
) -> bool:
    """Whether the reports say that what was written is so; a filter that was reset is full again."""
    if attribute == "filter_reset":
        full = _scaled(profile, known, "filter_percent")
        return full is not None and full >= _FULL_PERCENT
    found = known.get(attribute)
    return found is not None and same(profile, attribute, wanted, found.number)


def same(profile: Profile, attribute: Attribute, wanted: int, reported: int) -> bool:
    """Whether two numbers of an attribute mean the same setting."""
    point = profile.attr[attribute]
    if wanted == reported:
        return True
    if attribute == "fan_level" and point.type == "value" and point.levels:
        codes = _levels(point)
        return codes[_nearest(codes, wanted)] == codes[_nearest(codes, reported)]
    if point.type == "value" and point.values:
        return word_of(point, wanted) == word_of(point, reported)
    return False


def _nearest(codes: list[int], number: int) -> int:
    return min(range(len(codes)), key=lambda index: abs(codes[index] - number))
