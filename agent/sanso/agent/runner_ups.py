"""
Other programs that the model thought of: from the best places to choose otherwise, each written to its end.

Strategy: a place is as good as the probability of all choices before it times that of the token that was not chosen there. The best few become branches of the
context; each goes on greedily, and all of them ride in one batch, so three runner-ups cost about as many passes as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .decoder import check, choose
from .token_automaton import END

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .decoder import AutomatonDecoder, Written

BRANCHES: Final = 3
_LEAST: Final = 1e-4
"""Below, another program is not worth a pass."""


@dataclass
class _Branch:
    tokens: list[int]
    """Of the program so far."""
    state: int
    """Of the automaton behind them."""
    probability: float
    whole: bool = True
    """Whether it had room to its end."""


def runner_ups(
    decoder: AutomatonDecoder,
    prompt: list[int],
    written: Written,
    deadline: float | None = None,
) -> list[tuple[list[int], float]]:
    """
    The tokens of up to three other programs, each with its probability among the legal ones, the likeliest first.

    Raises:
        DeadlineExceeded: it took too long.
        LlamaError: llama.cpp failed or was stopped.
    """
    begun = _begun(decoder, written)[: decoder.context.branches]
    going = [branch for branch in begun if branch.state != END]
    if going:
        _finish(decoder, prompt, going, deadline)
    found = [(b.tokens, b.probability) for b in begun if b.whole]
    return sorted(found, key=lambda one: -one[1])


def _finish(
    decoder: AutomatonDecoder,
    prompt: list[int],
    going: list[_Branch],
    deadline: float | None,
) -> None:
    with decoder.context.branch([prompt + b.tokens for b in going]) as branches:
        while any(branch.state != END and branch.whole for branch in going):
            check(deadline, ())
            for number, logits in branches.run().items():
                branch = going[number]
                fresh = _step(decoder, branch, logits)
                if branch.state != END:
                    branch.whole = branches.add(number, fresh)


def _begun(decoder: AutomatonDecoder, written: Written) -> list[_Branch]:
    """Every place and token to leave the written program by, the likeliest first."""
    before = 1.0
    found = []
    for fork, choice in zip(written.forks, written.evidence.choices, strict=True):
        for token, share in fork.others:
            if before * share >= _LEAST:
                stem = _Branch(written.tokens[: fork.at], fork.state, before * share)
                _advance(decoder, stem, token)
                found.append(stem)
        before *= choice.probability
    return sorted(found, key=lambda branch: -branch.probability)


def _step(
    decoder: AutomatonDecoder, branch: _Branch, logits: NDArray[np.float32]
) -> list[int]:
    """Choose the next token of a branch; what was added to it."""
    moves = decoder.automaton.moves(branch.state)
    token, choice, _ = choose(decoder.model, logits, moves.ids)
    branch.probability *= choice.probability
    length = len(branch.tokens)
    _advance(decoder, branch, token)
    return branch.tokens[length:]


def _advance(decoder: AutomatonDecoder, branch: _Branch, token: int) -> None:
    branch.state = decoder.automaton.moves(branch.state).target(token)
    if branch.state == END:
        return
    run, branch.state = decoder.automaton.forced(branch.state)
    branch.tokens += (token, *run)
