"""
Join the grammar with a model's vocabulary once, and keep the result on disk.

Strategy: the key is a digest of everything that went in (grammar, tokens, the form of the file), so a stored automaton never goes stale; a file that is
damaged or foreign is made anew. Nothing depends on the cache: without a writable folder it is merely slower. Over a large foreign vocabulary only the
automaton over bytes is kept: its states are joined when they are met.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sanso.grammars import Automaton, CallSet, cache_folder, compile_gbnf

from .prompt import program_tokens
from .token_automaton import TokenAutomaton

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from .llama import Model

_FORM: Final = b"sanso automaton 3"
_SUM: Final = 4
"""Bytes of the CRC-32 that a file begins with."""
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
        path = (folder or cache_folder()) / f"{_key(gbnf, pieces, ends)}.automaton"
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
    """What is stored, if the file is whole: a checksum of the rest, a line of JSON (type and shape by name), the arrays."""
    try:
        data = path.read_bytes()
        if zlib.crc32(memoryview(data)[_SUM:]).to_bytes(_SUM, "big") != data[:_SUM]:
            return None
        end = data.index(b"\n", _SUM)
        found, at = {}, end + 1
        for name, (kind, shape) in json.loads(data[_SUM:end]).items():
            array = np.frombuffer(data, kind, math.prod(shape), at).reshape(shape)
            found[name], at = array, at + array.nbytes
        return found if found.keys() == set(_ARRAYS) else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None  # no file, or a foreign one: make it anew


def _packed(arrays: dict[str, NDArray[Any]]) -> bytes:
    shapes = {name: (a.dtype.str, a.shape) for name, a in arrays.items()}
    rest = json.dumps(shapes).encode() + b"\n"
    rest += b"".join(np.ascontiguousarray(a).tobytes() for a in arrays.values())
    return zlib.crc32(rest).to_bytes(_SUM, "big") + rest


def _write(path: Path, automaton: Automaton, joined: TokenAutomaton) -> None:
    """Keep it, if the folder can be written; whole or not at all."""
    arrays: dict[str, NDArray[Any]] = {
        "table": automaton.table.astype(np.min_scalar_type(-len(automaton.table))),
        "accepting": automaton.accepting,
        **joined.saved(),
    }
    part = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            part = file.name
            file.write(_packed(arrays))
        os.replace(part, path)  # noqa: PTH105 - atomic by contract
    except OSError:
        if part:
            Path(part).unlink(missing_ok=True)
