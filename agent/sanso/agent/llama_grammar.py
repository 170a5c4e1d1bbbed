"""
llama.cpp's grammar sampler: which tokens may come next.

Strategy: the sampler aborts the process on a token that it did not expect, so it is given only tokens that it has just named; a grammar is
compiled once and cloned for each use.
"""

from __future__ import annotations

import ctypes
import re
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import numpy as np

from .errors import ModelError
from .llama import LlamaError, Model, library

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CANDIDATE: Final = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])
_DEEPEST: Final = 200
"""Parentheses in a grammar; llama.cpp's reader recurses and overruns its stack at some ten thousand."""
_LITERAL: Final = re.compile(r'"(?:\\.|[^"\\\n])*"|\[(?:\\.|[^\]\\\n])*\]|#.*')


class Grammar:
    """llama.cpp's own grammar sampler, compiled once and cloned for each use."""

    def __init__(self, model: Model, gbnf: str) -> None:
        """
        Compile a grammar.

        Raises:
            ModelError: llama.cpp cannot read it (a null pointer here would crash later).
            LlamaError: the model is closed.
        """
        self._api = library()
        self._compiled = self._state = None
        model.check_open(self)
        if (
            not gbnf or "\0" in gbnf
        ):  # llama.cpp takes it for the permission of everything
            msg = "the grammar is empty"
            raise ModelError(msg, path="")
        if _depth(gbnf) > _DEEPEST:
            msg = f"the grammar has more than {_DEEPEST} parentheses inside one another"
            raise ModelError(msg, path="")
        self._compiled = self._api.llama_sampler_init_grammar(
            model.vocab, gbnf.encode(), b"root"
        )
        if not self._compiled:
            msg = "llama.cpp cannot read the grammar; make it with `sanso grammar`"
            raise ModelError(msg, path="")
        self._state = self._api.llama_sampler_clone(self._compiled)
        self._candidates = np.zeros(model.size, dtype=_CANDIDATE)
        self._ids = np.arange(model.size, dtype=np.int32)
        self._legal: NDArray[np.intp] = np.zeros(0, dtype=np.intp)

    def restart(self) -> None:
        """
        Begin a new program.

        Raises:
            LlamaError: the grammar is closed.
        """
        self._check_open()
        self._legal = self._legal[:0]
        self._api.llama_sampler_free(self._state)
        self._state = self._api.llama_sampler_clone(self._compiled)

    def legal(self, logits: NDArray[np.float32]) -> NDArray[np.intp]:
        """
        Ids of the tokens that may come next; logits (tokens of the model,).

        Raises:
            LlamaError: the grammar is closed, or the logits are of another vocabulary.
        """
        if logits.shape != self._ids.shape:
            msg = f"there are {len(self._ids)} tokens, not {logits.shape}"
            raise LlamaError(msg)
        self._candidates["id"] = self._ids
        self._candidates["logit"] = logits
        kept = self._kept(self._candidates)
        self._legal = kept["id"].astype(np.intp)
        return self._legal

    def allows(self, token: int) -> bool:
        """
        Whether this one token may come next: a look at one token instead of all.

        Raises:
            LlamaError: the grammar is closed, or the token is unknown to the model.
        """
        if not 0 <= token < len(self._ids):
            msg = f"there is no token {token}"
            raise LlamaError(msg)
        one = np.zeros(1, dtype=_CANDIDATE)
        one["id"] = token
        self._legal = self._kept(one)["id"].astype(np.intp)
        return len(self._legal) == 1

    def accept(self, token: int) -> None:
        """
        Take a token that `legal` or `allows` named since the last one was taken.

        Raises:
            LlamaError: it is not legal here: llama.cpp would end the process.
        """
        self._check_open()
        if token not in self._legal:
            msg = f"token {token} is not legal here"
            raise LlamaError(msg)
        self._legal = self._legal[:0]
        self._api.llama_sampler_accept(self._state, token)

    def close(self) -> None:
        """Free both samplers; a second time does nothing."""
        for pointer in (self._state, self._compiled):
            if pointer:
                self._api.llama_sampler_free(pointer)
        self._state = self._compiled = None

    def _kept(self, candidates: NDArray[np.void]) -> NDArray[np.void]:
        """Those of the candidates that llama.cpp leaves a chance."""
        self._check_open()
        array = self._api.llama_token_data_array(
            data=candidates.ctypes.data_as(ctypes.POINTER(self._api.llama_token_data)),
            size=len(candidates),
            selected=-1,
            sorted=False,
        )
        self._api.llama_sampler_apply(self._state, ctypes.byref(array))
        kept = candidates[: array.size]
        finite: NDArray[np.void] = kept[np.isfinite(kept["logit"])]
        return finite

    def _check_open(self) -> None:
        if not self._state:
            msg = "the grammar is closed"
            raise LlamaError(msg)


def _depth(gbnf: str) -> int:
    """How deep parentheses stand inside one another, outside of texts and comments."""
    bare = _LITERAL.sub("", gbnf)
    return max(accumulate((c == "(") - (c == ")") for c in bare), default=0)
