"""
Write the prompt: what the model reads before it writes a program.

Strategy: the shipped model has its calls in its weights, so a prompt is a few control tokens, the turns before,
and the sentence. Training uses this very module: what is trained is what is run. A change of anything here is a new
`PROMPT_VERSION`, and a model of another version is refused.

    <s> [<was> earlier sentence (<did>|<wait>) its program]{0,2} <say> sentence <call> program </s>

`<wait>` instead of `<did>` says that the agent asked something about that program and waits for the answer.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, NamedTuple

from sanso.grammars import ARROW, SEPARATOR, CallSet, form_words

from .errors import UtteranceError

PROMPT_VERSION: Final = 1
MAX_CHARACTERS: Final = 300
"""Of a sentence; the longest spoken command that was ever seen has a third of it."""
MAX_TURNS: Final = 2
"""Turns before the present one that the model sees."""

BOS: Final = "<s>"
EOS: Final = "</s>"
WAS: Final = "<was>"
DID: Final = "<did>"
WAIT: Final = "<wait>"
SAY: Final = "<say>"
CALL: Final = "<call>"
CONTROLS: Final = (BOS, EOS, WAS, DID, WAIT, SAY, CALL)

# U+FF01..U+FF5E are the ASCII signs at full width (Unicode, Halfwidth and Fullwidth Forms).
_FULL_WIDTH: Final = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20}
_QUOTES: Final = str.maketrans("‘’“”–—…", "''\"\"--.")


@dataclass(frozen=True)
class Turn:
    """What was said before and what the agent made of it."""

    sentence: str
    program: str
    waiting: bool = False
    """Whether the agent asked something and waits for the answer."""


class Piece(NamedTuple):
    """A stretch of the prompt: a control token, a sentence, or a program."""

    kind: str
    """`control`, `sentence` or `program`: each is made into tokens in its own way."""
    text: str


def normalize(text: str) -> str:
    """
    A sentence as the model reads it: NFC, lower case, one space between words, no control characters.

    Raises:
        UtteranceError: nothing readable is left, or too much.
    """
    if len(text) > MAX_CHARACTERS * 8:
        raise _too_long(len(text))
    kept = "".join(
        " " if unicodedata.category(char) in _SPACES else char
        for char in unicodedata.normalize("NFC", text).translate(_FULL_WIDTH)
        if unicodedata.category(char) not in _DROPPED
    )
    # What was dropped may have stood between a letter and its accent: compose again.
    lower = unicodedata.normalize("NFC", kept.translate(_QUOTES).lower())
    plain = " ".join(lower.split())
    if not any(char.isalnum() for char in plain):
        msg = "the sentence is empty; say or type what the purifier shall do"
        raise UtteranceError(msg, reason="empty")
    if len(plain) > MAX_CHARACTERS:
        raise _too_long(len(plain))
    return plain


_SPACES: Final = ("Cc", "Zs", "Zl", "Zp")
_DROPPED: Final = ("Cf", "Cs", "Co", "Cn")
"""Format characters, lone surrogates, private use, unassigned."""


def prompt(sentence: str, turns: tuple[Turn, ...] = ()) -> list[Piece]:
    """The prompt of a normalized sentence after these turns, up to where the program begins."""
    pieces = [Piece("control", BOS)]
    for turn in turns[-MAX_TURNS:]:
        mark = WAIT if turn.waiting else DID
        pieces += [Piece("control", WAS), Piece("sentence", turn.sentence)]
        pieces += [Piece("control", mark), Piece("program", turn.program)]
    pieces += [Piece("control", SAY), Piece("sentence", sentence)]
    return [*pieces, Piece("control", CALL)]


def program_pieces(text: str) -> list[str]:
    """A program in canonical text, cut into the pieces that are tokens of the shipped model."""
    return _PROGRAM.findall(text)


def program_tokens(calls: CallSet) -> list[str]:
    """Every piece into which programs of the set are cut, sorted, each once."""
    found = {ARROW, SEPARATOR, ")", "-", "+", ":", *"0123456789"}
    for cls, case in calls.forms():
        text = cls.call_name() + "("
        for name, form in case:
            found.add(f"{text}{name}=")
            text = ", "
            found.update(form_words(form))
        if not case:
            found.add(text)
    return sorted(found)


_PROGRAM: Final = re.compile(r"\w+\((?:\w+=)?|, \w+=|\)|; | -> |\d|[-+:]|\w+")


def _too_long(length: int) -> UtteranceError:
    msg = f"the sentence has {length} characters; at most {MAX_CHARACTERS} can be read"
    return UtteranceError(msg, reason="too_long")
