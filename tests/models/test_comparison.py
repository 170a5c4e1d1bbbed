"""Models side by side: the figures follow from the verdicts, and a stopped sweep goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from sanso.models.corpus.stream import Example
from sanso.models.evaluation.baselines import Copying, Linear, Nearest
from sanso.models.evaluation.cases import Case, read_cases
from sanso.models.evaluation.comparison import (
    Contestant,
    comparison_table,
    contestant,
    points_per_doubling,
    standings,
    sweep_table,
)
from sanso.models.evaluation.pictures import plot_curve, plot_risk, risk_and_coverage
from sanso.models.evaluation.runner import run
from sanso.models.evaluation.score import Mark, Verdict
from sanso.models.recipe import Recipe, RecipeError
from sanso.models.sweep import Variation, load_sweep, read_results, run_sweep
from sanso.models.training import load_corpus

CASES = Path(__file__).parents[1] / "cases"


def made(name: str, marks: list[Mark], **facts: object) -> Contestant:
    """A contestant on the sentences s-0, s-1 and so on."""
    return Contestant(name, {(f"s-{i}", 0): m for i, m in enumerate(marks)}, facts)


@pytest.fixture
def sentences(tmp_path: Path) -> list[Case]:
    """Ten single sentences."""
    rows = [
        {"id": f"s-{i}", "lang": "en", "text": "off", "accept": [["undo()"]]}
        for i in range(10)
    ]
    path = tmp_path / "ten.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return read_cases(path)


def test_a_difference_is_paired(sentences: list[Case]) -> None:
    """Eight turns that only the reference has right: 80 points, and p of the exact test."""
    best = made("best", [Mark.RIGHT] * 10)
    worse = made("worse", [Mark.RIGHT] * 2 + [Mark.WRONG_ACT] * 3 + [Mark.MISS] * 5)
    first, second = standings(best, [worse], sentences)
    assert first.difference == 0
    assert second.difference == pytest.approx(0.8)
    assert second.p == pytest.approx(2 / 2**8)
    assert second.wrong_acts.hits == 3
    assert "+80.0 points" in comparison_table([first, second])


def test_only_common_turns_are_compared(sentences: list[Case]) -> None:
    """Turns that one of both was not judged on count for neither."""
    best = made("best", [Mark.RIGHT] * 10)
    part = made("part", [Mark.MISS] * 4)
    more = made("more", [Mark.RIGHT] * 4 + [Mark.MISS] * 6)
    few = made("few", [Mark.RIGHT] * 4)
    assert standings(best, [part], sentences)[1].difference == pytest.approx(1.0)
    assert standings(few, [more], sentences)[1].sentences.value == pytest.approx(1.0)


def test_the_curve_tells_points_per_doubling() -> None:
    """Ten points for each doubling are found again; one number of lines is no curve."""
    runs = [
        made(str(n), [Mark.RIGHT] * right + [Mark.MISS] * (10 - right), lines=n)
        for n, right in ((1000, 4), (2000, 5), (4000, 6))
    ]
    assert points_per_doubling(runs) == pytest.approx(10)
    with pytest.raises(ValueError, match="two different"):
        points_per_doubling(runs[:1])


def test_a_sweep_tells_what_was_expected(sentences: list[Case]) -> None:
    """The table has the change, the expectation, and the difference to the base."""
    facts = {"parameters": 2e6, "exact": 0.5}
    base = made(
        "base", [Mark.RIGHT] * 5 + [Mark.MISS] * 5, change={}, expected="x", **facts
    )
    run_ = made("no-x", [Mark.MISS] * 10, change={"x": 0}, expected="worse", **facts)
    table = sweep_table(base, [base, run_], sentences)
    assert "| no-x | x = 0 | worse | 2.0 | 50.0%" in table
    assert "-50.0 points" in table


def test_risk_falls_with_the_unsure() -> None:
    """The surest come first; at full coverage the risk is that of all."""
    coverage, risk = risk_and_coverage([0.9, 0.2, 0.5, 0.7], [False, True, True, False])
    assert coverage == [0.25, 0.5, 0.75, 1.0]
    assert risk == pytest.approx([0, 0, 1 / 3, 1 / 2])


def test_pictures_are_drawn(tmp_path: Path) -> None:
    """Each picture is a PNG."""
    plot_curve([100, 200], [0.3, 0.4], tmp_path / "curve.png")
    plot_risk({"wrong": ([0.5, 1.0], [0.0, 0.1])}, tmp_path / "risk.png")
    for name in ("curve.png", "risk.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


LEARNED = [
    Example(said, program)
    for said, program in (
        ("turn it off", "set_power(state=off)"),
        ("switch it off now", "set_power(state=off)"),
        ("fan to three", "set_fan_level(level=3)"),
        ("fan to 5", "set_fan_level(level=5)"),
        ("fan on two please", "set_fan_level(level=2)"),
        ("off in two hours", "after(hours=2, minutes=0) -> set_power(state=off)"),
        ("off in 30 minutes", "after(hours=0, minutes=30) -> set_power(state=off)"),
        ("두 시간 뒤에 꺼 줘", "after(hours=2, minutes=0) -> set_power(state=off)"),
        ("밤 11시에 꺼 줘", "at(time=23:00, repeat=once) -> set_power(state=off)"),
    )
    for _ in range(3)
]


@pytest.mark.parametrize("make", [Nearest, Linear, Copying])
def test_a_baseline_knows_what_it_learned(make: type[Nearest | Linear]) -> None:
    """Each of the three gives the programs of sentences that it has seen."""
    baseline = make(LEARNED)
    assert baseline.program("turn it off") == "set_power(state=off)"
    assert baseline.program("fan to three") == "set_fan_level(level=3)"


def test_copying_takes_values_from_the_sentence() -> None:
    """Values that no training sentence had are read off the sentence; the others cannot know them."""
    baseline = Copying(LEARNED)
    wanted = "after(hours=5, minutes=0) -> set_power(state=off)"
    assert baseline.program("off in 5 hours") == wanted
    assert Linear(LEARNED).program("off in 5 hours") != wanted


@pytest.mark.parametrize("name", ["method", "curve"])
def test_the_projects_sweeps_are_valid(name: str) -> None:
    """Every run is a recipe, its name is its own, and something is expected of it."""
    runs = load_sweep(name)
    assert len({run.name for run in runs}) == len(runs)
    assert all(run.expected for run in runs)
    assert any(not run.change for run in runs)


def test_a_bad_sweep_is_explained(tmp_path: Path) -> None:
    """A field that no recipe has is named; a missing sweep names those that exist."""
    path = tmp_path / "bad.toml"
    path.write_text(
        'base = "small"\n[[run]]\nname = "x"\nchange = { colour = 1 }', encoding="utf-8"
    )
    with pytest.raises(RecipeError, match="colour"):
        load_sweep(str(path))
    with pytest.raises(RecipeError, match="curve, method"):
        load_sweep("none")
    path.write_text('base = "small"\nrun = ["a"]', encoding="utf-8")
    with pytest.raises(RecipeError, match="AttributeError"):
        load_sweep(str(path))
    twice = '[[run]]\nname = "x"\n'
    path.write_text(f'base = "small"\n{twice * 2}', encoding="utf-8")
    with pytest.raises(RecipeError, match="one name"):
        load_sweep(str(path))
    with pytest.raises(RecipeError, match="no finished run"):
        read_results(tmp_path / "none")


@pytest.mark.train
def test_a_stopped_sweep_goes_on(tmp_path: Path) -> None:
    """A run with a result is not done again; the next one is."""
    recipe = Recipe(
        name="a", pieces=2000, width=32, layers=1, heads=1, hidden=32, steps=2, batch=4
    )
    runs = [Variation("a", recipe), Variation("b", recipe)]
    judged: list[Path] = []

    def judge(model: Path) -> list[Verdict]:
        judged.append(model)
        if len(judged) == 2:
            raise KeyboardInterrupt
        return run(read_cases(CASES / "house.jsonl")[:2], Nearest(LEARNED))

    def corpus(recipe: Recipe):  # type: ignore[no-untyped-def] # noqa: ANN202
        return load_corpus(recipe, None)

    quiet = Console(quiet=True)
    with pytest.raises(KeyboardInterrupt):
        run_sweep(runs, tmp_path, corpus, judge, quiet)
    run_sweep(runs, tmp_path, corpus, judge, quiet)
    assert [path.parent.name for path in judged] == ["a", "b", "b"]
    results = read_results(tmp_path)
    assert [r["name"] for r in results] == ["a", "b"]
    assert contestant("a", results[0]).marks
