"""Decoding by the automaton: the same programs as under llama.cpp's sampler, in fewer passes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sanso.agent import Engine, joining
from sanso.agent import engine as engine_module
from sanso.agent.bundle import shipped_model
from sanso.agent.decoder import AutomatonDecoder, SamplerDecoder
from sanso.agent.errors import ModelError
from sanso.agent.joining import join
from sanso.agent.llama import Model
from sanso.agent.llama_grammar import Grammar
from sanso.agent.prompt import normalize, program_tokens
from sanso.agent.token_automaton import END, TokenAutomaton
from sanso.grammars import (
    PURIFIER,
    Automaton,
    NotRegularError,
    compile_gbnf,
    draw_program,
    gbnf_grammar,
)

pytestmark = pytest.mark.engine

CONTROL = 3  # llama_token_type
CASES = Path(__file__).parents[2] / "cases"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """The shipped model."""
    with Engine.open() as opened:
        yield opened


def sentences() -> list[str]:
    """All sentences of the project's cases."""
    found = []
    for path in sorted(CASES.glob("*.jsonl")):
        for raw in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(raw)
            found += [turn["text"] for turn in row.get("turns", [row])]
    return [normalize(text) for text in found]


def walk(automaton: TokenAutomaton, tokens: list[int]) -> bool:
    """Whether these tokens lead to an end."""
    state = 0
    for token in tokens:
        moves = automaton.moves(state)
        if token not in moves.ids:
            return False
        state = moves.target(token)
    return END in automaton.moves(state).targets


def test_sampler_and_automaton_write_the_same(engine: Engine) -> None:
    """On every sentence of the cases; where the sampler spells a program otherwise, that is told as a difference and must not occur."""
    grammar = Grammar(engine._model, gbnf_grammar(PURIFIER))
    sampler = SamplerDecoder(engine._model, engine._context, grammar)
    canonical = {engine._model.program_token(text) for text in program_tokens(PURIFIER)}
    same = respelled = 0
    for sentence in sentences():
        prompt = engine._prompt_tokens(sentence, ())
        slow = sampler.write(prompt, None)
        fast = engine._decoder.write(prompt, None)
        if set(slow.tokens) <= canonical:
            assert fast.tokens == slow.tokens, sentence
            assert fast.evidence.passes <= slow.evidence.passes
            same += 1
        else:
            respelled += 1
    sampler.close()
    assert same > 500
    assert respelled <= same // 100


def test_every_program_has_one_spelling(engine: Engine) -> None:
    """Drawn programs are accepted in the tokens that training uses."""
    automaton = join(engine._model, PURIFIER, canonical=True)
    rng = random.Random(4)
    for _ in range(5000):
        text = draw_program(rng)
        assert walk(automaton, engine._model.program_tokens(text)), text


def test_no_pass_for_what_needs_no_choice(engine: Engine) -> None:
    """A call without arguments costs two passes, its choice and that of the end; each argument one more."""
    for said, passes in (
        ("예약 다 취소해 줘", 2),
        ("습도 알려줘", 3),
        ("음이온 꺼", 4),
    ):
        assert engine.decide(normalize(said)).evidence.passes == passes, said


def test_a_control_token_is_no_spelling(write_instruct: Any, llama_words: Any) -> None:
    """A control token that is spelled like a call is not legal where the call is, and stays so under llama.cpp's own spelling."""
    words = type(llama_words)(
        [*llama_words.texts, "undo()"], [*llama_words.kinds, CONTROL]
    )
    model = Model(write_instruct("spelled", "llama", words, ""), vocabulary_only=True)
    moves = join(model, PURIFIER, canonical=False).moves(0)
    assert len(words.texts) - 1 not in moves.ids
    assert {model.piece(t)[:1] for t in moves.ids.tolist()} >= {b"u", b"s", b"a"}
    model.close()


def test_an_end_only_where_a_program_ends(random_gguf: Path) -> None:
    """In every state that a beginning of a program leads to, the end is legal exactly if it is a whole program."""
    model = Model(random_gguf, vocabulary_only=True)
    automaton = join(model, PURIFIER, canonical=False)
    rng = random.Random(2)
    for _ in range(200):
        text = draw_program(rng)
        cut = text[: rng.randrange(len(text))]
        state = automaton.automaton.after(cut.encode())
        moves = automaton.moves(state)
        ends = any(model.is_end(t) for t in moves.ids.tolist())
        assert ends == bool(automaton.automaton.accepting[state])
    model.close()


