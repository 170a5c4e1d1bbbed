from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.wording import LANGUAGES, Language, word_query, word_tip
from sanso.agent.wording.tips import JOINED, Tip, tips
from sanso.devices import State
from sanso.grammars import calls

TOPICS = get_args(calls.Topic)
MakeState = Callable[..., State]
ALL_TIPS = [tip for topic in TOPICS for tip in tips()[topic]]

# Words of diagnoses and doses have no place in a tip about air.
MEDICAL = re.compile(
    r"진단|처방|복용|투약|완치|항히스타민|해열제|\bmg\b|diagnos|prescri|cure|dosage|"
    r"antihistamine|inhaler",
    re.IGNORECASE,
)


def test_every_topic() -> None:
    """Each topic of the call language has two or three tips."""
    assert set(TOPICS) == set(tips()) == set(JOINED)
    assert {2, 3} >= {len(tips()[topic]) for topic in TOPICS}


@pytest.mark.parametrize("tip", ALL_TIPS, ids=lambda tip: tip.en[:40])
def test_complete(tip: Tip) -> None:
    """A tip has both languages, a source, a date, and nothing medical in it."""
    assert len(tip.source) > 10
    assert tip.checked_on == date(2026, 11, 20)
    assert re.search("[가-힣]", tip.ko)
    assert not re.search("[가-힣]", tip.en)
    for text in (tip.ko, tip.en):
        assert text.endswith(".")
        assert not MEDICAL.search(text)
    assert len(tip.ko) <= 80
    assert len(tip.en) <= 140


def test_no_tip_twice() -> None:
    """No two tips say the same."""
    assert len(ALL_TIPS) == len({tip.ko for tip in ALL_TIPS})
    assert len(ALL_TIPS) == len({tip.en for tip in ALL_TIPS})


@given(st.sampled_from(TOPICS), st.sampled_from(LANGUAGES), st.integers())
def test_any_pick(topic: str, lang: Language, pick: int) -> None:
    """Any number picks a tip of the topic, and counting up goes round them."""
    choices = [tip.text(lang) for tip in tips()[topic]]
    assert word_tip(topic, None, lang, pick) in choices
    round_trip = {word_tip(topic, None, lang, pick + i) for i in range(len(choices))}
    assert set(choices) == round_trip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_joined_with_the_reading(lang: Language, state: MakeState) -> None:
    """A tip comes after the reading that it is about, where there is one."""
    dusty = state(readings={"pm25": 42, "humidity": 25, "co2": 1500})
    for topic, item in (
        ("fine_dust", "pm25"),
        ("mold", "humidity"),
        ("ventilation", "co2"),
        ("general", "air"),
    ):
        expected = f"{word_query(item, dusty, [], lang)} {word_tip(topic, None, lang)}"
        assert expected == word_tip(topic, dusty, lang)


def test_example(state: MakeState) -> None:
    """A joined tip reads as one reply."""
    words = word_tip("fine_dust", state(readings={"pm25": 42}), "ko")
    assert words.startswith(
        "지금 센서 값으로 보면 초미세먼지는 42로 나쁨 수준이에요. 먼지가"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_stands_alone(topic: str, lang: Language, state: MakeState) -> None:
    """Without a value, or without a link, the tip stands alone."""
    for silent in (
        state(power=False, readings={"pm25": "off", "co2": "off"}),
        state(readings={"pm25": 42, "humidity": 20}, online=False),
        None,
    ):
        assert word_tip(topic, None, lang) == word_tip(topic, silent, lang)


def test_unknown_topic() -> None:
    """A topic that does not exist is refused."""
    with pytest.raises(KeyError):
        word_tip("astrology", None, "en")
