"""From sentences to a GGUF that the engine runs: every stage, small."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from sanso.agent import Engine, ModelError
from sanso.agent.context import Context
from sanso.agent.llama import Model
from sanso.agent.prompt import Turn, normalize, prompt
from sanso.grammars import PURIFIER, draw_program, parse
from sanso.models.corpus.lines import filled, read_all
from sanso.models.export import quantize, write_gguf
from sanso.models.network import Network, Shape
from sanso.models.recipe import Recipe, RecipeError, load_recipe, training_digest
from sanso.models.shipping import make_bundle
from sanso.models.training import Trainer, load_corpus

pytestmark = pytest.mark.train


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trainer:
    """The two-minute recipe, stopped once on the way and taken up again."""
    torch.set_num_threads(1)  # two threads on two busy cores are many times slower
    recipe = load_recipe("tiny")
    folder = tmp_path_factory.mktemp("tiny")
    corpus = load_corpus(recipe, None)
    Trainer(recipe, folder, corpus).run(stop_at=300)
    trainer = Trainer(recipe, folder, corpus)
    assert trainer.step == 300
    trainer.run()
    return trainer


@pytest.fixture(scope="module")
def bundle(trained: Trainer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its GGUF with the paper beside it."""
    path = tmp_path_factory.mktemp("bundle") / "sanso.gguf"
    make_bundle(trained, path, "Q8_0")
    return path


def test_it_learns(trained: Trainer) -> None:
    """The tiny model writes a fair share of unseen families right: far more than by chance."""
    assert trained.step == trained.recipe.steps
    assert trained.validate() > 0.15


def test_a_stop_changes_nothing(tmp_path: Path) -> None:
    """Stopped and resumed, the weights are those of an unbroken training."""
    recipe = load_recipe("tiny").model_copy(
        update={"steps": 20, "batch": 16, "dropout": 0.1}
    )
    corpus = load_corpus(recipe, None)
    whole = Trainer(recipe, tmp_path / "whole", corpus)
    whole.run()
    Trainer(recipe, tmp_path / "parts", corpus).run(stop_at=9)
    rest = Trainer(recipe, tmp_path / "parts", corpus)
    assert rest.step == 9
    rest.run()
    for name, value in whole.network.state_dict().items():
        torch.testing.assert_close(rest.network.state_dict()[name], value)
        torch.testing.assert_close(rest.average[name], whole.average[name])


def test_the_engine_runs_it(bundle: Path) -> None:
    """The quantized file passes every check and gives programs, with and without turns before."""
    with Engine.open(bundle) as engine:
        assert engine.bundle.trained_here
        first = engine.decide(normalize("취침 모드로 부탁할게"))
        assert parse(first.program.render()) == first.program
        turns = (Turn("타이머", "ask(slot=time)", waiting=True),)
        assert engine.decide("twenty minutes", turns).evidence.passes > 0


def test_llama_cpp_computes_what_torch_computes(
    trained: Trainer, tmp_path: Path
) -> None:
    """The exported network gives torch's logits, and llama.cpp cuts sentences into our tokens."""
    path = tmp_path / "whole.gguf"
    network = trained.averaged()
    write_gguf(path, network, trained.vocabulary, {"grammar": PURIFIER.digest})
    model = Model(path)
    context = Context(model, tokens=256)
    rng = random.Random(5)
    said = [s for line in read_all() for s, _ in filled(line.turns, line.lang, rng)]
    for sentence in map(normalize, rng.sample(said, 3000)):
        assert model.tokenize(sentence) == trained.vocabulary.sentence(sentence)
    for sentence in map(normalize, rng.sample(said, 20)):
        ids = trained.vocabulary.prompt(prompt(sentence))
        with torch.no_grad():
            theirs = network.logits(network(torch.tensor([ids])))[0, -1].numpy()
        ours = context.run(ids)
        np.testing.assert_allclose(ours, theirs, atol=0.02 * float(theirs.std()) + 0.01)
    context.close()
    model.close()


def test_programs_are_cut_alike(trained: Trainer, bundle: Path) -> None:
    """Training and runtime cut a program into the same tokens, and these spell it."""
    model = Model(bundle, vocabulary_only=True)
    rng = random.Random(9)
    for _ in range(300):
        text = draw_program(rng)
        ids = trained.vocabulary.program(text)
        assert model.program_tokens(text) == ids
        assert b"".join(model.piece(i) for i in ids).decode() == text
    model.close()


def test_the_paper_belongs_to_its_file(bundle: Path, tmp_path: Path) -> None:
    """A GGUF that is not the one its paper describes is refused."""
    for path in (bundle, bundle.with_suffix(".json")):
        shutil.copy(path, tmp_path)
    copy = tmp_path / bundle.name
    paper = json.loads(copy.with_suffix(".json").read_text("utf-8"))
    assert paper["bytes"] == copy.stat().st_size
    with copy.open("r+b") as file:
        file.seek(-100, 2)
        file.write(b"\x00" * 50)
    with pytest.raises(ModelError, match="is not the file that"):
        Engine.open(copy)


def test_unknown_recipes_and_quantizations(tmp_path: Path) -> None:
    """A wrong name is one line that tells the right ones."""
    with pytest.raises(
        RecipeError, match="there are first, further, sanso, small, tiny"
    ):
        load_recipe("frist")
    bad = tmp_path / "bad.toml"
    bad.write_text("name = 'x'\nwidht = 3\n", "utf-8")
    with pytest.raises(RecipeError, match="widht"):
        load_recipe(str(bad))
    with pytest.raises(RecipeError, match="Q4_0"):
        quantize(tmp_path / "a", tmp_path / "b", "Q3")


def test_the_digest_tells_recipes_apart() -> None:
    """Another recipe has another digest; the same has the same."""
    one = Recipe(name="x")
    assert training_digest(one) == training_digest(Recipe(name="x"))
    assert training_digest(one) != training_digest(Recipe(name="x", width=128))


def test_shapes_have_the_parameters_they_say() -> None:
    """Size follows from the shape: embedding, and per layer attention, feed-forward and two norms."""
    shape = Shape(vocabulary=800, width=64, layers=3, heads=4, hidden=160)
    size = sum(p.numel() for p in Network(shape).parameters())
    layer = 4 * 64 * 64 + 3 * 64 * 160 + 2 * 64
    assert size == 800 * 64 + 3 * layer + 64
