"""
A bundle: a GGUF with its papers.

Strategy: everything that can be wrong with a file is found before llama.cpp sees it, because llama.cpp cannot be caught: existence, header, digest,
prompt version, grammar. A GGUF without our metadata is taken for a general instruct model, which gets the calls
explained in its prompt.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .errors import ModelError
from .gguf_header import NotGguf, read_header
from .prompt import PROMPT_VERSION

if TYPE_CHECKING:
    from sanso.grammars import CallSet

MODEL_NAME: Final = "sanso.gguf"
_PAPERS: Final = ".json"


@dataclass(frozen=True)
class Bundle:
    """A checked GGUF."""

    path: Path
    sha256: str
    header: dict[str, Any]
    papers: dict[str, Any]
    """What was measured on exactly this file; empty without a paper beside it."""

    @property
    def trained_here(self) -> bool:
        """Whether it is one of ours, with the calls in its weights."""
        return "sanso.prompt_version" in self.header

    @property
    def grammar_digest(self) -> str:
        """Digest of the grammar it was trained on; empty for a general model."""
        return str(self.header.get("sanso.grammar", ""))

    @property
    def chat_template(self) -> str:
        """The file's own chat template; empty without one."""
        return str(self.header.get("tokenizer.chat_template", ""))


def shipped_model() -> Path:
    """
    Where the model of this installation lies: in the wheel, or in the source tree.

    Raises:
        ModelError: the installation has no model.
    """
    spec = find_spec("sanso.models")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for folder in folders:
        path = Path(folder) / "shipped" / MODEL_NAME
        if path.is_file():
            return path
    msg = "this installation has no model; install it again, or give one with --model"
    raise ModelError(msg, path=MODEL_NAME)


def open_bundle(path: Path, calls: CallSet) -> Bundle:
    """
    Check a GGUF as far as that goes without loading it.

    Raises:
        ModelError: it is missing, damaged, not the file of its paper, or of another grammar.
    """
    try:
        header = read_header(path)
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        msg = f"there is no model at {path}; check --model, or leave it out"
        raise ModelError(msg, path=str(path)) from None
    except OSError as error:
        msg = (
            f"the model {path} cannot be read ({error.strerror}); check its permissions"
        )
        raise ModelError(msg, path=str(path)) from None
    except (NotGguf, ValueError) as error:
        msg = f"{path.name} is not a usable GGUF: {error}; copy it again"
        raise ModelError(msg, path=str(path)) from None
    bundle = Bundle(path, sha256, header, _papers(path, sha256))
    _check_origin(bundle, calls)
    return bundle


def _papers(path: Path, sha256: str) -> dict[str, Any]:
    paper = path.with_suffix(_PAPERS)
    if not paper.exists():
        return {}
    try:
        papers = json.loads(paper.read_text(encoding="utf-8"))
        expected = str(papers["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        msg = f"the paper {paper.name} beside the model is damaged; restore it or remove it"
        raise ModelError(msg, path=str(path)) from None
    if expected != sha256:
        msg = (
            f"{path.name} is not the file that {paper.name} describes "
            f"(SHA-256 {sha256[:12]}, expected {expected[:12]}); copy it again"
        )
        raise ModelError(msg, path=str(path))
    return dict(papers)


def _check_origin(bundle: Bundle, calls: CallSet) -> None:
    if bundle.header.get("general.architecture", "") == "":
        msg = f"{bundle.path.name} names no architecture; it is not a language model"
        raise ModelError(msg, path=str(bundle.path))
    if not bundle.trained_here:
        return
    version = bundle.header["sanso.prompt_version"]
    if version != PROMPT_VERSION:
        msg = (
            f"{bundle.path.name} was trained with prompt version {version}, this program "
            f"writes version {PROMPT_VERSION}; train it again, or use the shipped model"
        )
        raise ModelError(msg, path=str(bundle.path))
    if bundle.grammar_digest != calls.digest:
        msg = (
            f"{bundle.path.name} was trained on another grammar "
            f"({bundle.grammar_digest[:12]}, not {calls.digest[:12]}); train it on these "
            "calls, or use a general instruct model for calls of your own"
        )
        raise ModelError(msg, path=str(bundle.path))
