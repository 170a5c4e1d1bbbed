"""What in a profile contradicts itself: the rules of `profile.py`, each asked by itself.

Strategy: a rule names the keys that it looks at and is left out where the schema has
found one of them wrong, so that one mistake is told once. Rules yield; none stops another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, get_args

from pydantic import BaseModel

from .datapoint import LACKING, Attribute, Datapoint
from .names import hint
from .profile import Features, Start
from .profile_findings import Finding, found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_HIGHEST_BIT: Final = 31
_HIGHEST_BYTE: Final = 255
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class View:
    """A profile that may be wrong: what it holds, and the dotted keys that cannot be trusted."""

    raw: dict[str, Any]
    bad: frozenset[str]
    features: Features
    start: Start
    points: dict[str, Datapoint]

    @classmethod
    def of(cls, raw: dict[str, Any], bad: Iterable[str]) -> Self:
        """Look at the tables of a TOML text; fields are as they stand there, unchecked."""
        table = raw.get("attr")
        attr = table if isinstance(table, dict) else {}
        points = {
            name: _unchecked(Datapoint, point)
            for name, point in attr.items()
            if name in get_args(Attribute)
        }
        return cls(
            raw,
            frozenset(bad),
            _unchecked(Features, raw.get("capabilities")),
            _unchecked(Start, raw.get("start")),
            points,
        )

    def trusts(self, *keys: str) -> bool:
        """Whether nothing at, below or above these dotted keys is wrong."""
        return not any(
            wrong == key or wrong.startswith(f"{key}.") or key.startswith(f"{wrong}.")
            for wrong in self.bad
            for key in keys
        )


def _unchecked(model: type[_Model], table: object) -> _Model:
    raw = table if isinstance(table, dict) else {}
    fields = model.model_fields
    known = {f.alias or name for name, f in fields.items()}
    return model.model_construct(**{k: v for k, v in raw.items() if k in known})


def contradictions(view: View) -> Iterator[Finding]:
    """Yield every contradiction in a profile."""
    for name, point in view.points.items():
        for keys, rule in _POINT_RULES:
            if view.trusts(*(f"attr.{name}.{key}" for key in keys)):
                yield from rule(f"attr.{name}", point)
    for keys, whole in _RULES:
        if view.trusts(*keys):
            yield from whole(view)


# --- one data point ---


def _enum(where: str, point: Datapoint) -> Iterator[Finding]:
    listed = bool(point.values or point.minutes)
    if point.type == "enum" and not listed:
        yield found("enum", where)
    if point.type not in ("enum", "value") and listed:
        yield found("words", where)


def _bits(where: str, point: Datapoint) -> Iterator[Finding]:
    if point.type == "bitmap" and not point.bits:
        yield found("bitmap", where)
    if point.type != "bitmap" and point.bits:
        yield found("bits", where)


def _bit_numbers(where: str, point: Datapoint) -> Iterator[Finding]:
    for bit in point.bits:
        number = int(bit) if bit.isascii() and bit.isdecimal() and len(bit) < 3 else -1  # noqa: PLR2004
        if not 0 <= number <= _HIGHEST_BIT:
            yield found("bit", f"{where}.bits", given=repr(bit))


def _minutes(where: str, point: Datapoint) -> Iterator[Finding]:
    for word in point.minutes:
        if not (word.isascii() and word.isdigit()):
            yield found("minutes", f"{where}.minutes", given=repr(word))


def _bytes(where: str, point: Datapoint) -> Iterator[Finding]:
    key = "values" if point.values else "minutes"
    numbers = [int(number) for number in (point.values or point.minutes).values()]
    for number in numbers if point.dp and point.type == "enum" else ():
        if not 0 <= number <= _HIGHEST_BYTE:
            yield found("byte", f"{where}.{key}", given=number)


def _twice(where: str, point: Datapoint) -> Iterator[Finding]:
    key = "values" if point.values else "minutes"
    by_number: dict[int, list[str]] = {}
    for word, number in (point.values or point.minutes).items():
        by_number.setdefault(int(number), []).append(word)
    for number, words in by_number.items():
        if len(words) > 1:
            yield found("twice", f"{where}.{key}", words=listed(words), number=number)


def _rising(where: str, point: Datapoint) -> Iterator[Finding]:
    levels = [int(level) for level in point.levels]
    if levels != sorted(set(levels)):
        yield found("rising", f"{where}.levels", example=sorted(set(levels)))


def _reversed(where: str, point: Datapoint) -> Iterator[Finding]:
    if point.range and int(point.range[0]) > int(point.range[1]):
        yield found("reversed", f"{where}.range", example=[*reversed(point.range)])


_POINT_RULES: Final[
    tuple[tuple[tuple[str, ...], Callable[[str, Datapoint], Iterator[Finding]]], ...]
] = (
    (("type", "values", "minutes"), _enum),
    (("type", "bits"), _bits),
    (("bits",), _bit_numbers),
    (("minutes",), _minutes),
    (("dp", "type", "values", "minutes"), _bytes),
    (("values", "minutes"), _twice),
    (("levels",), _rising),
    (("range",), _reversed),
)


# --- the whole ---


def _manual(view: View) -> Iterator[Finding]:
    if "manual" not in view.features.modes:
        yield found("manual", "capabilities.modes")


def _start_fan(view: View) -> Iterator[Finding]:
    fan, levels = int(view.start.fan), int(view.features.fan_levels)
    if fan > levels:
        yield found("start.fan", "start.fan", fan=fan, levels=levels)


def _start_mode(view: View) -> Iterator[Finding]:
    if view.start.mode != "manual":  # which every profile has to have
        yield from _start_word(view.start.mode, "modes", view.features.modes, "mode")


def _start_light(view: View) -> Iterator[Finding]:
    if view.features.lights:
        yield from _start_word(
            view.start.light, "lights", view.features.lights, "light"
        )


def _start_options(view: View) -> Iterator[Finding]:
    for option in view.start.options:
        yield from _start_word(option, "options", view.features.options, "options")


def _start_word(
    given: str, key: str, known: Iterable[str], where: str
) -> Iterator[Finding]:
    if given not in known:
        told = hint(given, known)
        yield found(
            "start.word",
            f"start.{where}",
            list=f"capabilities.{key}",
            given=given,
            hint=told,
        )


def _protocol(view: View) -> Iterator[Finding]:
    protocol, points = view.raw.get("protocol"), view.raw.get("attr")
    if points and protocol is None:
        yield found("protocol", "protocol")
    if protocol is not None and not points:
        yield found("points", "attr")


def _addresses(view: View) -> Iterator[Finding]:
    protocol = view.raw.get("protocol")
    taken: dict[object, str] = {}
    for name, point in view.points.items():
        keys = ("dp", "siid", "piid", "aiid", "register", "table")
        if protocol is None or not view.trusts(*(f"attr.{name}.{k}" for k in keys)):
            continue
        address = point.address(protocol)
        if address is None:
            yield found("address", f"attr.{name}", lacking=LACKING[protocol])
            continue
        place = (address, point.aiid is None)
        if place in taken:
            yield found("taken", f"attr.{name}", other=taken[place], address=address)
        taken.setdefault(place, name)


def _wanted_points(view: View) -> Iterator[Finding]:
    """Yield the attributes that capabilities need, where there is a wire at all."""
    if view.raw.get("protocol") is None or not view.raw.get("attr"):
        return
    features = view.features
    wanted: dict[str, bool] = dict.fromkeys(
        ("power", "mode", "fan_level", *features.options, *features.metrics), True
    )
    wanted["light"] = bool(features.lights)
    wanted["filter_reset"] = bool(features.filter_reset)
    wanted["timer_off"] = bool(features.off_timer_minutes)
    for name, needed in wanted.items():
        if needed and name not in view.points:
            yield found("point", f"attr.{name}", name=name)


def _modes(view: View) -> Iterator[Finding]:
    mode = view.points.get("mode")
    if mode is None or not view.trusts("attr.mode.values"):
        return
    given, wanted = set(mode.values), set(view.features.modes)
    if given != wanted:
        yield found(
            "modes", "attr.mode.values", given=listed(given), wanted=listed(wanted)
        )


def _levels(view: View) -> Iterator[Finding]:
    fan = view.points.get("fan_level")
    keys = [f"attr.fan_level.{key}" for key in ("values", "levels", "range")]
    if fan is None or not view.trusts(*keys):
        return
    given = len(fan.values or fan.levels)
    if not given and fan.range:
        given = max(0, int(fan.range[1]) - int(fan.range[0]) + 1)
    if given != int(view.features.fan_levels):
        yield found(
            "levels", "attr.fan_level", given=given, wanted=view.features.fan_levels
        )


def _switches(view: View) -> Iterator[Finding]:
    for name in ("power", *view.features.options):
        point = view.points.get(name)
        if point is None or not view.trusts(f"attr.{name}.values"):
            continue
        if point.values and set(point.values) != {"off", "on"}:
            yield found("switch", f"attr.{name}.values", given=listed(point.values))


def _lights(view: View) -> Iterator[Finding]:
    light = view.points.get("light")
    if light is None or not view.trusts("attr.light.values"):
        return
    wanted = set(view.features.lights)
    if light.values and set(light.values) != wanted:
        given = listed(light.values)
        yield found("lights", "attr.light.values", given=given, wanted=listed(wanted))
    if not light.values and wanted - {"off", "on"}:
        yield found("light.bool", "attr.light", wanted=listed(wanted))


def listed(words: Iterable[str]) -> str:
    """Return words in order, or that there is none."""
    return ", ".join(sorted(words)) or "none"


_RULES: Final[
    tuple[tuple[tuple[str, ...], Callable[[View], Iterator[Finding]]], ...]
] = (
    (("capabilities.modes",), _manual),
    (("capabilities.fan_levels", "start.fan"), _start_fan),
    (("capabilities.modes", "start.mode"), _start_mode),
    (("capabilities.lights", "start.light"), _start_light),
    (("capabilities.options", "start.options"), _start_options),
    (("protocol",), _protocol),
    (("protocol",), _addresses),
    (
        (
            "protocol",
            *(f"capabilities.{key}" for key in ("options", "metrics", "lights")),
            *(f"capabilities.{key}" for key in ("filter_reset", "off_timer_minutes")),
        ),
        _wanted_points,
    ),
    (("protocol", "capabilities.modes"), _modes),
    (("protocol", "capabilities.fan_levels"), _levels),
    (("protocol", "capabilities.options"), _switches),
    (("protocol", "capabilities.lights"), _lights),
)
"""Each rule with the keys that it looks at."""
