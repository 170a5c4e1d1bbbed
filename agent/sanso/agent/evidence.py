"""How sure the model was: what it chose, over what, at every place where it had a choice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Option:
    """A legal token that was not chosen."""

    piece: str
    probability: float
    """Among the legal ones."""


@dataclass(frozen=True)
class Choice:
    """One place where more than one token was legal."""

    piece: str
    """Text of the chosen token."""
    probability: float
    """Of the chosen token among the legal ones."""
    legal_mass: float
    """Share of the model's whole probability that lay on legal tokens."""
    others: tuple[Option, ...] = ()
    """The likeliest of the rest, best first."""

    @property
    def margin(self) -> float:
        """Probability over the runner-up's."""
        return self.probability - (self.others[0].probability if self.others else 0.0)

    @property
    def runner_up(self) -> str:
        """Text of the second likeliest legal token; the chosen one where there is no other."""
        return self.others[0].piece if self.others else self.piece

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "piece": self.piece,
            "probability": round(self.probability, 6),
            "margin": round(self.margin, 6),
            "legal_mass": round(self.legal_mass, 6),
            "others": [[o.piece, round(o.probability, 6)] for o in self.others],
        }


@dataclass(frozen=True)
class RunnerUp:
    """A program that could have been written instead."""

    program: str
    probability: float
    """Of the whole program among the legal ones."""


@dataclass(frozen=True)
class Evidence:
    """All choices of one program."""

    choices: tuple[Choice, ...] = ()
    passes: int = 0
    """Times the network was run."""
    tokens: int = 0
    """Tokens written."""
    prompt_tokens: int = 0
    pieces: tuple[str, ...] = ()
    """The prompt's tokens as text, where they were asked for."""
    runner_ups: tuple[RunnerUp, ...] = ()
    """Other programs, the likeliest first, where they were asked for."""

    @property
    def confidence(self) -> float:
        """Probability of the whole program among the legal ones, 0 to 1; not calibrated."""
        return math.exp(sum(math.log(max(c.probability, 1e-12)) for c in self.choices))

    @property
    def legal_mass(self) -> float:
        """The lowest share of the model's probability that the grammar left, over all choices."""
        return min((c.legal_mass for c in self.choices), default=1.0)
