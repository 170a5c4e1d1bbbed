"""
`sanso calibrate`: measure how often a GGUF is right at a given evidence, and store it in the paper beside the file.

Strategy: the paper is replaced as a whole, after everything was measured; the GGUF is not touched.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import numpy as np
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from sanso.agent import Engine, ModelError

from .corpus.lines import read_all
from .corpus.stream import validation
from .sweep import write_result

if TYPE_CHECKING:
    from .evaluation.calibrating import Judged

RESULTS: Final = Path(__file__).parents[2] / "results" / "calibration"


def calibrate(
    model: Annotated[
        Path | None, typer.Option(help="A GGUF; else the shipped one.")
    ] = None,
    cases: Annotated[
        list[Path] | None, typer.Option(help="Cases to show the effect on as well.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Folder for figures and picture.")
    ] = RESULTS,
) -> None:
    """Calibrate a model on the held-out families, and write what was found into its paper."""
    from .evaluation.calibrating import (
        effects,
        figures_of,
        judge_cases,
        probabilities,
    )
    from .evaluation.cases import read_cases
    from .evaluation.pictures import plot_calibration

    console = Console(stderr=True)
    with Engine.open(model) as engine:
        path = engine.bundle.path
        check_paper(path)
        stored, rows = measure(engine, console)
        figures = {"held-out families": stored["figures"]}
        for file in cases or ():
            judged = judge_cases(engine, read_cases(file))
            sure = probabilities(judged, stored)
            caution = effects(judged, sure, stored)
            figures[file.stem] = figures_of(judged, sure, caution)
    write_paper(path, stored)
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures, indent=1)
    (out / "calibration.json").write_text(text + "\n", encoding="utf-8")
    right = np.array([row.right for row in rows])
    plot_calibration(probabilities(rows, stored), right, out / "calibration.png")
    for name, found in figures.items():
        _show(name, found)
    typer.echo(f"wrote {path.with_suffix('.json')} and {out}")


def measure(engine: Engine, console: Console) -> tuple[dict[str, Any], list[Judged]]:
    """
    Decide the held-out families and fit.

    Raises:
        ValueError: too few decisions, or all right or all wrong.
    """
    from .evaluation.calibrating import calibrate as fit
    from .evaluation.calibrating import judge_examples

    examples = validation(read_all())
    rows = judge_examples(engine, track(examples, "calibrating", console=console))
    return fit(rows), rows


def write_paper(path: Path, stored: dict[str, Any]) -> None:
    """
    Put a calibration into the paper of a GGUF.

    Raises:
        ModelError: the file has no paper.
        OSError: it cannot be written.
    """
    paper = check_paper(path)
    content = json.loads(paper.read_text(encoding="utf-8"))
    content["calibration"] = stored
    write_result(paper, content, indent=1)


def check_paper(path: Path) -> Path:
    """
    The paper of a GGUF.

    Raises:
        ModelError: the file has none.
    """
    paper = path.with_suffix(".json")
    if not paper.exists():
        msg = f"{path.name} has no paper beside it; only a model that was trained here can be calibrated"
        raise ModelError(msg, path=str(path))
    return paper


def _show(name: str, found: dict[str, Any]) -> None:
    area = found["area_under_roc"]
    title = (
        f"{name}: n={found['n']}, right {found['right']:.1%}, calibration error "
        f"{found['expected_calibration_error']:.3f}, area under ROC "
        f"{'-' if area is None else format(area, '.3f')}"
    )
    table = Table(
        "caution",
        "wrong acts left",
        "right acts asked",
        "right answers asked",
        title=title,
    )
    for level, row in found["caution"].items():
        table.add_row(
            level,
            _of(row["wrong_acts_left"], row["wrong_acts"]),
            _of(row["right_acts_asked"], row["right_acts"]),
            _of(row["right_answers_asked"], row["right_answers"]),
        )
    Console().print(table)


def _of(part: float, whole: float) -> str:
    return f"{part:.0f} of {whole:.0f} ({part / whole:.1%})" if whole else "none"
