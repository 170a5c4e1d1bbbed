"""
Write a trained network as the folder that faster-whisper loads.

Strategy: the weights go one by one into CTranslate2's own description of Whisper, which it then writes in 8 bits;
the other four files are small texts. The head for CTC stays behind.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from .features import BANDS, FFT, HOP, WINDOW_SECONDS
from .tokens import ID, LANGUAGES, TOKENS, tokenizer_file

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    import torch
    from torch import nn

    from .network import CrossAttention, Network, SelfAttention

FILES: Final = (
    "model.bin",
    "config.json",
    "vocabulary.json",
    "tokenizer.json",
    "preprocessor_config.json",
)
"""What the folder holds."""


def write_recogniser(
    network: Network, folder: Path, *, quantization: str = "int8"
) -> None:
    """
    Write the five files; an older recogniser in the folder is replaced.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    spec = _spec(network)
    spec.register_vocabulary(list(TOKENS))
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [ID[f"<|{lang}|>"] for lang in LANGUAGES]
    last, heads = network.shape.decoder - 1, network.shape.heads
    spec.config.alignment_heads = [(last, head) for head in range(heads)]
    spec.validate()
    spec.optimize(quantization=None if quantization == "float32" else quantization)
    spec.save(str(folder))
    (folder / "tokenizer.json").write_text(tokenizer_file(), encoding="utf-8")
    front = {
        "feature_size": BANDS,
        "sampling_rate": 16_000,
        "hop_length": HOP,
        "chunk_length": WINDOW_SECONDS,
        "n_fft": FFT,
    }
    text = json.dumps(front, indent=2) + "\n"
    (folder / "preprocessor_config.json").write_text(text, encoding="utf-8")


def _spec(network: Network) -> Any:
    from ctranslate2.specs import WhisperSpec

    shape = network.shape
    spec = WhisperSpec(shape.encoder, shape.heads, shape.decoder, shape.heads)
    encoder, decoder = spec.encoder, spec.decoder
    _linear(encoder.conv1, network.conv1)
    _linear(encoder.conv2, network.conv2)
    encoder.position_encodings.encodings = _array(network.get_buffer("positions"))
    _norm(encoder.layer_norm, network.encoder_norm)
    for into, layer in zip(encoder.layer, network.encoder, strict=True):
        _layer(into, layer)
    decoder.embeddings.weight = _array(network.embedding.weight)
    decoder.position_encodings.encodings = _array(network.text_positions)
    decoder.projection.weight = _array(network.embedding.weight)
    _norm(decoder.layer_norm, network.decoder_norm)
    for into, layer in zip(decoder.layer, network.decoder, strict=True):
        _layer(into, layer)
    return spec


def _layer(into: Any, layer: Any) -> None:
    attention: SelfAttention = layer.attention
    _linear(into.self_attention.linear[0], attention.qkv)
    _linear(into.self_attention.linear[1], attention.out)
    _norm(into.self_attention.layer_norm, layer.attention_norm)
    cross: CrossAttention | None = layer.cross
    if cross is not None and layer.cross_norm is not None:
        for linear, module in zip(
            into.attention.linear, (cross.q, cross.kv, cross.out), strict=True
        ):
            _linear(linear, module)
        _norm(into.attention.layer_norm, layer.cross_norm)
    _linear(into.ffn.linear_0, layer.up)
    _linear(into.ffn.linear_1, layer.down)
    _norm(into.ffn.layer_norm, layer.ffn_norm)


def _linear(into: Any, module: nn.Linear | nn.Conv1d) -> None:
    into.weight = _array(module.weight)
    if module.bias is not None:
        into.bias = _array(module.bias)


def _norm(into: Any, module: nn.LayerNorm) -> None:
    into.gamma, into.beta = _array(module.weight), _array(module.bias)


def _array(tensor: torch.Tensor) -> npt.NDArray[np.float32]:
    return tensor.detach().cpu().float().contiguous().numpy()
