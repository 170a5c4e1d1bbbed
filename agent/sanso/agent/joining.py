"""
Join the grammar with a model's vocabulary once, and keep the result on disk.

Strategy: the key is a digest of everything that went in (grammar, tokens, the form of the file), so a stored automaton never goes stale; a file that is
damaged or foreign is made anew. Nothing depends on the cache: without a writable folder it is merely slower. Over a large foreign vocabulary only the
automaton over bytes is kept: its states are joined when they are met.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sanso.grammars import Automaton, CallSet, cache_folder, compile_gbnf

from .prompt import program_tokens
from .token_automaton import TokenAutomaton

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .llama import Model

_FORM: Final = b"sanso automaton 2"
_STATE_ARRAYS: Final = ("states", "counts", "ids", "targets")
_ARRAYS: Final = ("table", "accepting", *_STATE_ARRAYS)


def join(
    model: Model, calls: CallSet, *, canonical: bool, folder: Path | None = None
) -> TokenAutomaton:
    """
    The automaton of a call set over the tokens of a model; with `canonical`, only over those that programs are trained in.

    Raises:
        NotRegularError: the grammar has no automaton of a usable size.
        ModelError: the vocabulary cannot spell the grammar.
    """
    gbnf = calls.gbnf
    pieces = _canonical(model, calls) if canonical else _all(model)
    ends = (
        [model.eos] if canonical else [t for t in range(model.size) if model.is_end(t)]
    )
    try:
        path = (folder or cache_folder()) / f"{_key(gbnf, pieces, ends)}.npz"
    except RuntimeError:  # this user has no home
        path = None
    stored = _read(path) if path else None
    automaton = (
        Automaton(stored["table"], stored["accepting"])
        if stored
        else compile_gbnf(gbnf)
    )
    joined = TokenAutomaton(
        automaton,
        pieces,
        ends,
        tokenize=None if canonical else model.tokenize,
        name="the model",
        joined={name: stored[name] for name in _STATE_ARRAYS} if stored else None,
    )
    if not stored and path:
        _write(path, automaton, joined)
    return joined


def _canonical(model: Model, calls: CallSet) -> list[tuple[int, bytes]]:
    texts = program_tokens(calls)
    return [(model.program_token(text), text.encode()) for text in texts]


def _all(model: Model) -> list[tuple[int, bytes]]:
    """Every token that stands for bytes; a control token stands for none."""
    listed = ((token, model.piece(token)) for token in range(model.size))
    return [(t, b) for t, b in listed if b and not model.is_end(t)]


def _key(gbnf: str, pieces: Iterable[tuple[int, bytes]], ends: Iterable[int]) -> str:
    digest = hashlib.sha256(_FORM)
    digest.update(gbnf.encode())
    for token, data in pieces:
        digest.update(b"%d:%d:" % (token, len(data)) + data)
    digest.update(repr(list(ends)).encode())
    return digest.hexdigest()[:32]


def _read(path: Path) -> dict[str, Any] | None:
    """What is stored, if the file is whole: its arrays carry their own digest."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            found = {name: file[name] for name in (*_ARRAYS, "digest")}
        return found if found["digest"].item() == _digest(found) else None
    except Exception:  # noqa: BLE001 - a torn or foreign file fails in a dozen ways, and each means: make it anew
        return None


def _digest(arrays: dict[str, Any]) -> str:
    digest = hashlib.sha256()
    for name in _ARRAYS:
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name}{array.dtype}{array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _write(path: Path, automaton: Automaton, joined: TokenAutomaton) -> None:
    """Keep it, if the folder can be written; whole or not at all."""
    arrays: dict[str, Any] = {
        "table": automaton.table,
        "accepting": automaton.accepting,
        **joined.saved(),
    }
    arrays["digest"] = np.array(_digest(arrays))
    part = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            part = file.name
            np.savez_compressed(file, **arrays)
        os.replace(part, path)  # noqa: PTH105 - atomic by contract
    except OSError:
        if part:
            Path(part).unlink(missing_ok=True)
