"""
The voices of espeak-ng: which are learned from, which are kept for judging, and voices drawn at random.

Strategy: what is missing in a small recogniser are voices, not sentences, and espeak-ng has some eighty. It reads further ones from small text files,
so any number is drawn here: pitch, formants, breath, roughness and tone at random in and somewhat around the ranges that its own ones span. The variants
held out for judging are never learned from; the accents are all learned, since an accent is another pronunciation of every word and not a voice.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from sanso.grammars import SansoError

DRAWN: Final = "drawn"
"""How the name of a drawn variant begins."""
_DRAWN_SHARE: Final = 0.5
_VARIANTS_FOLDER: Final = ("voices", "!v")
_OPTIONS: Final = (
    (0.4, "consonants", ((50, 190), (50, 190))),
    (0.4, "voicing", ((50, 200),)),
    (0.4, "roughness", ((0, 5),)),
    (0.3, "flutter", ((0, 12),)),
    (0.3, "breath", ((0, 12), (0, 12))),
    (0.2, "intonation", ((1, 4),)),
    (0.1, "echo", ((20, 120), (5, 25))),
)
"""Share of the drawn variants that have it, keyword, ranges of its values."""
_ACCENTS: Final = {
    "en": (
        "en-us",
        "en-gb",
        "en-gb-x-rp",
        "en-gb-x-gbclan",
        "en-gb-x-gbcwmd",
        "en-us-nyc",
        "en-gb-scotland",
        "en-029",
    ),
    "ko": ("ko",),
}
_VARIANTS: Final = (
    "", "m1", "m2", "m3", "m4", "m5", "m8", "f1", "f2", "f3", "f5", "Alex", "Alicia",
    "Andy", "Annie", "AnxiousAndy", "Denis", "Diogo", "Gene", "Gene2", "Henrique", "Hugo",
    "Jacky", "Lee", "Marco", "Mario", "Michael", "Mike", "Nguyen", "RicishayMax", "Storm",
    "Tweaky", "adam", "anika", "aunty", "belinda", "benjamin", "boris", "caleb", "david",
    "edward", "grandma", "grandpa", "gustave", "iven2", "klatt", "klatt2", "klatt4",
    "marcelo", "max", "michel", "norbert", "pablo", "paul", "pedro", "quincy", "rob",
    "robert", "sandro", "shelby", "steph2", "steph3", "zac",
)  # fmt: skip
UNSEEN_VARIANTS: Final = (
    "m6", "m7", "f4", "Andrea", "announcer", "antonio", "ed", "iven", "john",
    "kaukovalta", "linda", "miguel", "steph", "travis", "victor",
)  # fmt: skip
"""Variants that are kept for judging."""


class SpeechError(SansoError):
    """Speech that could not be made; says the cause and the cure."""


@dataclass(frozen=True)
class Voice:
    """How something is said."""

    name: str
    """Of espeak-ng: language, and a variant behind `+`."""
    speed: int
    """Words a minute."""
    pitch: int
    """0 to 99."""
    data: str = ""
    """Folder that holds `espeak-ng-data` with the variant; empty for what is installed."""


def draw_voice(
    lang: str, rng: random.Random, *, unseen: bool, drawn: Path | None = None
) -> Voice:
    """
    A voice of a language: of those to learn from, or of those to be judged by.

    With `drawn`, the folder of `write_variants`, half of those to learn from are drawn ones.
    """
    accent = rng.choice(_ACCENTS[lang])
    speed, pitch = rng.randint(125, 215), rng.randint(20, 80)
    if drawn is not None and not unseen and rng.random() < _DRAWN_SHARE:
        variant = rng.choice(_variants_in(drawn))
        return Voice(f"{accent}+{variant}", speed, pitch, str(drawn))
    variant = rng.choice(UNSEEN_VARIANTS if unseen else _VARIANTS)
    return Voice(f"{accent}+{variant}" if variant else accent, speed, pitch)


def espeak() -> str:
    """
    The program espeak-ng.

    Raises:
        SpeechError: it is not installed.
    """
    program = shutil.which("espeak-ng")
    if program is None:
        raise SpeechError(
            "espeak-ng is not installed; run `sudo apt install espeak-ng`"
        )
    return program


def write_variants(folder: Path, count: int, seed: int) -> None:
    """
    Write so many drawn variants, and links to all else that espeak-ng needs beside them; what is there stays.

    Raises:
        SpeechError: espeak-ng or its data cannot be found.
        OSError: the folder cannot be written.
    """
    installed = _installed_data()
    data = folder / "espeak-ng-data"
    variants = data.joinpath(*_VARIANTS_FOLDER)
    variants.mkdir(parents=True, exist_ok=True)
    voices = _VARIANTS_FOLDER[0]
    links = [(data, file) for file in installed.iterdir() if file.name != voices]
    links += [
        (variants, file) for file in installed.joinpath(*_VARIANTS_FOLDER).iterdir()
    ]
    for place, file in links:
        link = place / file.name
        if not link.is_symlink():
            link.symlink_to(file)
    for number in range(count):
        name = f"{DRAWN}{number:04d}"
        text = variant_text(name, random.Random(f"{seed}:{name}"))
        (variants / name).write_text(text, encoding="utf-8")
    _variants_in.cache_clear()


def variant_text(name: str, rng: random.Random) -> str:
    """
    The file of a drawn variant.

    Its keywords are those of espeak-ng's documentation of voice files: `pitch` in hertz, `formant` with frequency, strength and width in percent of the
    language's own, `tone` as pairs of hertz and loudness up to 255.
    """
    base = round(rng.triangular(65, 260, 110))
    lines = [
        "language variant",
        f"name {name}",
        f"pitch {base} {round(base * rng.uniform(1.0, 1.7))}",
    ]
    # The length of the vocal tract moves all formants alike; a voice in four is as odd as some of espeak-ng's own.
    tract = rng.uniform(0.82, 1.22)
    spread = 0.25 if rng.random() < 0.25 else 0.06  # noqa: PLR2004 - as said above
    for formant in range(9):
        lowest = 1 - (2 if formant == 1 else 1) * spread
        frequency = tract * rng.uniform(lowest, 1 + spread) if formant else 1.0
        weak = 20 if formant > 3 else 60  # noqa: PLR2004 - the upper ones only colour
        strength, width = rng.uniform(weak, 130), rng.uniform(60, 150)
        lines.append(
            f"formant {formant} {100 * frequency:.0f} {strength:.0f} {width:.0f}"
        )
    if rng.random() < 0.5:  # noqa: PLR2004 - half of them
        points = zip(
            (rng.randint(100, 700), rng.randint(800, 1700), rng.randint(1800, 4000)),
            (rng.randint(90, 255), rng.randint(40, 255), rng.randint(20, 255)),
            strict=True,
        )
        lines.append("tone " + " ".join(f"{at} {loud}" for at, loud in points))
    for share, keyword, ranges in _OPTIONS:
        if rng.random() < share:
            values = [str(rng.randint(*both)) for both in ranges]
            lines.append(" ".join([keyword, *values]))
    return "\n".join([*lines, ""])


@cache
def _variants_in(folder: Path) -> list[str]:
    """The drawn variants of a folder, by name."""
    variants = folder.joinpath("espeak-ng-data", *_VARIANTS_FOLDER)
    return sorted(file.name for file in variants.glob(f"{DRAWN}*"))


def _installed_data() -> Path:
    """Where espeak-ng says that its data lies."""
    done = subprocess.run(  # noqa: S603 - a fixed program
        [espeak(), "--version"], capture_output=True, text=True, timeout=30, check=False
    )
    found = re.search(r"Data at: (.*)", done.stdout)
    if found is None or not Path(found[1].strip(), *_VARIANTS_FOLDER).is_dir():
        raise SpeechError(
            "espeak-ng does not say where its voices lie; install version 1.50 or later"
        )
    return Path(found[1].strip())
