from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from sanso.agent.memory.database import MemoryUnavailable, Reason
from sanso.agent.wording import (
    LANGUAGES,
    Language,
    word_aside,
    word_beyond,
    word_clock_unknown,
    word_gone,
    word_interrupted,
    word_late,
    word_missed_late,
    word_trouble,
    word_unkept,
    word_unkept_drop,
    word_unkept_due,
    word_unread,
)
from sanso.grammars import parse

REASONS: tuple[Reason, ...] = get_args(Reason)
STATEMENTS = (
    "after(hours=2, minutes=0) -> set_power(state=off)",
    "at(time=07:30, repeat=weekdays) -> set_mode(mode=auto)",
    "lasting(hours=0, minutes=30) -> set_fan_level(level=5)",
    "when(metric=co2, above=1000) -> give_tip(topic=ventilation)",
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_always_a_sentence(lang: Language) -> None:
    """Whatever could not be kept, or was found at a start, has its sentence in each language."""
    told = [word_clock_unknown(lang), word_beyond(lang), word_aside("m.db-1", lang)]
    told += [word_unread(1, lang), word_unread(3, lang)]
    for reason in REASONS:
        told += [word_trouble(reason, lang), word_unkept_drop(reason, lang)]
        told.append(word_gone(reason, lang))
        for text in STATEMENTS:
            statement = parse(text).statements[0]
            told.append(word_unkept(statement, reason, lang))
            told.append(word_unkept_due(statement, reason, lang))
    for text in STATEMENTS:
        statement = parse(text).statements[0]
        told.append(word_interrupted(statement, lang))
        for cause in ("stopped", "clock"):
            told.append(word_missed_late(statement, cause, lang))
            told.append(word_late(cause, "X.", lang))
        told.append(word_late("begun", "X.", lang))
    for words in told:
        assert words.endswith("."), words
        assert not re.search(r"[{}]|None|  |_|\.\.", words), words
    assert len(set(told)) > 60


@pytest.mark.parametrize("reason", REASONS)
def test_an_error_is_one_line_with_a_cure(reason: Reason) -> None:
    """Every reason has its cause and its cure, in one line that names the file."""
    text = str(MemoryUnavailable(Path("kept/memory.db"), reason))
    assert text.startswith("the memory kept/memory.db cannot be used: ")
    assert text.count("; ") == 1
    assert "\n" not in text


def test_as_it_is_said() -> None:
    """Some of it, word by word."""
    off = parse(STATEMENTS[0]).statements[0]
    assert word_unkept(off, "full", "ko") == (
        "저장 공간이 가득 차서 2시간 뒤 전원 끄기 예약을 저장하지 못했어요. "
        "그래서 예약하지 않았어요."
    )
    assert word_unkept(off, "full", "en") == (
        "I did not set this timer, because the disk is full: power off in 2 hours."
    )
    assert word_late("stopped", "공기청정기를 껐어요.", "ko") == (
        "제가 꺼져 있는 동안 예약 시간이 지나서 지금 실행했어요. 공기청정기를 껐어요."
    )
    assert word_late("clock", "Purifier turned off.", "en") == (
        "The clock was moved past a timer, and I did it now: purifier turned off."
    )
    assert word_aside("memory.db.damaged-1", "ko") == (
        "기억 파일이 손상돼서 새로 만들었어요. 전에 걸어 둔 예약은 사라졌고, "
        "이전 파일은 memory.db.damaged-1로 남겨 두었어요."
    )
