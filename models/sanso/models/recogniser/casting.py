"""
Have cases spoken: a folder of WAVs with their `cases.jsonl`, as `sanso voice bench` reads it.

Strategy: every case is said in so many voices of its language that no training utterance used, each case in others; what cannot be told in words alone, or
holds both scripts, is left out and counted. What is there already is not spoken again.
"""

from __future__ import annotations

import json
import random
import wave
from typing import TYPE_CHECKING, Any, Final

from sanso.models.evaluation.cases import CaseError, case_files

from .speech import RATE, speak
from .spoken import spoken
from .voices import Voice, draw_voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_TRIES: Final = 50


def read_rows(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """
    The cases of one sentence in files or folders of `.jsonl`, as they stand there.

    Raises:
        CaseError: there are none, or a line is not a JSON object.
    """
    rows = []
    for path in paths:
        for file in case_files(path):
            for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
                try:
                    row = json.loads(line)
                except json.JSONDecodeError as error:
                    msg = f"{file.name}:{number}: not JSON ({error.msg})"
                    raise CaseError(msg) from None
                rows += [row] if "text" in row else []
    return rows


def cast(
    rows: Sequence[dict[str, Any]], out: Path, *, voices: int = 4, seed: int = 1
) -> Iterator[str | None]:
    """
    Speak each case in so many voices; give its id, or None where it cannot be spoken. The table is written at the end.

    Raises:
        SpeechError: espeak-ng is missing.
        OSError: the folder cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    table = []
    for row in rows:
        both = row["lang"] == "mix"
        words = None if both else spoken(row["text"], row["lang"])
        if not words:
            yield None
            continue
        for number, voice in enumerate(_voices(row, voices, seed), 1):
            name = f"{row['id']}-{number}"
            if not (out / f"{name}.wav").exists():
                _write(out / f"{name}.wav", words, voice)
            table.append({**row, "id": name, "wav": f"{name}.wav", "voice": voice.name})
        yield row["id"]
    lines = [json.dumps(row, ensure_ascii=False) for row in table]
    (out / "cases.jsonl").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _voices(row: dict[str, Any], count: int, seed: int) -> list[Voice]:
    """Different unseen voices for a case, always the same ones."""
    rng = random.Random(f"{seed}:{row['id']}")
    found: dict[str, Voice] = {}
    for _ in range(_TRIES * count):
        voice = draw_voice(row["lang"], rng, unseen=True)
        found.setdefault(voice.name, voice)
        if len(found) == count:
            break
    return list(found.values())


def _write(path: Path, words: str, voice: Voice) -> None:
    """Write a WAV, whole or not at all."""
    part = path.with_suffix(".part")
    with wave.open(str(part), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(speak(words, voice).tobytes())
    part.rename(path)
