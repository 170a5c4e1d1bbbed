"""Why a policy refuses, lowers or asks, in both languages."""

from __future__ import annotations

from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from sanso.agent.policy import review
from sanso.agent.policy_rules import load_rules, parse_rules
from sanso.agent.policy_verdict import History, Review
from sanso.agent.wording.korean import PARTICLES
from sanso.agent.wording.language import Language
from sanso.agent.wording.policy_words import (
    POLICY_EN,
    POLICY_KO,
    word_asked,
    word_held_back,
    word_lowered,
    word_refused,
    word_row,
    word_verdict,
)
from sanso.devices import State, load_profile
from sanso.grammars import parse

HAS = load_profile("sim").make_capabilities()
BASIC = load_profile("sim-basic").make_capabilities()
HOUSE = load_rules("house")
NIGHT = 1770127200.0
"""2026-02-03 23:00 in Seoul."""
NOON = NIGHT + 13 * 3600
DARK = parse_rules(
    "[[quiet]]\nname = 'q'\nhours = '00:00-24:00'\nlight = 'off'\nsound = 'off'\n"
    "highest_level = 1",
    path="p",
)


def judged(
    text: str,
    now: float = NIGHT,
    caller: str = "",
    history: History | None = None,
    rules: str = "house",
) -> Review:
    """Judge a program on a purifier that is on at level 2."""
    state = State(power=True, fan=2, fan_now=2)
    chosen = HOUSE if rules == "house" else DARK
    zone = ZoneInfo("Asia/Seoul")
    known = history or History()
    return review(parse(text), state, HAS, chosen, now, zone, caller, known)


def test_tables_are_equals() -> None:
    """Both languages say the same with the same slots, and every particle agrees with its word."""

    def slots(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert list(POLICY_EN) == list(POLICY_KO)
    for key, text in POLICY_EN.items():
        assert slots(text) == slots(POLICY_KO[key]), key
        specs = {spec for *_, spec, _ in Formatter().parse(POLICY_KO[key]) if spec}
        assert set() == specs - set(PARTICLES)


REFUSED = {
    ("set_light(level=off); set_option(option=sound, state=on)", "house"): (
        "Until 7 AM, the rule “night” keeps sound off. So I changed nothing.",
        "‘night’ 규칙이 있어서 오전 7시까지는 소리를 켤 수 없어요. 그래서 아무것도 바꾸지 않았어요.",
    ),
    ("step_fan(by=+1)", "house"): (
        "Until 7 AM, the rule “night” allows the fan no higher than level 2. So I changed nothing.",
        "‘night’ 규칙이 있어서 오전 7시까지는 풍량을 2단까지만 올릴 수 있어요. 그래서 아무것도 바꾸지 않았어요.",
    ),
    ("set_light(level=on)", "dark"): (
        "The rule “q” keeps the light off. So I changed nothing.",
        "‘q’ 규칙이 있어서 표시등을 켤 수 없어요. 그래서 아무것도 바꾸지 않았어요.",
    ),
    ("set_option(option=sound, state=on)", "dark"): (
        "The rule “q” keeps sound off. So I changed nothing.",
        "‘q’ 규칙이 있어서 소리를 켤 수 없어요. 그래서 아무것도 바꾸지 않았어요.",
    ),
}


@pytest.mark.parametrize(("text", "rules"), REFUSED)
def test_refusals(text: str, rules: str) -> None:
    """A refusal names the rule, its end and its limit, and says that nothing was changed."""
    found = judged(text, rules=rules)
    english, korean = REFUSED[text, rules]
    assert english == word_refused(found, "en")
    assert korean == word_refused(found, "ko")
    assert word_lowered(found, "en") == ""


def test_callers() -> None:
    """A caller is told what may be done from where it speaks."""
    reads = judged("set_power(state=off)", NOON, "dashboard")
    acts = judged("cancel_timer()", NOON, "mqtt")
    assert word_refused(reads, "en").startswith("From here you can only ask")
    assert word_refused(reads, "ko").startswith("여기서는 상태를 물어볼 수만 있고")
    assert "repeating schedules" in word_refused(acts, "en")
    assert "반복 예약" in word_refused(acts, "ko")


@pytest.mark.parametrize(
    ("seconds", "english", "korean"),
    [(2.5, "a second", "1초"), (0.5, "3 seconds", "3초")],
)
def test_pace(seconds: float, english: str, korean: str) -> None:
    """What comes too soon is told with the time to wait, rounded up."""
    history = History(motor_at=NOON - seconds)
    found = judged("step_fan(by=+1)", NOON, history=history)
    assert f"Please ask again in {english}." in word_refused(found, "en")
    assert f"{korean} 뒤에 다시 말해 주세요." in word_refused(found, "ko")
    acts = History(acts=(NOON,) * 20)
    found = judged("set_light(level=dim)", NOON, history=acts)
    assert "the rule “motor” allows 20. Please ask again in 60 seconds." in (
        word_refused(found, "en")
    )
    assert "1분에 20번까지 허용해요. 60초 뒤에" in word_refused(found, "ko")


def test_lesser_acts() -> None:
    """What is done in a lesser form is explained; a reason that counts twice is said once."""
    found = judged("set_mode(mode=turbo); set_light(level=on); set_fan_level(level=5)")
    expected = (
        "Until 7 AM, the rule “night” allows the fan no higher than level 2. "
        "Until 7 AM, the rule “night” allows a dimmed light at most."
    )
    assert expected == word_lowered(found, "en")
    expected = (
        "‘night’ 규칙이 있어서 오전 7시까지는 풍량을 2단까지만 올릴 수 있어요. "
        "‘night’ 규칙이 있어서 오전 7시까지는 표시등을 어둡게만 켤 수 있어요."
    )
    assert expected == word_lowered(found, "ko")


def test_questions() -> None:
    """What wants a yes is asked for by its own name, and `why` says who wants it."""
    (verdict,) = judged("set_option(option=child_lock, state=off)").verdicts
    assert word_asked(verdict, "en") == "Shall I turn off the child lock?"
    assert word_asked(verdict, "ko") == "버튼 잠금을 풀까요?"
    assert word_verdict(verdict, "en") == "The rule “child lock” wants a yes first."
    (verdict,) = judged("reset_filter()", rules="dark").verdicts
    assert word_verdict(verdict, "en").startswith("It can't be taken back")
    assert word_verdict(verdict, "ko").startswith("되돌릴 수 없는 일이라")


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_what_is_simply_allowed_needs_no_words(lang: Language) -> None:
    """Nothing is said of what is allowed."""
    found = judged("set_power(state=off)")
    assert word_verdict(found.verdicts[0], lang) == ""
    assert word_refused(found, lang) == word_lowered(found, lang) == ""
    assert word_held_back((), lang) == ""


def test_what_the_purifier_lacks_is_told_as_ever() -> None:
    """What it cannot do is told by the words of an outcome, out of a record as well."""
    state = State(power=True)
    program = parse("set_mode(mode=pet); set_fan_level(level=9)")
    found = review(program, state, BASIC, HOUSE, NOON)
    first, second = (word_row(row, "en", BASIC) for row in found.as_json())
    assert first == "This purifier has no pet mode."
    assert second == "The fan goes from level 1 to 3."


def test_putting_back() -> None:
    """What was put back in a lesser form is told with its rule."""
    assert word_held_back(("night",), "en") == "I kept to the rule “night” in doing so."
    assert word_held_back(("night",), "ko") == "‘night’ 규칙에 맞춰서 했어요."
