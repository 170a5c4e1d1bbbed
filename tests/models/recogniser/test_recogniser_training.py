"""Training, stopping, going on; the exported folder says what the network says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from rich.console import Console

from sanso.models.recipe import RecipeError
from sanso.models.recogniser.evaluate import Recogniser, judge
from sanso.models.recogniser.export import FILES, write_recogniser
from sanso.models.recogniser.features import FRAMES, log_mel
from sanso.models.recogniser.network import Network, Shape
from sanso.models.recogniser.recipe import RECIPES, Recipe, load_recipe
from sanso.models.recogniser.speech import Store
from sanso.models.recogniser.tokens import END, decode, encode, opening
from sanso.models.recogniser.training import Training, TrainingError, read_network

pytestmark = pytest.mark.train
QUIET = Console(quiet=True)


def test_features_are_those_of_faster_whisper() -> None:
    """What is trained on is what the run time computes, sound by sound."""
    from faster_whisper.feature_extractor import FeatureExtractor

    extractor = FeatureExtractor(hop_length=320, chunk_length=8)
    rng = np.random.default_rng(1)
    sounds = [
        (rng.standard_normal(n) * 0.1 * np.sin(np.arange(n) / 700)).astype(np.float32)
        for n in (400, 1599, 16_000, 16_161, 40_321)
    ]
    features, frames = log_mel(sounds)
    for row, count, sound in zip(features, frames.tolist(), sounds, strict=True):
        expected = extractor(sound)
        assert expected.shape == (80, count)
        np.testing.assert_allclose(row[:, :count].numpy(), expected, atol=2e-3)
        assert not row[:, count:].any()


def test_a_stopped_training_goes_on_as_if_it_had_not_been(
    recipe: Recipe, store: Store, tmp_path: Path
) -> None:
    """The weights of a run in two parts equal those of a run in one; the loss falls."""
    whole = Training(recipe, tmp_path / "whole", store)
    whole.run(QUIET)
    Training(recipe, tmp_path / "parts", store).run(QUIET, stop_at=17)
    again = Training(recipe, tmp_path / "parts", store)
    assert again.step == 17
    again.run(QUIET)
    for name, value in whole.network.state_dict().items():
        assert torch.equal(value, again.network.state_dict()[name]), name
    for name, value in whole.average.items():
        assert torch.equal(value, again.average[name]), name


def test_starts_from_a_former_training(
    recipe: Recipe, store: Store, tmp_path: Path
) -> None:
    """A deeper network hears at first what the former one heard; one of another width is refused."""
    Training(recipe, tmp_path / "first", store).run(QUIET)
    former, _ = read_network(tmp_path / "first")
    plan = recipe.model_copy(update={"encoder": 3, "decoder": 2})
    deeper = Training(plan, tmp_path / "deeper", store, tmp_path / "first")
    features, _ = log_mel([np.ones(16_000, np.float32)])
    ids = torch.tensor([opening("ko")])
    with torch.no_grad():
        expected, found = (
            net.logits(net.decode(ids, net.encode(features)))
            for net in (former, deeper.averaged())
        )
    assert torch.allclose(expected, found, atol=1e-5)
    deeper.run(QUIET)
    assert deeper.step == plan.steps
    again = Training(plan, tmp_path / "deeper", store, tmp_path / "first")
    assert again.step == plan.steps
    wider = recipe.model_copy(update={"width": 48, "heads": 3})
    with pytest.raises(TrainingError, match="width 32, 1 and 1 of them; start from"):
        Training(wider, tmp_path / "wider", store, tmp_path / "first")


def test_learns_to_write_down(recipe: Recipe, store: Store, tmp_path: Path) -> None:
    """After a few hundred small steps the tones are told apart, through faster-whisper."""
    plan = recipe.model_copy(update={"steps": 200, "clean": 1000, "rate": 5e-3})
    training = Training(plan, tmp_path / "run", store)
    training.run(QUIET)
    assert training.log[-1]["text"] < training.log[0]["text"] / 2
    write_recogniser(training.averaged(), tmp_path / "out")
    scores = judge(Recogniser(tmp_path / "out"), store, count=16)
    assert {"ko", "en"} == set(scores)
    assert all(score.exact >= 6 for score in scores.values()), scores
    network, step = read_network(tmp_path / "run")
    assert step == 200
    assert torch.equal(network.conv1.weight, training.average["conv1.weight"])


def test_ctranslate2_computes_what_torch_computes(tmp_path: Path) -> None:
    """Unquantised, encoder and language chances of the exported folder equal torch's."""
    import ctranslate2

    torch.manual_seed(1)
    network = Network(Shape(width=32, heads=2, encoder=2, decoder=2)).eval()
    torch.nn.init.normal_(
        network.text_positions
    )  # so that it does not babble one token
    write_recogniser(network, tmp_path, quantization="float32")
    assert set(FILES) == {file.name for file in tmp_path.iterdir()}
    features = torch.randn(1, 80, FRAMES)
    model = ctranslate2.models.Whisper(str(tmp_path), compute_type="float32")
    assert model.is_multilingual
    given = ctranslate2.StorageView.from_array(features.numpy())
    sound = np.asarray(model.encode(given, to_cpu=True))
    with torch.no_grad():
        expected = network.encode(features)
        np.testing.assert_allclose(sound, expected.numpy(), atol=2e-4)
        logits = network.logits(
            network.decode(torch.tensor([opening("en")[:1]]), expected)
        )
    chances = dict(model.detect_language(given)[0])
    ids = [opening(lang)[1] for lang in ("en", "ko")]
    both = torch.softmax(logits[0, -1, ids], -1)
    assert pytest.approx(both[0].item(), abs=1e-4) == chances["<|en|>"]
    assert pytest.approx(both[1].item(), abs=1e-4) == chances["<|ko|>"]
    prompt = opening("ko")
    result = model.generate(
        given, [prompt], beam_size=1, max_length=24, return_scores=True
    )[0]
    written = list(prompt)
    with torch.no_grad():
        while len(written) < 24:
            best = network.logits(network.decode(torch.tensor([written]), expected))[
                0, -1
            ].argmax()
            if int(best) == END:
                break
            written.append(int(best))
    found = result.sequences_ids[0]
    assert len(found) > 10
    assert len(set(found)) > 3
    assert written[len(prompt) :][: len(found)] == found


