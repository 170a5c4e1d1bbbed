"""
Gather what a comparison needs, and write its report: the models judged, the baselines trained, the sweeps read.

Strategy: what takes long leaves its result in the report's folder and is not done again while the data are the same; the pictures and tables are
made anew from the results each time.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from sanso.models.recipe import load_recipe
from sanso.models.sweep import read_results, write_result

from .comparison import (
    Contestant,
    comparison_table,
    contestant,
    curve,
    points_per_doubling,
    standings,
    sweep_table,
)
from .pictures import plot_curve, plot_risk, plot_types, risk_and_coverage
from .report import summarize
from .runner import run
from .score import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from sanso.models.corpus.stream import Example

    from .baselines import Baseline
    from .cases import Case
    from .score import Verdict

_FEW_CASES: Final = 5
"""Groups below are left out of the picture of types."""


def write_comparison(
    cases: Sequence[Case],
    out: Path,
    *,
    judge: Callable[[Path | None], Sequence[Verdict]],
    former: Path | None,
    sweeps: Iterable[Path],
    examples: int,
    corpus: Path | None,
    keys: frozenset[str],
    tell: Callable[[str], None],
) -> list[Path]:
    """
    Write `comparison.md` and its pictures; the files written.

    Raises:
        OSError: a file cannot be read or written.
        SansoError: a model, a case or a sweep cannot be used.
    """
    out.mkdir(parents=True, exist_ok=True)
    tell("the shipped model")
    verdicts = judge(None)
    shipped = _of("shipped", verdicts)
    others: list[Contestant] = []
    if former is not None:
        tell(f"{former.name}")
        others.append(_of("former model", judge(former)))
    others += _baselines(cases, out / "baselines", examples, corpus, keys, tell)
    parts = [
        "# Comparison",
        "",
        f"{len(cases)} cases, {len(verdicts)} turns. Behind: share of turns, p by McNemar's test.",
        "",
        comparison_table(standings(shipped, others, cases)),
        "",
    ]
    written = _pictures(verdicts, out)
    for folder in sweeps:
        runs = [contestant(r["name"], r) for r in read_results(folder)]
        if runs:
            parts += _sweep(folder.name, runs, cases, out, written)
    report = out / "comparison.md"
    report.write_text("\n".join(parts), encoding="utf-8")
    return [report, *written]


def _of(name: str, verdicts: Sequence[Verdict]) -> Contestant:
    return contestant(name, {"verdicts": [v.as_json() for v in verdicts]})


def _sweep(
    name: str,
    runs: Sequence[Contestant],
    cases: Sequence[Case],
    out: Path,
    written: list[Path],
) -> list[str]:
    whole = max(runs, key=lambda run: (run.name == "base", run.facts["lines"]))
    parts = [f"## {name}", "", sweep_table(whole, runs, cases), ""]
    lines, success = curve(runs)
    if len(set(lines)) > 1:
        path = out / f"{name}.png"
        plot_curve(lines, success, path)
        written.append(path)
        gain = points_per_doubling(runs)
        parts += [
            f"Each doubling of the written lines: {gain:+.1f} points (all turns).",
            "",
        ]
    return parts


def _baselines(
    cases: Sequence[Case],
    folder: Path,
    count: int,
    corpus: Path | None,
    keys: frozenset[str],
    tell: Callable[[str], None],
) -> list[Contestant]:
    """Train and judge each baseline on what the model learns from; a stored result of the same data is taken."""
    from .baselines import Copying, Linear, Nearest

    kinds: dict[str, Callable[[Sequence[Example]], Baseline]] = {
        "nearest neighbour": Nearest,
        "linear, whole programs": Linear,
        "linear, copied values": Copying,
    }
    drawn = _examples(count, corpus, keys)
    digest = _digest(drawn, cases)
    found = []
    for name, make in kinds.items():
        path = folder / f"{name.replace(' ', '-').replace(',', '')}.json"
        stored = _stored(path, digest)
        if stored is None:
            tell(f"training: {name}, on {len(drawn)} sentences")
            verdicts = run(cases, make(drawn))
            stored = {"data": digest, "verdicts": [v.as_json() for v in verdicts]}
            folder.mkdir(parents=True, exist_ok=True)
            write_result(path, stored)
        found.append(contestant(name, stored))
    return found


def _stored(path: Path, digest: str) -> dict[str, Any] | None:
    if not path.exists():
        return None
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return result if result.get("data") == digest else None


def _examples(count: int, corpus: Path | None, keys: frozenset[str]) -> list[Example]:
    from sanso.models.corpus.stream import Stream
    from sanso.models.training import load_corpus

    recipe = load_recipe("sanso")
    known = load_corpus(recipe, corpus, keys)
    stream = Stream(known.lines, known.phrases, known.public, recipe.shares, keys)
    drawn = stream.chunk(recipe.seed, 0, count)
    return [example for example in drawn if example.program]


def _digest(drawn: Sequence[Example], cases: Sequence[Case]) -> str:
    digest = hashlib.sha256()
    for example in drawn:
        digest.update(f"{example.sentence}\n{example.program}\n".encode())
    for case in cases:
        digest.update(f"{case}".encode())
    return digest.hexdigest()


def _pictures(verdicts: Sequence[Verdict], out: Path) -> list[Path]:
    summary = summarize(verdicts)
    types, risk = out / "types.png", out / "risk.png"
    listed = [r for r in (*summary.families, *summary.tags) if r.right.n >= _FEW_CASES]
    plot_types(listed, types)
    sure = [v.confidence for v in verdicts]
    plot_risk(
        {
            "wrong": risk_and_coverage(
                sure, [v.mark is not Mark.RIGHT for v in verdicts]
            ),
            "wrong acts": risk_and_coverage(
                sure, [v.mark is Mark.WRONG_ACT for v in verdicts]
            ),
        },
        risk,
    )
    return [types, risk]
