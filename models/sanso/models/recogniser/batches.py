"""
Make the batches of a training: utterances of like length, spoiled, with the tokens to be written.

Strategy: everything in a batch follows from the recipe's seed and the number of the step, so that a training that was
stopped sees what it would have seen. Each source of sentences comes as often as
the recipe says, and each of its utterances once before any comes again.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812 - as everywhere in torch

from sanso.agent.voice.terms import call_terms
from sanso.agent.wording.language import LANGUAGES

from .augment import COLOURS, noise, spoiled
from .features import FRAMES, HOP, log_mel
from .tokens import END, NO_SPEECH, encode, hotword_ids, opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recipe import Recipe
    from .speech import Store, Utterance

IGNORE: Final = -100
"""A target of which nothing is learned."""

_CHUNK: Final = 32
"""Batches among which utterances are sorted by length."""
_MASKED_FRAMES: Final = 10
_MASKED_BANDS: Final = 10
_WIDE: Final = 0.1
"""Share of the batches that are padded to the whole window."""
_OWN_TERMS: Final = 0.5
"""Share of the prompts that are the agent's own."""
_WORDS_FROM: Final = 4000


@dataclass(frozen=True)
class Batch:
    """What a step learns from."""

    features: torch.Tensor
    """(batch, bands, frames)"""
    inputs: torch.Tensor
    """(batch, length)"""
    targets: torch.Tensor
    """(batch, length), -100 where nothing is learned."""
    frames: torch.Tensor
    """(batch,), of the sound itself."""
    texts: tuple[tuple[int, ...], ...]
    """The letters of each."""

    def to(self, device: str) -> Batch:
        """The same on a device; what CTC counts with stays."""
        return Batch(
            self.features.to(device),
            self.inputs.to(device),
            self.targets.to(device),
            self.frames,
            self.texts,
        )


class Batches:
    """The batches of a recipe, drawn from a store of speech."""

    def __init__(self, recipe: Recipe, store: Store) -> None:
        """Make ready; the words of prompts are those of the store's first sentences."""
        self._recipe = recipe
        self._store = store
        self._by_kind: dict[tuple[str, str], list[Utterance]] = {}
        for utterance in store.utterances:
            kind = utterance.sentence.source, utterance.sentence.lang
            self._by_kind.setdefault(kind, []).append(utterance)
        mix = {kind: part for kind, part in recipe.mix.items() if kind in self._by_kind}
        self._mix = {
            kind: part / sum(mix.values()) for kind, part in mix.items() if part
        }
        texts = [u.sentence.text for u in store.utterances[:_WORDS_FROM]]
        self._words = sorted({word for text in texts for word in text.split()})

    def since(self, step: int) -> Iterator[Batch]:
        """Batches from a step on, the same as if there had been no stop."""
        size = self._recipe.batch
        number, skip = divmod(step, _CHUNK)
        while True:
            rng = random.Random(f"{self._recipe.seed}:{number}")
            chosen = self._chosen(number, size * _CHUNK)
            chosen.sort(key=lambda u: u.length)
            starts = list(range(0, len(chosen), size))
            rng.shuffle(starts)
            for at, start in enumerate(starts[skip:], number * _CHUNK + skip):
                yield self._batch(chosen[start : start + size], at)
            number, skip = number + 1, 0

    def _chosen(self, number: int, count: int) -> list[Utterance]:
        """The utterances of a chunk, of each kind its share; each comes once before any of its kind again."""
        chosen: list[Utterance] = []
        for turns, (kind, share) in enumerate(self._mix.items()):
            at, end = (math.ceil(count * share * n) for n in (number, number + 1))
            utterances = self._by_kind[kind]
            while at < end:
                turn, offset = divmod(at, len(utterances))
                rng = np.random.default_rng([self._recipe.seed, turns, turn])
                order = rng.permutation(len(utterances))[offset : offset + end - at]
                chosen += [utterances[i] for i in order]
                at += len(order)
        return chosen[:count]

    def _prompts(self, rng: np.random.Generator) -> dict[str, list[int]]:
        """What stands before the texts of a batch, by language: nothing, the agent's own terms, or any words."""
        if rng.random() >= self._recipe.prompted:
            return {lang: [] for lang in LANGUAGES}
        if rng.random() < _OWN_TERMS:
            return {lang: hotword_ids(call_terms(lang)) for lang in LANGUAGES}
        words = rng.choice(self._words, int(rng.integers(3, 21))).tolist()
        return {lang: hotword_ids(words) for lang in LANGUAGES}

    def _batch(self, utterances: list[Utterance], step: int) -> Batch:
        recipe = self._recipe
        rng = np.random.default_rng([recipe.seed, step])
        strength = min(1.0, max(0.0, (step - recipe.clean) / max(1, recipe.clean)))
        prompts = self._prompts(rng)
        sounds, rows, texts = [], [], []
        for utterance in utterances:
            if rng.random() < recipe.silence:
                count = int(rng.integers(HOP * 50, FRAMES * HOP))
                colour = COLOURS[rng.integers(len(COLOURS))]
                level = 10 ** rng.uniform(-3.5, -0.8)
                sounds.append(noise(count, rng, colour) * level)
                lang, text = ("en", "ko")[int(rng.integers(2))], []
            else:
                sound = self._store.sound(utterance)
                sounds.append(spoiled(sound, rng, strength, FRAMES * HOP))
                lang, text = utterance.sentence.lang, encode(utterance.sentence.text)
            rows.append(_row(lang, text, prompts[lang]))
            texts.append(tuple(text))
        features, frames = log_mel(sounds)
        features = _masked(
            _widened(features[:, :, :FRAMES], rng), frames, rng, strength
        )
        length = max(len(row[0]) for row in rows)
        inputs = torch.full((len(rows), length), END)
        targets = torch.full((len(rows), length), IGNORE)
        for i, (ids, wanted) in enumerate(rows):
            inputs[i, : len(ids)] = torch.tensor(ids)
            targets[i, : len(wanted)] = torch.tensor(wanted)
        frames = frames.clamp(max=FRAMES)
        return Batch(features, inputs, targets, frames, tuple(texts))


def _row(lang: str, text: list[int], prompt: list[int]) -> tuple[list[int], list[int]]:
    """Inputs and targets of one utterance; of noise the start foretells that nobody speaks, and nothing is written."""
    head = opening(lang)
    ids = [*prompt, *head, *text]
    first = head[1] if text else NO_SPEECH
    wanted = [IGNORE] * len(prompt) + [first, IGNORE, IGNORE, *text, END]
    return ids, wanted


def _widened(features: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Zeros behind the features: up to the whole window in a tenth of the batches, a little in the others."""
    room = FRAMES - features.shape[2]
    more = room if rng.random() < _WIDE else min(room, int(rng.integers(0, 20)))
    return F.pad(features, (0, more))


def _masked(
    features: torch.Tensor,
    frames: torch.Tensor,
    rng: np.random.Generator,
    strength: float,
) -> torch.Tensor:
    """Lightly blanked out in time and frequency (Park et al. 2019)."""
    for row, count in zip(features, frames.tolist(), strict=True):
        if rng.random() < 0.6 * strength:
            wide = int(rng.integers(1, _MASKED_FRAMES))
            at = int(rng.integers(0, max(1, count - wide)))
            row[:, at : at + wide] = 0
        if rng.random() < 0.6 * strength:
            wide = int(rng.integers(1, _MASKED_BANDS))
            at = int(rng.integers(0, row.shape[0] - wide))
            row[at : at + wide] = 0
    return features
