"""What the data points that were seen may mean.

Strategy: the profiles of the package are the book of meanings. A data point gets one where
its address and its type agree with the book and its values make sense there; of the book's
words only those are taken whose numbers were seen. Every meaning stays a guess.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sanso.devices.profile import load_profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sanso.devices.datapoint import Attribute, Datapoint
    from sanso.devices.profile import Profile

    from .seen import Address, Seen
    from .sniff import Draft

_BOOKS: Final = {"tuya": ("kj-standard", "kj-legacy"), "miot": ("zhimi-airp-mb4a",)}
_FIRST_PRIVATE: Final = 101
"""Tuya: from here on, every brand has its own data points."""
_NO_READING: Final = 65535
_MOST_LEVELS: Final = 18
_MOST_LISTED: Final = 12
ORDER: Final = (
    *("dp", "siid", "piid", "type", "access", "range", "scale", "invalid"),
    *("values", "minutes", "levels", "bits", "blocks", "implies"),
)


@dataclass
class Table:
    """A table `[attr.NAME]` in the making."""

    name: str
    seen: Seen
    values: dict[str, Any]
    checks: list[str] = field(default_factory=list)


@dataclass
class Meanings:
    """What a profile can hold."""

    book: Profile
    tables: list[Table] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Lines about data points that have no table."""

    def find(self, name: str) -> Table | None:
        """Return the table of an attribute, if there is one."""
        return next((t for t in self.tables if t.name == name), None)


def _agreed(draft: Draft, book: Profile) -> dict[Address, Attribute]:
    """Return the meanings whose address and type agree with what was seen."""
    agreed: dict[Address, Attribute] = {}
    for name, point in book.attr.items():
        address = _address(point)
        seen = None if address is None else draft.seen.get(address)
        if address is not None and seen is not None and _agrees(name, point, seen):
            agreed[address] = name
    return agreed


def _address(point: Datapoint) -> Address | None:
    if point.dp is not None:
        private = point.dp >= _FIRST_PRIVATE
        return None if private else point.dp
    place = point.siid, point.piid
    return None if place[0] is None or place[1] is None else (place[0], place[1])


def _agrees(name: str, point: Datapoint, seen: Seen) -> bool:
    """Whether type and values are such as this attribute has."""
    kinds = {point.type}
    if point.dp is None and point.type != "bool":
        return set(seen.types) == {"number"} and _fits(name, point, seen)
    if name == "fan_level":
        kinds |= {"enum", "value"}
    return len(seen.types) == 1 and seen.type in kinds and _fits(name, point, seen)


def _fits(name: str, point: Datapoint, seen: Seen) -> bool:
    numbers = set(seen.numbers) - {_NO_READING, *point.invalid}
    numbers |= {n for n in (seen.low, seen.high) if n is not None and n != _NO_READING}
    if name == "fan_level" and point.dp is not None:
        return bool(numbers) and min(numbers) >= 0
    if point.type == "bool":
        return numbers <= {0, 1}
    if point.type == "enum":
        return bool(numbers & {*point.values.values(), *point.minutes.values()})
    low, high = point.range or (0, _NO_READING)
    return all(low <= number <= high for number in numbers)


def find_meanings(draft: Draft) -> Meanings:
    """Return what was seen, by the book that agrees with most of it.

    Raises:
        KeyError: no protocol was recognised.

    """
    books = [load_profile(name) for name in _BOOKS[draft.protocol or ""]]
    book = max(books, key=lambda b: len(_agreed(draft, b)))  # the first, if equal
    plan = Meanings(book)
    agreed = _agreed(draft, book)
    for address, seen in draft.seen.items():
        name = agreed.get(address)
        table = None if name is None else _table(name, book.attr[name], seen)
        if table is None:
            plan.unknown.append(_unknown(address, seen, book, name))
        else:
            plan.tables.append(table)
    return plan


