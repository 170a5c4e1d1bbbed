"""The help of the commands of `models`, which the tables of the command line know."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from sanso.agent.cli.pages import page
from sanso.agent.cli.texts import TEXTS
from sanso.agent.cli.tree import _app, _made

PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"
POINTS: dict[str, str] = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"][
    "entry-points"
]["sanso.commands"]


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command of `models` with its dotted name, groups and what is in them."""
    for name, target in POINTS.items():
        module, _, function = target.partition(":")
        made = _made(name, getattr(import_module(module), function))
        yield name, made
        for inner, command in getattr(made, "commands", {}).items():
            yield f"{name}.{inner}", command


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_option_is_explained(lang: str) -> None:
    """Every command, argument and option of `models` has its words in both languages."""
    texts = TEXTS[lang]
    for name, command in commands():
        assert texts.find(f"command.{name}"), name
        assert texts.find(f"about.{name}"), name
        for parameter in command.params:
            assert texts.find(f"option.{name}.{parameter.name}"), parameter.name


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_no_word_explains_nothing(lang: str) -> None:
    """No command or option of `models` that is gone is still explained."""
    known = {f"about.{name}" for name, _ in commands()}
    known |= {f"option.{n}.{p.name}" for n, c in commands() for p in c.params}
    roots = tuple(f"{name}." for name in POINTS)
    told = {
        key
        for key in TEXTS[lang].table
        if key.startswith(("about.", "option."))
        and f"{key.partition('.')[2]}.".startswith(roots)
    }
    assert told == known


def test_korean_pages_are_korean() -> None:
    """The page of a command shows nothing of its English description."""
    root = get_command(_app())
    above = typer.Context(root, info_name="sanso", obj=TEXTS["ko"])
    for name, command in commands():
        *groups, last = name.split(".")
        parent = above
        for group in groups:
            parent = typer.Context(root, info_name=group, parent=parent)
        shown = page(command, typer.Context(command, info_name=last, parent=parent))
        told = [command.help, *(p.help for p in command.params if hasattr(p, "help"))]
        assert not [text for text in told if text and text in shown], name
        assert "사용법: sanso" in shown
