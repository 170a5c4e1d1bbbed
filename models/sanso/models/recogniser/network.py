"""
A small network of Whisper's architecture: two convolutions, encoder, decoder (Radford et al. 2022).

Strategy: exactly what CTranslate2's Whisper can compute: pre-norm layers, GELU, a decoder whose output weights are
its embeddings. Beside it, for training alone, a linear head on the encoder learns the letters by CTC (Graves et al.
2006), which makes the encoder find them long before the decoder knows where to look. Started so that sound is heard
at all: wide convolutions, positions held low.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as everywhere in torch

from .features import BANDS, FRAMES
from .tokens import LETTERS, TOKENS

POSITIONS: Final = FRAMES // 2
"""Of the encoder: 40 ms each."""
TEXT_POSITIONS: Final = 448
"""Of the decoder; faster-whisper counts with as many."""


@dataclass(frozen=True)
class Shape:
    """Sizes of a network."""

    width: int
    heads: int
    encoder: int
    """Layers."""
    decoder: int
    """Layers."""


class SelfAttention(nn.Module):
    """Attention of a sequence to itself."""

    def __init__(self, width: int, heads: int) -> None:
        """Make it."""
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: torch.Tensor, *, causal: bool) -> torch.Tensor:
        """(batch, length, width) to the same."""
        q, k, v = (_split(part, self.heads) for part in self.qkv(x).chunk(3, -1))
        given: torch.Tensor = self.out(_merge(_attend(q, k, v, causal=causal)))
        return given


class CrossAttention(nn.Module):
    """Attention of the text to the sound."""

    def __init__(self, width: int, heads: int) -> None:
        """Make it."""
        super().__init__()
        self.heads = heads
        self.q = nn.Linear(width, width)
        self.kv = nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: torch.Tensor, sound: torch.Tensor) -> torch.Tensor:
        """(batch, length, width) and (batch, positions, width) to the former's shape."""
        q = _split(self.q(x), self.heads)
        k, v = (_split(part, self.heads) for part in self.kv(sound).chunk(2, -1))
        given: torch.Tensor = self.out(_merge(_attend(q, k, v, causal=False)))
        return given


class Layer(nn.Module):
    """A layer of the encoder, or with `cross` of the decoder."""

    def __init__(self, shape: Shape, dropout: float, *, cross: bool) -> None:
        """Make it."""
        super().__init__()
        width = shape.width
        self.attention_norm = nn.LayerNorm(width)
        self.attention = SelfAttention(width, shape.heads)
        self.cross_norm = nn.LayerNorm(width) if cross else None
        self.cross = CrossAttention(width, shape.heads) if cross else None
        self.ffn_norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, x: torch.Tensor, sound: torch.Tensor | None = None
    ) -> torch.Tensor:
        """(batch, length, width) to the same; the decoder's sees `sound` as well."""
        causal = self.cross is not None
        x = x + self.dropout(self.attention(self.attention_norm(x), causal=causal))
        if self.cross is not None and self.cross_norm is not None and sound is not None:
            x = x + self.dropout(self.cross(self.cross_norm(x), sound))
        inner: torch.Tensor = self.down(F.gelu(self.up(self.ffn_norm(x))))
        given: torch.Tensor = x + self.dropout(inner)
        return given


class Network(nn.Module):
    """Sound to text."""

    def __init__(self, shape: Shape, dropout: float = 0.0) -> None:
        """Make it, with the weights of a beginner."""
        super().__init__()
        self.shape = shape
        width = shape.width
        self.conv1 = nn.Conv1d(BANDS, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.register_buffer("positions", 0.3 * sinusoids(POSITIONS, width))
        self.encoder = nn.ModuleList(
            Layer(shape, dropout, cross=False) for _ in range(shape.encoder)
        )
        self.encoder_norm = nn.LayerNorm(width)
        self.embedding = nn.Embedding(len(TOKENS), width)
        self.text_positions = nn.Parameter(0.05 * sinusoids(TEXT_POSITIONS, width))
        self.decoder = nn.ModuleList(
            Layer(shape, dropout, cross=True) for _ in range(shape.decoder)
        )
        self.decoder_norm = nn.LayerNorm(width)
        self.letters = nn.Linear(width, LETTERS)
        self._begin()

    def encode(self, features: torch.Tensor) -> torch.Tensor:
        """Features (batch, bands, frames) to (batch, frames / 2, width)."""
        x = F.gelu(self.conv2(F.gelu(self.conv1(features)))).transpose(1, 2)
        positions: torch.Tensor = self.get_buffer("positions")
        x = x + positions[: x.shape[1]]
        for layer in self.encoder:
            x = layer(x)
        given: torch.Tensor = self.encoder_norm(x)
        return given

    def decode(self, ids: torch.Tensor, sound: torch.Tensor) -> torch.Tensor:
        """Hidden states (batch, length, width) of tokens (batch, length)."""
        x = self.embedding(ids) + self.text_positions[: ids.shape[1]]
        for layer in self.decoder:
            x = layer(x, sound)
        given: torch.Tensor = self.decoder_norm(x)
        return given

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """Hidden states (..., width) to (..., tokens)."""
        return F.linear(hidden, self.embedding.weight)

    def _begin(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Conv1d):
                nn.init.kaiming_normal_(module.weight)
                nn.init.zeros_(
                    module.bias if module.bias is not None else module.weight
                )
        nn.init.normal_(self.embedding.weight, std=self.shape.width**-0.5)


def sinusoids(length: int, width: int) -> torch.Tensor:
    """Whisper's fixed positions (length, width): sines, then cosines, of wavelengths up to 10,000 steps."""
    half = width // 2
    rates = torch.exp(-math.log(10_000) / (half - 1) * torch.arange(half))
    angles = torch.arange(length)[:, None] * rates[None]
    return torch.cat([angles.sin(), angles.cos()], 1)


def _attend(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, *, causal: bool
) -> torch.Tensor:
    """Attention written out: at these lengths three times as fast on a CPU as torch's own going backward."""
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1)
    if causal:
        length = q.shape[-2]
        ahead = torch.ones(length, length, dtype=torch.bool, device=q.device).triu(1)
        scores = scores.masked_fill(ahead, -torch.inf)
    return torch.matmul(scores.softmax(-1), v)


def _split(x: torch.Tensor, heads: int) -> torch.Tensor:
    return x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)


def _merge(x: torch.Tensor) -> torch.Tensor:
    return x.transpose(1, 2).flatten(2)
