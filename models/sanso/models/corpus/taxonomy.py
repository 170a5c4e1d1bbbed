"""
Sort sentences into types, and say where there are too few.

Strategy: a type is call x language x register x structure x directness x noise, each told from the line itself by small tables, so
that every new line is counted without anybody labelling it. Quotas stand beside the sentences in `quotas.toml`: lines per call
for Korean, and the share of that which English and mixed sentences need.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .lines import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .lines import Line

_FORMAL: Final = re.compile(
    r"니다|니까|십시오|시오|시겠|실래요|실 수|세요|셔요|please|could you|would you|kindly|mind|may i|might i|if it'?s"
)
_POLITE: Final = re.compile(
    r"요[.?!~… ㅋㅎㅠ]*$|죠[.?!~ ]*$|can you|can we|let's|thanks"
)
_CORRECTION: Final = re.compile(
    r"아니[,. ]|아니다|말고|아 참|no,? wait|actually|scratch that|i mean|sorry|make that|rather"
)
_COMMAND: Final = re.compile(
    r"켜|꺼|끄|틀어|돌려|맞춰|바꿔|올려|내려|낮춰|높여|줄여|해 ?줘|해 ?라|설정|모드|[0-9}일이삼사오육칠팔구십] ?단|알려|얼마|"
    r"몇|취소|잠가|잠금|설명|예약|turn|switch|set|put|make|mode|level|speed|fan|light|display|timer|cancel|"
    r"tell me|what|how|is it|read|lock|start|stop|run|go |give|undo|filter|percent|%"
)
_JAMO: Final = re.compile(r"[ㄱ-ㅎㅏ-ㅣ]")
_LONG_WITHOUT_SPACE = 9


@dataclass(frozen=True)
class Type:
    """What kind of sentence a line is."""

    call: str
    lang: str
    register: str
    structure: str
    directness: str
    noise: str


def type_of(line: Line) -> Type:
    """Tell a line's type from its words and its program."""
    said = line.turns[-1].sentence.lower()
    program = line.turns[-1].program
    return Type(
        call=line.kind,
        lang=line.lang,
        register=_register(said),
        structure=_structure(line, said, program),
        directness="direct" if _COMMAND.search(said) else "indirect",
        noise=_noise(said),
    )


def _register(said: str) -> str:
    if _FORMAL.search(said):
        return "formal"
    return "polite" if _POLITE.search(said) else "casual"


def _structure(line: Line, said: str, program: str) -> str:
    if len(line.turns) > 1:
        return "dialogue"
    if _CORRECTION.search(said):
        return "correction"
    if "; " in program:
        return "compound"
    return "timed" if " -> " in program else "single"


def _noise(said: str) -> str:
    if _JAMO.search(said):
        return "texting"
    words = said.split()
    korean = re.search(r"[가-힣]", said)
    if korean and len(words) == 1 and len(said) > _LONG_WITHOUT_SPACE:
        return "unspaced"
    return "clean"


@dataclass(frozen=True)
class Need:
    """How many lines of a call there are in a language, and how many there should be."""

    call: str
    lang: str
    have: int
    quota: int

    @property
    def is_thin(self) -> bool:
        """Whether more must be written."""
        return self.have < self.quota


def needs(lines: Iterable[Line]) -> list[Need]:
    """Every call in every language against its quota, the thinnest first. Raises OSError without quotas."""
    text = (SENTENCES.parent / "quotas.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    have = Counter((line.kind, line.lang) for line in lines)
    listed = [
        Need(call, lang, have[call, lang], round(korean * share))
        for call, korean in table["lines"].items()
        for lang, share in table["shares"].items()
    ]
    return sorted(listed, key=lambda need: need.have / need.quota)
