"""Sentences as they are said: numbers as words, no signs."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.models.recogniser.grammar import Grammar
from sanso.models.recogniser.sentences import NUMBER_FAMILIES
from sanso.models.recogniser.spoken import LETTERS, english_words, korean_number, spoken
from sanso.models.recogniser.tokens import TOKENS, decode, encode


@pytest.mark.parametrize(
    ("written", "lang", "said"),
    [
        ("풍량 3단으로 해 줘!", "ko", "풍량 삼단으로 해줘"),
        ("오후 3시 반에 꺼줘", "ko", "오후 세시 반에 꺼줘"),
        ("습도 60%", "ko", "습도 육십 퍼센트"),
        ("12.5 마이크로그램", "ko", "십이점오 마이크로그램"),
        ("2시간 30분 뒤에", "ko", "두시간 삼십분 뒤에"),
        ("22시에 2칸", "ko", "이십이시에 두칸"),
        ("10000", "ko", "만"),
        ("PM2.5 알려줘", "ko", "피엠 이점오 알려줘"),
        ("Set the fan to 3, please!", "en", "set the fan to three please"),
        ("at 7:05 p.m.", "en", "at seven oh five pm"),
        ("12.5 micrograms", "en", "twelve point five micrograms"),
        ("what’s the PM2.5", "en", "what's the pm two point five"),
        ("25% twenty-five", "en", "twenty five percent twenty five"),
    ],
)
def test_says(written: str, lang: str, said: str) -> None:
    """Numbers, times and units become the words that people say."""
    assert said == spoken(written, lang)


@pytest.mark.parametrize(
    ("written", "lang"),
    [("turbo로 해줘", "ko"), ("켜 please", "en"), ("12345 켜", "ko"), ("...", "en")],
)
def test_refuses_what_cannot_be_told(written: str, lang: str) -> None:
    """A text of both scripts, too large a number or no word at all is not spoken."""
    assert spoken(written, lang) is None


def test_british_numbers_say_and() -> None:
    """Both habits of reading a hundred are known."""
    assert english_words(101, british=True) == "one hundred and one"
    assert english_words(2005, british=True) == "two thousand and five"
    assert english_words(2305, british=True) == "two thousand three hundred and five"
    assert english_words(2305) == "two thousand three hundred five"


def test_numbers_are_all_different() -> None:
    """No two numbers up to 10,000 are said alike."""
    for words in (korean_number, english_words):
        assert len({words(n) for n in range(10_001)}) == 10_001


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_grammar_speaks_in_words_alone(lang: str) -> None:
    """Every family of patterns gives sentences of words, with many combinations."""
    grammar, rng = Grammar(lang), random.Random(3)
    assert set(NUMBER_FAMILIES) <= set(grammar.families)
    drawn = set()
    for family in grammar.families:
        for _ in range(60):
            text = grammar.draw(rng, family).text
            assert LETTERS[lang].fullmatch(text), (family, text)
            assert text == spoken(text, lang)
            drawn.add(text)
    assert len(drawn) > 1200


@given(st.text(alphabet="가힣닭뷁의왜 몇삼", max_size=30))
def test_jamo_come_back(text: str) -> None:
    """Hangul that was taken apart into tokens is put together again."""
    assert text == decode(encode(text))
    assert all(len(TOKENS[i]) == 1 for i in encode(text))


def test_letters_come_back() -> None:
    """So is English, with its apostrophe; what has no token is the unknown one."""
    assert decode(encode("What's the air like")) == "what's the air like"
    assert encode("!") == encode("…") == [TOKENS.index("")]
    assert unicodedata.is_normalized("NFC", decode(encode("공기청정기")))
