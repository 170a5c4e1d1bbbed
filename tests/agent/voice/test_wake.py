from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.voice.errors import VoiceError
from sanso.agent.voice.wake import NAMES, Called, SpokenNames

OURS = SpokenNames()

CALLS = {
    # as it is written
    "공기청정기": "",
    "공기청정기 꺼줘": "꺼줘",
    "공기청정기, 두 시간 뒤에 꺼줘": "두 시간 뒤에 꺼줘",
    "산소야": "",
    "산소야!!!": "",
    "산소야 꺼줘": "꺼줘",
    "산소야, 3단으로": "3단으로",
    "청정기야 바람 세게": "바람 세게",
    "Hey purifier": "",
    "Hey, Purifier. Turn it off.": "Turn it off.",
    "헤이 퓨리파이어 꺼줘": "꺼줘",
    # with what calls
    "공기청정기야 꺼줘": "꺼줘",
    "공기청정기 야, 꺼줘": "꺼줘",
    "공기청정기님 이제 자도 돼요": "이제 자도 돼요",
    "청정기야아 나 왔어": "나 왔어",
    # behind an interjection
    "야 산소야 꺼줘": "꺼줘",
    "저기 음, 산소야 꺼줘": "꺼줘",
    "okay hey purifier off": "off",
    "hey 공기청정기 off": "off",
    # spaces in wrong places
    "공기 청정 기 꺼 줘": "꺼 줘",
    "산 소야 꺼 줘": "꺼 줘",
    "산소 야 꺼줘": "꺼줘",
    "산소야꺼줘": "꺼줘",
    "공기청정기꺼줘": "꺼줘",
    "공기청정기야꺼줘": "꺼줘",
    "heypurifier turn it off": "turn it off",
    "hey puri fier stop": "stop",
    # slips
    "공기청정귀 꺼줘": "꺼줘",
    "공기 천정기 켜 줘": "켜 줘",
    "공기 총정기 꺼 조": "꺼 조",
    "꽁기청정기 좀 켜": "좀 켜",
    "공기정청기 틀어줘": "틀어줘",
    "청전기야 꺼줘": "꺼줘",
    "상소야 꺼줘": "꺼줘",
    "싼소야, 꺼.": "꺼.",
    "hey purifyer turn it off": "turn it off",
    "hay purefier off": "off",
    "hey pure fire stop": "stop",
    # 야간 is the night, not a call
    "공기청정기 야간 모드로": "야간 모드로",
    "공기청정기야간 모드": "야간 모드",
    "공기청정기 아침 7시에 켜줘": "아침 7시에 켜줘",
    # nor is 야구
    "공기청정기야구 중계처럼 조용히": "야구 중계처럼 조용히",
    # words that begin like a particle, in one piece with the name
    "공기청정기예약해줘": "예약해줘",
    "공기청정기이제꺼줘": "이제꺼줘",
    "공기청정기에코모드로": "에코모드로",
    "공기청정기이온켜줘": "이온켜줘",
    "공기청정기이단으로": "이단으로",
    "공기청정기가동해줘": "가동해줘",
    "공기청정기 이 단으로": "이 단으로",
    "공기청정기 네 시간 뒤에 꺼줘": "네 시간 뒤에 꺼줘",
    "공기청정기 도로 켜줘": "도로 켜줘",
    "산소야이단으로": "이단으로",
}


@pytest.mark.parametrize("text", CALLS)
def test_a_call_is_heard(text: str) -> None:
    """A call, misspelt or not, gives what is said behind the name."""
    called = OURS.called(text)
    assert called is not None
    assert called.rest == CALLS[text]
    assert called.name in NAMES


