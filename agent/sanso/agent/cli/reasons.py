"""An explanation for the eye: what was read, chosen, judged, written and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from .tables import choices_table, percent, plain, rows_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .texts import Texts


def reasons(found: dict[str, Any], texts: Texts) -> RenderableType:
    """Return the whole explanation, part by part."""
    return Group(*_parts(found, texts))


def _parts(found: dict[str, Any], texts: Texts) -> Iterator[RenderableType]:
    yield rows_table(_read(found, texts))
    if found["decisions"]:
        yield Text(f"\n{texts.say('why.head.choices')}", style="bold")
        yield choices_table(found["decisions"], texts)
        yield Text(texts.say("why.legend"), style="dim")
    if found["runner_ups"]:
        yield Text(f"\n{texts.say('why.head.others')}", style="bold")
        yield rows_table(
            (percent(other["probability"]), other["program"])
            for other in found["runner_ups"]
        )
    yield Text(f"\n{texts.say('why.head.judged')}", style="bold")
    yield rows_table(_judged(found, texts))
    if found["done"]:
        yield Text(f"\n{texts.say('why.head.done')}", style="bold")
        yield _done(found, texts)


def _read(found: dict[str, Any], texts: Texts) -> Iterator[tuple[str, str]]:
    yield texts.say("why.said"), plain(found["utterance"])
    for turn in found["before"]:
        mark = "why.before.asked" if turn["waiting"] else "why.before"
        yield texts.say(mark), f"{turn['sentence']} → {turn['program']}"
    if found.get("prompt"):
        yield texts.say("why.tokens"), plain(" ".join(map(_shown, found["prompt"])))
    if found["program"]:
        yield texts.say("why.program"), found["program"]
    yield texts.say("why.answer"), found["words"]
    spent = ", ".join(
        f"{texts.find(f'why.ms.{name}') or name} {ms:.1f} ms"
        for name, ms in found["ms"].items()
    )
    if spent:
        yield texts.say("why.times"), spent


def _shown(piece: str) -> str:
    """Return a token with its own space made visible."""
    return piece.replace(" ", "▁")


def _judged(found: dict[str, Any], texts: Texts) -> Iterator[tuple[str, str]]:
    judged = found["judgement"]
    if judged:
        yield (
            texts.say("why.sure"),
            texts.say(
                "why.sure.of",
                kind=texts.say(f"why.kind.{judged['kind']}"),
                sure=percent(judged["probability"]),
                do=percent(judged["do_from"]),
                ask=percent(judged["ask_from"]),
            ),
        )
        yield texts.say("why.doing"), texts.say(f"why.doing.{judged['doing']}")
        guard = judged["guard"]
        yield (
            texts.say("why.guard"),
            texts.say("why.guard.found", words=guard)
            if guard
            else texts.say("why.fine"),
        )
    for row in found["policy"]:
        if row["lacking"]:
            told = texts.say("why.policy.lacking", word=row["lacking"][1])
        elif row["needs_yes"]:
            told = texts.say("why.policy.yes")
        else:
            told = texts.say("why.fine")
        yield texts.say("why.policy"), f"{row['statement']}: {told}"


def _done(found: dict[str, Any], texts: Texts) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for key in ("why.call", "why.outcome", "why.changed"):
        table.add_column(texts.say(key), overflow="fold")
    for row in found["done"]:
        if "words" in row:
            table.add_row("", "", Text(row["words"]))
            continue
        changed = ", ".join(
            f"{name}: {old} → {new}" for name, (old, new) in row["changed"].items()
        )
        outcome = " ".join(filter(None, (row["code"], row["detail"])))
        table.add_row(Text(row["call"]), Text(outcome), Text(changed or "-"))
    return table
