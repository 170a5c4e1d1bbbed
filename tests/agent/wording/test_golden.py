from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sanso.agent.wording import (
    LANGUAGES,
    Language,
    PendingTimer,
    language_of,
    word_cancelled,
    word_did_you_mean,
    word_outcome,
    word_query,
    word_scheduled,
)
from sanso.devices import Outcome, OutcomeCode, State
from sanso.grammars import parse

GOLDEN: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("golden.toml").read_text(encoding="utf-8")
)
MakeState = Callable[..., State]
MakeTimer = Callable[..., PendingTimer]

in_each_language = pytest.mark.parametrize("lang", LANGUAGES)


def test_there_are_enough() -> None:
    """At least sixty replies are written down in both languages."""
    replies = [entry for entries in GOLDEN.values() for entry in entries]
    assert len([entry for entry in replies if "ko" in entry]) >= 60


@in_each_language
@pytest.mark.parametrize("given", GOLDEN["outcome"], ids=lambda g: g["call"])
def test_outcome(given: dict[str, Any], lang: Language, state: MakeState) -> None:
    """An outcome is worded as written."""
    outcome = Outcome(
        OutcomeCode(given["code"]),
        parse(given["call"]).statements[0].call,
        state(**given["before"]),
        state(**given["after"]),
        given.get("detail", ""),
    )
    assert given[lang] == word_outcome(outcome, lang)


@in_each_language
@pytest.mark.parametrize("given", GOLDEN["query"], ids=lambda g: g["item"])
def test_query(
    given: dict[str, Any], lang: Language, state: MakeState, timer: MakeTimer
) -> None:
    """An answer is worded as written."""
    timers = [timer(**entry) for entry in given.get("timers", ())]
    words = word_query(given["item"], state(**given["state"]), timers, lang)
    assert given[lang] == words


@in_each_language
@pytest.mark.parametrize("given", GOLDEN["scheduled"], ids=lambda g: g["statement"])
def test_scheduled(given: dict[str, Any], lang: Language) -> None:
    """A promise is worded as written."""
    statement = parse(given["statement"]).statements[0]
    assert given[lang] == word_scheduled(statement, lang)


@in_each_language
@pytest.mark.parametrize("given", GOLDEN["cancelled"])
def test_cancelled(given: dict[str, Any], lang: Language, timer: MakeTimer) -> None:
    """What was cancelled is worded as written."""
    timers = [timer(**entry) for entry in given["timers"]]
    assert given[lang] == word_cancelled(timers, lang)


@in_each_language
@pytest.mark.parametrize("given", GOLDEN["meant"], ids=lambda g: g["statement"])
def test_meant(given: dict[str, Any], lang: Language) -> None:
    """The question what was meant is worded as written."""
    statement = parse(given["statement"]).statements[0]
    assert given[lang] == word_did_you_mean(statement, lang)


@pytest.mark.parametrize("given", GOLDEN["language"], ids=lambda g: g["text"])
def test_language(given: dict[str, Any]) -> None:
    """A sentence is answered in the language written beside it."""
    assert given["lang"] == language_of(given["text"])
