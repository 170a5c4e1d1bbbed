from __future__ import annotations

import json
import wave
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import numpy as np
import pytest

from sanso.agent.cli.messages import translated
from sanso.agent.engine import Decision
from sanso.agent.evidence import Choice, Evidence
from sanso.agent.voice.parts import RATE, Samples, Transcript
from sanso.grammars import PURIFIER, parse
from sanso.models.evaluation.cases import CaseError
from sanso.models.evaluation.score import Mark
from sanso.models.evaluation.spoken_cases import read_spoken_cases
from sanso.models.evaluation.spoken_run import Heard, run_spoken
from sanso.models.evaluation.transcripts import said_form, text_errors
from sanso.models.voice_bench import real_time, times

ROW = {
    "id": "a",
    "wav": "a.wav",
    "lang": "ko",
    "text": "풍량 3단",
    "accept": [["set_fan_level(level=3)"]],
}


def write_folder(folder: Path, *rows: dict[str, Any], loud: float = 1.0) -> Path:
    """Write cases, and a WAV for each: loud for so many seconds, then silent."""
    table = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "cases.jsonl").write_text(table, encoding="utf-8")
    for row in rows:
        sound = np.zeros(round((loud + 0.2) * RATE), "<i2")
        sound[: round(loud * RATE)] = 16_000
        with wave.open(str(folder / row["wav"]), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(sound.tobytes())
    return folder


class Loudness:
    """Takes what is loud for speech."""

    def probability(self, frame: Samples) -> float:
        """Return 1 for a loud frame, else 0."""
        return float(np.abs(frame).max() > 0.1)

    def reset(self) -> None:
        """Remember nothing, so forget nothing."""


class Told:
    """A recogniser that writes what it is told; `<gate>` refuses."""

    name = "told"

    def __init__(self, *texts: str) -> None:
        """Write these, one after another."""
        self._texts = iter(texts)

    def transcribe(self, samples: Samples) -> Transcript:
        """Return the next text; each second of sound takes half of one."""
        text = next(self._texts)
        refused: Any = text[1:-1] if text.startswith("<") else None
        spent = {"encode": 0.0, "decode": 0.0, "total": len(samples) / RATE / 2}
        return Transcript(text, "ko", 1.0, 0.0, 0.0, 1.0, refused, spent)

    def close(self) -> None:
        """Hold nothing."""


class Model:
    """A model that decides one program, surely or not."""

    def __init__(self, program: str, probability: float = 0.99) -> None:
        """Decide it whatever is said."""
        self._program = parse(program)
        self._probability = probability
        self.bundle = SimpleNamespace(papers={}, sha256="")
        self.calls = PURIFIER

    def __enter__(self) -> Self:
        """Be open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hold nothing."""

    def decide(self, sentence: str, turns: Any = (), **_: Any) -> Decision:
        """Return it."""
        assert sentence
        del turns
        choice = Choice("x", self._probability, self._probability, ())
        evidence = Evidence((choice,), passes=1, tokens=1, prompt_tokens=1)
        return Decision(self._program, evidence, 2.0)


def hear(folder: Path, text: str, program: str, probability: float = 0.99) -> Heard:
    """Run the one case of a folder."""
    model: Any = Model(program, probability)
    cases = read_spoken_cases(folder)
    [heard] = run_spoken(cases, Told(text, text), model, Loudness())
    return heard


@pytest.mark.parametrize(
    ("text", "program", "sure", "mark", "lost"),
    [
        ("풍량 삼단", "set_fan_level(level=3)", 0.99, Mark.RIGHT, ""),
        ("풍량 이단", "set_fan_level(level=2)", 0.99, Mark.MISS, "misheard"),
        ("풍량 사단", "set_fan_level(level=4)", 0.99, Mark.WRONG_ACT, "misheard"),
        ("풍량 3단", "set_power(state=off)", 0.99, Mark.WRONG_ACT, "misunderstood"),
        ("풍량 3단", "set_fan_level(level=3)", 0.3, Mark.MISS, "unsure"),
        ("<doubt>", "set_fan_level(level=3)", 0.99, Mark.MISS, "refused"),
    ],
)
def test_what_is_lost_is_lost_somewhere(
    text: str, program: str, sure: float, mark: Mark, lost: str, tmp_path: Path
) -> None:
    """Each case is judged by what was carried out, and told by the first stage that failed."""
    heard = hear(write_folder(tmp_path, ROW), text, program, sure)
    assert (heard.mark, heard.lost) == (mark, lost)


def test_a_case_that_nobody_hears(tmp_path: Path) -> None:
    """Sound without speech is a miss, and no failure of the run."""
    heard = hear(write_folder(tmp_path, ROW, loud=0.05), "x", "set_power(state=off)")
    assert (heard.mark, heard.lost, heard.text) == (Mark.MISS, "unheard", "")


def test_times_are_those_of_the_stages(tmp_path: Path) -> None:
    """The end is found as at a microphone, though the file ends before; real time is per second of sound."""
    heard = hear(write_folder(tmp_path, ROW), "풍량 삼단", "set_fan_level(level=3)")
    found = times([heard])
    assert found["ending"][0] == pytest.approx(0.64)
    assert found["model"][0] == pytest.approx(0.002)
    assert found["obeyed"][0] > found["ending"][0]
    assert real_time([heard]) == pytest.approx(0.5)
    row = heard.as_json()
    assert (row["said"], row["heard"], row["mark"]) == (
        "풍량 3단",
        "풍량 삼단",
        "right",
    )


@pytest.mark.parametrize(
    ("said", "heard", "words", "letters"),
    [
        ("풍량 3단으로 해 줘", "풍량 삼 단으로 해줘.", 0, 0),
        ("Set the fan to 3!", "set the fan to three", 0, 0),
        ("turn it off", "turn off", 1, 2),
        ("켜 줘", "", 1, 2),
        ("켜 줘", "꺼 줘", 1, 1),
    ],
)
def test_errors_are_counted_on_what_is_said(
    said: str, heard: str, words: int, letters: int
) -> None:
    """Spacing of counters, signs and digits are no errors; words and letters are."""
    errors = text_errors(said, heard)
    assert (errors.wrong_words, errors.wrong_letters) == (words, letters)


def test_what_cannot_be_said_in_words_keeps_its_letters() -> None:
    """A text of both scripts, or with signs of its own, is compared as it is written."""
    assert said_form("fan 3단으로, OK?") == "fan 3단으로 ok"
    assert said_form("10:30에 꺼") == "10 30에 꺼"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({**ROW, "wav": "missing.wav"}, "lacks its file"),
        ({k: v for k, v in ROW.items() if k != "wav"}, "no one sentence|not one"),
        ({**ROW, "turns": [ROW, ROW]}, "not one sentence"),
        ({**ROW, "accept": []}, "accept is empty"),
    ],
)
def test_a_case_that_cannot_be_used(
    row: dict[str, Any], words: str, tmp_path: Path
) -> None:
    """It is an error that names it, before anything is run."""
    table = tmp_path / "cases.jsonl"
    table.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(CaseError, match=words):
        read_spoken_cases(tmp_path)


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_table_without_cases(text: str, tmp_path: Path) -> None:
    """Nothing to measure is no good result: it says what to write, in both languages."""
    (tmp_path / "cases.jsonl").write_text(text)
    with pytest.raises(CaseError, match=r"holds no case; .* id, wav, text") as caught:
        read_spoken_cases(tmp_path)
    assert translated(str(caught.value), "ko") is not None


def test_a_folder_without_cases(tmp_path: Path) -> None:
    """It says what to write."""
    with pytest.raises(CaseError, match=r"no cases\.jsonl .* id, wav, text"):
        read_spoken_cases(tmp_path)
