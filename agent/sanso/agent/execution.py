"""
Carry out a program, statement by statement.

Strategy: one function a kind of call, found in a table. Each gives an outcome (read back from the purifier) or an answer in words; none of them
claims what was not reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sanso.devices import Outcome, OutcomeCode, Purifier, State
from sanso.grammars import (
    Answer,
    Ask,
    At,
    Call,
    CancelTimer,
    Chat,
    GiveTip,
    Lasting,
    Query,
    Reject,
    SetFanLevel,
    SetMode,
    Statement,
    Undo,
    When,
)

from .agreement import planned
from .change import Change
from .house import House
from .memory.database import MemoryUnavailable
from .policy import changes, lacking, needs_yes
from .policy_verdict import Reason, Ruling
from .promise import Promise
from .report import reported
from .scheduler import MOST_PENDING, Entry, Scheduler, timers
from .session import Question, Session, Step
from .telling import (
    told_cancelled,
    told_chat,
    told_query,
    told_reject,
    told_tip,
)
from .wording import (
    Language,
    word_answer,
    word_ask,
    word_beyond,
    word_clock_unknown,
    word_confirm,
    word_full,
    word_outcome,
    word_query,
    word_scheduled,
    word_undo,
    word_unkept,
)
from .wording.policy_words import word_lowered, word_refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sanso.grammars import Program

    from .policy_verdict import Review, Verdict

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
    begin: Callable[[Statement, State], None] = lambda _, __: None
    """Notes what is begun for a while, from which state; raises MemoryUnavailable where its end could not be stored."""
    before: State = field(default_factory=lambda: State(online=False))
    """As reported before the program."""
    entries: tuple[Entry, ...] = ()
    """What waited before the program."""
    step: Step | None = None
    """What the program left to undo."""
    refused: bool = False
    """Whether it was said that a promise could not be stored."""
    house: House = field(default_factory=House)
    caller: str = ""
    review: Review | None = None
    """What the policy said of the program."""

    def run(self, program: Program) -> tuple[Result, ...]:
        """What became of each statement, in order; a step to undo is kept if anything changed."""
        self.before = reported(self.purifier)
        self.entries = self.scheduler.snapshot()
        question, self.session.question = self.session.question, None
        plan = planned(program, question)
        self.review = self.house.review(
            [statement for statement, _ in plan],
            self.before,
            self.purifier,
            caller=self.caller,
            agreed=[agreed for _, agreed in plan],
        )
        if self._stops(self.review):
            return (self._forbidden(),)
        if cannot := self._cannot_wait([statement for statement, _ in plan]):
            return (cannot,)
        try:
            results = [
                self._ruled(verdict, question, agreed=agreed)
                for verdict, (_, agreed) in zip(self.review.verdicts, plan, strict=True)
            ]
            if lowered := word_lowered(self.review, self.lang):
                results.append(lowered)
            return tuple(results)
        finally:
            if not all(isinstance(s.call, Undo) for s, _ in plan):
                self.remember()

    def due(self, entry: Entry) -> Result | None:
        """Carry out what was waiting; None where nothing is left to tell."""
        present = reported(self.purifier)
        call = entry.statement.call
        if entry.change is not None:
            outcome, _ = self._put_back(entry.change.ended(present), present, call)
            return None if _unnoticed(outcome, present) else outcome
        self.review = self._reviewed_now(call, present)
        if self.review.forbidden:
            return self._forbidden()
        return self._call(self.review.verdicts[0].doing.call)

    def _stops(self, review: Review) -> bool:
        """
        Whether nothing of the program is done: all or nothing, and known before the first write.

        What this purifier lacks stops what else would be changed. Where it stands alone, or beside questions, its own outcome says it.
        """
        lacks = bool(review.refused)
        rest = (v for v in review.verdicts if v not in review.refused)
        return bool(review.forbidden) or (
            lacks and any(changes(verdict.statement) for verdict in rest)
        )

    def can_now(self, entry: Entry) -> bool:
        """Whether what is due may be carried out now, and not a little later: the pace of the rules is waited for, never a reason to drop it."""
        if entry.change is not None or entry.interrupted:
            return True
        review = self._reviewed_now(entry.statement.call, reported(self.purifier))
        return not any(verdict.seconds for verdict in review.forbidden)

    def _reviewed_now(self, call: Call, present: State) -> Review:
        """What the rules of this moment say of what was promised: whether it may be was asked then."""
        now = [Statement(call=call)]
        return self.house.review(
            now, present, self.purifier, caller=None, agreed=[True]
        )

    def _put_back(
        self, wanted: State, present: State, call: Call
    ) -> tuple[Outcome | None, str]:
        """Go to a state as far as the rules allow, with words about what they hold back; never from a state that nobody knows."""
        if not present.online:
            return Outcome(OutcomeCode.OFFLINE, call, present, present), ""
        wanted, held = self.house.within(wanted, present, self.purifier, self.lang)
        return self.purifier.restore(wanted), held

    def _cannot_wait(self, statements: Sequence[Statement]) -> str | None:
        """Why something that shall wait cannot, if else only a part of the program would be done; one that stands alone is told so anyway."""
        if sum(map(changes, statements)) <= 1:
            return None
        metrics = [s.trigger.metric for s in statements if isinstance(s.trigger, When)]
        for metric in metrics:
            if metric not in self.purifier.capabilities.metrics:
                return word_query(metric, reported(self.purifier), (), self.lang)
        return None if self.scheduler.takes(*statements) else self._full()

    def _full(self) -> str:
        return word_full(MOST_PENDING, self.lang)

    def _forbidden(self) -> str:
        assert self.review is not None  # noqa: S101 - set where it is asked
        return word_refused(self.review, self.lang, self.purifier.capabilities)

    def _ruled(
        self, verdict: Verdict, question: Question | None, *, agreed: bool
    ) -> Result:
        """Do what the policy lets be done of a statement, or ask."""
        if agreed:
            return self._agreed(verdict.doing)
        if verdict.reason is Reason.CONFIRM and verdict.ruling is Ruling.ASK:
            return self._confirm(verdict.doing)
        return self._statement(verdict.doing, question)

    def remember(self) -> None:
        """Keep what the program changed, to be undone."""
        change = Change.between(self.before, reported(self.purifier))
        waiting = self.scheduler.snapshot()
        added = tuple(e for e in waiting if e not in self.entries)
        dropped = tuple(e for e in self.entries if e not in waiting)
        if change or added or dropped:
            self.step = Step(change, added, dropped)
            self.session.changed(self.step)

    def _statement(self, statement: Statement, question: Question | None) -> Result:
        if isinstance(statement.call, Answer):
            return self._answer(statement.call, question)
        if needs_yes(statement.call):
            return self._confirm(statement)
        return self._agreed(statement)

    def _agreed(self, statement: Statement) -> Result:
        """Carry out, or promise, a statement that needs no yes any more."""
        trigger = statement.trigger
        if trigger is None:
            result = self._call(statement.call)
            final = needs_yes(statement.call)
            if final and isinstance(result, Outcome) and result.done:
                self.session.changed_for_good()
            return result
        if cannot := self._refusal(statement.call):
            return cannot
        if (
            isinstance(trigger, When)
            and trigger.metric not in self.purifier.capabilities.metrics
        ):
            return word_query(trigger.metric, reported(self.purifier), (), self.lang)
        if not self.scheduler.takes(statement):
            return self._full()
        if isinstance(trigger, Lasting):
            return self._for_a_while(statement)
        self.scheduler.add(statement, self.purifier.now())
        return self._promised(statement)

    def _promised(self, statement: Statement) -> Promise:
        """Promise what waits now, and say what it waits for besides."""
        words = [word_scheduled(statement, self.lang)]
        if isinstance(statement.trigger, When):
            self.scheduler.look(self.purifier.now(), reported(self.purifier))
            if self.scheduler.snapshot()[-1].armed is False:
                words.append(word_beyond(self.lang))
        if isinstance(statement.trigger, At) and not self.scheduler.clock_known:
            words.append(word_clock_unknown(self.lang))
        return Promise.of(statement, " ".join(words))

    def _for_a_while(self, statement: Statement) -> Result:
        try:
            self.begin(statement, reported(self.purifier))
        except MemoryUnavailable as error:
            self.refused = True
            return word_unkept(statement, error.reason, self.lang)
        now = self.purifier.now()
        outcome = self._call(statement.call)
        # What cannot be taken back cannot be put back either.
        if not isinstance(outcome, Outcome) or needs_yes(statement.call):
            return outcome
        if outcome.done:
            change = Change.between(outcome.before, outcome.after, statement.call)
            self.scheduler.add(statement, now, change)
            words = word_scheduled(statement, self.lang, outcome)
            return Promise.of(statement, words)
        return word_outcome(outcome, self.lang)

    def _refusal(self, call: Call) -> Outcome | None:
        """What this purifier cannot do, before anything is promised."""
        cannot = lacking(call, self.purifier.capabilities)
        if cannot is None:
            return None
        state = reported(self.purifier)
        return Outcome(cannot[0], call, state, state, cannot[1])

    def _call(self, call: Call) -> Result:
        for kind, act in _ACTS.items():
            if isinstance(call, kind):
                return act(self, call)
        for kind, handler in self.handlers.items():
            if isinstance(call, kind):
                return handler(call)
        return self.purifier.apply(call)

    def _confirm(self, statement: Statement) -> Result:
        if cannot := self._refusal(statement.call):
            return cannot
        before = self.session.question.confirm if self.session.question else ()
        self.session.question = Question(
            self.purifier.now(), confirm=(*before, statement)
        )
        return word_confirm(statement.call, self.lang)

    def _answer(self, call: Answer, question: Question | None) -> Result:
        if question and question.slot and call.value == "yes":
            return self._ask(Ask(slot=question.slot), again=True)
        return word_answer(call.value, self.lang, asked=question is not None)

    def _ask(self, call: Ask, *, again: bool = False) -> Result:
        now = self.purifier.now()
        self.session.question = Question(now, slot=call.slot, again=again)
        return word_ask(call.slot, self.lang, self.purifier.capabilities)

    def _undo(self, call: Undo) -> Result:
        if not self.session.steps:
            return word_undo(None, self.lang, final=self.session.final)
        before, now = reported(self.purifier), self.purifier.now()
        waiting = self.scheduler.snapshot()
        step = self.session.take_last(before, [e.statement for e in waiting])
        if step is None:
            return word_undo(None, self.lang, final=self.session.final)
        self.remember()  # what stood before the undo in this program is a step of its own
        dropped, renewed = self.scheduler.take_back(step.added, step.dropped, now)
        outcome, held = self._put_back(step.change.undone(before), before, call)
        if outcome is not None and not outcome.done:
            self.session.steps.append(step)  # to be tried again
        # What follows the undo in this program can be undone, the undo itself cannot.
        self.before, self.entries = reported(self.purifier), self.scheduler.snapshot()
        words = word_undo(
            outcome,
            self.lang,
            before=before,
            dropped=timers(dropped, now),
            renewed=timers(renewed, now),
        )
        lost = len(renewed) < len(step.dropped) and not self.scheduler.room
        return " ".join(filter(None, [words, held, self._full() if lost else ""]))


def _unnoticed(outcome: Outcome | None, before: State) -> bool:
    """Whether a purifier that is off only runs otherwise when it is on again."""
    if outcome is None or not outcome.done or before.power or outcome.after.power:
        return False
    return isinstance(outcome.call, SetFanLevel | SetMode)


_ACTS: dict[type[Call], Callable[[Execution, Any], Result]] = {
    Ask: Execution._ask,  # noqa: SLF001 - the table belongs to the class above
    CancelTimer: told_cancelled,
    Chat: told_chat,
    GiveTip: told_tip,
    Query: told_query,
    Reject: told_reject,
    Undo: Execution._undo,  # noqa: SLF001
}
