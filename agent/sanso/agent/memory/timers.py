"""
What waits, as rows: statements in canonical text, so that a row can be read by eye and by any version.

Strategy: a row is a plain mapping, made from an entry and read back into one. What no longer parses raises, and its row is kept aside.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sanso.agent.change import Change
from sanso.agent.errors import AgentError
from sanso.agent.scheduler import Entry
from sanso.grammars import PURIFIER, CallError, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sanso.grammars import CallSet, Statement

Row = dict[str, Any]
COLUMNS: Final = (
    *("id", "statement", "due", "zone", "change"),
    *("days", "armed", "dated", "claimed"),
)


class UnreadableRow(AgentError):
    """A row that this version cannot read; the message says why."""


def row_of(entry: Entry, *, claimed: bool = False, zone: str = "") -> Row:
    """An entry as a row; `zone` is the name of the zone by which its clock time was read."""
    change = entry.change
    return {
        "id": entry.number,
        "statement": entry.statement.render(),
        "due": entry.due,
        "zone": zone if entry.by_clock else "",
        "change": None if change is None else json.dumps(change.as_json()),
        "days": " ".join(entry.days),
        "armed": entry.armed,
        "dated": entry.dated,
        "claimed": claimed or entry.interrupted,
    }


def entry_of(row: Mapping[str, Any], calls: CallSet = PURIFIER) -> Entry:
    """
    The entry of a row.

    Raises:
        UnreadableRow: the statement is none of this call set, or a value is damaged.
    """
    try:
        change = row["change"]
        armed = row["armed"]
        return Entry(
            statement=statement_of(row["statement"], calls),
            due=None if row["due"] is None else float(row["due"]),
            change=None if change is None else Change.from_json(json.loads(change)),
            days=tuple(row["days"].split()),
            number=int(row["id"]),
            armed=None if armed is None else bool(armed),
            dated=bool(row["dated"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableRow(str(error) or type(error).__name__) from None


def statement_of(text: str, calls: CallSet) -> Statement:
    """
    The one statement of a text, with its trigger.

    Raises:
        UnreadableRow: it is none.
    """
    try:
        statements = parse(text, calls).statements
    except CallError as error:
        raise UnreadableRow(str(error)) from None
    if len(statements) != 1 or statements[0].trigger is None:
        msg = "a timer is one statement with a trigger"
        raise UnreadableRow(msg)
    return statements[0]
