"""`sanso why`: why the last sentence came to what it came to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanso.agent.engine import Engine
from sanso.agent.errors import UsageError
from sanso.agent.explanation import explained

from .last import read_last
from .options import AsJson, Model
from .terminal import existing_model, write_json

if TYPE_CHECKING:
    from .texts import Texts


def why(
    context: typer.Context,
    model: Model = None,
    png: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Tell how the last sentence was understood, judged and carried out."""
    texts: Texts = context.obj
    recorded = read_last()
    if recorded is None:
        raise UsageError(texts.say("why.none"))
    with Engine.open(existing_model(model, texts)) as engine:
        found = explained(recorded, engine)
    if png is not None:
        _draw(found, png, texts)
    if as_json:
        write_json(found)
        return
    from rich.console import Console  # rich takes time to import

    from .reasons import reasons
    from .tables import print_lean

    print_lean(Console(highlight=False), reasons(found, texts))
    if png is not None:
        typer.echo(texts.say("why.drawn", path=png))


def _draw(found: dict[str, Any], path: Path, texts: Texts) -> None:
    try:
        from .decision_picture import draw_decisions
    except ImportError:
        raise UsageError(texts.say("why.no_pictures")) from None
    draw_decisions(found, path)
