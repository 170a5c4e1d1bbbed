"""Every answer that can be given is readable aloud, whatever numbers stand in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.agent import Agent
from sanso.agent.policy_rules import load_rules
from sanso.agent.voice.reading import read_out
from sanso.agent.wording import LANGUAGES, Language, word_query, word_tip
from sanso.agent.wording.korean import Word
from sanso.agent.wording.names_en import NAMES as NAMES_EN
from sanso.agent.wording.names_ko import NAMES as NAMES_KO
from sanso.agent.wording.policy_words import POLICY
from sanso.agent.wording.replies_en import PHRASES as PHRASES_EN
from sanso.agent.wording.replies_en import SENTENCES as SENTENCES_EN
from sanso.agent.wording.replies_ko import PHRASES as PHRASES_KO
from sanso.agent.wording.replies_ko import SENTENCES as SENTENCES_KO
from sanso.agent.wording.tips import tips
from sanso.devices import Fault, Reading, ScriptedClock, SimulatedPurifier, State
from sanso.grammars import draw_program, parse

GOLDEN = Path(__file__).parents[1] / "wording" / "golden.toml"
TABLES = {
    "ko": {**NAMES_KO, **PHRASES_KO, **SENTENCES_KO, **POLICY["ko"]},
    "en": {**NAMES_EN, **PHRASES_EN, **SENTENCES_EN, **POLICY["en"]},
}
FILLINGS = {
    "ko": (
        *("3단", "12.5㎍/㎥", "-3℃", "1,000ppm", "30%", "오후 3시 30분", "1시간 30분"),
        *("20", "PM2.5", "memory.sqlite.damaged-1", "‘밤 10시’ 😀", "매일 15:30"),
    ),
    "en": (
        *("level 3", "12.5 µg/m³", "-3 °C", "1,000 ppm", "30%", "3:30 PM"),
        *("1 hour 30 minutes", "20", "PM2.5", "memory.sqlite.damaged-1", "“10 PM” 😀"),
    ),
}
_UNREADABLE = re.compile(r"[^\w ,.?!:;'-]|[\d_]|[-'](?!\w)|^\W|\s\s")


def assert_readable(words: str, language: Language) -> None:
    """Hold an answer to be readable: words and pauses, and none of its numbers lost."""
    said = read_out(words, language)
    found = _UNREADABLE.search(said)
    assert found is None, f"{words} -> {said}: {found}"
    assert said, words
    if language == "ko":  # Latin may stay in names only, and those are not capital
        assert not re.search(r"[A-Z]", said), said
    # nothing is left to be said in another way the second time
    assert said == read_out(said, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_of_the_tables(language: Language) -> None:
    """Each sentence and phrase, with each kind of number in each of its slots."""
    for row in TABLES[language].values():
        slots = {name for _, name, _, _ in Formatter().parse(row) if name}
        for filling in FILLINGS[language]:
            words = row.format_map({name: Word(filling) for name in slots})
            assert_readable(words, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tip(language: Language) -> None:
    """Each tip, alone and behind a reading."""
    readings = {
        metric: Reading.of(value)
        for metric, value in (
            *(("pm25", 36.0), ("pm10", 81.0), ("co2", 1001.0)),
            *(("tvoc", 661.0), ("humidity", 29.0), ("temperature", -3.5)),
        )
    }
    state = State(power=True, readings=readings, filter_percent=9.0)
    for topic, choices in tips().items():
        for pick in range(len(choices)):
            assert_readable(word_tip(topic, None, language, pick), language)
            assert_readable(word_tip(topic, state, language, pick), language)


def golden() -> Iterator[tuple[str, Language]]:
    """Yield every answer that is written down."""
    for entries in tomllib.loads(GOLDEN.read_text(encoding="utf-8")).values():
        for entry in entries:
            for language in LANGUAGES:
                if language in entry:
                    yield entry[language], language


def test_every_golden_reply() -> None:
    """Each answer that is written down word by word."""
    replies = list(golden())
    assert len(replies) >= 120
    for words, language in replies:
        assert_readable(words, language)


@given(
    pm25=st.floats(0, 999),
    co2=st.floats(0, 20_000),
    temperature=st.floats(-40, 60),
    percent=st.floats(0, 100),
    days=st.integers(0, 4000),
    age=st.floats(0, 10**7),
    fault=st.sampled_from([*Fault, None]),
)
@settings(max_examples=60, deadline=None)
def test_any_reading(
    pm25: float,
    co2: float,
    temperature: float,
    percent: float,
    days: int,
    age: float,
    fault: Fault | None,
) -> None:
    """An answer about any state of any age."""
    readings = {
        "pm25": Reading.of(pm25),
        "pm10": Reading.of(2 * pm25, age),
        "co2": Reading.of(co2),
        "tvoc": Reading.of(co2),
        "humidity": Reading.of(percent),
        "temperature": Reading.of(temperature),
    }
    state = State(
        power=True,
        fan=3,
        fan_now=3,
        readings=readings,
        filter_percent=percent,
        filter_days=days,
        age_seconds=age,
        faults=frozenset({fault} if fault else ()),
    )
    for item in ("status", "air", *readings, "filter", "fan", "mode"):
        for language in LANGUAGES:
            assert_readable(word_query(item, state, (), language), language)


@pytest.mark.parametrize("policy", ["default", "house"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_agent_answers(language: Language, policy: str) -> None:
    """Programs at random, of all that can be said, carried out one after another; and what comes due."""
    rng = Random(7)
    clock = ScriptedClock()
    purifier = SimulatedPurifier.from_settings({"fan": 2}, clock=clock, profile="sim")
    said = set()
    with Agent(None, purifier, lang=language, rules=load_rules(policy)) as agent:
        for _ in range(300):
            reply = agent.carry_out(parse(draw_program(rng)), lang=language)
            said.add(reply.words)
            clock.advance(rng.choice((1, 60, 3600)))
            said.update(agent.tick())
    assert len(said) > 100
    for words in said:
        assert_readable(words, language)
