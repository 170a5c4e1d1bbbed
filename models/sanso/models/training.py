"""
Train a network by a recipe: progress, checkpoints, resume.

Strategy: one loop for CPU and GPU. What is drawn depends on seed and step alone, the checkpoint holds weights, their running average, optimizer
and step, and is written to a temporary file and renamed: a training can be stopped at any moment, by Ctrl-C too, and
goes on as if it had not been.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own convention
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from torch import Tensor

from sanso.agent.prompt import EOS, prompt
from sanso.grammars import PURIFIER

from .corpus.heard import Said, read_heard
from .corpus.lines import Line, read_all
from .corpus.phrases import Phrases
from .corpus.public import Public, read_public
from .corpus.stream import Example, Stream, is_validation, validation
from .network import Network, Shape
from .optimization import (
    CHECKPOINT,
    bfloat16_pays,
    follow,
    keep_memory,
    make_optimizers,
    rate_at,
    write_checkpoint,
)
from .recipe import Recipe, file_digest
from .restoring import grow, read_model
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CHUNK_BATCHES: Final = 16
"""Batches sorted by length together, so that little is padded."""
CHECKPOINT_SECONDS: Final = 60.0
VALIDATE_STEPS: Final = 1000
_PIECE_SENTENCES: Final = 60_000
_IGNORE: Final = -100


@dataclass(frozen=True)
class Batch:
    """Token ids (batch, time) with the next tokens to learn, and how much each counts."""

    ids: Tensor
    targets: Tensor
    weights: Tensor


@dataclass(frozen=True)
class Corpus:
    """Everything that sentences are drawn from."""

    lines: tuple[Line, ...]
    phrases: Phrases
    public: tuple[Public, ...]
    avoid: frozenset[str] = frozenset()
    """Keys of sentences that must not be trained on: those of evaluation cases."""
    heard: tuple[Said, ...] = ()


def load_corpus(
    recipe: Recipe, folder: Path | None, avoid: frozenset[str] = frozenset()
) -> Corpus:
    """The hand-written lines, as many as the recipe takes, the phrase bank, and public sentences if there is a folder."""
    lines = read_all()
    if recipe.lines:
        kept = [line for line in lines if not is_validation(line)]
        chosen = random.Random(recipe.seed).sample(kept, min(recipe.lines, len(kept)))
        lines = chosen + [line for line in lines if is_validation(line)]
    public = read_public(folder) if folder else []
    heard = tuple(read_heard()) if recipe.shares.heard else ()
    return Corpus(tuple(lines), Phrases(), tuple(public), avoid, heard)


class Trainer:
    """One training in one folder."""

    def __init__(
        self, recipe: Recipe, folder: Path, corpus: Corpus, *, compiled: bool = False
    ) -> None:
        """
        Make or load the vocabulary, the network and, where there is one, the checkpoint.

        `compiled` has torch compile the blocks, which takes a C++ compiler and a minute, and saves a quarter of each step on a CPU.
        """
        keep_memory()
        self.recipe = recipe
        self.folder = folder
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self._halves = bfloat16_pays(self.device)
        folder.mkdir(parents=True, exist_ok=True)
        self.public = len(corpus.public)
        self.lines = [line for line in corpus.lines if not is_validation(line)]
        self.stream = Stream(
            corpus.lines,
            corpus.phrases,
            corpus.public,
            recipe.shares,
            corpus.avoid,
            corpus.heard,
        )
        self.held = validation(corpus.lines)
        torch.manual_seed(recipe.seed)
        self.network = self._begin().to(self.device)
        if compiled:
            for block in self.network.blk:
                block.compile(dynamic=True)
        self.average = {
            k: v.detach().clone() for k, v in self.network.state_dict().items()
        }
        self.optimizers = make_optimizers(self.network, recipe)
        self.step = 0
        self.log: list[dict[str, float]] = []
        self.started_from = file_digest(start) if (start := recipe.start_path) else ""
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
        saved = time.monotonic()
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("training", total=last, completed=self.step)
            try:
                for batch in self._batches():
                    if self.step >= last:
                        break
                    loss = self._update(batch)
                    progress.update(task, advance=1, description=f"loss {loss:.3f}")
                    if self.step % VALIDATE_STEPS == 0 or self.step == last:
                        exact = self.validate()
                        self.log.append(
                            {"step": self.step, "loss": loss, "exact": exact}
                        )
                        progress.console.print(
                            f"step {self.step}: loss {loss:.3f}, "
                            f"held-out families exact {exact:.1%}"
                        )
                    if time.monotonic() - saved > CHECKPOINT_SECONDS:
                        self.save()
                        saved = time.monotonic()
            finally:
                self.save()

    def validate(self) -> float:
        """Share of held-out examples whose program the averaged weights write exactly."""
        right = sum(right for right, _ in self.judge(self.held))
        return right / max(1, len(self.held))

    def judge(self, examples: Sequence[Example]) -> list[tuple[bool, float]]:
        """For each example: whether its program is the likeliest at every token, and its log probability."""
        network = self.averaged()
        results: list[tuple[bool, float]] = []
        rows = [self._row(example, None) for example in examples]
        for start in range(0, len(rows), 128):
            batch = self._collate(rows[start : start + 128])
            program = batch.weights == 1
            with torch.no_grad():
                logits = network.logits(network(batch.ids)).float()
            log_p = torch.log_softmax(logits, -1)
            target = batch.targets.clamp(min=0)
            chosen = log_p.gather(-1, target[..., None])[..., 0]
            hit = (logits.argmax(-1) == target) | ~program
            total = (chosen * program).sum(-1)
            results += list(zip(hit.all(-1).tolist(), total.tolist(), strict=True))
        return results

    def averaged(self) -> Network:
        """A network with the averaged weights, for judging and for export."""
        network = Network(self.network.shape).to(self.device)
        network.load_state_dict(self.average)
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
            "started_from": self.started_from,
        }
        write_checkpoint(self.folder, state)

    def _load(self) -> None:
        path = self.folder / CHECKPOINT
        if not path.exists():
            return
        state: dict[str, Any] = torch.load(
            path, map_location=self.device, weights_only=True
        )
        self.network.load_state_dict(state["network"])
        self.average = state["average"]
        for optimizer, held in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(held)
        self.step = state["step"]
        self.log = state["log"]
        self.started_from = state.get("started_from", "")

    def _begin(self) -> Network:
        """The network of the first step: small random weights, or those of the GGUF to start from."""
        recipe = self.recipe
        start = recipe.start_path
        known = read_model(start) if start else None
        self.vocabulary = self._vocabulary(known[1] if known else None)
        shape = Shape(
            vocabulary=len(self.vocabulary),
            width=recipe.width,
            layers=recipe.layers,
            heads=recipe.heads,
            hidden=recipe.hidden,
            context=recipe.context,
        )
        if known is None:
            return Network(shape, dropout=recipe.dropout)
        return grow(known[0], shape, recipe.dropout)

    def _vocabulary(self, known: Vocabulary | None) -> Vocabulary:
        path = self.folder / "vocabulary.model"
        if path.exists():
            return Vocabulary.load(path)
        if known is not None:
            known.save(path)
            return known
        examples = self.stream.chunk(self.recipe.seed, -1, _PIECE_SENTENCES)
        sentences = [example.sentence for example in examples]
        vocabulary = Vocabulary.train(sentences, self.recipe.pieces, PURIFIER)
        vocabulary.save(path)
        return vocabulary

    def _batches(self) -> Iterator[Batch]:
        """Batches from the present step on, the same as if there had been no stop."""
        size = self.recipe.batch
        number, skip = divmod(self.step, CHUNK_BATCHES)
        while True:
            examples = self.stream.chunk(self.recipe.seed, number, size * CHUNK_BATCHES)
            rng = random.Random(f"{self.recipe.seed}:order:{number}")
            rows = sorted(
                (self._row(e, rng) for e in examples), key=lambda r: len(r[0])
            )
            starts = list(range(0, len(rows), size))
            rng.shuffle(starts)
            for start in starts[skip:]:
                yield self._collate(rows[start : start + size])
            number, skip = number + 1, 0

    def _row(
        self, example: Example, rng: random.Random | None
    ) -> tuple[list[int], list[float]]:
        """Ids of prompt, program and end, and the weight of each as a target."""
        alpha = self.recipe.subword_dropout if rng and rng.random() < 0.5 else 0.0  # noqa: PLR2004
        pieces = prompt(example.sentence, example.turns)
        ids = self.vocabulary.prompt(pieces, alpha=alpha)
        weights = [0.0] * len(ids)
        said = len(self.vocabulary.prompt(pieces[:-2])) if example.turns else 2
        share = self.recipe.sentence_rows
        if rng and self.recipe.sentence_loss and rng.random() < share:
            for at in range(said, len(ids) - 1):
                weights[at] = self.recipe.sentence_loss / 3 / share
        if example.program:
            program = [*self.vocabulary.program(example.program)]
            program.append(self.vocabulary.control(EOS))
            ids += program
            weights += [1.0] * len(program)
        limit = self.recipe.context
        return ids[:limit], weights[:limit]

    def _collate(self, rows: list[tuple[list[int], list[float]]]) -> Batch:
        longest = max(len(ids) for ids, _ in rows)
        ids = torch.zeros(len(rows), longest, dtype=torch.long)
        weights = torch.zeros(len(rows), longest)
        for i, (row, weight) in enumerate(rows):
            ids[i, : len(row)] = torch.tensor(row)
            weights[i, : len(row)] = torch.tensor(weight)
        parts = (ids[:, :-1], ids[:, 1:].clone(), weights[:, 1:])
        inputs, targets, counted = (part.to(self.device) for part in parts)
        targets[counted == 0] = _IGNORE
        return Batch(inputs, targets, counted)

    def _update(self, batch: Batch) -> float:
        """One step of the optimizer; the loss per program."""
        recipe = self.recipe
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
            for group in optimizer.param_groups:
                group["lr"] = rate_at(self.step, recipe)
        self.network.train()
        torch.manual_seed(recipe.seed * 1_000_003 + self.step)
        with torch.autocast(self.device, torch.bfloat16, enabled=self._halves):
            hidden = self.network(batch.ids)
            counted = batch.weights > 0
            logits = self.network.logits(hidden[counted])
        losses = F.cross_entropy(
            logits.float(), batch.targets[counted], reduction="none"
        )
        loss = (losses * batch.weights[counted]).sum() / batch.ids.shape[0]
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
        self.step += 1
        follow(self.average, self.network, self.step, self.recipe.average)
        return float(loss.detach())
