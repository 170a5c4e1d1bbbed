"""How a miss is written: as a line of JSON that is kept, and as a line of training. Pure."""

from __future__ import annotations

import hashlib
import json
import math
import re
from datetime import UTC, datetime
from typing import Final

from sanso.grammars import CallError, parse

from .miss_watch import Miss, MissKind

_SLOT: Final = re.compile(r"\{(?:level|percent|n|dur|clock|num)[23]?\}")
"""What a line of training would take for a value to draw."""
_PARTS: Final = (" => ", " >> ")
"""What parts a line of training."""
_MARKS: Final = "@# "
"""What makes a line of training a speaker or a comment."""


def miss_name(miss: Miss) -> str:
    """The name by which an owner labels a miss; a sentence has one, however often it is missed."""
    return hashlib.sha256(miss.sentence.encode("utf-8", "replace")).hexdigest()[:8]


def kept_line(miss: Miss) -> bytes:
    """The miss as one line of JSON, with the end of the line."""
    plain = {
        "at": iso(miss.at),
        "lang": miss.lang,
        "sentence": miss.sentence,
        "program": miss.program,
        "confidence": None if miss.confidence is None else round(miss.confidence, 4),
        "kind": miss.kind.value,
        "label": miss.label,
    }
    text = json.dumps(plain, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def read_kept(line: bytes) -> Miss | None:
    """The miss of a line; None where it is none of ours, or torn."""
    try:
        found = json.loads(line)
        confidence = found["confidence"]
        miss = Miss(
            at=datetime.fromisoformat(found["at"]).timestamp(),
            lang=str(found["lang"]),
            sentence=found["sentence"],
            program=str(found["program"]),
            confidence=None if confidence is None else float(confidence),
            kind=MissKind(found["kind"]),
            label=str(found["label"]),
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    return miss if isinstance(miss.sentence, str) else None


def training_line(miss: Miss) -> str:
    """`sentence => program` of a labelled miss; empty where there is no label, or such a line cannot hold the sentence."""
    sentence = " ".join(miss.sentence.split()).lstrip(_MARKS)
    if not miss.label or not sentence or _SLOT.search(sentence):
        return ""
    if any(part in f" {sentence} " for part in _PARTS):
        return ""
    try:
        return f"{sentence} => {parse(miss.label).render()}"
    except CallError:
        return ""  # somebody wrote into the file by hand


def training_key(sentence: str) -> str:
    """What is left of a sentence where spelling, spaces and numbers do not count: two of one key teach the same."""
    return re.sub(r"\W+", "", re.sub(r"\d+", "0", sentence.lower()))


def iso(at: float) -> str:
    """A moment to the second, ISO 8601 in UTC; the year 1970 for one that no calendar has."""
    try:
        moment = datetime.fromtimestamp(at if math.isfinite(at) else 0.0, UTC)
    except (OverflowError, ValueError, OSError):
        moment = datetime.fromtimestamp(0.0, UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
