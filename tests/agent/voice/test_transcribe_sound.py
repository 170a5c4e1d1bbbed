"""Whatever comes in as sound: empty, short, endless, clipped, of another type, no numbers at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sanso.agent.voice.parts import RATE, Samples, Transcript
from sanso.agent.voice.transcribe import WhisperTranscriber, as_sound

from .random_recogniser import make_recogniser


@pytest.fixture(scope="module")
def transcriber(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[WhisperTranscriber]:
    """Open a recogniser of random weights that hears 10 s."""
    folder = make_recogniser(tmp_path_factory.mktemp("voice") / "random")
    opened = WhisperTranscriber(folder, cpu_threads=1)
    yield opened
    opened.close()


def noise(seconds: float, seed: int = 0) -> Samples:
    """Make white noise."""
    random = np.random.default_rng(seed)
    drawn = random.standard_normal(round(seconds * RATE)) * 0.1
    return drawn.astype(np.float32)


BAD: dict[str, tuple[Any, str | None]] = {
    "empty": (np.zeros(0, np.float32), "short"),
    "list": ([], "short"),
    "one number": (0.5, "short"),
    "1 sample": (np.ones(1, np.float32), "short"),
    "199 samples": (noise(199 / RATE), "short"),
    "200 samples": (noise(200 / RATE), "short"),
    "zeros": (np.zeros(RATE, np.float32), "silence"),
    "nan": (np.full(RATE, np.nan, np.float32), "silence"),
    "infinite": (np.full(RATE, np.inf, np.float32), "silence"),
    "ten minutes": (noise(600), "long"),
    "clipped": (np.sign(noise(1)), "clipped"),
    "16 bits": ((noise(1) * 32_767).astype(np.int16), None),
    "16 bits as floats": (noise(1) * 32_767, None),
    "8 bits": ((noise(1) * 127).astype(np.int8), None),
    "doubles": (noise(1).astype(np.float64), None),
    "two channels": (np.stack([noise(1), noise(1, 1)], axis=1), None),
    "channels first": (np.stack([noise(1), noise(1, 1)]), None),
    "some nan": (np.where(noise(1) > 0.2, np.nan, noise(1)), None),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_sound_never_crashes(name: str, transcriber: WhisperTranscriber) -> None:
    """Whatever comes in as sound, a transcript comes out, refused where nothing can be heard."""
    sound, gate = BAD[name]
    found = transcriber.transcribe(sound)
    assert isinstance(found, Transcript)
    if gate is None:
        assert found.refused not in {"short", "silence", "long"}
        assert found.seconds["encode"] > 0
    else:
        assert (found.refused, found.text) == (gate, "")


@pytest.mark.parametrize("kind", [np.int16, np.float32, np.float64])
def test_integers_are_the_same_sound(kind: Any) -> None:
    """Samples of 16 bits are the floats that they stand for, also when mistaken for floats."""
    sound = noise(0.5)
    steps = np.round(sound.astype(np.float64) * 32_768).astype(np.int16)
    assert as_sound(steps.astype(kind)) == pytest.approx(sound, abs=1e-4)


@given(
    arrays.arrays(
        dtype=st.sampled_from([np.float32, np.float64, np.int16, np.uint8, np.bool_]),
        shape=arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=8),
    )
)
def test_any_numbers_become_sound(numbers: Any) -> None:
    """Any array of numbers is made finite sound from -1 to 1, in one dimension."""
    sound = as_sound(numbers)
    assert sound.ndim == 1
    assert sound.dtype == np.dtype("float32")
    assert np.isfinite(sound).all()
    assert (np.abs(sound) <= 1).all()
