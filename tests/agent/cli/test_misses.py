"""`sanso misses`: consent, list, labels and export, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sanso.agent.cli import tree
from sanso.agent.cli.messages import translated
from sanso.agent.cli.texts import TEXTS
from sanso.agent.miss_lines import miss_name
from sanso.agent.miss_watch import Miss, MissKind
from sanso.agent.misses import Misses
from sanso.agent.policy_rules import RulesError, parse_rules

_HANGUL = re.compile(r"[가-힣]")


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the command in the tree."""
    if "misses" not in tree.COMMANDS:
        monkeypatch.setattr(tree, "COMMANDS", (*tree.COMMANDS, "misses"))


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[str], str]:
    """Keep a sentence as the agent would; its name."""

    def kept(sentence: str) -> str:
        miss = Miss(1.77e9, "ko", sentence, "undo()", 0.5, MissKind.ASKED)
        Misses(tmp_path / "state" / "sanso").keep(miss)
        return miss_name(miss)

    return kept


def test_consent_comes_first(sanso: Any, keep: Any, tmp_path: Path) -> None:
    """Nothing is kept before `on`; it tells what is kept and where, and how to end it."""
    keep("개털")
    assert sanso("misses").out == (
        "Misses are not kept; sanso misses on changes that.\n"
    )
    found = sanso("misses", "on")
    path = tmp_path / "state" / "sanso" / "misses.jsonl"
    assert (found.code, found.err) == (0, "")
    for part in (str(path), "time", "undo within a minute", "misses off", "microphone"):
        assert part in found.out
    keep("개털")
    status = json.loads(sanso("misses", "status", "--json").out)
    assert status.pop("since").startswith("20")
    size = path.stat().st_size
    expected = {"on": True, "kept": 1, "labelled": 0, "bytes": size, "path": str(path)}
    assert expected == status
    assert "kept: 1, with a label: 0" in sanso("misses").out


def test_off_deletes_on_request(sanso: Any, keep: Any) -> None:
    """`off` ends it and leaves what is there; `--delete` removes it."""
    sanso("misses", "on")
    keep("개털")
    assert "Sentences kept before: 1." in sanso("misses", "off").out
    keep("고양이털")
    assert json.loads(sanso("misses", "status", "--json").out)["kept"] == 1
    assert "deleted" in sanso("misses", "off", "--delete").out
    assert sanso("misses", "label").out == "No miss is kept.\n"


def test_from_a_miss_to_a_line(sanso: Any, keep: Any, tmp_path: Path) -> None:
    """A miss is listed, gets a label, and is exported as a line of training."""
    sanso("misses", "on")
    name = keep("개털이 날려")
    out = sanso("misses", "label").out
    for part in (name, "개털이 날려", "undo()", "asked about"):
        assert part in out
    found = sanso("misses", "label", name, "set_mode(mode=pet)")
    assert found.out == "개털이 날려 => set_mode(mode=pet)\n"
    lines = "@ owner\n개털이 날려 => set_mode(mode=pet)\n"
    assert sanso("misses", "export").out == lines
    path = tmp_path / "mine.txt"
    assert "wrote 1 lines" in sanso("misses", "export", "--out", str(path)).out
    assert path.read_text("utf-8") == lines
    again = sanso("misses", "export", "--out", str(path))
    assert (again.code, again.err.startswith(f"sanso: {path} is there")) == (2, True)
    nowhere = sanso("misses", "export", "--out", str(tmp_path / "no" / "x.txt"))
    assert (nowhere.code, nowhere.out, nowhere.err.count("\n")) == (1, "", 1)


def test_a_miss_is_forgotten(sanso: Any, keep: Any) -> None:
    """One sentence alone can be removed."""
    sanso("misses", "on")
    name = keep("개털")
    assert sanso("misses", "label", name, "--forget").out == "forgotten: 개털\n"
    assert sanso("misses", "label").out == "No miss is kept.\n"


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_wrong_words(sanso: Any, keep: Any, lang: str) -> None:
    """What is wrong on the command line is one line with a cure, in both languages."""
    sanso("misses", "on")
    name = keep("개털")
    for words, code in (
        (("label", "--forget"), 2),
        (("label", name), 2),
        (("label", name, "undo()", "--forget"), 2),
        (("label", "00000000", "undo()"), 1),
        (("label", name, "set_mod()"), 1),
        (("export",), 2),
    ):
        found = sanso("misses", *words, "--lang", lang)
        assert (found.code, found.out, found.err.count("\n")) == (code, "", 1), words
        assert ("; " in found.err) or code == 1
        assert bool(_HANGUL.search(found.err)) == (lang == "ko"), found.err


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", ["", "on", "off", "status", "label", "export"])
def test_help(sanso: Any, lang: str, name: str) -> None:
    """Each page of help is in the language asked for, with every option explained."""
    found = sanso("misses", *([name] if name else []), "--help", "--lang", lang)
    assert found.code == 0
    rows = [row for row in found.out.splitlines() if row.startswith("  ")]
    told = [row for row in rows if not re.fullmatch(r"\s+--?[\w-]+( \S+)?", row)]
    assert len(told) == len(rows)
    assert (lang == "ko") == bool(_HANGUL.search(found.out))


def test_korean_all_the_way(sanso: Any, keep: Any) -> None:
    """The whole way can be gone in Korean."""
    assert "되물은 문장" in sanso("misses", "on", "--lang", "ko").out
    name = keep("개털")
    assert "되물음" in sanso("misses", "label", "--lang", "ko").out
    sanso("misses", "label", name, "undo()", "--lang", "ko")
    assert "정답을 붙인 문장: 1개" in sanso("misses", "--lang", "ko").out
    assert "지웠어요" in sanso("misses", "off", "--delete", "--lang", "ko").out


QUIET = '[[quiet]]\nname = "n"\nhours = "22:00-07:00"\n'


@pytest.mark.parametrize(
    "text",
    [
        "a =",
        "queit = 1",
        "quiet = 3",
        QUIET,
        f"{QUIET}highest_level = 11",
        f"{QUIET}light = 'on'",
        QUIET.replace("22:00-", ""),
        "[[confirm]]\nname = 'c'\ncalls = ['set_mod()']",
        "[[confirm]]\nname = 'c'\ncalls = ['set_mode(mode=x)']",
        "[[confirm]]\nname = 'c'\ncalls = ['set_mode(mod=eco)']",
    ],
)
def test_wrong_policies_in_korean(text: str) -> None:
    """A wrong policy is explained in Korean down to the cure; keys and values stay as they are written."""
    with pytest.raises(RulesError) as caught:
        parse_rules(text, path="my.toml")
    told = translated(str(caught.value), "ko")
    assert told is not None
    assert told.startswith("정책 my.toml")
    assert not re.search(r"\b(there|is|no|write|put|give|must|has)\b", told), told
    assert TEXTS["ko"].find("misses.on")