def _table(name: str, point: Datapoint, seen: Seen) -> Table | None:
    """Return the table of an attribute; None where too little was seen for one."""
    kept: dict[str, Any] = {
        key: getattr(point, key) for key in ORDER if key in point.model_fields_set
    }
    table = Table(name, seen, kept)
    if name == "fan_level":
        return _fan(table, point)
    if name == "fault":
        # All of its words: a fault that was not seen yet must not pass unnoticed.
        table.checks.append("what each number of the fault means; open the door once")
        return table
    if point.range:
        table.checks.append(f"the whole range; {seen.low} to {seen.high} was seen")
    if _NO_READING in seen.numbers:
        kept["invalid"] = tuple(sorted({_NO_READING, *point.invalid}))
    elif "invalid" in kept:
        table.checks.append("65535 for no reading was not seen")
    for key in ("values", "minutes"):
        words: Mapping[str, int] = getattr(point, key)
        if words:
            kept[key] = {word: n for word, n in words.items() if n in seen.numbers}
            table.checks += _beyond(words, seen) if point.type == "enum" else []
    return table if _is_enough(name, table) else None


def _is_enough(name: str, table: Table) -> bool:
    values, minutes = table.values.get("values"), table.values.get("minutes")
    if name == "mode":
        return "manual" in (values or {})
    if name == "timer_off":
        return any(minutes[word] for word in minutes) if minutes else False
    return values is None or bool(values)


def _beyond(words: Mapping[str, int], seen: Seen) -> list[str]:
    others = sorted(set(seen.numbers) - set(words.values()))
    told = ", ".join(map(str, others[:_MOST_LISTED]))
    return [f"{told} came too; give it a word"] if others else []


def _fan(table: Table, point: Datapoint) -> Table | None:
    """Make levels of the numbers that were seen, the slowest first."""
    numbers = sorted(table.seen.numbers)
    if not 0 < len(numbers) <= _MOST_LEVELS:
        return None
    kept = table.values
    kept["type"] = table.seen.type if point.dp is not None else point.type
    for key in ("values", "levels", "range"):
        kept.pop(key, None)
    if kept["type"] == "enum":
        words = {number: word for word, number in point.values.items()}
        kept["values"] = {words.get(n, f"speed_{n}"): n for n in numbers}
    elif numbers == list(range(numbers[0], numbers[-1] + 1)):
        kept["range"] = (numbers[0], numbers[-1])
    else:
        kept["range"] = point.range or (numbers[0], numbers[-1])
        kept["levels"] = tuple(numbers)
    table.checks.append(
        f"{len(numbers)} of its speeds were seen; is the lowest number the slowest?"
    )
    return table


def _unknown(address: Address, seen: Seen, book: Profile, name: str | None) -> str:
    where = (
        f"data point {address}"
        if isinstance(address, int)
        else f"property {address[0]} {address[1]}"
    )
    told = f"{where}: {', '.join(seen.types) or 'only written'}, {history(seen)}"
    if name is not None:
        return f"{told} (perhaps {name}; too little of it was seen)"
    usual = next((n for n, p in book.attr.items() if _place(p) == address), None)
    return f"{told} ({usual} in {book.id})" if usual else told


def _place(point: Datapoint) -> object:
    return point.dp if point.dp is not None else (point.siid, point.piid)


def history(seen: Seen) -> str:
    """Return in words how often a data point came and changed, and its values."""
    told = f"seen {seen.reports} times, changed {seen.changes} times"
    numbers = sorted(seen.numbers)
    if len(numbers) > _MOST_LISTED:
        told += f", {seen.low} to {seen.high}"
    elif numbers:
        told += ", " + " ".join(map(str, numbers))
    if seen.texts:
        told += ", " + ", ".join(json.dumps(text) for text in seen.texts[:3])
    if seen.written:
        told += ", written " + " ".join(map(str, sorted(seen.written)[:_MOST_LISTED]))
    return told
