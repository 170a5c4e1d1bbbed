"""GBNF becomes an automaton over bytes that accepts exactly its language."""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.grammars import (
    PURIFIER,
    Automaton,
    CallError,
    GrammarTextError,
    NotRegularError,
    compile_gbnf,
    draw_program,
    enumerate_statements,
    gbnf_grammar,
    parse,
)
from sanso.grammars.utf8 import byte_ranges

POINTS = st.integers(0, 0x10FFFF).filter(lambda p: not 0xD800 <= p <= 0xDFFF)


@cache
def purifier() -> Automaton:
    """The automaton of the call language."""
    return compile_gbnf(gbnf_grammar(PURIFIER))


def readable(text: str) -> bool:
    """Whether the parser reads it."""
    try:
        parse(text)
    except CallError:
        return False
    return True


def test_every_statement_is_accepted() -> None:
    """Statements of the call language from end to end, but not with a byte more or less."""
    automaton = purifier()
    for statement in list(enumerate_statements(PURIFIER))[::41]:
        data = statement.encode()
        assert automaton.accepts(data), statement
        assert not automaton.accepts(data[:-1]), statement
        assert not automaton.accepts(data + b" "), statement


@given(st.integers(0, 10**9), st.data())
def test_automaton_and_parser_agree(seed: int, data: st.DataObject) -> None:
    """A program with some letters changed is accepted exactly where the parser reads it."""
    text = draw_program(random.Random(seed))
    at = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(at, min(len(text), at + 2)))
    put = data.draw(st.text("abcdefoqrstuy_(),=;:->+0123456789 ", max_size=2))
    changed = text[:at] + put + text[end:]
    assert purifier().accepts(changed.encode()) == readable(changed)


def test_it_is_minimal() -> None:
    """No two states are left that every continuation treats alike: their rows differ, or one is an end; two loops that say the same are one."""
    automaton = purifier()
    rows = np.column_stack((automaton.table, automaton.accepting))
    assert len(np.unique(rows, axis=0)) == len(rows)
    twice = compile_gbnf('root ::= "a" ("x" "y")* | "b" ("x" "y" "x" "y")* ("x" "y")?')
    assert len(twice.table) == 3


def test_forced_bytes_are_found() -> None:
    """Where only one byte may follow, the run up to the next choice is told."""
    automaton = purifier()
    state = automaton.after(b"set_m")
    run, behind = automaton.forced(state)
    assert run == b"ode(mode="
    assert behind == automaton.after(b"set_mode(mode=")


@given(POINTS, POINTS, POINTS)
def test_ranges_of_code_points(one: int, two: int, point: int) -> None:
    """Byte ranges accept the UTF-8 of a code point exactly where it lies between both ends."""
    low, high = min(one, two), max(one, two)
    data = chr(point).encode()
    accepted = [
        path
        for path in byte_ranges(low, high)
        if len(path) == len(data)
        and all(a <= byte <= b for byte, (a, b) in zip(data, path, strict=True))
    ]
    assert len(accepted) == (low <= point <= high)


@pytest.mark.parametrize(
    ("grammar", "good", "bad"),
    [
        (r'root ::= "a" "b"* | "c"+', ["a", "abb", "ccc"], ["", "b", "ac"]),
        (r'root ::= ("x" | "y"){2,3} "z"?', ["xy", "yyyz"], ["x", "xxxx", "xyzz"]),
        (r'root ::= "a"{3} "b"{1,}', ["aaab", "aaabbb"], ["aab", "aaa"]),
        (r"root ::= [0-9a-f_-]+", ["09-f_"], ["g", ""]),
        (r'root ::= "\"" [^"\\]* "\""', ['"한글 !"'], ['"a"b"', '"\\"']),
        (r'root ::= "\x41\u00e9\n\t\\\]"', ["Aé\n\t\\]"], ["A"]),
        (r"root ::= [가-힣]{2}", ["먼지", "공기"], ["먼", "ab", "먼a"]),
        (r"root ::= . .", ["aé", "한🙂"], ["a", "abc"]),
        (
            '# note\nroot ::= one\n  | two # more\n\none ::= "1"\ntwo ::= "2"',
            ["1", "2"],
            ["12"],
        ),
        ('root ::= "a" root | "b"', ["b", "aaab"], ["a", "ba"]),
        ('root ::= ws "x"\nws ::= ([ \\t] ws)?', ["x", " \t x"], [" "]),
        ('root ::= ""', [""], ["a"]),
        (r"root ::= [a\x2dz]", ["a", "-", "z"], ["m"]),
        ('root ::= "a"{2}{3} | ("b"+)*', ["aaaaaa", "", "bbb"], ["aa"]),
        ('root ::= "a\nb" [\n(]', ["a\nb\n", "a\nb("], ["a\nb"]),
    ],
)
def test_notation(grammar: str, good: list[str], bad: list[str]) -> None:
    """Every sign of the notation means what llama.cpp's description says."""
    automaton = compile_gbnf(grammar)
    assert [text for text in good if not automaton.accepts(text.encode())] == []
    assert [text for text in bad if automaton.accepts(text.encode())] == []


def test_only_valid_utf8_is_accepted() -> None:
    """Neither half a character nor a surrogate passes as `.`."""
    automaton = compile_gbnf("root ::= .")
    for data in (b"\xea\xb0", b"\xff", b"\xed\xa0\x80", b"\xc0\x80"):
        assert not automaton.accepts(data)


@pytest.mark.parametrize(
    ("grammar", "told"),
    [
        ('root ::= "(" root ")" | "x"', "holds itself"),
        ('root ::= root "x" | "y"', "holds itself"),
        ('root ::= "a"{30000} "b"{40000}', "more than"),
        ('root ::= "a" root', "accepts no text"),
    ],
)
def test_what_has_no_automaton(grammar: str, told: str) -> None:
    """Recursion inside, left recursion, a size without measure, and a language of nothing are told apart."""
    with pytest.raises(NotRegularError, match=told):
        compile_gbnf(grammar)


@pytest.mark.parametrize(
    ("grammar", "told"),
    [
        ("", "cannot be read"),
        ('root ::= "a', "line 1"),
        ("root ::= other", "other, which is not defined"),
        ('start ::= "a"', "no rule `root`"),
        ('root ::= "a"\nroot ::= "b"', "twice"),
        (r'root ::= "\q"', "escape"),
        ("root ::= [z-a]", "ends before it begins"),
        ('root ::= "a"{3,2}', "ends before it begins"),
        ("root ::= " + "(" * 300 + '"a"' + ")" * 300, "parentheses"),
        ("root ::= <tool>", "column"),
        (r'root ::= "\UFFFFFFFF"', "no code point"),
        (r"root ::= [\U00110000-a]", "no code point"),
        ('root ::= "a"{' + "9" * 5000 + "}", "more often"),
        ("root ::= " + "[" * 500_000, "cannot be read"),
        ("x" * 1_000_001, "at most"),
    ],
)
def test_what_is_no_grammar(grammar: str, told: str) -> None:
    """A text that is no usable GBNF is refused with the reason."""
    with pytest.raises(GrammarTextError, match=told):
        compile_gbnf(grammar)
