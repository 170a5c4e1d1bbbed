"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanso.agent.caution import Caution

Device = Annotated[str, typer.Option(metavar="URL")]
Model = Annotated[Path | None, typer.Option(metavar="PATH")]
CautionLevel = Annotated[Caution, typer.Option("--caution", metavar="LEVEL")]
Policy = Annotated[str, typer.Option("--policy", metavar="NAME")]
AsJson = Annotated[bool, typer.Option("--json")]
