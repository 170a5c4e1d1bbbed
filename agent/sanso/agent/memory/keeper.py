"""
Keep what the scheduler holds and the agent does in the memory, in step with the clocks.

Strategy: the agent calls this one at three places: before anything is due, when something is claimed, and before words are given. Without a
memory everything stays in RAM, by the same calls; with one that cannot be opened, every promise is refused for the same reason.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sanso.agent.change import Change
from sanso.agent.report import reported
from sanso.agent.scheduler import Entry
from sanso.agent.session import Session
from sanso.agent.wording import word_aside, word_gone, word_trouble, word_unread
from sanso.devices import Outcome, OutcomeCode

from .database import MemoryUnavailable
from .journal import Event
from .memory import Kept, Memory
from .timekeeper import Machine, Timekeeper

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sanso.agent.scheduler import Scheduler
    from sanso.agent.session import Step
    from sanso.agent.wording import Language
    from sanso.devices import Purifier, State
    from sanso.grammars import CallSet, Statement

HEARTBEAT_SECONDS: Final = 300.0
"""While something waits, the clocks are noted this often: a boot without a clock goes on from there."""
_UNSURE_SECONDS: Final = 30.0
"""A write that was not confirmed may still be reported within this time, and is then ours."""
_UNSURE: Final = (OutcomeCode.PENDING, OutcomeCode.UNCONFIRMED)


class Keeper:
    """The memory's place in the agent; used under the agent's lock."""

    def __init__(
        self,
        scheduler: Scheduler,
        purifier: Purifier,
        memory: Memory | MemoryUnavailable | None,
        calls: CallSet,
        machine: Machine | None = None,
    ) -> None:
        """
        Let the scheduler go on from where the memory stopped.

        Raises:
            MemoryUnavailable: the memory was opened and cannot be read.
        """
        self._scheduler = scheduler
        self._trouble = memory if isinstance(memory, MemoryUnavailable) else None
        self._memory = memory if isinstance(memory, Memory) else None
        kept = Kept() if self._memory is None else self._memory.load(calls)
        self._unread = kept.unread
        self._time = Timekeeper(purifier.now, machine, kept.stamp)
        scheduler.clock_known = self._time.known
        for begun in reversed(kept.begun):  # the last first, as it lies over the others
            if begun.change is None:
                continue
            if change := begun.change.until(reported(purifier)):
                kept.claimed.append(replace(begun, change=change, late="begun"))
        scheduler.load(kept.waiting, kept.claimed, self._time.found)
        self._noted_at = self._time.stamp.wall
        # What was begun and cut off explains what is otherwise now.
        self._settings = None if kept.begun else kept.settings
        self._unsure_until = float("-inf")
        self._told_trouble: str | None = None
        self._restated: list[tuple[str, Step]] = []
        """Steps that go back further than in the memory."""
        self.sessions = {
            source: Session(steps=steps) for source, steps in kept.steps.items()
        }

    @property
    def memory(self) -> Memory | None:
        """The memory, if there is one that works."""
        return self._memory

    def notices(self, lang: Language) -> list[str]:
        """What is to be told at a start: a memory that was damaged, is gone, or was not understood."""
        told = []
        if self._trouble is not None:
            self._told_trouble = self._trouble.reason
            told.append(word_gone(self._trouble.reason, lang))
        if self._memory is not None and self._memory.set_aside is not None:
            told.append(word_aside(self._memory.set_aside.name, lang))
        return told + ([word_unread(self._unread, lang)] if self._unread else [])

    def look(self) -> float:
        """Look at the clocks, let the scheduler follow them, and return the purifier's time."""
        look = self._time.look()
        known = self._time.known
        appeared = known and not self._scheduler.clock_known
        self._scheduler.clock_known = known
        if look.step or appeared:
            self._scheduler.moved(look)
        return look.now

    def witness(self, state: State, now: float) -> Event | None:
        """The event of settings that nobody here has changed, if there are any."""
        if not state.online or self._memory is None:
            return None
        found = state.settings()
        before, self._settings = self._settings, found
        if before is None or before == found or now < self._unsure_until:
            return None
        names = [n for n in found if n not in before or before[n] != found[n]]
        return Event(
            now,
            "not_ours",
            before={n: before.get(n) for n in names},
            after={n: found[n] for n in names},
        )

    def ours(self, state: State, results: Iterable[Outcome | str], now: float) -> None:
        """Take the settings for what a program of ours has left."""
        outcomes = [r for r in results if isinstance(r, Outcome)]
        if any(outcome.code in _UNSURE for outcome in outcomes):
            self._unsure_until = now + _UNSURE_SECONDS
        if state.online:
            self._settings = state.settings()

    def begin(self, statement: Statement, state: State) -> None:
        """
        Note that a statement is begun for a while, from this state, so that a process that is cut off leaves nothing on for ever.

        Raises:
            MemoryUnavailable: it could not be stored; then it must not be begun.
        """
        if self._trouble is not None:
            raise self._trouble
        if self._memory is not None:
            change = Change.between(state, state, statement.call)
            self._memory.begin(Entry(statement, None, change))

    def commit(
        self,
        *events: Event,
        steps: Mapping[str, Sequence[Step]] | None = None,
    ) -> list[int]:
        """
        Store what waits, with events and steps; the numbers of the events in the journal.

        Raises:
            MemoryUnavailable: it could not be stored.
        """
        if self._trouble is not None:
            raise self._trouble
        if self._memory is None:
            return []
        numbers = self._memory.commit(
            self._scheduler.snapshot(),
            self._scheduler.claimed(),
            self._time.stamp,
            events=events,
            steps=steps,
            restated=self._restated,
            settings=self._settings,
        )
        self._restated = []
        self._noted_at = self._time.stamp.wall
        self._told_trouble = None
        return numbers

    def try_commit(
        self,
        *events: Event,
        lang: Language,
        steps: Mapping[str, Sequence[Step]] | None = None,
    ) -> list[str]:
        """Store what is not promised to anybody; where it cannot be stored, that is told once."""
        try:
            self.commit(*events, steps=steps)
        except MemoryUnavailable as error:
            return self.trouble(error, lang)
        return []

    def trouble(self, error: MemoryUnavailable, lang: Language) -> list[str]:
        """What to tell of a failure: nothing where it was told already and nothing was stored since."""
        if self._told_trouble == error.reason:
            return []
        self._told_trouble = error.reason
        return [word_trouble(error.reason, lang)]

    def settle(self, lang: Language) -> list[str]:
        """Store what changed by itself, and the clocks now and then; words where that fails."""
        if self._memory is None:
            return []
        waiting, claimed = self._scheduler.snapshot(), self._scheduler.claimed()
        silent = abs(self._time.stamp.wall - self._noted_at)
        due = bool(waiting) and silent >= HEARTBEAT_SECONDS
        told = []
        if due or self._memory.differs(waiting, claimed):
            told = self.try_commit(lang=lang)
            self._noted_at = self._time.stamp.wall
        self._memory.rest()
        return told

    def ended(self, entry: Entry) -> None:
        """Let no undo bring back what was for a while and is over."""
        for source, session in self.sessions.items():
            self._restated += [(source, step) for step in session.ended(entry)]

    def close(self) -> None:
        """Note the clocks, if that is possible, and let go of the memory."""
        if self._memory is None:
            return
        self.try_commit(lang="en")
        self._memory.close()
