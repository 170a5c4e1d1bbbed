"""Other programs that the model thought of: legal, truly as likely as told, and without a trace in what follows."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sanso.agent import Engine
from sanso.agent.decoder import AutomatonDecoder, choose
from sanso.agent.prompt import normalize
from sanso.agent.token_automaton import END
from sanso.grammars import parse

pytestmark = pytest.mark.engine

CASES = Path(__file__).parents[2] / "cases" / "street.jsonl"
ALWAYS = 2.0


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """The shipped model."""
    with Engine.open() as opened:
        yield opened


def sentences(count: int) -> list[str]:
    """Sentences of the cases."""
    rows = CASES.read_text(encoding="utf-8").splitlines()[:count]
    return [normalize(json.loads(row)["text"]) for row in rows]


def scored(engine: Engine, sentence: str, program: str) -> float:
    """The probability of a program among the legal ones, token by token in one sequence."""
    decoder = engine._decoder
    assert isinstance(decoder, AutomatonDecoder)
    prompt = engine._prompt_tokens(sentence, ())
    tokens = engine._model.program_tokens(program)
    state, total = 0, 0.0
    for at, token in enumerate([*tokens, engine._model.eos]):
        moves = decoder.automaton.moves(state)
        if len(moves.ids) > 1:
            logits = engine._context.run(prompt + tokens[:at])[moves.ids]
            logits = logits.astype(np.float64) - logits.max()
            chosen = logits[list(moves.ids).index(token)]
            total += chosen - math.log(np.exp(logits).sum())
        state = moves.target(token)
    assert state == END
    return math.exp(total)


def test_they_are_as_likely_as_told(engine: Engine) -> None:
    """Scored alone and one by one, each has the probability that the branches gave it; all are other programs, the likeliest first."""
    found = 0
    for sentence in sentences(40):
        decision = engine.decide(sentence, runner_ups_below=ALWAYS)
        others = decision.evidence.runner_ups
        texts = [other.program for other in others]
        assert decision.program.render() not in texts
        assert len(set(texts)) == len(texts)
        shares = [other.probability for other in others]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) + decision.evidence.confidence < 1 + 1e-3
        for other in others[:2]:
            parse(other.program)
            alone = scored(engine, sentence, other.program)
            assert other.probability == pytest.approx(alone, rel=0.05, abs=2e-4)
            found += 1
    assert found > 20


def test_they_leave_no_trace(engine: Engine) -> None:
    """The next decision is the same, to the last digit, as without branches before it."""
    for sentence in sentences(15):
        before = engine.decide(sentence).evidence
        engine.decide(sentence, runner_ups_below=ALWAYS)
        after = engine.decide(sentence).evidence
        assert [c.piece for c in before.choices] == [c.piece for c in after.choices]
        assert before.confidence == pytest.approx(after.confidence, rel=1e-3)


def test_only_where_wanted(engine: Engine) -> None:
    """A sure decision costs no branch."""
    decision = engine.decide(normalize("바람 3단으로 해 줘"), runner_ups_below=0.5)
    assert decision.evidence.confidence > 0.5
    assert not decision.evidence.runner_ups


def test_a_choice_lists_what_was_not_chosen(engine: Engine) -> None:
    """The others are the next likely legal tokens, and with the chosen one never more than everything."""
    logits = np.zeros(engine._model.size, np.float32)
    legal = np.array([5, 6, 7, 8, 9], np.intp)
    logits[legal] = [1.0, 3.0, 2.0, 0.0, -1.0]
    token, choice, others = choose(engine._model, logits, legal)
    assert token == 6
    assert [other for other, _ in others] == [7, 5, 8]
    assert choice.probability + sum(share for _, share in others) < 1
    assert choice.margin == pytest.approx(choice.probability - others[0][1])
