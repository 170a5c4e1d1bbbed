"""The guard for time: it doubts what names a time and has none, and hardly ever anything else."""

from __future__ import annotations

import random

import pytest

from sanso.agent.errors import UtteranceError
from sanso.agent.guard import lost_time, named_time
from sanso.agent.prompt import normalize
from sanso.grammars import parse
from sanso.models.corpus.lines import filled, read_all

ACT = parse("set_power(state=off)")


@pytest.mark.parametrize(
    "sentence",
    [
        "30분 뒤에 꺼",
        "두 시간만 켜 줘",
        "아홉 시에 꺼 줘",
        "9시 반에 꺼",
        "내일 아침에 켜",
        "매일 켜 줘",
        "습도가 60 넘으면 꺼",
        "반 시간만 세게",
        "자정에 꺼",
        "off in 20 minutes",
        "turn off in half an hour",
        "off at 9 pm",
        "off at 21:30",
        "off at half past nine",
        "every morning on",
        "if co2 goes above 1000 switch off",
        "10 minutes만 켜",
        "조금 있다가 꺼",
        "나중에 꺼 줘",
        "turn off later",
        "월요일마다 켜 줘",
        "half an hour of turbo",
    ],
)
def test_a_named_time_is_seen(sentence: str) -> None:
    """In both languages; and it is doubted only where the program acts at once."""
    assert named_time(sentence)
    assert lost_time(sentence, ACT)
    timed = parse("after(hours=0, minutes=30) -> set_power(state=off)")
    assert not lost_time(sentence, timed)
    assert not lost_time(sentence, parse("cancel_timer()"))
    assert not lost_time(sentence, parse("query(item=timer)"))
    assert not lost_time(sentence, parse("reject(reason=noise)"))


@pytest.mark.parametrize(
    "sentence",
    [
        "5초 뒤에 조명 꺼",
        "3초만 있다가 풍량 올려",
        "삼십 초 후 꺼",
        "turn the light off in 30 seconds",
        "blow harder after ninety seconds",
        "lock the buttons in 20 secs",
    ],
)
def test_seconds_are_asked_about(sentence: str) -> None:
    """No program counts seconds: whatever was made of them is doubted."""
    timed = parse("after(hours=0, minutes=30) -> set_power(state=off)")
    assert lost_time(sentence, ACT)
    assert lost_time(sentence, timed)
    assert not lost_time(sentence, parse("query(item=timer)"))


@pytest.mark.parametrize(
    "sentence",
    ["초미세먼지 3 초과하면 꺼", "2초미세먼지", "5초 전에 켠 거 꺼", "초 켜"],
)
def test_what_only_looks_like_seconds(sentence: str) -> None:
    """A syllable that seconds share with other words is none."""
    timed = parse("after(hours=0, minutes=30) -> set_power(state=off)")
    assert not lost_time(sentence, timed)


@pytest.mark.parametrize(
    "sentence",
    [
        "꺼 줘",
        "바람 3단으로",
        "60%로 맞춰",
        "다시 켜 줘",
        "잠시 꺼",
        "삼분의 일로 줄여",
        "set the fan to 3",
        "half power please",
        "off",
        "night mode",
        "기분 좋게 세게",
        "미세먼지 넘 심해 세게 틀어 줘",
        "미세먼지 수치가 이상해 풍량 올려 줘",
        "손님 두 분 오셨으니까 풍량 올려 줘",
        "10분 전에 켠 거 꺼 줘",
        "wait a minute turn it off",
        "turn off, i turned it on 5 minutes ago",
    ],
)
def test_an_order_for_now_is_not_doubted(sentence: str) -> None:
    """Numbers of other things, and words that only look like a time."""
    assert not lost_time(sentence, ACT)


def test_false_alarms_and_misses_are_few() -> None:
    """On labelled sentences of the project: of orders for now hardly any is doubted, of timed ones most are seen."""
    rng = random.Random(5)
    alarms = now = seen = timed = 0
    for line in rng.sample(read_all(), 6000):
        if len(line.turns) > 1:
            continue
        for said, text in filled(line.turns, line.lang, rng):
            try:
                sentence = normalize(said)
            except UtteranceError:
                continue
            program = parse(text)
            if any(statement.trigger for statement in program.statements):
                timed += 1
                seen += bool(named_time(sentence))
            elif text.startswith(("set_", "step_")):
                now += 1
                alarms += bool(lost_time(sentence, program))
    assert now > 1000
    assert timed > 400
    assert alarms / now < 0.015
    assert seen / timed > 0.75
