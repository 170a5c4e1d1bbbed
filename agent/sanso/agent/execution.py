"""
Carry out a program, statement by statement.

Strategy: one function a kind of call, found in a table. Each gives an outcome (read back from the purifier) or an answer in words; none of them
claims what was not reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sanso.devices import DeviceError, Outcome, Purifier, State
from sanso.grammars import (
    Answer,
    Ask,
    Call,
    CancelTimer,
    Chat,
    GiveTip,
    Lasting,
    Query,
    Reject,
    Statement,
    Undo,
)

from .policy import lacking, needs_yes
from .scheduler import MOST_PENDING, Entry, Scheduler, timers
from .session import Question, Session, Step
from .wording import (
    Language,
    word_answer,
    word_ask,
    word_cancelled,
    word_chat,
    word_confirm,
    word_full,
    word_query,
    word_reject,
    word_scheduled,
    word_tip,
    word_undo,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sanso.grammars import Program

Result = Outcome | str


@dataclass
class Execution:
    """Everything that carrying out needs, for one program of one session."""

    purifier: Purifier
    scheduler: Scheduler
    session: Session
    handlers: Mapping[type[Call], Callable[[Any], str]]
    lang: Language
    said_tips: int = 0
    """Counts tips, so that the next one on a topic is another."""

    def run(self, program: Program) -> tuple[Result, ...]:
        """What became of each statement, in order; a step to undo is kept if anything changed."""
        before = self._state()
        entries = self.scheduler.snapshot()
        question, self.session.question = self.session.question, None
        results = tuple(self._statement(s, question) for s in program.statements)
        undone = any(isinstance(call, Undo) for call in program.calls())
        changed = self._state().settings() != before.settings()
        if not undone and (changed or entries != self.scheduler.snapshot()):
            self.session.changed(Step(before, entries))
        return results

    def due(self, entry: Entry) -> Result | None:
        """Carry out what was waiting; None where nothing was left to do."""
        if entry.restore is not None:
            return self.purifier.restore(entry.restore)
        return self._call(entry.statement.call, None)

    def _statement(self, statement: Statement, question: Question | None) -> Result:
        if statement.trigger is None:
            return self._call(statement.call, question)
        if cannot := self._refusal(statement.call):
            return cannot
        if self.scheduler.is_full:
            return word_full(MOST_PENDING, self.lang)
        if isinstance(statement.trigger, Lasting):
            return self._for_a_while(statement)
        self.scheduler.add(statement, self.purifier.now())
        return word_scheduled(statement, self.lang)

    def _for_a_while(self, statement: Statement) -> Result:
        before, now = self._state(), self.purifier.now()
        outcome = self._call(statement.call, None)
        if not isinstance(outcome, Outcome):
            return outcome
        if outcome.done:
            self.scheduler.add(statement, now, restore=before)
        return word_scheduled(statement, self.lang, outcome)

    def _refusal(self, call: Call) -> Outcome | None:
        """What this purifier cannot do, before anything is promised."""
        cannot = lacking(call, self.purifier.capabilities)
        if cannot is None:
            return None
        state = self._state()
        return Outcome(cannot[0], call, state, state, cannot[1])

    def _call(self, call: Call, question: Question | None) -> Result:
        if isinstance(call, Answer):
            return self._answer(call, question)
        if needs_yes(call):
            return self._confirm(call)
        for kind, act in _ACTS.items():
            if isinstance(call, kind):
                return act(self, call)
        for kind, handler in self.handlers.items():
            if isinstance(call, kind):
                return handler(call)
        return self.purifier.apply(call)

    def _confirm(self, call: Call) -> Result:
        if cannot := self._refusal(call):
            return cannot
        self.session.question = Question(self.purifier.now(), confirm=call)
        return word_confirm(call, self.lang)

    def _answer(self, call: Answer, question: Question | None) -> Result:
        if (
            question is not None
            and question.confirm is not None
            and call.value == "yes"
        ):
            return self.purifier.apply(question.confirm)
        return word_answer(call.value, self.lang, asked=question is not None)

    def _ask(self, call: Ask) -> Result:
        self.session.question = Question(self.purifier.now())
        return word_ask(call.slot, self.lang, self.purifier.capabilities)

    def _cancel(self, _: CancelTimer) -> Result:
        now = self.purifier.now()
        return word_cancelled(timers(self.scheduler.cancel(), now), self.lang)

    def _query(self, call: Query) -> Result:
        pending = self.scheduler.pending(self.purifier.now())
        return word_query(call.item, self._state(), pending, self.lang)

    def _tip(self, call: GiveTip) -> Result:
        self.said_tips += 1
        return word_tip(call.topic, self._state(), self.lang, self.said_tips - 1)

    def _chat(self, call: Chat) -> Result:
        return word_chat(call.kind, self.lang)

    def _reject(self, call: Reject) -> Result:
        return word_reject(call.reason, self.lang)

    def _undo(self, _: Undo) -> Result:
        if not self.session.steps:
            return word_undo(None, self.lang)
        step = self.session.steps.pop()
        before, now = self._state(), self.purifier.now()
        dropped, renewed = self.scheduler.go_back(step.entries)
        outcome = self.purifier.restore(step.state)
        return word_undo(
            outcome,
            self.lang,
            before=before,
            dropped=timers(dropped, now),
            renewed=timers(renewed, now),
        )

    def _state(self) -> State:
        try:
            return self.purifier.state()
        except DeviceError:
            return State(online=False)


_ACTS: dict[type[Call], Callable[[Execution, Any], Result]] = {
    Ask: Execution._ask,  # noqa: SLF001 - the table belongs to the class above
    CancelTimer: Execution._cancel,  # noqa: SLF001
    Chat: Execution._chat,  # noqa: SLF001
    GiveTip: Execution._tip,  # noqa: SLF001
    Query: Execution._query,  # noqa: SLF001
    Reject: Execution._reject,  # noqa: SLF001
    Undo: Execution._undo,  # noqa: SLF001
}
