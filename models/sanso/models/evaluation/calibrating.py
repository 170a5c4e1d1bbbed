"""
Calibrate a GGUF: how often it is right at a given evidence, and from which evidence on it may act.

Strategy: the held-out families are decided by exactly this file; a logistic function of the evidence is fitted to right and wrong, and the thresholds
are those that leave a wanted share of the wrong acts. The figures come from folds by family: what is told of a sentence comes from a fit, and from thresholds, that have not seen
its family.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sanso.agent import UtteranceError
from sanso.agent.calibration import features
from sanso.agent.caution import Caution, Doing, Judge
from sanso.agent.kinds import Kind, kind_of
from sanso.agent.prompt import Turn, normalize
from sanso.grammars import Ask, ResetFilter, parse

from .cases import Expected
from .effect import Bench
from .score import Mark, judge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from sanso.agent import Engine, Evidence
    from sanso.grammars import Program
    from sanso.models.corpus.stream import Example

    from .cases import Case

WANTED: Final = {Caution.LOW: 0.75, Caution.NORMAL: 0.5, Caution.HIGH: 0.25}
"""Share of the wrong acts that is left at each degree of caution."""
_DISTURBED: Final = {Caution.LOW: 0.01, Caution.NORMAL: 0.03, Caution.HIGH: 0.06}
"""Share of the right answers and refusals that may be asked about."""
_STEPS: Final = 400
"""Thresholds that are tried between 0 and 1."""
_UNCLEAR: Final = 0.15
"""Below this probability asking is no use: the answer would nearly always be no."""
FLOOR: Final = {Caution.LOW: 0.4, Caution.NORMAL: 0.5, Caution.HIGH: 0.6}
"""Nothing is done that is likelier wrong than right, whatever the share of wrong acts."""
_FOLDS: Final = 5
_BINS: Final = 10


@dataclass(frozen=True)
class Judged:
    """One decision whose rightness is known."""

    sentence: str
    program: Program
    evidence: Evidence
    mark: Mark
    family: str = ""
    """First sentence of the dialogue that it belongs to, or its own."""

    @property
    def right(self) -> bool:
        """Whether it was what was wanted."""
        return self.mark is Mark.RIGHT


def judge_examples(engine: Engine, examples: Iterable[Example]) -> list[Judged]:
    """Decide labelled examples; those with too many tokens are left out."""
    found = []
    for example in examples:
        try:
            decision = engine.decide(
                example.sentence, example.turns, runner_ups_below=1.0
            )
        except UtteranceError:
            continue
        gold, got = parse(example.program), decision.program
        mark = Mark.RIGHT
        if gold != got:
            played = tuple(parse(turn.program) for turn in example.turns)
            expected = Expected(example.sentence, (gold,))
            mark = judge(expected, got.render(), Bench({}, played))
        family = example.turns[0].sentence if example.turns else example.sentence
        found.append(Judged(example.sentence, got, decision.evidence, mark, family))
    return found


def calibrate(rows: Sequence[Judged]) -> dict[str, Any]:
    """
    What stands in the paper: weights, thresholds, and the figures on sentences that the fit had not seen.

    Raises:
        ValueError: there are fewer than fifty decisions, or none of them is wrong.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    right = np.array([row.right for row in rows])
    if len(rows) < 10 * _FOLDS or right.all() or not right.any():
        msg = f"{len(rows)} decisions, {int(right.sum())} of them right, are too few to calibrate on"
        raise ValueError(msg)
    table = [features(row.program, row.evidence) for row in rows]
    # A figure that is the same everywhere tells nothing.
    names = [name for name in table[0] if len({line[name] for line in table}) > 1]
    matrix = np.array([[line[name] for name in names] for line in table])
    scale = matrix.std(axis=0)
    fit = LogisticRegression(max_iter=2000)
    families = [row.family or str(number) for number, row in enumerate(rows)]
    folds = list(GroupKFold(_FOLDS).split(matrix, right, families))
    unseen = cross_val_predict(
        fit, matrix / scale, right, cv=folds, method="predict_proba"
    )[:, 1]
    fit.fit(matrix / scale, right)
    stored = {
        "weights": dict(zip(names, (fit.coef_[0] / scale).tolist(), strict=True)),
        "bias": float(fit.intercept_[0]),
        "thresholds": _all_thresholds(rows, unseen),
    }
    stored["figures"] = figures_of(rows, unseen, _unseen_effects(rows, unseen, folds))
    return stored


def figures_of(
    rows: Sequence[Judged],
    sure: NDArray[np.float64],
    caution: dict[str, dict[str, float]],
) -> dict[str, Any]:
    """How far the probabilities of these decisions can be trusted; no area where all were right or all wrong."""
    from sklearn.metrics import roc_auc_score

    right = np.array([row.right for row in rows])
    mixed = right.any() and not right.all()
    return {
        "n": len(rows),
        "right": float(right.mean()),
        "expected_calibration_error": calibration_error(sure, right),
        "area_under_roc": float(roc_auc_score(right, sure)) if mixed else None,
        "caution": caution,
    }


