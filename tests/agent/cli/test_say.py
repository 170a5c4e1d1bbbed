from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sanso.agent.cli.say import remarks
from sanso.agent.cli.texts import TEXTS


def test_remarks_show_program_and_time(make_agent: Any) -> None:
    """Below the answer stand the program and the milliseconds."""
    agent = make_agent({"켜 줘": "set_power(state=on)"})
    reply = agent.say("켜 줘")
    (line,) = remarks(reply, 0, TEXTS["ko"])
    assert line.startswith("set_power(state=on) · ")
    assert line.endswith(" ms")


def test_a_timer_is_said_to_end(make_agent: Any) -> None:
    """A timer that ends with the process is said to, in the language of the terminal."""
    program = "after(hours=2, minutes=0) -> set_power(state=off)"
    agent = make_agent({"두 시간 뒤 꺼": program})
    reply = agent.say("두 시간 뒤 꺼")
    assert len(agent.scheduler.snapshot()) == 1
    assert TEXTS["ko"].say("say.timer") in remarks(reply, 1, TEXTS["ko"])
    assert TEXTS["en"].say("say.timer") in remarks(reply, 1, TEXTS["en"])


@pytest.mark.parametrize(
    ("program", "asked"),
    [
        ("ask(slot=level)", True),
        ("reset_filter()", True),
        ("set_power(state=on)", False),
        ("after(hours=1, minutes=0) -> reset_filter()", True),
    ],
)
def test_a_question_says_where_to_answer(
    program: str,
    asked: bool,  # noqa: FBT001 - a column of the table
    make_agent: Any,
) -> None:
    """Nobody can answer a command that has ended."""
    reply = make_agent({"hi": program}).say("hi")
    lines = remarks(reply, 0, TEXTS["en"])
    assert asked == (TEXTS["en"].say("say.question") in lines)


@pytest.mark.engine
def test_answers(random_gguf: Path, sanso: Any) -> None:
    """The answer stands first, the program in a line of its own; the exit code is 0."""
    run = sanso("say", "--model", str(random_gguf), "바람", "세게")
    assert (run.code, run.err) == (0, "")
    answer, program, *_ = run.out.splitlines()
    assert answer
    assert "(" in program
    assert program.endswith(" ms")
    assert "\x1b" not in run.out


@pytest.mark.engine
def test_json_is_one_object(random_gguf: Path, sanso: Any) -> None:
    """With `--json` there is one JSON object and nothing else; words make one sentence."""
    run = sanso("say", "--json", "바람", "세게", "--model", str(random_gguf))
    row = json.loads(run.out)
    assert run.out.count("\n") == 1
    assert (row["utterance"], row["lang"], row["error"]) == ("바람 세게", "ko", None)
    assert row["program"]
    assert {"decide", "act", "total"} == set(row["ms"])


@pytest.mark.engine
@pytest.mark.parametrize(
    ("lang", "expected"),
    [("en", "there are no words in the sentence"), ("ko", "문장이 비어 있어요")],
)
def test_nothing_said(lang: str, expected: str, random_gguf: Path, sanso: Any) -> None:
    """An empty sentence ends with 1; in JSON too, where the object is still printed."""
    run = sanso("say", " ", "--lang", lang, "--model", str(random_gguf))
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith(f"sanso: {expected}")
    run = sanso("say", " ", "--json", "--model", str(random_gguf))
    assert (run.code, json.loads(run.out)["error"]) == (1, "empty")


@pytest.mark.engine
def test_too_much_said(random_gguf: Path, sanso: Any) -> None:
    """A sentence that is too long ends with 1 and one line."""
    run = sanso("say", "가" * 5000, "--model", str(random_gguf))
    assert (run.code, run.out) == (1, "")
    assert "the sentence is too long" in run.err


@pytest.mark.engine
@pytest.mark.parametrize(
    "text", ["켜 줘\udcff\udcb0", "\ud800 on", "a\0b\x1b[31m", "켜\n줘"]
)
def test_survives_any_text(text: str, random_gguf: Path, sanso: Any) -> None:
    """Bytes that are no text, and control characters, are no reason to fail."""
    run = sanso("say", text, "--json", "--model", str(random_gguf))
    assert run.code == 0
    assert json.loads(run.out)["program"]


@pytest.mark.parametrize(
    ("program", "undone"),
    [
        ("set_power(state=on)", False),
        ("set_fan_level(level=10)", True),
        ("set_fan_level(level=10); set_power(state=on)", True),
        ("query(item=air)", False),
        ("reset_filter()", False),
        ("reject(reason=off_topic)", False),
    ],
)
def test_what_was_not_done_is_told(
    program: str,
    undone: bool,  # noqa: FBT001 - a column of the table
    make_agent: Any,
) -> None:
    """Only what the purifier was to do and did not counts; a question and a refusal of the sentence are answers."""
    reply = make_agent({"hi": program}).say("hi")
    assert reply.undone is undone
    assert reply.as_json()["undone"] is undone


@pytest.mark.engine
@pytest.mark.parametrize("json_flag", [(), ("--json",)])
def test_the_exit_code_tells_a_script(json_flag: tuple[str, ...], sanso: Any) -> None:
    """3 where the sentence was understood and the purifier did not do it, with the same words as ever."""
    run = sanso("say", *json_flag, "풍량 10단으로")
    assert "10" in run.out
    assert (run.code, run.err) == (3, "")
    assert sanso("say", *json_flag, "풍량 2단으로").code == 0
