"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sanso.agent.caution import Caution

Device = Annotated[str, typer.Option(metavar="URL")]
Model = Annotated[Path | None, typer.Option(metavar="PATH")]
CautionLevel = Annotated[Caution, typer.Option("--caution", metavar="LEVEL")]
Policy = Annotated[str, typer.Option("--policy", metavar="NAME")]
AsJson = Annotated[bool, typer.Option("--json")]


def was_named(context: Any, *names: str) -> bool:
    """Whether one of these options stands on the command line."""
    sources = (context.get_parameter_source(name) for name in names)
    return any(
        source is not None and source.name == "COMMANDLINE" for source in sources
    )
