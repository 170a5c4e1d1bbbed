"""
Join the grammar with a model's vocabulary once, and keep the result on disk.

Strategy: the key is a digest of everything that went in (grammar, tokens, the form of the file), so a stored automaton never goes stale; a file that is
damaged or foreign is made anew. Nothing depends on the cache: without a writable folder it is merely slower.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sanso.grammars import Automaton, CallSet, compile_gbnf, gbnf_grammar

from .prompt import program_tokens
from .token_automaton import TokenAutomaton

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .llama import Model

_FORM: Final = b"sanso automaton 1"
_STATE_ARRAYS: Final = ("states", "counts", "ids", "targets")


def cache_folder() -> Path:
    """Where automata are kept: below $XDG_CACHE_HOME, else ~/.cache (XDG Base Directory Specification)."""
    root = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(root) if root else Path.home() / ".cache") / "sanso"


def join(
    model: Model, calls: CallSet, *, canonical: bool, folder: Path | None = None
) -> TokenAutomaton:
    """
    The automaton of a call set over the tokens of a model; with `canonical`, only over those that programs are trained in.

    Raises:
        NotRegularError: the grammar has no automaton of a usable size.
        ModelError: the vocabulary cannot spell the grammar.
    """
    gbnf = gbnf_grammar(calls)
    pieces = _canonical(model, calls) if canonical else _all(model)
    ends = (
        [model.eos] if canonical else [t for t in range(model.size) if model.is_end(t)]
    )
    path = (folder or cache_folder()) / f"{_key(gbnf, pieces, ends)}.npz"
    stored = _read(path)
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
    if not stored:
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
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {name: file[name] for name in file.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return found if _is_sound(found) else None


def _is_sound(found: dict[str, Any]) -> bool:
    """Whether the arrays can belong together: what a torn or foreign file would break is looked at."""
    names = ("table", "accepting", *_STATE_ARRAYS)
    if set(found) != set(names):
        return False
    table, count = found["table"], len(found["table"])
    return bool(
        table.dtype == np.int32
        and table.shape == (count, 256)
        and found["accepting"].shape == (count,)
        and found["counts"].shape == found["states"].shape
        and found["counts"].sum() == len(found["ids"]) == len(found["targets"])
        and (table.max(initial=-1) < count and table.min(initial=-1) >= -1)
    )


def _write(path: Path, automaton: Automaton, joined: TokenAutomaton) -> None:
    """Keep it, if the folder can be written; whole or not at all."""
    arrays = {"table": automaton.table, "accepting": automaton.accepting}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            np.savez_compressed(file, **arrays, **joined.saved())  # type: ignore[arg-type]
        os.replace(file.name, path)  # noqa: PTH105 - atomic by contract
    except OSError:
        return
