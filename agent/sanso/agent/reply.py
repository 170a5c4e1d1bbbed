"""What the agent gives back for a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sanso.devices import Outcome, OutcomeCode

if TYPE_CHECKING:
    from sanso.grammars import Program

    from .caution import Judgement
    from .evidence import Evidence
    from .policy_verdict import Review
    from .prompt import Turn


_NOT_FAILED: Final = (
    OutcomeCode.CONFIRMED,
    OutcomeCode.UNCHANGED,
    OutcomeCode.PENDING,
    OutcomeCode.NEEDS_CONFIRMATION,
)


@dataclass(frozen=True)
class Reply:
    """A sentence, what it was taken for, what was done, and the words for it."""

    utterance: str
    lang: str
    """`ko` or `en`: the language of the answer."""
    words: str
    """The answer, built from what the purifier reported."""
    program: Program | None = None
    """None where the sentence could not be read."""
    results: tuple[Outcome | str, ...] = ()
    """What became of each statement: an outcome, or an answer in words."""
    evidence: Evidence | None = None
    milliseconds: dict[str, float] = field(default_factory=dict)
    """Time by stage: `decide` (text to program), `act`, `total`."""
    error: str = ""
    """Why there is no program: `empty`, `too_long`, `too_slow`, `cancelled`."""
    sentence: str = ""
    """As the model read it."""
    turns: tuple[Turn, ...] = ()
    """What the model saw of the conversation before."""
    judgement: Judgement | None = None
    """Whether the evidence was enough; None where no model was asked."""
    review: Review | None = None
    """What the policy said; None where nothing was to be carried out."""
    asks_again: bool = False
    """Whether a yes met the question for a value, which is asked again."""

    @property
    def asks(self) -> bool:
        """Whether the agent did nothing but ask: if it had understood, or for a value again."""
        meant = self.judgement is not None and self.judgement.meant is not None
        return meant or self.asks_again

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What became of the calls that concern the appliance."""
        return tuple(r for r in self.results if isinstance(r, Outcome))

    @property
    def undone(self) -> bool:
        """Whether something that was asked of the appliance did not happen: it could not, it did not say so, or the rules forbid it."""
        failed = any(o.code not in _NOT_FAILED for o in self.outcomes)
        return failed or (self.review is not None and bool(self.review.refused))

    def as_json(self) -> dict[str, Any]:
        """Plain values, for `--json`."""
        return {
            "utterance": self.utterance,
            "lang": self.lang,
            "program": self.program.texts() if self.program else [],
            "statements": [
                s.as_json() for s in (self.program.statements if self.program else ())
            ],
            "outcomes": [
                {"call": o.call.render(), "code": o.code.value, "detail": o.detail}
                for o in self.outcomes
            ],
            "undone": self.undone,
            "words": self.words,
            "confidence": round(self.evidence.confidence, 4) if self.evidence else None,
            "judgement": self.judgement.as_json() if self.judgement else None,
            "ms": {name: round(ms, 2) for name, ms in self.milliseconds.items()},
            "error": self.error or None,
        }
