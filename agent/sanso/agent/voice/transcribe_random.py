"""
Build a Whisper with random weights, for CTranslate2, in any shape.

Strategy: what a recogniser costs depends on its shape and not on what it learned, so a
machine can be timed for every size before anything is downloaded; and a very small one
shows that the whole path holds. The weights are drawn as the bytes that int8 keeps, so
that not even a large shape needs four times its memory while it is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SPECIALS: Final = (
    *("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|ko|>"),
    *("<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>"),
    *("<|nospeech|>", "<|notimestamps|>"),
)
"""Whisper's control tokens in the order that faster-whisper relies on: text before the
end, timestamps behind the last."""

MULTILINGUAL: Final = ""
"""CTranslate2 from 4.7 on takes a model for multilingual where its vocabulary holds the
empty token."""

_SCALE: Final = 127.0
_MOST_POSITIONS: Final = 448
"""Tokens of a decoder's text, prompt included (Whisper's `n_text_ctx`)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The dimensions of a Whisper."""

    width: int
    heads: int
    layers: int
    """Of the encoder, and as many of the decoder."""
    mels: int = 80
    positions: int = 1500
    """Of the encoder; two frames of the spectrogram each, so 1500 are 30 s."""
    tokens: int = 51_865


# Whisper's own sizes: table 1 of "Robust Speech Recognition via Large-Scale Weak
# Supervision" (Radford et al., 2022).
SHAPES: Final[dict[str, Shape]] = {
    "tiny": Shape(width=384, heads=6, layers=4),
    "base": Shape(width=512, heads=8, layers=6),
    "small": Shape(width=768, heads=12, layers=12),
}


def standard_tokens(shape: Shape) -> list[str]:
    """Return a vocabulary as large as the shape's, with every control token at its end."""
    named = [MULTILINGUAL, *SPECIALS]
    return [*(f"t{n}" for n in range(shape.tokens - len(named))), *named]


def write_random(
    folder: Path, shape: Shape, tokens: Sequence[str], *, seed: int = 0
) -> None:
    """
    Write `model.bin`, `config.json` and `vocabulary.json` into a folder that is there.

    The vocabulary must be as long as the shape says. Raises ImportError without
    CTranslate2, and OSError where nothing can be written.
    """
    from ctranslate2.specs import WhisperSpec

    random = np.random.default_rng(seed)
    layers, heads = shape.layers, shape.heads
    spec = WhisperSpec(layers, heads, layers, heads)
    for side, positions in (
        (spec.encoder, shape.positions),
        (spec.decoder, _MOST_POSITIONS),
    ):
        side.position_encodings.encodings = _floats(random, positions, shape.width)
        _norm(side.layer_norm, shape.width)
        for layer in side.layer:
            _attention(layer.self_attention, shape.width, random)
            if side is spec.decoder:
                _attention(layer.attention, shape.width, random)
            _norm(layer.ffn.layer_norm, shape.width)
            _linear(layer.ffn.linear_0, 4 * shape.width, shape.width, random)
            _linear(layer.ffn.linear_1, shape.width, 4 * shape.width, random)
    for conv, channels in (
        (spec.encoder.conv1, shape.mels),
        (spec.encoder.conv2, shape.width),
    ):
        conv.weight = _floats(random, shape.width, channels, 3)
        conv.bias = np.zeros(shape.width, np.float32)
    _linear(spec.decoder.embeddings, shape.tokens, shape.width, random, bias=False)
    _linear(spec.decoder.projection, shape.tokens, shape.width, random, bias=False)
    spec.register_vocabulary(list(tokens))
    languages = [n for n, token in enumerate(tokens) if token in {"<|en|>", "<|ko|>"}]
    spec.config.lang_ids = languages
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.alignment_heads = [[layers - 1, 0]]
    spec.validate()
    spec.save(str(folder))


def _floats(random: np.random.Generator, *shape: int) -> Any:
    return random.standard_normal(shape, dtype=np.float32) * 0.1


def _norm(spec: Any, width: int) -> None:
    spec.gamma = np.ones(width, np.float32)
    spec.beta = np.zeros(width, np.float32)


def _linear(
    spec: Any,
    rows: int,
    columns: int,
    random: np.random.Generator,
    *,
    bias: bool = True,
) -> None:
    """Fill a layer with int8 weights whose scale keeps what goes through at its size."""
    spec.weight = random.integers(-127, 128, (rows, columns), np.int8)
    # uniform bytes have a deviation of 73: by this scale a row's product keeps its own
    spec.weight_scale = np.full(rows, 73.0 * np.sqrt(columns), np.float32)
    if bias:
        spec.bias = np.zeros(rows, np.float32)


def _attention(spec: Any, width: int, random: np.random.Generator) -> None:
    """Fill the projections; those of queries, keys and values lie in one, or in two."""
    _norm(spec.layer_norm, width)
    *inner, last = spec.linear
    for n, linear in enumerate(inner):
        parts = 3 if len(inner) == 1 else n + 1
        _linear(linear, parts * width, width, random)
    _linear(last, width, width, random)
