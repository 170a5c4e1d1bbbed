from __future__ import annotations

from dataclasses import replace

import pytest

from sanso.agent.cli.status import state_line, state_rows
from sanso.agent.cli.texts import TEXTS
from sanso.agent.wording import PendingTimer
from sanso.devices import Fault, Reading, State
from sanso.grammars import parse

TIMER = PendingTimer(
    parse("after(hours=1, minutes=0) -> set_power(state=off)").statements[0],
    seconds_left=3540.0,
)
ON = State(
    power=True,
    mode="manual",
    fan=3,
    fan_now=2,
    options={"child_lock": True, "sound": False},
    readings={"pm25": Reading.of(11.6), "co2": Reading.of(1500.2), "tvoc": Reading()},
    filter_percent=79.6,
)
AUTO = replace(ON, mode="auto", fan=None, fan_now=2)


@pytest.mark.parametrize(
    ("state", "korean", "english"),
    [
        (
            ON,
            "켜짐 · 수동 모드 3단 · 초미세먼지 12",
            "on · manual mode, level 3 · PM2.5 12",
        ),
        (
            AUTO,
            "켜짐 · 자동 모드 2단 · 초미세먼지 12",
            "on · auto mode, level 2 · PM2.5 12",
        ),
        (
            replace(AUTO, fan_now=0, readings={}),
            "켜짐 · 자동 모드 멈춤",
            "on · auto mode, standing still",
        ),
        (replace(ON, power=False), "꺼짐 · 초미세먼지 12", "off · PM2.5 12"),
        (
            replace(ON, power=False, readings={}, faults=frozenset({Fault.MOTOR})),
            "꺼짐 · 이상 있음",
            "off · fault",
        ),
        (replace(ON, online=False), "연결 끊김", "not connected"),
    ],
)
def test_state_line(state: State, korean: str, english: str) -> None:
    """The line says power, mode with level, and the first reading, in both languages."""
    assert korean == state_line(state, (), TEXTS["ko"])
    assert english == state_line(state, (), TEXTS["en"])


def test_state_line_counts_timers() -> None:
    """Timers are counted at the end."""
    assert state_line(ON, (TIMER, TIMER), TEXTS["ko"]).endswith(" · 예약 2개")


def test_state_rows() -> None:
    """The table has every setting, every sensor that is there, and every timer."""
    rows = state_rows(ON, (TIMER,), TEXTS["ko"])
    assert rows == [
        ("전원", "켜짐"),
        ("모드", "수동 모드"),
        ("풍량", "3단"),
        ("표시등", "켜짐"),
        ("버튼 잠금", "켜짐"),
        ("소리", "꺼짐"),
        ("초미세먼지", "12 µg/m³ (좋음)"),
        ("이산화탄소", "1500ppm (나쁨)"),
        ("필터", "80% 남음"),
        ("예약", "59분 뒤 전원 끄기"),
    ]


def test_state_rows_in_english() -> None:
    """A row is headed by a bare name, and a daily timer tells when it is next."""
    daily = parse("at(time=07:00, repeat=daily) -> set_power(state=on)").statements[0]
    rows = state_rows(ON, (PendingTimer(daily, seconds_left=7200.0),), TEXTS["en"])
    assert ("child lock", "on") in rows
    assert ("timer", "power on every day at 7 AM (2 hours)") in rows


def test_state_rows_offline() -> None:
    """A purifier that cannot be reached is not described."""
    rows = state_rows(replace(ON, online=False), (TIMER,), TEXTS["en"])
    assert rows == [("power", "not connected")]
