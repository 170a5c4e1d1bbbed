"""
The ways from a sentence to a program that are timed against one another, all on one GGUF and the same prompts.

Strategy: each way is a function of the prompt's tokens, with a context of its own, so that none gains from what another computed. The peers are used as
their documentation shows: llama-cpp-python's high-level class, and masks of llguidance before greedy sampling.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sanso.agent.context import Context
from sanso.agent.llama import Model, high_level, library
from sanso.agent.prompt import BOS, SAY
from sanso.grammars import gbnf_grammar

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanso.agent import Engine

_ROOM: Final = 512


@dataclass(frozen=True)
class Timed:
    """One run of one way."""

    seconds: float
    passes: int
    tokens: int
    """Written, without the end."""


@dataclass(frozen=True)
class Said:
    """A sentence as every way gets it."""

    sentence: str
    prompt: list[int]
    written: list[int]
    """What the engine wrote behind it."""
    starts: list[int]
    """Tokens of the program before each pass of the engine."""


def prepared(engine: Engine, sentence: str) -> Said:
    """Decide once, for what the other ways need to know."""
    prompt = engine._prompt_tokens(sentence, ())  # noqa: SLF001 - what is timed here is the engine's inside
    written = engine._decoder.write(prompt, None)  # noqa: SLF001
    return Said(sentence, prompt, written.tokens, [f.at for f in written.forks])


def ways(
    engine: Engine, threads: int, most_tokens: int
) -> dict[str, Callable[[Said], Timed]]:
    """Each way by its name, the engine first."""
    model = engine._model  # noqa: SLF001
    return {
        "this engine": _engine(engine),
        "bare passes": _bare(engine, threads),
        "create_completion with grammar": _completion(
            engine, threads, most_tokens, held=True
        ),
        "create_completion without": _completion(
            engine, threads, most_tokens, held=False
        ),
        "llguidance masks": _guidance(engine, model, threads, most_tokens),
    }


def _engine(engine: Engine) -> Callable[[Said], Timed]:
    def run(said: Said) -> Timed:
        started = time.perf_counter()
        decision = engine.decide(said.sentence)
        spent = time.perf_counter() - started
        return Timed(spent, decision.evidence.passes, decision.evidence.tokens)

    return run


def _bare(engine: Engine, threads: int) -> Callable[[Said], Timed]:
    """Only `llama_decode`, on the batches that the engine needed; what both prompts begin with is kept, as there."""
    api = library()
    model = engine._model  # noqa: SLF001
    context = Context(model, tokens=_ROOM, threads=threads)
    kept = len([model.control(BOS), model.control(SAY)])
    memory = api.llama_get_memory(context.pointer)

    def run(said: Said) -> Timed:
        context.run(said.prompt[: kept + 1])
        spent, at = 0.0, kept
        whole = said.prompt + said.written
        for start in said.starts:
            end = len(said.prompt) + start
            fresh = whole[at:end]
            array = (api.llama_token * len(fresh))(*fresh)
            api.llama_memory_seq_rm(memory, 0, at, -1)
            started = time.perf_counter()
            api.llama_decode(
                context.pointer, api.llama_batch_get_one(array, len(fresh))
            )
            spent += time.perf_counter() - started
            at = end
        context._held = []  # noqa: SLF001 - it was gone round
        api.llama_memory_clear(memory, True)  # noqa: FBT003 - a C function
        return Timed(spent, len(said.starts), len(said.written))

    return run


def _completion(
    engine: Engine, threads: int, most_tokens: int, *, held: bool
) -> Callable[[Said], Timed]:
    """llama-cpp-python's own class."""
    api = high_level()
    llama = api.Llama(
        str(engine.bundle.path),
        n_ctx=_ROOM,
        n_threads=threads,
        n_threads_batch=threads,
        verbose=False,
    )
    text = gbnf_grammar(engine.calls)
    grammar = api.LlamaGrammar.from_string(text, verbose=False) if held else None

    def run(said: Said) -> Timed:
        started = time.perf_counter()
        found = llama.create_completion(
            said.prompt, max_tokens=most_tokens, temperature=0.0, grammar=grammar
        )
        spent = time.perf_counter() - started
        tokens = int(found["usage"]["completion_tokens"])
        return Timed(spent, tokens, tokens)

    return run


def _guidance(
    engine: Engine, model: Model, threads: int, most_tokens: int
) -> Callable[[Said], Timed]:
    """A mask before each token, and the tokens that llguidance itself finds forced."""
    import llguidance
    from llguidance.gbnf_to_lark import any_to_lark
    from llguidance.llamacpp import lltokenizer_from_vocab
    from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask

    tokenizer = lltokenizer_from_vocab(model.vocab)
    lark = any_to_lark(gbnf_grammar(engine.calls))
    grammar = llguidance.grammar_from("lark", lark)
    fresh = llguidance.LLMatcher(tokenizer, grammar)
    mask = allocate_token_bitmask(1, model.size)
    context = Context(model, tokens=_ROOM, threads=threads)

    def run(said: Said) -> Timed:
        started = time.perf_counter()
        matcher = fresh.deep_copy()
        written: list[int] = []
        passes = 0
        while len(written) < most_tokens:
            written += (forced := matcher.compute_ff_tokens())
            matcher.consume_tokens(forced)
            logits = context.run(said.prompt + written)
            passes += 1
            fill_next_token_bitmask(matcher, mask)
            bits = np.unpackbits(mask.view(np.uint8), bitorder="little")[: model.size]
            token = int(np.where(bits, logits, -np.inf).argmax())
            if model.is_end(token):
                break
            matcher.consume_token(token)
            written.append(token)
            if matcher.is_stopped():
                break
        return Timed(time.perf_counter() - started, passes, len(written))

    return run
