"""
Have espeak-ng speak sentences, in many voices, and keep the sound on disk.

Strategy: espeak-ng runs as a process, text on standard input, WAV on standard output; 22,050 Hz become 16,000 by a
polyphase filter. Voices are held out like sentences. A store is
a folder of shards, each a file of 16-bit samples and a table of where each utterance lies; a shard is made whole or
not at all, so a stopped run goes on where it was.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import subprocess
import wave
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from math import gcd
from typing import TYPE_CHECKING, Final

import numpy as np

from .sentences import Sentence
from .voices import SpeechError, Voice, draw_voice, espeak

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

RATE: Final = 16_000
"""Samples a second."""

_SECONDS: Final = 30
_HEADER: Final = 44
"""Bytes of a WAV without samples."""
_LOUD: Final = 200
"""-44 dB."""
# Behind a number `am` is said as two letters, which espeak-ng does only where they have their dots.
_HALVES: Final = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirty|fifteen"
    r"|twenty|forty|fifty|o'clock) ([ap])m\b"
)


def speak(text: str, voice: Voice) -> npt.NDArray[np.int16]:
    """
    The sound of a text, 16 kHz, 16 bit, shape (n,).

    Raises:
        SpeechError: espeak-ng is missing, or said nothing.
    """
    program = espeak()
    arguments = ["-v", voice.name, "-s", str(voice.speed), "-p", str(voice.pitch)]
    arguments += [f"--path={voice.data}"] if voice.data else []
    done = subprocess.run(  # noqa: S603 - a fixed program, the text goes by standard input
        [program, *arguments, "--stdin", "--stdout"],
        input=_HALVES.sub(r"\1 \2.m.", text).encode(),
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode or len(done.stdout) <= _HEADER:
        reason = done.stderr.decode(errors="replace").strip()[:120]
        raise SpeechError(f"espeak-ng said nothing in the voice {voice.name}: {reason}")
    with wave.open(io.BytesIO(done.stdout)) as sound:
        rate = sound.getframerate()
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    if not np.any(samples):
        raise SpeechError(f"espeak-ng said nothing in the voice {voice.name}")
    return _resampled(samples, rate)


def _resampled(samples: npt.NDArray[np.int16], rate: int) -> npt.NDArray[np.int16]:
    """From espeak-ng's rate to 16 kHz by way of the spectrum: what lies above 8 kHz is cut off, nothing folds back."""
    step = rate // gcd(rate, RATE)
    # Whole steps of both rates: zeros behind, where espeak-ng is silent anyway.
    padded = np.pad(samples.astype(np.float64), (0, -len(samples) % (2 * step)))
    count = len(padded) * RATE // rate
    spectrum = np.fft.rfft(padded)[: count // 2 + 1]
    sound = np.fft.irfft(spectrum, count) * (count / len(padded))
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)


@dataclass(frozen=True)
class Utterance:
    """One spoken sentence in a store."""

    sentence: Sentence
    voice: str
    shard: int
    start: int
    """First sample in its shard."""
    length: int
    """Samples."""


class Store:
    """Spoken sentences on disk."""

    def __init__(self, folder: Path) -> None:
        """Open a folder; it may be empty."""
        self.folder = folder
        self.utterances: list[Utterance] = []
        self._sound: list[npt.NDArray[np.int16]] = []
        self.refresh()

    def refresh(self) -> None:
        """Read the shards that have come since."""
        while (table := self.folder / f"{len(self._sound):04d}.json").exists():
            shard = len(self._sound)
            path = table.with_suffix(".pcm")
            self._sound.append(np.memmap(path, np.int16, "r"))
            for row in json.loads(table.read_text(encoding="utf-8")):
                sentence = Sentence(**row["sentence"])
                self.utterances.append(
                    Utterance(
                        sentence, row["voice"], shard, row["start"], row["length"]
                    )
                )

    def __len__(self) -> int:
        """How many utterances there are."""
        return len(self.utterances)

    def sound(self, utterance: Utterance) -> npt.NDArray[np.float32]:
        """The sound of an utterance, -1 to 1, shape (n,)."""
        end = utterance.start + utterance.length
        samples = self._sound[utterance.shard][utterance.start : end]
        return np.asarray(samples, np.float32) / np.float32(32768)


@dataclass(frozen=True)
class _Shard:
    """What a process has to speak."""

    path: Path
    """Of its files, without their endings."""
    sentences: tuple[Sentence, ...]
    seed: str
    unseen: bool
    longest: float
    drawn: Path | None


def fill_store(
    folder: Path,
    sentences: Sequence[Sentence],
    *,
    seed: int,
    unseen: bool,
    shard_size: int = 2000,
    processes: int = 1,
    longest: float = 7.0,
    drawn: Path | None = None,
) -> Iterator[int]:
    """
    Speak all sentences into a store; gives the number of utterances after each shard.

    Shards that are there already are left as they are. `drawn` is a folder of drawn variants. Utterances of more than `longest` seconds are left out.

    Raises:
        SpeechError: espeak-ng is missing.
        OSError: the disk is full, or the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shards = range(0, len(sentences), shard_size)
    jobs = [
        _Shard(
            folder / f"{number:04d}",
            tuple(sentences[at : at + shard_size]),
            f"{seed}:{number}",
            unseen,
            longest,
            drawn,
        )
        for number, at in enumerate(shards)
    ]
    missing = [job for job in jobs if not job.path.with_suffix(".json").exists()]
    if processes == 1:
        yield from map(_speak_shard, missing)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(_speak_shard, missing)


def _speak_shard(job: _Shard) -> int:
    rng = random.Random(job.seed)
    rows, at = [], 0
    part = job.path.with_suffix(".part")
    with part.open("wb") as file:
        for sentence in job.sentences:
            voice = draw_voice(sentence.lang, rng, unseen=job.unseen, drawn=job.drawn)
            sound = _trimmed(speak(sentence.text, voice))
            if len(sound) > job.longest * RATE:
                continue
            file.write(sound.tobytes())
            rows.append(
                {
                    "sentence": asdict(sentence),
                    "voice": voice.name,
                    "start": at,
                    "length": len(sound),
                }
            )
            at += len(sound)
    os.replace(part, job.path.with_suffix(".pcm"))  # noqa: PTH105 - atomic by contract
    table = json.dumps(rows, ensure_ascii=False)
    part.write_text(table, encoding="utf-8")
    os.replace(part, job.path.with_suffix(".json"))  # noqa: PTH105 - atomic by contract
    return len(rows)


def _trimmed(sound: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """Without the silence that espeak-ng puts behind; 50 ms are left on both sides."""
    loud = np.flatnonzero(np.abs(sound) > _LOUD)
    if len(loud) == 0:
        return sound
    margin = RATE // 20
    return sound[max(0, loud[0] - margin) : loud[-1] + margin]
