"""A picture of the choices behind a program: what was chosen at each place, and what else might have been.

Strategy: one column a choice, the chosen token on the line, the others below it, as large
as they were likely. Importing this module needs matplotlib, which is an extra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from pathlib import Path

_HANGUL: Final = (
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "NanumGothic",
    "UnDotum",
    "Baekmuk Dotum",
)
_SURE: Final = 0.9
_UNSURE: Final = 0.5


def draw_decisions(found: dict[str, Any], path: Path) -> None:
    """
    Write the picture of an explanation.

    Raises:
        OSError: it cannot be written.
    """
    decisions = found["decisions"]
    known = {font.name for font in font_manager.fontManager.ttflist}
    fonts = [name for name in _HANGUL if name in known]
    with mpl.rc_context({"font.family": [*fonts, "DejaVu Sans"]}):
        figure = Figure(figsize=(max(6.0, 2.1 * len(decisions) + 1), 4.2))
        axes = figure.subplots()
        axes.axis("off")
        axes.set_xlim(-0.6, max(1, len(decisions)) - 0.4)
        axes.set_ylim(-3.6, 1.4)
        for column, choice in enumerate(decisions):
            _column(axes, column, choice)
        sentence = found["sentence"]
        if not (fonts or sentence.isascii()):
            sentence = ""  # boxes would stand there
        title = f"{sentence}\n{found['program'] or ''}".strip()
        figure.suptitle(title.replace("$", r"\$"), fontsize=11)
        figure.savefig(path, dpi=120, bbox_inches="tight")


def _column(axes: Any, column: int, choice: dict[str, Any]) -> None:
    sure = choice["probability"]
    colour = "tab:green" if sure >= _SURE else "tab:red" if sure < _UNSURE else "orange"
    if column:
        axes.annotate(
            "", (column - 0.3, 0), (column - 0.7, 0), arrowprops={"arrowstyle": "->"}
        )
    _label(axes, column, 0, choice["piece"], sure, colour)
    for row, (piece, share) in enumerate(choice["others"], 1):
        _label(axes, column, -row, piece, share, "lightgrey")


def _label(
    axes: Any, column: int, row: int, piece: str, share: float, colour: str
) -> None:
    text = "".join(char if char.isprintable() else "?" for char in piece)
    text = text.replace("$", r"\$")  # it would begin a formula
    box = {"boxstyle": "round", "facecolor": colour, "alpha": 0.15 + 0.6 * share}
    axes.text(
        column,
        row,
        f"{text}\n{share:.1%}",
        ha="center",
        va="center",
        fontsize=9,
        bbox=box,
    )
