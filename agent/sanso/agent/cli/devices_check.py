"""`sanso devices check`: what is wrong with a profile, and what will bite later."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sanso.agent.errors import UsageError
from sanso.agent.wording.korean import Word
from sanso.devices import profile_names
from sanso.devices.profile_check import check_profile

from .findings_ko import FINDINGS
from .messages import in_words
from .options import AsJson
from .terminal import write_json

if TYPE_CHECKING:
    from rich.table import Table

    from sanso.devices.profile_check import Finding

    from .texts import Texts

_STYLES: Final = {"error": "bold red", "warning": "yellow", "hint": "dim"}


def check(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE")],
    *,
    as_json: AsJson = False,
) -> None:
    """Tell everything about a profile; ends with 1 if it cannot be loaded."""
    texts: Texts = context.obj
    findings = check_profile(_text(file, texts), file)
    counts = {level: sum(f.level == level for f in findings) for level in _STYLES}
    if as_json:
        rows = [
            {
                "level": f.level,
                "where": f.where,
                "kind": f.kind,
                "message": in_language(f, texts),
            }
            for f in findings
        ]
        write_json({"file": file, **counts, "findings": rows})
    else:
        _show(findings, counts, file, texts)
    if counts["error"]:
        raise typer.Exit(1)


def in_language(finding: Finding, texts: Texts) -> str:
    """Return a finding's message in the language of the person."""
    words = FINDINGS.get(finding.kind) if texts.lang == "ko" else None
    if words is None:
        return finding.message
    facts = {k: Word(in_words(str(v), texts.lang)) for k, v in finding.facts.items()}
    return words.format_map(facts)


def _text(file: str, texts: Texts) -> str:
    """Return a profile's text, by its path or by the name of one of the package."""
    if file in profile_names():
        source = files("sanso.devices") / "profiles" / f"{file}.toml"
        return source.read_text(encoding="utf-8")
    try:
        return Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError(texts.say("check.text", path=file)) from None
    except ValueError:  # a zero character in the path
        raise UsageError(texts.say("check.path", path=repr(file))) from None


def _show(
    findings: list[Finding], counts: dict[str, int], file: str, texts: Texts
) -> None:
    from rich.console import Console  # rich takes time to import

    from .tables import plain, print_lean

    if findings:
        print_lean(Console(highlight=False), _table(findings, texts))
    key = "check.sound" if not counts["error"] else "check.broken"
    typer.echo(texts.say(key, path=plain(file), **counts))


def _table(findings: list[Finding], texts: Texts) -> Table:
    from rich.table import Table
    from rich.text import Text

    from .tables import plain

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(style="cyan", overflow="fold", ratio=1)
    table.add_column(overflow="fold", ratio=3)
    for finding in findings:
        level = Text(texts.say(f"check.{finding.level}"), _STYLES[finding.level])
        message = plain(in_language(finding, texts))
        table.add_row(level, Text(plain(finding.where)), Text(message))
    return table
