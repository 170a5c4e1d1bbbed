"""What recognition costs, by models of random weights."""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

import pytest

from sanso.agent.voice.errors import TranscriberError
from sanso.agent.voice.transcribe_cost import measure_costs
from sanso.agent.voice.transcribe_random import (
    SHAPES,
    Shape,
    standard_tokens,
    write_random,
)

SMALL = {
    "one": Shape(width=16, heads=1, layers=1, tokens=40),
    "two": Shape(width=32, heads=2, layers=2, tokens=40),
}


def test_measures_every_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each shape, number of threads, window and stage has a row; nothing stays on the disk."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    began: list[str] = []
    rows = measure_costs(
        SMALL, threads=(1, 2), windows=(30, 8), rounds=2, report=began.append
    )
    assert began == ["one", "two"]
    keys = [(row.shape, row.threads, row.window, row.stage) for row in rows]
    assert set(keys) == set(product(SMALL, (1, 2), (30, 8), ("encode", "decode")))
    assert len(keys) == len(set(keys))
    assert all(0 < row.p50 <= row.p95 for row in rows)
    first = {row.stage: row for row in reversed(rows)}
    for row in rows:
        assert row.ratio == pytest.approx(row.p50 / first[row.stage].p50)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_are_whispers(name: str) -> None:
    """A shape has the heads and the vocabulary of its size, with every token in its place."""
    shape = SHAPES[name]
    assert shape.width == 64 * shape.heads
    tokens = standard_tokens(shape)
    assert len(tokens) == len(set(tokens)) == 51_865


def test_weights_are_the_same_for_a_seed(tmp_path: Path) -> None:
    """A seed gives the same weights on every day, and another one others."""
    written = []
    for number, seed in enumerate((1, 1, 2)):
        folder = tmp_path / str(number)
        folder.mkdir()
        write_random(folder, SMALL["one"], standard_tokens(SMALL["one"]), seed=seed)
        written.append((folder / "model.bin").read_bytes())
    assert written[0] == written[1] != written[2]


def test_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library there is one line with the cure."""
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    with pytest.raises(TranscriberError, match=r"pip install 'sanso\[voice\]'"):
        measure_costs(SMALL)
