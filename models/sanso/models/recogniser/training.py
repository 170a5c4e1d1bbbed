"""
Train the recogniser on a store of speech.

Strategy: a step's utterances, noise and prompts follow from the seed and the number of the step alone, so a run that
was stopped goes on as if it had not been. Utterances of like length share a batch. The rate stays, then falls to
nothing in the last part; a running average of the weights is what is judged and exported. No label smoothing: it
would make greedy decoding end early.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as everywhere in torch

from sanso.grammars import SansoError
from sanso.models.optimization import (
    CHECKPOINT,
    bfloat16_pays,
    follow,
    keep_memory,
    write_checkpoint,
)

from .batches import IGNORE, Batches
from .network import Network
from .recipe import Recipe
from .tokens import BLANK

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from .batches import Batch
    from .speech import Store

CHECKPOINT_SECONDS: Final = 180.0
TOLD_STEPS: Final = 50


class TrainingError(SansoError):
    """A training that cannot go on; says cause and cure."""


class Training:
    """A run in a folder."""

    def __init__(
        self, recipe: Recipe, folder: Path, store: Store, start: Path | None = None
    ) -> None:
        """
        Make the network, or take up the checkpoint of the folder.

        A new one begins with the averaged weights of the training in `start`, if there is one; layers that it lacks begin silent.

        Raises:
            TrainingError: the store is empty, the checkpoint is of another recipe, or what to start from is none of this width.
        """
        if not len(store):
            raise TrainingError(f"there is no speech in {store.folder}; make it first")
        keep_memory()
        self.recipe = recipe
        self.folder = folder
        self.store = store
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self._halves = bfloat16_pays(self.device)
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(recipe.seed)
        self.network = Network(recipe.shape, recipe.dropout)
        if start is not None and not (folder / CHECKPOINT).exists():
            take_over(self.network, start)
        self.network = self.network.to(self.device)
        self.average = {
            k: v.detach().clone() for k, v in self.network.state_dict().items()
        }
        self.optimizers = _optimizers(self.network, recipe)
        self.step = 0
        self.log: list[dict[str, float]] = []
        self._batches = Batches(recipe, store)
        self._load()

    def run(
        self, console: Console | None = None, *, stop_at: int | None = None
    ) -> None:
        """
        Train up to the recipe's last step, or `stop_at`; write checkpoints on the way.

        Raises:
            KeyboardInterrupt: after a last checkpoint.
        """
        console = console or Console(stderr=True)
        last = min(stop_at or self.recipe.steps, self.recipe.steps)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        saved = told = time.monotonic()
        sums = np.zeros(3)
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("training", total=last, completed=self.step)
            try:
                for batch in self._batches.since(self.step):
                    if self.step >= last:
                        break
                    sums += (*self._update(batch), 1)
                    progress.update(task, advance=1)
                    if self.step % TOLD_STEPS == 0 or self.step == last:
                        seconds, told = time.monotonic() - told, time.monotonic()
                        progress.console.print(self._told(sums, seconds))
                        sums = np.zeros(3)
                    if time.monotonic() - saved > CHECKPOINT_SECONDS:
                        self.save()
                        saved = time.monotonic()
            finally:
                self.save()

    def _told(self, sums: npt.NDArray[np.float64], seconds: float) -> str:
        """Log and say the mean losses of the last steps, and their pace."""
        text, letters, steps = sums.tolist()
        row = {"step": self.step, "text": text / steps, "letters": letters / steps}
        self.log.append(row | {"pace": steps / seconds})
        return (
            f"step {self.step}: loss {row['text']:.3f} a token, "
            f"{row['letters']:.3f} a letter (CTC), {steps / seconds:.2f} steps/s"
        )

    def averaged(self) -> Network:
        """A network with the averaged weights, for judging and for export."""
        network = Network(self.recipe.shape)
        network.load_state_dict({k: v.cpu() for k, v in self.average.items()})
        return network.eval()

    def save(self) -> None:
        """Write the checkpoint; a crash leaves the one before."""
        state = {
            "step": self.step,
            "network": self.network.state_dict(),
            "average": self.average,
            "optimizers": [o.state_dict() for o in self.optimizers],
            "recipe": self.recipe.model_dump_json(),
            "log": self.log,
        }
        write_checkpoint(self.folder, state)

    def _load(self) -> None:
        path = self.folder / CHECKPOINT
        if not path.exists():
            return
        state: dict[str, Any] = torch.load(
            path, map_location=self.device, weights_only=True
        )
        with contextlib.suppress(KeyError, RuntimeError):
            self.network.load_state_dict(state["network"])
            for optimizer, held in zip(
                self.optimizers, state["optimizers"], strict=True
            ):
                optimizer.load_state_dict(held)
            self.average = state["average"]
            self.step, self.log = state["step"], state["log"]
            return
        raise TrainingError(
            f"{path} is of another recipe; train into another folder, or remove it"
        )

    def _update(self, batch: Batch) -> tuple[float, float]:
        """One step; gives the loss of a token and that of a letter by CTC."""
        rate = self.recipe.rate * _share_of_rate(self.step, self.recipe)
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
            for group in optimizer.param_groups:
                group["lr"] = rate
        self.network.train()
        batch = batch.to(self.device)
        torch.manual_seed(self.recipe.seed * 1_000_003 + self.step)
        counted = batch.targets != IGNORE
        with torch.autocast(self.device, torch.bfloat16, enabled=self._halves):
            sound = self.network.encode(batch.features)
            hidden = self.network.decode(batch.inputs, sound)
            logits = self.network.logits(hidden[counted])
            letters = self.network.letters(sound)
        text_loss = F.cross_entropy(logits.float(), batch.targets[counted])
        letters_loss = _ctc(letters.float(), batch)
        weight = self.recipe.letters
        loss = (1 - weight) * text_loss + weight * letters_loss
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
        self.step += 1
        follow(self.average, self.network, self.step, self.recipe.average)
        return float(text_loss.detach()), float(letters_loss.detach())


def take_over(network: Network, start: Path) -> None:
    """
    Begin with the averaged weights of a former training; what a layer beyond its own adds is nothing at first.

    Raises:
        TrainingError: there is none, or its layers are of another width or more.
    """
    former, _ = read_network(start)
    wide, given = network.shape.width, former.shape.width
    theirs = former.state_dict()
    if wide != given or not theirs.keys() <= network.state_dict().keys():
        raise TrainingError(
            f"{start} has layers of width {given}, {former.shape.encoder} and {former.shape.decoder} of them;"
            f" start from a training of width {wide} and no more layers"
        )
    network.load_state_dict(theirs, strict=False)
    added = (
        *network.encoder[former.shape.encoder :],
        *network.decoder[former.shape.decoder :],
    )
    for layer in added:
        for part in ("attention.out", "cross.out", "down"):
            with contextlib.suppress(AttributeError):
                silent = layer.get_submodule(part)
                nn.init.zeros_(silent.get_parameter("weight"))


def read_network(folder: Path) -> tuple[Network, int]:
    """
    The averaged network of a run's checkpoint, and its step.

    Raises:
        TrainingError: there is no checkpoint.
    """
    path = folder / CHECKPOINT
    if not path.exists():
        raise TrainingError(f"there is no checkpoint in {folder}; train first")
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    network = Network(Recipe.model_validate_json(state["recipe"]).shape)
    network.load_state_dict(state["average"])
    return network.eval(), state["step"]


def _ctc(letters: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Mean CTC loss of a letter; the frames are counted with the sound's end, not with the padding."""
    lengths = torch.tensor([len(text) for text in batch.texts])
    flat = torch.tensor([i for text in batch.texts for i in text], dtype=torch.long)
    positions = ((batch.frames + 1) // 2).clamp(max=letters.shape[1])
    log_p = torch.log_softmax(letters, -1).transpose(0, 1)
    total = F.ctc_loss(
        log_p,
        flat.to(log_p.device),
        positions,
        lengths,
        blank=BLANK,
        reduction="sum",
        zero_infinity=True,
    )
    return total / max(1, int(lengths.sum()))


def _share_of_rate(step: int, recipe: Recipe) -> float:
    """Up in the warm-up, level, then straight down to nothing."""
    up = (step + 1) / recipe.warmup if recipe.warmup else 1.0
    down = (recipe.steps - step) / max(1.0, recipe.cooldown * recipe.steps)
    return min(1.0, up, down)


def _optimizers(network: Network, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """AdamW, or Muon for the matrices inside the layers with AdamW for all else."""
    layers = [*network.encoder.parameters(), *network.decoder.parameters()]
    inner = [p for p in layers if p.ndim > 1]
    inside = {id(p) for p in inner}
    muon = recipe.optimizer == "muon"
    rest = [p for p in network.parameters() if id(p) not in inside]
    matrices = [p for p in rest if p.ndim > 1] + ([] if muon else inner)
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
        inner, lr=recipe.rate, weight_decay=recipe.decay, adjust_lr_fn="match_rms_adamw"
    )
    return [orthogonal, adamw]
