"""
Why the agent did what it did with a sentence: everything that led there, as plain values.

Strategy: what happened is recorded when it happens (sentence, what was said before, judgement, what was written and read back, times). What the model thought besides is
computed again when somebody asks: the same prompt gives the same choices, so nothing is kept that a sentence does not need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sanso.devices import Outcome
from sanso.grammars import SansoError

from .policy import lacking, needs_yes
from .prompt import Turn

if TYPE_CHECKING:
    from sanso.devices import Capabilities

    from .engine import Engine
    from .reply import Reply

_ALWAYS = 2.0
"""Above every probability: runner-ups are wanted however sure the model is."""


class ExplanationError(SansoError):
    """A record that is not one of ours, or of another model; say a sentence again."""


def record(reply: Reply, capabilities: Capabilities, model: str) -> dict[str, Any]:
    """What happened with a sentence; `model` is the digest of the GGUF that decided."""
    program = reply.program
    return {
        "utterance": reply.utterance,
        "sentence": reply.sentence,
        "lang": reply.lang,
        "model": model,
        "before": [
            {"sentence": t.sentence, "program": t.program, "waiting": t.waiting}
            for t in reply.turns
        ],
        "program": program.render() if program else None,
        "judgement": reply.judgement.as_json() if reply.judgement else None,
        "policy": reply.review.as_json()
        if reply.review
        else [
            {
                "statement": statement.render(),
                "needs_yes": needs_yes(statement.call),
                "lacking": list(cannot)
                if (cannot := lacking(statement.call, capabilities))
                else None,
            }
            for statement in (program.statements if program else ())
        ],
        "done": [_done(result) for result in reply.results],
        "words": reply.words,
        "error": reply.error or None,
        "ms": {name: round(ms, 3) for name, ms in reply.milliseconds.items()},
    }


def explained(recorded: dict[str, Any], engine: Engine) -> dict[str, Any]:
    """
    The record with the model's choices and the other programs that it thought of.

    Raises:
        ExplanationError: it is no record, or another model decided then.
    """
    try:
        turns = tuple(
            Turn(t["sentence"], t["program"], waiting=bool(t["waiting"]))
            for t in recorded["before"]
        )
        sentence, model = str(recorded["sentence"]), recorded["model"]
        program = recorded["program"]
    except (KeyError, TypeError):
        msg = "what is kept of the last sentence cannot be read; say one again"
        raise ExplanationError(msg) from None
    if model != engine.bundle.sha256:
        msg = "the last sentence was decided by another model; say one again"
        raise ExplanationError(msg)
    if not program:
        return {**recorded, "decisions": [], "runner_ups": []}
    evidence = engine.decide(sentence, turns, runner_ups_below=_ALWAYS).evidence
    return {
        **recorded,
        "confidence": evidence.confidence,
        "prompt": list(evidence.pieces),
        "passes": evidence.passes,
        "tokens": evidence.tokens,
        "decisions": [choice.as_json() for choice in evidence.choices],
        "runner_ups": [
            {"program": other.program, "probability": other.probability}
            for other in evidence.runner_ups
        ],
    }


def _done(result: Outcome | str) -> dict[str, Any]:
    if isinstance(result, str):
        return {"words": result}
    before, after = result.before.settings(), result.after.settings()
    return {
        "call": result.call.render(),
        "code": result.code.value,
        "detail": result.detail or None,
        "changed": {
            name: [before.get(name), value]
            for name, value in after.items()
            if before.get(name) != value
        },
    }
