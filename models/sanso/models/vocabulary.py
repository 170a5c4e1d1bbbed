"""
The tokens of the shipped model: a bilingual subword vocabulary, and the words of the call language as single tokens.

Strategy: sentencepiece learns byte-pair pieces (byte fallback, digits apart) from sentences only. Behind its pieces stand those of
the call language: every call name with its first argument name, every value, every sign, so that a program is few
tokens and has one canonical spelling. llama.cpp reads the same list from the GGUF; a test compares the two.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Self

import sentencepiece as spm
from sentencepiece import sentencepiece_model_pb2

from sanso.agent.prompt import (
    BOS,
    CONTROLS,
    EOS,
    Piece,
    program_pieces,
    program_tokens,
)
from sanso.grammars import CallSet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Vocabulary:
    """Text to tokens and back, for sentences and for programs."""

    def __init__(self, model: bytes) -> None:
        """Take a serialized sentencepiece model that holds the call language's tokens too."""
        self.model = model
        self._pieces = spm.SentencePieceProcessor(model_proto=model)
        self._ids = {self._pieces.id_to_piece(i): i for i in range(len(self))}

    @classmethod
    def train(cls, sentences: Iterable[str], size: int, calls: CallSet) -> Self:
        """
        Learn about `size` pieces from normalized sentences, and add what programs need.

        Raises:
            RuntimeError: from sentencepiece, when there are too few sentences for the size.
        """
        out = io.BytesIO()
        spm.SentencePieceTrainer.train(
            sentence_iterator=iter(sentences),
            model_writer=out,
            model_type="bpe",
            vocab_size=size,
            character_coverage=0.9995,
            byte_fallback=True,
            split_digits=True,
            normalization_rule_name="identity",
            add_dummy_prefix=True,
            remove_extra_whitespaces=False,
            control_symbols=[c for c in CONTROLS if c not in (BOS, EOS)],
            minloglevel=2,
            num_threads=1,
        )
        return cls(_extended(out.getvalue(), program_tokens(calls)))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote. Raises OSError."""
        return cls(path.read_bytes())

    def save(self, path: Path) -> None:
        """Write the sentencepiece model. Raises OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.model)

    def __len__(self) -> int:
        """Tokens in all; a multiple of eight, as llama.cpp's fast kernels like it."""
        return int(self._pieces.get_piece_size())

    def sentence(self, text: str, *, alpha: float = 0.0) -> list[int]:
        """Ids of a normalized sentence; with `alpha` above 0 by BPE dropout (Provilkov et al. 2020)."""
        if alpha <= 0:
            return list(self._pieces.encode(text))
        sampled = self._pieces.encode(
            text, enable_sampling=True, alpha=alpha, nbest_size=-1
        )
        return list(sampled)

    def program(self, text: str) -> list[int]:
        """
        Ids of a program in canonical text.

        Raises:
            KeyError: a piece of it is no token: the vocabulary belongs to another call set.
        """
        return [self._ids[p.replace(" ", "▁")] for p in program_pieces(text)]

    def control(self, name: str) -> int:
        """Id of a control token."""
        return self._ids[name]

    def prompt(self, pieces: Iterable[Piece], *, alpha: float = 0.0) -> list[int]:
        """Ids of a prompt."""
        ids: list[int] = []
        for piece in pieces:
            if piece.kind == "control":
                ids.append(self.control(piece.text))
            elif piece.kind == "program":
                ids += self.program(piece.text)
            else:
                ids += self.sentence(piece.text, alpha=alpha)
        return ids

    def tokens(self) -> list[tuple[str, float, str]]:
        """Every token as (text, score, type) for the GGUF; types as llama.cpp names them."""
        listed = []
        for i in range(len(self)):
            kind = "normal"
            if self._pieces.is_unknown(i):
                kind = "unknown"
            elif self._pieces.is_control(i):
                kind = "control"
            elif self._pieces.is_byte(i):
                kind = "byte"
            piece = self._pieces.id_to_piece(i)
            listed.append((piece, float(self._pieces.get_score(i)), kind))
        return listed


def _extended(model: bytes, tokens: Iterable[str]) -> bytes:
    """Append tokens with the lowest scores of all: no merge prefers one of them."""
    proto = sentencepiece_model_pb2.ModelProto.FromString(model)
    have = {piece.piece for piece in proto.pieces}
    lowest = min(piece.score for piece in proto.pieces)
    more = [t for t in (t.replace(" ", "▁") for t in tokens) if t not in have]
    more += [f"<unused{i}>" for i in range(-(len(have) + len(more)) % 8)]
    for rank, token in enumerate(more, 1):
        proto.pieces.add(piece=token, score=lowest - rank)
    return bytes(proto.SerializeToString())
