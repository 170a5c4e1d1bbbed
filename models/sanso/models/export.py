"""
Write a trained network as GGUF, and make it small with llama.cpp's own quantizer.

Strategy: the `gguf` library writes the file; tensors are named and laid out as llama.cpp expects them for the architecture `llama`. The rotary
pairs are neighbours in our network as in llama.cpp's, so no rows need to be permuted. What the runtime checks before it
loads a model stands in the metadata under `sanso.`.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final

import gguf
import numpy as np
import torch

from sanso.agent.llama import library
from sanso.agent.prompt import BOS, EOS, PROMPT_VERSION

from .recipe import RecipeError

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from .network import Network
    from .vocabulary import Vocabulary

_TYPES: Final = {
    "normal": gguf.TokenType.NORMAL,
    "unknown": gguf.TokenType.UNKNOWN,
    "control": gguf.TokenType.CONTROL,
    "byte": gguf.TokenType.BYTE,
}
# llama_ftype numbers of llama.h; what a width that is no multiple of 256 cannot take, llama.cpp replaces by itself.
FILE_TYPES: Final = {
    "F16": 1,
    "Q4_0": 2,
    "Q8_0": 7,
    "Q5_0": 8,
    "Q4_K_M": 15,
    "Q6_K": 18,
}


def write_gguf(
    path: Path, network: Network, vocabulary: Vocabulary, facts: dict[str, str]
) -> None:
    """
    Write weights (float32), vocabulary and facts; facts become string metadata `sanso.NAME`.

    Raises:
        OSError: the file cannot be written.
    """
    shape = network.shape
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("sanso")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_rope_dimension_count(shape.head_width)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_vocab_size(shape.vocabulary)
    _add_vocabulary(writer, vocabulary)
    writer.add_uint32("sanso.prompt_version", PROMPT_VERSION)
    for name, text in facts.items():
        writer.add_string(f"sanso.{name}", text)
    for name, tensor in _tensors(network):
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def quantize(source: Path, target: Path, kind: str) -> None:
    """
    Quantize with llama.cpp.

    Raises:
        RecipeError: an unknown kind, or llama.cpp refused.
    """
    if kind not in FILE_TYPES:
        msg = f"there is no quantization {kind!r}; there are {', '.join(FILE_TYPES)}"
        raise RecipeError(msg)
    api = library()
    params = api.llama_model_quantize_default_params()
    params.nthread = 1
    params.ftype = FILE_TYPES[kind]
    code = api.llama_model_quantize(
        str(source).encode(), str(target).encode(), ctypes.byref(params)
    )
    if code != 0:
        msg = f"llama.cpp could not quantize {source.name} to {kind} (code {code})"
        raise RecipeError(msg)


def _add_vocabulary(writer: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    tokens = vocabulary.tokens()
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([text for text, _, _ in tokens])
    writer.add_token_scores([score for _, score, _ in tokens])
    writer.add_token_types([_TYPES[kind] for _, _, kind in tokens])
    writer.add_bos_token_id(vocabulary.control(BOS))
    writer.add_eos_token_id(vocabulary.control(EOS))
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(value=False)
    writer.add_add_eos_token(value=False)
    writer.add_add_space_prefix(value=True)


def _tensors(network: Network) -> list[tuple[str, np.ndarray[Any, Any]]]:
    """Every weight under llama.cpp's name; the fused ones are cut apart."""
    listed: list[tuple[str, np.ndarray[Any, Any]]] = []

    def add(name: str, tensor: Tensor) -> None:
        array = tensor.detach().cpu().float().numpy()
        listed.append((name, np.ascontiguousarray(array)))

    add("token_embd.weight", network.token_embd.weight)
    add("output_norm.weight", network.output_norm.weight)
    width, hidden = network.shape.width, network.shape.hidden
    for index, block in enumerate(network.blk):
        weights: dict[str, Tensor] = dict(block.named_parameters())
        for name in ("attn_norm", "attn_output", "ffn_norm", "ffn_down"):
            add(f"blk.{index}.{name}.weight", weights[f"{name}.weight"])
        qkv = torch.split(weights["attn_qkv.weight"], width)
        for letter, part in zip("qkv", qkv, strict=True):
            add(f"blk.{index}.attn_{letter}.weight", part)
        gate, up = torch.split(weights["ffn_gate_up.weight"], hidden)
        add(f"blk.{index}.ffn_gate.weight", gate)
        add(f"blk.{index}.ffn_up.weight", up)
    return listed
