"""
Check the folder of a recogniser before anything loads it.

Strategy: what is missing or damaged is found by reading the files, because the library
behind them fetches a missing one from the network, takes a default for a broken one, or
reports a fault without its file. Of the weights only the table of contents is read: it
tells how much the model hears at once, how long a text may grow, and whether the file
is whole.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NoReturn

from .errors import TranscriberError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

WEIGHTS: Final = "model.bin"
CONFIG: Final = "config.json"
TOKENIZER: Final = "tokenizer.json"
VOCABULARIES: Final = ("vocabulary.json", "vocabulary.txt")
FEATURES: Final = "preprocessor_config.json"
"""Only the models of 128 mels, and small ones of their own, come with it."""

FILES: Final = (WEIGHTS, CONFIG, TOKENIZER, *VOCABULARIES, FEATURES)
"""All that a folder may hold of use; one of the vocabularies is enough."""

GATES: Final = "gates.json"
"""Where its gates close, as far as its maker measured that; Whisper's own come without."""

# The layout that CTranslate2 writes: binary version 6 of ctranslate2/specs/model_spec.py.
_VERSION: Final = 6
_KIND: Final = b"WhisperSpec"
_POINTER: Final = b"version https://git-lfs"
_NOT_WHISPER: Final = "it is no Whisper model for CTranslate2"
_CUT: Final = "it is cut off"

_WHISPER_SECONDS: Final = 30
_WHISPER_MELS: Final = 80
_WHISPER_HOP: Final = 160


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What the files of a recogniser say about it."""

    folder: Path
    positions: int | None
    """Of the encoder, two frames each; None where the weights do not tell."""
    text_positions: int | None
    """Most tokens of prompt and text together; None where the weights do not tell."""
    mels: int | None
    """Bands of the spectrogram that the weights were made for."""
    hop: int
    """Samples from one frame of the spectrogram to the next."""
    chunk_seconds: float
    """What the feature extractor is told to give at once."""

    @property
    def seconds(self) -> float:
        """What it hears at once."""
        if self.positions is None:
            return self.chunk_seconds
        return min(self.chunk_seconds, self.positions * 2 * self.hop / 16_000)


def check_folder(folder: Path) -> ModelFacts:
    """
    Look at every file that a recogniser needs, and return what they say.

    Raises TranscriberError that names the file, what is wrong with it, and the cure.
    """
    weights = _contents_of(folder)
    _json_object(folder, CONFIG)
    tokenizer = _json_object(folder, TOKENIZER)
    if "model" not in tokenizer:
        _is_damaged(folder, TOKENIZER, "it is no tokenizer")
    if not any(_is_there(folder, name) for name in VOCABULARIES):
        _lacks(folder, VOCABULARIES[0])
    if _is_there(folder, VOCABULARIES[0]):
        _check_vocabulary(folder, _first(weights, "decoder/embeddings/weight"))
    features = _json_object(folder, FEATURES) if _is_there(folder, FEATURES) else {}
    mels = _number(folder, features, "feature_size", _WHISPER_MELS)
    found = weights.get("encoder/conv1/weight", ())
    if len(found) > 1 and found[1] != mels:
        reason = f"it says {mels} mels where the weights are for {found[1]}"
        _is_damaged(folder, FEATURES, reason)
    return ModelFacts(
        folder=folder,
        positions=_first(weights, "encoder/position_encodings/encodings"),
        text_positions=_first(weights, "decoder/position_encodings/encodings"),
        mels=found[1] if len(found) > 1 else None,
        hop=_number(folder, features, "hop_length", _WHISPER_HOP),
        chunk_seconds=_number(folder, features, "chunk_length", _WHISPER_SECONDS),
    )


def own_gates(folder: Path, known: Collection[str]) -> dict[str, float]:
    """
    Return the thresholds that a recogniser brings along, by the names of `known`.

    Raises TranscriberError where the file holds anything else.
    """
    if not _is_there(folder, GATES):
        return {}
    told = _json_object(folder, GATES)
    for key, value in told.items():
        if key not in known:
            _is_damaged(folder, GATES, f"there is no gate {key}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            _is_damaged(folder, GATES, f"{key} is no number")
    return {key: float(value) for key, value in told.items()}


def looks_whole(folder: Path) -> bool:
    """Tell whether a folder holds a recogniser without fault."""
    try:
        check_folder(folder)
    except TranscriberError:
        return False
    return True


def _contents_of(folder: Path) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the weights by name; nothing where the layout is another."""
    try:
        size = (folder / WEIGHTS).stat().st_size
        with (folder / WEIGHTS).open("rb") as file:
            return _read_contents(file, size)
    except (FileNotFoundError, NotADirectoryError):
        _lacks(folder, WEIGHTS)
    except OSError as error:
        _cannot_read(folder, WEIGHTS, error)
    except (struct.error, EOFError):
        _is_damaged(folder, WEIGHTS, _CUT)
    except ValueError as error:
        _is_damaged(folder, WEIGHTS, str(error))


