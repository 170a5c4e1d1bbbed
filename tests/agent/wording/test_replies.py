from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest

from sanso.agent import wording
from sanso.agent.wording import (
    LANGUAGES,
    Language,
    PendingTimer,
    word_answer,
    word_ask,
    word_chat,
    word_error,
    word_outcome,
    word_reject,
    word_undo,
)
from sanso.agent.wording.replies import ErrorKind, Kind, Reason, Slot
from sanso.devices import Capabilities, Outcome, OutcomeCode, State
from sanso.grammars import SetLight, SetMode, SetOption, SetPower

MakeState = Callable[..., State]
SMALL = Capabilities(
    fan_levels=3,
    modes=frozenset({"sleep", "auto", "swim"}),
    options=frozenset({"uv", "child_lock"}),
)


def test_exports() -> None:
    """`__all__` is sorted and everything in it is there."""
    assert sorted(wording.__all__) == list(wording.__all__)
    assert all(hasattr(wording, name) for name in wording.__all__)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_fixed_sentences_differ(lang: Language) -> None:
    """Every kind of small talk, refusal, error and question has its own sentence."""
    said = [
        *(word_chat(kind, lang) for kind in get_args(Kind)),
        *(word_reject(reason, lang) for reason in get_args(Reason)),
        *(word_error(kind, lang) for kind in get_args(ErrorKind)),
        *(word_ask(slot, lang) for slot in get_args(Slot)),
        word_answer("yes", lang, asked=True),
        word_answer("no", lang, asked=True),
        word_answer("no", lang, asked=False),
    ]
    assert len(said) == len(set(said))
    assert all(text[-1] in ".?!" for text in said)


def test_an_answer_without_a_question() -> None:
    """A yes or no out of the blue is not taken for anything."""
    for lang in LANGUAGES:
        assert word_answer("yes", lang, asked=False) == word_answer(
            "no", lang, asked=False
        )


@pytest.mark.parametrize(
    ("slot", "ko", "en"),
    [
        (
            "level",
            "풍량을 몇 단으로 할까요? 1단부터 3단까지 있어요.",
            "Which fan level would you like, 1 to 3?",
        ),
        (
            "mode",
            "어떤 모드로 할까요? 자동 모드, 수면 모드, swim 모드가 있어요.",
            "Which mode would you like? You can choose from auto mode, sleep mode and swim mode.",
        ),
        (
            "option",
            "어떤 기능을 켜거나 끌까요? 버튼 잠금, UV 살균 기능이 있어요.",
            "Which feature shall I turn on or off? You can choose from the child lock and the UV light.",
        ),
    ],
)
def test_ask_among_what_there_is(slot: Slot, ko: str, en: str) -> None:
    """A question for a value names those that the purifier has."""
    assert ko == word_ask(slot, "ko", SMALL)
    assert en == word_ask(slot, "en", SMALL)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ask_with_nothing_to_choose(lang: Language) -> None:
    """A purifier without modes or features is asked for as if nothing were known."""
    bare = Capabilities()
    assert word_ask("mode", lang) == word_ask("mode", lang, bare)
    assert word_ask("option", lang) == word_ask("option", lang, bare)


def test_undo_says_what_is_now(state: MakeState) -> None:
    """After undoing, everything that differs is said as it is now."""
    before = state(mode="turbo", fan=0, fan_now=5, light="off", options={"uv": True})
    after = state(mode="auto", fan=0, fan_now=2, options={"uv": False})
    outcome = Outcome(OutcomeCode.CONFIRMED, SetMode(mode="auto"), before, after)
    assert word_undo(outcome, "ko") == (
        "되돌렸어요. 지금 자동 모드로 켜져 있고, 풍량은 2단이에요. 표시등은 켜져 있어요. UV 살균 기능은 꺼져 있어요."
    )
    assert word_undo(outcome, "en") == (
        "Undone. It is on in auto mode, with the fan at level 2. The light is on. "
        "The UV light is off."
    )


def test_undo_spans_several_calls(state: MakeState) -> None:
    """With the state from before undoing, more than the last call is said."""
    before, after = state(power=False, light="off"), state()
    step = replace(after, light="off")
    outcome = Outcome(OutcomeCode.CONFIRMED, SetLight(level="on"), step, after)
    assert word_undo(outcome, "ko") == "되돌렸어요. 표시등은 켜져 있어요."
    assert word_undo(outcome, "ko", before=before) == (
        "되돌렸어요. 지금 수동 모드로 켜져 있고, 풍량은 2단이에요. 표시등은 켜져 있어요."
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_undo_of_nothing(lang: Language, state: MakeState) -> None:
    """Where nothing was to undo, or nothing differs, it is said so."""
    same = Outcome(OutcomeCode.UNCHANGED, SetPower(state="on"), state(), state())
    assert word_undo(None, lang) != word_undo(same, lang)


def test_undo_of_what_is_final(timer: Callable[..., PendingTimer]) -> None:
    """Where nothing is to undo because the last change cannot be undone, that is said."""
    assert word_undo(None, "ko", final=True) == "필터 초기화는 되돌릴 수 없어요."
    assert word_undo(None, "en", final=True) == "A filter reset can't be undone."
    dropped = [timer("after(hours=2, minutes=0) -> set_power(state=off)", 60)]
    told = word_undo(None, "en", dropped=dropped)
    assert word_undo(None, "en", dropped=dropped, final=True) == told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_undo_that_failed(lang: Language, state: MakeState) -> None:
    """What could not be put back is told with its reason."""
    call = SetOption(option="uv", state="on")
    outcome = Outcome(OutcomeCode.UNCONFIRMED, call, state(), state())
    assert word_outcome(outcome, lang) in word_undo(outcome, lang)
    assert word_outcome(outcome, lang) != word_undo(outcome, lang)


def test_undo_of_timers(timer: Callable[..., PendingTimer]) -> None:
    """Timers that undoing drops or sets again are named."""
    timers = [timer("after(hours=2, minutes=0) -> set_power(state=off)", 7200)]
    assert (
        word_undo(None, "ko", dropped=timers) == "2시간 뒤 전원 끄기 예약을 취소했어요."
    )
    assert word_undo(None, "en", renewed=timers) == "Set again: power off in 2 hours."
