"""
Make a training's result into a bundle: export, quantize, write the paper beside it.

Strategy: the paper names the digest of exactly this file; the runtime refuses a GGUF that is not the one its paper describes.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sanso.agent.prompt import PROMPT_VERSION
from sanso.grammars import PURIFIER

from .export import quantize, write_gguf
from .recipe import file_digest, training_digest

if TYPE_CHECKING:
    from .training import Trainer

SHIPPED: Final = Path(__file__).parent / "shipped"


def make_bundle(trainer: Trainer, path: Path, kind: str) -> dict[str, Any]:
    """
    Write `path` (GGUF) and its paper (JSON); return the paper.

    Raises:
        OSError: a file cannot be written.
        RecipeError: the quantization is unknown.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_suffix(".f32.gguf")
    part = path.with_suffix(".part")
    facts = {
        "grammar": PURIFIER.digest,
        "training": training_digest(trainer.recipe),
    }
    write_gguf(whole, trainer.averaged().cpu(), trainer.vocabulary, facts)
    try:
        quantize(whole, part, kind)
    finally:
        whole.unlink(missing_ok=True)
    os.replace(part, path)  # noqa: PTH105 - atomic by contract
    paper = {
        "sha256": file_digest(path),
        "bytes": path.stat().st_size,
        "quantization": kind,
        "parameters": sum(p.numel() for p in trainer.network.parameters()),
        "prompt_version": PROMPT_VERSION,
        "recipe": trainer.recipe.model_dump(mode="json"),
        "steps": trainer.step,
        "started_from": trainer.started_from,
        "made_on": datetime.now(UTC).date().isoformat(),
        "public_sentences": trainer.public,
        "log": trainer.log,
        **facts,
    }
    text = json.dumps(paper, ensure_ascii=False, indent=1)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    return paper
