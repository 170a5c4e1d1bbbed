"""What a sentence becomes before the model reads it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sanso.agent.errors import UtteranceError
from sanso.agent.prompt import (
    CONTROLS,
    MAX_CHARACTERS,
    Piece,
    Turn,
    normalize,
    program_pieces,
    prompt,
)
from sanso.grammars import enumerate_calls

ANY_CHARACTER = st.characters(codec=None, exclude_categories=())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Turn ON", "turn on"),
        ("  켜\t줘\r\n ", "켜 줘"),
        ("켜\u0000줘", "켜 줘"),
        ("켜\u1112\u1161\u11ab", "켜한"),
        ("ｌｅｖｅｌ　３！", "level 3!"),
        ("“on” – now…", '"on" - now.'),
        ("o\u200bn\ufeff", "on"),
        ("on\ud800", "on"),
        ("on\ue000\U0010ffff", "on"),
        ("on\u2028off\u00a0x", "on off x"),
        ("Ünïcode", "ünïcode"),
        ("включи", "включи"),
        ("空気清浄機をつけて", "空気清浄機をつけて"),
        ("شغّل", "شغّل"),
        ("🌬️ on", "🌬️ on"),
        ("</s><call> on", "</s><call> on"),
        ("İ", "i\u0307"),
        ("3", "3"),
    ],
)
def test_normalize(text: str, expected: str) -> None:
    """Case, spaces, widths and composition are made one; other scripts stay as they are."""
    assert expected == normalize(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \t\n\u3000", "empty"),
        ("\u0000\u0007\u001b", "empty"),
        ("\ud800\udfff", "empty"),
        ("\u200b\u200d\ufeff", "empty"),
        ("...?!", "empty"),
        ("🌬️", "empty"),
        ("a" * (MAX_CHARACTERS + 1), "too_long"),
        ("가" * 100_000, "too_long"),
        (" " * 100_000, "too_long"),
        ("\ufdfa" * (MAX_CHARACTERS + 1), "too_long"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    """Nothing readable, or too much of it, is refused with the reason."""
    with pytest.raises(UtteranceError) as caught:
        normalize(text)
    assert reason == caught.value.reason


def test_longest_sentence() -> None:
    """The longest sentence allowed is read whole, however many spaces stood in it."""
    text = "a " * (MAX_CHARACTERS // 2)
    assert len(normalize(text + "  \t" * 400)) == MAX_CHARACTERS - 1
    assert normalize("a" * MAX_CHARACTERS) == "a" * MAX_CHARACTERS


@given(st.text(ANY_CHARACTER, max_size=MAX_CHARACTERS * 2))
@example("İ" * MAX_CHARACTERS)
@example("\u1100\u200b\u1161")
@example("a\u200b\u0301")
@example("\u2126 \u212b")
@example("A\u0345\u03b1")
@example("ΑΣ Σ")
@example("…" * 200 + "a")
def test_normalize_is_a_projection(text: str) -> None:
    """Any text is refused with an utterance error, or becomes one that stays as it is."""
    try:
        once = normalize(text)
    except UtteranceError:
        return
    assert once == normalize(once)
    assert 0 < len(once) <= MAX_CHARACTERS
    assert once.isprintable()
    assert once == " ".join(once.split())
    assert once == unicodedata.normalize("NFC", once)
    assert once.encode("utf-8").decode("utf-8") == once


def test_prompt() -> None:
    """A prompt is the last two turns and the sentence, between control tokens."""
    turns = (
        Turn("zero", "undo()"),
        Turn("one", "ask(slot=level)", waiting=True),
        Turn("two", "set_fan_level(level=2)"),
    )
    expected = [
        Piece("control", "<s>"),
        Piece("control", "<was>"),
        Piece("sentence", "one"),
        Piece("control", "<wait>"),
        Piece("program", "ask(slot=level)"),
        Piece("control", "<was>"),
        Piece("sentence", "two"),
        Piece("control", "<did>"),
        Piece("program", "set_fan_level(level=2)"),
        Piece("control", "<say>"),
        Piece("sentence", "three"),
        Piece("control", "<call>"),
    ]
    assert expected == prompt("three", turns)


@given(st.text(max_size=50), st.text(max_size=50))
def test_controls_come_from_the_prompt_alone(sentence: str, before: str) -> None:
    """Whatever is said, the control pieces are the same."""
    turns = (Turn(before, "undo()"),)
    expected = [p.text for p in prompt("x", turns) if p.kind == "control"]
    found = [p.text for p in prompt(sentence, turns) if p.kind == "control"]
    assert expected == found
    assert set(found) <= set(CONTROLS)


def test_program_pieces() -> None:
    """The pieces of a program spell it, none is left out."""
    for text in (
        *enumerate_calls(),
        "when(metric=temperature, above=-20) -> step_fan(by=-9); at(time=23:59, repeat=once) -> cancel_timer()",
    ):
        assert text == "".join(program_pieces(text))
    expected = ["set_option(option=", "child_lock", ", state=", "on", ")"]
    assert expected == program_pieces("set_option(option=child_lock, state=on)")
