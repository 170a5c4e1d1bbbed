from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from sanso.agent.cli.texts import TEXTS
from sanso.agent.cli.tree import _app
from sanso.agent.voice.errors import TranscriberError
from sanso.agent.voice.models_at_hand import REPOSITORIES
from sanso.agent.voice.transcribe_random import Shape


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give folders of its own to whatever is kept."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(
        "huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache")
    )
    return tmp_path / "data" / "sanso" / "voice"


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_option_is_explained(lang: str) -> None:
    """Every command below `voice`, and every argument and option of it, has its words."""
    texts = TEXTS[lang]
    root: Any = get_command(_app())
    context = root.make_context("sanso", ["voice"], obj=texts)
    group = root.get_command(context, "voice")
    assert {"models", "pull", "cost"} <= set(group.commands)
    for name, command in group.commands.items():
        assert texts.find(f"command.voice.{name}"), name
        assert texts.find(f"about.voice.{name}"), name
        for parameter in command.params:
            found = texts.find(
                f"option.voice.{name}.{parameter.name}", f"option.{parameter.name}"
            )
            assert found, (name, parameter.name)


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "not on this machine"), ("ko", "이 기기에 없음")]
)
def test_lists_every_size(lang: str, told: str, sanso: Any) -> None:
    """Bare or by its name, the list has every size and how to get one."""
    run = sanso("voice", "--lang", lang)
    assert (run.code, run.err) == (0, "")
    assert run.out == sanso("voice", "models", "--lang", lang).out
    for size in REPOSITORIES:
        assert f" {size}" in run.out
    assert told in run.out
    assert "sanso voice pull base" in run.out
    assert max(map(len, run.out.splitlines())) <= 80


def test_lists_as_json(sanso: Any) -> None:
    """The list is one JSON array, with one size by default."""
    rows = json.loads(sanso("voice", "models", "--json").out)
    assert [row["name"] for row in rows] == list(REPOSITORIES)
    assert [row["name"] for row in rows if row["default"]] == ["base"]
    assert {row["folder"] for row in rows} == {None}


WRONG: list[tuple[list[str], int, str, str]] = [
    (["pull", "bsae"], 1, "there is no size bsae", "bsae 크기는 없어요"),
    (["pull"], 2, "SIZE is missing", "SIZE가 빠졌어요"),
    (["cost", "--shapes", "huge"], 2, "no shape 'huge'", "'huge' 크기는"),
    (["cost", "--threads", "0"], 2, "'0' are no numbers", "'0': 스레드 수가"),
    (["cost", "--rounds", "x"], 2, "a valid integer", "정수가 아니에요"),
    (["cots"], 2, "did you mean cost", "혹시 cost"),
]


@pytest.mark.parametrize(("words", "code", "english", "korean"), WRONG)
def test_wrong_words(
    words: list[str], code: int, english: str, korean: str, sanso: Any
) -> None:
    """A wrong word is one line in the person's language, and fetches nothing."""
    for lang, expected in (("en", english), ("ko", korean)):
        run = sanso("voice", *words, "--lang", lang)
        assert (run.code, run.out, run.err.count("\n")) == (code, "", 1)
        assert expected in run.err


def test_offline(sanso: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a network a download is one line, in both languages."""

    def gone(*_: Any, **__: Any) -> None:
        message = "Name or service not known"
        raise ConnectionError(message)

    monkeypatch.setattr("huggingface_hub.HfApi.model_info", gone)
    english = sanso("voice", "pull", "base")
    korean = sanso("voice", "pull", "base", "--lang", "ko")
    assert (english.code, korean.code) == (1, 1)
    assert "check the network, or copy" in english.err
    assert "인터넷 연결을 확인하거나" in korean.err


def test_pulls(sanso: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A download says where it went."""

    def came(name: str, report: Any) -> Path:
        report(1, 2)
        report(2, 2)
        return home / name

    monkeypatch.setattr("sanso.agent.voice.pull.pull", came)
    run = sanso("voice", "pull", "base")
    assert (run.code, run.out) == (0, f"base is in {home / 'base'}\n")


def test_times_a_shape(sanso: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table has a row for each number of threads and window; JSON has the same figures."""
    shape = {"nano": Shape(width=16, heads=1, layers=1, tokens=40)}
    monkeypatch.setattr("sanso.agent.cli.voice_cost.SHAPES", shape)
    words = ("voice", "cost", "--shapes", "nano", "--threads", "1", "--rounds", "2")
    run = sanso(*words)
    assert (run.code, run.err) == (0, "")
    lines = [line.split() for line in run.out.splitlines() if " nano " in line]
    assert [line[1:4] for line in lines] == [["1", "30", "s"], ["1", "8", "s"]]
    rows = json.loads(sanso(*words, "--json").out)
    assert len(rows) == 4
    assert rows[0]["ratio"] == 1.0


def test_what_the_library_lacks(sanso: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the voice raises ends in one line with 1, in both languages."""

    def lacking(*_: Any, **__: Any) -> None:
        message = "the measurement needs ctranslate2, which is not installed; pip install 'sanso[voice]'"
        raise TranscriberError(message, model="")

    monkeypatch.setattr("sanso.agent.cli.voice_cost.measure_costs", lacking)
    korean = sanso("voice", "cost", "--lang", "ko")
    assert korean.code == 1
    assert "설치되지 않았어요; pip install 'sanso[voice]'" in korean.err
