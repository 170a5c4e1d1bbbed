"""
Every number, clock time and unit, against rules that are written here once more.

The rules of this file share nothing with the reader: they spell a number digit by digit, and list what has no rule.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.voice import reading_en, reading_ko
from sanso.agent.voice.reading import read_out
from sanso.agent.wording import LANGUAGES, Language, english, numerals

ALL = range(10_001)

# ---- the rules, once more -------------------------------------------------------------

NATIVE_ONES = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"]
NATIVE_TENS = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"]
ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
ENGLISH_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def sino(number: int) -> str:
    """Read 0 to 99,999 digit by digit: 일 is said before no place but 만's."""
    if number == 0:
        return "영"
    if number >= 10_000:
        tens = "" if number < 20_000 else sino(number // 10_000)
        rest = f" {sino(number % 10_000)}" if number % 10_000 else ""
        return f"{tens}만{rest}"
    words = ""
    for digit, place in zip(f"{number:04}", ("천", "백", "십", ""), strict=True):
        if digit != "0":
            said = "영일이삼사오육칠팔구"[int(digit)]
            words += (place or said) if digit == "1" else said + place
    return words


def native(number: int) -> str:
    """Read 1 to 99 as before a counter."""
    if number == 20:
        return "스무"
    return NATIVE_TENS[number // 10] + NATIVE_ONES[number % 10]


def counted(number: int, most: int = 99) -> str:
    """Read a number before a counter that wants native ones up to `most`."""
    if 0 < number <= most:
        return native(number)
    if most < 99 or number % 100 == 0:
        return sino(number)
    head = sino(number - number % 100)
    return f"{head}{' ' if head.endswith('만') else ''}{native(number % 100)}"


def cardinal(number: int) -> str:
    """Read 0 to 99,999 in English."""
    if number >= 1000:
        rest = f" {cardinal(number % 1000)}" if number % 1000 else ""
        return f"{cardinal(number // 1000)} thousand{rest}"
    if number >= 100:
        rest = f" {cardinal(number % 100)}" if number % 100 else ""
        return f"{ENGLISH[number // 100]} hundred{rest}"
    if number < 20:
        return ENGLISH[number]
    tail = f"-{ENGLISH[number % 10]}" if number % 10 else ""
    return ENGLISH_TENS[number // 10] + tail


# ---- numbers --------------------------------------------------------------------------


def test_every_number_in_korean() -> None:
    """0 to 10,000 are read as the rule has it: alone, with commas, and before three kinds of counter."""
    for number in ALL:
        assert sino(number) == read_out(f"{number}", "ko")
        assert sino(number) == read_out(f"{number:,}", "ko")
        assert f"{sino(number)} 단으로" == read_out(f"{number}단으로", "ko")
        assert f"{sino(number)} 퍼센트예요." == read_out(f"{number}%예요.", "ko")
        assert f"{counted(number)} 개를" == read_out(f"{number}개를", "ko")


def test_every_number_in_english() -> None:
    """0 to 10,000 are read as the rule has it: alone, with commas, and with a unit of one and of more."""
    for number in ALL:
        assert cardinal(number) == read_out(f"{number}", "en")
        assert cardinal(number) == read_out(f"{number:,}", "en")
        assert f"level {cardinal(number)}." == read_out(f"level {number}.", "en")
        thing = "part" if number == 1 else "parts"
        assert f"{cardinal(number)} {thing} per million" == read_out(
            f"{number} ppm", "en"
        )


@given(st.integers(0, 99_999), st.text("0123456789", min_size=1, max_size=4))
def test_decimals(whole: int, part: str) -> None:
    """What follows the point is read digit by digit, also before what counts things."""
    korean = "".join("영일이삼사오육칠팔구"[int(digit)] for digit in part)
    english_ = " ".join(ENGLISH[int(digit)] for digit in part)
    assert f"{sino(whole)} 점 {korean}" == read_out(f"{whole}.{part}", "ko")
    assert f"{sino(whole)} 점 {korean} 시간" == read_out(f"{whole}.{part}시간", "ko")
    assert f"{cardinal(whole)} point {english_}" == read_out(f"{whole:,}.{part}", "en")


@given(st.integers(1, 99_999))
def test_signs(number: int) -> None:
    """Below zero is 영하 of degrees and 마이너스 of all else; the sign has several shapes."""
    for minus in "-−\u2013":
        assert f"영하 {sino(number)} 도" == read_out(f"{minus}{number}도", "ko")
        assert f"영하 {sino(number)} 도" == read_out(f"{minus}{number}℃", "ko")
        assert f"마이너스 {sino(number)}" == read_out(f"{minus}{number}", "ko")
        assert f"minus {cardinal(number)}" == read_out(f"{minus}{number}", "en")
    assert f"플러스 {sino(number)}" == read_out(f"+{number}", "ko")
    assert f"plus {cardinal(number)}" == read_out(f"+{number}", "en")


@given(st.integers(10**15, 10**40))
def test_long_rows_of_digits(number: int) -> None:
    """What no one would read as a number is read digit by digit, or as a number: never as digits."""
    for language in LANGUAGES:
        assert not any(char.isdigit() for char in read_out(f"{number}", language))


# ---- clock times ----------------------------------------------------------------------

MINUTES = list(product(range(24), range(60)))


def minute_ko(minute: int) -> str:
    """Read the minutes of a clock time, if there are any."""
    return f" {sino(minute)} 분" if minute else ""


def minute_en(minute: int) -> str:
    """Read the minutes of a clock time, if there are any."""
    return f" {'oh ' if minute < 10 else ''}{cardinal(minute)}" if minute else ""


def test_every_clock_time_in_korean() -> None:
    """All 1440 minutes, as a 24-hour clock, a 12-hour clock and an answer write them."""
    for hour, minute in MINUTES:
        tail = minute_ko(minute)
        whole_day = native(hour) if 0 < hour <= 12 else sino(hour)
        half_day = native(hour % 12 or 12)
        assert f"{whole_day} 시{tail}에" == read_out(f"{hour:02}:{minute:02}에", "ko")
        assert f"{whole_day} 시{tail}" == read_out(f"{hour}:{minute:02}", "ko")
        half = "AM" if hour < 12 else "PM"
        word = "오전" if hour < 12 else "오후"
        written = f"{hour % 12 or 12}:{minute:02} {half}"
        assert f"{word} {half_day} 시{tail}" == read_out(written, "ko")
        answer = numerals.clock_time(hour, minute)
        part = answer.split(" ")[0]
        assert f"{part} {half_day} 시{tail}에" == read_out(f"{answer}에", "ko")


def test_every_clock_time_in_english() -> None:
    """All 1440 minutes, as a 24-hour clock, a 12-hour clock and an answer write them."""
    for hour, minute in MINUTES:
        half = "a.m." if hour < 12 else "p.m."
        shown = f"{ENGLISH[hour % 12 or 12]}{minute_en(minute)}"
        for mark in ("AM", "am", "a.m.") if hour < 12 else ("PM", "pm", "p.m."):
            written = f"{hour % 12 or 12}:{minute:02} {mark}"
            assert f"{shown} {half}" == read_out(written, "en")
        doubtful = 10 <= hour <= 12
        full = " o'clock" if not minute else ""
        said = f"{shown}{full}" if doubtful else f"{shown} {half}"
        assert f"at {said}" == read_out(f"at {hour:02}:{minute:02}", "en")
        if 0 < hour < 10:
            assert f"{shown}{full}" == read_out(f"{hour}:{minute:02}", "en")
        answer = english.clock_time(hour, minute)
        named = {"noon": "noon", "midnight": "midnight"}.get(answer, f"{shown} {half}")
        assert named == read_out(answer, "en")


@pytest.mark.parametrize("time", ["24:00", "25:10", "7:60", "99:99"])
def test_no_clock_time(time: str) -> None:
    """What no clock shows is read as numbers."""
    for language in LANGUAGES:
        assert not re.search(r"\d|[시분]|o'clock|m\.", read_out(time, language))


def test_every_span_in_answers() -> None:
    """Hours are native and minutes Sino-Korean in every span that an answer tells, of up to three days."""
    for minutes in range(1, 3 * 24 * 60 + 1):
        written = numerals.duration(minutes)
        said = written
        for found in re.finditer(r"(\d+)(일|시간|분)", written):
            read = counted if found[2] == "시간" else sino
            said = said.replace(found[0], f"{read(int(found[1]))} {found[2]}")
        assert said == read_out(written, "ko")
        parts = re.findall(r"(\d+) (\w+)", english.duration(minutes))
        words = " ".join(f"{cardinal(int(n))} {unit}" for n, unit in parts)
        assert words == read_out(english.duration(minutes), "en")


# ---- units ----------------------------------------------------------------------------

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
        for unit in ["단", "단계", "도", "분", "초", "일", "주", "주일", "개월", "년", "세", "원", "퍼센트", "데시벨", "피피엠", "피피비", "마이크로그램", "밀리그램", "그램", "와트", "미터", "센티미터", "리터", "평", "회", "층", "호", "점", "차", "위"]
    },
}
NATIVE_COUNTERS = {
    **dict.fromkeys(
        ["시간", "개", "번", "가지", "명", "살", "마리", "대", "달", "군데", "곳", "줄", "잔", "장", "켤레", "사람"], 99
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


# ---- what has no rule -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("풍량 3단", "풍량 삼 단"),
        ("오후 3시 반", "오후 세 시 반"),
        ("12.5 마이크로그램", "십이 점 오 마이크로그램"),
        ("30퍼센트", "삼십 퍼센트"),
        ("초미세먼지는 12로 좋음", "초미세먼지는 십이로 좋음"),
        ("1이에요. 2예요.", "일이에요. 이예요."),
        ("PM2.5는 35 이하", "피엠 이 점 오는 삼십오 이하"),
        ("PM10은 CO2와 CO₂를", "피엠 십은 씨오투와 씨오투를"),
        ("TVOC, LED, UV 살균", "티브이오씨, 엘이디, 유브이 살균"),
        ("헤파 HEPA H13", "헤파 헤파 에이치 십삼"),
        ("휘발성 유기화합물(TVOC)은 3ppb", "휘발성 유기화합물은 삼 피피비"),
        ("전원 켜기 (30분) 예약을", "전원 켜기, 삼십 분, 예약을"),
        ("‘night’ 규칙은 1분에 20번까지", "night 규칙은 일 분에 스무 번까지"),
        ("'2시간 뒤'나 '밤 11시'처럼", "두 시간 뒤나 밤 열한 시처럼"),
        (
            "2~3시간마다 1~2분씩, 6~12개월마다",
            "두세 시간마다 일에서 이 분씩, 육에서 십이 개월마다",
        ),
        ("40~60%를, 40%-60%를", "사십에서 육십 퍼센트를, 사십에서 육십 퍼센트를"),
        ("2~4시, 3~7개", "두 시에서 네 시, 세 개에서 일곱 개"),
        ("오전 10시~오후 9시", "오전 열 시에서 오후 아홉 시"),
        ("22:00-07:00", "이십이 시부터 일곱 시"),
        ("8분의 1, 2/3", "팔 분의 일, 삼 분의 이"),
        ("바닥 넓이(㎡)의 12배쯤", "바닥 넓이의 열두 배쯤"),
        ("x2, ×3, 4x", "두 배, 세 배, 네 배"),
        ("1번째, 2번째, 제3", "첫 번째, 두 번째, 제삼"),
        (
            "2026-06-10, 2026년 10월 6일",
            "이천이십육 년 유월 십 일, 이천이십육 년 시월 육 일",
        ),
        ("3만 5천 원, 3월, 3개월", "삼만 오천 원, 삼 월, 삼 개월"),
        ("12 초미세먼지, 3 도서관", "십이 초미세먼지, 삼 도서관"),
        ("레벨3, 5인", "레벨 삼, 오인"),
        ("±0.5도, 3h", "플러스마이너스 영 점 오 도, 세 시간"),
        ("memory.sqlite.damaged-1로", "memory 점 sqlite 점 damaged 일로"),
        ("버전 1.2.3", "버전 일 점 이 점 삼"),
        ("네~ 알겠어요 😀!!", "네 알겠어요!"),
        ("ㅋㅋ 5㎏", "ㅋㅋ 오 킬로그램"),
    ],
)
def test_korean(written: str, said: str) -> None:
    """What stands in answers, and what might, is read as Koreans read it."""
    assert said == read_out(written, "ko")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Fan set to level 3.", "Fan set to level three."),
        ("at 3:30 pm, then", "at three thirty p.m., then"),
        ("at 11 PM. At 7 AM", "at eleven p.m. At seven a.m."),
        (
            "12.5 µg/m³, 30 percent",
            "twelve point five micrograms per cubic metre, thirty percent",
        ),
        (
            "PM2.5 is 12 (good), and PM10 is 35 (poor).",
            "P.M. two point five is twelve, good, and P.M. ten is thirty-five, poor.",
        ),
        (
            "CO2, CO₂, TVOC, LED, the UV light",
            "C.O. two, C.O. two, T.V.O.C., L.E.D., the U.V. light",
        ),
        (
            "The US EPA and a HEPA filter, H13",
            "The U.S. E.P.A. and a HEPA filter, H thirteen",
        ),
        (
            "30% to 50%; 30-50%, 2–4 weeks",
            "thirty percent to fifty percent; thirty to fifty percent, two to four weeks",
        ),
        ('Say "in 2 hours" or “at 11 PM”.', "Say in two hours or at eleven p.m."),
        (
            "it's the 21st, the 3rd, the 12th, the 40th",
            "it's the twenty-first, the third, the twelfth, the fortieth",
        ),
        (
            "1/2, 3/4, 5/8, 24/7",
            "one half, three quarters, five eighths, twenty-four seven",
        ),
        ("x2, 3x", "times two, three times"),
        (
            "2026-11-20, 2005-01-01, 1905-03-02",
            "November twentieth, twenty twenty-six, January first, two thousand five, March second, nineteen oh five",
        ),
        ("22:00-07:00", "ten p.m. to seven a.m."),
        (
            "kept as memory.sqlite.damaged-1.",
            "kept as memory dot sqlite dot damaged one.",
        ),
        ("v1.2.3", "v one dot two dot three"),
        (
            "minus 3 degrees, ±0.5°",
            "minus three degrees, plus or minus zero point five degrees",
        ),
        ("a & b + c = d", "a and b plus c equals d"),
        ("The rule “조용한 밤” 😀 allows", "The rule 조용한 밤 allows"),
        ("half-hour, read-only - and don’t", "half-hour, read-only, and don't"),
    ],
)
def test_english(written: str, said: str) -> None:
    """What stands in answers, and what might, is read as it is said."""
    assert said == read_out(written, "en")


