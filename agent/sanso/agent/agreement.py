"""
What a yes stands for: the call that waits for it, or the program that was meant.

Strategy: pure functions of a program and the question before it. What was agreed to is marked, so that nobody asks about it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanso.grammars import Answer, Call, Program, Statement

if TYPE_CHECKING:
    from .session import Question


def planned(
    program: Program, question: Question | None
) -> list[tuple[Statement, bool]]:
    """The statements to carry out, and whether each was agreed to: a yes stands for what was asked about."""
    plan: list[tuple[Statement, bool]] = []
    for statement in program.statements:
        if question and question.meant and is_yes(statement.call):
            plan += [(meant, True) for meant in question.meant.statements]
        elif question and question.confirm and is_yes(statement.call):
            plan += [(confirmed, True) for confirmed in question.confirm]
        else:
            plan.append((statement, False))
    return plan


def is_yes(call: Call) -> bool:
    """Whether the call agrees to what was asked."""
    return isinstance(call, Answer) and call.value == "yes"


def released(program: Program, question: Question | None) -> Program | None:
    """What a yes in the program would let happen."""
    if question is None or not any(is_yes(call) for call in program.calls()):
        return None
    if question.meant is not None:
        return question.meant
    return Program(statements=question.confirm) if question.confirm else None
