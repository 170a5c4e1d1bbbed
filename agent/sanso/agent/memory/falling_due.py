"""
Carry out what is due, in time, late, or not at all, and say which.

Strategy: what is in time is carried out. What is late, or was cut off, is carried out only where that turns down; else it is told. Where
nobody can know whether something was done, that is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanso.agent.report import reported
from sanso.agent.wording import (
    word_due,
    word_interrupted,
    word_late,
    word_missed_late,
    word_program_did,
)
from sanso.devices import Outcome

from .overdue import is_safe_twice, lowers, raises

if TYPE_CHECKING:
    from sanso.agent.execution import Execution, Result
    from sanso.agent.scheduler import Entry

    from .journal import Kind


def fall_due(execution: Execution, entry: Entry) -> tuple[Kind, str, Result | None]:
    """What became of an entry that is due, the words, if any, to tell it, and the result, if it was carried out."""
    lang, statement = execution.lang, entry.statement
    if entry.late and not only_lowers(execution, entry):
        if entry.interrupted:
            return "interrupted", word_interrupted(statement, lang), None
        return "missed", word_missed_late(statement, entry.late, lang), None
    kind: Kind = "overdue" if entry.late else "due"
    result = execution.due(entry)
    if result is None:
        return kind, "", None
    words = word_program_did([result], lang, execution.purifier.capabilities)
    if entry.late:
        return kind, word_late(_cause(execution, entry, result), words, lang), result
    return kind, word_due(statement, words, lang), result


def _cause(execution: Execution, entry: Entry, result: Result) -> str:
    """Why it is late, or that it was tried and not done: nobody is told of a deed that was none."""
    failed = isinstance(result, Outcome) and not result.done
    return "tried" if failed or was_refused(execution) else entry.late


def was_refused(execution: Execution) -> bool:
    """Whether the rules, or what the purifier lacks, forbade what was due."""
    return execution.review is not None and bool(execution.review.refused)


def only_lowers(execution: Execution, entry: Entry) -> bool:
    """Whether it does no harm to carry it out late, or without noting it first: it turns down, however often."""
    state = reported(execution.purifier)
    has = execution.purifier.capabilities
    if entry.change is not None:
        return not raises(state, entry.change.ended(state), has)
    call = entry.statement.call
    safe = is_safe_twice(call) or not entry.interrupted
    return safe and lowers(call, state, has)
