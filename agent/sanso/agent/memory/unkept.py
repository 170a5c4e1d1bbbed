"""
Take back what was promised and could not be stored.

Strategy: what waits is set back to what it was before the program, and each promise among the results becomes the words that say why there is
none. What was done at once stays done. What was begun for a while is ended, as nobody would end it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanso.agent.promise import Promise
from sanso.agent.report import reported
from sanso.agent.wording import word_unkept, word_unkept_drop
from sanso.grammars import CancelTimer, Undo

if TYPE_CHECKING:
    from sanso.agent.execution import Execution, Result
    from sanso.grammars import Program


def unkept(
    execution: Execution, program: Program, results: tuple[Result, ...], reason: str
) -> tuple[Result, ...]:
    """
    The results of a program that are true although nothing was stored; `reason` as of `MemoryUnavailable`.

    Timers that were dropped, or set again by an undo, stay so, and it is said that a restart may take that back.
    """
    scheduler, lang, earlier = execution.scheduler, execution.lang, execution.entries
    meant = any(isinstance(c, CancelTimer | Undo) for c in program.calls())
    promised = [r.statement for r in results if isinstance(r, Promise)]
    waiting = scheduler.snapshot()
    mine = [e for e in waiting if e not in earlier and e.statement in promised]
    lost = [] if meant else [e for e in earlier if e not in waiting]
    gone, _ = scheduler.take_back(mine, lost, execution.purifier.now())
    for entry in gone:
        if entry.change is not None:
            present = reported(execution.purifier)
            execution.purifier.restore(entry.change.ended(present))
    if execution.step is not None and execution.session.steps[-1:] == [execution.step]:
        execution.session.steps.pop()
        execution.remember()
    execution.refused = execution.refused or bool(promised)
    told: list[Result] = [
        word_unkept(r.statement, reason, lang) if isinstance(r, Promise) else r
        for r in results
    ]
    if meant and scheduler.snapshot() != earlier:
        told.append(word_unkept_drop(reason, lang))
    return tuple(told)
