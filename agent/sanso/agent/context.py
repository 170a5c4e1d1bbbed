"""
What was computed for a sequence of tokens: a context of llama.cpp, with branches and a stop.

Strategy: the sequence is kept between calls, so what two prompts share is computed once. Branches go on from its beginning, each a sequence
of its own in the same memory, all of them in one batch. llama.cpp looks at a flag between two operations and gives up when
it is raised: a pass ends within milliseconds, and the context can be used again.
"""

from __future__ import annotations

import ctypes
import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .errors import ModelError
from .llama import LlamaError, library

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from numpy.typing import NDArray

    from .llama import Model

_ABORTED: Final = 2
_BRANCH_TOKENS: Final = 64
"""Room for what a branch has beyond the sequence that it leaves."""
_YES, _NO = True, False
"""C functions take their flags by position."""


class StoppedError(LlamaError):
    """A pass was ended by `Context.stop`."""


class Context:
    """One sequence of tokens under a model, with what was computed for its beginning kept."""

    def __init__(
        self, model: Model, *, tokens: int, threads: int = 1, branches: int = 0
    ) -> None:
        """
        Make room for so many tokens, and for so many branches beside them.

        Raises:
            ModelError: there is not enough memory, or the model has no weights.
            LlamaError: the model is closed.
        """
        self._api = library()
        self._lock = threading.Lock()
        self.pointer: Any = None
        model.check_open(self)
        if model.vocabulary_only or tokens < 1:
            msg = "a context needs weights, and room for a token"
            raise ModelError(msg, path="")
        self._model = model
        self.room = tokens
        self.branches = branches if model.can_branch else 0
        params = self._api.llama_context_default_params()
        params.n_ctx = tokens + self.branches * _BRANCH_TOKENS
        params.n_batch = self.most_at_once = params.n_ctx
        params.n_ubatch = min(tokens, 256)
        params.n_seq_max = 1 + self.branches
        params.kv_unified = True  # branches share what they have in common
        params.n_threads = threads
        params.n_threads_batch = threads
        params.no_perf = True
        self.pointer = self._api.llama_init_from_model(model.pointer, params)
        if not self.pointer:
            msg = "llama.cpp could not make a context; is there enough memory?"
            raise ModelError(msg, path="")
        self._memory = self._api.llama_get_memory(self.pointer)
        self._held: list[int] = []
        self._row: Any = ctypes.c_float * model.size
        self._flag, self._callback = _stop_flag(self._api)
        self._api.llama_set_abort_callback(
            self.pointer, self._callback, ctypes.cast(self._flag, ctypes.c_void_p)
        )

    def stop(self) -> None:
        """End the pass that runs, from any thread; until `allow`, no other one runs."""
        self._flag[0] = b"1"

    def allow(self) -> None:
        """Let passes run again."""
        self._flag[0] = b"0"

    def run(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """
        Logits behind these tokens; what they share with the last ones is not computed again.

        Raises:
            StoppedError: `stop` was called.
            LlamaError: too many tokens, an unknown token, or another thread is inside.
        """
        self._check(tokens)
        with _Inside(self):
            return self._run(list(tokens))

    def branch(self, sequences: Sequence[Sequence[int]]) -> Branches:
        """
        Sequences that begin like the last one that was run, to be computed side by side.

        Raises:
            LlamaError: more than there is room for, or one is empty or too long.
        """
        if len(sequences) > self.branches:
            msg = f"{len(sequences)} branches do not fit into {self.branches}"
            raise LlamaError(msg)
        for tokens in sequences:
            self._check(tokens)
        return Branches(self, sequences)

    def close(self) -> None:
        """Free the context once nobody is inside; a second time does nothing."""
        with self._lock:
            if self.pointer:
                self._api.llama_free(self.pointer)
                self.pointer = None

    def _check(self, tokens: Sequence[int]) -> None:
        if not tokens or len(tokens) > self.room:
            msg = f"{len(tokens)} tokens do not fit into {self.room}"
            raise LlamaError(msg)
        if min(tokens) < 0 or max(tokens) >= self._model.size:
            msg = "a token is unknown to the model"
            raise LlamaError(msg)

    def _shared(self, tokens: Sequence[int]) -> int:
        """How many tokens are held already; never all: logits are not kept, so at least one must be run."""
        same = 0
        for old, new in zip(self._held, tokens, strict=False):
            if old != new:
                break
            same += 1
        return min(same, len(tokens) - 1)

    def _run(self, tokens: list[int]) -> NDArray[np.float32]:
        same = self._shared(tokens)
        if same < len(self._held):
            removed = self._api.llama_memory_seq_rm(self._memory, 0, same, -1)
            if not removed:  # models with a recurrent state cannot go back in part
                self._api.llama_memory_clear(self._memory, _YES)
                same = 0
            self._held = tokens[:same]
        fresh = tokens[same:]
        array = (self._api.llama_token * len(fresh))(*fresh)
        self._decode(self._api.llama_batch_get_one(array, len(fresh)))
        self._held = tokens
        return self._logits(-1)

    def _decode(self, batch: Any) -> None:
        code = self._api.llama_decode(self.pointer, batch)
        if code == 0:
            return
        self._held = []
        # Only what lies where is forgotten: to wipe the memory of a large model takes longer than to stop.
        self._api.llama_memory_clear(self._memory, _NO)
        if code == _ABORTED:
            msg = "stopped"
            raise StoppedError(msg)
        msg = f"llama.cpp failed with code {code}"
        raise LlamaError(msg)

    def _logits(self, at: int) -> NDArray[np.float32]:
        view = self._api.llama_get_logits_ith(self.pointer, at)
        if not view:
            msg = "the model gives no probabilities; it is no language model"
            raise LlamaError(msg)
        address = ctypes.addressof(view.contents)
        row: Any = self._row.from_address(address)
        return np.frombuffer(row, np.float32)


class Branches:
    """Sequences computed side by side; the context's own sequence stays as it is."""

    def __init__(self, context: Context, sequences: Sequence[Sequence[int]]) -> None:
        """Begin each with what it shares with the context's sequence."""
        self._context = context
        self._api = library()
        self._todo: dict[int, list[int]] = {}
        self._at: dict[int, int] = {}
        with _Inside(context):
            for number, tokens in enumerate(sequences):
                same = context._shared(tokens)  # noqa: SLF001 - one thing in two classes
                self._api.llama_memory_seq_cp(
                    context._memory,  # noqa: SLF001
                    0,
                    number + 1,
                    0,
                    same,
                )
                self._at[number] = same
                self._todo[number] = list(tokens[same:])

    def add(self, number: int, tokens: Sequence[int]) -> bool:
        """Append tokens to a branch; False, and nothing done, where it would outgrow its room."""
        behind = self._at[number] + len(self._todo.get(number, ())) + len(tokens)
        if behind > self._context.room:
            return False
        self._todo.setdefault(number, []).extend(tokens)
        return True

    def run(self) -> dict[int, NDArray[np.float32]]:
        """
        Logits behind each branch that got tokens since the last time; they hold until the next pass.

        Raises:
            StoppedError: the context was stopped; no branch is left.
            LlamaError: the branches are too long together, or nothing was added to any.
        """
        todo, self._todo = self._todo, {}
        total = sum(map(len, todo.values()))
        if not 0 < total <= self._context.most_at_once:
            msg = f"{total} tokens of branches cannot be run at once"
            raise LlamaError(msg)
        with _Inside(self._context):
            batch = self._api.llama_batch_init(total, 0, 1)
            try:
                last = self._fill(batch, todo)
                self._context._decode(batch)  # noqa: SLF001
            finally:
                self._api.llama_batch_free(batch)
            return {
                number: self._context._logits(at)  # noqa: SLF001
                for number, at in last.items()
            }

    def _fill(self, batch: Any, todo: dict[int, list[int]]) -> dict[int, int]:
        at, last = 0, {}
        for number, tokens in todo.items():
            for token in tokens:
                batch.token[at] = token
                batch.pos[at] = self._at[number]
                batch.n_seq_id[at] = 1
                batch.seq_id[at][0] = number + 1
                batch.logits[at] = 0
                self._at[number] += 1
                at += 1
            last[number] = at - 1
            batch.logits[at - 1] = 1
        batch.n_tokens = at
        return last

    def __enter__(self) -> Self:
        """Use the branches in a `with` statement."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget them."""
        with _Inside(self._context):
            for number in self._at:
                self._api.llama_memory_seq_rm(
                    self._context._memory,  # noqa: SLF001
                    number + 1,
                    -1,
                    -1,
                )


class _Inside:
    """One thread at a time, and only while the context is open: llama.cpp aborts on anything else."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __enter__(self) -> None:
        if not self._context._lock.acquire(blocking=False):  # noqa: SLF001
            msg = "the context is in use by another thread"
            raise LlamaError(msg)
        if not self._context.pointer:
            self._context._lock.release()  # noqa: SLF001
            msg = "the context is closed"
            raise LlamaError(msg)

    def __exit__(self, *_: object) -> None:
        self._context._lock.release()  # noqa: SLF001


def _stop_flag(api: Any) -> tuple[Any, Any]:
    """
    A flag that any thread may raise, and the function by which llama.cpp looks at it.

    The function is C's own `atoi`, which needs no lock of Python's: a callback in Python would wait for it some two hundred times a pass.
    """
    flag = ctypes.create_string_buffer(b"0")
    try:
        found = ctypes.CDLL(None).atoi
    except (AttributeError, OSError, TypeError):

        @api.ggml_abort_callback  # type: ignore[untyped-decorator]
        def raised(_: object) -> bool:
            return flag.value == b"1"

        return flag, raised
    return flag, ctypes.cast(found, api.ggml_abort_callback)
