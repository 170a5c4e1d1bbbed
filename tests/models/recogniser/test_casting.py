from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest

from sanso.models.evaluation.cases import CaseError
from sanso.models.evaluation.spoken_cases import read_spoken_cases
from sanso.models.recogniser.casting import cast, read_rows

ROWS = [
    {
        "id": "a",
        "lang": "ko",
        "text": "풍량 3단",
        "accept": [["set_fan_level(level=3)"]],
    },
    {
        "id": "b",
        "lang": "en",
        "text": "Turn it off!",
        "accept": [["set_power(state=off)"]],
    },
    {
        "id": "c",
        "lang": "mix",
        "text": "sleep mode로",
        "accept": [["set_mode(mode=sleep)"]],
    },
]


def test_each_case_is_spoken_in_different_voices(tmp_path: Path) -> None:
    """What can be spoken is there once a voice, as spoken cases that can be read; the rest is told."""
    told = list(cast(ROWS, tmp_path, voices=3))
    assert told == ["a", "b", None]
    table = [
        json.loads(line)
        for line in (tmp_path / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [row["id"] for row in table] == ["a-1", "a-2", "a-3", "b-1", "b-2", "b-3"]
    assert len({row["voice"] for row in table[:3]}) == 3
    assert len(read_spoken_cases(tmp_path)) == 6
    with wave.open(str(tmp_path / "a-1.wav")) as file:
        assert (file.getframerate(), file.getnchannels()) == (16000, 1)
        assert file.getnframes() > 8000


def test_what_is_spoken_is_not_spoken_again(tmp_path: Path) -> None:
    """A run that was stopped goes on, and ends with the same table."""
    list(cast(ROWS, tmp_path, voices=2))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.wav")}
    table = (tmp_path / "cases.jsonl").read_bytes()
    (tmp_path / "b-2.wav").unlink()
    list(cast(ROWS, tmp_path, voices=2))
    after = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.wav")}
    assert {path for path in before if before[path] != after[path]} == {
        tmp_path / "b-2.wav"
    }
    assert (tmp_path / "cases.jsonl").read_bytes() == table


def test_only_single_sentences_are_read(tmp_path: Path) -> None:
    """Dialogues are left out, and a bad line is named."""
    path = tmp_path / "cases.jsonl"
    dialogue = {"id": "d", "lang": "en", "turns": []}
    lines = [json.dumps(row) for row in (*ROWS, dialogue)]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read_rows([tmp_path]) == ROWS
    path.write_text("{", encoding="utf-8")
    with pytest.raises(CaseError, match=r"cases\.jsonl:1: not JSON"):
        read_rows([path])
