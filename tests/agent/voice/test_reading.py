"""What no rule covers, word by word; and that any text at all comes out readable."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.voice.reading import read_out
from sanso.agent.wording import LANGUAGES, Language


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
