"""
Write what was measured into the READMEs and the model card.

Strategy: every figure stands between two markers, and only this file writes there, from the summary of a run and from the
paper beside the shipped model. All texts are made before the first file is written.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sanso.agent.errors import UsageError

from .evaluation.report import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .evaluation.report import Summary

TREE: Final = Path(__file__).resolve().parents[3]
"""The source tree, where this is one."""
PAPER: Final = "models/sanso/models/shipped/sanso.json"
README, README_KO, CARD = "README.md", "README.ko.md", "models/CARD.md"

KOREAN: Final[Mapping[str, str]] = {
    "sentences": "문장",
    "functional success": "성공",
    "wrong acts": "잘못된 동작",
    "harmless misses": "무해한 실패",
    "all sentences": "모든 문장",
    "Korean": "한국어",
    "English": "영어",
    "mixed": "한영 혼용",
    "turns of dialogues": "대화 속 발화",
    "whole dialogues": "대화 전체",
}
"""Cells of the table, in Korean; what is not named here is a figure."""

_BYTES_PER_MB: Final = 1e6


def write_results(summary: Summary, tree: Path = TREE) -> list[Path]:
    """
    Put the results into both READMEs and the card, and the shipped model's facts into the card; the files written.

    Raises:
        UsageError: the source tree, a marker in it, or the shipped model's paper is not there.
        OSError: a file cannot be written.
    """
    paper = _paper(tree)
    english = f"{markdown(summary)}\n\n{_told(summary, paper)}"
    korean = f"{in_korean(markdown(summary))}\n\n{_told_korean(summary, paper)}"
    card = _filled(_text(tree, CARD), "results", english)
    texts = {
        README: _filled(_text(tree, README), "results", english),
        README_KO: _filled(_text(tree, README_KO), "results", korean),
        CARD: _filled(card, "facts", facts(paper)),
    }
    for name, text in texts.items():
        (tree / name).write_text(text, encoding="utf-8", newline="\n")
    return [tree / name for name in texts]


def facts(paper: Mapping[str, Any]) -> str:
    """The paper of a model as a Markdown table."""
    recipe = paper["recipe"]
    rows = {
        "parameters": f"{paper['parameters']:,}",
        "size": f"{paper['bytes']:,} bytes ({paper['quantization']})",
        "recipe": recipe if isinstance(recipe, str) else recipe["name"],
        "steps": f"{paper['steps']:,}",
        "made on": paper["made_on"],
        "started from": f"`{start[:16]}…`"
        if (start := paper.get("started_from"))
        else "nothing",
        "prompt version": paper["prompt_version"],
        "SHA-256 of the file": f"`{paper['sha256']}`",
        "of its grammar": f"`{paper['grammar']}`",
        "of recipe and sentences": f"`{paper['training']}`",
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])


def in_korean(table: str) -> str:
    """The same Markdown table with its words in Korean."""
    return "\n".join(
        "|".join(_cell_in_korean(cell) for cell in line.split("|"))
        for line in table.splitlines()
    )


def _cell_in_korean(cell: str) -> str:
    word = KOREAN.get(cell.strip())
    return cell if word is None else f" {word} "


def _told(summary: Summary, paper: Mapping[str, Any]) -> str:
    middle, late = summary.milliseconds
    return (
        f"The shipped model: {paper['parameters'] / 1e6:.1f} million parameters, "
        f"{_megabytes(paper)} MB ({paper['quantization']}). Text to program: median "
        f"{middle:.1f} ms, 95% within {late:.1f} ms, on one thread ({platform.machine()})."
    )


def _told_korean(summary: Summary, paper: Mapping[str, Any]) -> str:
    middle, late = summary.milliseconds
    return (
        f"함께 들어 있는 모델: 매개변수 {paper['parameters'] / 1e4:.0f}만 개, "
        f"{_megabytes(paper)} MB({paper['quantization']}). 문장이 프로그램이 되기까지: 중앙값 "
        f"{middle:.1f} ms, 95%가 {late:.1f} ms 이내, 스레드 하나({platform.machine()})."
    )


def _megabytes(paper: Mapping[str, Any]) -> str:
    return f"{paper['bytes'] / _BYTES_PER_MB:.1f}"


def _paper(tree: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((tree / PAPER).read_text(encoding="utf-8")))
    except FileNotFoundError:
        msg = f"there is no {PAPER}; --readme needs a clone with the shipped model"
        raise UsageError(msg) from None


def _text(tree: Path, name: str) -> str:
    try:
        return (tree / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        msg = f"there is no {name}; --readme works in a clone of the repository only"
        raise UsageError(msg) from None


def _filled(text: str, name: str, content: str) -> str:
    """The text with something else between a pair of markers."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    head, opened, rest = text.partition(begin)
    _, closed, tail = rest.partition(end)
    if not opened or not closed:
        msg = f"there is no {begin} ... {end} to write between; put the markers back"
        raise UsageError(msg)
    return f"{head}{begin}\n{content}\n{end}{tail}"
