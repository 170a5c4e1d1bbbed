"""
piper: a voice of better sound, as an outside program.

Strategy: it is started for a sentence with the text on its standard input, and writes bare samples. So its licence (GPL-3.0) stays its own, and what it
takes to load its model (a second or more on a small computer) comes before every sentence; as a Wyoming service it stays loaded. What a voice speaks is
read from the JSON beside it. None of piper's own voices is Korean.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .errors import SpeakerError
from .speak import SoundSpeaker
from .speak_program import piped
from .speak_sound import Sound, full_volume

if TYPE_CHECKING:
    import threading
    from collections.abc import Generator, Sequence

    from sanso.agent.wording.language import Language

    from .speak_sound import Player, Volume

_LANGUAGES: Final[dict[str, Language]] = {"ko": "ko", "en": "en"}
_NAMES: Final[dict[Language, str]] = {"ko": "Korean", "en": "English"}
_RATES: Final = range(8_000, 96_001)
_SECONDS: Final = 60.0
"""The longest that it may take, with its model to load, on a small computer."""
_SCALE: Final = np.float32(32768)


class PiperSpeaker(SoundSpeaker):
    """A voice of piper, in the one language that it speaks."""

    def __init__(
        self,
        voice: str | Path,
        player: Player,
        *,
        volume: Volume = full_volume,
        program: Sequence[str] | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        """
        Speak with a voice file, `NAME.onnx`, which has `NAME.onnx.json` beside it.

        `program` starts piper, if not its own command or module does.

        Raises:
            SpeakerError: piper or the voice is missing, or the voice speaks neither Korean nor English.
        """
        super().__init__(player, volume)
        path = Path(voice)
        paper = _paper(path)
        self.name = f"piper {path.stem}"
        self.language = _language(path, paper)
        """The one that it speaks."""
        self._rate = _rate(path, paper)
        self._command = [*(program or _piper()), "-m", str(path), "--output-raw"]
        self._seconds = seconds

    def _voiced(
        self, words: str, language: Language, stopping: threading.Event
    ) -> Generator[Sound]:
        if language != self.language:
            msg = (
                f"{self.name} speaks no {_NAMES[language]}; choose another voice for it"
            )
            raise SpeakerError(msg, way="piper")
        rest = b""
        for data in piped(self._command, words, stopping, seconds=self._seconds):
            rest += data
            whole = len(rest) // 2 * 2
            samples = np.frombuffer(rest[:whole], "<i2") / _SCALE
            rest = rest[whole:]
            yield Sound(samples.astype(np.float32), self._rate)


def _piper() -> list[str]:
    if found := shutil.which("piper"):
        return [found]
    if importlib.util.find_spec("piper") is not None:
        return [sys.executable, "-m", "piper"]
    msg = "piper is not installed; install it with: pip install piper-tts"
    raise SpeakerError(msg, way="piper")


def _paper(voice: Path) -> dict[str, Any]:
    """Return what the JSON beside a voice says."""
    if not voice.is_file():
        msg = f"there is no voice {voice}; give the path of its .onnx file"
        raise SpeakerError(msg, way="piper")
    beside = voice.with_name(f"{voice.name}.json")
    try:
        paper = json.loads(beside.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"{beside} cannot be read ({error.strerror}); it belongs beside the voice"
        raise SpeakerError(msg, way="piper") from None
    except ValueError:
        paper = None
    if not isinstance(paper, dict):
        raise _damaged(voice)
    return paper


def _language(voice: Path, paper: dict[str, Any]) -> Language:
    try:
        code = str(paper["language"]["code"])
    except (KeyError, TypeError):
        raise _damaged(voice) from None
    language = _LANGUAGES.get(code[:2].lower())
    if language is None:
        msg = f"{voice.name} speaks {code}; choose a voice for English or Korean"
        raise SpeakerError(msg, way="piper")
    return language


def _rate(voice: Path, paper: dict[str, Any]) -> int:
    try:
        rate = int(paper["audio"]["sample_rate"])
    except (KeyError, TypeError, ValueError):
        raise _damaged(voice) from None
    if rate not in _RATES:
        raise _damaged(voice)
    return rate


def _damaged(voice: Path) -> SpeakerError:
    msg = f"{voice.name}.json is damaged; download the voice again"
    return SpeakerError(msg, way="piper")
