"""Files that are no model, or a damaged one: all are refused before or by llama.cpp, none ends the process."""

from __future__ import annotations

import hashlib
import json
import random
import struct
from collections.abc import Callable
from pathlib import Path

import gguf
import pytest

from sanso.agent.bundle import open_bundle
from sanso.agent.errors import ModelError
from sanso.agent.gguf_header import NotGguf, read_header
from sanso.grammars import PURIFIER

Child = Callable[..., str]

OPEN_ALL = """
for file in sorted(path.glob("*.gguf")):
    def use():
        with Engine.open(file) as engine:
            engine.decide("turn on")
    print(file.stem, outcome(use), sep=": ", flush=True)
"""

NO_MODEL = {
    "empty": (b"", "it is empty"),
    "web page": (b"<!DOCTYPE html><html>Not found</html>", "it is a web page"),
    "web page behind space": (b"\n  <HTML><body>", "it is a web page"),
    "text": (b"once upon a time", "it does not begin with GGUF"),
    "one byte": (b"G", "it does not begin with GGUF"),
    "magic only": (b"GGUF", "it is cut off"),
    "old magic": (b"ggjt\x03\0\0\0" * 9, "it does not begin with GGUF"),
    "version 1": (
        b"GGUF" + struct.pack("<I", 1) + b"\0" * 16,
        "its version 1 is unknown",
    ),
    "big endian": (b"GGUF" + struct.pack(">I", 3) + b"\0" * 16, "its version 50331648"),
    "many keys": (
        b"GGUF" + struct.pack("<IQQ", 3, 1, 2**63),
        "its metadata are damaged",
    ),
    "long key": (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**63), "it is cut off"),
    "no keys": (b"GGUF" + struct.pack("<IQQ", 3, 0, 0), "names no architecture"),
    "unknown type": (
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<I", 99),
        "its metadata are damaged",
    ),
    "array of arrays": (
        b"GGUF"
        + struct.pack("<IQQQ", 3, 0, 1, 1)
        + b"k"
        + struct.pack("<IIQ", 9, 9, 1),
        "its metadata are damaged",
    ),
    "endless array": (
        b"GGUF"
        + struct.pack("<IQQQ", 3, 0, 1, 1)
        + b"k"
        + struct.pack("<IIQ", 9, 4, 2**62),
        "it is cut off",
    ),
    "endless strings": (
        b"GGUF"
        + struct.pack("<IQQQ", 3, 0, 1, 1)
        + b"k"
        + struct.pack("<IIQ", 9, 8, 2**40),
        "its metadata are damaged",
    ),
}


@pytest.mark.parametrize("name", NO_MODEL)
def test_no_model(tmp_path: Path, name: str) -> None:
    """The message says in words what the file is instead of a model."""
    raw, reason = NO_MODEL[name]
    path = tmp_path / "wrong.gguf"
    path.write_bytes(raw)
    with pytest.raises(ModelError, match=reason) as caught:
        open_bundle(path, PURIFIER)
    assert str(path) == caught.value.path


def test_missing_file(tmp_path: Path) -> None:
    """A path without a file, and a folder, are named in the message."""
    with pytest.raises(ModelError, match=r"there is no model at .*gone\.gguf"):
        open_bundle(tmp_path / "gone.gguf", PURIFIER)
    with pytest.raises(ModelError, match="cannot be read"):
        open_bundle(tmp_path, PURIFIER)
    with pytest.raises(ModelError):
        open_bundle(Path("zero\0byte.gguf"), PURIFIER)


