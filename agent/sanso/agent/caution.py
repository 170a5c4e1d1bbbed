"""
Act, ask, or say that it was not understood: what the evidence for a program is enough for.

Strategy: two thresholds a kind of output. They belong to the exact model, are chosen on the held-out families for a wanted share of the wrong acts, and stand in its
paper, one pair for each degree of caution. What is harder to take back needs more. Where a refusal is doubtful and an act stands behind it,
the agent asks about the act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sanso.grammars import PURIFIER, At, CallSet, CancelTimer, Program, When, parse

from .calibration import Calibration
from .errors import ModelError
from .evidence import Evidence
from .guard import lost_time
from .kinds import Kind, kind_of
from .policy import needs_yes

if TYPE_CHECKING:
    from sanso.grammars import Statement

    from .evidence import RunnerUp


class Caution(StrEnum):
    """How much evidence is wanted before an act."""

    OFF = "off"
    """Whatever the model writes is done."""
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Doing(StrEnum):
    """What becomes of a program."""

    DO = "do"
    ASK = "ask"
    """The agent asks whether it was meant."""
    UNCLEAR = "unclear"
    """The agent says that it did not understand."""


@dataclass(frozen=True)
class Thresholds:
    """For one kind of output, as calibrated probabilities."""

    do: float
    """From here on it is done."""
    ask: float
    """From here on it is asked about; below, it was not understood."""


@dataclass(frozen=True)
class Judgement:
    """What the evidence for one program is enough for, and why."""

    kind: Kind
    probability: float
    """That the program is right, calibrated."""
    thresholds: Thresholds
    doing: Doing
    guard: str = ""
    """Words of the sentence that name a time which the program lacks."""
    meant: Program | None = None
    """What is asked about; None unless asking."""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "kind": self.kind.value,
            "probability": round(self.probability, 4),
            "do_from": round(self.thresholds.do, 4),
            "ask_from": round(self.thresholds.ask, 4),
            "doing": self.doing.value,
            "guard": self.guard or None,
            "meant": self.meant.render() if self.meant else None,
        }


_HARD_SHARE: Final = 0.3
"""What is hard to take back needs this much of the way from its threshold to certainty more."""
_FREE: Final = Thresholds(0.0, 0.0)
_UNCALIBRATED: Final = {
    Caution.LOW: {Kind.ACT: Thresholds(0.4, 0.05)},
    Caution.NORMAL: {Kind.ACT: Thresholds(0.6, 0.1)},
    Caution.HIGH: {Kind.ACT: Thresholds(0.8, 0.2)},
}
"""For a model without a paper: on its own probabilities, for acts alone."""


class Judge:
    """Weighs programs for one model, at one degree of caution."""

    def __init__(
        self,
        papers: Mapping[str, Any],
        caution: Caution = Caution.NORMAL,
        calls: CallSet = PURIFIER,
    ) -> None:
        """
        Take calibration and thresholds from the paper of a model that writes these calls.

        Raises:
            ModelError: the calibration in the paper is damaged.
        """
        self.caution = caution
        self._calls = calls
        try:
            self.calibration = Calibration.from_papers(papers)
            self._thresholds = _thresholds(papers, caution)
        except (AttributeError, KeyError, TypeError, ValueError):
            msg = "the calibration in the model's paper is damaged; `sanso calibrate` makes it anew"
            raise ModelError(msg, path="") from None

    @property
    def looks_below(self) -> float:
        """The model's own probability from which down runner-up programs are worth a look."""
        return 0.0 if self.caution is Caution.OFF else 0.8

    def judge(
        self,
        sentence: str,
        program: Program,
        evidence: Evidence,
        released: Program | None = None,
    ) -> Judgement:
        """What to do with a program for a normalized sentence; `released` is what a yes in it would let happen."""
        sure = self.calibration.probability(program, evidence)
        if released is not None and self.caution is not Caution.OFF:
            kind = kind_of(released)
            bounds = self._bounds(kind, released)
            if sure < bounds.do:  # a doubtful yes is none: it is asked again
                return Judgement(kind, sure, bounds, Doing.ASK, meant=released)
            return Judgement(kind, sure, bounds, Doing.DO)
        return self.weigh(sentence, program, sure, evidence.runner_ups)

    def weigh(
        self,
        sentence: str,
        program: Program,
        sure: float,
        runner_ups: tuple[RunnerUp, ...] = (),
    ) -> Judgement:
        """The same for a calibrated probability."""
        kind = kind_of(program)
        asked = all(needs_yes(call) for call in program.calls())
        if self.caution is Caution.OFF or asked:  # what asks anyway is not asked twice
            return Judgement(kind, sure, _FREE, Doing.DO)
        bounds = self._bounds(kind, program)
        if lost := lost_time(sentence, program):
            return Judgement(kind, sure, bounds, Doing.ASK, lost, program)
        if sure >= bounds.do:
            return Judgement(kind, sure, bounds, Doing.DO)
        if kind is Kind.REFUSAL:
            meant = _act_behind(runner_ups, self._calls)
            doing = Doing.ASK if meant else Doing.DO  # a refusal harms nobody
            return Judgement(kind, sure, bounds, doing, meant=meant)
        if sure >= bounds.ask:
            return Judgement(kind, sure, bounds, Doing.ASK, meant=program)
        return Judgement(kind, sure, bounds, Doing.UNCLEAR)

    def _bounds(self, kind: Kind, program: Program) -> Thresholds:
        bounds = self._thresholds.get(kind, _FREE)
        if bounds.do and any(_hard(statement) for statement in program.statements):
            more = bounds.do + _HARD_SHARE * (1 - bounds.do)
            return Thresholds(more, bounds.ask)
        return bounds


def _hard(statement: Statement) -> bool:
    """What goes on working unseen, or is gone for good."""
    trigger = statement.trigger
    again = isinstance(trigger, At) and trigger.repeat != "once"
    return again or isinstance(trigger, When) or isinstance(statement.call, CancelTimer)


_LEAST_MEANT: Final = 0.2


def _act_behind(runner_ups: tuple[RunnerUp, ...], calls: CallSet) -> Program | None:
    """The likeliest act or answer among the runner-ups, if it is likely enough to ask about."""
    for other in runner_ups:
        if other.probability < _LEAST_MEANT:
            return None
        program = parse(other.program, calls)
        if kind_of(program) is not Kind.REFUSAL:
            return program
    return None


def _thresholds(
    papers: Mapping[str, Any], caution: Caution
) -> Mapping[Kind, Thresholds]:
    calibration = papers.get("calibration") or {}
    stored = calibration.get("thresholds", {}).get(caution.value)
    if stored is None:
        return _UNCALIBRATED.get(caution, {})
    return {
        Kind(kind): Thresholds(float(do), float(ask))
        for kind, (do, ask) in stored.items()
    }
