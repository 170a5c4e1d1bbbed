"""
From a sentence to a program: the model, held inside the grammar.

Strategy: tokens are chosen greedily among those that the grammar allows; the choice is recorded with its probability. The shipped model
reads the short prompt of `prompt.py`; any other GGUF reads an explanation through its own chat template. One
context; callers from several threads wait for one another.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sanso.grammars import (
    PURIFIER,
    CallSet,
    NotRegularError,
    Program,
    enumerate_calls,
    gbnf_grammar,
    parse,
)

from .bundle import Bundle, open_bundle, shipped_model
from .context import Context, StoppedError
from .decoder import (
    PROGRAM_TOKENS,
    AutomatonDecoder,
    DeadlineExceeded,
    Decoder,
    SamplerDecoder,
    too_late,
)
from .errors import AgentError, ModelError, UtteranceError
from .evidence import Evidence, RunnerUp
from .instruct import Part, chat_parts
from .joining import join
from .llama import LlamaError, Model
from .llama_grammar import Grammar
from .prompt import MAX_TURNS, Piece, Turn, prompt
from .runner_ups import BRANCHES, runner_ups

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Self

    from .decoder import Written

_PROMPT_TOKENS: Final = 460
_INSTRUCT_TOKENS: Final = 4096
_MOST_READ: Final = 1000
logger: Final = logging.getLogger(__name__)


class Cancelled(AgentError):
    """Another thread called `cancel`; nothing was done."""


@dataclass(frozen=True)
class Decision:
    """What the model made of a sentence."""

    program: Program
    evidence: Evidence
    milliseconds: float
    """From the normalized sentence to the parsed program."""


class Engine:
    """A loaded model, ready for sentences."""

    def __init__(self, bundle: Bundle, calls: CallSet, *, threads: int = 1) -> None:
        """
        Load a checked bundle.

        Raises:
            ModelError: llama.cpp cannot use it.
        """
        self.bundle = bundle
        self.calls = calls
        self._lock = threading.Lock()
        self._stopping = threading.Lock()
        self._running: _Run | None = None
        self._read: dict[str, Program] = {}
        self._pieces: dict[int, bytes] = {}
        self._model = Model(bundle.path, verified=bool(bundle.papers))
        self._room = _PROMPT_TOKENS + PROGRAM_TOKENS
        if not bundle.trained_here:
            self._room = min(_INSTRUCT_TOKENS, self._model.trained_context)
        try:
            self._check_room()
            self._context = Context(
                self._model, tokens=self._room, threads=threads, branches=BRANCHES
            )
            self._decoder = self._make_decoder()
        except BaseException:
            self._model.close()
            raise
        # The reader of programs is made at its first use: here, and not in the first answer.
        parse(next(enumerate_calls(calls)), calls)

    @classmethod
    def open(
        cls, path: Path | None = None, calls: CallSet = PURIFIER, *, threads: int = 1
    ) -> Self:
        """
        Check and load a GGUF; without a path the shipped one.

        Raises:
            ModelError: it cannot be used; the message says why and what to do.
        """
        return cls(open_bundle(path or shipped_model(), calls), calls, threads=threads)

    def decide(
        self,
        sentence: str,
        turns: tuple[Turn, ...] = (),
        *,
        timeout_seconds: float | None = None,
        runner_ups_below: float = 0.0,
    ) -> Decision:
        """
        The program for a normalized sentence after these turns.

        Where its confidence is below `runner_ups_below`, the evidence tells what else could have been written; above 1, every
        choice is told in full besides.

        Raises:
            UtteranceError: the sentence has too many tokens.
            DeadlineExceeded: it took longer than the timeout; waiting for another caller counts.
            Cancelled: `cancel` was called meanwhile.
        """
        started = time.perf_counter()
        with self._turn(timeout_seconds) as deadline:
            tokens = self._prompt_tokens(sentence, turns)
            wanted = runner_ups_below > 1
            written = self._decoder.write(tokens, deadline, detailed=wanted)
            evidence = written.evidence
            if evidence.confidence < runner_ups_below:
                evidence = self._with_runner_ups(tokens, written, deadline)
            text = self._text(written.tokens)
        program = self._program(text)
        milliseconds = (time.perf_counter() - started) * 1000
        return Decision(program, evidence, milliseconds)

    def cancel(self) -> None:
        """End the decision that another thread waits for; it raises Cancelled. Without one, nothing happens."""
        with self._stopping:
            if self._running is not None:
                self._running.cancelled = True
                self._context.stop()

    @contextmanager
    def _turn(self, timeout_seconds: float | None) -> Iterator[float | None]:
        """One caller at a time; the pass that runs at the deadline is ended by another thread."""
        if timeout_seconds is None:
            deadline, wait = None, -1.0
        else:
            deadline = time.perf_counter() + timeout_seconds
            wait = min(max(0.0, timeout_seconds), threading.TIMEOUT_MAX)
        if not self._lock.acquire(timeout=wait):
            raise too_late()
        run = _Run()
        watch: threading.Timer | None = None
        try:
            with self._stopping:
                self._context.allow()
                self._running = run
            if deadline is not None:
                left = max(0.0, deadline - time.perf_counter())
                wait = min(left, threading.TIMEOUT_MAX)
                watch = threading.Timer(wait, self._expire, (run,))
                watch.daemon = True
                watch.start()
            yield deadline
            if run.cancelled:  # between the last pass and here
                raise _cancelled()
        except StoppedError:
            raise (_cancelled() if run.cancelled else too_late()) from None
        finally:
            if watch is not None:
                watch.cancel()
            with self._stopping:
                self._running = None
            self._lock.release()

    def _expire(self, run: _Run) -> None:
        with self._stopping:
            if self._running is run:
                self._context.stop()

    def _with_runner_ups(
        self, prompt: list[int], written: Written, deadline: float | None
    ) -> Evidence:
        if not isinstance(self._decoder, AutomatonDecoder):
            return written.evidence
        try:
            found = runner_ups(self._decoder, prompt, written, deadline)
        except (DeadlineExceeded, LlamaError):
            return (
                written.evidence
            )  # the program is whole; what else it could be is a luxury
        texts = {self._text(tokens): share for tokens, share in reversed(found)}
        texts.pop(self._text(written.tokens), None)
        others = tuple(
            RunnerUp(text, share)
            for text, share in sorted(texts.items(), key=lambda one: -one[1])
        )
        pieces = tuple(map(self._model.name, prompt))
        return replace(written.evidence, runner_ups=others, pieces=pieces)

    def _text(self, tokens: list[int]) -> str:
        """The text of a program; the few tokens that programs are made of are asked for once."""
        known = self._pieces
        for token in tokens:
            if token not in known:
                known[token] = self._model.piece(token)
        return b"".join([known[token] for token in tokens]).decode("utf-8", "replace")

    def close(self) -> None:
        """Free everything; a second time does nothing."""
        with self._lock:
            self._context.close()
            self._decoder.close()
            self._model.close()

    def __enter__(self) -> Self:
        """Use the engine in a `with` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @property
    def is_regular(self) -> bool:
        """Whether the grammar has an automaton; else llama.cpp's sampler holds the model, several times slower."""
        return isinstance(self._decoder, AutomatonDecoder)

    def _make_decoder(self) -> Decoder:
        try:
            joined = join(self._model, self.calls, canonical=self.bundle.trained_here)
        except NotRegularError as error:
            logger.warning(
                "%s; llama.cpp's own sampler is used, which is slower", error
            )
            grammar = Grammar(self._model, gbnf_grammar(self.calls))
            return SamplerDecoder(self._model, self._context, grammar)
        return AutomatonDecoder(self._model, self._context, joined)

    def _program(self, text: str) -> Program:
        """Reading costs more than choosing; people say the same things again and again."""
        known = self._read.get(text)
        if known is None:
            if len(self._read) >= _MOST_READ:
                self._read.clear()
            known = self._read[text] = parse(text, self.calls)
        return known

    def _prompt_tokens(self, sentence: str, turns: tuple[Turn, ...]) -> list[int]:
        if not self.bundle.trained_here:
            return self._chat_tokens(sentence, turns)
        kept = turns[-MAX_TURNS:]
        while True:
            tokens = []
            for piece in prompt(sentence, kept):
                tokens += self._piece_tokens(piece)
            if len(tokens) <= _PROMPT_TOKENS:
                return tokens
            if not kept:
                raise _too_long(len(tokens), _PROMPT_TOKENS)
            kept = kept[1:]

    def _piece_tokens(self, piece: Piece) -> list[int]:
        if piece.kind == "control":
            return [self._model.control(piece.text)]
        if piece.kind == "program":
            return self._model.program_tokens(piece.text)
        return self._model.tokenize(piece.text)

    def _chat_tokens(self, sentence: str, turns: tuple[Turn, ...]) -> list[int]:
        parts = chat_parts(self.bundle, sentence, turns, self.calls)
        text = "".join(part.text for part in parts)
        apart = [
            token
            for index, part in enumerate(parts)
            for token in self._part_tokens(part, first=index == 0)
        ]
        # A text cut into parts gets other tokens at the seams than a whole one: only
        # a sentence that spells control tokens is kept apart.
        tokens = self._model.tokenize(text, special=True)
        if self._model.spelled(tokens) != self._model.spelled(apart):
            tokens = apart
        if len(tokens) > self._room - PROGRAM_TOKENS:
            raise _too_long(len(tokens), self._room - PROGRAM_TOKENS)
        return tokens

    def _check_room(self) -> None:
        """Refuse a model that could read no sentence at all."""
        path = str(self.bundle.path)
        try:
            self._prompt_tokens("a", ())
        except UtteranceError:
            msg = f"{self.bundle.path.name} cannot read enough tokens to have the calls explained"
            raise ModelError(msg, path=path) from None
        except LlamaError as error:
            msg = f"{self.bundle.path.name} cannot be used: {error}"
            raise ModelError(msg, path=path) from None

    def _part_tokens(self, part: Part, *, first: bool) -> list[int]:
        if not part.said:
            return self._model.tokenize(part.text, special=True, prefix=first)
        tokens = self._model.tokenize(part.text)
        if not self._model.spelled(tokens):
            return tokens
        # Some files call their control tokens user-defined: llama.cpp reads these out of any text.
        return [token for char in part.text for token in self._model.tokenize(char)]


@dataclass
class _Run:
    """The decision that a caller waits for."""

    cancelled: bool = False


def _cancelled() -> Cancelled:
    msg = "the sentence was cancelled; nothing was done"
    return Cancelled(msg)


def _too_long(length: int, limit: int) -> UtteranceError:
    msg = f"the sentence has {length} tokens; at most {limit} can be read"
    return UtteranceError(msg, reason="too_long")
