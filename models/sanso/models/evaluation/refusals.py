"""
How often the model acts on what is no request to a purifier: public sentences that were held out of training.

Strategy: each sentence is only decided; an act is a program with any call that changes the device or its timers. Answering in words is harmless.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sanso.agent.errors import UtteranceError
from sanso.agent.prompt import normalize
from sanso.grammars import Reject
from sanso.models.corpus.public import read_public

from .effect import Bench
from .score import Rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sanso.agent import Engine
    from sanso.models.corpus.public import Public


@dataclass(frozen=True)
class Refusals:
    """What came of the sentences that should be turned down."""

    acts: Rate
    rejected: Rate
    by_source: dict[str, Rate]
    """Acts by corpus and language."""
    examples: tuple[tuple[str, str], ...]
    """Sentence and program of acts."""


SHOWN: Final = 15


def held_out_refusals(folder: Path, count: int, seed: int = 1) -> list[Public]:
    """
    Drawn sentences of the held-out tenth whose label is taught as a refusal.

    Raises:
        OSError: a file of the corpora is missing.
    """
    known = [
        p for p in read_public(folder) if p.held_out and p.program.startswith("reject(")
    ]
    return random.Random(seed).sample(known, min(count, len(known)))


def judge_refusals(
    engine: Engine,
    sentences: Iterable[Public],
    track: Callable[[Iterable[Public]], Iterable[Public]] = iter,
) -> Refusals:
    """Decide each sentence and count acts."""
    bench = Bench({})
    acts: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    rejected = 0
    examples: list[tuple[str, str]] = []
    for public in track(sentences):
        group = f"{public.source} {public.lang}"
        totals[group] += 1
        try:
            program = engine.decide(normalize(public.text)).program
        except UtteranceError:
            rejected += 1
            continue
        if any(bench.acts(statement) for statement in program.statements):
            acts[group] += 1
            examples.append((public.text, program.render()))
        rejected += all(isinstance(call, Reject) for call in program.calls())
    n = sum(totals.values())
    return Refusals(
        acts=Rate(sum(acts.values()), n),
        rejected=Rate(rejected, n),
        by_source={group: Rate(acts[group], totals[group]) for group in sorted(totals)},
        examples=tuple(examples[:SHOWN]),
    )
