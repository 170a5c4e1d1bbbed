"""
Pictures of results: success by type, by the number of written sentences, and risk against coverage.

Strategy: each function draws one figure from plain numbers into one PNG; matplotlib is imported when something is drawn.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from .score import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from .report import Row


@contextmanager
def figure(path: Path, width: float, height: float) -> Iterator[Any]:
    """Axes to draw on; written to `path` at the end. Raises OSError."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    path.parent.mkdir(parents=True, exist_ok=True)
    drawn, axes = plt.subplots(figsize=(width, height))
    try:
        yield axes
        drawn.tight_layout()
        drawn.savefig(path, dpi=110)
    finally:
        plt.close(drawn)


def plot_types(rows: Sequence[Row], path: Path) -> None:
    """Success of each group with its 95 % interval, the worst at the top."""
    listed = sorted(rows, key=lambda row: -row.right.value)
    with figure(path, 8, 0.28 * len(listed) + 1) as axes:
        for place, row in enumerate(listed):
            low, high = row.right.interval
            axes.plot([low * 100, high * 100], [place, place], color="tab:blue", lw=1)
            axes.plot(row.right.value * 100, place, "o", color="tab:blue", ms=5)
        names = [f"{row.name} ({row.right.n})" for row in listed]
        axes.set_yticks(range(len(listed)), names, fontsize=8)
        axes.set_xlabel("success, %, with 95 % interval")
        axes.grid(axis="x", alpha=0.3)


def plot_curve(lines: Sequence[int], success: Sequence[float], path: Path) -> None:
    """Success over the number of written lines, on a logarithmic axis."""
    with figure(path, 6, 4) as axes:
        axes.plot(lines, [s * 100 for s in success], "o-")
        axes.set_xscale("log", base=2)
        axes.set_xticks(lines, [f"{n:,}" for n in lines])
        axes.minorticks_off()
        axes.set_xlabel("written lines")
        axes.set_ylabel("success, all turns, %")
        axes.grid(alpha=0.3)


def risk_and_coverage(
    sure: Sequence[float], wrong: Sequence[bool]
) -> tuple[list[float], list[float]]:
    """Coverage and risk when only the surest are answered, from the surest on (El-Yaniv & Wiener 2010)."""
    order = sorted(range(len(sure)), key=lambda i: -sure[i])
    coverage, risk, failed = [], [], 0
    for count, index in enumerate(order, 1):
        failed += wrong[index]
        coverage.append(count / len(order))
        risk.append(failed / count)
    return coverage, risk


def plot_risk(
    curves: dict[str, tuple[Sequence[float], Sequence[float]]], path: Path
) -> None:
    """Risk over coverage, one line a kind of failure."""
    with figure(path, 6, 4) as axes:
        for name, (coverage, risk) in curves.items():
            axes.plot(
                [c * 100 for c in coverage], [r * 100 for r in risk], label=name, lw=1.5
            )
        axes.set_xlabel("coverage: sentences answered without a question, %")
        axes.set_ylabel("of these, %")
        axes.legend()
        axes.grid(alpha=0.3)


def plot_calibration(
    sure: NDArray[np.float64], right: NDArray[np.bool_], path: Path
) -> None:
    """How often it was right, over the probability that it told, in ten bins with as many decisions each."""
    order = np.argsort(sure)
    with figure(path, 5, 5) as axes:
        axes.plot([0, 1], [0, 1], color="grey", lw=1)
        for part in np.array_split(order, 10):
            low, high = wilson(int(right[part].sum()), len(part))
            x = float(sure[part].mean())
            axes.plot([x, x], [low, high], color="tab:blue", lw=1)
            axes.plot(x, float(right[part].mean()), "o", color="tab:blue", ms=5)
        axes.set_xlabel("told probability")
        axes.set_ylabel("share that was right, with 95 % interval")
        axes.grid(alpha=0.3)