def test_header_is_read(random_gguf: Path) -> None:
    """The metadata are those that the gguf library reads; an array stands as its length."""
    header = read_header(random_gguf)
    fields = gguf.GGUFReader(random_gguf).fields
    expected = {
        key: len(field.data)
        if gguf.GGUFValueType.ARRAY in field.types
        else field.contents()
        for key, field in fields.items()
        if not key.startswith("GGUF.")
    }
    assert expected == header


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("llama.block_count", struct.pack("<I", 0), "its llama.block_count is 0"),
        ("llama.block_count", struct.pack("<I", 513), "its llama.block_count is 513"),
        ("llama.attention.layer_norm_rms_epsilon", struct.pack("<f", -1.0), "is -1.0"),
        ("llama.attention.layer_norm_rms_epsilon", b"\xff" * 4, "is nan"),
        ("llama.attention.layer_norm_rms_epsilon", b"\0\0\x80\x7f", "is inf"),
    ],
)
def test_facts_that_llama_cpp_asserts(
    random_gguf: Path, tmp_path: Path, key: str, value: bytes, reason: str
) -> None:
    """Numbers on which llama.cpp would abort are found in the header."""
    path = tmp_path / "wrong.gguf"
    path.write_bytes(with_number(random_gguf.read_bytes(), key, value))
    with pytest.raises(NotGguf, match=reason):
        read_header(path)


@pytest.mark.parametrize(
    ("token", "reason"),
    [(b"<0x41>", "it lists a token twice"), (b"<0xZZ>", "cannot spell every text")],
)
def test_vocabularies_that_llama_cpp_throws_on(
    random_gguf: Path, tmp_path: Path, token: bytes, reason: str
) -> None:
    """A vocabulary needs each token once, and every byte."""
    path = tmp_path / "wrong.gguf"
    path.write_bytes(random_gguf.read_bytes().replace(b"<0x42>", token, 1))
    with pytest.raises(NotGguf, match=reason):
        read_header(path)


def test_vocabulary_of_whole_words(random_gguf: Path, tmp_path: Path) -> None:
    """WordPiece is refused: llama.cpp aborts when it writes with it."""
    raw = random_gguf.read_bytes()
    at = raw.index(b"tokenizer.ggml.model") + len("tokenizer.ggml.model") + 4
    path = tmp_path / "wrong.gguf"
    path.write_bytes(raw[:at] + struct.pack("<Q", 4) + b"bert" + raw[at + 13 :])
    with pytest.raises(NotGguf, match="cannot spell every text"):
        read_header(path)


