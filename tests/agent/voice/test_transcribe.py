"""From sound to transcript, through faster-whisper, with a recogniser of random weights."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from faster_whisper import WhisperModel
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.voice.errors import TranscriberError
from sanso.agent.voice.gates import Thresholds
from sanso.agent.voice.parts import RATE, Samples, Transcriber
from sanso.agent.voice.transcribe import (
    WhisperTranscriber,
    choose_language,
    default_threads,
)
from sanso.agent.voice.transcribe_random import SPECIALS, Shape

from .random_recogniser import jamo_tokenizer, make_recogniser, written

OPEN = Thresholds(
    most_no_speech=1.0,
    least_mass=0.0,
    most_compression=1e9,
    least_logprob=-1e9,
)
"""Lets through whatever random weights write."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a recogniser of random weights that hears 10 s."""
    return make_recogniser(tmp_path_factory.mktemp("voice") / "random")


@pytest.fixture(scope="module")
def transcriber(folder: Path) -> Iterator[WhisperTranscriber]:
    """Open it as the product opens any."""
    opened = WhisperTranscriber(folder, cpu_threads=1)
    yield opened
    opened.close()


def noise(seconds: float, seed: int = 0, level: float = 0.1) -> Samples:
    """Make white noise."""
    random = np.random.default_rng(seed)
    drawn = random.standard_normal(round(seconds * RATE)) * level
    return drawn.astype(np.float32)


def watched(transcriber: WhisperTranscriber) -> list[tuple[int, ...]]:
    """Write down the shape of everything that its encoder gets."""
    shapes: list[tuple[int, ...]] = []
    whisper: Any = transcriber._opened()._whisper
    encode = whisper.encode

    def written_down(features: Any) -> Any:
        shapes.append(features.shape)
        return encode(features)

    whisper.encode = written_down
    return shapes


def test_keeps_the_promise(transcriber: WhisperTranscriber) -> None:
    """It is a Transcriber: every figure lies in its range, the text is NFC, times add up."""
    promised: Transcriber = transcriber
    found = promised.transcribe(noise(2))
    assert found.language in {"ko", "en"}
    assert 0 <= found.language_mass <= 1
    assert 0 <= found.no_speech <= 1
    assert found.mean_logprob <= 0
    assert found.text == unicodedata.normalize("NFC", found.text).strip()
    spent = found.seconds
    assert {"encode", "decode", "total"} == set(spent)
    assert 0 < spent["encode"] + spent["decode"] <= spent["total"]


def test_warms_up_before_anybody_speaks(folder: Path) -> None:
    """The model itself works once: noise is no silence that a gate would keep from it."""
    transcriber = WhisperTranscriber(folder, cpu_threads=1)
    shapes = watched(transcriber)
    transcriber.warm_up()
    assert len(shapes) == 1
    transcriber.close()


def test_one_pass_of_the_encoder(folder: Path) -> None:
    """Language and text come from one pass; refused sound takes none."""
    with_counts = WhisperTranscriber(folder, cpu_threads=1)
    shapes = watched(with_counts)
    with_counts.transcribe(noise(2))
    assert shapes == [(80, 1000)]
    for refused in (noise(0.1), noise(2, level=0.0), noise(60)):
        with_counts.transcribe(refused)
    assert len(shapes) == 1


@pytest.mark.parametrize(
    ("window", "seconds", "frames"),
    [
        (None, 1, 1000),
        (4.0, 1, 400),
        (4.0, 2, 400),
        (4.0, 3, 500),  # two seconds stay behind the sound
        (4.0, 9, 1000),
        (4.0, 10, 1000),
        (10.0, 1, 1000),
    ],
)
def test_the_window(
    window: float | None, seconds: float, frames: int, folder: Path
) -> None:
    """A short window holds for short sound and grows for longer, up to the model's own."""
    transcriber = WhisperTranscriber(folder, window_s=window, cpu_threads=1)
    shapes = watched(transcriber)
    assert transcriber.transcribe(noise(seconds)).refused != "long"
    assert shapes == [(80, frames)]


def test_frames_of_another_length(tmp_path: Path) -> None:
    """A model whose frames lie further apart has fewer of them in the same window."""
    shape = Shape(width=32, heads=2, layers=1, positions=250)
    folder = make_recogniser(tmp_path / "wide", shape, hop=320)
    transcriber = WhisperTranscriber(folder, window_s=4, cpu_threads=1)
    shapes = watched(transcriber)
    transcriber.transcribe(noise(1))
    assert (transcriber.most_seconds, shapes) == (10, [(80, 200)])


