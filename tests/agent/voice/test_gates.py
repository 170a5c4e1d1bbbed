"""What may not be acted on: every gate, their order, and laws that hold for any transcript."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.voice.gates import (
    Thresholds,
    clipped_share,
    compression,
    is_echo,
    loudness,
    refuse_sound,
    refuse_text,
    repeats,
    squeezed,
)
from sanso.agent.voice.parts import RATE, Gate, Transcript
from sanso.agent.voice.terms import MOST_TERMS, call_terms
from sanso.agent.wording.language import LANGUAGES

LIMITS = Thresholds()
GOOD = Transcript(
    text="바람 3단으로 해 줘",
    language="ko",
    language_mass=0.98,
    no_speech=0.02,
    mean_logprob=-0.2,
    compression=0.9,
)
ORDER: tuple[Gate, ...] = ("noise", "language", "repetition", "echo", "doubt")
WRONG: dict[Gate, dict[str, Any]] = {
    "noise": {"no_speech": 0.93},
    "language": {"language_mass": 0.2},
    "repetition": {"compression": 3.0},
    "echo": {"text": "풍량 풍량"},
    "doubt": {"mean_logprob": -1.4},
}
"""For each gate that reads a transcript, what makes it refuse."""


def tone(seconds: float, level: float = 0.1) -> np.ndarray[Any, Any]:
    """Make a tone of a peak level."""
    time = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * 440 * time)).astype(np.float32)


@pytest.mark.parametrize(
    ("sound", "gate"),
    [
        (tone(0), "short"),
        (tone(1 / RATE), "short"),
        (tone(199 / RATE), "short"),
        (tone(0.199), "short"),
        (tone(0.2), None),
        (tone(2, level=0.0), "silence"),
        (tone(2, level=0.0009), "silence"),
        (tone(2, level=0.01), None),
        (np.concatenate([tone(7, level=0.0), tone(0.3)]), None),
        (tone(30), None),
        (tone(30.2), "long"),
        (np.concatenate([tone(29.9), tone(0.8, level=0.005)]), None),
        (np.concatenate([tone(29.9), tone(0.8, level=0.02)]), "long"),
        (np.concatenate([tone(29.9), tone(2, level=0.0)]), "long"),
        (tone(600), "long"),
        (tone(600, level=0.0), "silence"),
    ],
)
def test_sound(sound: Any, gate: Gate | None) -> None:
    """Sound that nobody needs to recognise is refused by length and loudness."""
    assert gate == refuse_sound(sound, LIMITS, most_seconds=30)


@pytest.mark.parametrize(
    ("gain", "gate"), [(1, None), (1.5, None), (6, "clipped"), (30, "clipped")]
)
def test_clipping(gain: float, gate: Gate | None) -> None:
    """A few clipped peaks do no harm; what is mostly clipped is not recognised, whatever pauses it has."""
    rng = np.random.default_rng(7)
    speech = tone(2, 1.0) * np.repeat(rng.uniform(0.1, 1, 20), RATE // 10)
    sound = np.clip(np.concatenate([tone(1, 0.0), speech * gain, tone(1, 0.0)]), -1, 1)
    assert refuse_sound(sound, LIMITS, most_seconds=30) == gate
    assert clipped_share(tone(1, 0.0)) == 0.0


@pytest.mark.parametrize("gate", ORDER)
def test_each_gate_refuses_alone(gate: Gate) -> None:
    """Each gate refuses what is wrong with nothing else."""
    assert refuse_text(GOOD, LIMITS, prompt=["풍량"]) is None
    wrong = replace(GOOD, **WRONG[gate])
    assert gate == refuse_text(wrong, LIMITS, prompt=["풍량"])


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_the_first_gate_is_told(first: int) -> None:
    """Of several reasons the one is told that stands first."""
    wrong = GOOD
    for gate in ORDER[first:]:
        wrong = replace(wrong, **WRONG[gate])
    assert ORDER[first] == refuse_text(wrong, LIMITS, prompt=["풍량"])


def test_every_gate_is_known() -> None:
    """The gates of the interface are those of sound and of text, and no more."""
    of_sound = {"short", "silence", "clipped", "long"}
    assert of_sound | {"lost", *ORDER} == set(
        get_args(Gate)
    )  # the segmenter tells what is lost


def test_a_text_that_was_broken_off_is_doubted() -> None:
    """A text that did not end may lack its verb or its time."""
    assert refuse_text(GOOD, LIMITS, whole=False) == "doubt"


def test_nothing_said_is_noise() -> None:
    """An empty text is never acted on."""
    assert refuse_text(replace(GOOD, text=""), LIMITS) == "noise"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "네네네네네네네네",
            "no no no no",
            "감사합니다 감사합니다 감사합니다 감사합니다",
        ),
        *("켜 줘. 켜 줘. 켜 줘. 켜줘", "a" * 8, "Thank you. " * 4),
        "turn it off turn it off Turn it off turn it off",
    ],
)
def test_repetition(text: str) -> None:
    """Words that stand four times in a row are a recogniser that hangs."""
    assert repeats(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "아니 아니 아니 꺼",
            "빨리빨리 켜 줘",
            "2시 22분 22초",
            "1000 ppm 넘으면 켜",
        ),
        *("no no turn it off", "더더더 세게", "하하하 켜 줘"),
    ],
)
def test_people_repeat_themselves(text: str) -> None:
    """What people say twice or three times is no repetition."""
    assert not repeats(text)


PROMPT = ("공기청정기", "풍량", "초미세먼지", "미세먼지", "air purifier")


@pytest.mark.parametrize(
    "text",
    [
        *("풍량", "공기청정기, 풍량, 초미세먼지, 미세먼지, air purifier"),
        *("초미세먼지 미세먼지.", "Air Purifier!", "공기 청정기 풍 량"),
    ],
)
def test_echo(text: str) -> None:
    """A text of nothing but terms is an echo, however it is spaced and signed."""
    assert is_echo(text, PROMPT)
    assert not is_echo(text, ())


@pytest.mark.parametrize(
    "text", ["", "풍량 올려 줘", "초미세먼지 알려 줘", "세먼지", "air"]
)
def test_no_echo(text: str) -> None:
    """A sentence that holds terms is none."""
    assert not is_echo(text, PROMPT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_terms_of_the_calls(language: Any) -> None:
    """The terms are few, differ, and are of one language's spelling."""
    terms = call_terms(language)
    assert 10 <= len(terms) <= MOST_TERMS
    assert len(terms) == len({squeezed(term) for term in terms})


