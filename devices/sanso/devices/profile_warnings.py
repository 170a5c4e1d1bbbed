"""What loads and will bite: the field's experience with profiles, as a list of rules.

Strategy: each rule looks at a sound profile and yields; the list is all there is to it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, get_args

from sanso.grammars.calls import Option

from .names import hint
from .profile_findings import Finding, found
from .purifier import UNITS, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .datapoint import Datapoint, Protocol
    from .profile import Profile

# Numbers that at least 34 of 36 public device maps agree on (Tuya category kj).
_KJ: Final = {
    1: "power",
    2: "pm25",
    3: "mode",
    5: "filter_percent",
    7: "child_lock",
    11: "filter_reset",
    18: "timer_off",
}
_BAUDS: Final[dict[Protocol, tuple[int, ...]]] = {
    "tuya": (9600, 115200),
    "miot": (115200,),
}
_EXCHANGES: Final[dict[Protocol, tuple[int, int]]] = {
    "tuya": (30, 0),
    "miot": (160, 400),
    "modbus": (16, 5),
}
"""A command and its report: bytes of both on the wire, and ms besides (MIoT: two polls of 200 ms; Modbus: two silences)."""
_BITS_PER_BYTE: Final = 10
_LEAST_GAP_MS: Final = 40
_READ_ONLY: Final = (
    *UNITS,
    *("filter_percent", "filter_days", "air_quality", "total_pm"),
    *("timer_left", "runtime_minutes", "fault"),
)
_SETTINGS: Final = ("power", "mode", "fan_level", "light", *get_args(Option))
_DUST: Final = ("pm25", "pm10")
_SPEEDS: Final = {
    word: speed
    for speed, words in enumerate(
        ("silent quiet sleep night", "min low weak", "mid middle medium", "high strong")
    )
    for word in words.split()
} | {"max": 4, "turbo": 5}
"""Words for speeds, and how fast they are, where their order is beyond doubt."""


def warnings(profile: Profile, file: str) -> Iterator[Finding]:
    """Yield what will bite, then what could be better; `file` is the file's name without `.toml`."""
    for rule in _RULES:
        yield from rule(profile)
    if profile.protocol is not None:
        for wired in _WIRED_RULES:
            yield from wired(profile)
        yield from _hints(profile)
    if file and file != profile.id:
        yield found("file", "id", file=file)


def _repeated(profile: Profile) -> Iterator[Finding]:
    for key in ("modes", "options", "lights", "metrics", "off_timer_minutes"):
        words = [str(word) for word in getattr(profile.capabilities, key)]
        for word in sorted({word for word in words if words.count(word) > 1}):
            yield found("repeated", f"capabilities.{key}", given=word)


def _timer_order(profile: Profile) -> Iterator[Finding]:
    minutes = list(profile.capabilities.off_timer_minutes)
    if minutes != sorted(minutes):
        yield found(
            "order.timer", "capabilities.off_timer_minutes", wanted=sorted(minutes)
        )


def _kj(profile: Profile) -> Iterator[Finding]:
    for name, point in profile.attr.items():
        usual = _KJ.get(point.dp or 0, name)
        if profile.protocol == "tuya" and usual != name:
            yield found(
                "kj", f"attr.{name}.dp", number=point.dp, usual=usual, name=name
            )


def _unbounded(profile: Profile) -> Iterator[Finding]:
    for name in _DUST:
        point = profile.attr.get(name)
        if point and point.range is None and not point.invalid:
            yield found("invalid", f"attr.{name}")


def _faults(profile: Profile) -> Iterator[Finding]:
    point = profile.attr.get("fault")
    if point is None:
        yield found("no_fault", "attr.fault")
        return
    if not point.blocks:
        yield found("no_block", "attr.fault")
    if not point.bits and not point.values:
        yield found("fault.silent", "attr.fault")
    for word in point.values:
        if word not in {"none", *Fault}:
            yield found("fault.word", "attr.fault.values", given=word)


def _implies(profile: Profile) -> Iterator[Finding]:
    modes = profile.capabilities.modes
    implied = profile.attr["fan_level"].implies
    if "mode" not in implied and len(modes) > 1:
        yield found("implies", "attr.fan_level")
    for name, point in profile.attr.items():
        mode = point.implies.get("mode")
        if mode is not None and mode not in modes:
            yield found(
                "implied", f"attr.{name}.implies", given=mode, hint=hint(mode, modes)
            )


def _timer(profile: Profile) -> Iterator[Finding]:
    point = profile.attr.get("timer_off")
    if point is None:
        return
    if point.values:
        yield found("timer.values", "attr.timer_off.values")
    rows = sorted((int(word), number) for word, number in point.minutes.items())
    if any(first[1] > second[1] for first, second in pairwise(rows)):
        yield found("order.minutes", "attr.timer_off.minutes")
    given = [minutes for minutes, _ in rows if minutes]
    wanted = sorted(set(profile.capabilities.off_timer_minutes))
    if rows and wanted and given != wanted:
        yield found(
            "timer.differ", "attr.timer_off.minutes", given=given, wanted=wanted
        )


