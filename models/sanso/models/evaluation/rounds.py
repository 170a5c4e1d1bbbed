"""
One round of the data loop: what fails, why, and what to write next.

Strategy: every failure gets one cause, told from expected and written program alone; causes are counted, confusions listed, and a former
run compared turn by turn (McNemar). The report names types of sentences to write, never the failing sentences as material.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sanso.grammars import CallError, Program, parse

from .report import markdown, summarize
from .score import Mark, mcnemar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .score import Verdict

_SHOWN: Final = 6


class Cause(StrEnum):
    """Why a turn failed; the text says what to write more of."""

    LOST_TIME = "a time that was said is missing"
    WRONG_TIME = "the time is another"
    INVENTED_TIME = "a time that nobody said"
    LOST_STATEMENT = "a statement is missing"
    EXTRA_STATEMENT = "a statement too many"
    WRONG_VALUE = "the right call with another value"
    ACT_FOR_REFUSAL = "acted on what should be turned down"
    REFUSAL_FOR_ACT = "turned down what should be done"
    ANSWER_FOR_ACT = "asked or answered where something should be done"
    ACT_FOR_ANSWER = "acted where an answer was wanted"
    OTHER_CALL = "another call"
    NO_PROGRAM = "no program"


_WORDS: Final = frozenset({"query", "give_tip", "ask", "chat", "answer"})


def cause_of(verdict: Verdict) -> Cause:
    """The one cause of a failure, against the best accepted program."""
    try:
        got = parse(verdict.got)
    except CallError:
        return Cause.NO_PROGRAM
    want = verdict.case.turns[verdict.turn].accept[0]
    if len(got.statements) != len(want.statements):
        fewer = len(got.statements) < len(want.statements)
        if _calls(got) == {"reject"}:
            return Cause.REFUSAL_FOR_ACT
        return Cause.LOST_STATEMENT if fewer else Cause.EXTRA_STATEMENT
    return _times(got, want) or _names(got, want)


def _times(got: Program, want: Program) -> Cause | None:
    said = [s.trigger for s in want.statements]
    written = [s.trigger for s in got.statements]
    if said == written or _calls(got) == {"reject"}:
        return None
    if any(said) and not any(written):
        return Cause.LOST_TIME
    return Cause.WRONG_TIME if any(said) else Cause.INVENTED_TIME


def _names(got: Program, want: Program) -> Cause:
    have, need = _calls(got), _calls(want)
    if have == need:
        return Cause.WRONG_VALUE
    if "reject" in need:
        return Cause.ACT_FOR_REFUSAL if have - _WORDS else Cause.OTHER_CALL
    if "reject" in have:
        return Cause.REFUSAL_FOR_ACT
    if have <= _WORDS and not need <= _WORDS:
        return Cause.ANSWER_FOR_ACT
    if need <= _WORDS and not have <= _WORDS:
        return Cause.ACT_FOR_ANSWER
    return Cause.OTHER_CALL


def _calls(program: Program) -> set[str]:
    return {call.call_name() for call in program.calls()}


def write_round(path: Path, verdicts: Sequence[Verdict], former: Path | None) -> None:
    """
    Write the report of a round as Markdown.

    Raises:
        OSError: a file cannot be read or written; ValueError: the former run is not one of ours.
    """
    wrong = [v for v in verdicts if v.mark is not Mark.RIGHT]
    parts = ["# A round", "", markdown(summarize(verdicts)), ""]
    if former is not None:
        parts += [_compared(verdicts, former), ""]
    parts += [
        "## Causes",
        "",
        *_causes(wrong),
        "",
        "## Confusions",
        "",
        *_confusions(wrong),
    ]
    parts += ["", "## What to write next", "", *_next(wrong), ""]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(parts), encoding="utf-8")


def _compared(verdicts: Sequence[Verdict], former: Path) -> str:
    rows = json.loads(former.read_text(encoding="utf-8"))["verdicts"]
    before = {(row["id"], row["turn"]): row["mark"] == "right" for row in rows}
    pairs = [
        (before[v.case.name, v.turn], v.mark is Mark.RIGHT)
        for v in verdicts
        if (v.case.name, v.turn) in before
    ]
    gained = sum(new and not old for old, new in pairs)
    lost = sum(old and not new for old, new in pairs)
    p = mcnemar(lost, gained)
    return (
        f"Against the former run, {len(pairs)} turns in both: {gained} won, {lost} lost, "
        f"difference {(gained - lost) / max(1, len(pairs)):+.1%} (McNemar p = {p:.2g})."
    )


def _causes(wrong: Sequence[Verdict]) -> list[str]:
    groups: dict[Cause, list[Verdict]] = defaultdict(list)
    for verdict in wrong:
        groups[cause_of(verdict)].append(verdict)
    lines = ["| cause | turns | wrong acts | examples |", "|---|---|---|---|"]
    for cause, listed in sorted(groups.items(), key=lambda item: -len(item[1])):
        acts = sum(v.mark is Mark.WRONG_ACT for v in listed)
        shown = "<br>".join(
            f"{v.case.turns[v.turn].text} → `{v.got}`" for v in listed[:_SHOWN]
        )
        lines.append(f"| {cause.value} | {len(listed)} | {acts} | {shown} |")
    return lines


def _confusions(wrong: Sequence[Verdict]) -> list[str]:
    counts: Counter[tuple[str, str]] = Counter(
        (v.expected.partition("(")[0], v.got.partition("(")[0]) for v in wrong
    )
    lines = ["| wanted | written | turns |", "|---|---|---|"]
    lines += [f"| {w} | {g} | {n} |" for (w, g), n in counts.most_common(20)]
    return lines


def _next(wrong: Sequence[Verdict]) -> list[str]:
    """Types by how much is lost there: what the next sentences should be about."""
    counts = Counter((v.case.lang, v.case.family, cause_of(v)) for v in wrong)
    return [
        f"- {family} ({lang}): {cause.value}, {count} times"
        for (lang, family, cause), count in counts.most_common(15)
    ]
