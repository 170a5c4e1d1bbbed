"""
What the recogniser is trained on and for how long, in one TOML file.

Strategy: as for the language model, nothing outside recipe and repository changes the result.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from sanso.models.recipe import read_recipe

from .network import Shape

RECIPES: Final = Path(__file__).parent / "recipes"


class Shares(BaseModel):
    """How often a sentence of each source comes, as shares of all; together 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    commands: float = Field(default=0.62, ge=0)
    numbers: float = Field(default=0.16, ge=0)
    written: float = Field(default=0.22, ge=0)


class Recipe(BaseModel):
    """Speech, network and training."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    seed: int = 1
    utterances: int = Field(default=44_000, ge=1)
    """Sentences to speak, once each, as many of both languages."""
    drawn_voices: int = Field(default=600, ge=0)
    """Variants of espeak-ng's voices drawn at random; half of the utterances are in one of them."""
    shares: Shares = Shares()
    english: float = Field(default=0.58, ge=0, le=1)
    """Share of English among the utterances of a step: its spelling is the harder one."""
    width: int = Field(default=192, multiple_of=16)
    heads: int = Field(default=3, ge=1)
    encoder: int = Field(default=4, ge=1)
    decoder: int = Field(default=2, ge=1)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    steps: int = Field(default=4850, ge=1)
    batch: int = Field(default=24, ge=1)
    """Utterances a step."""
    optimizer: Literal["adamw", "muon"] = "muon"
    rate: float = Field(default=2e-3, gt=0)
    warmup: int = Field(default=300, ge=0)
    cooldown: float = Field(default=0.35, ge=0, le=1)
    """Share of the steps at the end in which the rate falls to nothing."""
    decay: float = Field(default=0.05, ge=0)
    """Weight decay, on matrices only."""
    letters: float = Field(default=0.3, ge=0, le=1)
    """Weight of the CTC head's loss."""
    clean: int = Field(default=600, ge=0)
    """Steps of clean sound; noise grows to its full strength in as many more."""
    silence: float = Field(default=0.02, ge=0, le=1)
    """Share of utterances that are noise alone."""
    prompted: float = Field(default=0.2, ge=0, le=1)
    """Share of the steps whose texts stand behind a prompt of words, as hotwords do."""
    average: float = Field(default=0.998, ge=0, lt=1)
    """Decay of the running average of the weights, which is what is exported."""

    @property
    def mix(self) -> dict[tuple[str, str], float]:
        """The share of each source and language in a step; all together 1."""
        langs = {"en": self.english, "ko": 1 - self.english}
        return {
            (source, lang): share * part
            for source, share in self.shares
            for lang, part in langs.items()
        }

    @property
    def shape(self) -> Shape:
        """The network's sizes."""
        return Shape(self.width, self.heads, self.encoder, self.decoder)


def load_recipe(name: str) -> Recipe:
    """
    A recipe by the name of one of the project's, or by path.

    Raises:
        RecipeError: it is not there, or not valid.
    """
    return read_recipe(Recipe, RECIPES, name)
