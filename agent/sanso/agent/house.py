"""
The rules of the house for one agent: what is remembered of its acts, and what a program may do now.

Strategy: `policy` is pure; this keeps what it needs to know between programs, for whoever carries out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sanso.grammars import Program

from .policy import review, write_count
from .policy_effects import held_back
from .policy_rules import Rules
from .policy_verdict import History
from .wording.policy_words import word_held_back

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from sanso.devices import Purifier, State
    from sanso.grammars import Statement

    from .policy_verdict import Review
    from .wording import Language


@dataclass
class House:
    """Rules, and when something was changed last."""

    rules: Rules = field(default_factory=Rules)
    zone: tzinfo | None = None
    history: History = field(default_factory=History)

    def review(
        self,
        statements: Sequence[Statement],
        state: State,
        purifier: Purifier,
        *,
        caller: str | None = "",
        agreed: Sequence[bool] = (),
    ) -> Review:
        """What becomes of each statement, before any of them is carried out; without a caller it was permitted before."""
        return review(
            Program(statements=tuple(statements)),
            state,
            purifier.capabilities,
            self.rules,
            purifier.now(),
            self.zone,
            caller,
            self.history,
            agreed=agreed,
        )

    def noted(
        self, before: State, after: State, now: float, program: Program | None
    ) -> None:
        """Note what became of a program, or of the panel where there was none."""
        acts = write_count(program) if program else 0
        self.history = self.history.after(before, after, now, acts=acts)

    def within(
        self, wanted: State, present: State, purifier: Purifier, lang: Language
    ) -> tuple[State, str]:
        """A state that shall be put back as far as the rules of this hour allow, and words about what they held back."""
        has, now = purifier.capabilities, purifier.now()
        state, names = held_back(wanted, present, has, self.rules, now, self.zone)
        return state, word_held_back(names, lang)