def _unused(profile: Profile) -> Iterator[Finding]:
    features = profile.capabilities
    lists: dict[str, tuple[str, ...]] = {
        "options": features.options,
        "metrics": features.metrics,
    }
    for name in profile.attr:
        for key, known in (("options", get_args(Option)), ("metrics", tuple(UNITS))):
            if name in known and name not in lists[key]:
                yield found("unused", f"attr.{name}", name=name, list=key)
    for name, used, key in (
        ("light", bool(features.lights), 'lights = ["off", "on"]'),
        ("filter_reset", features.filter_reset, "filter_reset = true"),
        ("timer_off", bool(features.off_timer_minutes), "off_timer_minutes"),
    ):
        if name in profile.attr and not used:
            yield found("unused.flag", f"attr.{name}", key=key)


def _timing(profile: Profile) -> Iterator[Finding]:
    protocol, timing = profile.protocol, profile.timing
    if protocol is None:
        return
    count, besides = _EXCHANGES[protocol]
    least = besides + -(-count * _BITS_PER_BYTE * 1000 // profile.baud)
    if timing.confirm_ms < least:
        given = timing.confirm_ms
        yield found(
            "confirm", "timing.confirm_ms", least=least, baud=profile.baud, given=given
        )
    if timing.pace_ms.get("power", 0) <= 0:
        yield found("pace", "timing.pace_ms", name="power")
    if timing.pace_ms.get("fan_level", 0) <= 0:
        yield found("pace", "timing.pace_ms", name="fan_level")
    if protocol == "tuya" and timing.gap_ms < _LEAST_GAP_MS:
        yield found("gap", "timing.gap_ms")
    usual = _BAUDS.get(protocol, ())
    if usual and profile.baud not in usual:
        told = " or ".join(map(str, usual))
        yield found("baud", "baud", given=profile.baud, protocol=protocol, usual=told)


def _access(profile: Profile) -> Iterator[Finding]:
    for name, point in profile.attr.items():
        where = f"attr.{name}"
        writable = point.access != "ro"
        if name in _READ_ONLY and writable:
            yield found("sensor.rw", f"{where}.access")
        if name in _SETTINGS and point.access != "rw":
            yield found("setting.ro", f"{where}.access", given=point.access)
        odd = point.table in ("input", "discrete") and name not in _READ_ONLY
        if profile.protocol == "modbus" and odd and writable:
            yield found("table", f"{where}.table", given=point.table)


def _numbers(profile: Profile) -> Iterator[Finding]:
    for name, point in profile.attr.items():
        for key, numbers in (
            ("values", [*point.values.values()]),
            ("minutes", [*point.minutes.values()]),
            ("levels", [*point.levels]),
        ):
            for number in numbers:
                if _is_outside(point, number):
                    told = list(point.range or ())
                    yield found(
                        "outside", f"attr.{name}.{key}", given=number, range=told
                    )


def _is_outside(point: Datapoint, number: int) -> bool:
    low, high = point.range or (number, number)
    return not low <= number <= high


def _order(profile: Profile) -> Iterator[Finding]:
    words = list(profile.attr["fan_level"].values)
    known = [word for word in words if word in _SPEEDS]
    wanted = sorted(known, key=_SPEEDS.__getitem__)
    where = "attr.fan_level.values"
    if [_SPEEDS[w] for w in known] != [_SPEEDS[w] for w in wanted]:
        yield found(
            "order.words", where, given=", ".join(known), wanted=", ".join(wanted)
        )
        return
    numbers = list(profile.attr["fan_level"].values.values())
    if numbers != sorted(numbers):
        yield found("order.numbers", where)


def _hints(profile: Profile) -> Iterator[Finding]:
    for number, name in _KJ.items():
        point = next((p for n, p in profile.attr.items() if n == name), None)
        if profile.protocol == "tuya" and point and point.dp != number:
            yield found(
                "moved", f"attr.{name}.dp", name=name, usual=number, number=point.dp
            )
    if not profile.model and profile.protocol != "modbus":
        yield found("model", "model")
    if profile.capabilities.filter_reset and "filter_percent" not in profile.attr:
        yield found("no_filter", "attr.filter_percent")


_Rules = tuple["Callable[[Profile], Iterator[Finding]]", ...]
_RULES: Final[_Rules] = (_repeated, _timer_order)
_WIRED_RULES: Final[_Rules] = (
    *(_kj, _unbounded, _faults, _implies, _timer, _unused),
    *(_timing, _access, _numbers, _order),
)
