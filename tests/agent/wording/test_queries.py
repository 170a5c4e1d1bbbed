from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.wording import LANGUAGES, Language, PendingTimer, word_query
from sanso.agent.wording.queries import FRESH_SECONDS
from sanso.devices import UNITS, NoReading, Reading, State
from sanso.grammars import calls

MakeState = Callable[..., State]
ITEMS = get_args(calls.Item)
NOW = {"ko": "지금 센서 값으로 보면", "en": "By the sensor now"}

one_reading = st.one_of(
    st.floats(-20, 5000).map(Reading.of),
    st.sampled_from(NoReading).map(lambda why: Reading(None, why)),
)
some_states = st.builds(
    State,
    power=st.booleans(),
    mode=st.sampled_from([*get_args(calls.Mode), "swim"]),
    fan=st.none() | st.integers(0, 10),
    fan_now=st.integers(0, 10),
    light=st.sampled_from(["off", "dim", "on", "rainbow"]),
    options=st.dictionaries(
        st.sampled_from([*get_args(calls.Option), "mood_lamp"]), st.booleans()
    ),
    readings=st.dictionaries(st.sampled_from(sorted(UNITS)), one_reading),
    filter_percent=st.none() | st.floats(0, 100),
    filter_days=st.none() | st.integers(0, 999),
    online=st.booleans(),
    age_seconds=st.floats(0, 100_000),
)


@given(st.sampled_from(ITEMS), some_states, st.sampled_from(LANGUAGES))
def test_always_a_sentence(item: str, state: State, lang: Language) -> None:
    """Every question about every state is answered in finished sentences."""
    text = word_query(item, state, [], lang)
    assert text[-1] in ".?!"
    assert not re.search(r"[{}]|None|  |_|\.\.|-0\b", text), text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("metric", UNITS)
def test_says_by_what(metric: str, lang: Language, state: MakeState) -> None:
    """A value is said to be what the sensor reads now, and when it is old, how old."""
    fresh = state(readings={metric: 20})
    assert NOW[lang] in word_query(metric, fresh, [], lang)
    for old in (
        replace(fresh, age_seconds=FRESH_SECONDS),
        replace(fresh, readings={metric: Reading.of(20, FRESH_SECONDS)}),
    ):
        text = word_query(metric, old, [], lang)
        assert NOW[lang] not in text
        assert "2" in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("metric", UNITS)
def test_says_why_not(metric: str, lang: Language, state: MakeState) -> None:
    """Each reason for a missing value has its own words, and no number is made up."""
    reasons = [why.value for why in NoReading]
    texts = [
        word_query(metric, state(readings={metric: why}), [], lang) for why in reasons
    ]
    assert len(set(texts)) == len(reasons)
    assert not any(NOW[lang] in text for text in texts)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("item", ["pm25", "pm10"])
def test_dust_means_both(item: str, lang: Language, state: MakeState) -> None:
    """Who asks for one size of dust hears both, the one asked for first."""
    text = word_query(item, state(readings={"pm25": 41, "pm10": 77}), [], lang)
    first, second = ("41", "77") if item == "pm25" else ("77", "41")
    assert text.index(first) < text.index(second)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("item", [item for item in ITEMS if item != "timer"])
def test_unreachable(item: str, lang: Language, state: MakeState) -> None:
    """Of a purifier that cannot be reached nothing is claimed."""
    gone = replace(state(readings={"pm25": 41}, filter_percent=60.0), online=False)
    other = replace(state(power=False), online=False)
    assert word_query(item, other, [], lang) == word_query(item, gone, [], lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_timers_without_a_link(
    lang: Language, state: MakeState, timer: Callable[..., PendingTimer]
) -> None:
    """Timers live in the agent: they are known without the purifier."""
    timers = [timer("after(hours=1, minutes=0) -> set_power(state=off)", 600)]
    gone = replace(state(), online=False)
    assert word_query("timer", state(), timers, lang) == word_query(
        "timer", gone, timers, lang
    )
    assert "10" in word_query("timer", gone, timers, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_status_tells_all(
    lang: Language, state: MakeState, timer: Callable[..., PendingTimer]
) -> None:
    """The status holds the answers about fan, air, filter and timers."""
    full = state(
        fan=4, readings={"pm25": 41}, filter_percent=63.0, options={"uv": True}
    )
    timers = [timer("after(hours=1, minutes=0) -> set_power(state=off)", 600)]
    text = word_query("status", full, timers, lang)
    for item in ("air", "filter", "timer"):
        assert word_query(item, full, timers, lang) in text
    assert "4" in text
    assert "UV" in text


def test_unknown_item(state: MakeState) -> None:
    """A question that does not exist is refused."""
    with pytest.raises(KeyError):
        word_query("weather", state(), [], "en")
