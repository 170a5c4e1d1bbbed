"""From a sentence to the confirmed state of an appliance on a pseudo-terminal, for every call that its profile can express."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sanso.agent import Agent, Caution
from sanso.devices import OutcomeCode, RealClock, load_profile
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.pty_port import PtyPort
from sanso.devices.twin.runner import Runner, make_twin

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine

SHARED = (
    ("turn the purifier off", "set_power(state=off)"),
    ("켜 줘", "set_power(state=on)"),
    ("풍량 1단으로", "set_fan_level(level=1)"),
    ("fan speed two", "set_fan_level(level=2)"),
    ("바람 3단으로 해 줘", "set_fan_level(level=3)"),
    ("set the fan to four", "set_fan_level(level=4)"),
    ("풍량 50%로 맞춰 줘", "set_fan_percent(percent=50)"),
    ("한 단계 더 세게", "step_fan(by=+1)"),
    ("turn it down a notch", "step_fan(by=-1)"),
    ("자동 모드로 바꿔 줘", "set_mode(mode=auto)"),
    ("sleep mode please", "set_mode(mode=sleep)"),
    ("수동 모드로 해 줘", "set_mode(mode=manual)"),
    ("turn the light off", "set_light(level=off)"),
    ("표시등 켜 줘", "set_light(level=on)"),
    ("turn on the child lock", "set_option(option=child_lock, state=on)"),
    ("소리 켜 줘", "set_option(option=sound, state=on)"),
    ("turn off the sound", "set_option(option=sound, state=off)"),
)
OWN = {
    "kj-standard": (
        ("음이온 켜 줘", "set_option(option=ionizer, state=on)"),
        ("turn off the ionizer", "set_option(option=ionizer, state=off)"),
        ("UV 켜 줘", "set_option(option=uv, state=on)"),
        ("turn the UV light off", "set_option(option=uv, state=off)"),
        ("가습기 기능 켜 줘", "set_option(option=humidifier, state=on)"),
        ("turn off the humidifier", "set_option(option=humidifier, state=off)"),
    ),
    "zhimi-airp-mb4a": (("dim the light", "set_light(level=dim)"),),
}
DONE = {OutcomeCode.CONFIRMED, OutcomeCode.UNCHANGED}


@pytest.mark.parametrize("profile", OWN)
def test_every_call_from_its_sentence(profile: str, tmp_path: Path) -> None:
    """What is said is understood, sent, reported back, and so at the appliance; unlocking and the filter after a yes."""
    controller = Controller.open(
        load_profile(profile), RealClock(), {"fan": 2, "filter": 40}, noisy=False
    )
    path = tmp_path / "purifier"
    with (
        Runner(make_twin(controller), PtyPort(path)) as runner,
        Agent.open(f"serial:{path}?profile={profile}", caution=Caution.OFF) as agent,
    ):
        for sentence, program in (*SHARED, *OWN[profile]):
            reply = agent.say(sentence)
            assert reply.program is not None
            assert reply.program.render() == program
            assert {outcome.code for outcome in reply.outcomes} <= DONE, sentence
            assert reply.outcomes
            with runner.locked():
                there = controller.purifier.state().settings()
            assert agent.purifier.state().settings() == there, sentence
        for sentence in ("버튼 잠금 해제해 줘", "reset the filter counter"):
            assert not agent.say(sentence).outcomes, "it asks first"
            (outcome,) = agent.say("응" if sentence[0] == "버" else "yes").outcomes
            assert outcome.code in DONE
        with runner.locked():
            state = controller.purifier.state()
        assert not state.options["child_lock"]
        assert (state.filter_percent or 0) > 99
