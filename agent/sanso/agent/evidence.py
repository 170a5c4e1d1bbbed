"""How sure the model was: what it chose, over what, at every place where it had a choice."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One place where more than one token was legal."""

    piece: str
    """Text of the chosen token."""
    probability: float
    """Of the chosen token among the legal ones."""
    margin: float
    """Probability over the runner-up's."""
    legal_mass: float
    """Share of the model's whole probability that lay on legal tokens."""
    runner_up: str
    """Text of the second likeliest legal token."""


@dataclass(frozen=True)
class Evidence:
    """All choices of one program."""

    choices: tuple[Choice, ...] = ()
    passes: int = 0
    """Times the network was run."""
    tokens: int = 0
    """Tokens written."""
    prompt_tokens: int = 0

    @property
    def confidence(self) -> float:
        """Probability of the whole program among the legal ones, 0 to 1."""
        return math.exp(sum(math.log(max(c.probability, 1e-12)) for c in self.choices))
