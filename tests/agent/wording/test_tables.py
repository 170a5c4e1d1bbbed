from __future__ import annotations

import string
from typing import get_args

import pytest

from sanso.agent.wording import names_en, names_ko, replies_en, replies_ko
from sanso.agent.wording.korean import PARTICLES
from sanso.agent.wording.language import Language
from sanso.agent.wording.tongue import TONGUES
from sanso.devices import Fault, NoReading
from sanso.grammars import calls

TABLES = {
    "names": (names_ko.NAMES, names_en.NAMES),
    "phrases": (replies_ko.PHRASES, replies_en.PHRASES),
    "sentences": (replies_ko.SENTENCES, replies_en.SENTENCES),
}
WORDS = {
    "mode": get_args(calls.Mode),
    "option": get_args(calls.Option),
    "lack": get_args(calls.Option),
    "level": get_args(calls.FanWord),
    "metric": get_args(calls.Metric),
    "value": get_args(calls.Metric),
    "item": get_args(calls.Item),
    "topic": get_args(calls.Topic),
}
SAID = {
    "ask": get_args(calls.Slot),
    "chat": ("greeting", "thanks", "goodbye", "help", "identity"),
    "reject": ("off_topic", "unsupported", "noise"),
    "fault": [fault.value for fault in Fault],
    "unread": [reason.value for reason in NoReading],
}


@pytest.mark.parametrize("table", TABLES)
def test_same_keys(table: str) -> None:
    """Whatever can be said in one language can be said in the other."""
    korean, english = TABLES[table]
    assert list(korean) == list(english)


@pytest.mark.parametrize("lang", TONGUES)
def test_every_word_has_a_name(lang: Language) -> None:
    """Every word of the call language has a name of its own."""
    expected = {f"{kind}.{word}" for kind, words in WORDS.items() for word in words}
    assert set() == expected - set(TONGUES[lang].names)


@pytest.mark.parametrize("lang", TONGUES)
def test_every_word_has_a_sentence(lang: Language) -> None:
    """Every slot, kind, reason, fault and missing reading has its sentence."""
    expected = {f"{kind}.{word}" for kind, words in SAID.items() for word in words}
    assert set() == expected - set(TONGUES[lang].sentences)


@pytest.mark.parametrize("lang", TONGUES)
def test_sentences_end(lang: Language) -> None:
    """A sentence ends in a full stop or question mark, or in one that it is given."""
    given = ("{done}", "{now}", "{faults}", "{sentence}", "{result}")
    for key, text in TONGUES[lang].sentences.items():
        assert text.endswith((".", "?", "!", *given)), key


def test_results_can_be_chained() -> None:
    """Confirmed acts end so that they can be joined, in both languages."""
    for key, text in replies_ko.SENTENCES.items():
        if key.startswith("done."):
            assert text.endswith("어요."), key
            assert text.count(".") == 1, key
            english = replies_en.SENTENCES[key]
            assert english.endswith("."), key
            assert " and " not in english, key


def test_korean_promises_can_be_questions() -> None:
    """A Korean act is a promise in -ㄹ게요, from which its question is made."""
    for key, text in replies_ko.PHRASES.items():
        if key.startswith("do."):
            assert text.endswith("게요"), key


def test_particles_in_slots() -> None:
    """A Korean slot asks only for particles that exist; an English one for none."""
    for korean, english in TABLES.values():
        for text in korean.values():
            specs = {spec for *_, spec, _ in string.Formatter().parse(text) if spec}
            assert set() == specs - set(PARTICLES), text
        for text in english.values():
            assert not any(spec for *_, spec, _ in string.Formatter().parse(text)), text


def test_no_bare_particle_after_a_slot() -> None:
    """No Korean particle stands fixed behind a slot whose word may end otherwise."""
    for table in (replies_ko.PHRASES, replies_ko.SENTENCES):
        for key, text in table.items():
            for wrong in ("은 ", "는 ", "이 ", "가 ", "을 ", "를 ", "로 ", "으로 "):
                assert "}" + wrong not in text, key
