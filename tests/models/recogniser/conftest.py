"""A store of made-up sound and a tiny recipe, for all tests of the recogniser."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from sanso.models.recogniser.recipe import Recipe, Shares
from sanso.models.recogniser.sentences import Sentence
from sanso.models.recogniser.speech import Store


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)  # two threads on two busy cores are many times slower


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Forty sounds in which each text has a tone of its own."""
    folder = tmp_path / "speech"
    folder.mkdir()
    rng = np.random.default_rng(0)
    texts = (("켜줘", "ko"), ("꺼줘", "ko"), ("fan on", "en"), ("stop", "en"))
    rows, sounds, at = [], [], 0
    for i in range(40):
        text, lang = texts[i % 4]
        time = np.arange(int(rng.integers(9000, 14_000))) / 16_000
        tone = np.sin(2 * np.pi * (300 + 400 * (i % 4)) * time)
        sound = (12_000 * tone * (0.6 + 0.4 * np.sin(20 * time))).astype(np.int16)
        sentence = Sentence(text, lang, "commands", held=False)
        row = {"sentence": asdict(sentence), "voice": lang, "start": at}
        rows.append({**row, "length": len(sound)})
        sounds.append(sound)
        at += len(sound)
    (folder / "0000.pcm").write_bytes(np.concatenate(sounds).tobytes())
    (folder / "0000.json").write_text(json.dumps(rows), encoding="utf-8")
    return Store(folder)


@pytest.fixture
def recipe() -> Recipe:
    """A network for one second of training."""
    return Recipe(
        name="tiny", width=32, heads=2, encoder=1, decoder=1, steps=40, batch=4,
        warmup=5, clean=5, prompted=0.2, silence=0.1,
        shares=Shares(commands=1.0, numbers=0.0, written=0.0),
    )  # fmt: skip