@pytest.mark.parametrize("window", [0.0, 0.5, 10.5, 30.0, -1.0, float("nan")])
def test_a_window_that_cannot_be(window: float, folder: Path) -> None:
    """A window that the model lacks is refused with what it has."""
    with pytest.raises(TranscriberError, match="hears 1 to 10 seconds"):
        WhisperTranscriber(folder, window_s=window)


def test_long_sound_is_refused(transcriber: WhisperTranscriber) -> None:
    """What is longer than a window is not cut into one: its end might be the verb."""
    assert transcriber.most_seconds == 10
    assert transcriber.transcribe(noise(10.2)).refused == "long"
    waited = np.concatenate([noise(9.9), noise(0.6, level=0.001)])
    assert transcriber.transcribe(waited).refused != "long"
    assert transcriber.transcribe(noise(600)).refused == "long"


@pytest.mark.parametrize("seed", range(3))
def test_writes_what_faster_whisper_writes(seed: int, tmp_path: Path) -> None:
    """At the stock window, text, likelihood and languages are those of the library itself."""
    shape = Shape(width=32, heads=2, layers=1)
    # random weights would write timestamps too, and the library cuts its text at them
    folder = make_recogniser(tmp_path / "stock", shape, timestamps=0, seed=seed)
    ours = WhisperTranscriber(folder, max_new_tokens=224, cpu_threads=1)
    theirs: Any = WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=1
    )
    sound = noise(3, seed)
    found = ours.transcribe(sound)
    segments, _ = theirs.transcribe(
        sound,
        language=found.language,
        beam_size=1,
        temperature=0.0,
        without_timestamps=True,
        condition_on_previous_text=False,
        no_speech_threshold=None,
        log_prob_threshold=None,
        compression_ratio_threshold=None,
    )
    (segment,) = segments
    assert found.text == unicodedata.normalize("NFC", segment.text).strip()
    assert found.mean_logprob == pytest.approx(segment.avg_logprob, abs=1e-4)
    assert found.no_speech == pytest.approx(segment.no_speech_prob, abs=1e-4)
    language, _, shares = theirs.detect_language(sound)
    assert language == found.language
    assert found.language_mass == pytest.approx(sum(dict(shares).values()), abs=0.01)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_language_is_held(language: Any, folder: Path) -> None:
    """A language that alone is allowed is written, whatever the sound is like."""
    held = WhisperTranscriber(folder, languages=(language,), cpu_threads=1)
    for seed in range(3):
        assert held.transcribe(noise(1, seed)).language == language


@pytest.mark.parametrize(
    ("shares", "preferred", "language"),
    [
        ({"ko": 0.9, "en": 0.05}, None, "ko"),
        ({"ko": 0.1, "en": 0.8}, "ko", "en"),
        ({"ko": 0.5, "en": 0.45}, "en", "en"),
        ({"ko": 0.45, "en": 0.5}, "ko", "ko"),
        ({"ko": 0.45, "en": 0.5}, None, "en"),
        ({"ja": 0.9, "ko": 0.08, "en": 0.02}, "en", "ko"),
        ({"ja": 1.0}, "en", "en"),
        ({"ja": 1.0}, None, "ko"),
        ({}, "en", "en"),
    ],
)
def test_ambiguous_language(
    shares: dict[str, float], preferred: Any, language: str
) -> None:
    """Where Korean and English are near, the configured one is written down."""
    assert choose_language(shares, preferred=preferred) == language


@given(
    st.dictionaries(
        st.sampled_from(["ko", "en", "ja", "zh"]), st.floats(0, 1), max_size=4
    ),
    st.sampled_from(["ko", "en", None]),
)
def test_no_other_language(shares: dict[str, float], preferred: Any) -> None:
    """No sound makes it write another language than the two."""
    assert choose_language(shares, preferred=preferred) in {"ko", "en"}
    assert choose_language(shares, ("en",), preferred) == "en"


class Ear:
    """A detector of speech that is told what it hears."""

    def __init__(self, *, speech: bool) -> None:
        """Hear speech, or none."""
        self.speech = speech

    def __call__(self, _samples: Samples) -> bool:
        """Tell."""
        return self.speech


@pytest.mark.parametrize("ear", [None, Ear(speech=False), Ear(speech=True)])
def test_prompts_only_confirmed_speech(ear: Ear | None, folder: Path) -> None:
    """Terms are given only where a detector heard speech, and at most twenty of them."""
    asked: list[str] = []

    def terms(language: str) -> list[str]:
        asked.append(language)
        return [f"낱말{n}" for n in range(30)]

    transcriber = WhisperTranscriber(
        folder, terms=terms, has_speech=ear, cpu_threads=1, thresholds=OPEN
    )
    once: Any = transcriber._opened()
    given: list[int] = []
    prompt = once._prompt

    def kept(tokenizer: Any, told: Any) -> Any:
        given.append(len(told))
        return prompt(tokenizer, told)

    once._prompt = kept
    found = transcriber.transcribe(noise(1))
    expected = 20 if ear and ear.speech else 0
    assert given == [expected]
    assert asked == ([found.language] if expected else [])


