"""
Let a model write one program: token by token, only what the grammar allows, greedily.

Strategy: with the automaton, tokens without an alternative ride in the batch of the chosen one (over a foreign vocabulary: where its own
spelling of the forced bytes fits), and nothing is computed behind the last choice. A
grammar for which there is no automaton is held by llama.cpp's own sampler, which asks the whole vocabulary at each token. Both
choose the likeliest legal token, so they write the same wherever the sampler takes the canonical spelling.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from .errors import AgentError
from .evidence import Choice, Evidence
from .llama import LlamaError
from .token_automaton import END

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .llama import Context, Model
    from .llama_grammar import Grammar
    from .token_automaton import TokenAutomaton

PROGRAM_TOKENS: Final = 420
"""Room for the longest program in the shortest tokens (bytes)."""
_MASS_FLOOR: Final = 1e-30


class DeadlineExceeded(AgentError):
    """The program was not ready in time; nothing was done."""


class Decoder(Protocol):
    """Writes programs behind prompts."""

    def write(
        self, tokens: list[int], deadline: float | None
    ) -> tuple[list[int], Evidence]:
        """
        The tokens of a program, and how sure each choice was; `deadline` by time.perf_counter.

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
        self._model = model
        self._context = context
        self._automaton = automaton

    def write(
        self, tokens: list[int], deadline: float | None
    ) -> tuple[list[int], Evidence]:
        """See Decoder."""
        run, state = self._automaton.forced(0)
        written = list(run)
        choices: list[Choice] = []
        passes = 0
        while state != END:
            _check(deadline, written)
            logits = self._context.run(tokens + written)
            passes += 1
            moves = self._automaton.moves(state)
            token, choice = choose(self._model, logits, moves.ids)
            choices.append(choice)
            state = moves.target(token)
            if state == END:
                break
            run, state = self._automaton.forced(state)
            written += (token, *run)
        return written, Evidence(tuple(choices), passes, len(written), len(tokens))

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
        self, tokens: list[int], deadline: float | None
    ) -> tuple[list[int], Evidence]:
        """See Decoder."""
        self._grammar.restart()
        written: list[int] = []
        choices: list[Choice] = []
        while True:
            _check(deadline, written)
            logits = self._context.run(tokens + written)
            legal = self._grammar.legal(logits)
            if len(legal) == 0:
                msg = "the vocabulary of the model cannot spell the grammar"
                raise LlamaError(msg)
            token, choice = choose(self._model, logits, legal)
            if len(legal) > 1:
                choices.append(choice)
            if self._model.is_end(token):
                break
            self._grammar.accept(token)
            written.append(token)
        passes = len(written) + 1
        return written, Evidence(tuple(choices), passes, len(written), len(tokens))

    def close(self) -> None:
        """Free the compiled grammar."""
        self._grammar.close()


def choose(
    model: Model, logits: NDArray[np.float32], legal: NDArray[np.intp]
) -> tuple[int, Choice]:
    """The likeliest of the legal tokens, with its evidence; of equals the one with the lowest id."""
    scores = logits[legal].astype(np.float64)
    best = int(scores.argmax())
    top = scores[best]
    weights = np.exp(scores - top)
    total = float(weights.sum())
    with np.errstate(over="ignore"):  # an illegal token may be likelier by any factor
        everything = float(np.exp(logits - np.float32(top)).sum())
    first = second = int(legal[best])
    rival = 0.0
    if len(legal) > 1:
        weights[best] = -1.0
        runner = int(weights.argmax())
        second, rival = int(legal[runner]), float(weights[runner]) / total
    probability = 1 / total
    return first, Choice(
        piece=model.text(first),
        probability=probability,
        margin=probability - rival,
        legal_mass=min(1.0, total / max(everything, _MASS_FLOOR)),
        runner_up=model.text(second),
    )


def _check(deadline: float | None, written: Sequence[int]) -> None:
    if deadline is not None and time.perf_counter() > deadline:
        msg = "the sentence was not understood in time; nothing was done"
        raise DeadlineExceeded(msg)
    if len(written) >= PROGRAM_TOKENS:
        msg = f"the program has more than {PROGRAM_TOKENS} tokens"
        raise LlamaError(msg)