def _read_contents(file: BinaryIO, size: int) -> dict[str, tuple[int, ...]]:
    """Walk over the variables. Raises ValueError, EOFError and struct.error."""
    if not size:
        raise ValueError("it is empty")
    start = file.read(len(_POINTER))
    if start == _POINTER:
        raise ValueError("Git LFS left only its pointer here")
    file.seek(0)
    (version,) = _unpack(file, "<I")
    if version != _VERSION:
        if version > _VERSION:
            raise ValueError(_NOT_WHISPER)
        return {}
    if _text(file) != _KIND:
        raise ValueError(_NOT_WHISPER)
    _, count = _unpack(file, "<II")
    found: dict[str, tuple[int, ...]] = {}
    for _ in range(count):
        name = _text(file).decode("utf-8", "replace")
        (rank,) = _unpack(file, "<B")
        found[name] = _unpack(file, f"<{rank}I")
        _, length = _unpack(file, "<BI")
        if file.tell() + length > size:
            raise EOFError
        file.seek(length, 1)
    return found


def _unpack(file: BinaryIO, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, file.read(struct.calcsize(layout)))


def _text(file: BinaryIO) -> bytes:
    """Read a string: its length with the zero behind it, then itself."""
    (length,) = _unpack(file, "<H")
    read = file.read(length)
    if len(read) < length:
        raise EOFError
    return read[:-1]


def _check_vocabulary(folder: Path, rows: int | None) -> None:
    tokens = _json(folder, VOCABULARIES[0])
    if not isinstance(tokens, list):
        _is_damaged(folder, VOCABULARIES[0], "it is no list of tokens")
    if rows is not None and len(tokens) != rows:
        reason = f"it has {len(tokens)} tokens where the weights are for {rows}"
        _is_damaged(folder, VOCABULARIES[0], reason)


def _first(weights: dict[str, tuple[int, ...]], name: str) -> int | None:
    shape = weights.get(name, ())
    return shape[0] if shape else None


def _is_there(folder: Path, name: str) -> bool:
    return (folder / name).is_file()


def _json_object(folder: Path, name: str) -> dict[str, Any]:
    found = _json(folder, name)
    if not isinstance(found, dict):
        _is_damaged(folder, name, "it is no JSON object")
    return found


def _json(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        _lacks(folder, name)
    except OSError as error:
        _cannot_read(folder, name, error)
    except (ValueError, RecursionError):
        _is_damaged(folder, name, "it is not JSON")


def _number(folder: Path, config: dict[str, Any], key: str, default: int) -> int:
    value = config.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        _is_damaged(folder, FEATURES, f"{key} is no number above 0")
    return value


def _lacks(folder: Path, name: str) -> NoReturn:
    msg = f"the recogniser {folder} lacks {name}; copy the whole folder again"
    raise TranscriberError(msg, model=str(folder)) from None


def _cannot_read(folder: Path, name: str, error: OSError) -> NoReturn:
    msg = f"{name} of the recogniser {folder} cannot be read ({error.strerror}); check its permissions"
    raise TranscriberError(msg, model=str(folder)) from None


def _is_damaged(folder: Path, name: str, reason: str) -> NoReturn:
    msg = f"{name} of the recogniser {folder} is damaged: {reason}; copy it again"
    raise TranscriberError(msg, model=str(folder)) from None
