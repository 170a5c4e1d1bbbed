from __future__ import annotations

from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.wording import LANGUAGES, Language, language_of

hangul = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1)
latin = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz "), min_size=1)


@given(st.text())
def test_always_one_of_both(text: str) -> None:
    """Any text has a language to answer in."""
    assert language_of(text) in LANGUAGES


@given(hangul)
def test_hangul_alone_is_korean(text: str) -> None:
    """Hangul without Latin is answered in Korean, composed or not."""
    assert language_of(text, otherwise="en") == "ko"
    assert language_of(normalize("NFD", text), otherwise="en") == "ko"


@given(latin.filter(lambda text: bool(text.strip())))
def test_latin_alone_is_english(text: str) -> None:
    """Latin without Hangul is answered in English."""
    assert language_of(text, otherwise="ko") == "en"


@given(st.sampled_from(LANGUAGES), st.sampled_from(["", "  ", "42", "?!", "😀"]))
def test_no_letters(otherwise: Language, text: str) -> None:
    """Without letters the language of the conversation stays."""
    assert otherwise == language_of(text, otherwise=otherwise)


@given(latin)
def test_a_korean_verb_wins(text: str) -> None:
    """However much English stands around it, a Korean verb asks for Korean."""
    assert language_of(f"{text} 켜줘") == "ko"
