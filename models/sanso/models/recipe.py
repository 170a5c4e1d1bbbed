"""
A recipe: everything that makes a model, in one TOML file.

Strategy: what is not in the recipe or in the repository does not influence the result; the digest of the recipe and
of the sentences goes into the GGUF.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sanso.grammars import SansoError

from .corpus.lines import SENTENCES
from .corpus.stream import Shares

RECIPES: Final = Path(__file__).parent / "recipes"
SHIPPED: Final = Path(__file__).parent / "shipped" / "sanso.gguf"

Kind = TypeVar("Kind", bound=BaseModel)


class RecipeError(SansoError):
    """A recipe that does not exist or makes no sense; says cause and cure."""


class Recipe(BaseModel):
    """What to train, on what, for how long."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    seed: int = 1
    pieces: int = Field(default=4096, ge=300)
    """Subword pieces to learn, before the call language's own tokens."""
    width: int = Field(default=256, multiple_of=8)
    layers: int = Field(default=4, ge=1)
    heads: int = Field(default=4, ge=1)
    hidden: int = Field(default=768, multiple_of=8)
    context: int = 512
    start: str = ""
    """A GGUF of ours to start from instead of from nothing: a path, or `shipped`. Its vocabulary is taken over; layers may be added."""
    steps: int = Field(default=8000, ge=1)
    batch: int = Field(default=128, ge=1)
    """Examples per step."""
    optimizer: Literal["adamw", "muon"] = "adamw"
    """Muon (Jordan et al. 2024) for the matrices inside the layers, AdamW for everything else."""
    rate: float = 1.5e-3
    warmup: int = 300
    decay: float = 0.1
    """Weight decay, on matrices only."""
    dropout: float = Field(default=0.1, ge=0, lt=1)
    subword_dropout: float = Field(default=0.05, ge=0, lt=1)
    """Of the merges of a sentence (BPE dropout); drawn for half of the examples."""
    sentence_loss: float = Field(default=0.3, ge=0)
    """Weight of the loss on the sentence beside that on the program."""
    sentence_rows: float = Field(default=1.0, gt=0, le=1)
    """Share of the examples whose sentence is learned too; its weight grows as the share falls. The largest single cost of a step."""
    average: float = Field(default=0.999, ge=0, lt=1)
    """Decay of the running average of the weights, which is what is exported."""
    lines: int = 0
    """Use only so many hand-written lines, spread over all; 0 for all of them."""
    shares: Shares = Shares()

    @property
    def start_path(self) -> Path | None:
        """The GGUF to start from, if there is one."""
        if not self.start:
            return None
        return SHIPPED if self.start == "shipped" else Path(self.start)


def load_recipe(name: str) -> Recipe:
    """
    A recipe by the name of one of the project's, or by path.

    Raises:
        RecipeError: it is not there, or not valid.
    """
    return read_recipe(Recipe, RECIPES, name)


def read_recipe(kind: type[Kind], folder: Path, name: str) -> Kind:
    """
    A recipe of a kind by its name in a folder, or by a path that ends in `.toml`.

    Raises:
        RecipeError: it is not there, or not valid.
    """
    path = Path(name) if name.endswith(".toml") else folder / f"{name}.toml"
    try:
        return kind.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError:
        known = ", ".join(sorted(p.stem for p in folder.glob("*.toml")))
        msg = f"there is no recipe {name!r}; there are {known}, or give a .toml file"
        raise RecipeError(msg) from None
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        reason = str(error).replace("\n", " ")[:200]
        msg = f"recipe {path.name}: {reason}"
        raise RecipeError(msg) from None


def training_digest(recipe: Recipe) -> str:
    """SHA-256 over the recipe and the hand-written sentences, in hexadecimal."""
    digest = hashlib.sha256(recipe.model_dump_json().encode())
    for path in sorted(SENTENCES.glob("*/*.txt")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
