from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sanso.agent.cli.messages import translated
from sanso.agent.voice.errors import TranscriberError
from sanso.agent.voice.gates import Thresholds
from sanso.agent.voice.parts import RATE
from sanso.agent.voice.transcribe import WhisperTranscriber, own_thresholds

from .random_recogniser import make_recogniser


def test_without_a_file_they_are_whispers(tmp_path: Path) -> None:
    """A recogniser that brings no thresholds is judged by those of Whisper."""
    assert own_thresholds(tmp_path) == Thresholds()


def test_what_it_brings_counts(tmp_path: Path) -> None:
    """Those that it names are its own; the others stay."""
    (tmp_path / "gates.json").write_text('{"least_logprob": -0.3, "least_seconds": 1}')
    expected = Thresholds(least_logprob=-0.3, least_seconds=1.0)
    assert own_thresholds(tmp_path) == expected


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[]", "it is no JSON object"),
        ("{", "it is not JSON"),
        ('{"least_luck": 1}', "there is no gate least_luck"),
        ('{"least_logprob": "low"}', "least_logprob is no number"),
        ('{"least_logprob": true}', "least_logprob is no number"),
        ('{"least_logprob": null}', "least_logprob is no number"),
    ],
)
def test_a_damaged_file_is_named(written: str, told: str, tmp_path: Path) -> None:
    """Nothing is guessed where a threshold cannot be read; the cure is told in both languages."""
    (tmp_path / "gates.json").write_text(written)
    with pytest.raises(TranscriberError, match=told) as caught:
        own_thresholds(tmp_path)
    korean = translated(str(caught.value), "ko")
    assert korean
    assert "gates.json" in korean
    assert "no " not in korean


def test_the_recogniser_is_judged_by_them(tmp_path: Path) -> None:
    """A model whose own gate lets nothing through refuses all; told otherwise it does not."""
    folder = make_recogniser(tmp_path / "model")
    strict = {"least_logprob": 0.0, "most_no_speech": 1.0, "least_mass": 0.0}
    strict |= {"most_compression": 1e9}
    (folder / "gates.json").write_text(json.dumps(strict))
    sound = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)
    own = WhisperTranscriber(folder, cpu_threads=1, max_new_tokens=8)
    assert own.transcribe(sound).refused is not None
    own.close()
    loose = Thresholds(1e-3, 0.0, 1.0, 0.0, 1e9, -1e9)
    told = WhisperTranscriber(folder, cpu_threads=1, max_new_tokens=8, thresholds=loose)
    assert told._thresholds == loose
    told.close()
