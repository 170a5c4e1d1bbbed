"""What is learned and what is kept for judging never meet."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from sanso.models.corpus.lines import Line, Turn, key
from sanso.models.recogniser.sentences import Sentences, is_held, plain
from sanso.models.recogniser.speech import speak
from sanso.models.recogniser.voices import (
    DRAWN,
    UNSEEN_VARIANTS,
    SpeechError,
    Voice,
    draw_voice,
    variant_text,
    write_variants,
)

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


def test_drawn_voices_are_voices_of_their_own(tmp_path: Path) -> None:
    """espeak-ng reads the drawn variants; each sounds different from the others and from its own."""
    write_variants(tmp_path / "voices", 4, 1)
    rng = random.Random(1)
    drawn = [
        draw_voice("en", rng, unseen=False, drawn=tmp_path / "voices")
        for _ in range(200)
    ]
    variants = {v.name.partition("+")[2] for v in drawn if v.data}
    assert variants == {f"{DRAWN}{n:04d}" for n in range(4)}
    assert 60 < sum(bool(v.data) for v in drawn) < 140
    folder = str(tmp_path / "voices")
    sounds = [
        speak("fan up", Voice(f"en-us+{name}", 160, 50, folder))
        for name in sorted(variants)
    ]
    sounds.append(speak("fan up", Voice("en-us", 160, 50)))
    assert len({sound.tobytes() for sound in sounds}) == 5
    same = speak("fan up", Voice("en-us+f2", 160, 50, folder))
    assert np.array_equal(same, speak("fan up", Voice("en-us+f2", 160, 50)))
    write_variants(tmp_path / "voices", 4, 1)  # a second time changes nothing


def test_held_out_variants_are_never_drawn_to_learn_from(tmp_path: Path) -> None:
    """With drawn variants at hand too."""
    write_variants(tmp_path, 2, 1)
    rng = random.Random(2)
    for _ in range(2000):
        voice = draw_voice("ko", rng, unseen=False, drawn=tmp_path)
        assert voice.name.partition("+")[2] not in UNSEEN_VARIANTS
        unseen = draw_voice("ko", rng, unseen=True, drawn=tmp_path)
        assert unseen.name.partition("+")[2] in UNSEEN_VARIANTS


def test_a_variant_is_the_same_each_time() -> None:
    """Its text follows from its name and the seed."""
    first, again, other = (
        variant_text("drawn0001", random.Random(seed)) for seed in (1, 1, 2)
    )
    assert first == again != other
    assert first.startswith("language variant\nname drawn0001\npitch ")


def test_no_espeak_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SpeechError, match="apt install espeak-ng"):
        write_variants(tmp_path / "voices", 1, 1)
