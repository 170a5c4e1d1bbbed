from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from sanso.agent.wording import (
    LANGUAGES,
    Language,
    word_confirm,
    word_outcome,
    word_program_did,
)
from sanso.devices import Capabilities, Outcome, OutcomeCode, State
from sanso.grammars import (
    Call,
    SetFanLevel,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    enumerate_calls,
    parse,
)

MakeState = Callable[..., State]

EVERY_CALL = [parse(text).statements[0].call for text in enumerate_calls()]
DETAILS = ("", "5", "pet", "door_open", "nonsense")


class Perfume(Call):
    """A call that only one product has."""

    scent: str = "pine"


def states(state: MakeState) -> list[State]:
    """States as different as a purifier reports them."""
    return [
        state(),
        state(power=False),
        state(mode="auto", fan=0, fan_now=3),
        state(mode="auto", fan=0),
        state(mode="swim", light="rainbow", options={"uv": True}, filter_percent=55.5),
        state(power=False, faults=["door_open", "motor"], filter_percent=0.0),
        replace(state(), online=False, age_seconds=1000),
        State(power=True, fan=0),
    ]


def assert_sentence(text: str) -> None:
    """A reply is a finished sentence with no trace of its template."""
    assert text
    assert text == text.strip()
    assert not re.search(r"[{}]|None|  |_|\.\.", text), text
    assert text[-1] in ".?!", text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", OutcomeCode)
def test_always_a_sentence(code: OutcomeCode, lang: Language, state: MakeState) -> None:
    """Every call with every outcome in every state is worded as finished sentences."""
    every = states(state)
    rng = Random(0)
    for call in (*EVERY_CALL, Perfume()):
        for after in every:
            outcome = Outcome(code, call, rng.choice(every), after, rng.choice(DETAILS))
            assert_sentence(word_outcome(outcome, lang))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("call", [*EVERY_CALL, Perfume()], ids=str)
def test_always_a_question(call: Call, lang: Language) -> None:
    """Every call can be asked back."""
    text = word_confirm(call, lang)
    assert_sentence(text)
    assert text.endswith("?")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_what_was_read_back(lang: Language, state: MakeState) -> None:
    """The level that is said is the one reported, whatever was asked."""
    for level in (1, 3, 10, "min", "max"):
        call = SetFanLevel.model_validate({"level": level})
        outcome = Outcome(OutcomeCode.CONFIRMED, call, state(fan=1), state(fan=4))
        assert "4" in word_outcome(outcome, lang)
        assert "10" not in word_outcome(outcome, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_confirmation_is_not_believed(lang: Language, state: MakeState) -> None:
    """Where the state contradicts the code, the state is said."""
    off = state(power=False)
    said = word_outcome(
        Outcome(OutcomeCode.CONFIRMED, SetPower(state="on"), off, off), lang
    )
    honest = word_outcome(
        Outcome(OutcomeCode.CONFIRMED, SetPower(state="off"), state(), off), lang
    )
    assert honest == said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", [OutcomeCode.UNCONFIRMED, OutcomeCode.PENDING])
def test_nothing_open_is_claimed(
    code: OutcomeCode, lang: Language, state: MakeState
) -> None:
    """What nobody confirmed is never worded like what was done."""
    for call in EVERY_CALL:
        done = word_outcome(
            Outcome(OutcomeCode.CONFIRMED, call, state(), state()), lang
        )
        assert done not in word_outcome(Outcome(code, call, state(), state()), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_range_from_capabilities(lang: Language, state: MakeState) -> None:
    """With capabilities the range is certain; without, only what the detail says."""
    call = SetFanLevel(level=9)
    outcome = Outcome(OutcomeCode.OUT_OF_RANGE, call, state(), state(), "too much")
    assert "3" in word_outcome(outcome, lang, Capabilities(fan_levels=3))
    assert not re.search(r"\d", word_outcome(outcome, lang))


def test_program(state: MakeState) -> None:
    """The results of a program become one natural reply."""
    off, on = state(power=False), state(fan=3)
    dark = replace(on, light="off")
    did = OutcomeCode.CONFIRMED
    results = [
        Outcome(did, SetPower(state="on"), off, on),
        Outcome(did, SetFanLevel(level=3), on, on),
        Outcome(did, SetLight(level="off"), on, dark),
        Outcome(OutcomeCode.UNSUPPORTED, SetMode(mode="pet"), dark, dark, "pet"),
    ]
    assert word_program_did(results, "ko") == (
        "공기청정기를 켰고, 풍량을 3단으로 맞췄고, 표시등을 껐어요. "
        "하지만 이 공기청정기에는 펫 모드가 없어요."
    )
    assert word_program_did(results, "en") == (
        "Purifier turned on, fan set to level 3 and light turned off. "
        "However, this purifier has no pet mode."
    )


def test_program_that_turns_on_by_itself(state: MakeState) -> None:
    """A purifier that was turned on by a mode is said to be, once, in a chain too."""
    off, on = state(power=False), state(mode="sleep", fan=0)
    results = [
        Outcome(OutcomeCode.CONFIRMED, SetMode(mode="sleep"), off, on),
        Outcome(OutcomeCode.CONFIRMED, SetLight(level="on"), on, on),
    ]
    assert (
        word_program_did(results, "ko")
        == "공기청정기를 켜고 수면 모드로 바꿨고, 표시등을 켰어요."
    )
    assert word_program_did(results, "en") == (
        "Purifier turned on, switched to sleep mode and light turned on."
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_program_says_nothing_twice(lang: Language, state: MakeState) -> None:
    """The same trouble is told once, and words that are given stay as they are."""
    gone = replace(state(), online=False)
    offline = [
        Outcome(OutcomeCode.OFFLINE, call, gone, gone)
        for call in (SetPower(state="on"), SetOption(option="uv", state="on"))
    ]
    assert word_outcome(offline[0], lang) == word_program_did(offline, lang)
    assert word_program_did(["A.", "B.", "A."], lang) == "A. B."
    assert word_program_did([], lang) == ""


def test_program_keeps_english_names_whole(state: MakeState) -> None:
    """A name in capitals keeps them in the middle of a sentence."""
    with_uv = state(options={"uv": True})
    results = [
        Outcome(OutcomeCode.CONFIRMED, SetPower(state="on"), state(), with_uv),
        Outcome(
            OutcomeCode.CONFIRMED, SetOption(option="uv", state="on"), with_uv, with_uv
        ),
    ]
    expected = "Purifier turned on and UV light turned on."
    assert expected == word_program_did(results, "en")
