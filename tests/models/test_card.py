from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from sanso.agent.errors import UsageError
from sanso.grammars import parse
from sanso.models.card import (
    CARD,
    KOREAN,
    PAPER,
    README,
    README_KO,
    TREE,
    facts,
    in_korean,
    write_results,
)
from sanso.models.evaluation.cases import Case, Expected
from sanso.models.evaluation.report import Summary, markdown, summarize
from sanso.models.evaluation.score import Mark, Verdict

WRITTEN = (README, README_KO, CARD)
PAPERS = {
    "sha256": "ab" * 32,
    "bytes": 4_912_345,
    "quantization": "Q8_0",
    "parameters": 4_612_000,
    "prompt_version": 1,
    "recipe": {"name": "sanso", "seed": 1},
    "steps": 30_000,
    "made_on": "2026-01-02",
    "grammar": "cd" * 32,
    "training": "ef" * 32,
}


def verdict(
    lang: str, mark: Mark, turns: int = 1, milliseconds: float = 2.0
) -> Verdict:
    """Make a turn that ended so."""
    expected = Expected("켜 줘", (parse("set_power(state=on)"),))
    case = Case(f"{lang}-{turns}", lang, (expected,) * turns, ("power",), {})
    return Verdict(case, 0, "set_power(state=on)", mark, 0.9, milliseconds)


@pytest.fixture
def summary() -> Summary:
    """Give a run with every row that the main table can have."""
    single = [verdict(lang, Mark.RIGHT) for lang in ("ko", "en", "mix")]
    return summarize([*single, verdict("ko", Mark.MISS), verdict("en", Mark.RIGHT, 2)])


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a copy of the files that are written, with a paper."""
    for name in WRITTEN:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TREE / name, tmp_path / name)
    (tmp_path / PAPER).parent.mkdir(parents=True)
    (tmp_path / PAPER).write_text(json.dumps(PAPERS), encoding="utf-8")
    return tmp_path


def block(path: Path, name: str) -> str:
    """Return what stands between a pair of markers."""
    text = path.read_text(encoding="utf-8")
    found = re.search(
        f"<!-- {name}:begin -->\n(.*)\n<!-- {name}:end -->", text, re.DOTALL
    )
    assert found is not None
    return found.group(1)


def around(text: str) -> str:
    """Return a text without what stands between markers."""
    return re.sub(
        r"(<!-- (\w+):begin -->).*?(<!-- \2:end -->)", r"\1\3", text, flags=re.DOTALL
    )


def test_the_table_stands_in_all_three_files(tree: Path, summary: Summary) -> None:
    """READMEs and card carry the table of the report, the Korean one in Korean."""
    assert write_results(summary, tree) == [tree / name for name in WRITTEN]
    table = markdown(summary)
    for name, expected in zip(WRITTEN, (table, in_korean(table), table), strict=True):
        assert block(tree / name, "results").startswith(expected)


def test_nothing_else_is_touched(tree: Path, summary: Summary) -> None:
    """What a person wrote around the markers stays to the letter."""
    before = {name: around((tree / name).read_text("utf-8")) for name in WRITTEN}
    write_results(summary, tree)
    after = {name: around((tree / name).read_text("utf-8")) for name in WRITTEN}
    assert after == before


def test_writing_twice_is_writing_once(tree: Path, summary: Summary) -> None:
    """The same results again change nothing."""
    write_results(summary, tree)
    once = [(tree / name).read_bytes() for name in WRITTEN]
    write_results(summary, tree)
    assert [(tree / name).read_bytes() for name in WRITTEN] == once


def test_the_card_tells_the_paper(tree: Path, summary: Summary) -> None:
    """Size, steps and digest of the card are those of the paper beside the model."""
    write_results(summary, tree)
    told = block(tree / CARD, "facts")
    assert told == facts(PAPERS)
    for expected in ("4,612,000", "4,912,345 bytes", "Q8_0", "30,000", "ab" * 32):
        assert expected in told


def test_both_readmes_tell_the_same_figures(tree: Path, summary: Summary) -> None:
    """Every rate and time of the English README stands in the Korean one too."""
    write_results(summary, tree)
    rate = re.compile(r"\d+\.\d%|n=\d+|\d+\.\d ms|\d+\.\d MB")
    english, korean = (block(tree / n, "results") for n in (README, README_KO))
    assert rate.findall(korean) == rate.findall(english)


def test_every_word_of_the_table_has_a_korean_one(summary: Summary) -> None:
    """No row or head of the main table stays in English."""
    cells = [
        c.strip() for line in markdown(summary).split("\n") for c in line.split("|")
    ]
    words = {c for c in cells if re.search("[a-z]", c) and not re.search(r"n=\d", c)}
    assert words == set(KOREAN)


@pytest.mark.parametrize("missing", [*WRITTEN, PAPER])
def test_without_the_tree_nothing_is_written(
    tree: Path, summary: Summary, missing: str
) -> None:
    """Where a file is missing, the others stay as they are and the error names it."""
    (tree / missing).unlink()
    before = {path: path.read_bytes() for path in tree.rglob("*.md")}
    with pytest.raises(UsageError, match=re.escape(missing)):
        write_results(summary, tree)
    assert {path: path.read_bytes() for path in tree.rglob("*.md")} == before


def test_a_lost_marker_is_an_error(tree: Path, summary: Summary) -> None:
    """A README without its marker is refused, not rewritten."""
    text = (tree / README).read_text("utf-8").replace("<!-- results:end -->", "")
    (tree / README).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="results:begin"):
        write_results(summary, tree)
    assert (tree / README).read_text("utf-8") == text
