"""
Read a GGUF of ours back into a network and a vocabulary: a training can go on from a model without its checkpoint.

Strategy: the inverse of export.py. Quantized weights come back as the numbers that llama.cpp computes with; the vocabulary is rebuilt token by token
with its scores, from which byte-pair merges follow. A network may become deeper: an added layer writes nothing into the residual
in the beginning, so that the deeper network starts with the same answers (Chen et al. 2016, Net2Net).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import gguf
import numpy as np
import torch
from sentencepiece import sentencepiece_model_pb2

from .network import Network, Shape
from .recipe import RecipeError
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

_KINDS: Final = {
    gguf.TokenType.NORMAL: "NORMAL",
    gguf.TokenType.UNKNOWN: "UNKNOWN",
    gguf.TokenType.CONTROL: "CONTROL",
    gguf.TokenType.BYTE: "BYTE",
}


def read_model(path: Path) -> tuple[Network, Vocabulary]:
    """
    The network (float32) and the vocabulary of a GGUF that `export.py` wrote.

    Raises:
        RecipeError: there is no such file, or it is not one of ours.
    """
    try:
        reader = gguf.GGUFReader(str(path))
    except (OSError, ValueError, IndexError) as error:
        msg = f"cannot start from {path}: it is missing or damaged ({error})"
        raise RecipeError(msg) from None
    if "sanso.prompt_version" not in reader.fields:
        msg = f"cannot start from {path.name}: it was not made by `sanso train`"
        raise RecipeError(msg)
    try:
        return _restored(reader), Vocabulary(_pieces(reader))
    except (KeyError, RuntimeError) as missing:
        msg = f"cannot start from {path.name}: it lacks {missing}"
        raise RecipeError(msg) from None


def _restored(reader: gguf.GGUFReader) -> Network:
    shape = _shape(reader)
    network = Network(shape)
    weights = {
        tensor.name.removesuffix(".weight"): torch.from_numpy(
            np.array(gguf.dequantize(tensor.data, tensor.tensor_type))
        ).float()
        for tensor in reader.tensors
    }
    network.load_state_dict(_state(weights, shape))
    return network


def grow(network: Network, shape: Shape, dropout: float) -> Network:
    """
    The same network with as many layers as `shape` has, the new ones in between and silent.

    Raises:
        RecipeError: `shape` differs in more than in added layers.
    """
    have, layers = network.shape.layers, shape.layers
    if layers < have or replace(network.shape, layers=layers) != shape:
        msg = f"the model to start from is {network.shape}, the recipe {shape}: only layers can be added"
        raise RecipeError(msg)
    grown = Network(shape, dropout=dropout)
    # Spread the old layers evenly: a new one stands behind the one that it repeats.
    source = [index * have // layers for index in range(layers)]
    with torch.no_grad():
        grown.token_embd.load_state_dict(network.token_embd.state_dict())
        grown.output_norm.load_state_dict(network.output_norm.state_dict())
        for index, block in enumerate(grown.blk):
            block.load_state_dict(network.blk[source[index]].state_dict())
            if index and source[index] == source[index - 1]:
                for name in ("attn_output", "ffn_down"):
                    block.get_parameter(f"{name}.weight").zero_()
    return grown


def _shape(reader: gguf.GGUFReader) -> Shape:
    def fact(name: str) -> Any:
        return reader.fields[f"llama.{name}"].contents()

    return Shape(
        vocabulary=len(reader.fields["tokenizer.ggml.tokens"].contents()),
        width=fact("embedding_length"),
        layers=fact("block_count"),
        heads=fact("attention.head_count"),
        hidden=fact("feed_forward_length"),
        context=fact("context_length"),
        rope_base=fact("rope.freq_base"),
        epsilon=round(fact("attention.layer_norm_rms_epsilon"), 9),  # stored as float32
    )


def _state(weights: dict[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """Our names for llama.cpp's tensors; what is fused here is put together."""
    state = {f"{name}.weight": weights[name] for name in ("token_embd", "output_norm")}
    for index in range(shape.layers):
        block = f"blk.{index}"
        for name in ("attn_norm", "attn_output", "ffn_norm", "ffn_down"):
            state[f"{block}.{name}.weight"] = weights[f"{block}.{name}"]
        qkv = [weights[f"{block}.attn_{letter}"] for letter in "qkv"]
        state[f"{block}.attn_qkv.weight"] = torch.cat(qkv)
        halves = [weights[f"{block}.ffn_{name}"] for name in ("gate", "up")]
        state[f"{block}.ffn_gate_up.weight"] = torch.cat(halves)
    return state


def _pieces(reader: gguf.GGUFReader) -> bytes:
    """A sentencepiece model of the same tokens, set up as `Vocabulary.train` does."""
    proto = sentencepiece_model_pb2.ModelProto()
    proto.trainer_spec.model_type = proto.trainer_spec.BPE
    proto.trainer_spec.byte_fallback = True
    proto.trainer_spec.split_digits = True
    proto.normalizer_spec.name = "identity"
    proto.normalizer_spec.add_dummy_prefix = True
    proto.normalizer_spec.remove_extra_whitespaces = False
    proto.normalizer_spec.escape_whitespaces = True
    listed = (
        reader.fields[f"tokenizer.ggml.{name}"].contents()
        for name in ("tokens", "scores", "token_type")
    )
    for text, score, kind in zip(*listed, strict=True):
        name = _KINDS[gguf.TokenType(kind)]
        proto.pieces.add(
            piece=text, score=score, type=getattr(proto.SentencePiece, name)
        )
    proto.trainer_spec.vocab_size = len(proto.pieces)
    return bytes(proto.SerializeToString())
