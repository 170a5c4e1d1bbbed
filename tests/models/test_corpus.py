"""The hand-written lines are sound, and what is made of them keeps its label."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sanso.grammars import parse
from sanso.models.corpus.leak import find_leaks
from sanso.models.corpus.lines import (
    Line,
    LineError,
    filled,
    key,
    language,
    read_all,
    read_file,
    read_line,
    refuse_twins,
)
from sanso.models.corpus.noise import spoil
from sanso.models.corpus.phrases import Phrases
from sanso.models.corpus.stream import Stream, is_validation, validation


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    """The whole hand-written set."""
    return read_all()


def test_there_are_enough_of_each_language(lines: list[Line]) -> None:
    """The set holds what the plan asks for, in every language, each line once."""
    counts = {
        lang: sum(line.lang == lang for line in lines) for lang in ("ko", "en", "mix")
    }
    assert counts["ko"] >= 5000
    assert counts["en"] >= 3500
    assert counts["mix"] >= 1500


def test_every_kind_in_every_language(lines: list[Line]) -> None:
    """No call, trigger or dialogue is without sentences in any language."""
    kinds = {line.kind for line in lines}
    for lang in ("ko", "en", "mix"):
        assert kinds == {line.kind for line in lines if line.lang == lang}


@pytest.mark.parametrize(
    "text",
    [
        "no arrow here",
        " => set_power(state=on)",
        "turn it on => ",
        "turn it on => set_power(state=onn)",
        "later => after({dur}) -> set_power(state=off)",
        "one => set_power(state=on) >> two",
    ],
)
def test_a_bad_line_is_refused_with_its_place(text: str) -> None:
    """A line that cannot be used says where it stands."""
    with pytest.raises(LineError, match=r"somewhere:7"):
        read_line(text, "en", "", "somewhere:7")


def test_a_file_is_read_with_speakers(tmp_path: Path) -> None:
    """Speakers hold for the lines below them; comments and blank lines are nothing."""
    path = tmp_path / "set_power.txt"
    path.write_text("# note\n@ a cook\n\nfire it up => set_power(state=on)\n", "utf-8")
    (line,) = read_file(path)
    assert line.speaker == "a cook"
    assert line.lang == "en"
    assert line.kind == "set_power"


def test_twins_are_refused() -> None:
    """Two lines that differ in spelling, digits and spaces only are one too many."""
    one = read_line("Fan to {level}! => set_fan_level(level={level})", "en", "", "a:1")
    two = read_line("fan to 3 => set_fan_level(level=3)", "en", "", "b:2")
    with pytest.raises(LineError, match=r"b:2: says the same as a:1"):
        refuse_twins([one, two])


def test_a_value_said_once_holds_through_a_dialogue() -> None:
    """A later turn may use the time of an earlier one."""
    line = read_line(
        "off at {clock} => at(time={clock}, repeat=once) -> set_power(state=off)"
        " >> each day please => at(time={clock}, repeat=daily) -> set_power(state=off)",
        "en",
        "",
        "x:1",
    )
    for seed in range(20):
        (_, first), (_, second) = filled(line.turns, "en", random.Random(seed))
        assert first.replace("once", "daily") == second


def test_the_stream_repeats_itself_exactly(lines: list[Line]) -> None:
    """The same seed and chunk give the same examples, another chunk gives others."""
    stream = Stream(lines, Phrases())
    assert stream.chunk(3, 5, 50) == stream.chunk(3, 5, 50)
    assert stream.chunk(3, 5, 50) != stream.chunk(3, 6, 50)


def test_every_drawn_program_parses(lines: list[Line]) -> None:
    """Whatever is drawn, its program is one of the call language."""
    for example in Stream(lines, Phrases()).chunk(1, 0, 3000):
        assert parse(example.program).render() == example.program
        for turn in example.turns:
            parse(turn.program)


def test_held_out_families_are_never_drawn(lines: list[Line]) -> None:
    """A family of the validation split gives no training sentence, not even a spoiled one."""
    held = {key(e.sentence) for e in validation(lines) if len(e.sentence) > 25}
    drawn = {key(e.sentence) for e in Stream(lines, Phrases()).chunk(2, 0, 4000)}
    assert held
    assert not held & drawn
    share = sum(is_validation(line) for line in lines) / len(lines)
    assert 0.05 < share < 0.12


def test_avoided_sentences_are_not_drawn(lines: list[Line]) -> None:
    """A sentence that is held out elsewhere is left out, however it comes about."""
    stream = Stream(lines, Phrases())
    first = {key(e.sentence) for e in stream.chunk(1, 0, 500)}
    again = Stream(lines, Phrases(), avoid=frozenset(first)).chunk(1, 0, 500)
    assert not first & {key(e.sentence) for e in again}


def test_slips_keep_digits() -> None:
    """No slip changes a number: the label would be wrong."""
    rng = random.Random(0)
    for said in ("바람 3단으로 올려 줘", "turn it off in 45 minutes", "fan 7로 해줘"):
        for _ in range(300):
            digits = [c for c in spoil(said, rng) if c.isdigit()]
            assert digits == [c for c in said if c.isdigit()]


def test_leaks_are_found(lines: list[Line]) -> None:
    """A case that copies a training line, or nearly does, is found; a foreign one is not."""
    said = next(
        sentence
        for x in lines
        if len(key(sentence := x.turns[0].sentence)) > 30 and "{" not in sentence
    )
    assert find_leaks([said])
    assert find_leaks([said + "!"])
    assert not find_leaks(["the quick brown fox jumps over a lazy dog at dawn"])


def test_language_by_script() -> None:
    """A line's language is told by its letters; slots and digits do not count."""
    assert language("바람 {level}단") == "ko"
    assert language("fan {level}") == "en"
    assert language("fan {level}단") == "mix"
