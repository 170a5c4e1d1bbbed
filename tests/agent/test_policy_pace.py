"""How soon things may change, which speed a program leads to, and what may be put back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sanso.agent.policy import review, write_count
from sanso.agent.policy_effects import held_back
from sanso.agent.policy_rules import Rules, load_rules
from sanso.agent.policy_verdict import History, Reason, Review, Ruling
from sanso.devices import Reading, State, load_profile
from sanso.grammars import parse

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
HAS = load_profile("sim").make_capabilities()
BASIC = load_profile("sim-basic").make_capabilities()
HOUSE = load_rules("house")
ON = State(power=True, fan=2, fan_now=2, options={"sound": False, "child_lock": True})


def at(text: str, zone: ZoneInfo = SEOUL) -> float:
    """Return the seconds since the epoch of a clock time, by default of a Tuesday."""
    day = text if "-" in text else f"2026-02-03 {text}"
    return datetime.fromisoformat(day).replace(tzinfo=zone).timestamp()


def judged(text: str, clock: str = "23:00", **given: Any) -> Review:
    """Judge a program by the house's policy at a clock time, on a purifier that is on at level 2."""
    zone = given.get("zone", SEOUL)
    return review(
        parse(text),
        given.get("state", ON),
        given.get("has", HAS),
        given.get("rules", HOUSE),
        at(clock, zone),
        zone,
        given.get("caller", ""),
        given.get("history", History()),
        agreed=given.get("agreed", ()),
    )


def briefly(found: Review) -> list[str]:
    """Return a word or two a statement: what is done, or why not."""
    texts = []
    for verdict in found.verdicts:
        reason = f" {verdict.reason}" if verdict.reason else ""
        instead = f" {verdict.instead.render()}" if verdict.instead else ""
        texts.append(f"{verdict.ruling}{reason}{instead}")
    return texts


LESS = "lower level set_fan_level(level=2)"


class TestPace:
    """How soon after one another things may change."""

    def test_levels(self) -> None:
        """Another level waits for the motor; the same one, and standing still, do not."""
        history = History(motor_at=at("12:00"))
        early = "2026-02-03 12:00:01"
        (verdict,) = judged("step_fan(by=+1)", early, history=history).verdicts
        assert (verdict.ruling, verdict.reason) == (Ruling.REFUSE, Reason.MOTOR)
        assert (verdict.seconds, verdict.limit) == (2.0, "3")
        for text, clock in {
            "step_fan(by=+1)": "2026-02-03 12:00:03",
            "set_fan_level(level=2)": early,
            "set_power(state=off)": early,
            "after(hours=1, minutes=0) -> step_fan(by=+1)": early,
        }.items():
            assert briefly(judged(text, clock, history=history)) == ["allow"], text

    def test_a_level_that_a_mode_chooses(self) -> None:
        """A mode that comes to the level at which the motor turns changes nothing for it."""
        history = History(motor_at=at("12:00"))
        dusty = {"pm25": Reading.of(10.0)}
        state = State(power=True, fan=2, fan_now=2, readings=dusty)
        for mode, told in (("auto", "allow"), ("turbo", "refuse motor")):
            text = f"set_mode(mode={mode})"
            assert [told] == briefly(
                judged(text, "12:00", state=state, history=history)
            )

    def test_within_a_program(self) -> None:
        """Two levels in one breath are too many; switching on and naming a level is one."""
        text = "set_fan_level(level=3); set_fan_level(level=5)"
        assert briefly(judged(text, "12:00")) == ["allow", "refuse motor"]
        off = State(power=False, fan=2)
        text = "set_power(state=on); set_fan_level(level=5)"
        assert briefly(judged(text, "12:00", state=off)) == ["allow", "allow"]

    def test_power(self) -> None:
        """Switching on waits for the last change of power; switching off never does."""
        history = History(power_at=at("12:00"))
        early, late = "2026-02-03 12:00:09", "2026-02-03 12:00:10"
        off = State(power=False, fan=2)
        text = "set_power(state=on)"
        found = judged(text, early, state=off, history=history)
        assert briefly(found) == ["refuse power"]
        assert briefly(judged(text, late, state=off, history=history)) == ["allow"]
        assert judged("set_power(state=off)", early, history=history).program

    def test_acts_in_a_minute(self) -> None:
        """More acts than a minute may have are refused until the oldest is a minute old; off is not."""
        start = at("12:00")
        acts = tuple(start + i for i in range(20))
        history = History(acts=acts)
        text = "set_light(level=dim)"
        (verdict,) = judged(text, "2026-02-03 12:00:30", history=history).verdicts
        assert (verdict.reason, verdict.seconds) == (Reason.ACTS, 30.0)
        assert judged(text, "2026-02-03 12:01:00", history=history).program
        off = "set_power(state=off)"
        assert judged(off, "2026-02-03 12:00:30", history=history).program
        history = History(acts=acts[:19])
        found = judged(f"{text}; set_light(level=off)", "12:00", history=history)
        assert (
            len(found.refused) == 0
        )  # of a clock that was set back nothing is held against
        clock = "2026-02-03 12:00:30"
        found = judged(f"{text}; set_light(level=off)", clock, history=history)
        assert briefly(found) == ["allow", "refuse acts"]

    def test_history_remembers_what_changed(self) -> None:
        """Only a change of the level or of the power is remembered as one, and acts of the last minute."""
        off, faster = State(power=False, fan=2), State(power=True, fan=3, fan_now=2)
        known = History().after(ON, ON, 10.0, acts=2)
        assert known == History(acts=(10.0, 10.0))
        known = known.after(ON, faster, 20.0, acts=1)
        assert known == History(motor_at=20.0, acts=(10.0, 10.0, 20.0))
        known = known.after(faster, off, 75.0)
        assert known == History(motor_at=75.0, power_at=75.0, acts=(20.0,))
        assert known.after(off, State(online=False), 76.0) == known
        text = "set_light(level=on); query(item=air); undo(); lasting(hours=1, minutes=0) -> set_power(state=on)"
        assert write_count(parse(text)) == 2