def _unseen_effects(
    rows: Sequence[Judged], sure: NDArray[np.float64], folds: Sequence[Any]
) -> dict[str, dict[str, float]]:
    """What each degree does, each fold judged by thresholds of the others."""
    total: dict[str, dict[str, float]] = {}
    for others, fold in folds:
        limits = _all_thresholds([rows[i] for i in others], sure[others])
        found = effects([rows[i] for i in fold], sure[fold], {"thresholds": limits})
        for level, row in found.items():
            counted = total.setdefault(level, dict.fromkeys(row, 0))
            for name, value in row.items():
                counted[name] += value
    return total


def effects(
    rows: Sequence[Judged], sure: NDArray[np.float64], stored: dict[str, Any]
) -> dict[str, dict[str, float]]:
    """What each degree of caution does to these decisions, from their calibrated probabilities."""
    found = {}
    for level in WANTED:
        judges = Judge({"calibration": stored}, level)
        doing = [
            judges.weigh(
                row.sentence, row.program, float(p), row.evidence.runner_ups
            ).doing
            for row, p in zip(rows, sure, strict=True)
        ]
        found[level.value] = _effect(rows, doing)
    return found


def probabilities(
    rows: Sequence[Judged], stored: dict[str, Any]
) -> NDArray[np.float64]:
    """The calibrated probability of each decision."""
    judges = Judge({"calibration": stored})
    return np.array(
        [judges.calibration.probability(row.program, row.evidence) for row in rows]
    )


def calibration_error(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal width (Naeini et al. 2015)."""
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(sure[bins == i].mean() - right[bins == i].mean()) * (bins == i).mean()
        for i in range(_BINS)
        if (bins == i).any()
    ]
    return float(sum(gaps))


def _effect(rows: Sequence[Judged], doing: Sequence[Doing]) -> dict[str, float]:
    acts = [kind_of(row.program) is Kind.ACT for row in rows]
    wrong = [
        doing[i] is Doing.DO for i, row in enumerate(rows) if row.mark is Mark.WRONG_ACT
    ]
    right = [
        doing[i] is not Doing.DO for i, row in enumerate(rows) if row.right and acts[i]
    ]
    others = [
        doing[i] is not Doing.DO
        for i, row in enumerate(rows)
        if row.right and not acts[i]
    ]
    return {
        "wrong_acts": len(wrong),
        "wrong_acts_left": sum(wrong),
        "right_acts": len(right),
        "right_acts_asked": sum(right),
        "right_answers": len(others),
        "right_answers_asked": sum(others),
    }


def _all_thresholds(
    rows: Sequence[Judged], sure: NDArray[np.float64]
) -> dict[str, dict[str, list[float]]]:
    return {level.value: _thresholds(rows, sure, level) for level in WANTED}


def _thresholds(
    rows: Sequence[Judged], sure: NDArray[np.float64], level: Caution
) -> dict[str, list[float]]:
    """By kind of output: do it from here, ask from here."""
    do = _act_threshold(rows, sure, WANTED[level])
    do = max(do, FLOOR[level])
    found = {Kind.ACT.value: [do, min(_UNCLEAR, do)]}
    kinds = np.array([kind_of(row.program).value for row in rows])
    right = np.array([row.right for row in rows])
    for kind in (Kind.QUERY, Kind.REFUSAL):
        good = sure[(kinds == kind) & right]
        limit = float(np.quantile(good, _DISTURBED[level])) if len(good) else 0.0
        found[kind.value] = [min(limit, do), 0.0]
    return found


def _act_threshold(
    rows: Sequence[Judged], sure: NDArray[np.float64], wanted: float
) -> float:
    """The lowest threshold that leaves no more than this share of the wrong acts, by all rules of the judge together."""
    wrong = [i for i, row in enumerate(rows) if row.mark is Mark.WRONG_ACT]

    def few_enough(step: int) -> bool:
        limits = {Caution.NORMAL.value: {Kind.ACT.value: [step / _STEPS, 0.0]}}
        judges = Judge(
            {"calibration": {"weights": {}, "bias": 0, "thresholds": limits}}
        )
        left = sum(
            judges.weigh(rows[i].sentence, rows[i].program, float(sure[i])).doing
            is Doing.DO
            for i in wrong
        )
        return left <= wanted * len(wrong)

    # A higher threshold never lets more through, so the steps need not be tried one by one.
    return bisect_left(range(_STEPS), x=True, key=few_enough) / _STEPS


def judge_cases(engine: Engine, cases: Iterable[Case]) -> list[Judged]:
    """Decide evaluation cases, each turn of a dialogue behind the accepted programs of the turns before."""
    found = []
    for case in cases:
        turns: tuple[Turn, ...] = ()
        bench = Bench(case.state)
        for expected in case.turns:
            sentence = normalize(expected.text)
            decision = engine.decide(sentence, turns, runner_ups_below=1.0)
            got = decision.program
            mark = judge(expected, got.render(), bench)
            found.append(Judged(sentence, got, decision.evidence, mark))
            best = expected.accept[0]
            bench = bench.after(best)
            waits = any(isinstance(c, Ask | ResetFilter) for c in best.calls())
            last = tuple(replace(turn, waiting=False) for turn in turns[-1:])
            turns = (*last, Turn(sentence, best.render(), waiting=waits))
    return found
