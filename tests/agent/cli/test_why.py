"""`sanso why`: the last sentence explained, on a terminal, as JSON and as a picture."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from sanso.agent.cli import main
from sanso.agent.cli.last import keep_last, read_last
from sanso.agent.engine import Engine
from sanso.agent.explanation import ExplanationError, explained

pytestmark = pytest.mark.engine

SAID = ("say", "30분만 제일 세게 하고 불 꺼 줘")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path / "sanso"


def run(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """The exit code, output and errors of a command."""
    code = main(list(words))
    found = capsys.readouterr()
    return code, found.out, found.err


def test_the_last_sentence_is_explained(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tokens, choices, other readings, thresholds, policy, what was read back, times; in both languages."""
    assert run(*SAID, "--lang", "en", capsys=capsys)[0] == 0
    assert stat.S_IMODE((folder / "last.json").stat().st_mode) == 0o600
    code, out, _ = run("why", "--lang", "en", capsys=capsys)
    assert code == 0
    for part in (
        "30분만 제일 세게",
        "<call>",
        "lasting(hours=",
        "Choices of the model",
        "What else it could have been",
        "time guard",
        "set_light(level=off): nothing against it",
        "light: on → off",
        "understanding",
    ):
        assert part in out, part
    korean = run("why", "--lang", "ko", capsys=capsys)[1]
    for part in ("모델이 고른 것", "시간 확인", "문제없어요", "되물어요"):
        assert part in korean, part


def test_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same for a program: probabilities of one choice never sum to more than one."""
    del folder
    run(*SAID, capsys=capsys)
    found: dict[str, Any] = json.loads(run("why", "--json", capsys=capsys)[1])
    assert found["program"].startswith("lasting(hours=0, minutes=30)")
    assert found["decisions"]
    for choice in found["decisions"]:
        total = choice["probability"] + sum(share for _, share in choice["others"])
        assert total <= 1 + 1e-5
    assert found["runner_ups"]
    assert found["judgement"]["doing"] == "do"
    assert found["done"][1]["changed"] == {"light": ["on", "off"]}
    assert found["ms"]["total"] > 0
    assert found["prompt"][0] == "<s>"


def test_a_picture(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A PNG of some size; a place that cannot be written is told."""
    del folder
    run(*SAID, capsys=capsys)
    picture = tmp_path / "why.png"
    assert run("why", "--png", str(picture), capsys=capsys)[0] == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 5000
    code, _, err = run("why", "--png", str(tmp_path / "no" / "x.png"), capsys=capsys)
    assert code
    assert "No such file" in err or "그런 파일" in err


def test_nothing_to_explain(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a sentence, with a torn file, or with another model, one line says what to do."""
    code, _, err = run("why", "--lang", "en", capsys=capsys)
    assert code
    assert "say one with" in err
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "last.json").write_text("{torn", encoding="utf-8")
    assert read_last() is None
    run(*SAID, capsys=capsys)
    kept = read_last()
    assert kept
    keep_last(kept | {"model": "another"})
    code, _, err = run("why", "--lang", "en", capsys=capsys)
    assert code
    assert "another model" in err
    with Engine.open() as engine, pytest.raises(ExplanationError, match="cannot be"):
        explained({"sentence": "x"}, engine)


def test_a_place_that_cannot_be_written_harms_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence is carried out all the same."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    code, out, _ = run(*SAID, capsys=capsys)
    assert code == 0
    assert "표시등" in out


def test_refusals_are_explained_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence without words has no choices; an answer in words has no settings."""
    del folder
    run("say", "오늘 서울 날씨 어때", capsys=capsys)
    found = json.loads(run("why", "--json", capsys=capsys)[1])
    assert found["done"] == [{"words": found["words"]}]
    run("say", "?!", capsys=capsys)
    found = json.loads(run("why", "--json", capsys=capsys)[1])
    assert found["error"] == "empty"
    assert found["decisions"] == []
    assert run("why", "--lang", "ko", capsys=capsys)[0] == 0