def test_paper_of_another_file(random_gguf: Path, tmp_path: Path) -> None:
    """A file that is not the one its paper describes is refused, whatever it holds."""
    path = tmp_path / "model.gguf"
    raw = random_gguf.read_bytes()
    path.write_bytes(raw)
    paper = path.with_suffix(".json")
    digest = hashlib.sha256(raw).hexdigest()
    paper.write_text(json.dumps({"sha256": digest, "note": "x"}), encoding="utf-8")
    assert open_bundle(path, PURIFIER).papers["note"] == "x"
    path.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    with pytest.raises(ModelError, match=r"is not the file that model\.json describes"):
        open_bundle(path, PURIFIER)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "null", '"sha256"', '{"sha256": 7}', "\xff"]
)
def test_damaged_paper(random_gguf: Path, tmp_path: Path, text: str) -> None:
    """A paper that cannot be read is no reason to trust the model."""
    path = tmp_path / "model.gguf"
    path.write_bytes(random_gguf.read_bytes())
    path.with_suffix(".json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError):
        open_bundle(path, PURIFIER)


def test_other_grammar(random_gguf: Path, tmp_path: Path) -> None:
    """A model of ours answers only for the calls and the prompt that it was trained on."""
    with pytest.raises(ModelError, match="was trained on another grammar"):
        open_bundle(random_gguf, PURIFIER.without("undo"))
    path = tmp_path / "other.gguf"
    newer = with_number(
        random_gguf.read_bytes(), "sanso.prompt_version", struct.pack("<I", 99)
    )
    path.write_bytes(newer)
    with pytest.raises(ModelError, match="was trained with prompt version 99"):
        open_bundle(path, PURIFIER)


@pytest.mark.engine
def test_cut_files(child: Child, random_gguf: Path, tmp_path: Path) -> None:
    """A download that broke off anywhere is refused."""
    raw = random_gguf.read_bytes()
    for share in (1, 3, 10, 50, 100, 200, 300, 500, 700, 900, 990, 999):
        size = len(raw) * share // 1000
        (tmp_path / f"{share:03}.gguf").write_bytes(raw[:size])
    outcomes = child(OPEN_ALL, tmp_path).splitlines()
    assert {line.split(": ")[1] for line in outcomes} == {"ModelError"}
    assert len(outcomes) == 12


@pytest.mark.engine
def test_mutated_headers(child: Child, random_gguf: Path, tmp_path: Path) -> None:
    """A hundred headers with flipped bits and odd bytes: each is refused, or does no harm."""
    raw = random_gguf.read_bytes()
    end = gguf.GGUFReader(random_gguf).data_offset
    rng = random.Random(7)
    for number in range(100):
        mutated = bytearray(raw)
        for _ in range(rng.choice((1, 1, 2, 8))):
            at = rng.randrange(rng.choice((700, end)))
            flipped = mutated[at] ^ (1 << rng.randrange(8))
            mutated[at] = rng.choice((0, 1, 255, flipped, rng.randrange(256)))
        (tmp_path / f"{number:03}.gguf").write_bytes(mutated)
    outcomes = [line.split(": ")[1] for line in child(OPEN_ALL, tmp_path).splitlines()]
    assert len(outcomes) == 100
    assert {"accepted", "ModelError"} <= set(outcomes)
    assert set(outcomes) <= {"accepted", "ModelError", "LlamaError", "CallSyntaxError"}


@pytest.mark.engine
def test_odd_numbers(child: Child, random_gguf: Path, tmp_path: Path) -> None:
    """Every number of the header set to every odd value: none of them ends the process."""
    raw = random_gguf.read_bytes()
    keys = [
        key
        for key, value in read_header(random_gguf).items()
        if isinstance(value, int | float) and key.startswith(("llama.", "tokenizer."))
    ]
    for key in keys:
        for value in (0, 1, 7, 2**20, 2**31, 2**32 - 1):
            mutated = with_number(raw, key, struct.pack("<I", value))
            (tmp_path / f"{key} {value}.gguf").write_bytes(mutated)
    outcomes = child(OPEN_ALL, tmp_path).splitlines()
    assert len(keys) * 6 == len(outcomes)
    assert any("block_count" in line and "ModelError" in line for line in outcomes)


@pytest.mark.engine
def test_weights_that_are_no_numbers(
    child: Child, random_gguf: Path, tmp_path: Path
) -> None:
    """Damaged weights are found at the start, or give an error and no program."""
    raw = random_gguf.read_bytes()
    end = gguf.GGUFReader(random_gguf).data_offset
    (tmp_path / "not a number.gguf").write_bytes(raw[:end] + b"\xff" * (len(raw) - end))
    (tmp_path / "random.gguf").write_bytes(
        raw[:end] + random.Random(1).randbytes(len(raw) - end)
    )
    expected = "not a number: ModelError\nrandom: ModelError"
    assert expected == child(OPEN_ALL, tmp_path)


@pytest.mark.engine
def test_without_tensors(child: Child, random_gguf: Path, tmp_path: Path) -> None:
    """A file with nothing but a vocabulary is no model."""
    raw = random_gguf.read_bytes()
    (tmp_path / "vocabulary.gguf").write_bytes(raw[:8] + bytes(8) + raw[16:])
    assert child(OPEN_ALL, tmp_path) == "vocabulary: ModelError"


def with_number(raw: bytes, key: str, value: bytes) -> bytes:
    """Set the four bytes behind a key and its type."""
    at = raw.index(key.encode()) + len(key) + 4
    return raw[:at] + value + raw[at + len(value) :]
