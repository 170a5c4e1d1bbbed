"""Calibration: probabilities that hold, thresholds that do what they were chosen for, a paper that keeps them."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from sanso.agent import Caution, Choice, Engine, Evidence, ModelError
from sanso.agent.bundle import shipped_model
from sanso.agent.calibration import Calibration
from sanso.agent.evidence import Option
from sanso.grammars import parse
from sanso.models.calibrate import write_paper
from sanso.models.corpus.stream import Example
from sanso.models.evaluation.calibrating import (
    Judged,
    calibrate,
    calibration_error,
    judge_cases,
    judge_examples,
    probabilities,
)
from sanso.models.evaluation.cases import read_cases
from sanso.models.evaluation.score import Mark

ACT, QUERY, NOISE = (
    parse(text)
    for text in ("set_power(state=off)", "query(item=air)", "reject(reason=noise)")
)


def drawn(count: int, overconfident: float = 3.0) -> list[Judged]:
    """Decisions of a model that is right as often as the square root of its odds says: far too sure of itself."""
    rng = random.Random(2)
    rows = []
    for _ in range(count):
        truth = rng.uniform(0.3, 0.999)
        odds = (truth / (1 - truth)) ** overconfident
        sure = odds / (1 + odds)
        program = rng.choice((ACT, ACT, QUERY, NOISE))
        wrong = Mark.WRONG_ACT if program is ACT else Mark.MISS
        mark = Mark.RIGHT if rng.random() < truth else wrong
        choice = Choice("x", sure, 1.0, (Option("y", (1 - sure) / 2),))
        rows.append(Judged("바람", program, Evidence((choice,), 1, 1, 1), mark))
    return rows


def test_it_makes_an_overconfident_model_honest() -> None:
    """What it tells is what happens, on rows that the fit has not seen; before, it was far off."""
    rows = drawn(3000)
    stored = calibrate(rows[:2000])
    fresh = rows[2000:]
    right = np.array([row.right for row in fresh])
    raw = np.array([row.evidence.confidence for row in fresh])
    told = probabilities(fresh, stored)
    assert calibration_error(told, right) < 0.05
    assert calibration_error(raw, right) > 2 * calibration_error(told, right)
    assert stored["figures"]["expected_calibration_error"] < 0.05
    assert stored["figures"]["area_under_roc"] > 0.65


def test_thresholds_leave_the_wanted_share() -> None:
    """Of the wrong acts a half, a quarter, three quarters; more caution asks about more."""
    stored = calibrate(drawn(3000))
    found = stored["figures"]["caution"]
    for level, wanted in (("low", 0.75), ("normal", 0.5), ("high", 0.25)):
        row = found[level]
        assert row["wrong_acts_left"] / row["wrong_acts"] == pytest.approx(
            wanted, abs=0.02
        )
    asked = [found[level]["right_acts_asked"] for level in ("low", "normal", "high")]
    assert asked == sorted(asked)
    limits = [
        stored["thresholds"][level]["act"][0] for level in ("low", "normal", "high")
    ]
    assert limits == sorted(limits)


def test_too_little_to_calibrate_on() -> None:
    """Few decisions, or none that is wrong, give no calibration but a reason."""
    with pytest.raises(ValueError, match="too few"):
        calibrate(drawn(20))
    with pytest.raises(ValueError, match="too few"):
        calibrate([row for row in drawn(400) if row.right])


def test_the_error_of_bins() -> None:
    """By hand: a bin that tells 0.95 and is right in half of the cases."""
    sure = np.array([0.95, 0.95, 0.15, 0.15])
    right = np.array([True, False, False, False])
    assert calibration_error(sure, right) == pytest.approx(0.5 * 0.45 + 0.5 * 0.15)


@pytest.mark.engine
def test_the_shipped_paper_is_of_its_file() -> None:
    """It holds a calibration whose figures are those that were promised."""
    with Engine.open() as engine:
        stored = engine.bundle.papers["calibration"]
    assert stored["figures"]["expected_calibration_error"] <= 0.05
    assert stored["figures"]["area_under_roc"] >= 0.85
    assert {*stored["thresholds"]} == {level.value for level in Caution} - {"off"}
    kept = Calibration.from_papers({"calibration": stored})
    sure = Evidence((Choice("x", 0.999, 1.0),))
    unsure = Evidence((Choice("x", 0.3, 1.0),))
    assert kept.probability(ACT, sure) > kept.probability(ACT, unsure)


@pytest.mark.engine
def test_decisions_are_judged() -> None:
    """A right program, another one of the same effect, and a wrong one."""
    with Engine.open() as engine:
        rows = judge_examples(
            engine,
            [
                Example("바람 3단으로 해 줘", "set_fan_level(level=3)"),
                Example("바람 3단으로 해 줘", "set_fan_percent(percent=60)"),
                Example("바람 3단으로 해 줘", "set_power(state=off)"),
            ],
        )
        assert [row.mark for row in rows] == [Mark.RIGHT, Mark.RIGHT, Mark.WRONG_ACT]
        cases = Path(__file__).parents[1] / "cases" / "house_dialogues.jsonl"
        dialogues = read_cases(cases)[:6]
        judged = judge_cases(engine, dialogues)
        assert len(judged) == sum(len(case.turns) for case in dialogues)
        assert sum(row.right for row in judged) > len(judged) / 2


def test_the_paper_is_written_whole(tmp_path: Path) -> None:
    """The rest of it stays; a file without a paper is refused."""
    model = tmp_path / "sanso.gguf"
    shutil.copy(shipped_model(), model)
    with pytest.raises(ModelError, match="no paper"):
        write_paper(model, {})
    shutil.copy(shipped_model().with_suffix(".json"), model.with_suffix(".json"))
    write_paper(model, {"weights": {"odds": 0.5}, "bias": 0.1})
    paper = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
    assert paper["calibration"]["bias"] == 0.1
    assert paper["sha256"]
    with Engine.open(model) as engine:
        assert engine.bundle.papers["calibration"]["weights"] == {"odds": 0.5}
