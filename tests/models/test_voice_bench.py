from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, ClassVar

import pytest

from sanso.agent.cli import main
from sanso.agent.cli.foreign import GROUP
from sanso.agent.cli.texts import TEXTS

from .test_spoken_cases import ROW, Loudness, Model, Told, write_folder

ROWS = [
    {**ROW, "id": "a", "wav": "a.wav"},
    {
        **ROW,
        "id": "b",
        "wav": "b.wav",
        "text": "풍량 사단",
        "lang": "en",
        "accept": [["set_fan_level(level=4)"]],
    },
]


class Recogniser(Told):
    """Hears the same twice, and keeps how it was made."""

    made: ClassVar[list[dict[str, Any]]] = []
    closed = warm = 0

    def __init__(self, _model: str, **options: Any) -> None:
        """Be made."""
        super().__init__("풍량 삼단", "풍량 삼단")
        Recogniser.made.append(options)

    def warm_up(self) -> None:
        """Count it."""
        Recogniser.warm += 1

    def close(self) -> None:
        """Count it."""
        Recogniser.closed += 1


@pytest.fixture(autouse=True)
def peers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a recogniser that is told what it hears, a model that knows one program, and the command."""
    model: Any = Model("set_fan_level(level=3)")
    point = EntryPoint("bench", "sanso.models.voice_bench:bench", GROUP)
    monkeypatch.setattr(
        "sanso.agent.cli.tree.find_foreign",
        lambda group="": {"bench": point} if group == "voice" else {},
    )
    monkeypatch.setattr("sanso.agent.Engine.open", lambda *_: model)
    monkeypatch.setattr("sanso.agent.cli.listen_parts.WhisperTranscriber", Recogniser)
    monkeypatch.setattr("sanso.agent.voice.vad.SileroActivity", Loudness)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_tells_what_was_lost_where(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Successes, errors of letters and words, times by stage and failures, in the language of the terminal."""
    folder = write_folder(tmp_path, *ROWS)
    out = tmp_path / "out.json"
    words = [*("voice", "bench", str(folder), "--lang", lang), "--failures", "5"]
    assert main([*words, "--out", str(out)]) == 0
    told = capsys.readouterr().out
    say = TEXTS[lang].say
    assert say("bench.lost.misheard") in told
    assert say("listen.stage.recogniser") in told
    assert say("bench.real_time") in told
    assert "640.0" in told
    assert "50.0%" in told
    assert "b: " in told
    marks = [row["mark"] for row in json.loads(out.read_text(encoding="utf-8"))]
    assert marks == ["right", "wrong_act"]


def test_figures_are_shown_before_the_file_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that cannot be written costs no figure."""
    folder = write_folder(tmp_path, *ROWS)
    assert main(["voice", "bench", str(folder), "--out", str(tmp_path / "no/o")]) != 0
    assert TEXTS["en"].say("bench.real_time") in capsys.readouterr().out


def test_a_name_is_no_markup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands in brackets is shown as it is."""
    folder = write_folder(tmp_path, ROWS[0], {**ROWS[1], "id": "b[/x]"})
    assert main(["voice", "bench", str(folder), "--failures", "5"]) == 0
    assert "b[/x]: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "hinted"),
    [
        ([], True),
        (["--model", "/folder"], False),
        (["--no-hints"], False),
        (["--model", "/folder", "--hints"], True),
    ],
)
def test_hints_are_as_when_it_listens(
    words: list[str],
    hinted: bool,  # noqa: FBT001 - a column of the table
    tmp_path: Path,
) -> None:
    """Whisper is told the words to expect, a recogniser of one's own is not."""
    assert main(["voice", "bench", str(write_folder(tmp_path, *ROWS)), *words]) == 0
    assert (Recogniser.made[-1]["has_speech"] is not None) == hinted
    assert Recogniser.warm == len(Recogniser.made)


def test_the_recogniser_is_closed_whatever_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its memory is given back where the run fails."""
    folder = write_folder(tmp_path, *ROWS)
    before = Recogniser.closed
    monkeypatch.setattr(Recogniser, "transcribe", lambda *_: 1 / 0)
    assert main(["voice", "bench", str(folder)]) != 0
    assert Recogniser.closed == before + 1


@pytest.mark.parametrize(
    ("lang", "cause"),
    [("en", "there is no cases.jsonl"), ("ko", "cases.jsonl이 없어요")],
)
def test_a_folder_without_cases_is_one_line(
    lang: str, cause: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is missing is told with what to write."""
    assert main(["voice", "bench", str(tmp_path), "--lang", lang]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert cause in told


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_option_is_explained(lang: str) -> None:
    """The command stands below `voice`, with words for all that it takes."""
    texts = TEXTS[lang]
    for name in ("folder", "model", "gguf", "window", "threads", "failures", "out"):
        assert texts.find(f"option.voice.bench.{name}")
    assert texts.find("option.voice.bench.hints")