NO_CALLS = [
    *("", " ", "…", "야", "ㅋㅋ", "꺼줘", "turn it off", "hey", "hey there"),
    # near the name
    *("공기 어때", "공기 좋다", "공기가 정말 기가 막혀", "공기 청정도 알려줘"),
    *("산소", "산소 농도 알려줘", "산소 양 알려줘", "산소량 알려줘", "산소호흡기"),
    *("탄소야 꺼줘", "상수야 놀자", "청소기야 꺼줘", "공기청소기 꺼줘", "정전기야"),
    *("충전기야", "청정기 꺼줘", "청정기 야간 모드", "산소야말로 좋다"),
    *("purifier off", "a purifier", "the purifier is loud", "her purifier is loud"),
    *("hey purify the air", "hey purifying", "they purify it"),
    # talked about
    *("공기청정기가 시끄러워", "공기청정기를 샀어", "공기청정기는 꺼졌어"),
    *(
        "공기 청정 기능 켜줘",
        "공기청정기능 켜줘",
        "공기 청정 기계 켜줘",
        "공기청정기계 켜줘",
    ),
    *("어제 공기청정기 샀어", "우리 집 공기청정기 켜져 있어"),
    # by a particle of one vowel, or of more syllables
    *("공기청정기에 먼지가 많이 쌓였어", "공기청정기에서 이상한 냄새가 나"),
    *("공기청정기의 소음이 너무 커", "공기청정기와 에어컨 다 꺼졌어"),
    *("공기청정기이 꺼졌다", "공기청정기예요", "공기청정기한테 물어봐"),
    *("공기청정기들이 다 꺼졌어", "공기청정기용 필터 주문했어", "공기청정기밖에 없어"),
    *("공기청정기조차 없어", "공기청정기마다 달라", "공기청정기든 뭐든 꺼"),
    *("공기청정기니까 꺼도 돼", "공기청정기지", "공기청정기죠", "공기청정기네"),
    *("공기청정기구나", "공기청정기님이 또", "공기청정기가시끄러워"),
    # behind a space, as recognisers put it
    *("공기청정기 가 시끄러워", "공기청정기 를 샀어", "공기 청정기 는 꺼졌어"),
    *("공기청정기 에는 필터가 있어", "공기청정기 들이 꺼졌어"),
    *("공기청정기 말고 에어컨 꺼줘", "공기청정기 빼고 다 꺼"),
    # near an English name
    *("hey pacifier turn it off", "hey verifier turn it off", "hey purify her"),
    *("hey purify your room", "hey perfume", "hey purifiers", "hey purifier's broken"),
    *("산소야구 보자", "청정기야경 보자"),
]


@pytest.mark.parametrize("text", NO_CALLS)
def test_what_is_no_call(text: str) -> None:
    """Words that are near a name, and talk about a purifier, wake nothing."""
    assert OURS.called(text) is None


def test_own_names() -> None:
    """An owner chooses names; a name that ends in a consonant is called with 아."""
    own = SpokenNames(["복슬", "우리 집 바람", "Breezy!"])
    assert own.called("복슬아 꺼줘") == Called("복슬", "꺼줘")
    assert own.called("복슬 꺼줘") == Called("복슬", "꺼줘")
    assert own.called("우리집 바람아, 꺼줘") == Called("우리 집 바람", "꺼줘")
    assert own.called("breezy turn on") == Called("Breezy!", "turn on")
    assert own.called("산소야 꺼줘") is None
    assert own.called("복슬이 귀여워") is None
    assert own.called("우리 집 바람이 세다") is None
    assert own.called("복슬가동해줘") == Called("복슬", "가동해줘")


@pytest.mark.parametrize("name", ["", "!", "야", "나야", "hi"])
def test_a_name_must_be_one(name: str) -> None:
    """What any sentence may begin with is no name."""
    with pytest.raises(VoiceError, match="too short for a name"):
        SpokenNames([name])
    with pytest.raises(VoiceError, match="no name to listen to"):
        SpokenNames([])


def test_any_spelling_of_unicode() -> None:
    """Jamo that a recogniser leaves apart are the same name."""
    apart = normalize("NFD", "산소야 꺼줘")
    assert OURS.called(apart) == Called("산소야", "꺼줘")
    named = SpokenNames([normalize("NFD", "산소야")])
    called = named.called("산소야 꺼줘")
    assert called is not None
    assert called.rest == "꺼줘"


COMMANDS = st.sampled_from(
    ["꺼줘", "바람 세게 해 줘", "3단으로", "미세먼지 알려줘", "turn it off", "off"]
)


@given(st.sampled_from(NAMES), COMMANDS, st.sampled_from([" ", ", ", "! ", "… "]))
def test_the_rest_is_whole(name: str, command: str, between: str) -> None:
    """Whatever is said behind a name comes back as it was said."""
    assert OURS.called(name + between + command) == Called(name, command)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    """No text breaks it, and what comes back is the end of what was said."""
    called = OURS.called(text)
    if called is not None:
        assert normalize("NFC", text).rstrip(" \t\r\n").endswith(called.rest)