def test_tokens_and_sampler_allow_the_same(random_gguf: Path) -> None:
    """Over a foreign vocabulary, behind every prefix of drawn programs, exactly the tokens that llama.cpp allows."""
    model = Model(random_gguf, vocabulary_only=True)
    automaton = join(model, PURIFIER, canonical=False)
    grammar = Grammar(model, gbnf_grammar(PURIFIER))
    rng = random.Random(3)
    level = np.zeros(model.size, dtype=np.float32)
    for _ in range(12):
        grammar.restart()
        state = 0
        for _ in range(200):
            legal = grammar.legal(level).tolist()
            moves = automaton.moves(state)
            assert sorted(legal) == moves.ids.tolist()
            token = rng.choice(legal)
            if model.is_end(token):
                break
            grammar.accept(token)
            state = moves.target(token)
    grammar.close()
    model.close()


def test_a_vocabulary_that_cannot_spell() -> None:
    """A missing letter is found when the vocabulary is joined, not in the middle of a program."""
    automaton = compile_gbnf('root ::= "ab" | "ac"')
    pieces = [(1, b"a"), (2, b"b"), (3, b"c"), (4, b"ab")]
    assert TokenAutomaton(automaton, pieces, [9]).moves(0).ids.tolist() == [1, 4]
    for missing in (0, 2):
        rest = pieces[:missing] + pieces[missing + 1 :]
        with pytest.raises(ModelError, match="cannot spell"):
            TokenAutomaton(automaton, rest, [9])
    with pytest.raises(ModelError, match="and an end"):
        TokenAutomaton(automaton, pieces, [])


def test_a_long_canonical_piece_is_kept() -> None:
    """A call of one's own may have a name longer than any word of a vocabulary."""
    automaton = compile_gbnf(f'root ::= "{"a" * 90}" | "b"')
    joined = TokenAutomaton(automaton, [(1, b"a" * 90), (2, b"b")], [9])
    assert joined.moves(0).ids.tolist() == [1, 2]


def test_half_a_word_is_no_way() -> None:
    """`no` begins `noise`, but no token completes it: it is not legal there."""
    automaton = compile_gbnf('root ::= "(" "noise" ")" | "[" "no" "]"')
    pieces = [(1, b"("), (2, b")"), (3, b"["), (4, b"]"), (5, b"no"), (6, b"noise")]
    joined = TokenAutomaton(automaton, pieces, [9])
    behind = joined.moves(0).target(1)
    assert joined.moves(behind).ids.tolist() == [6]
    assert joined.forced(behind) == ((6, 2), END)


def test_the_cache_is_used_and_never_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second join reads the file; a torn, empty or foreign one is replaced; no writable folder is no fault."""
    model = Model(shipped_model(), vocabulary_only=True)
    first = join(model, PURIFIER, canonical=True, folder=tmp_path)
    (path,) = tmp_path.glob("*.automaton")
    whole = path.read_bytes()

    def compiled(text: str) -> Automaton:
        raise AssertionError(text)

    with monkeypatch.context() as patch:
        patch.setattr(joining, "compile_gbnf", compiled)
        second = join(model, PURIFIER, canonical=True, folder=tmp_path)
    assert first.states() == second.states()
    for state in (0, *np.flatnonzero(first.automaton.accepting).tolist()):
        assert first.moves(state).targets == second.moves(state).targets
    arrays = joining._read(path)
    assert arrays is not None
    short = joining._packed({"table": arrays["table"]})
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    for torn in (
        *(b"", b"PK", whole[: len(whole) // 2], b"\0" * 100, bytes(flipped), short),
    ):
        path.write_bytes(torn)
        again = join(model, PURIFIER, canonical=True, folder=tmp_path)
        assert again.states() == first.states()
        assert path.read_bytes() != torn
    before = sorted(tmp_path.iterdir())
    join(model, PURIFIER, canonical=True, folder=path / "below a file")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    join(model, PURIFIER, canonical=True)
    monkeypatch.setattr("os.replace", full)
    path.unlink()
    join(model, PURIFIER, canonical=True, folder=tmp_path)
    assert sorted(tmp_path.iterdir()) == [p for p in before if p != path]
    model.close()


def homeless() -> Path:
    """Fail as `Path.home` does for a user without one."""
    msg = "Could not determine home directory."
    raise RuntimeError(msg)


def full(*_: object) -> None:
    """Fail as on a full disk."""
    raise OSError


def test_a_grammar_without_automaton_falls_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """llama.cpp's sampler takes over, with a word about it, and the programs stay the same."""

    def refuse(*_: Any, **__: Any) -> TokenAutomaton:
        msg = "the grammar unfolds to more than 9 states"
        raise NotRegularError(msg)

    with Engine.open() as quick:
        assert quick.is_regular
        assert isinstance(quick._decoder, AutomatonDecoder)
        expected = quick.decide("습도 알려줘").program
    monkeypatch.setattr(engine_module, "join", refuse)
    with Engine.open() as slow:
        assert not slow.is_regular
        assert slow.decide("습도 알려줘").program == expected
    assert "more than 9 states" in caplog.text
