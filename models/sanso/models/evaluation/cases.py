"""
Read evaluation cases: one JSON object a line, a single sentence or a dialogue.

Strategy: every accepted program must parse; a case that cannot be used is an error that names file and line, not a case left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import Program, SansoError, parse

if TYPE_CHECKING:
    from collections.abc import Iterator


class CaseError(SansoError):
    """A file of cases, or a line of one, that cannot be used."""


@dataclass(frozen=True)
class Expected:
    """A sentence with the programs that a sensible owner is content with, the best first."""

    text: str
    accept: tuple[Program, ...]
    false_action: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One sentence, or the turns of one dialogue."""

    name: str
    lang: str
    turns: tuple[Expected, ...]
    tags: tuple[str, ...]
    state: dict[str, object]

    @property
    def is_dialogue(self) -> bool:
        """Whether it has several turns."""
        return len(self.turns) > 1

    @property
    def family(self) -> str:
        """The call that the best program of the first turn is about."""
        statement = self.turns[0].accept[0].statements[0]
        if len(self.turns[0].accept[0].statements) > 1:
            return "compound"
        return (statement.trigger or statement.call).call_name()


def read_cases(path: Path) -> list[Case]:
    """
    All cases of a file, or of all `.jsonl` files of a folder.

    Raises:
        CaseError: nothing there, or a line that is no case.
    """
    known: set[str] = set()
    return [case for file in case_files(path) for case in _file(file, known)]


def case_files(path: Path) -> list[Path]:
    """
    The files of cases at a path: itself, or those of a folder, sorted.

    Raises:
        CaseError: there are none.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not files[0].exists():
        msg = f"there are no cases at {path}; give a .jsonl file or a folder of them"
        raise CaseError(msg)
    return files


def _file(path: Path, known: set[str]) -> Iterator[Case]:
    # Not splitlines: it also cuts at signs that may stand inside a JSON string.
    for number, raw in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not raw.strip():
            continue
        try:
            case = _case(json.loads(raw), known)
        except (KeyError, TypeError, ValueError, SansoError) as error:
            msg = f"{path.name}:{number}: {type(error).__name__}: {error}"
            raise CaseError(msg) from None
        known.add(case.name)
        yield case


def _case(row: dict[str, Any], known: set[str]) -> Case:
    if row["id"] in known:
        msg = f"the id {row['id']!r} is used twice"
        raise ValueError(msg)
    turns = row.get("turns") or [row]
    state = dict(row.get("state", {}))
    SimulatedPurifier.from_settings(state, clock=ScriptedClock())
    return Case(
        name=row["id"],
        lang=row["lang"],
        turns=tuple(_expected(turn) for turn in turns),
        tags=tuple(row.get("tags", ())),
        state=state,
    )


def _expected(turn: dict[str, Any]) -> Expected:
    accept = tuple(parse("; ".join(texts)) for texts in turn["accept"])
    if not accept:
        msg = "accept is empty"
        raise ValueError(msg)
    wrong = [
        s.render()
        for text in turn.get("false_action", ())
        for s in parse(text).statements
    ]
    return Expected(turn["text"], accept, tuple(wrong))
