"""
Make training examples of what the recogniser hears: the files below `data/heard`.

Strategy: sentences are drawn with their programs, spoken and heard by `collect`, which can be stopped and goes on; at the end those that were misheard and
are still alike enough are written, each once, with the program that their speaker wanted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanso.models.corpus.heard import Said, is_of_use, written

from .collect import collect
from .spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .evaluate import Recogniser


def hear_all(
    recogniser: Recogniser, drawn: Sequence[Said], pairs: Path, *, seed: int = 1
) -> Iterator[str]:
    """
    Speak sentences, and give what was heard of each that was not heard before; `pairs` keeps it.

    Raises:
        SpeechError: espeak-ng is missing.
        OSError: `pairs` cannot be written.
    """
    given = [(said.text, said.lang) for said in drawn]
    for heard, _ in collect(recogniser, given, pairs, seed=seed):
        yield heard


def useful(drawn: Sequence[Said], pairs: Path) -> Iterator[Said]:
    """Give what was misheard, with the programs that were wanted; `pairs` has a line for each that was drawn, in order."""
    rows = pairs.read_text(encoding="utf-8").splitlines()
    for said, row in zip(drawn, rows, strict=False):
        heard = row.partition("\t")[0]
        if is_of_use(heard, spoken(said.text, said.lang) or ""):
            yield Said(heard, said.program, said.lang)


def write_heard(heard: Sequence[Said], folder: Path) -> dict[str, int]:
    """Write `ko.txt` and `en.txt`, each sentence once; how many there are of each language."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for lang in ("ko", "en"):
        lines = list(dict.fromkeys(written(h for h in heard if h.lang == lang)))
        text = "\n".join(["@ recogniser", *lines, ""])
        (folder / f"{lang}.txt").write_text(text, encoding="utf-8")
        counts[lang] = len(lines)
    return counts