class TestSpeed:
    """What leads to which level is known before it is done."""

    def test_switching_on_resumes(self) -> None:
        """A purifier that would start too fast starts at the limit; one that is on stays as it is."""
        for state, told in (
            (State(power=False, fan=5), LESS),
            (State(power=False, fan=2), "allow"),
            (State(power=False, mode="auto"), LESS),
            (State(power=False, mode="sleep"), "allow"),
            (State(power=True, fan=5, fan_now=5), "allow"),
        ):
            assert [told] == briefly(judged("set_power(state=on)", state=state))

    def test_steps_go_on_from_the_statement_before(self) -> None:
        """A step is judged from where the statements before it lead."""
        slow = State(power=True, fan=1, fan_now=1)
        text = "step_fan(by=+1); step_fan(by=+1)"
        rules = HOUSE.model_copy(update={"pace": Rules().pace})
        found = judged(text, state=slow, rules=rules)
        assert briefly(found) == ["allow", "refuse level"]
        fast = State(power=True, fan=5, fan_now=5)
        assert briefly(judged("step_fan(by=-1)", state=fast)) == [LESS]
        assert briefly(judged("step_fan(by=+3)", state=slow)) == [LESS]

    def test_manual_of_unknown_speed(self) -> None:
        """Where nobody knows the speed that the manual mode resumes, the limit is named instead."""
        state = State(power=True, mode="sleep", fan=None, fan_now=1)
        assert briefly(judged("set_mode(mode=manual)", state=state)) == [LESS]


class TestPuttingBack:
    """What an undo or the end of a while puts back obeys the hour as well."""

    def held(self, wanted: State, present: State) -> tuple[State, tuple[str, ...]]:
        """Put back at night."""
        return held_back(wanted, present, HAS, HOUSE, at("23:00"), SEOUL)

    def test_too_much_is_lowered(self) -> None:
        """Level, light and sound come back as far as the night allows."""
        loud = State(power=True, fan=5, light="on", options={"sound": True})
        still = State(power=True, fan=1, light="off", options={"sound": False})
        state, rules = self.held(loud, still)
        assert (state.fan, state.light, state.options) == (2, "dim", {"sound": False})
        assert rules == ("night",)
        by_day = held_back(loud, still, HAS, HOUSE, at("12:00"), SEOUL)
        assert by_day == (loud, ())

    def test_what_stands_may_stay(self) -> None:
        """What would not change is not touched, however loud it is."""
        loud = State(power=True, fan=5, light="on", options={"sound": True})
        darker = State(power=True, fan=5, light="dim", options={"sound": True})
        assert self.held(darker, loud) == (darker, ())
        off = State(power=False, fan=5, light="dim", options={"sound": True})
        assert self.held(off, loud) == (off, ())

    def test_a_mode_is_held_back_too(self) -> None:
        """A mode that may come above the limit is put back as the limit itself."""
        auto = State(power=True, mode="auto", fan=None)
        state, _ = self.held(auto, ON)
        assert (state.mode, state.fan) == ("manual", 2)
