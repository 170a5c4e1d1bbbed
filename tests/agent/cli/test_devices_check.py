"""`sanso devices check`: a profile's faults on a terminal and as JSON, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from sanso.agent.cli.devices_check import in_language
from sanso.agent.cli.findings_ko import FINDINGS
from sanso.agent.cli.texts import TEXTS
from sanso.agent.wording.korean import PARTICLES
from sanso.devices import profile_names
from sanso.devices.profile_findings import WORDS, found

BROKEN = """
id = "mine"
sumary = "x"
[capabilities]
fan_levels = 0
modes = ["auto"]
"""
_HANGUL = re.compile(r"[가-힣]")


def slots(text: str) -> set[str]:
    """Return the names of a text's slots."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Give a profile with several faults."""
    path = tmp_path / "mine.toml"
    path.write_text(BROKEN, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", profile_names())
def test_shipped_profiles_pass(name: str, sanso: Any) -> None:
    """Every profile of the package is checked by its name, and loads."""
    run = sanso("devices", "check", name)
    assert (run.code, run.err) == (0, "")
    assert f"{name}: 0 errors, 0 warnings" in run.out


def test_all_faults_are_shown(broken: Path, sanso: Any) -> None:
    """Errors are told at once, with where they are, and the exit code is 1."""
    run = sanso("devices", "check", str(broken))
    assert (run.code, run.err) == (1, "")
    for part in (
        "sumary",
        "did you mean summary?",
        "capabilities.fan_levels",
        "manual",
    ):
        assert part in run.out, part
    assert "3 errors" in run.out


def test_in_korean(broken: Path, sanso: Any) -> None:
    """The same in Korean, with what is typed left as it is."""
    run = sanso("devices", "check", str(broken), "--lang", "ko")
    assert run.code == 1
    for part in ("오류", "혹시 summary?", "capabilities.fan_levels", "오류 3개"):
        assert part in run.out, part


def test_as_json(broken: Path, sanso: Any) -> None:
    """One object with counts and findings."""
    run = sanso("devices", "check", str(broken), "--json")
    told = json.loads(run.out)
    assert (run.code, told["error"], told["file"]) == (1, 3, str(broken))
    assert {"level", "where", "kind", "message"} == set(told["findings"][0])
    clean = json.loads(sanso("devices", "check", "sim", "--json").out)
    assert (clean["error"], clean["findings"]) == (0, [])


def test_a_warning_is_no_error(tmp_path: Path, sanso: Any) -> None:
    """What loads ends with 0."""
    path = tmp_path / "mine.toml"
    text = BROKEN.replace("sumary", "summary").replace("= 0", "= 3")
    path.write_text(text.replace('"auto"', '"manual", "manual"'), encoding="utf-8")
    run = sanso("devices", "check", str(path))
    assert (run.code, "1 warnings" in run.out) == (0, True)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.toml", None, "No such file"),
        ("mine.toml", b"\xff\xfe\x00", "UTF-8"),
        (".", None, "Is a directory"),
        ("a\0b", None, "no path"),
    ],
)
def test_a_file_that_cannot_be_read(
    name: str, content: bytes | None, words: str, tmp_path: Path, sanso: Any
) -> None:
    """A wrong path or file is one line with its cure."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    run = sanso("devices", "check", str(path))
    assert run.code in (1, 2)
    assert words in run.err
    assert run.err.count("\n") == 1


@pytest.mark.parametrize("kind", WORDS)
def test_every_kind_is_said_in_korean(kind: str) -> None:
    """Korean has every sentence, with the same facts, cause and cure, and right particles."""
    english, korean = WORDS[kind][1], FINDINGS[kind]
    assert slots(english) == slots(korean)
    specs = {spec for *_, spec, _ in Formatter().parse(korean) if spec}
    assert specs <= set(PARTICLES)
    finding = found(kind, "x", **dict.fromkeys(slots(english), "7"))
    told = in_language(finding, TEXTS["ko"])
    assert _HANGUL.search(told)
    assert "{" not in told.replace("{ ", "")
    assert finding.message == in_language(finding, TEXTS["en"])


def test_no_sentence_is_left_over() -> None:
    """Both tables have the same kinds in the same order."""
    assert list(WORDS) == list(FINDINGS)
