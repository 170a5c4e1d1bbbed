from __future__ import annotations

from pathlib import Path

import pytest

from sanso.models.corpus.heard import (
    Said,
    draw_spoken,
    is_of_use,
    read_heard,
    written,
)
from sanso.models.corpus.lines import LineError, read_all
from sanso.models.corpus.phrases import Phrases
from sanso.models.corpus.stream import Shares, Stream, is_validation


@pytest.mark.parametrize(
    ("heard", "spoken", "useful"),
    [
        ("풍양 삼단", "풍량 삼단", True),
        ("fan level tree", "fan level three", True),
        ("풍량 삼단", "풍량 삼단", False),
        ("Fan level 3!", "fan level 3", False),
        ("", "풍량 삼단", False),
        ("what is the weather", "풍량 삼단", False),
        ("timer off please", "set the sleep mode", False),
    ],
)
def test_only_what_is_misheard_and_alike_is_kept(
    heard: str,
    spoken: str,
    useful: bool,  # noqa: FBT001 - a row of a table
) -> None:
    """What was heard right teaches nothing new, what was not heard at all teaches nonsense."""
    assert is_of_use(heard, spoken) is useful


def test_spoken_sentences_are_none_of_the_held_out() -> None:
    """Both languages alternate, the same seed draws the same, and no held-out family is spoken."""
    lines = read_all()
    held = {
        line.turns[0].sentence
        for line in lines
        if is_validation(line) and "{" not in line.turns[0].sentence
    }
    drawn = draw_spoken(lines, 400)
    assert [said.lang for said in drawn[:4]] == ["ko", "en", "ko", "en"]
    assert drawn == draw_spoken(lines, 400)
    assert not held & {said.text for said in drawn}


def test_what_was_heard_is_read_back_and_drawn(tmp_path: Path) -> None:
    """A stream draws what was heard as often as its share says, with the program that was wanted."""
    heard = [
        Said("풍양 삼단", "set_fan_level(level=3)", "ko"),
        Said("turn of the light", "set_light(level=off)", "en"),
    ]
    for said in heard:
        (tmp_path / f"{said.lang}.txt").write_text(
            "\n".join(written([said])), encoding="utf-8"
        )
    assert read_heard(tmp_path) == heard
    shares = Shares(
        heard=0.5, hand=0.5, plain=0, timed=0, compound=0, joined=0, spoiled=0
    )
    lines = [line for line in read_all() if len(line.turns) == 1]
    stream = Stream(lines, Phrases(), (), shares, heard=read_heard(tmp_path))
    drawn = [e for e in stream.chunk(1, 0, 400) if e.kind == "heard"]
    assert 100 < len(drawn) < 300
    assert {(e.sentence, e.program) for e in drawn} == {
        (h.text, h.program) for h in heard
    }


def test_a_dialogue_was_not_heard(tmp_path: Path) -> None:
    """What is read must be single sentences."""
    (tmp_path / "ko.txt").write_text(
        "꺼 줘 => set_power(state=off) >> 아니 => undo()", encoding="utf-8"
    )
    with pytest.raises(LineError, match="one sentence"):
        read_heard(tmp_path)
