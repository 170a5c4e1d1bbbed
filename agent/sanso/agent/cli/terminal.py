"""What goes to a terminal or down a pipe without rich, which takes time to import."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import typer

from sanso.agent.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from .texts import Texts


def write_dim(text: str) -> None:
    """Write a line that stands back, where a terminal can show that."""
    plain = False if os.environ.get("NO_COLOR") else None
    typer.echo(typer.style(text, dim=True), color=plain)


def write_json(value: object) -> None:
    """Write a value as one line of JSON in UTF-8, and let go of it at once.

    A lone surrogate, which UTF-8 cannot say, is written as JSON's own escape.
    """
    text = json.dumps(value, ensure_ascii=False) + "\n"
    sys.stdout.flush()
    out: Any = sys.stdout.buffer
    out.write(text.encode("utf-8", "backslashreplace"))
    out.flush()


def readable(text: str) -> str:
    """Return a text of the command line with what was no UTF-8 in it as `?`."""
    return text.encode("utf-8", "replace").decode()


def existing_model(
    path: Path | None, texts: Texts, key: str = "usage.model"
) -> Path | None:
    """Return the path as it is. Raises UsageError where a file was named and is not there."""
    if path is not None and not path.is_file():
        raise UsageError(
            texts.say(f"{key}.folder" if path.is_dir() else key, path=path)
        )
    return path
