"""What holds of every sentence that is kept, and of every file that it is kept in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.miss_lines import kept_line, read_kept, training_line
from sanso.agent.miss_watch import Miss, MissKind
from sanso.agent.prompt import normalize
from sanso.grammars import draw_program
from sanso.models.corpus.lines import language, read_line


def _normalized(text: str) -> str:
    try:
        return normalize(text)
    except Exception:  # noqa: BLE001 - such a sentence never becomes a reply
        return ""


sentences = (
    st.text(max_size=60) | st.text(alphabet="#@=>{}dur n1가 a", max_size=30)
).map(_normalized)
labels: Callable[..., Any] = st.randoms(use_true_random=False).map
programs = labels(draw_program)


@given(
    sentence=sentences,
    program=programs,
    label=programs,
    at=st.floats(0, 4e9),
    confidence=st.none() | st.floats(0, 1),
    kind=st.sampled_from(MissKind),
)
def test_what_is_kept_can_be_trained_on(
    sentence: str,
    program: str,
    label: str,
    at: float,
    confidence: float,
    kind: MissKind,
) -> None:
    """Any sentence is read back as it was kept, and what is exported is a line that training takes."""
    kept = Miss(at, "ko", sentence, program, confidence, kind, label)
    again = read_kept(kept_line(kept))
    assert again is not None
    assert (sentence, program, label) == (again.sentence, again.program, again.label)
    assert abs(again.at - at) <= 1
    if line := training_line(kept):
        read = read_line(line, language(sentence), "owner", "here")
        assert [label] == [turn.program for turn in read.turns]
        assert not line.startswith(("#", "@"))
    else:
        assert not sentence or set(sentence) & set("#@=>{ ")


@given(line=st.binary(max_size=80))
def test_no_line_makes_reading_fail(line: bytes) -> None:
    """Whatever stands in the file, reading goes on."""
    read_kept(line)
