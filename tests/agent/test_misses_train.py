"""The full circle: a sentence is missed, kept, labelled, exported and trained on, and then it is understood."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sanso.agent import Agent, Caution, Engine
from sanso.agent.miss_lines import miss_name
from sanso.agent.misses import Misses
from sanso.agent.prompt import normalize
from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import parse
from sanso.models.corpus.lines import SENTENCES, Line, read_file, refuse_twins
from sanso.models.corpus.phrases import Phrases
from sanso.models.corpus.stream import is_validation
from sanso.models.recipe import Recipe, load_recipe
from sanso.models.shipping import make_bundle
from sanso.models.training import Corpus, Trainer

pytestmark = pytest.mark.train

SAID = "멍멍이 털이 소파를 점령했어"
RIGHT = "set_mode(mode=pet)"
NOW = 1.77e9


def written_lines() -> list[Line]:
    """Return a few of the written lines, of which none knows the pet mode."""
    lines: list[Line] = []
    for name in ("set_light", "set_power", "set_mode"):
        known = (
            line
            for line in read_file(SENTENCES / "ko" / f"{name}.txt", "ko")
            if "pet" not in line.turns[0].program and not is_validation(line)
        )
        lines += [line for line, _ in zip(known, range(10), strict=False)]
    return lines


def tiny(steps: int, start: str = "") -> Recipe:
    """Return the two-minute recipe, made smaller still."""
    recipe = load_recipe("tiny")
    shares = replace(recipe.shares, languages={"ko": 1.0})
    return recipe.model_copy(
        update={
            "pieces": 700,
            "width": 64,
            "hidden": 160,
            "heads": 2,
            "batch": 32,
            "steps": steps,
            "warmup": 20,
            "shares": shares,
            "start": start,
            "sentence_loss": 0.0,
            "average": 0.9,
        }
    )


def train(recipe: Recipe, lines: list[Line], folder: Path) -> Path:
    """Train on these lines; the path of the GGUF."""
    Trainer(recipe, folder, Corpus(tuple(lines), Phrases(), ())).run()
    path = folder / "sanso.gguf"
    make_bundle(
        Trainer(recipe, folder, Corpus(tuple(lines), Phrases(), ())), path, "Q8_0"
    )
    return path


def written(path: Path) -> str:
    """Return the program that a model writes for what was said."""
    with Engine.open(path) as engine:
        return engine.decide(normalize(SAID)).program.render()


def test_a_miss_is_learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that missed a sentence understands it after training on its label."""
    monkeypatch.setattr("sanso.models.training._PIECE_SENTENCES", 3000)
    # So few lines, sorted by length over many batches, would all come in the same one.
    monkeypatch.setattr("sanso.models.training.CHUNK_BATCHES", 1)
    torch.set_num_threads(1)
    lines = written_lines()
    before = train(tiny(100), lines, tmp_path / "before")
    misses = Misses(tmp_path / "state")
    misses.agree(NOW)
    purifier = SimulatedPurifier(clock=ScriptedClock(NOW))
    with Agent(Engine.open(before), purifier, caution=Caution.OFF) as agent:
        missed = agent.say(SAID)
        misses.notice(missed, purifier.now())
        misses.notice(agent.carry_out(parse("undo()")), purifier.now() + 5)
    (miss,) = misses.kept()
    assert (normalize(SAID), written(before)) == (miss.sentence, miss.program)
    assert miss.program != RIGHT
    misses.label(miss_name(miss), RIGHT)
    exported = tmp_path / "owner.txt"
    exported.write_text("\n".join(misses.export()), "utf-8")
    lines += read_file(exported)
    refuse_twins(lines)
    assert not is_validation(lines[-1])
    after = train(tiny(150, str(before)), lines, tmp_path / "after")
    assert written(after) == RIGHT
