from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.cli.parse import LINE_BYTES, answer, split_lines
from sanso.agent.cli.texts import TEXTS

BAD: list[tuple[bytes, object, str]] = [
    (b"", None, "the line is empty"),
    (b" \r\n", None, "the line is empty"),
    (b"turn it on\n", None, "the line is not JSON"),
    (b'{"id": 1, "text": "on"', None, "the line is not JSON"),
    (b'{"id": NaN, "text": "on"}', None, "the line is not JSON"),
    (b"[" * 100_000, None, "the line is not JSON"),
    (b'{"id": ' + b"9" * 5000 + b', "text": "on"}', None, "the line is not JSON"),
    (b'{"id": 1, "text": "\xb0\xad"}', None, "the line is not UTF-8"),
    (b"[1, 2]", None, "the line is not a JSON object"),
    (b'"on"', None, "the line is not a JSON object"),
    (b'{"id": [1], "text": "on"}', None, "id must be"),
    (b'{"id": 1e999, "text": "on"}', None, "id must be"),
    (b'{"id": 7}', 7, "give text, or turns"),
    (b'{"id": 7, "text": null}', 7, "give text, or turns"),
    (b'{"id": 7, "text": ["on"]}', 7, "give text, or turns"),
    (b'{"id": 7, "turns": "on"}', 7, "give text, or turns"),
    (b'{"id": 7, "turns": []}', 7, "give text, or turns"),
    (b'{"id": 7, "turns": ["on", 1]}', 7, "give text, or turns"),
    (b'{"id": 7, "text": "on", "turns": ["on"]}', 7, "and not both"),
    (b'{"id": "x", "text": ""}', "x", "there are no words in the sentence"),
    (b'{"id": "x", "text": " \\u0000?! "}', "x", "there are no words in the sentence"),
    (b'{"id": "x", "text": "' + b"a" * 301 + b'"}', "x", "the sentence is too long"),
    (
        b'{"id": "x", "turns": ["on", ""]}',
        "x",
        "turn 2: there are no words in the sentence",
    ),
    (b'{"text": ""}', None, "there are no words in the sentence"),
]


@pytest.fixture
def engine(make_agent: Any) -> Any:
    """Give an engine that knows two sentences."""
    programs = {"on": "set_power(state=on)", "꺼": "set_power(state=off)"}
    return make_agent(programs).engine


@pytest.mark.parametrize(("raw", "name", "expected"), BAD)
def test_bad_lines(raw: bytes, name: object, expected: str, engine: Any) -> None:
    """A bad line is answered by its id, if it has one, and the reason."""
    row = answer(raw, engine, TEXTS["en"])
    assert list(row) == ["id", "error"]
    assert name == row["id"]
    assert expected in row["error"]


def test_reasons_are_korean_too(engine: Any) -> None:
    """The reason is told in the language of the person."""
    row = answer(b"no", engine, TEXTS["ko"])
    assert row == {"id": None, "error": "JSON이 아닌 줄이에요"}


@pytest.mark.parametrize("name", ["w1-001", 3, 1.5, None, True, "한글"])
def test_sentence(name: object, engine: Any) -> None:
    """A sentence is answered by id, program, confidence and milliseconds, no more."""
    raw = json.dumps({"id": name, "text": "ON", "lang": "en"}).encode()
    row = answer(raw, engine, TEXTS["en"])
    assert row == {
        "id": name,
        "program": ["set_power(state=on)"],
        "confidence": 0.76,
        "ms": 1.25,
    }


@pytest.mark.parametrize(
    "turns", [["on", "꺼"], [{"text": "on", "accept": []}, {"text": "꺼"}]]
)
def test_dialogue(turns: list[object], engine: Any) -> None:
    """A dialogue is answered by one program a turn; turns may be those of a case."""
    raw = json.dumps({"id": "d", "turns": turns}).encode()
    row = answer(raw, engine, TEXTS["en"])
    assert row == {
        "id": "d",
        "programs": [["set_power(state=on)"], ["set_power(state=off)"]],
        "confidence": 0.76,
        "ms": 2.5,
    }


def test_a_byte_order_mark_is_no_error(engine: Any) -> None:
    """A file that begins with a byte order mark is read."""
    row = answer(b'\xef\xbb\xbf{"id": 1, "text": "on"}\r\n', engine, TEXTS["en"])
    assert row["program"] == ["set_power(state=on)"]


@given(
    st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\n", b"")), max_size=9)
)
def test_one_line_in_one_line_out(lines: list[bytes]) -> None:
    """Whatever bytes there are, lines are neither lost nor made up."""
    given_bytes = b"".join(line + b"\n" for line in lines)
    assert [line + b"\n" for line in lines] == list(
        split_lines(io.BytesIO(given_bytes))
    )


@given(st.binary(max_size=60))
def test_any_bytes_are_answered(raw: bytes) -> None:
    """No bytes whatsoever escape the answer by id and reason."""
    engine: Any = None  # never reached: what hypothesis finds is no question
    row = answer(raw, engine, TEXTS["en"])
    assert {"id", "error"} == set(row)


def test_a_long_line_is_read_past() -> None:
    """A line beyond the limit counts as one, and the next is whole."""
    exact = b"x" * LINE_BYTES + b"\n"
    stream = io.BytesIO(b"a\n" + exact + b"y" * (3 * LINE_BYTES) + b"\nb\nc")
    assert [b"a\n", exact, None, b"b\n", b"c"] == list(split_lines(stream))


@pytest.mark.engine
def test_order_and_errors(random_gguf: Path, sanso: Any) -> None:
    """Lines come back in order, bad ones among them, and the end needs no newline."""
    rows = [
        {"id": i, "text": text} for i, text in enumerate(["켜 줘", "", "turn it off"])
    ]
    given_bytes = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    given_bytes += '\nnonsense\n{"id": "\\ud800", "text": "\\ud800 켜"}\n'
    given_bytes += '{"id": "d", "turns": ["켜 줘", "더 세게"]}'
    run = sanso(
        "parse", "--jsonl", "--model", str(random_gguf), given=given_bytes.encode()
    )
    assert (run.code, run.err) == (0, "")
    answers = [json.loads(line) for line in run.out.splitlines()]
    assert [row["id"] for row in answers] == [0, 1, 2, None, "\ud800", "d"]
    kinds = [next(key for key in row if key != "id") for row in answers]
    assert kinds == ["program", "error", "program", "error", "program", "programs"]
    assert len(answers[-1]["programs"]) == 2


@pytest.mark.engine
def test_the_same_sentence_has_the_same_program(random_gguf: Path, sanso: Any) -> None:
    """Nothing of a line, a dialogue least of all, changes the answer to another."""
    line = b'{"id": 1, "text": "\xea\xba\xbc"}\n'
    dialogue = b'{"id": 2, "turns": ["turn it on", "louder"]}\n'
    given_bytes = line + dialogue + line + dialogue
    run = sanso("parse", "--jsonl", "--model", str(random_gguf), given=given_bytes)
    first, second, third, fourth = [json.loads(text) for text in run.out.splitlines()]
    assert first["program"] == third["program"]
    assert second["programs"] == fourth["programs"]


@pytest.mark.engine
def test_nothing_in_nothing_out(random_gguf: Path, sanso: Any) -> None:
    """An empty input is no error."""
    run = sanso("parse", "--jsonl", "--model", str(random_gguf))
    assert (run.code, run.out, run.err) == (0, "", "")