def test_tokenizer_file_agrees_with_the_tokens(tmp_path: Path) -> None:
    """faster-whisper's tokenizer reads and writes the same ids; the space is not suppressed."""
    import tokenizers
    from faster_whisper.tokenizer import Tokenizer

    network = Network(Shape(width=16, heads=1, encoder=1, decoder=1))
    write_recogniser(network, tmp_path)
    inner = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    tokenizer = Tokenizer(inner, multilingual=True, task="transcribe", language="ko")
    for text in ("풍량을 삼단으로 맞췄어요", "what's the fan at", "뷁"):
        assert encode(text) == tokenizer.encode(text)
        assert text == decode(tokenizer.encode(text))
    assert opening("ko") == [*tokenizer.sot_sequence, tokenizer.no_timestamps]
    assert not {encode(c)[0] for c in " 'aeㄱ"[:4]} & set(tokenizer.non_speech_tokens)
    vocabulary = json.loads((tmp_path / "vocabulary.json").read_text(encoding="utf-8"))
    assert "" in vocabulary
    assert [inner.token_to_id(t) for t in vocabulary[:20]] == list(range(20))


def test_refuses_another_recipes_checkpoint(
    recipe: Recipe, store: Store, tmp_path: Path
) -> None:
    """A checkpoint is not mixed with other sizes; neither is nothing trained on."""
    Training(recipe, tmp_path / "run", store).run(QUIET, stop_at=1)
    other = recipe.model_copy(update={"width": 48})
    with pytest.raises(TrainingError, match="another recipe"):
        Training(other, tmp_path / "run", store)
    with pytest.raises(TrainingError, match="no speech"):
        Training(recipe, tmp_path / "new", Store(tmp_path / "nothing"))
    with pytest.raises(TrainingError, match="no checkpoint"):
        read_network(tmp_path / "nothing")


def test_recipes_are_valid() -> None:
    """Every recipe reads; a name that is none tells those that are."""
    for path in RECIPES.glob("*.toml"):
        assert path.stem == load_recipe(path.stem).name
    with pytest.raises(RecipeError, match="double"):
        load_recipe("none")
