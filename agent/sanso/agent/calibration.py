"""
From the model's own probability to how often it is right: what was measured on exactly this GGUF.

Strategy: a logistic function of a few figures of the evidence (Platt 1999, "Probabilistic outputs for support vector machines", extended by the kind of output), fitted on the
held-out families and stored in the paper beside the file. Without a paper the probability of the program stands for itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from .kinds import Kind, kind_of

if TYPE_CHECKING:
    from sanso.grammars import Program

    from .evidence import Evidence

_EDGE: Final = 1e-6
_MASS_FLOOR: Final = 1e-9


def features(program: Program, evidence: Evidence) -> dict[str, float]:
    """What the calibration looks at, by name."""
    sure = min(max(evidence.confidence, _EDGE), 1 - _EDGE)
    odds = math.log(sure / (1 - sure))
    kind = kind_of(program)
    return {
        "odds": odds,
        "act": float(kind is Kind.ACT),
        "refusal": float(kind is Kind.REFUSAL),
        "act odds": odds if kind is Kind.ACT else 0.0,
        "refusal odds": odds if kind is Kind.REFUSAL else 0.0,
        "legal mass": math.log(max(evidence.legal_mass, _MASS_FLOOR)),
        "choices": float(len(evidence.choices)),
        "trigger": float(any(s.trigger is not None for s in program.statements)),
        "statements": float(len(program.statements) - 1),
    }


@dataclass(frozen=True)
class Calibration:
    """Weights of the features."""

    weights: Mapping[str, float] = field(default_factory=lambda: {"odds": 1.0})
    bias: float = 0.0

    @classmethod
    def from_papers(cls, papers: Mapping[str, Any]) -> Calibration:
        """
        What the paper of a model holds; without it the model's own probability is taken as it is.

        Raises:
            AttributeError, KeyError, TypeError, ValueError: it is damaged.
        """
        stored = papers.get("calibration") or {}
        if "weights" not in stored:
            return cls()
        return cls(
            {str(k): float(v) for k, v in stored["weights"].items()},
            float(stored["bias"]),
        )

    def probability(self, program: Program, evidence: Evidence) -> float:
        """How likely the program is right, 0 to 1."""
        found = features(program, evidence)
        odds = self.bias + sum(
            weight * found.get(name, 0.0) for name, weight in self.weights.items()
        )
        return 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))
