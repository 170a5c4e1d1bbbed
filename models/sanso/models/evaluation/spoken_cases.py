"""
Cases that are spoken: a folder with `cases.jsonl` and the WAVs that its lines name.

Strategy: a line is an evaluation case with one key more, `wav`, a path within the folder; it is read by the one reader of cases. A file that
is missing is an error that names the case, before anything is run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .cases import Case, CaseError, read_cases

if TYPE_CHECKING:
    from pathlib import Path

CASES: Final = "cases.jsonl"


@dataclass(frozen=True)
class SpokenCase:
    """A case and how it sounds."""

    case: Case
    wav: Path

    @property
    def text(self) -> str:
        """What is said."""
        return self.case.turns[0].text


def read_spoken_cases(folder: Path) -> list[SpokenCase]:
    """
    All spoken cases of a folder, in order.

    Raises:
        CaseError: there are none, a line is no case of one sentence, or its WAV is not there.
    """
    table = folder / CASES
    if not table.is_file():
        msg = f"there is no cases.jsonl in {folder}; write one case a line, with id, wav, text, lang and accept"
        raise CaseError(msg)
    cases = {case.name: case for case in read_cases(table)}
    if not cases:
        msg = f"{table} holds no case; write one a line, with id, wav, text, lang and accept"
        raise CaseError(msg)
    wavs = dict(_wavs(table))
    return [_spoken(case, folder, wavs) for case in cases.values()]


def _wavs(table: Path) -> list[tuple[str, object]]:
    raw = table.read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in raw if line.strip()]
    return [(row["id"], row.get("wav")) for row in rows]


def _spoken(case: Case, folder: Path, wavs: dict[str, object]) -> SpokenCase:
    name = wavs[case.name]
    if case.is_dialogue or not isinstance(name, str):
        msg = f"the case {case.name} is not one sentence with a wav; name its file, or take it out"
        raise CaseError(msg)
    path = folder / name
    if not path.is_file():
        msg = (
            f"the case {case.name} lacks its file {path}; copy it there, or take it out"
        )
        raise CaseError(msg)
    return SpokenCase(case, path)
