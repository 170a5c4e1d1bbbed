"""
Train one recipe in several variations and judge each on the same cases: what a means is worth, and what more data bring.

Strategy: a sweep is a TOML file: a base recipe, and runs that change some of its fields, each with what is expected of it, written
before. A run that has its result is not run again, so a stopped sweep goes on. Results are JSON, one a run; tables and
pictures are made from them by `evaluation/comparison.py`.
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .recipe import Recipe, RecipeError, load_recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from .evaluation.score import Verdict
    from .training import Corpus

SWEEPS: Final = Path(__file__).parent / "sweeps"
RESULT: Final = "result.json"


@dataclass(frozen=True)
class Variation:
    """One run of a sweep."""

    name: str
    recipe: Recipe
    expected: str = ""
    change: dict[str, Any] = field(default_factory=dict)


def load_sweep(name: str) -> list[Variation]:
    """
    The runs of a sweep by the name of one of the project's, or by path.

    Raises:
        RecipeError: it is not there, or not valid.
    """
    path = Path(name) if name.endswith(".toml") else SWEEPS / f"{name}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        base = load_recipe(table["base"]).model_dump()
        runs = [_variation(base, row) for row in table["run"]]
    except OSError:
        known = ", ".join(sorted(p.stem for p in SWEEPS.glob("*.toml")))
        msg = f"there is no sweep {name!r}; there are {known}, or give a .toml file"
        raise RecipeError(msg) from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}".replace("\n", " ")[:200]
        msg = f"sweep {path.name}: {reason}"
        raise RecipeError(msg) from None
    if len({run.name for run in runs}) < len(runs):
        msg = f"sweep {path.name}: two runs have one name; give each its own"
        raise RecipeError(msg)
    return runs


def _variation(base: dict[str, Any], row: dict[str, Any]) -> Variation:
    change = row.get("change", {})
    fields = {**base, **change, "name": row["name"]}
    if "shares" in change:
        fields["shares"] = {**base["shares"], **change["shares"]}
    return Variation(
        row["name"], Recipe.model_validate(fields), row.get("expected", ""), change
    )


def run_sweep(
    runs: Sequence[Variation],
    folder: Path,
    corpus_of: Callable[[Recipe], Corpus],
    judge: Callable[[Path], Sequence[Verdict]],
    console: Console,
) -> None:
    """
    Train and judge every run that has no result yet, one after another.

    Raises:
        KeyboardInterrupt: after a checkpoint; the same call goes on from there.
    """
    from .shipping import make_bundle
    from .training import Trainer

    for number, run in enumerate(runs, 1):
        place = folder / run.name
        if (place / RESULT).exists():
            continue
        console.print(f"{run.name}, {number} of {len(runs)}")
        trainer = Trainer(run.recipe, place, corpus_of(run.recipe))
        trainer.run(console)
        model = place / "sanso.gguf"
        paper = make_bundle(trainer, model, "Q8_0")
        result = {
            "name": run.name,
            "expected": run.expected,
            "change": run.change,
            "parameters": paper["parameters"],
            "bytes": paper["bytes"],
            "steps": trainer.step,
            "lines": len(trainer.lines),
            "exact": trainer.log[-1]["exact"],
            "verdicts": [verdict.as_json() for verdict in judge(model)],
        }
        write_result(place / RESULT, result)
        (place / "checkpoint.pt").unlink()


def write_result(
    path: Path, result: dict[str, Any], *, indent: int | None = None
) -> None:
    """Write a result whole or not at all. Raises OSError."""
    part = path.with_suffix(".part")
    text = json.dumps(result, ensure_ascii=False, indent=indent)
    part.write_text(text + "\n", encoding="utf-8")
    os.replace(part, path)  # noqa: PTH105 - atomic by contract


def read_results(folder: Path) -> list[dict[str, Any]]:
    """
    All results below a folder, by name.

    Raises:
        RecipeError: there is no such folder, or no finished run in it.
        ValueError: a result is no JSON.
    """
    if not any(folder.glob(f"*/{RESULT}")):
        msg = f"there is no finished run in {folder}; give the folder of a sweep"
        raise RecipeError(msg)
    return [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob(f"*/{RESULT}"))
    ]
