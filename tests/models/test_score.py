"""Scores count what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.grammars import parse
from sanso.models.evaluation.cases import CaseError, Expected, read_cases
from sanso.models.evaluation.effect import Bench
from sanso.models.evaluation.report import markdown, summarize
from sanso.models.evaluation.score import (
    Mark,
    Verdict,
    judge,
    mcnemar,
    wilson,
)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # Newcombe 1998, table I, method 3, and its mirror image.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)],
)
def test_wilson(hits: int, n: int, low: float, high: float) -> None:
    """The interval is that of the literature."""
    assert wilson(hits, n) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(0, 300), st.integers(1, 300))
def test_wilson_holds_the_share(hits: int, n: int) -> None:
    """The share always lies in its interval, and the interval in 0 to 1."""
    hits = min(hits, n)
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= high <= 1


def test_mcnemar() -> None:
    """The exact test gives the binomial tail, and 1 where nothing differs."""
    assert mcnemar(0, 0) == 1
    assert mcnemar(0, 5) == pytest.approx(0.0625)
    assert mcnemar(1, 9) == pytest.approx(2 * 11 / 1024)


def expected(*accept: str, false_action: tuple[str, ...] = ()) -> Expected:
    """What a case accepts."""
    return Expected("said", tuple(parse(text) for text in accept), false_action)


@pytest.mark.parametrize(
    ("accept", "got", "mark"),
    [
        ("set_fan_level(level=max)", "set_fan_level(level=5)", Mark.RIGHT),
        ("set_fan_level(level=max)", "set_fan_percent(percent=100)", Mark.RIGHT),
        ("step_fan(by=+1)", "set_fan_level(level=3)", Mark.RIGHT),
        ("step_fan(by=+1)", "set_fan_level(level=4)", Mark.WRONG_ACT),
        ("set_power(state=on)", "set_light(level=on)", Mark.MISS),
        ("query(item=air)", "query(item=co2)", Mark.MISS),
        ("query(item=air)", "set_power(state=off)", Mark.WRONG_ACT),
        ("set_mode(mode=auto)", "reject(reason=noise)", Mark.MISS),
        ("set_mode(mode=auto)", "nonsense", Mark.INVALID),
        (
            "after(hours=1, minutes=30) -> set_power(state=off)",
            "set_power(state=off)",
            Mark.WRONG_ACT,
        ),
        (
            "lasting(hours=1, minutes=0) -> set_mode(mode=turbo)",
            "set_mode(mode=turbo)",
            Mark.WRONG_ACT,
        ),
        (
            "set_light(level=off); set_mode(mode=sleep)",
            "set_mode(mode=sleep); set_light(level=off)",
            Mark.RIGHT,
        ),
        (
            "set_light(level=off)",
            "set_light(level=off); set_mode(mode=sleep)",
            Mark.WRONG_ACT,
        ),
        ("set_light(level=off); query(item=air)", "set_light(level=off)", Mark.MISS),
    ],
)
def test_judging_by_effect(accept: str, got: str, mark: Mark) -> None:
    """A program is judged by what it does: another spelling is right, a lost time a wrong act."""
    assert judge(expected(accept), got, Bench({})) is mark


def test_a_false_action_counts_even_if_nothing_changes() -> None:
    """What a case names as plainly wrong is a wrong act whatever its effect."""
    case = expected("query(item=power)", false_action=("set_power(state=on)",))
    assert judge(case, "set_power(state=on)", Bench({"power": "on"})) is Mark.WRONG_ACT


def write(path: Path, *rows: object) -> Path:
    """A file of cases."""
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return path


def test_cases_are_read_and_bad_ones_named(tmp_path: Path) -> None:
    """A case that cannot be used is an error with file and line, never left out."""
    good = {"id": "a", "lang": "en", "text": "on", "accept": [["set_power(state=on)"]]}
    turns = [{"text": "on", "accept": [["set_power(state=on)"]]}] * 2
    talk = {"id": "b", "lang": "ko", "turns": turns}
    cases = read_cases(write(tmp_path / "c.jsonl", good, talk))
    assert [c.is_dialogue for c in cases] == [False, True]
    with pytest.raises(CaseError, match=r"d.jsonl:2"):
        read_cases(write(tmp_path / "d.jsonl", good, {**good, "accept": [["nope()"]]}))
    with pytest.raises(CaseError, match="no cases at"):
        read_cases(tmp_path / "none.jsonl")


def test_a_summary_counts_every_verdict_once(tmp_path: Path) -> None:
    """Rows add up, and the table shows n."""
    rows = [
        {"id": str(i), "lang": lang, "text": "x", "accept": [["set_power(state=on)"]]}
        for i, lang in enumerate(("ko", "ko", "en", "mix"))
    ]
    cases = read_cases(write(tmp_path / "c.jsonl", *rows))
    marks = (Mark.RIGHT, Mark.WRONG_ACT, Mark.RIGHT, Mark.MISS)
    verdicts = [
        Verdict(c, 0, "", m, 0.5, 1.0) for c, m in zip(cases, marks, strict=True)
    ]
    summary = summarize(verdicts)
    assert [row.right.n for row in summary.single] == [4, 2, 1, 1]
    assert [row.right.hits for row in summary.single] == [2, 1, 1, 0]
    assert "n=4" in markdown(summary)
