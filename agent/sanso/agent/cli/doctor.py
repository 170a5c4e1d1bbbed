"""`sanso doctor`: whether everything is there, and what to do about what is not."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .checks import Finding, findings
from .failures import FAILED
from .options import AsJson, Model
from .tables import print_lean
from .terminal import existing_model, write_json

if TYPE_CHECKING:
    from .texts import Texts

_WIDTHS: Final = (7, 12)
"""Columns of the verdict and of the name, in cells."""


def doctor(
    context: typer.Context, model: Model = None, *, as_json: AsJson = False
) -> None:
    """Look at this installation; exit code 1 where something needed is missing."""
    texts: Texts = context.obj
    found: list[Finding] = []
    console = Console(highlight=False)
    for finding in findings(existing_model(model, texts), texts):
        found.append(finding)
        if not as_json:
            print_lean(console, _row(finding, texts))
    whole = all(finding.ok or not finding.needed for finding in found)
    if as_json:
        write_json({"ok": whole, "findings": [asdict(finding) for finding in found]})
    else:
        console.print(texts.say("doctor.whole" if whole else "doctor.broken"))
    if not whole:
        raise typer.Exit(FAILED)


def _row(finding: Finding, texts: Texts) -> Table:
    style = "green" if finding.ok else ("red" if finding.needed else "yellow")
    verdict = texts.say("doctor.ok" if finding.ok else "doctor.missing")
    found = Text(finding.found)
    if finding.cure:
        found.append(f"\n→ {finding.cure}")
    row = Table.grid(padding=(0, 2, 0, 0))
    for width in _WIDTHS:
        row.add_column(width=width)
    row.add_column(overflow="fold")
    name = texts.say(f"check.{finding.name}")
    row.add_row(Text(verdict, style=style), Text(name, style="bold"), found)
    return row
