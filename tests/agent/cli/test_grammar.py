from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sanso.agent.cli.grammar import FILES
from sanso.grammars import (
    PURIFIER,
    gbnf_grammar,
    lark_grammar,
    program_schema,
    tool_schemas,
)


def test_prints_every_notation(sanso: Any) -> None:
    """Each format is printed as it is; GBNF where none is named."""
    assert gbnf_grammar(PURIFIER) == sanso("grammar").out
    assert gbnf_grammar(PURIFIER) == sanso("grammar", "--format", "gbnf").out
    assert lark_grammar(PURIFIER) == sanso("grammar", "--format", "lark").out
    schema = sanso("grammar", "--format", "json-schema")
    assert program_schema() == json.loads(schema.out)
    assert tool_schemas() == json.loads(sanso("grammar", "--format", "tools").out)


def test_what_is_written_is_up_to_date(tmp_path: Path, sanso: Any) -> None:
    """Files that were just written do not differ."""
    folder = tmp_path / "made" / "here"
    written = sanso("grammar", "--write", str(folder))
    told = [f"wrote {folder / name}\n" for name in ("purifier.gbnf", "purifier.lark")]
    assert (written.code, written.out) == (0, "".join(told))
    assert {"purifier.gbnf", "purifier.lark"} == {p.name for p in folder.iterdir()}
    assert gbnf_grammar(PURIFIER) == (folder / "purifier.gbnf").read_text("utf-8")
    checked = sanso("grammar", "--check", str(folder))
    assert (checked.code, checked.out, checked.err) == (0, "", "")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [None, b"", b"root ::= other\n", b"\xff"])
def test_what_differs_is_found(
    name: str, content: bytes | None, tmp_path: Path, sanso: Any
) -> None:
    """A file that is missing, changed or no text ends the check with 1 and its name."""
    sanso("grammar", "--write", str(tmp_path))
    path = tmp_path / name
    path.unlink() if content is None else path.write_bytes(content)
    run = sanso("grammar", "--check", str(tmp_path))
    assert (run.code, run.out, run.err.count("\n")) == (1, "", 1)
    assert name in run.err
    assert f"sanso grammar --write {tmp_path}" in run.err


def test_a_folder_that_cannot_be_made(tmp_path: Path, sanso: Any) -> None:
    """Where a file is in the way, the error names it."""
    path = tmp_path / "file"
    path.write_text("")
    run = sanso("grammar", "--write", str(path))
    assert (run.code, run.err.count("\n")) == (1, 1)
    assert str(path) in run.err
