"""llama.cpp's grammar sampler and Lark judge texts alike: a model can write what we can read, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from sanso.agent.llama import Model
from sanso.agent.llama_grammar import Grammar
from sanso.grammars import (
    PURIFIER,
    Call,
    CallError,
    CallSet,
    Signed,
    draw_program,
    enumerate_calls,
    gbnf_grammar,
    parse,
)
from sanso.grammars.form import enumerate_form, gbnf, whole_number

pytestmark = pytest.mark.engine

LETTERS: list[str] = [
    *"abcdefghijklmnopqrstuvwxyz_0123456789(),=;:+-> ",
    "; ",
    " -> ",
    "한",
    "\n",
    "\0",
]


class SetPowerState(Call):
    """Named like the rule of a value that two calls share."""

    power: Literal["on", "off"]
    by: Annotated[int, Field(ge=-30, le=120), Signed()]


@pytest.fixture(scope="module")
def model(random_gguf: Path) -> Iterator[Model]:
    """A vocabulary in which every byte is a token."""
    opened = Model(random_gguf, vocabulary_only=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def byte_tokens(model: Model) -> list[int]:
    """A token for each byte."""
    singles = {model.piece(token): token for token in reversed(range(model.size))}
    return [singles[bytes([byte])] for byte in range(256)]


def accepted(grammar: Grammar, tokens: list[int], end: int) -> bool:
    """Whether llama.cpp lets a model write these tokens and stop behind them."""
    grammar.restart()
    for token in tokens:
        if not grammar.allows(token):
            return False
        grammar.accept(token)
    return grammar.allows(end)


def readable(text: str, calls: CallSet = PURIFIER) -> bool:
    """Whether Lark reads the text."""
    try:
        parse(text, calls)
    except CallError:
        return False
    return True


def insert(text: str, rng: random.Random) -> str:
    """Put something in."""
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(LETTERS) + text[at:]


def delete(text: str, rng: random.Random) -> str:
    """Take some letters out."""
    at = rng.randrange(len(text))
    return text[:at] + text[at + rng.randint(1, 3) :]


def replace(text: str, rng: random.Random) -> str:
    """Put something in the place of a letter."""
    at = rng.randrange(len(text))
    return text[:at] + rng.choice(LETTERS) + text[at + 1 :]


def redigit(text: str, rng: random.Random) -> str:
    """Change a digit, so that many texts stay programs."""
    places = [at for at, letter in enumerate(text) if letter.isdigit()]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + rng.choice("0123456789") + text[at + 1 :]


def swap(text: str, rng: random.Random) -> str:
    """Change the places of two neighbours."""
    at = rng.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def duplicate(text: str, rng: random.Random) -> str:
    """Say a stretch twice, or the whole."""
    start = rng.randrange(len(text))
    end = rng.randint(start, len(text))
    return rng.choice((text[:end] + text[start:], f"{text}; {text}"))


def truncate(text: str, rng: random.Random) -> str:
    """Leave off the end."""
    return text[: rng.randrange(len(text))]


def recombine(text: str, rng: random.Random) -> str:
    """Put parts of two programs together at a sign that both have."""
    other = draw_program(rng)
    sign = rng.choice((" -> ", "; ", "(", "=", ", "))
    if sign not in text or sign not in other:
        return text
    return text.partition(sign)[0] + sign + other.partition(sign)[2]


MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (
    insert,
    delete,
    replace,
    redigit,
    swap,
    duplicate,
    truncate,
    recombine,
)


def test_drawn_programs_can_be_written(model: Model) -> None:
    """Twenty thousand drawn programs are accepted by llama.cpp, in the tokens of the shipped kind."""
    grammar = Grammar(model, gbnf_grammar(PURIFIER))
    rng = random.Random(20_000)
    for _ in range(20_000):
        text = draw_program(rng)
        assert accepted(grammar, model.program_tokens(text), model.eos), text


def test_every_call_can_be_written_in_bytes(
    model: Model, byte_tokens: list[int]
) -> None:
    """Every call is accepted byte by byte, and no beginning of one is a program."""
    grammar = Grammar(model, gbnf_grammar(PURIFIER))
    for text in enumerate_calls():
        tokens = [byte_tokens[byte] for byte in text.encode()]
        assert accepted(grammar, tokens, model.eos), text
        assert not accepted(grammar, tokens[:-1], model.eos), text


def test_mutated_texts_are_judged_alike(model: Model, byte_tokens: list[int]) -> None:
    """Five thousand texts near programs get the same verdict from llama.cpp and from Lark."""
    grammar = Grammar(model, gbnf_grammar(PURIFIER))
    rng = random.Random(5000)
    verdicts = []
    for number in range(5000):
        text = draw_program(rng)
        for _ in range(rng.choice((1, 1, 2))):
            text = MUTATIONS[number % len(MUTATIONS)](text or "x ", rng)
        tokens = [byte_tokens[byte] for byte in text.encode()]
        expected = readable(text)
        assert expected == accepted(grammar, tokens, model.eos), text
        verdicts.append(expected)
    assert 500 < sum(verdicts) < 4500


@pytest.mark.parametrize(
    "calls",
    [
        PURIFIER.without("undo", "when").only("set_mode", "mode", {"auto"}),
        PURIFIER.only("set_fan_level", "level", {"low"}),
        PURIFIER.without("after", "at", "lasting", "when"),
        PURIFIER.adding(SetPowerState),
        CallSet(calls=(SetPowerState,)),
    ],
)
def test_other_sets_are_judged_alike(
    model: Model, byte_tokens: list[int], calls: CallSet
) -> None:
    """Parts of the language and calls of one's own get the same verdict from both, too."""
    grammar = Grammar(model, gbnf_grammar(calls))
    rng = random.Random(7)
    for number in range(300):
        text = draw_program(rng, calls if number % 3 else PURIFIER)
        if number % 2:
            text = MUTATIONS[number % len(MUTATIONS)](text, rng)
        tokens = [byte_tokens[byte] for byte in text.encode()]
        assert readable(text, calls) == accepted(grammar, tokens, model.eos), text


@pytest.mark.parametrize("signed", [False, True])
def test_whole_numbers_are_pythons(
    model: Model, byte_tokens: list[int], *, signed: bool
) -> None:
    """llama.cpp takes exactly the spellings of a span of numbers."""
    rng = random.Random(3)
    for _ in range(15):
        low = rng.randint(-300, 300)
        high = low + rng.randint(1, 500)
        form = whole_number(low, high, signed=signed)
        grammar = Grammar(model, f"root ::= {gbnf(form)}")
        expected = set(enumerate_form(form))
        tried = {f"{n:{sign}d}" for n in range(low - 9, high + 9) for sign in "-+"}
        tried |= {"", "-0", "+0", "007", *(f"0{n}" for n in range(9))}
        found = {
            text
            for text in tried
            if accepted(grammar, [byte_tokens[b] for b in text.encode()], model.eos)
        }
        assert expected == found
        grammar.close()
