"""`sanso grammar`: the call language in the notations that others read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sanso.agent.errors import UsageError
from sanso.grammars import (
    PURIFIER,
    gbnf_grammar,
    lark_grammar,
    program_schema,
    tool_schemas,
)

from .failures import FAILED

if TYPE_CHECKING:
    from .texts import Texts


def _indented(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


FORMATS: Final[Mapping[str, Callable[[], str]]] = {
    "gbnf": lambda: gbnf_grammar(PURIFIER),
    "lark": lambda: lark_grammar(PURIFIER),
    "json-schema": lambda: _indented(program_schema()),
    "tools": lambda: _indented(tool_schemas()),
}
FILES: Final = {"purifier.gbnf": "gbnf", "purifier.lark": "lark"}
"""The generated files that are kept under version control, with their formats."""

Folder = Annotated[Path | None, typer.Option(metavar="DIR")]


def grammar(
    context: typer.Context,
    notation: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS))
    ] = "gbnf",
    write: Folder = None,
    check: Folder = None,
) -> None:
    """Print the grammar, or write or compare the generated files."""
    texts: Texts = context.obj
    if notation not in FORMATS:
        known = ", ".join(FORMATS)
        raise UsageError(texts.say("usage.format", format=notation, known=known))
    if write is not None and check is not None:
        raise UsageError(texts.say("usage.write_or_check"))
    if write is not None:
        for path in write_files(write):
            typer.echo(texts.say("grammar.wrote", path=path))
    elif check is not None:
        _check(check, texts)
    else:
        typer.echo(FORMATS[notation](), nl=False)


def write_files(folder: Path) -> list[Path]:
    """Write the generated files, and return their paths. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {folder / name: notation for name, notation in FILES.items()}
    for path, notation in paths.items():
        path.write_text(FORMATS[notation](), encoding="utf-8", newline="\n")
    return list(paths)


def differing(folder: Path) -> list[str]:
    """Return the names of the generated files that are missing or not as they should be."""
    return [
        name
        for name, notation in FILES.items()
        if _content(folder / name) != FORMATS[notation]()
    ]


def _content(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def _check(folder: Path, texts: Texts) -> None:
    if not folder.is_dir():
        raise UsageError(texts.say("usage.folder", path=folder))
    stale = differing(folder)
    for name in stale:
        line = texts.say("grammar.differs", path=folder / name, folder=folder)
        typer.echo(f"sanso: {line}", err=True)
    if stale:
        raise typer.Exit(FAILED)
