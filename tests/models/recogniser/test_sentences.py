"""What is learned and what is kept for judging never meet."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from sanso.models.corpus.lines import Line, Turn, key
from sanso.models.recogniser.sentences import Sentences, is_held, plain
from sanso.models.recogniser.speech import draw_voice

CASES = Path(__file__).parents[2] / "cases"


def _cases() -> list[str]:
    texts = []
    for path in sorted(CASES.glob("*.jsonl")):
        for row in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(row)
            texts += [turn["text"] for turn in case.get("turns", [case])]
    return texts


@pytest.fixture(scope="module")
def sentences() -> Sentences:
    """The project's own sentences, without the evaluation's."""
    return Sentences(_cases())


@pytest.mark.parametrize("source", ["commands", "numbers", "written"])
def test_held_out_sentences_are_never_learned(
    sentences: Sentences, source: str
) -> None:
    """No sentence is on both sides, spaces and seeds notwithstanding."""
    shares = {source: 1.0}
    learned = {plain(s.text) for s in sentences.stream("a", shares, 3000, held=False)}
    held = {plain(s.text) for s in sentences.stream("b", shares, 400, held=True)}
    assert learned
    assert held
    assert not learned & held
    if source != "written":
        assert all(is_held(text) for text in held)


def test_no_case_is_learned(sentences: Sentences) -> None:
    """No sentence of the evaluation is drawn, however it is spelled."""
    cases = {key(text) for text in _cases()}
    shares = {"commands": 0.5, "written": 0.5}
    for sentence in sentences.stream("c", shares, 3000, held=False):
        assert key(sentence.text) not in cases


def test_a_sentence_to_avoid_is_avoided() -> None:
    """What would be drawn is not, once it is to be avoided, digits or words."""
    turns = (Turn("fan {level} now", "set_fan_level(level={level})"),)
    line = Line(turns, "en", "anyone", "here:1")
    other = Line((Turn("all good", "chat(kind=thanks)"),), "en", "anyone", "here:2")
    free = Sentences([], [line, other])
    held = is_held(key("fan {level} now"))
    rng = random.Random(1)
    assert any(
        "fan" in free.draw(rng, "written", "en", held=held).text for _ in range(50)
    )
    avoid = [f"fan {n} now" for n in range(1, 11)]
    kept = Sentences(avoid, [line, other])
    if held == is_held(key("all good")):
        assert {"all good"} == {
            kept.draw(rng, "written", "en", held=held).text for _ in range(50)
        }


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_voices_are_held_out(lang: str) -> None:
    """No voice that judges was heard in training."""
    rng = random.Random(1)
    learned = {draw_voice(lang, rng, unseen=False).name for _ in range(3000)}
    unseen = {draw_voice(lang, rng, unseen=True).name for _ in range(1000)}
    assert len(learned) > 50
    assert len(unseen) >= 15
    variants = {name.partition("+")[2] for name in learned}
    assert not variants & {name.partition("+")[2] for name in unseen}
