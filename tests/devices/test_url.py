"""Device URLs: a purifier by its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.devices import (
    EVENTS,
    KINDS,
    DeviceError,
    ProfileError,
    ScriptedClock,
    SimulatedPurifier,
    UnknownDevice,
    open_purifier,
    profile_names,
)


def opened(url: str, clock: ScriptedClock) -> SimulatedPurifier:
    """Open a simulated purifier."""
    purifier = open_purifier(url, clock=clock)
    assert isinstance(purifier, SimulatedPurifier)
    return purifier


def test_plain_sim_is_the_default(clock: ScriptedClock) -> None:
    """`sim:` stands as the default start says, on the clock that was given."""
    purifier = opened("sim:", clock)
    assert purifier.state().settings() == SimulatedPurifier().state().settings()
    assert purifier.now() == clock.now()
    purifier.close()


@pytest.mark.parametrize("name", profile_names())
def test_profile_option(name: str, clock: ScriptedClock) -> None:
    """Every profile can be opened."""
    assert opened(f"sim:?profile={name}", clock).profile.id == name


def test_speed_option(clock: ScriptedClock) -> None:
    """At speed 60 a second is a minute."""
    purifier = opened("sim:?speed=60", clock)
    start = purifier.now()
    clock.advance(10)
    assert purifier.now() - start == pytest.approx(600)


def test_settings_options(clock: ScriptedClock) -> None:
    """Settings may stand in the URL."""
    state = opened("sim:?mode=auto&fan=3&light=off&uv=on&power=off", clock).state()
    assert state.mode == "auto"
    assert state.light == "off"
    assert state.options["uv"]
    assert not state.power


def test_room_options(clock: ScriptedClock) -> None:
    """Volume, window, people and metrics are those of the room."""
    url = "sim:?volume=100&window=open&people=3&pm25=77"
    room = opened(url, clock).room
    assert room.parameters.volume_m3 == 100
    assert room.parameters.window == "open"
    assert room.parameters.people == 3
    assert room.values()["pm25"] == pytest.approx(77)


@pytest.mark.parametrize("event", EVENTS)
def test_event_option(event: str, clock: ScriptedClock) -> None:
    """Every kind of event can begin with the purifier."""
    quiet, busy = opened("sim:", clock), opened(f"sim:?event={event}:30", clock)
    clock.advance(1800)
    assert quiet.room.values() != busy.room.values()


def test_events_add_up(clock: ScriptedClock) -> None:
    """Several events may happen at once."""
    url = "sim:?power=off&event=frying&event=smoking:10"
    one, two = opened("sim:?power=off&event=frying", clock), opened(url, clock)
    clock.advance(600)
    assert two.room.values()["pm25"] > one.room.values()["pm25"] + 100


def test_seed_option(clock: ScriptedClock) -> None:
    """Another seed gives other noise."""
    seen = set()
    for seed in range(5):
        readings = opened(f"sim:?seed={seed}&pm25=200", clock).state().readings
        seen.add(readings["pm25"].value)
    assert len(seen) > 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sym:", "did you mean sim"),
        ("", "choose from serial, sim"),
        ("sim", "write sim:"),
        ("bluetooth:x", "no kind of device 'bluetooth'"),
        ("serial:", "serial: needs a port"),
        ("serial:/dev/x?prfile=sim", "did you mean profile"),
        ("serial:/dev/x?baud=fast", "not 'fast'"),
        ("serial:/dev/x?profile=sim", "sim has no serial protocol"),
        ("sim:room", "sim:.name=value"),
        ("sim:?sed=3", "did you mean seed"),
        ("sim:?seed=x", "up to 999999999, not 'x'"),
        ("sim:?seed=", "seed is a whole number"),
        ("sim:?seed=-1", "seed is a whole number"),
        ("sim:?speed=0", "speed is a number from 0.001"),
        ("sim:?speed=1e300", "to 100000"),
        ("sim:?seed=" + "9" * 5000, "seed is a whole number up to"),
        ("sim:?speed=fast", "not 'fast'"),
        ("sim:?speed=inf", "not 'inf'"),
        ("sim:?volume=-5", "volume"),
        ("sim:?people=two", "people"),
        ("sim:?people=1001", "up to 1000"),
        ("sim:?window=opne", "did you mean open"),
        ("sim:?event=fryin", "did you mean frying"),
        ("sim:?event=frying:long", "not 'long'"),
        ("sim:?fan=9", "1 to 5, not '9'"),
        ("sim:?mode=slep", "did you mean sleep"),
        ("sim:?pm25=much", "pm25 is a number"),
        ("sim:?profile=sim-basic&uv=on", "no option 'uv'"),
    ],
)
def test_wrong_url_is_explained(url: str, words: str) -> None:
    """A wrong URL is refused in one line with cause and cure."""
    with pytest.raises(UnknownDevice, match=words) as caught:
        open_purifier(url)
    assert "\n" not in str(caught.value)
    assert caught.value.url == url


def test_unknown_profile_is_a_profile_error() -> None:
    """A profile that is not there is told from a wrong URL."""
    with pytest.raises(ProfileError, match="did you mean sim-basic"):
        open_purifier("sim:?profile=simbasic")


@given(st.text(max_size=30))
def test_no_text_escapes_the_root(text: str) -> None:
    """Whatever stands behind `sim:`, it opens or it is a DeviceError."""
    for url in (text, f"sim:?{text}", f"sim:?event={text}", f"sim:?profile={text}"):
        message = "opened"
        try:
            open_purifier(url, clock=ScriptedClock())
        except DeviceError as error:
            message = str(error)
        assert message


def test_kinds_can_be_listed() -> None:
    """Each kind has a line, an example, which opens where it needs no hardware, and options that say something."""
    for name, kind in KINDS.items():
        assert kind.summary
        assert kind.example.startswith(f"{name}:")
        if name == "sim":
            open_purifier(kind.example, clock=ScriptedClock())
        assert all(kind.options.values())
