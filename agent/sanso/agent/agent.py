"""
The agent: a sentence in, something done, an answer out.

Strategy: normalize, decide (the model, inside the grammar), carry out, put into words. Each step is a module of its own; this one only joins
them. It is synchronous; a lock keeps callers from several threads apart.
"""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from sanso.devices import Purifier, open_purifier
from sanso.grammars import PURIFIER, Call, CallSet, Program

from .agreement import released
from .caution import Caution, Doing, Judge
from .decoder import DeadlineExceeded
from .engine import Cancelled, Engine
from .errors import ModelError, UtteranceError
from .memory.acting import Acting
from .memory.database import MemoryUnavailable
from .memory.journal import Event, evidence_json
from .memory.keeper import Keeper
from .memory.memory import Memory, memory_at
from .memory.wall_time import zone_named
from .policy_rules import load_rules
from .prompt import normalize
from .reply import Reply
from .scheduler import Scheduler
from .session import Question, Session
from .wording import language_of, word_error, word_meant

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanso.devices import Clock

    from .caution import Judgement
    from .execution import Result
    from .memory.timekeeper import Machine
    from .misses import Misses
    from .policy_rules import Rules
    from .wording import Language

_Unread = Literal["empty", "too_long", "too_slow", "cancelled"]


class Agent:
    """Understands sentences for one purifier."""

    def __init__(
        self,
        engine: Engine | None,
        purifier: Purifier,
        *,
        lang: Language = "ko",
        caution: Caution = Caution.NORMAL,
        memory: Memory | MemoryUnavailable | None = None,
        zone: str | None = None,
        calls: CallSet | None = None,
        machine: Machine | None = None,
        rules: Rules | None = None,
        misses: Misses | None = None,
    ) -> None:
        """
        Join an engine, a purifier and a memory; all are closed with the agent.

        Without an engine there is only `carry_out`. `lang` is the language of answers to sentences without letters; `caution` how
        much evidence an act needs before the agent asks instead. Without a memory timers end with the process; with the reason why
        there is none, no timer is taken. `zone` names the time zone of clock times, else it is the machine's own. `calls` are those
        that the memory may hold, if not the engine's; `machine` replaces this computer's clocks. Without `rules` everything is allowed that the
        purifier can do; `misses` keeps what was not understood, where its owner agrees.

        Raises:
            MemoryUnavailable: the memory cannot be read.
            UnknownZone: there is no such time zone.
        """
        self._judge = Judge(
            engine.bundle.papers if engine else {},
            caution,
            engine.calls if engine else PURIFIER,
        )
        self._saying: threading.Event | None = None
        self.engine = engine
        self.purifier = purifier
        named = zone_named(zone)
        self.scheduler = Scheduler(named)
        known = calls or (engine.calls if engine else PURIFIER)
        self.keeper = Keeper(self.scheduler, purifier, memory, known, machine)
        self._acting = Acting(purifier, self.scheduler, self.keeper, lang)
        self._acting.house.zone = named
        if rules is not None:
            self._acting.house.rules = rules
        self._misses = misses
        self._sessions = self.keeper.sessions
        self._lang: Language = lang
        self._lock = threading.RLock()

    @classmethod
    def open(
        cls,
        device: str = "sim:",
        *,
        model: str | Path | None = None,
        calls: CallSet = PURIFIER,
        clock: Clock | None = None,
        threads: int = 1,
        lang: Language = "ko",
        caution: Caution = Caution.NORMAL,
        memory: Path | None = None,
        zone: str | None = None,
        policy: str = "default",
        misses: Misses | None = None,
    ) -> Self:
        """
        An agent for the purifier at a device URL, with the shipped model or the GGUF at a path, and a memory at another.

        Where a disk is full or fails there is an agent all the same: it obeys, takes no timers, and says why. `policy` names its rules, or a
        file of them.

        Raises:
            ModelError: the model cannot be used.
            DeviceError: the purifier cannot be reached.
            MemoryUnavailable: another process uses the memory, or a newer version wrote it.
            UnknownZone: there is no such time zone.
            RulesError: there is no such policy, or it is wrong.
        """
        rules = load_rules(policy)
        with ExitStack() as opened:
            purifier = open_purifier(device, clock=clock)
            opened.callback(purifier.close)
            kept = memory_at(memory, zone or "")
            if isinstance(kept, Memory):
                opened.callback(kept.close)
            path = Path(model) if model is not None else None
            engine = Engine.open(path, calls, threads=threads)
            opened.callback(engine.close)
            agent = cls(
                engine,
                purifier,
                lang=lang,
                caution=caution,
                memory=kept,
                zone=zone,
                rules=rules,
                misses=misses,
            )
            opened.pop_all()  # from here on the agent closes them
            return agent

    def on(self, call: type[Call], handler: Callable[[Any], str]) -> None:
        """Carry out calls of this class by a function that returns the answer in words."""
        with self._lock:
            self._acting.handlers[call] = handler

    def say(
        self, text: str, *, source: str = "", timeout_seconds: float | None = None
    ) -> Reply:
        """
        Understand a sentence and carry it out, or ask about it; never raises for what the sentence holds.

        `source` names the conversation: two people at two microphones do not answer each other's questions. A timeout really ends
        the model's work; what the purifier does is never cut short.

        Raises:
            ModelError: the agent was made without an engine.
        """
        if self.engine is None:
            msg = "this agent has no model; open it with Agent.open, or use carry_out"
            raise ModelError(msg, path="")
        started = time.perf_counter()
        source = _writable(source)
        lang = language_of(text, otherwise=self._lang)
        wait = -1.0 if timeout_seconds is None else max(0.0, timeout_seconds)
        if not self._lock.acquire(timeout=wait):
            return Reply(
                text[:400], lang, word_error("too_slow", lang), error="too_slow"
            )
        try:
            left = None
            if timeout_seconds is not None:
                left = timeout_seconds - (time.perf_counter() - started)
            self._saying = threading.Event()
            return self._said(self.engine, text, lang, source, left, started)
        finally:
            self._saying = None
            self._lock.release()

    def cancel(self) -> None:
        """End the understanding of the sentence that another thread is saying now; what is being carried out goes on."""
        if (saying := self._saying) is not None:
            saying.set()
        if self.engine is not None:
            self.engine.cancel()

    def _said(
        self,
        engine: Engine,
        text: str,
        lang: Language,
        source: str,
        timeout_seconds: float | None,
        started: float,
    ) -> Reply:
        self._lang = lang
        self._acting.do_due(self._lang)
        session = self._sessions.setdefault(source, Session())
        now = self.purifier.now()
        turns = session.context(now)
        try:
            sentence = normalize(text)
            decision = engine.decide(
                sentence,
                turns,
                timeout_seconds=timeout_seconds,
                runner_ups_below=self._judge.looks_below,
            )
        except UtteranceError as error:
            return self._unread(text, lang, error.reason)
        except DeadlineExceeded:
            return self._unread(text, lang, "too_slow")
        except Cancelled:
            return self._unread(text, lang, "cancelled")
        if self._saying is not None and self._saying.is_set():
            return self._unread(text, lang, "cancelled")
        acting = time.perf_counter()
        program = decision.program
        agreed = released(program, session.question)
        judgement = self._judge.judge(sentence, program, decision.evidence, agreed)
        results: tuple[Result, ...] = ()
        if judgement.doing is Doing.DO:
            if agreed is None:
                session.forget_asked()
            said = Event(
                now,
                "program",
                source,
                sentence,
                program.render(),
                evidence_json(decision.evidence),
            )
            results, words = self._acting.carry_out(program, session, lang, said)
            if not session.asks_again:
                session.remember(now, sentence, program.render())
        else:
            words = self._asked(judgement, sentence, session, lang)
        ended = time.perf_counter()
        reply = Reply(
            utterance=text,
            lang=lang,
            words=self._with_untold(words),
            program=program,
            results=results,
            evidence=decision.evidence,
            milliseconds={
                "decide": decision.milliseconds,
                "act": (ended - acting) * 1000,
                "total": (ended - started) * 1000,
            },
            sentence=sentence,
            turns=turns,
            judgement=judgement,
            review=self._acting.review if judgement.doing is Doing.DO else None,
            asks_again=session.asks_again,
        )
        if self._misses is not None:
            self._misses.notice(reply, now, source)
        return reply

    def _asked(
        self, judgement: Judgement, sentence: str, session: Session, lang: Language
    ) -> str:
        """Ask whether this was meant, or say that it was not understood; nothing else happens."""
        meant = judgement.meant
        now = self.purifier.now()
        session.leave_question()
        if meant is None:
            return word_error("unclear", lang)
        session.question = Question(now, meant=meant)
        session.remember(now, sentence, meant.render())
        return word_meant(meant, lang, guarded=bool(judgement.guard))

    def carry_out(
        self, program: Program, *, lang: Language | None = None, source: str = ""
    ) -> Reply:
        """Carry out a program that no model wrote: of a button, a rule, a test. Answers in `lang`, else as it spoke last."""
        started = time.perf_counter()
        source = _writable(source)
        with self._lock:
            lang = lang or self._lang
            self._acting.do_due(self._lang)
            session = self._sessions.setdefault(source, Session())
            now = self.purifier.now()
            session.context(now)  # forgets a question that expired
            said = Event(now, "program", source, program=program.render())
            results, words = self._acting.carry_out(program, session, lang, said)
            words = self._with_untold(words)
        spent = (time.perf_counter() - started) * 1000
        return Reply(
            utterance="",
            lang=lang,
            words=words,
            program=program,
            results=results,
            milliseconds={"act": spent, "total": spent},
        )

    def forget(self, source: str) -> None:
        """Forget a conversation that is over, for good: nobody comes back under its name, so nobody can undo what it did."""
        with self._lock:
            self._acting.forget(_writable(source))

    def tick(self) -> list[str]:
        """Carry out what is due by the purifier's clock; what is to be told, in words."""
        with self._lock:
            self._acting.do_due(self._lang)
            return self._acting.told()

    def close(self) -> None:
        """Close engine, purifier and memory; the purifier stays as it is."""
        with self._lock:
            if self.engine is not None:
                self.engine.close()
            self.purifier.close()
            self.keeper.close()

    def __enter__(self) -> Self:
        """Use the agent in a `with` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _with_untold(self, words: str) -> str:
        """An answer, behind what came due and was not told yet."""
        return " ".join([*self._acting.told(), words])

    def _unread(self, text: str, lang: Language, error: _Unread) -> Reply:
        words = self._with_untold(word_error(error, lang))
        return Reply(text[:400], lang, words, error=error)


def _writable(source: str) -> str:
    """The name of a conversation as it can be stored: a lone half of a character has no bytes."""
    return source.encode("utf-8", "replace").decode("utf-8")
