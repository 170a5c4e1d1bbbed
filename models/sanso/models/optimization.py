"""
How weights are moved and kept: the optimizers, the learning rate over time, the running average, checkpoints, and memory that stays at hand.

Strategy: small pure choices, apart from the loop that uses them.
"""

from __future__ import annotations

import ctypes
import math
import os
import time
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import torch

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor, nn

    from .network import Network
    from .recipe import Recipe

CHECKPOINT: Final = "checkpoint.pt"


def keep_memory() -> None:
    """
    Let glibc keep freed memory instead of giving it back to the system at every step.

    Fresh pages cost as much as the arithmetic here: half of a step was spent in the kernel. Does nothing where the
    C library is another (mallopt(3): M_TRIM_THRESHOLD -1, M_TOP_PAD -2, M_MMAP_MAX -4, M_ARENA_MAX -8).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, size in ((-1, 2**31 - 1), (-2, 2**28), (-4, 0), (-8, 1)):
            mallopt(parameter, size)


@cache
def bfloat16_pays(device: str) -> bool:
    """
    Whether products of bfloat16 are faster than those of float32 here.

    A processor without instructions for them takes ten times as long instead of half, so it is tried, on a product as in a layer.
    """
    if device != "cpu":
        return True
    spent = {}
    for kind in (torch.float32, torch.bfloat16):
        left, right = torch.ones(512, 256, dtype=kind), torch.ones(256, 768, dtype=kind)
        tries = []
        for _ in range(5):
            started = time.perf_counter()
            torch.mm(left, right)
            tries.append(time.perf_counter() - started)
        spent[kind] = min(tries)
    return spent[torch.bfloat16] < spent[torch.float32]


def rate_at(step: int, recipe: Recipe) -> float:
    """Linear warm-up, then a cosine down to a twentieth."""
    if step < recipe.warmup:
        return recipe.rate * (step + 1) / recipe.warmup
    done = (step - recipe.warmup) / max(1, recipe.steps - recipe.warmup)
    return recipe.rate * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


def make_optimizers(network: Network, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """AdamW, or Muon for the matrices inside the layers with AdamW for embedding and norms."""
    inner = [p for p in network.blk.parameters() if p.ndim > 1]
    muon = recipe.optimizer == "muon"
    matrices = [network.token_embd.weight, *([] if muon else inner)]
    vectors = [p for p in network.parameters() if p.ndim <= 1]
    groups = [
        {"params": matrices, "weight_decay": recipe.decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
    adamw = torch.optim.AdamW(groups, lr=recipe.rate, betas=(0.9, 0.98), fused=True)
    if not muon:
        return [adamw]
    # With this adjustment Muon's updates are as large as AdamW's, and one rate serves both (Liu et al. 2025).
    orthogonal = torch.optim.Muon(
        inner,
        lr=recipe.rate,
        weight_decay=recipe.decay,
        adjust_lr_fn="match_rms_adamw",
    )
    return [orthogonal, adamw]


def follow(
    average: dict[str, Tensor], network: nn.Module, step: int, most: float
) -> None:
    """Move the running average towards the weights after so many steps, faster in the beginning; `most` is its decay later."""
    decay = min(most, (1 + step) / (10 + step))
    with torch.no_grad():
        for name, value in network.state_dict().items():
            average[name].lerp_(value, 1 - decay)


def write_checkpoint(folder: Path, state: dict[str, Any]) -> None:
    """Write a checkpoint; a crash leaves the one before."""
    part = folder / "checkpoint.part"
    torch.save(state, part)
    os.replace(part, folder / CHECKPOINT)  # noqa: PTH105 - atomic by contract
