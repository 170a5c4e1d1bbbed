"""Steps that can be undone, as text: what was changed, and the timers that were set or dropped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sanso.agent.change import Change
from sanso.agent.session import Step

from .timers import UnreadableRow, entry_of, row_of

if TYPE_CHECKING:
    from sanso.grammars import CallSet


def step_text(step: Step) -> str:
    """A step as text."""
    plain = {
        "change": step.change.as_json(),
        "added": [row_of(entry) for entry in step.added],
        "dropped": [row_of(entry) for entry in step.dropped],
    }
    return json.dumps(plain, ensure_ascii=False)


def step_of(text: str, journal: int, calls: CallSet) -> Step:
    """
    The step of a text; of an earlier process, so that only what is still true of it is taken back.

    Raises:
        UnreadableRow: it is none, or names calls that do not exist.
    """
    try:
        plain = json.loads(text)
        return Step(
            change=Change.from_json(plain["change"]),
            added=tuple(entry_of(row, calls) for row in plain["added"]),
            dropped=tuple(entry_of(row, calls) for row in plain["dropped"]),
            journal=journal,
            earlier=True,
        )
    except UnreadableRow:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableRow(str(error) or type(error).__name__) from None
