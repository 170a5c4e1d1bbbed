"""
Let a model write one program: token by token, only what the grammar allows, greedily.

Strategy: with the automaton, tokens without an alternative ride in the batch of the chosen one (over a foreign vocabulary: where its own
spelling of the forced bytes fits), and nothing is computed behind the last choice. A
grammar for which there is no automaton is held by llama.cpp's own sampler, which asks the whole vocabulary at each token. Both
choose the likeliest legal token, so they write the same wherever the sampler takes the canonical spelling.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from .errors import AgentError
from .evidence import Choice, Evidence, Option
from .llama import LlamaError
from .token_automaton import END

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .context import Context
    from .llama import Model
    from .llama_grammar import Grammar
    from .token_automaton import TokenAutomaton

PROGRAM_TOKENS: Final = 420
"""Room for the longest program in the shortest tokens (bytes)."""
_FAINT: Final = 1e-20
"""Share in the likeliest token's, below which numbers of 32 bits do not tell legal tokens apart; all of them together weigh nothing then."""
_SURE_TOTAL: Final = 1.0005
"""Weight of all legal tokens in that of the chosen one, below which no other is worth a word."""
_OTHERS: Final = 3
"""How many of the tokens that were not chosen are remembered at a choice."""


class DeadlineExceeded(AgentError):
    """The program was not ready in time; nothing was done."""


class Fork(NamedTuple):
    """A choice, and what is needed to choose otherwise there."""

    state: int
    """Of the automaton, before the choice."""
    at: int
    """Tokens of the program before it."""
    others: tuple[tuple[int, float], ...]
    """Tokens that were not chosen, with their probability."""


@dataclass(frozen=True)
class Written:
    """What came of a prompt."""

    tokens: list[int]
    """Of the program."""
    evidence: Evidence
    forks: tuple[Fork, ...] = ()
    """One for each choice; none where the sampler held the model."""


class Decoder(Protocol):
    """Writes programs behind prompts."""

    def write(
        self, tokens: list[int], deadline: float | None, *, detailed: bool = False
    ) -> Written:
        """
        The program behind a prompt, and how sure each choice was; `deadline` by time.perf_counter.

        With `detailed`, the tokens that were not chosen are told also where hardly any was likely.

        Raises:
            DeadlineExceeded: it took too long.
            LlamaError: llama.cpp failed, or no token is legal.
        """
        ...

    def close(self) -> None:
        """Free what is held beside model and context."""


class AutomatonDecoder:
    """Held by the automaton: few passes, few looks at few tokens."""

    def __init__(
        self, model: Model, context: Context, automaton: TokenAutomaton
    ) -> None:
        """Use a model, a context and an automaton joined with the model's vocabulary."""
        self.model = model
        self.context = context
        self.automaton = automaton

    def write(
        self, tokens: list[int], deadline: float | None, *, detailed: bool = False
    ) -> Written:
        """See Decoder."""
        run, state = self.automaton.forced(0)
        written = list(run)
        choices: list[Choice] = []
        forks: list[Fork] = []
        passes = 0
        while state != END:
            check(deadline, written)
            logits = self.context.run(tokens + written)
            passes += 1
            moves = self.automaton.moves(state)
            token, choice, others = choose(
                self.model, logits, moves.ids, detailed=detailed
            )
            choices.append(choice)
            forks.append(Fork(state, len(written), others))
            state = moves.target(token)
            if state == END:
                break
            run, state = self.automaton.forced(state)
            written += (token, *run)
        evidence = Evidence(tuple(choices), passes, len(written), len(tokens))
        return Written(written, evidence, tuple(forks))

    def close(self) -> None:
        """Nothing to free."""


class SamplerDecoder:
    """Held by llama.cpp's grammar sampler: slower, and right for every grammar."""

    def __init__(self, model: Model, context: Context, grammar: Grammar) -> None:
        """Use a model, a context and a compiled grammar."""
        self._model = model
        self._context = context
        self._grammar = grammar

    def write(
        self, tokens: list[int], deadline: float | None, *, detailed: bool = False
    ) -> Written:
        """See Decoder."""
        self._grammar.restart()
        written: list[int] = []
        choices: list[Choice] = []
        while True:
            check(deadline, written)
            logits = self._context.run(tokens + written)
            legal = self._grammar.legal(logits)
            if len(legal) == 0:
                msg = "the vocabulary of the model cannot spell the grammar"
                raise LlamaError(msg)
            token, choice, _ = choose(self._model, logits, legal, detailed=detailed)
            if len(legal) > 1:
                choices.append(choice)
            if self._model.is_end(token):
                break
            self._grammar.accept(token)
            written.append(token)
        passes = len(written) + 1
        evidence = Evidence(tuple(choices), passes, len(written), len(tokens))
        return Written(written, evidence)

    def close(self) -> None:
        """Free the compiled grammar."""
        self._grammar.close()


def choose(
    model: Model,
    logits: NDArray[np.float32],
    legal: NDArray[np.intp],
    *,
    detailed: bool = False,
) -> tuple[int, Choice, tuple[tuple[int, float], ...]]:
    """
    The likeliest of the legal tokens, its evidence, and the next likely ones; of equals the one with the lowest id.

    Where it is all but certain the others are left out, unless `detailed`.
    """
    scores = logits[legal]
    best = int(scores.argmax())
    # As few steps as will do: behind a pass nothing of numpy lies in the processor's cache, and each costs ten times what it would in a loop.
    shares = np.exp(logits - logits.max())
    weights = shares[legal]
    if weights[best] < _FAINT:
        weights = np.exp(scores.astype(np.float64) - scores[best])
        everything = np.inf
    else:
        everything = float(shares.sum())
    top, total = float(weights[best]), float(weights.sum())
    first = int(legal[best])
    others: tuple[tuple[int, float], ...] = ()
    if total > _SURE_TOTAL * top or detailed:
        weights[best] = -1.0
        order = np.argsort(-weights, kind="stable")[: min(_OTHERS, len(legal) - 1)]
        others = tuple((int(legal[i]), float(weights[i]) / total) for i in order)
    choice = Choice(
        piece=model.text(first),
        probability=top / total,
        legal_mass=min(1.0, total / everything),
        others=tuple(Option(model.text(token), share) for token, share in others),
    )
    return first, choice, others


def check(deadline: float | None, written: Sequence[int]) -> None:
    """
    Give up on a program that takes too long, or is too long.

    Raises:
        DeadlineExceeded: the deadline has passed.
        LlamaError: it has more tokens than any program of the grammar.
    """
    if deadline is not None and time.perf_counter() > deadline:
        raise too_late()
    if len(written) >= PROGRAM_TOKENS:
        msg = f"the program has more than {PROGRAM_TOKENS} tokens"
        raise LlamaError(msg)


def too_late() -> DeadlineExceeded:
    """The error of a deadline that has passed."""
    msg = "the sentence was not understood in time; nothing was done"
    return DeadlineExceeded(msg)
