"""
The network: a decoder of Llama's architecture, small, in plain torch.

Strategy: exactly what llama.cpp computes for the architecture `llama` (RMSNorm, rotary positions on neighbouring pairs, SwiGLU, tied
embeddings), so that the exported GGUF gives the same logits; a test compares them. Touvron et al. 2023, Su et al. 2021,
Shazeer 2020.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own convention
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """How large a network is."""

    vocabulary: int
    width: int = 256
    layers: int = 4
    heads: int = 4
    hidden: int = 768
    """Width inside the feed-forward part."""
    context: int = 512
    """Most tokens that a prompt and a program may have together."""
    rope_base: float = 10000.0
    epsilon: float = 1e-5

    @property
    def head_width(self) -> int:
        """Numbers per attention head."""
        return self.width // self.heads


class Block(nn.Module):
    """Attention and feed-forward, each behind a norm and added to its input."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        """Make the weights; names follow llama.cpp's tensors."""
        super().__init__()
        self.shape = shape
        self.dropout = dropout
        self.attn_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        self.attn_qkv = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.attn_output = nn.Linear(shape.width, shape.width, bias=False)
        self.ffn_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        self.ffn_gate_up = nn.Linear(shape.width, 2 * shape.hidden, bias=False)
        self.ffn_down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Map (batch, time, width) to the same shape."""
        batch, time, width = x.shape
        heads, head_width = self.shape.heads, self.shape.head_width
        q, k, v = (
            part.view(batch, time, heads, head_width).transpose(1, 2)
            for part in self.attn_qkv(self.attn_norm(x)).split(width, dim=-1)
        )
        seen = attend(rotate(q, cos, sin), rotate(k, cos, sin), v)
        seen = self.attn_output(seen.transpose(1, 2).reshape(batch, time, width))
        x = x + self._drop(seen)
        gate, up = self.ffn_gate_up(self.ffn_norm(x)).split(self.shape.hidden, dim=-1)
        return x + self._drop(self.ffn_down(F.silu(gate) * up))

    def _drop(self, x: Tensor) -> Tensor:
        return drop_channels(x, self.dropout) if self.training else x


class Network(nn.Module):
    """Token ids in, logits of the next token out."""

    cos: Tensor
    sin: Tensor

    def __init__(self, shape: Shape, *, dropout: float = 0.0) -> None:
        """Make the weights; output and input embedding are one matrix."""
        super().__init__()
        self.shape = shape
        self.dropout = dropout
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        self.blk = nn.ModuleList(Block(shape, dropout) for _ in range(shape.layers))
        self.output_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        cos, sin = _angles(shape)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self.apply(self._initialize)

    def forward(self, ids: Tensor) -> Tensor:
        """Map ids (batch, time) to hidden states (batch, time, width)."""
        time = ids.shape[1]
        cos, sin = self.cos[:time], self.sin[:time]
        x = self.token_embd(ids)
        if self.training:
            x = drop_channels(x, self.dropout)
        for block in self.blk:
            x = block(x, cos, sin)
        hidden: Tensor = self.output_norm(x)
        return hidden

    def logits(self, hidden: Tensor) -> Tensor:
        """Map hidden states (..., width) to logits (..., vocabulary)."""
        return F.linear(hidden, self.token_embd.weight)

    def _initialize(self, module: nn.Module) -> None:
        """Small normal weights; those that write into the residual smaller still (GPT-2)."""
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        if isinstance(module, Block):
            for linear in (module.attn_output, module.ffn_down):
                nn.init.normal_(
                    linear.weight, std=0.02 / (2 * self.shape.layers) ** 0.5
                )


def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """
    Causal attention (Vaswani et al. 2017) over (batch, heads, time, head width).

    Written out: for a score of tokens torch's fused kernel costs several times as much on a CPU.
    """
    time = q.shape[-2]
    scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    future = torch.ones(time, time, dtype=torch.bool, device=q.device).triu(1)
    seen: Tensor = scores.masked_fill(future, float("-inf")).softmax(-1) @ v
    return seen


def drop_channels(x: Tensor, share: float) -> Tensor:
    """
    Drop whole channels of (batch, time, width), the same at every time (Gal & Ghahramani 2016).

    One draw a sentence and channel, not one a token: on a CPU the drawing is what dropout costs.
    """
    if share <= 0:
        return x
    kept = torch.rand(x.shape[0], 1, x.shape[2], device=x.device) >= share
    scaled: Tensor = x * (kept / (1 - share)).to(x.dtype)
    return scaled


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn neighbouring pairs by their position's angle (Su et al. 2021, eq. 34)."""
    even, odd = x[..., 0::2], x[..., 1::2]
    turned = torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1)
    return turned.flatten(-2)


def _angles(shape: Shape) -> tuple[Tensor, Tensor]:
    """Cosine and sine of every position and pair, each (context, head width / 2)."""
    pairs = torch.arange(0, shape.head_width, 2, dtype=torch.float32)
    rates = shape.rope_base ** (-pairs / shape.head_width)
    angles = torch.arange(shape.context, dtype=torch.float32)[:, None] * rates
    return angles.cos(), angles.sin()
