from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest

from sanso.agent.wording import (
    LANGUAGES,
    Language,
    PendingTimer,
    word_cancelled,
    word_did_you_mean,
    word_due,
    word_missed,
    word_query,
    word_scheduled,
)
from sanso.agent.wording.timers import word_renewed
from sanso.devices import Outcome, OutcomeCode, State
from sanso.grammars import SetMode, draw_statement, parse

MakeState = Callable[..., State]
MakeTimer = Callable[..., PendingTimer]


def drawn() -> list[str]:
    """Timed statements of all kinds."""
    rng = Random(7)
    texts = (draw_statement(rng) for _ in range(4000))
    return [text for text in texts if " -> " in text]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_always_a_sentence(lang: Language, state: MakeState) -> None:
    """Whatever can be timed can be promised, listed, cancelled and reported."""
    for text in drawn():
        statement = parse(text).statements[0]
        for left in (None, 0.0, 59.0, 3600.0, 100_000.0):
            timers = [PendingTimer(statement, left, left)]
            for words in (
                word_scheduled(statement, lang),
                word_did_you_mean(statement, lang),
                word_query("timer", state(), timers, lang),
                word_cancelled(timers, lang),
                word_renewed(timers, lang),
                word_missed(timers, lang),
                word_due(statement, word_scheduled(statement, lang), lang),
            ):
                assert words[-1] in ".?", words
                assert not re.search(r"[{}]|None|  |_|\.\.", words), words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_time_is_lost(lang: Language) -> None:
    """The hour, span or threshold that was asked for is in the promise."""
    times = {
        "after(hours=3, minutes=25) -> set_power(state=off)": ("3", "25"),
        "at(time=07:45, repeat=once) -> set_power(state=off)": ("7", "45"),
        "lasting(hours=0, minutes=50) -> set_power(state=on)": ("50",),
        "when(metric=pm25, below=12) -> set_power(state=off)": ("12",),
    }
    for text, numbers in times.items():
        words = word_scheduled(parse(text).statements[0], lang)
        assert all(number in words for number in numbers), words


@pytest.mark.parametrize(
    ("code", "ko", "en"),
    [
        (
            OutcomeCode.CONFIRMED,
            "터보 모드로 바꿨어요. 30분 뒤에 원래대로 되돌릴게요.",
            "Switched to turbo mode. I will go back to the earlier settings in 30 minutes.",
        ),
        (
            OutcomeCode.UNSUPPORTED,
            "이 공기청정기에는 터보 모드가 없어요.",
            "This purifier has no turbo mode.",
        ),
    ],
)
def test_lasting_with_its_outcome(
    code: OutcomeCode, ko: str, en: str, state: MakeState
) -> None:
    """What acts at once is told as done, and put back only if it was done."""
    text = "lasting(hours=0, minutes=30) -> set_mode(mode=turbo)"
    statement = parse(text).statements[0]
    after = state(mode="turbo", fan=0)
    outcome = Outcome(code, SetMode(mode="turbo"), state(), after)
    assert ko == word_scheduled(statement, "ko", outcome)
    assert en == word_scheduled(statement, "en", outcome)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_next_one_first(lang: Language, state: MakeState, timer: MakeTimer) -> None:
    """Timers are told in the order in which they come due, conditions last."""
    timers = [
        timer("when(metric=pm25, above=35) -> set_power(state=on)"),
        timer("after(hours=5, minutes=0) -> set_power(state=off)", 17_000),
        timer("after(hours=1, minutes=0) -> set_light(level=off)", 600),
    ]
    words = word_query("timer", state(), timers, lang)
    assert words == word_query("timer", state(), timers[::-1], lang)
    assert words.index("10") < words.index("44") < words.index("35")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_due(lang: Language) -> None:
    """The report on a timer tells apart a time, a condition and an end."""
    texts = {
        word_due(parse(text).statements[0], "X.", lang)
        for text in (
            "after(hours=1, minutes=0) -> set_power(state=off)",
            "when(metric=pm25, above=35) -> set_power(state=off)",
            "lasting(hours=1, minutes=0) -> set_power(state=on)",
        )
    }
    assert len(texts) == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_trigger_is_needed(lang: Language) -> None:
    """What has no time cannot be promised for later."""
    statement = parse("set_power(state=on)").statements[0]
    with pytest.raises(ValueError, match="no trigger"):
        word_scheduled(statement, lang)
    with pytest.raises(ValueError, match="no trigger"):
        word_due(statement, "X.", lang)


def test_nothing_missed() -> None:
    """Where nothing was missed or set again, nothing is said."""
    assert "" == word_missed([], "ko") == word_renewed([], "en")


def test_missed(timer: MakeTimer) -> None:
    """A missed timer is told without a time that has passed."""
    missed = [timer("after(hours=2, minutes=0) -> set_power(state=on)", -300)]
    assert word_missed(missed, "ko") == (
        "제가 꺼져 있는 동안 전원 켜기 예약 시간이 지났어요. 실행하지 않았어요."
    )
    assert word_missed(missed, "en") == (
        "This came due while I was stopped, and I did not do it: power on."
    )
