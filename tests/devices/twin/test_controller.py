"""The appliance behind any wire: writes lead to reports, readings and timers run by the clock."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sanso.devices import DeviceError, Fault, ScriptedClock
from sanso.devices.datapoint import Attribute, Datapoint
from sanso.devices.profile import Profile, load_profile, profile_names
from sanso.devices.serial.mapping import is_sensible, same
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.faults import Faults

PROFILES = [p for p in map(load_profile, profile_names()) if p.protocol is not None]
KJ, MB4A = load_profile("kj-standard"), load_profile("zhimi-airp-mb4a")


def numbers_of(point: Datapoint) -> list[int]:
    """Return the numbers that a profile can write to a data point."""
    listed = [*point.values.values(), *point.minutes.values(), *point.levels]
    if listed or point.type == "bool":
        return listed or [0, 1]
    low, high = point.range or (0, 1)
    return list(range(low, high + 1))


WRITES = [
    pytest.param(profile, name, number, id=f"{profile.id}-{name}-{number}")
    for profile in PROFILES
    for name, point in profile.attr.items()
    if point.access == "rw"
    for number in numbers_of(point)
]


def opened(
    profile: Profile = KJ, **settings: object
) -> tuple[Controller, ScriptedClock]:
    """Return an appliance without noise, all of it reported, and its clock."""
    clock = ScriptedClock()
    controller = Controller.open(profile, clock, settings, noisy=False)
    controller.changes()
    return controller, clock


@pytest.mark.parametrize(("profile", "name", "number"), WRITES)
def test_write_leads_to_its_report(
    profile: Profile, name: Attribute, number: int
) -> None:
    """Every write that a profile can express is taken, reported at once, and stays so."""
    controller, clock = opened(profile)
    assert controller.write(name, number)
    assert same(profile, name, number, controller.changes()[name])
    assert [(name, number)] == [(t.attribute, t.number) for t in controller.taken]
    clock.advance(5)
    assert same(profile, name, number, controller.numbers()[name])


@pytest.mark.parametrize(("profile", "name", "number"), WRITES)
def test_same_write_again_is_answered_again(
    profile: Profile, name: Attribute, number: int
) -> None:
    """A write that changes nothing is reported all the same: the host waits for it."""
    controller, _ = opened(profile)
    controller.write(name, number)
    controller.changes()
    controller.write(name, number)
    assert name in controller.changes()


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: p.id)
def test_filter_reset(profile: Profile) -> None:
    """A reset filter is full, and says so within a second or two."""
    controller, clock = opened(profile, filter=12)
    assert controller.numbers()["filter_percent"] == 12
    clock.advance(1.5)
    assert controller.write("filter_reset", 1)
    assert controller.changes()["filter_percent"] == 100
    assert "filter_reset" not in controller.numbers()


@pytest.mark.parametrize("name", [n for n, p in KJ.attr.items() if p.access == "ro"])
def test_read_only(name: Attribute) -> None:
    """A reading cannot be written, and nothing comes of it."""
    controller, _ = opened()
    before = controller.numbers()
    assert not controller.write(name, 1)
    assert before == controller.numbers()
    assert controller.taken == []
    assert controller.changes() == {}


def test_unknown_attribute() -> None:
    """What the product does not have cannot be written."""
    controller, _ = opened()
    assert not controller.write("oscillation", 1)


@pytest.mark.parametrize(
    ("profile", "name", "number"),
    [
        (KJ, "mode", 9),
        (KJ, "fan_level", 9),
        (KJ, "timer_off", 9),
        (MB4A, "mode", -1),
        (MB4A, "fan_level", 299),
        (MB4A, "fan_level", 99999),
        (MB4A, "light", 9),
    ],
)
def test_bad_value_changes_nothing(
    profile: Profile, name: Attribute, number: int
) -> None:
    """A number that the product does not know is not carried out."""
    controller, _ = opened(profile)
    if name == "timer_off":
        controller.write(name, 2)
    before = controller.numbers()
    taken = list(controller.taken)
    controller.write(name, number)
    assert before == controller.numbers()
    assert taken == controller.taken


def test_timer_counts_down_and_turns_off() -> None:
    """An off-timer says each minute what is left, and switches off at its end."""
    controller, clock = opened(KJ, power="on")
    clock.advance(1)
    controller.write("timer_off", 1)
    assert controller.changes()["timer_left"] == 60
    for left in range(59, 0, -1):
        clock.advance(60)
        assert controller.numbers()["timer_left"] == left
        assert controller.numbers()["power"] == 1
    clock.advance(60)
    changed = controller.changes()
    assert (changed["power"], changed["timer_off"], changed["timer_left"]) == (0, 0, 0)
    controller.write("power", 1)
    clock.advance(7200)
    assert controller.numbers()["power"] == 1


def test_timer_is_cancelled_or_set_anew() -> None:
    """0 cancels a timer, another number replaces it."""
    controller, clock = opened(KJ, power="on")
    controller.write("timer_off", 1)
    clock.advance(1800)
    controller.write("timer_off", 2)
    assert controller.numbers()["timer_left"] == 120
    clock.advance(5000)
    controller.write("timer_off", 0)
    assert controller.numbers()["timer_left"] == 0
    clock.advance(7200)
    assert controller.numbers()["power"] == 1


def test_timer_survives_a_restart() -> None:
    """A restart of the controller loses what was on the way, not the settings."""
    controller, clock = opened(KJ, power="on", fan=3)
    controller.write("timer_off", 1)
    controller.faults = Faults(slow_ms=500)
    controller.write("fan_level", 0)
    controller.forget()
    clock.advance(1)
    assert controller.numbers()["fan_level"] == 2
    clock.advance(3600)
    assert controller.numbers()["power"] == 0


def test_readings_are_reported_once_a_second() -> None:
    """A reading that changes all the time is reported once in a second, a setting at once."""
    clock = ScriptedClock()
    controller = Controller.open(KJ, clock, {"power": "on", "pm25": 80}, noisy=True)
    at: list[float] = []
    for _ in range(600):
        clock.advance(0.1)
        if "pm25" in controller.changes():
            at.append(clock.now())
    assert len(at) > 3
    assert all(b - a >= 0.99 for a, b in pairwise(at))


def test_panel_and_wire_report_alike() -> None:
    """A button on the panel is reported as a write would be, and once."""
    controller, _ = opened(KJ, power="on")
    assert controller.press("power")
    assert controller.changes()["power"] == 0
    assert controller.changes() == {}


def test_speed_leads_to_manual() -> None:
    """A speed that is written in auto reports manual mode too."""
    controller, _ = opened(KJ, power="on", mode="auto")
    controller.write("fan_level", 3)
    changed = controller.changes()
    assert (changed["fan_level"], changed["mode"]) == (3, 0)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: p.id)
def test_faults_are_reported(profile: Profile) -> None:
    """Each fault that the profile names is reported, and refuses power by reporting off."""
    point = profile.attr["fault"]
    named: dict[str, int] = {fault: 1 << int(bit) for bit, fault in point.bits.items()}
    named |= point.values
    for fault in Fault:
        if fault not in named:
            continue
        controller, clock = opened(profile, power="on")
        clock.advance(1)
        controller.purifier.break_down(fault)
        changed = controller.changes()
        assert changed["power"] == 0
        assert changed["fault"] == named[fault]
        controller.write("power", 1)
        assert controller.changes()["power"] == 0


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: p.id)
@pytest.mark.parametrize("power", ["on", "off"])
@pytest.mark.parametrize("pm25", [0, 37, 9000])
def test_every_report_makes_sense(profile: Profile, power: str, pm25: int) -> None:
    """Whatever it reports, the profile understands, in any air."""
    controller, clock = opened(profile, power=power, pm25=pm25)
    clock.advance(40)
    for name, number in controller.numbers().items():
        assert is_sensible(profile.attr[name], number), (name, number)


def test_other_numbers_of_air_quality() -> None:
    """A product that counts its air's quality from 1 is reported in its own numbers."""
    values = {"great": 1, "good": 2, "mid": 3, "severe": 4}
    point = KJ.attr["air_quality"].model_copy(update={"values": values})
    profile = KJ.model_copy(update={"attr": {**KJ.attr, "air_quality": point}})
    controller, clock = opened(profile, power="on", pm25=0)
    clock.advance(60)
    assert controller.numbers()["air_quality"] == 1


def test_sensor_that_capabilities_leave_out() -> None:
    """A data point of a sensor that the capabilities lack breaks nothing."""
    features = KJ.capabilities.model_copy(update={"metrics": ("pm25",)})
    profile = Profile.model_validate(
        KJ.model_copy(update={"capabilities": features}).model_dump(by_alias=True)
    )
    controller, _ = opened(profile)
    assert "co2" not in controller.numbers()


def test_memory_of_writes_is_bounded() -> None:
    """The last thousand writes are remembered."""
    controller, _ = opened()
    for number in range(1100):
        controller.write("light", number % 2)
    assert len(controller.taken) == 1000


@pytest.mark.parametrize(
    ("profile", "given"),
    [("sim", {}), ("kj-standard", {"fan": 9}), ("kj-standard", {"fans": 1})],
)
def test_wrong_appliance(profile: str, given: dict[str, object]) -> None:
    """A profile without a wire, or a setting that does not exist, is refused in one line."""
    with pytest.raises(DeviceError) as caught:
        Controller.open(load_profile(profile), ScriptedClock(), given)
    assert "\n" not in str(caught.value)