class Saying:
    """A model that writes what it is told, and hears as the one beneath it does."""

    def __init__(self, model: Any, text: str) -> None:
        """Write this."""
        self.model = model
        self.ids = jamo_tokenizer().encode(written(text), add_special_tokens=False).ids

    def __getattr__(self, name: str) -> Any:
        """Do the rest as before."""
        return getattr(self.model, name)

    def generate(self, *_: Any, **__: Any) -> list[Any]:
        """Write."""
        found = {"scores": [-0.1], "no_speech_prob": 0.0, "sequences_ids": [self.ids]}
        return [SimpleNamespace(**found)]


@pytest.mark.parametrize(
    ("text", "ear", "gate"),
    [
        ("풍량", Ear(speech=True), "echo"),
        ("풍량, 공기청정기", Ear(speech=True), "echo"),
        ("풍량 올려 줘", Ear(speech=True), None),
        ("풍량", Ear(speech=False), None),
        ("풍량", None, None),
        ("감사합니다 감사합니다 감사합니다 감사합니다", None, "repetition"),
        ("", None, "noise"),
    ],
)
def test_gates_of_the_text(
    text: str, ear: Ear | None, gate: str | None, folder: Path
) -> None:
    """What a model writes goes through the gates, in NFC, with the prompt that it had."""
    transcriber = WhisperTranscriber(
        folder, languages=("ko",), has_speech=ear, cpu_threads=1
    )
    whisper = transcriber._opened()._whisper
    whisper.model = Saying(whisper.model, text)
    found = transcriber.transcribe(noise(1))
    assert (found.text, found.refused) == (text, gate)


def test_a_text_without_end_is_broken_off(folder: Path) -> None:
    """A text ends at the tokens that it may take, and is doubted then."""
    few = WhisperTranscriber(folder, max_new_tokens=3, cpu_threads=1, thresholds=OPEN)
    found = few.transcribe(noise(1))
    assert len(written(found.text)) <= 3 * 3
    assert found.refused == "doubt"


def test_letters_need_more_tokens(folder: Path) -> None:
    """A vocabulary of letters gets room for a long command; an explicit number holds."""
    assert WhisperTranscriber(folder)._tokens > 64
    assert WhisperTranscriber(folder, max_new_tokens=64)._tokens == 64


def test_an_english_model_knows_only_english(tmp_path: Path) -> None:
    """A model without languages writes English, and says that it is."""
    shape = Shape(width=32, heads=2, layers=1, positions=500)
    folder = make_recogniser(tmp_path / "en", shape, multilingual=False)
    found = WhisperTranscriber(folder, language="ko", cpu_threads=1).transcribe(
        noise(1)
    )
    assert (found.language, found.language_mass) == ("en", 1.0)


@pytest.mark.parametrize("token", SPECIALS)
def test_a_missing_token_is_named(token: str, tmp_path: Path) -> None:
    """A vocabulary without one of the control tokens is refused when it is opened."""
    left = tuple(one for one in SPECIALS if one != token)
    folder = make_recogniser(tmp_path / "lacking", specials=left)
    with pytest.raises(TranscriberError, match="cannot be loaded") as caught:
        WhisperTranscriber(folder, cpu_threads=1)
    assert token in str(caught.value)


def test_unknown_compute_type(folder: Path) -> None:
    """What the library refuses is told in one line."""
    with pytest.raises(TranscriberError, match="cannot be loaded") as caught:
        WhisperTranscriber(folder, compute_type="int3")
    assert "\n" not in str(caught.value)


def test_closed(folder: Path) -> None:
    """A closed transcriber says so; closing twice is closing once."""
    transcriber = WhisperTranscriber(folder, cpu_threads=1)
    transcriber.close()
    transcriber.close()
    with pytest.raises(TranscriberError, match="is closed"):
        transcriber.transcribe(noise(1))


def test_leaves_a_core_for_the_microphone() -> None:
    """By default one core stays free, where there is more than one."""
    assert default_threads() >= 1


def test_says_what_is_missing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library there is one line with the cure."""
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    monkeypatch.delitem(sys.modules, "sanso.agent.voice.transcribe_once", raising=False)
    with pytest.raises(TranscriberError, match=r"pip install 'sanso\[voice\]'"):
        WhisperTranscriber(folder)
