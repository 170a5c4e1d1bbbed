"""
The tokens of the recogniser: letters, jamo and Whisper's control tokens, and the files that tell them to others.

Strategy: Hangul is taken apart (NFD) so that 67 jamo write every syllable; text comes back in NFD and is composed
(NFC) by whoever reads it. The order of the control tokens is the one that faster-whisper and CTranslate2 rely on; the
empty token makes CTranslate2 (4.7 and later) treat the model as multilingual.
"""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LANGUAGES: Final = ("en", "ko")

_LATIN: Final = " 'abcdefghijklmnopqrstuvwxyz"
# Conjoining jamo (Unicode, chapter 3.12): 19 initials, 21 vowels, 27 finals.
_JAMO: Final = "".join(
    chr(code)
    for first, count in ((0x1100, 19), (0x1161, 21), (0x11A8, 27))
    for code in range(first, first + count)
)
_UNKNOWN: Final = ""
_CONTROLS: Final = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    *(f"<|{lang}|>" for lang in LANGUAGES),
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
# Whisper's time tokens count in steps of 20 ms.
_TIMES: Final = 401

TOKENS: Final[tuple[str, ...]] = (
    *_LATIN,
    *_JAMO,
    _UNKNOWN,
    *_CONTROLS,
    *(f"<|{i * 0.02:.2f}|>" for i in range(_TIMES)),
)
"""Every token by its id."""

ID: Final = {token: i for i, token in enumerate(TOKENS)}
"""The id of every token."""
END: Final = ID["<|endoftext|>"]
START: Final = ID["<|startoftranscript|>"]
PREVIOUS: Final = ID["<|startofprev|>"]
NO_SPEECH: Final = ID["<|nospeech|>"]
LETTERS: Final = END
"""Tokens below this id are text; as many classes has the auxiliary CTC head, the unknown token as its blank."""
BLANK: Final = ID[_UNKNOWN]


def encode(text: str) -> list[int]:
    """The ids of a text; what has no token becomes the unknown token."""
    return [ID.get(c, BLANK) for c in unicodedata.normalize("NFD", text.lower())]


def decode(ids: Iterable[int]) -> str:
    """The composed (NFC) text of the ids; control tokens are left out."""
    return unicodedata.normalize("NFC", "".join(TOKENS[i] for i in ids if i < END))


def opening(lang: str) -> list[int]:
    """The tokens that open a transcript without times."""
    controls = (f"<|{lang}|>", "<|transcribe|>", "<|notimestamps|>")
    return [START, *(ID[control] for control in controls)]


def tokenizer_file() -> str:
    """The content of `tokenizer.json`, as the tokenizers library reads it."""
    # faster-whisper suppresses the first token of " -", " '" and of a space with a note: were it the bare space, no
    # second word could be written. So a space goes away before them, and they are unknown.
    signs = {
        "type": "Replace",
        "pattern": {"Regex": " [-'♩♪♫♬♭♮♯]"},
        "content": "♪",
    }
    text = {token: i for i, token in enumerate(TOKENS[:END])}
    content: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_added(token) for token in TOKENS[END:]],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [signs, {"type": "NFD"}, {"type": "Lowercase"}],
        },
        "pre_tokenizer": None,
        "post_processor": None,
        "decoder": {"type": "Fuse"},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": _UNKNOWN,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": text,
            "merges": [],
        },
    }
    return json.dumps(content, ensure_ascii=False)


def hotword_ids(words: Sequence[str]) -> list[int]:
    """The ids of words given ahead as a prompt, as faster-whisper writes them."""
    return [PREVIOUS, *encode(" " + ", ".join(words))]


def _added(token: str) -> dict[str, Any]:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": ID[token], "content": token, **flags, "special": True}
