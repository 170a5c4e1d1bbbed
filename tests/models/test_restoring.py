"""A GGUF comes back as the network and the vocabulary that it was made from."""

from __future__ import annotations

from pathlib import Path

import gguf
import pytest
import torch

from sanso.grammars import PURIFIER
from sanso.models.export import write_gguf
from sanso.models.network import Network, Shape
from sanso.models.recipe import Recipe, RecipeError
from sanso.models.restoring import grow, read_model
from sanso.models.training import Trainer, load_corpus
from sanso.models.vocabulary import Vocabulary

pytestmark = pytest.mark.train

SENTENCES = [
    *("바람을 조금만 더 세게 해 줘", "두 시간 뒤에 꺼 줘", "불 꺼", "수면 모드로"),
    *("turn it up a notch please", "off at half past ten", "is the filter worn out"),
] * 30


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """A small one."""
    return Vocabulary.train(SENTENCES, 400, PURIFIER)


def small(vocabulary: Vocabulary, layers: int = 2) -> Network:
    """A network with drawn weights."""
    torch.manual_seed(5)
    shape = Shape(len(vocabulary), 32, layers, 2, 64, 128)
    network = Network(shape)
    with torch.no_grad():
        for value in network.parameters():
            value.add_(torch.randn_like(value) * 0.1)
    return network.eval()


@pytest.fixture(scope="module")
def file(vocabulary: Vocabulary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network and the vocabulary in one unquantized GGUF."""
    path = tmp_path_factory.mktemp("gguf") / "small.gguf"
    write_gguf(path, small(vocabulary), vocabulary, {"grammar": "x"})
    return path


def test_weights_come_back(vocabulary: Vocabulary, file: Path) -> None:
    """The same tokens give the same hidden states."""
    ids = torch.tensor([vocabulary.sentence("turn it up, 불도")])
    restored, _ = read_model(file)
    torch.testing.assert_close(restored.eval()(ids), small(vocabulary)(ids))


@pytest.mark.parametrize("text", [*SENTENCES[:7], "전혀 본 적 없는 글자 뷁 🙂", "pm10"])
def test_words_are_cut_alike(vocabulary: Vocabulary, file: Path, text: str) -> None:
    """The restored vocabulary cuts every sentence as the first one did."""
    _, restored = read_model(file)
    assert vocabulary.sentence(text) == restored.sentence(text)
    assert vocabulary.tokens() == restored.tokens()


def test_added_layers_say_nothing_at_first(vocabulary: Vocabulary) -> None:
    """A grown network starts with the answers of the smaller one, and its new layers can learn."""
    network = small(vocabulary)
    shape = Shape(**{**network.shape.__dict__, "layers": 5})
    grown = grow(network, shape, 0.0)
    ids = torch.tensor([vocabulary.sentence("수면 모드로")])
    torch.testing.assert_close(grown.eval()(ids), network(ids))
    torch.autograd.backward(grown(ids).square().sum())
    for index in range(5):
        slope = grown.get_parameter(f"blk.{index}.attn_output.weight").grad
        assert slope is not None
        assert slope.abs().sum() > 0


def test_only_layers_can_be_added(vocabulary: Vocabulary) -> None:
    """Another width is refused, and the message shows both shapes."""
    network = small(vocabulary)
    shape = Shape(**{**network.shape.__dict__, "width": 64})
    with pytest.raises(RecipeError, match="width=64"):
        grow(network, shape, 0.0)


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    """Neither a missing file nor another project's GGUF is started from."""
    with pytest.raises(RecipeError, match="cannot start from"):
        read_model(tmp_path / "none.gguf")
    (tmp_path / "torn.gguf").write_bytes(b"GGUF")
    with pytest.raises(RecipeError, match="damaged"):
        read_model(tmp_path / "torn.gguf")
    writer = gguf.GGUFWriter(str(tmp_path / "other.gguf"), "llama")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with pytest.raises(RecipeError, match="not made by"):
        read_model(tmp_path / "other.gguf")


def test_training_goes_on_from_a_model(
    vocabulary: Vocabulary, file: Path, tmp_path: Path
) -> None:
    """The first step has the weights of the GGUF; what it came from stays known over a stop."""
    recipe = Recipe(
        name="on",
        start=str(file),
        width=32,
        layers=2,
        heads=2,
        hidden=64,
        context=128,
        steps=4,
        batch=8,
        lines=200,
    )
    corpus = load_corpus(recipe, None)
    trainer = Trainer(recipe, tmp_path, corpus)
    weight = small(vocabulary).token_embd.weight
    torch.testing.assert_close(trainer.network.token_embd.weight, weight)
    trainer.run(stop_at=2)
    again = Trainer(recipe, tmp_path, corpus)
    assert again.step == 2
    assert len(again.started_from) == 64
