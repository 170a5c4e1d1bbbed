"""Every unit and counter, against rules that are written once more."""

from __future__ import annotations

import unicodedata

import pytest

from sanso.agent.voice import reading_en, reading_ko
from sanso.agent.voice.reading import read_out

from .reading_rules import cardinal, counted, sino

SAMPLES = (*range(130), 200, 999, 1000, 1001, 2026, 9999, 10_000, 10_001, 65_535)
KOREAN_UNITS = {
    "%": "{} 퍼센트",
    "%p": "{} 퍼센트포인트",
    "°C": "{} 도",
    "℃": "{} 도",
    "°F": "화씨 {} 도",
    "°": "{} 도",
    "ppm": "{} 피피엠",
    "ppb": "{} 피피비",
    "µg/m³": "세제곱미터당 {} 마이크로그램",
    "μg/m3": "세제곱미터당 {} 마이크로그램",
    "㎍/㎥": "세제곱미터당 {} 마이크로그램",
    "ug/m3": "세제곱미터당 {} 마이크로그램",
    "mg/m³": "세제곱미터당 {} 밀리그램",
    "m³/h": "시간당 {} 세제곱미터",
    "㎥": "{} 세제곱미터",
    "㎡": "{} 제곱미터",
    "µg": "{} 마이크로그램",
    "mg": "{} 밀리그램",
    "g": "{} 그램",
    "kg": "{} 킬로그램",
    "m": "{} 미터",
    "cm": "{} 센티미터",
    "mm": "{} 밀리미터",
    "μm": "{} 마이크로미터",
    "km": "{} 킬로미터",
    "L": "{} 리터",
    "mL": "{} 밀리리터",
    "ml": "{} 밀리리터",
    "dB": "{} 데시벨",
    "Hz": "{} 헤르츠",
    "W": "{} 와트",
    "kW": "{} 킬로와트",
    "Wh": "{} 와트시",
    "kWh": "{} 킬로와트시",
    "V": "{} 볼트",
    "rpm": "{} 알피엠",
    "hPa": "{} 헥토파스칼",
    "min": "{} 분",
    "s": "{} 초",
    "ms": "{} 밀리초",
    **{
        unit: f"{{}} {unit}"
        for unit in [
            "단",
            "단계",
            "도",
            "분",
            "초",
            "일",
            "주",
            "주일",
            "개월",
            "년",
            "세",
            "원",
            "퍼센트",
            "데시벨",
            "피피엠",
            "피피비",
            "마이크로그램",
            "밀리그램",
            "그램",
            "와트",
            "미터",
            "센티미터",
            "리터",
            "평",
            "회",
            "층",
            "호",
            "점",
            "차",
            "위",
        ]
    },
}
NATIVE_COUNTERS = {
    **dict.fromkeys(
        [
            "시간",
            "개",
            "번",
            "가지",
            "명",
            "살",
            "마리",
            "대",
            "달",
            "군데",
            "곳",
            "줄",
            "잔",
            "장",
            "켤레",
            "사람",
        ],
        99,
    ),
    "시": 12,
    "배": 19,
}
ENGLISH_UNITS = {
    "%": ("percent", "percent"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "℃": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "ppm": ("part per million", "parts per million"),
    "ppb": ("part per billion", "parts per billion"),
    "µg/m³": ("microgram per cubic metre", "micrograms per cubic metre"),
    "㎍/㎥": ("microgram per cubic metre", "micrograms per cubic metre"),
    "ug/m3": ("microgram per cubic metre", "micrograms per cubic metre"),
    "mg/m³": ("milligram per cubic metre", "milligrams per cubic metre"),
    "m³/h": ("cubic metre per hour", "cubic metres per hour"),
    "㎥": ("cubic metre", "cubic metres"),
    "㎡": ("square metre", "square metres"),
    "µg": ("microgram", "micrograms"),
    "mg": ("milligram", "milligrams"),
    "g": ("gram", "grams"),
    "kg": ("kilogram", "kilograms"),
    "m": ("metre", "metres"),
    "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"),
    "μm": ("micrometre", "micrometres"),
    "km": ("kilometre", "kilometres"),
    "L": ("litre", "litres"),
    "mL": ("millilitre", "millilitres"),
    "ml": ("millilitre", "millilitres"),
    "dB": ("decibel", "decibels"),
    "Hz": ("hertz", "hertz"),
    "W": ("watt", "watts"),
    "kW": ("kilowatt", "kilowatts"),
    "Wh": ("watt hour", "watt hours"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "V": ("volt", "volts"),
    "rpm": ("turn per minute", "turns per minute"),
    "hPa": ("hectopascal", "hectopascals"),
    "h": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "s": ("second", "seconds"),
    "ms": ("millisecond", "milliseconds"),
}


@pytest.mark.parametrize("unit", KOREAN_UNITS)
def test_every_unit_in_korean(unit: str) -> None:
    """A number is Sino-Korean before it, joined or apart, whole or not; what divides comes first."""
    for number in SAMPLES:
        said = KOREAN_UNITS[unit].format(sino(number))
        assert said == read_out(f"{number}{unit}", "ko")
        assert f"{said}을 넘어요." == read_out(f"{number} {unit}을 넘어요.", "ko")
        half = KOREAN_UNITS[unit].format(f"{sino(number)} 점 오")
        assert half == read_out(f"{number}.5{unit}", "ko")


@pytest.mark.parametrize("counter", NATIVE_COUNTERS)
def test_every_native_counter(counter: str) -> None:
    """Hours, things, times and the like take native numbers as far as they are said."""
    for number in SAMPLES:
        said = f"{counted(number, NATIVE_COUNTERS[counter])} {counter}"
        assert said == read_out(f"{number}{counter}", "ko")
        assert f"{said}까지" == read_out(f"{number} {counter}까지", "ko")


@pytest.mark.parametrize("unit", ENGLISH_UNITS)
def test_every_unit_in_english(unit: str) -> None:
    """One is told from many, and a decimal is many."""
    one, many = ENGLISH_UNITS[unit]
    for number in SAMPLES:
        thing = one if number == 1 else many
        assert f"{cardinal(number)} {thing}." == read_out(f"{number} {unit}.", "en")
        assert f"{cardinal(number)} {thing}" == read_out(f"{number}{unit}", "en")
        assert f"{cardinal(number)} point five {many}" == read_out(
            f"{number}.5 {unit}", "en"
        )


def test_no_unit_is_untested() -> None:
    """Each row of the reader's tables is read in a test."""

    def shapes(units: object) -> set[str]:
        return {
            unicodedata.normalize("NFKC", unit)
            for unit in units  # type: ignore[attr-defined]
        }

    assert shapes(reading_ko.UNITS) == shapes(
        set(KOREAN_UNITS) - set(reading_ko.SINO) | {"h"}
    )
    assert set(reading_ko.SINO) - {"월"} <= set(KOREAN_UNITS)
    assert set(reading_ko.NATIVE) == {*NATIVE_COUNTERS, "번째"}
    assert shapes(reading_en.UNITS) == shapes(ENGLISH_UNITS)
