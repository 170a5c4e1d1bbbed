"""Shared by all tests: a model that knows nothing, for what must hold of any model."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what the engine stores out of the user's own cache; child processes inherit it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def random_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small GGUF with random weights; its programs are legal and meaningless."""
    import torch

    from sanso.agent.prompt import normalize
    from sanso.grammars import PURIFIER
    from sanso.models.corpus.lines import filled, read_all
    from sanso.models.export import write_gguf
    from sanso.models.network import Network, Shape
    from sanso.models.vocabulary import Vocabulary

    rng = random.Random(0)
    lines = rng.sample(read_all(), 400)
    sentences = [
        normalize(sentence)
        for line in lines
        for sentence, _ in filled(line.turns, line.lang, rng)
    ]
    vocabulary = Vocabulary.train(sentences, 1600, PURIFIER)
    torch.manual_seed(0)
    shape = Shape(len(vocabulary), width=64, layers=1, heads=2, hidden=128)
    path = tmp_path_factory.mktemp("model") / "random.gguf"
    write_gguf(path, Network(shape).eval(), vocabulary, {"grammar": PURIFIER.digest})
    return path
