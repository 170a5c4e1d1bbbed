"""Small models with random weights, and children in which llama.cpp may die."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import gguf
import numpy as np
import pytest

from sanso.agent.instruct import instructions
from sanso.grammars import PURIFIER, draw_program

WIDTH, HEADS, HIDDEN, LAYERS, CONTEXT = 32, 2, 64, 2, 4096
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6

PREAMBLE = """
import sys
from itertools import pairwise
from pathlib import Path
import numpy as np
from sanso.agent.bundle import open_bundle
from sanso.agent.engine import Engine
from sanso.agent.context import Context
from sanso.agent.llama import LlamaError, Model, library
from sanso.agent.llama_grammar import Grammar
from sanso.grammars import PURIFIER, SansoError, gbnf_grammar

def outcome(work):
    try:
        work()
    except SansoError as error:
        return type(error).__name__
    return "accepted"

def refused(*works):
    print(*(outcome(work) for work in works))

path = Path(sys.argv[1])
"""


@dataclass(frozen=True)
class Words:
    """Tokens of a made-up vocabulary, in the order of their ids."""

    texts: list[str]
    kinds: list[int]
    merges: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def child() -> Callable[..., str]:
    """Run a script in a process of its own and give what it printed; its death fails the test."""

    def run(script: str, *arguments: object) -> str:
        done = start_child(script, *arguments)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.strip()

    return run


@pytest.fixture(scope="session")
def dying_child() -> Callable[..., int]:
    """Run a script in a process of its own and give its exit code."""

    def run(script: str, *arguments: object) -> int:
        return start_child(script, *arguments).returncode

    return run


def start_child(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Start a script that finds what this process finds."""
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.run(
        [sys.executable, "-c", PREAMBLE + script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": paths},
    )


@pytest.fixture(scope="session")
def write_instruct(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., Path]:
    """Write a general model of an architecture, with random weights and a chat template."""
    folder = tmp_path_factory.mktemp("instruct")

    def write(
        name: str, arch: str, words: Words, template: str, context: int = CONTEXT
    ) -> Path:
        path = folder / f"{name}.gguf"
        write_model(path, arch, words, template, context)
        return path

    return write


@pytest.fixture(scope="session")
def llama_words() -> Words:
    """Sentencepiece-like words with byte fallback and the control tokens of Llama 2."""
    pieces, _ = learned(_corpus("▁"), 400)
    texts = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    kinds = [UNKNOWN, CONTROL, CONTROL, *[BYTE] * 256, *[NORMAL] * len(pieces)]
    return Words([*texts, *pieces], kinds)


@pytest.fixture(scope="session")
def qwen_words() -> Words:
    """Byte-level words with ChatML's control tokens; one is only user-defined, as in many files."""
    mapped = ["".join(byte_letters()[b] for b in w.encode()) for w in _corpus(" ")]
    pieces, merges = learned(mapped, 400)
    letters = sorted(set(byte_letters().values()) - set(pieces))
    texts = [*letters, *pieces, "<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    kinds = [NORMAL] * (len(texts) - 3) + [CONTROL, USER_DEFINED, CONTROL]
    return Words(texts, kinds, merges)


def write_model(
    path: Path, arch: str, words: Words, template: str, context: int
) -> None:
    """Write a GGUF whose weights are drawn, always the same."""
    writer = gguf.GGUFWriter(str(path), arch)
    writer.add_context_length(context)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_tokenizer_model("gpt2" if words.merges else "llama")
    writer.add_tokenizer_pre("qwen2" if words.merges else "default")
    writer.add_token_list(words.texts)
    writer.add_token_types(words.kinds)
    if words.merges:
        writer.add_token_merges(words.merges)
        writer.add_bos_token_id(words.texts.index("<|endoftext|>"))
        writer.add_eos_token_id(words.texts.index("<|im_end|>"))
    else:
        writer.add_token_scores([-float(rank) for rank in range(len(words.texts))])
        writer.add_bos_token_id(1)
        writer.add_eos_token_id(2)
    writer.add_add_bos_token(value=False)
    if template:
        writer.add_chat_template(template)
    for name, shape in tensor_shapes(arch, len(words.texts)).items():
        writer.add_tensor(name, _drawn(name, shape))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tensor_shapes(arch: str, vocabulary: int) -> dict[str, tuple[int, ...]]:
    """Names and shapes that llama.cpp expects; qwen2 has biases in its attention."""
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (vocabulary, WIDTH),
        "output_norm.weight": (WIDTH,),
    }
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            shapes[f"{block}{part}.weight"] = (WIDTH, WIDTH)
            if arch == "qwen2" and part != "attn_output":
                shapes[f"{block}{part}.bias"] = (WIDTH,)
        shapes[f"{block}attn_norm.weight"] = shapes[f"{block}ffn_norm.weight"] = (
            WIDTH,
        )
        shapes[f"{block}ffn_gate.weight"] = (HIDDEN, WIDTH)
        shapes[f"{block}ffn_up.weight"] = (HIDDEN, WIDTH)
        shapes[f"{block}ffn_down.weight"] = (WIDTH, HIDDEN)
    return shapes


def learned(words: list[str], merges: int) -> tuple[list[str], list[str]]:
    """Pieces by byte-pair merging (Sennrich et al. 2016), single letters first, and the merges."""
    cut = {word: list(word) for word in words}
    counts = Counter(words)
    pieces = sorted({letter for word in words for letter in word})
    steps: list[str] = []
    for _ in range(merges):
        pairs: Counter[tuple[str, str]] = Counter()
        for word, parts in cut.items():
            for pair in pairwise(parts):
                pairs[pair] += counts[word]
        if not pairs:
            break
        (left, right), _ = min(pairs.items(), key=lambda item: (-item[1], item[0]))
        steps.append(f"{left} {right}")
        if left + right not in pieces:
            pieces.append(left + right)
        cut = {word: _merged(parts, left, right) for word, parts in cut.items()}
    return pieces, steps


def byte_letters() -> dict[int, str]:
    """The letter that byte-level BPE writes for each byte (Radford et al. 2019)."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    rest = {byte: chr(256 + rank) for rank, byte in enumerate(hidden)}
    return {byte: chr(byte) for byte in shown} | rest


def _merged(parts: list[str], left: str, right: str) -> list[str]:
    out: list[str] = []
    for part in parts:
        if out and out[-1] == left and part == right:
            out[-1] = left + right
        else:
            out.append(part)
    return out


def _corpus(space: str) -> list[str]:
    """Words of the instructions and of some programs; a word carries the space before it."""
    rng = random.Random(1)
    text = instructions(PURIFIER) + " ".join(draw_program(rng) for _ in range(50))
    return [w.replace(" ", space) for w in re.findall(r" ?[a-z]+| ?[^a-z\s]", text)]


def _drawn(
    name: str, shape: tuple[int, ...]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    if len(shape) == 1:
        return np.full(shape, 0.0 if name.endswith("bias") else 1.0, np.float32)
    rng = np.random.default_rng(sum(map(ord, name)))
    return rng.normal(0, 0.3, shape).astype(np.float32)