# ---- any text -------------------------------------------------------------------------

READABLE = re.compile(r"[^\W\d_][\w ,.?!:;'-]*")
PIECES = st.sampled_from(
    [
        *("3", "12.5", "1,000", "-", "~", "/", ":", "%", " ", ".", "시", "분", "개"),
        *("PM", "x", "(", ")", "°C", "㎍/㎥", "15:30", "AM", "’", "“", "2026-11-20"),
        *("st", "가", "①", "\x07", "'", "²", "½"),
    ]
)


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
def test_any_text_is_readable(language: Language, text: str) -> None:
    """Whatever goes in, letters, blanks and pauses come out, and what begins is a letter."""
    said = read_out(text, language)
    assert not said or READABLE.fullmatch(said), said
    for char in said:
        kind = unicodedata.category(char)
        assert kind[0] == "L" or char in " ,.?!:;'-" or unicodedata.combining(char)
    assert said == " ".join(said.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_texts(language: Language) -> None:
    """No text makes the reader think long: ten thousand of what is ambiguous."""
    for piece in (
        "1",
        "1,",
        "1.",
        "-1",
        "1~",
        "(",
        "A",
        "1:1",
        "가1시",
        " ",
        "'",
        "1/",
        "1 AM,",
    ):
        assert not re.search(r"\d", read_out(piece * 10_000, language))
    for behind in ("/2", "~2개", "개", "%", "x", ".5", "th", " ppm", "0:30"):
        assert not re.search(r"\d", read_out(f"{'0' * 5000}1{behind}", language))
        assert not re.search(r"\d", read_out(f"{'1' * 5000}{behind}", language))