figures = st.floats(allow_nan=True, allow_infinity=True, width=32)
transcripts = st.builds(
    Transcript,
    text=st.text(max_size=80),
    language=st.sampled_from(LANGUAGES),
    language_mass=figures,
    no_speech=figures,
    mean_logprob=figures,
    compression=figures,
)


@given(
    transcript=transcripts,
    prompt=st.lists(st.text(max_size=8), max_size=4),
    whole=st.booleans(),
)
def test_what_passes_is_sound(
    transcript: Transcript, prompt: list[str], *, whole: bool
) -> None:
    """Whatever comes, what is not refused is whole, said, likely, and no loop or echo."""
    if refuse_text(transcript, LIMITS, prompt=prompt, whole=whole) is not None:
        return
    assert whole
    assert transcript.text
    assert transcript.no_speech <= 0.6
    assert transcript.language_mass >= 0.5
    assert transcript.mean_logprob >= -1.0
    assert transcript.compression <= 2.4
    assert not repeats(transcript.text)
    assert not is_echo(transcript.text, prompt)


@given(
    transcripts,
    st.sampled_from(["no_speech", "language_mass", "mean_logprob", "compression"]),
)
def test_a_missing_figure_refuses(transcript: Transcript, name: str) -> None:
    """What was not measured lets nothing through."""
    unknown = replace(transcript, **{name: math.nan})  # type: ignore[arg-type]
    assert refuse_text(unknown, LIMITS) is not None


@given(transcripts, st.sampled_from([f.name for f in fields(Thresholds)]))
def test_stricter_never_lets_more_through(transcript: Transcript, name: str) -> None:
    """A threshold that is drawn tighter refuses whatever was refused before."""
    tight = -math.inf if name.startswith("most") else math.inf
    strict = replace(LIMITS, **{name: tight})
    if refuse_text(transcript, LIMITS) is not None:
        assert refuse_text(transcript, strict) is not None


@given(st.text(alphabet="네아 켜줘가나ab", min_size=2, max_size=6), st.integers(4, 9))
def test_any_words_said_often_are_repetition(words: str, times: int) -> None:
    """Four times the same is found whatever it is, with any gaps between."""
    if len(squeezed(words)) >= 2:
        assert repeats(" ".join([words] * times))


@given(st.lists(st.sampled_from(PROMPT), min_size=1, max_size=30))
def test_any_order_of_terms_is_echo(terms: list[str]) -> None:
    """Terms in any order and number are an echo; one word more is none."""
    assert is_echo(" ".join(terms), PROMPT)
    assert not is_echo(" ".join([*terms, "꺼"]), PROMPT)


@given(st.integers(0, 40_000), st.floats(0, 1, width=32))
def test_loudness_of_a_level(count: int, level: float) -> None:
    """The loudness of a constant is the constant; it is never less for what is around it."""
    sound = np.full(count, level, np.float32)
    assert loudness(sound) == pytest.approx(level if count else 0.0, abs=1e-6)
    around = np.concatenate([np.zeros(RATE // 10, np.float32), sound])
    assert loudness(around) <= level + 1e-6


def test_compression_is_whispers() -> None:
    """A text that repeats compresses; one that does not is longer than before."""
    assert compression("감사합니다 " * 20) > 2.4
    assert compression("바람 3단으로 해 줘") < 1.2
    assert compression("") == 0.0
