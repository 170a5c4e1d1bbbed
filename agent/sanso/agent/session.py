"""
What is remembered of one conversation: the last turns, an open question, the steps that can be undone.

Strategy: one session per source (a terminal, a microphone, a client). A question that nobody answers expires; a new command drops it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from .prompt import MAX_TURNS, Turn

if TYPE_CHECKING:
    from collections.abc import Collection

    from sanso.devices import State
    from sanso.grammars import Program, Statement

    from .change import Change
    from .scheduler import Entry
    from .wording.replies import Slot

QUESTION_SECONDS: Final = 30.0
"""How long the agent waits for an answer."""
CONTEXT_SECONDS: Final = 300.0
"""How long a turn is worth remembering: "and the light" half an hour later refers to nothing."""
MOST_STEPS: Final = 10


@dataclass(frozen=True)
class Question:
    """What the agent asked."""

    asked_at: float
    confirm: tuple[Statement, ...] = ()
    """Carried out on a yes; none where a value was asked for."""
    meant: Program | None = None
    """A program that the agent was not sure of; carried out on a yes."""
    slot: Slot | None = None
    """The value that was asked for: a yes is no answer to that, and it is asked for again."""
    again: bool = False
    """Whether it was asked for again; the turn that asked first still stands for it."""


@dataclass(frozen=True)
class Step:
    """What a program changed: settings, and what waits."""

    change: Change
    added: tuple[Entry, ...]
    dropped: tuple[Entry, ...]
    journal: int = 0
    """The row of the journal that tells of it; 0 while there is none."""
    earlier: bool = False
    """Whether it was made before a restart: then only what is still as it was left is taken back."""


@dataclass
class Session:
    """One conversation."""

    turns: list[tuple[float, str, str]] = field(default_factory=list)
    """When, sentence, program."""
    question: Question | None = None
    steps: list[Step] = field(default_factory=list)
    final: bool = False
    """Whether the last change cannot be undone, and so nothing before it."""

    @property
    def asks_again(self) -> bool:
        """Whether a value is asked for again."""
        return self.question is not None and self.question.again

    def context(self, now: float) -> tuple[Turn, ...]:
        """The turns that the model shall see; an expired question is forgotten here."""
        # A clock that was set back makes nothing young again.
        if self.question and not 0 <= now - self.question.asked_at <= QUESTION_SECONDS:
            self.leave_question()
        fresh = [t for t in self.turns if 0 <= now - t[0] <= CONTEXT_SECONDS]
        fresh = fresh[-MAX_TURNS:]
        last = len(fresh) - 1
        return tuple(
            Turn(sentence, program, waiting=i == last and self.question is not None)
            for i, (_, sentence, program) in enumerate(fresh)
        )

    def leave_question(self) -> None:
        """Drop an open question."""
        self.forget_asked()
        self.question = None

    def forget_asked(self) -> None:
        """Forget the turn that was only asked about: it was never done, so no later sentence may build on it."""
        if self.question and self.question.meant:
            self.turns = self.turns[:-1]

    def remember(self, now: float, sentence: str, program: str) -> None:
        """Keep a turn."""
        self.turns = [*self.turns[-(MAX_TURNS - 1) :], (now, sentence, program)]

    def noted(self, *numbers: int) -> None:
        """Give the number of its row in the journal to the step that has none yet."""
        if not numbers:
            return
        journal = numbers[-1]
        self.steps = [
            step if step.journal else replace(step, journal=journal)
            for step in self.steps
        ]

    def changed_for_good(self) -> None:
        """Drop what could be undone: an undo must not reach past what cannot."""
        self.steps, self.final = [], True

    def changed(self, step: Step) -> None:
        """Keep what can be undone."""
        self.final = False
        self.steps = [*self.steps[-(MOST_STEPS - 1) :], step]

    def ended(self, entry: Entry) -> list[Step]:
        """What was begun for a while is put back: steps made over it go back to before it; these are returned."""
        ended: Change | None = None
        restated = []
        for place, step in enumerate(self.steps):
            if ended is not None:
                self.steps[place] = replace(step, change=step.change.over(ended))
                restated.append(self.steps[place])
            for added in step.added:
                if (added.statement, added.due) == (entry.statement, entry.due):
                    ended = added.change
        return restated

    def take_last(self, present: State, waiting: Collection[Statement]) -> Step | None:
        """
        Take the last step off that can be taken back, if there is one.

        One from before a restart is narrowed to what still is as it was left: nobody knows who changed the rest meanwhile, so that
        stays. What is empty then is passed over.
        """
        while self.steps:
            step = self.steps.pop()
            if not step.earlier or not present.online:
                return step
            change = step.change.kept(present)
            added = tuple(e for e in step.added if e.statement in waiting)
            if change or added or step.dropped:
                return replace(step, change=change, added=added)
        return None
