from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path.relative_to(TREE).as_posix()
    for pattern in ("*.md", "*/*.md")
    for path in TREE.glob(pattern)
    if not path.relative_to(TREE).parts[0].startswith(".")
)
_LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
_PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
_MARKER = re.compile(r"<!-- \w+:(?:begin|end) -->")
_COMMAND = re.compile(r"^    (make \w+|sanso \w+)", re.MULTILINE)

WITHOUT_MODEL = ("grammars/README.md", "devices/README.md")
WITH_MODEL = ("README.md", "README.ko.md", "agent/README.md")


def text(name: str) -> str:
    """Return a document."""
    return (TREE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    """Every link of a document to a file of the repository has its file."""
    found = [link for link in _LINK.findall(text(name)) if "://" not in link]
    missing = [link for link in found if not ((TREE / name).parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize(
    "name",
    [*WITHOUT_MODEL, *(pytest.param(n, marks=pytest.mark.engine) for n in WITH_MODEL)],
)
def test_snippets_run(name: str) -> None:
    """What a document shows in Python runs, and prints what stands in its comments."""
    blocks = _PYTHON.findall(text(name))
    assert blocks
    for block in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block, name, "exec"), {})  # noqa: S102 - our own documents
        told = re.findall(r"^\s*print\(.*\)  # (.*)$", block, re.MULTILINE)
        shown = printed.getvalue().splitlines()
        for line, comment in zip(shown, told, strict=True):
            assert line == comment or comment.startswith("what ")


def test_contributing_shows_python() -> None:
    """The sketches of the style are Python."""
    for block in _PYTHON.findall(text("CONTRIBUTING.md")):
        compile(block, "CONTRIBUTING.md", "exec")


def test_both_readmes_have_the_same_shape() -> None:
    """The READMEs have the same sections, markers, commands and code, in the same order."""
    english, korean = text("README.md"), text("README.ko.md")
    for pattern in (r"^#+ ", r"^\|"):
        headings = re.compile(pattern, re.MULTILINE)
        assert len(headings.findall(korean)) == len(headings.findall(english))
    for shared in (_MARKER, _COMMAND, _PYTHON):
        assert shared.findall(korean) == shared.findall(english)
