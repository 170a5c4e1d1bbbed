"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Device = Annotated[str, typer.Option(metavar="URL")]
Model = Annotated[Path | None, typer.Option(metavar="PATH")]
AsJson = Annotated[bool, typer.Option("--json")]
