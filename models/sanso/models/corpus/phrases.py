"""
Compose regular sentences from a bank of acts and frames around them.

Strategy: what is regular (times, conditions, compounds, endings) is not written by hand but put together: a phrase of an act, an
ending, a frame with a duration or a clock time. Both files are data: `acts.toml` and `frames.toml`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .slots import fill

if TYPE_CHECKING:
    from random import Random

DATA: Final = Path(__file__).parent.parent / "data"
_CONDITION: Final = re.compile(r"(\w+)_(above|below)")
_SLOT_NAMES: Final = re.compile(r"\{(level|percent|n|dur|clock|num)\}")
_MOMENTARY: Final = {"query", "give_tip", "reset_filter", "cancel_timer"}
"""Nothing of these lasts, or could be put back."""


@dataclass(frozen=True)
class Made:
    """A composed sentence with its program."""

    sentence: str
    program: str
    kind: str
    lang: str


class Phrases:
    """The bank, read once."""

    def __init__(self, folder: Path = DATA) -> None:
        """Read both files. Raises OSError and tomllib.TOMLDecodeError."""
        acts = tomllib.loads((folder / "acts.toml").read_text(encoding="utf-8"))
        self._acts: list[dict[str, Any]] = acts["act"]
        text = (folder / "frames.toml").read_text(encoding="utf-8")
        self._frames: dict[str, dict[str, list[str]]] = tomllib.loads(text)

    def plain(self, lang: str, rng: Random) -> Made:
        """One act, with an ending and perhaps an opener or a closer."""
        act, phrase = self._phrase(lang, rng)
        sentence = self._around(self._final(phrase, lang, rng), lang, rng)
        return self._made(sentence, act["program"], "plain", lang, rng)

    def timed(self, lang: str, rng: Random) -> Made:
        """An act behind one of the four triggers."""
        frames = self._frames[lang]
        names = [n for n in frames if n not in ("join2", "before", "behind", "endings")]
        conditions = [n for n in names if _CONDITION.fullmatch(n)]
        times = [n for n in names if n not in conditions]
        name = rng.choice(conditions if rng.random() < 0.35 else times)  # noqa: PLR2004
        if name == "at_once" and rng.random() < 0.3:  # noqa: PLR2004 - the commonest of all
            name = "after"
        act, phrase = self._phrase(lang, rng, timed=name)
        frame = rng.choice(frames[name])
        sentence = frame.replace("{act}", self._final(phrase, lang, rng))
        program = f"{_trigger(name)} -> {act['program']}"
        sentence = self._around(sentence, lang, rng)
        return self._made(sentence, program, name, lang, rng)

    def compound(self, lang: str, rng: Random) -> Made:
        """Two acts, sometimes three, joined."""
        count = 3 if rng.random() < 0.25 else 2  # noqa: PLR2004
        chosen: list[tuple[dict[str, Any], str]] = []
        while len(chosen) < count:
            act, phrase = self._phrase(lang, rng)
            if "{" in phrase and any("{" in p for _, p in chosen):
                continue
            if all(_head(act) != _head(other) for other, _ in chosen):
                chosen.append((act, phrase))
        sentence = self._final(chosen[-1][1], lang, rng)
        for _, phrase in reversed(chosen[:-1]):
            first = phrase if lang == "en" else _connective(phrase)
            joint = rng.choice(self._frames[lang]["join2"])
            sentence = joint.replace("{first}", first).replace("{act}", sentence)
        programs = [act["program"] for act, _ in chosen]
        if rng.random() < 0.25:  # noqa: PLR2004 - the last one later
            name = rng.choice(("after", "at_once"))
            tail_act, tail = self._phrase(lang, rng, timed=name)
            frame = rng.choice(self._frames[lang][name])
            part = frame.replace("{act}", self._final(tail, lang, rng))
            if "{" not in tail and len(programs) < 3:  # noqa: PLR2004
                glue = " 그리고 " if lang != "en" else " and "
                sentence = sentence + rng.choice((glue, ", ")) + part
                programs.append(f"{_trigger(name)} -> {tail_act['program']}")
        sentence = self._around(sentence, lang, rng)
        return self._made(sentence, "; ".join(programs), "compound", lang, rng)

    def opener(self, sentence: str, lang: str, rng: Random) -> str:
        """Any sentence with an opener or a closer around it."""
        return self._around(sentence, lang, rng, often=1.0)

    def _phrase(
        self, lang: str, rng: Random, timed: str = ""
    ) -> tuple[dict[str, Any], str]:
        while True:
            act = rng.choice(self._acts)
            untimely = timed == "lasting" and _head(act).split("(")[0] in _MOMENTARY
            if act.get(lang) and not untimely:
                return act, rng.choice(act[lang])

    def _final(self, phrase: str, lang: str, rng: Random) -> str:
        if lang == "en":
            return phrase
        return phrase.partition("|")[0] + rng.choice(self._frames[lang]["endings"])

    def _around(
        self, sentence: str, lang: str, rng: Random, often: float = 0.25
    ) -> str:
        frames = self._frames[lang]
        if rng.random() >= often:
            return sentence
        if rng.random() < 0.6:  # noqa: PLR2004
            return f"{rng.choice(frames['before'])} {sentence}"
        return f"{sentence} {rng.choice(frames['behind'])}"

    def _made(
        self, sentence: str, program: str, kind: str, lang: str, rng: Random
    ) -> Made:
        said, written = fill(sentence, program, lang, rng)
        return Made(said, written, kind, lang)


def _connective(phrase: str) -> str:
    """`수면 모드로 바꿔|바꾸고` is 수면 모드로 바꾸고: what stands behind the bar replaces the last words."""
    final, _, tail = phrase.partition("|")
    words = final.split()
    return " ".join([*words[: len(words) - len(tail.split())], tail])


def _head(act: dict[str, Any]) -> str:
    """Acts of one head set the same thing: a compound takes one of each."""
    program: str = act["program"]
    name = program.split("(", maxsplit=1)[0]
    if name in ("set_fan_level", "set_fan_percent", "step_fan", "set_mode"):
        return "fan"
    return program.partition(", state=")[0] if name == "set_option" else program


def _trigger(name: str) -> str:
    if name == "after":
        return "after({dur})"
    if name == "lasting":
        return "lasting({dur})"
    if condition := _CONDITION.fullmatch(name):
        metric, side = condition.groups()
        return f"when(metric={metric}, {side}={{num}})"
    return f"at(time={{clock}}, repeat={name.removeprefix('at_')})"
