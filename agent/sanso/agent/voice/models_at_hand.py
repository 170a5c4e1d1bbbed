"""
Find a recogniser on this machine.

Strategy: a word is one of two things and never guessed. A name of Whisper's own sizes is
looked up in the user's data folder and in the cache of the Hugging Face libraries, both
without a request; anything else is the path of a folder. Only `pull` downloads.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal, NoReturn

from .errors import TranscriberError
from .hub import cached_folder
from .model_files import WEIGHTS, ModelFacts, check_folder, looks_whole

DEFAULT: Final = "base"

REPOSITORIES: Final[dict[str, str]] = {
    **{
        size: f"Systran/faster-whisper-{size}"
        for size in (
            *("tiny", "base", "small", "medium"),
            *("large-v1", "large-v2", "large-v3"),
        )
    },
    "large": "Systran/faster-whisper-large-v3",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
"""Where each size that understands both languages is published in CTranslate2's form,
as faster-whisper 1.2 lists them."""

MEGABYTES: Final[dict[str, int]] = dict(
    zip(
        REPOSITORIES,
        (78, 148, 486, 1530, 3090, 3090, 3090, 3090, 1620, 1620),
        strict=True,
    )
)
"""What a download takes, roughly."""

Place = Literal["folder", "cache"]


@dataclass(frozen=True, slots=True)
class AtHand:
    """A size of Whisper, and where it lies on this machine."""

    name: str
    place: Place | None
    """The data folder of this program, or the cache; None where it is not here."""
    folder: Path | None
    bytes: int
    """Of its weights; 0 where it is not here."""


def data_folder() -> Path:
    """
    Return the folder that holds what was pulled, one folder a name.

    The XDG Base Directory Specification: $XDG_DATA_HOME, by default ~/.local/share; a
    path in the variable that is not absolute is to be ignored. Raises TranscriberError
    where this user has no home.
    """
    given = os.environ.get("XDG_DATA_HOME", "")
    if os.path.isabs(given):  # noqa: PTH117 - an empty string is no Path
        return Path(given) / "sanso" / "voice"
    try:
        return Path.home() / ".local" / "share" / "sanso" / "voice"
    except RuntimeError:
        msg = "this user has no home; set XDG_DATA_HOME to a folder for recognisers"
        raise TranscriberError(msg, model="") from None


def place_of(name: str) -> Path:
    """Return where a size is pulled to: two names of one model share a folder."""
    repository = REPOSITORIES[name]
    first = next(size for size, one in REPOSITORIES.items() if one == repository)
    return data_folder() / first


def find_model(model: str | Path) -> ModelFacts:
    """
    Find the folder of a recogniser and check its files; nothing is ever downloaded.

    A name of `REPOSITORIES` is always a name: write `./base` for a folder called so.
    Raises TranscriberError with cause and cure.
    """
    name = str(model)
    if isinstance(model, str) and name in REPOSITORIES:
        return check_folder(_folder_of(name))
    folder = Path(name).expanduser() if name.startswith("~") else Path(name)
    if not name or not folder.is_dir():
        _refuse(name, folder)
    return check_folder(folder)


def models_at_hand() -> list[AtHand]:
    """Return every size of Whisper, and where it lies."""
    return [_at_hand(name) for name in REPOSITORIES]


def _at_hand(name: str) -> AtHand:
    places: tuple[tuple[Place, Path | None], ...] = (
        ("folder", place_of(name)),
        ("cache", cached_folder(REPOSITORIES[name])),
    )
    for place, folder in places:
        if folder is not None and looks_whole(folder):
            size = (folder / WEIGHTS).stat().st_size
            return AtHand(name, place, folder, size)
    return AtHand(name, None, None, 0)


def _folder_of(name: str) -> Path:
    """Return where a size lies, whether whole or not."""
    for folder in (place_of(name), cached_folder(REPOSITORIES[name])):
        if folder is not None and (folder / WEIGHTS).exists():
            return folder
    msg = f"the recogniser {name} is not on this machine; sanso voice pull {name}"
    raise TranscriberError(msg, model=name)


def _refuse(name: str, folder: Path) -> NoReturn:
    """Say why a word is neither a size nor a folder."""
    known = ", ".join(REPOSITORIES)
    near = get_close_matches(name.lower(), REPOSITORIES, n=1)
    if not name:
        msg = "no recogniser is named; give a size such as base, or a folder"
        raise TranscriberError(msg, model=name)
    if folder.is_file():
        msg = f"{name} is a file; give the folder that it lies in"
        raise TranscriberError(msg, model=name)
    if os.sep in name or name.startswith((".", "~")):
        msg = f"there is no folder {name}; check the path, or give a size: {known}"
        raise TranscriberError(msg, model=name)
    if near:
        msg = f"there is no recogniser {name}; did you mean {near[0]}?"
        raise TranscriberError(msg, model=name)
    msg = f"there is no recogniser {name}; choose from {known}, or give a folder"
    raise TranscriberError(msg, model=name)
