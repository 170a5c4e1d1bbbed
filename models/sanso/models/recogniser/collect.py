"""
Collect what the recogniser makes of sentences that are spoken to it: `heard<TAB>said`, one line each.

Strategy: text, a voice of espeak-ng, noise, recogniser, text. Voice and noise follow from the seed and the number of
the sentence alone, and each line is written when it is known, so a stopped collection goes on where it was and gives
the same file. The pairs teach the language model what misheard sentences look like.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

from .augment import COLOURS, with_noise
from .speech import speak
from .spoken import spoken
from .voices import draw_voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .evaluate import Recogniser

_UNSEEN = 0.5
_QUIETEST, _LOUDEST = 5.0, 40.0


def collect(
    recogniser: Recogniser,
    sentences: Sequence[tuple[str, str]],
    out: Path,
    *,
    seed: int = 1,
) -> Iterator[tuple[str, str]]:
    """
    Speak each (text, language), write and give (heard, said); what is in `out` already is not spoken again.

    `said` is the text as it was given. Sentences that cannot be spoken in words alone, or of which nothing was heard,
    leave a line with an empty `heard`.

    Raises:
        SpeechError: espeak-ng is missing.
        OSError: `out` cannot be written.
    """
    done = _whole_lines(out)
    with out.open("a", encoding="utf-8") as file:
        for number, (said, lang) in enumerate(sentences[done:], done):
            heard = hear(recogniser, said, lang, f"{seed}:{number}")
            file.write(f"{heard}\t{said}\n")
            file.flush()
            yield heard, said


def hear(recogniser: Recogniser, text: str, lang: str, seed: str) -> str:
    """What the recogniser writes down when the text is spoken in a drawn voice, with drawn noise."""
    words = spoken(text, lang)
    if not words:
        return ""
    rng = random.Random(seed)
    sound = speak(words, draw_voice(lang, rng, unseen=rng.random() < _UNSEEN))
    samples = np.pad(sound.astype(np.float32) / np.float32(32768), (1600, 4800))
    decibels = rng.uniform(_QUIETEST, _LOUDEST)
    noisy = with_noise(
        samples,
        np.random.default_rng(rng.getrandbits(32)),
        rng.choice(COLOURS),
        decibels,
    )
    return recogniser.write_down(noisy).text


def _whole_lines(path: Path) -> int:
    """Lines of a file that were written to their end; half a line behind them is cut off."""
    if not path.exists():
        return 0
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        path.write_bytes(whole)
    return whole.count(b"\n")
