"""
Carry out programs and what is due, and store each before there are words for it.

Strategy: a program is carried out, then stored, then worded; what is due is claimed, carried out, finished. So what was said is always in the
memory, and a claim that is found at a start tells that a process ended in the middle.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sanso.agent.countdown import Countdown
from sanso.agent.execution import Execution
from sanso.agent.house import House
from sanso.agent.report import reported
from sanso.agent.session import Session
from sanso.agent.wording import word_program_did, word_unkept_due
from sanso.grammars import Program, Statement

from .database import MemoryUnavailable
from .falling_due import fall_due, only_lowers, was_refused
from .journal import Event
from .unkept import unkept

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanso.agent.execution import Result
    from sanso.agent.policy_verdict import Review
    from sanso.agent.scheduler import Entry, Scheduler
    from sanso.agent.wording import Language
    from sanso.devices import Purifier, State
    from sanso.grammars import Call

    from .keeper import Keeper


class Acting:
    """The hands of an agent; used under its lock."""

    def __init__(
        self, purifier: Purifier, scheduler: Scheduler, keeper: Keeper, lang: Language
    ) -> None:
        """Act on a purifier; what is to be told of a start is told first."""
        self._purifier = purifier
        self._scheduler = scheduler
        self._keeper = keeper
        self.handlers: dict[type[Call], Callable[[Any], str]] = {}
        """Functions for calls of one's own."""
        self._tips = 0
        self._unstored: dict[str, Session] = {}
        """Conversations whose steps are otherwise in the memory."""
        self._lang = lang
        self._untold = keeper.notices(lang)
        self._countdown = Countdown(purifier, scheduler)
        self.house = House()
        """The rules that hold, and what was done under them."""
        self.review: Review | None = None
        """What they said of the last program."""

    def told(self) -> list[str]:
        """What is to be told, each once."""
        told, self._untold = self._untold, []
        return told

    def carry_out(
        self, program: Program, session: Session, lang: Language, said: Event
    ) -> tuple[tuple[Result, ...], str]:
        """Carry out a program, and store what it changed before there are words for it."""
        execution, steps = self._execution(session, lang), tuple(session.steps)
        execution.caller = said.source
        results: tuple[Result, ...] = ()
        words = ""
        try:
            results = execution.run(program)
            words = self._worded(results, lang)
        finally:
            # Also where a function for a call raised: what was done before it is stored.
            self._tips = execution.said_tips
            after = reported(self._purifier)
            event = self._event(said, execution.before, after, results, words)
            done = None if execution.review is None else execution.review.program
            self.house.noted(execution.before, after, said.at, done)
            self.review = execution.review
            if tuple(session.steps) != steps:
                self._unstored[said.source] = session
            try:
                self._store(event)
            except MemoryUnavailable as error:
                results = unkept(execution, program, results, error.reason)
                words = self._worded(results, lang)
                trouble = self._keeper.trouble(error, lang)
                self._untold += [] if execution.refused else trouble
        # Only behind the memory: what the appliance counts is promised here already.
        still = self._countdown.follow(said.at, after, lang)
        return results, " ".join([words, *still])

    def _store(self, event: Event) -> None:
        """Store an event, with all steps that are not stored yet; those get its number."""
        steps = {source: s.steps for source, s in self._unstored.items()}
        numbers = self._keeper.commit(event, steps=steps)
        for session in self._unstored.values():
            session.noted(*numbers)
        self._unstored.clear()

    def _worded(self, results: tuple[Result, ...], lang: Language) -> str:
        return word_program_did(results, lang, self._purifier.capabilities)

    def _event(
        self,
        event: Event,
        before: State,
        after: State,
        results: tuple[Result, ...],
        words: str,
    ) -> Event:
        """Complete an event by what became of it, and take the settings for ours."""
        self._keeper.ours(after, results, event.at)
        return replace(
            event,
            before=before.settings() if before.online else {},
            after=after.settings() if after.online else {},
            words=words,
        )

    def do_due(self, lang: Language) -> None:
        """Carry out what is due, one by one: if a handler raises, the others wait on, and what was done is told later."""
        now, state = self._keeper.look(), reported(self._purifier)
        if self._countdown.has_ended(state, now):
            self._keeper.ours(state, (), now)
        if other := self._keeper.witness(state, now):
            self._untold += self._keeper.try_commit(other, lang=lang)
        execution = self._execution(Session(), lang)

        def can_now(entry: Entry) -> bool:
            """What turns down waits for a purifier that cannot be reached: given up, it would leave it on for ever."""
            waits = not state.online and only_lowers(execution, entry)
            return not waits and execution.can_now(entry)

        while entry := self._scheduler.take_due(now, state, can_now):
            self._fall_due(entry, now, lang)
        self._untold += self._keeper.settle(lang)

    def _fall_due(self, entry: Entry, now: float, lang: Language) -> None:
        """Claim in the memory, carry out, finish in the memory: found claimed at a start, it is not carried out as if for the first time."""
        execution = self._execution(Session(), lang)
        try:
            self._keeper.commit()
        except MemoryUnavailable as error:
            self._untold += self._keeper.trouble(error, lang)
            if not only_lowers(execution, entry):
                self._scheduler.finish(entry)
                told = word_unkept_due(entry.statement, error.reason, lang)
                self._untold.append(told)
                return
        before = reported(self._purifier)
        event = Event(now, "interrupted", program=entry.statement.render())
        result: Result | None = None
        try:
            kind, words, result = fall_due(execution, entry)
            event = replace(event, kind=kind, words=words)
            self._untold += [words] * bool(words)
        finally:
            self._tips = execution.said_tips
            self._scheduler.finish(entry)
            results = () if result is None else (result,)
            after = reported(self._purifier)
            self.house.noted(before, after, now, _at_once(execution, entry, result))
            self._keeper.ended(entry)
            event = self._event(event, before, after, results, event.words)
            self._untold += self._keeper.try_commit(event, lang=lang)
        self._untold += self._countdown.follow(now, after, lang)

    def forget(self, source: str) -> None:
        """Forget a conversation and what it could undo, here and in the memory."""
        session = self._keeper.sessions.pop(source, None)
        self._unstored.pop(source, None)
        if session is not None and session.steps:
            self._untold += self._keeper.try_commit(steps={source: ()}, lang=self._lang)

    def _execution(self, session: Session, lang: Language) -> Execution:
        return Execution(
            self._purifier,
            self._scheduler,
            session,
            self.handlers,
            lang,
            self._tips,
            self._keeper.begin,
            house=self.house,
        )


def _at_once(
    execution: Execution, entry: Entry, result: Result | None
) -> Program | None:
    """What was carried out now, as the pace of the rules counts it; nothing where it was put back, or not done."""
    if entry.change is not None or result is None or was_refused(execution):
        return None
    return Program(statements=(Statement(call=entry.statement.call),))
