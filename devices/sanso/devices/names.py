"""Say what was probably meant, wherever a name turns out not to exist."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def hint(name: str, known: Iterable[str]) -> str:
    """Return `did you mean X?` for a near miss, else the list of valid names."""
    choices = sorted(known)
    near = get_close_matches(name, choices, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]}?"
    return f"choose from {', '.join(choices)}" if choices else "there is none"
