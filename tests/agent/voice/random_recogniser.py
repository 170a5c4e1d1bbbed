"""A recogniser with random weights and a vocabulary of jamo, built where it is needed.

It understands nothing. It has every file, token and shape that a real one has, so that
whatever lies between sound and transcript can be tested in a moment.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from pathlib import Path

from tokenizers import AddedToken, Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel

from sanso.agent.voice.transcribe_random import (
    MULTILINGUAL,
    SPECIALS,
    Shape,
    write_random,
)

SHAPE = Shape(width=32, heads=2, layers=1, positions=500)
"""Hears 10 s at once."""

_PLACE = "<|multilingual|>"
"""Keeps the place of the empty token, which a tokenizer cannot add."""

_TIMESTAMPS = 401
"""From 0 to 8 s in steps of 0.02 s, behind the last control token."""


def _byte_letters() -> dict[int, str]:
    """Return the letter that stands for each byte in a byte-level vocabulary."""
    letters = sorted(ByteLevel.alphabet())
    shown = {ord(letter): letter for letter in letters if ord(letter) < 256}
    others = iter(sorted(set(letters) - set(shown.values())))
    return {byte: shown.get(byte) or next(others) for byte in range(256)}


def jamo_tokenizer(specials: tuple[str, ...] = SPECIALS) -> Tokenizer:
    """Make a tokenizer with one token for each jamo, and one for each byte besides.

    Three merges keep a bare space from being suppressed as the start of a sign.
    """
    letters = _byte_letters()
    vocabulary = {letters[byte]: byte for byte in range(256)}
    merges: list[tuple[str, str]] = []

    def join(text: bytes) -> None:
        built = letters[text[0]]
        for byte in text[1:]:
            pair = (built, letters[byte])
            built = "".join(pair)
            if built not in vocabulary:
                vocabulary[built] = len(vocabulary)
                merges.append(pair)

    jamo = [*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3)]
    for start in (b" -", b" '", b" \xe2"):
        join(start)
    for code in jamo:
        join(chr(code).encode())
    tokenizer = Tokenizer(BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = ByteLevelDecoder()
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True) for token in (_PLACE, *specials)]
    )
    return tokenizer


def make_recogniser(
    folder: Path,
    shape: Shape = SHAPE,
    *,
    specials: tuple[str, ...] = SPECIALS,
    multilingual: bool = True,
    timestamps: int = _TIMESTAMPS,
    hop: int = 160,
    seed: int = 0,
) -> Path:
    """Write every file of a recogniser into a new folder."""
    folder.mkdir(parents=True)
    tokenizer = jamo_tokenizer(specials)
    size = tokenizer.get_vocab_size()
    tokens = [str(tokenizer.id_to_token(n)) for n in range(size)]
    if multilingual:
        tokens[tokens.index(_PLACE)] = MULTILINGUAL
    tokens += [f"<|{n * 0.02:.2f}|>" for n in range(timestamps)]
    write_random(folder, replace(shape, tokens=len(tokens)), tokens, seed=seed)
    tokenizer.save(str(folder / "tokenizer.json"))
    features = {
        "feature_size": shape.mels,
        "hop_length": hop,
        "chunk_length": shape.positions * 2 * hop // 16_000,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(features))
    return folder


def written(text: str) -> str:
    """Return a text as the vocabulary spells it."""
    return unicodedata.normalize("NFD", text)
