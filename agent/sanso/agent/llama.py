"""
llama.cpp, behind the few functions that the engine needs.

Strategy: the low-level calls of llama-cpp-python, each guarded by what is known to end the process (an illegal token accepted, a batch too
large, a null pointer used, a context used by two threads or after its end): what llama.cpp would abort on is refused
here in Python first. This is the only module that imports llama_cpp; contexts are in `context`.
"""

from __future__ import annotations

import ctypes
import os
import sys
import weakref
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Protocol

from .errors import AgentError, ModelError
from .prompt import program_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PACKAGE: Final = "llama_cpp"
_PIECE_BYTES: Final = 512
# SPM, BPE, UGM of llama_vocab_type: without one, and with WordPiece, llama.cpp aborts on text; RWKV's can hang.
_VOCABULARIES: Final = (1, 2, 4)
# UNKNOWN, CONTROL, USER_DEFINED of llama_token_attr: found in a text by their spelling.
_SPELLED: Final = 1 << 0 | 1 << 3 | 1 << 4
_NO = False
"""C functions take their flags by position."""


class LlamaError(AgentError):
    """llama.cpp refused a call in a way that can be handled."""


def library() -> ModuleType:
    """The binding, loaded once, its log silenced, its crash handler kept from starting a debugger."""
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")
    llama_cpp = _binding()
    global _log  # noqa: PLW0603 - ctypes needs the callback kept alive
    if _log is None:
        _log = llama_cpp.llama_log_callback(_ignore)
        llama_cpp.llama_log_set(_log, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
    return llama_cpp


def _binding() -> ModuleType:
    """
    The low-level binding alone: the package around it takes ten times as long to import.

    The package stays as importable as before: who wants its high-level class gets it, on this same binding.
    """
    found = None if _PACKAGE in sys.modules else find_spec(_PACKAGE)
    if found is None:
        return import_module(f"{_PACKAGE}.llama_cpp")
    shell = ModuleType(_PACKAGE)
    shell.__path__ = list(found.submodule_search_locations or ())
    sys.modules[_PACKAGE] = shell
    try:
        return import_module(f"{_PACKAGE}.llama_cpp")
    finally:
        if sys.modules.get(_PACKAGE) is shell:
            del sys.modules[_PACKAGE]


def high_level() -> ModuleType:
    """The whole package with its high-level class, on the same binding: slow to import, and only timed against."""
    library()
    return import_module(_PACKAGE)


_log: Any = None


def _ignore(_level: int, _text: bytes, _data: object) -> None:
    """Drop a log line."""


class Closable(Protocol):
    """Something made with a model."""

    def close(self) -> None:
        """Free it; a second time does nothing."""


class Model:
    """Weights and vocabulary; closing it closes the grammars and contexts made with it."""

    def __init__(
        self, path: Path, *, vocabulary_only: bool = False, verified: bool = False
    ) -> None:
        """
        Load a GGUF whose header has been checked; of a `verified` file, known by its digest, the numbers are believed.

        Raises:
            ModelError: llama.cpp cannot use it.
        """
        self._api = library()
        params = self._api.llama_model_default_params()
        params.n_gpu_layers = 0
        params.vocab_only = vocabulary_only
        params.check_tensors = not (vocabulary_only or verified)
        self.pointer = self._api.llama_model_load_from_file(str(path).encode(), params)
        if not self.pointer:
            msg = f"llama.cpp cannot load {path.name}: it is damaged, or too new; copy it again"
            raise ModelError(msg, path=str(path))
        self.vocabulary_only = vocabulary_only
        self._users: weakref.WeakSet[Closable] = weakref.WeakSet()
        self.vocab = self._api.llama_model_get_vocab(self.pointer)
        if self._api.llama_vocab_type(self.vocab) not in _VOCABULARIES:
            self.close()
            msg = f"{path.name} has no vocabulary of a known kind; use another language model"
            raise ModelError(msg, path=str(path))
        self.size: int = self._api.llama_vocab_n_tokens(self.vocab)
        self.eos: int = self._api.llama_vocab_eos(self.vocab)
        self.bos: int = self._api.llama_vocab_bos(self.vocab)
        self._ids: dict[bytes, int] = {}
        self._unread = self.size
        self._controls: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self.trained_context: int = self._api.llama_model_n_ctx_train(self.pointer)
        # A recurrent state is one for the whole sequence: no part of it can be shared.
        self.can_branch = not (
            self._api.llama_model_is_recurrent(self.pointer)
            or self._api.llama_model_is_hybrid(self.pointer)
        )

    def check_open(self, user: Closable | None = None) -> None:
        """
        Refuse work after the end; a new user will be closed with the model.

        Raises:
            LlamaError: the model is closed.
        """
        if not self.pointer:
            msg = "the model is closed"
            raise LlamaError(msg)
        if user is not None:
            self._users.add(user)

    def tokenize(
        self, text: str, *, special: bool = False, prefix: bool = True
    ) -> list[int]:
        """Token ids of a text; text that spells a control token stays text unless `special`."""
        self.check_open()
        if not text:
            return []
        raw = text.encode("utf-8", "ignore")
        room = len(raw) + 8
        out = (self._api.llama_token * room)()
        add = special and prefix
        count = self._api.llama_tokenize(
            self.vocab, raw, len(raw), out, room, add, special
        )
        if count < 0:
            msg = "the text has more tokens than bytes"
            raise LlamaError(msg)
        return list(out[:count])

    def control(self, name: str) -> int:
        """
        Id of a control token.

        Raises:
            LlamaError: the name is not one token.
        """
        if name in self._controls:
            return self._controls[name]
        ids = self.tokenize(name, special=True, prefix=False)
        if len(ids) != 1 or not self._api.llama_vocab_is_control(self.vocab, ids[0]):
            msg = f"{name} is no control token of this model"
            raise LlamaError(msg)
        self._controls[name] = ids[0]
        return ids[0]

    def piece(self, token: int) -> bytes:
        """The bytes that a token stands for; none for a control token."""
        self._check_token(token)
        room = _PIECE_BYTES
        while True:
            buffer = ctypes.create_string_buffer(room)
            length = self._api.llama_token_to_piece(
                self.vocab, token, buffer, room, 0, _NO
            )
            if length >= 0:
                return buffer.raw[:length]
            room = -length

    def text(self, token: int) -> str:
        """A token for people to read; a control token by its name."""
        text = self._texts.get(token)
        if text is None:
            end = self.is_end(token)
            text = "(end)" if end else self.piece(token).decode("utf-8", "replace")
            self._texts[token] = text
        return text

    def name(self, token: int) -> str:
        """A token for people to read, a control token by its spelling."""
        text = self.text(token)
        if text:
            return text
        raw = self._api.llama_vocab_get_text(self.vocab, token)
        return str(raw.decode("utf-8", "replace"))

    def program_tokens(self, text: str) -> list[int]:
        """
        Token ids of a program in canonical text, cut as the model was trained to read it.

        Raises:
            LlamaError: a piece of it is no token of this model.
        """
        return [self.program_token(piece) for piece in program_pieces(text)]

    def program_token(self, piece: str) -> int:
        """
        Id of one of the pieces that programs are made of.

        Raises:
            LlamaError: it is no token of this model.
        """
        self.check_open()
        # From the end, where the pieces of programs stand: a twin before them is a word.
        spelling, text_of = (
            piece.replace(" ", "▁").encode(),
            self._api.llama_vocab_get_text,
        )
        while spelling not in self._ids and self._unread:
            self._unread -= 1
            text = text_of(self.vocab, self._unread)
            self._ids.setdefault(text, self._unread)
        if spelling not in self._ids:
            msg = f"{piece!r} is no token of this model"
            raise LlamaError(msg)
        return self._ids[spelling]

    def is_end(self, token: int) -> bool:
        """Whether the token ends the text."""
        self._check_token(token)
        return bool(self._api.llama_vocab_is_eog(self.vocab, token))

    def spelled(self, tokens: Sequence[int]) -> list[int]:
        """Those of the tokens that are no plain text: control tokens and their like."""
        return [t for t in tokens if self._attributes(t) & _SPELLED]

    def close(self) -> None:
        """Free the weights and what was made with them; a second time does nothing."""
        if self.pointer:
            for user in tuple(self._users):
                user.close()
            self._api.llama_model_free(self.pointer)
            self.pointer = None

    def _attributes(self, token: int) -> int:
        self._check_token(token)
        return int(self._api.llama_vocab_get_attr(self.vocab, token))

    def _check_token(self, token: int) -> None:
        self.check_open()
        if not 0 <= token < self.size:
            msg = f"there is no token {token}"
            raise LlamaError(msg)
