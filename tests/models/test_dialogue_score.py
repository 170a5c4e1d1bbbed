"""Dialogues are judged in their context."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from sanso.grammars import parse
from sanso.models.evaluation.cases import Case, CaseError, Expected, read_cases
from sanso.models.evaluation.effect import Bench
from sanso.models.evaluation.report import show_failures, summarize
from sanso.models.evaluation.runner import run
from sanso.models.evaluation.score import Mark, Verdict, judge


class Told:
    """Understands what it was told, whatever is said."""

    def __init__(self, *programs: str) -> None:
        """Know a program for each turn."""
        self._programs = programs

    def programs(self, case: Case) -> list[tuple[str, float, float]]:
        """The programs, each certain and in a millisecond."""
        del case
        return [(program, 1.0, 1.0) for program in self._programs]


def dialogue(*accept: str, **state: object) -> Case:
    """A dialogue with one accepted program a turn."""
    turns = tuple(Expected("said", (parse(text),)) for text in accept)
    return Case("d", "en", turns, (), state)


OFF_LATER = "after(hours=2, minutes=0) -> set_power(state=off)"


@pytest.mark.parametrize(
    ("before", "accept", "got", "mark"),
    [
        # What a turn does is seen from where the turns before left the purifier.
        (
            "set_fan_level(level=4)",
            "step_fan(by=+1)",
            "set_fan_level(level=5)",
            "right",
        ),
        (
            "set_fan_level(level=4)",
            "step_fan(by=+1)",
            "set_fan_level(level=3)",
            "wrong_act",
        ),
        ("set_fan_level(level=4)", "undo()", "set_fan_level(level=2)", "right"),
        ("set_fan_level(level=4)", "chat(kind=thanks)", "undo()", "wrong_act"),
        (OFF_LATER, "undo()", "cancel_timer()", "right"),
        (OFF_LATER, "query(item=timer)", "cancel_timer()", "wrong_act"),
        ("reset_filter()", "answer(value=no)", "answer(value=yes)", "wrong_act"),
        ("reset_filter()", "answer(value=yes)", "answer(value=no)", "miss"),
        # Without anything to cancel, to undo or to agree to, these do nothing.
        ("query(item=air)", "chat(kind=thanks)", "undo()", "miss"),
        ("query(item=air)", "chat(kind=thanks)", "cancel_timer()", "miss"),
        ("ask(slot=level)", "set_fan_level(level=4)", "answer(value=yes)", "miss"),
        ("query(item=air)", "undo()", "cancel_timer()", "miss"),
    ],
)
def test_a_turn_is_judged_in_its_context(
    before: str, accept: str, got: str, mark: str
) -> None:
    """Effects and wrong acts of a turn count from the state, timers and questions before it."""
    first, second = run([dialogue(before, accept)], Told(before, got))
    assert first.mark is Mark.RIGHT
    assert second.mark.value == mark


def test_a_wrong_turn_does_not_spoil_the_next() -> None:
    """Behind a wrong turn the next is judged as if the accepted program had been carried out."""
    case = dialogue("set_fan_level(level=4)", "step_fan(by=+1)")
    verdicts = run([case], Told("reject(reason=noise)", "set_fan_level(level=5)"))
    assert [v.mark for v in verdicts] == [Mark.MISS, Mark.RIGHT]


def test_another_right_way_is_the_context_of_what_follows() -> None:
    """Behind a turn that was right in another way, its own program is what was done."""
    accept = (parse("set_fan_level(level=4)"), parse("set_fan_level(level=3)"))
    turns = (
        Expected("said", accept),
        Expected("said", (parse("step_fan(by=+1)"),)),
    )
    case = Case("d", "en", turns, (), {})
    programs = ("set_fan_level(level=3)", "set_fan_level(level=4)")
    assert [v.mark for v in run([case], Told(*programs))] == [Mark.RIGHT, Mark.RIGHT]


def test_a_false_action_is_wrong_also_with_the_right_effect() -> None:
    """What a case calls plainly wrong is a wrong act, even if it ends in the wanted state."""
    program = "set_fan_level(level=3)"
    case = Expected("said", (parse(program),), ("step_fan(by=+1)",))
    assert judge(case, "step_fan(by=+1)", Bench({"fan": 2})) is Mark.WRONG_ACT
    assert judge(case, program, Bench({"fan": 2})) is Mark.RIGHT


@pytest.mark.parametrize(
    ("accept", "got", "mark"),
    [
        ("lasting(hours=1, minutes=0) -> {}", "lasting(hours=1, minutes=0) -> {}", 1),
        ("lasting(hours=1, minutes=0) -> {}", "lasting(hours=2, minutes=0) -> {}", 0),
        ("after(hours=1, minutes=0) -> {}", "lasting(hours=1, minutes=0) -> {}", 0),
        ("after(hours=1, minutes=0) -> {}", "after(hours=1, minutes=0) -> {}", 1),
    ],
)
def test_timers_are_compared_by_what_they_will_do(
    accept: str, got: str, mark: int
) -> None:
    """Two ways to name a level are one also behind a trigger; another time or trigger is not."""
    case = Expected("said", (parse(accept.format("set_fan_level(level=max)")),))
    found = judge(case, got.format("set_fan_level(level=5)"), Bench({}))
    assert found is (Mark.RIGHT if mark else Mark.WRONG_ACT)


@pytest.mark.parametrize(
    ("accept", "got"),
    [
        ("set_power(state=on)", "set_light(level=on)"),
        (
            "lasting(hours=1, minutes=0) -> set_power(state=on)",
            "lasting(hours=1, minutes=0) -> set_light(level=on)",
        ),
        (
            "after(hours=1, minutes=0) -> set_power(state=on)",
            "after(hours=1, minutes=0) -> set_light(level=on)",
        ),
        ("lasting(hours=1, minutes=0) -> set_power(state=on)", "query(item=power)"),
    ],
)
def test_two_acts_that_change_nothing_are_not_one(accept: str, got: str) -> None:
    """Calls that find the purifier so already are told apart by their text."""
    case = Expected("said", (parse(accept),))
    assert judge(case, got, Bench({"power": "on"})) is not Mark.RIGHT


def write(path: Path, *rows: object) -> Path:
    """A file of cases."""
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return path


ROW = {"id": "a", "lang": "en", "text": "on", "accept": [["set_power(state=on)"]]}


@pytest.mark.parametrize(
    "bad",
    [
        {"state": {"fan": 9}},
        {"state": {"fna": 1}},
        {"state": "on"},
        {"false_action": ["set_power(state=of)"]},
        {"id": "b"},
    ],
)
def test_what_cannot_be_used_is_found_before_the_run(
    bad: dict[str, object], tmp_path: Path
) -> None:
    """A state that no purifier has, a false action that is none and an id used twice are errors."""
    path = write(tmp_path / "c.jsonl", {**ROW, "id": "b"}, {**ROW, **bad})
    with pytest.raises(CaseError, match=r"c.jsonl:2"):
        read_cases(path)


def test_a_line_ends_only_where_it_ends(tmp_path: Path) -> None:
    """A line separator inside a sentence is part of the sentence."""
    row = json.dumps({**ROW, "text": "on\u2028now"}, ensure_ascii=False)
    (tmp_path / "c.jsonl").write_text(row, "utf-8")
    (case,) = read_cases(tmp_path / "c.jsonl")
    assert case.turns[0].text == "on\u2028now"


def test_whole_dialogues_are_counted_once() -> None:
    """A dialogue is right when all its turns are, a wrong act when one is."""
    case = dialogue("set_fan_level(level=4)", "chat(kind=thanks)")
    right = Told("set_fan_level(level=4)", "chat(kind=thanks)")
    wrong = Told("set_fan_level(level=4)", "set_power(state=off)")
    other = Case("e", "en", case.turns, (), {})
    summary = summarize([*run([case], right), *run([other], wrong)])
    turns, whole = summary.dialogues
    assert (turns.right.hits, turns.right.n) == (3, 4)
    assert (whole.right.hits, whole.wrong_acts.hits, whole.right.n) == (1, 1, 2)


def test_a_failure_is_shown_as_it_was_said() -> None:
    """A sentence with brackets is shown whole and breaks no table."""
    turns = (Expected("[/b] fan [max]", (parse("set_power(state=on)"),)),)
    case = Case("a", "en", turns, (), {})
    console = Console(width=200, record=True, file=None, quiet=False)
    with console.capture() as shown:
        show_failures([Verdict(case, 0, "", Mark.MISS, 0.5, 1.0)], console)
    assert "[/b] fan [max]" in shown.get()
