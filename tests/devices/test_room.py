"""The room: numbers that the physics must give, and exactness at any step size."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.devices import EVENTS, DeviceError, Room, RoomParameters, Window
from sanso.devices.events import Event, Influence, make_event
from sanso.devices.room import default_substances, relax, saturation_g_per_m3

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUR = 3600.0
LONG = 1000 * HOUR

# V 50 m3, a 0.5, P 0.8, k 0.3, outdoors 60 ug/m3, then 10 min of frying:
# clean air m3/h, kappa per h, steady ug/m3, half-life min, peak ug/m3.
ACCEPTANCE = [
    (0, 0.80, 30.0, 52.0, 415),
    (54, 1.88, 12.8, 22.1, 366),
    (108, 2.96, 8.1, 14.1, 333),
    (189, 4.58, 5.2, 9.1, 293),
    (270, 6.20, 3.9, 6.7, 260),
]
WITHIN = 0.02


@pytest.mark.parametrize(("clean", "kappa", "steady", "half_life", "peak"), ACCEPTANCE)
def test_room_gives_the_known_numbers(
    clean: float, kappa: float, steady: float, half_life: float, peak: float
) -> None:
    """Decay, balance, half-life and the peak after frying are right within 2 %."""
    room = Room(at=0.0)
    room.advance(LONG, clean_air_m3_per_h=clean)
    assert room.values()["pm25"] == pytest.approx(steady, rel=WITHIN)

    balance = room.values()["pm25"]
    room.begin("frying")
    room.advance(LONG + 600, clean_air_m3_per_h=clean)
    assert room.values()["pm25"] == pytest.approx(peak, rel=WITHIN)

    excess = room.values()["pm25"] - balance
    room.advance(room.time + half_life * 60, clean_air_m3_per_h=clean)
    assert (room.values()["pm25"] - balance) / excess == pytest.approx(0.5, rel=WITHIN)

    start = room.values()["pm25"] - balance
    room.advance(room.time + 0.1 * HOUR, clean_air_m3_per_h=clean)
    measured = math.log(start / (room.values()["pm25"] - balance)) / 0.1
    assert measured == pytest.approx(kappa, rel=WITHIN)


def test_one_person_raises_co2() -> None:
    """One person at rest ends at outdoors plus generation over air change."""
    room = Room(RoomParameters(people=1), at=0.0)
    litres_per_h = 0.0052 * 3600
    expected = 420 + litres_per_h / 1000 / (50 * 0.5) * 1e6
    assert room.values()["co2"] == pytest.approx(expected)
    assert room.values()["co2"] == pytest.approx(1169, abs=1)


def test_purifier_does_not_touch_co2() -> None:
    """No clean air delivery rate changes the carbon dioxide."""
    rooms = [Room(at=0.0), Room(at=0.0)]
    for room, clean in zip(rooms, (0.0, 270.0), strict=True):
        room.put({"co2": 2000})
        room.advance(HOUR, clean_air_m3_per_h=clean)
    assert rooms[0].values()["co2"] == rooms[1].values()["co2"]
    assert rooms[0].values()["co2"] == pytest.approx(420 + 1580 * math.exp(-0.5))


def test_open_window_airs_the_room() -> None:
    """An open window brings CO2 to the outdoor value much faster than a closed one."""
    left = {}
    for window in Window:
        room = Room(RoomParameters(window=window), at=0.0)
        room.put({"co2": 2000})
        room.advance(0.5 * HOUR)
        left[window] = room.values()["co2"]
    assert left[Window.OPEN] < left[Window.AJAR] < left[Window.CLOSED]
    assert left[Window.OPEN] == pytest.approx(420 + 1580 * math.exp(-6 * 0.5))


def test_window_that_is_opened_stays_the_widest() -> None:
    """Of several windows the widest counts, for as long as it is open."""
    room = Room(RoomParameters(window=Window.AJAR), at=0.0)
    room.put({"co2": 2000})
    room.begin("window_open", minutes=10)
    room.begin("window_ajar", minutes=60)
    room.advance(HOUR)
    decay = math.exp(-6 * 10 / 60 - 2 * 50 / 60)
    assert room.values()["co2"] == pytest.approx(420 + 1580 * decay)


# Event, minutes until its effect is plain, metric, direction.
EFFECTS = [
    ("frying", 10, "pm25", 1),
    ("frying", 10, "pm10", 1),
    ("frying", 10, "tvoc", 1),
    ("gentle_cooking", 20, "humidity", 1),
    ("smoking", 7, "pm25", 1),
    ("smoking", 7, "tvoc", 1),
    ("people", 60, "co2", 1),
    ("people", 60, "humidity", 1),
    ("yellow_dust", 300, "pm10", 1),
    ("yellow_dust", 300, "pm25", 1),
    ("pollen", 300, "pm10", 1),
    ("humidifier", 60, "humidity", 1),
    ("window_open", 30, "temperature", -1),
    ("window_ajar", 30, "temperature", -1),
]


def test_every_event_has_an_effect_tested() -> None:
    """No kind of event is left out of the table above."""
    assert set(EVENTS) == {name for name, *_ in EFFECTS}


@pytest.mark.parametrize(("name", "minutes", "metric", "sign"), EFFECTS)
def test_event_shows_and_fades(
    name: str, minutes: float, metric: str, sign: int
) -> None:
    """An event moves its metric the right way; long after it, all is as before."""
    room = Room(at=0.0)
    before = room.values()
    room.begin(name)
    room.advance(minutes * 60)
    assert sign * (room.values()[metric] - before[metric]) > 0.5
    room.advance(LONG)
    assert room.values() == pytest.approx(before)


def test_gentle_cooking_is_gentle() -> None:
    """Gentle cooking adds about a tenth of what frying does."""
    peaks = []
    for name in ("frying", "gentle_cooking"):
        room = Room(at=0.0)
        room.begin(name, minutes=10)
        room.advance(600)
        peaks.append(room.values()["pm25"] - 30)
    assert peaks[1] / peaks[0] == pytest.approx(0.15 / 2.056)


def test_yellow_dust_reaches_the_warning_outdoors() -> None:
    """With the window open, yellow dust indoors passes the warning level of 300."""
    room = Room(at=0.0)
    room.begin("yellow_dust")
    room.begin("window_open", minutes=120)
    room.advance(2 * HOUR)
    assert room.values()["pm10"] > 300


moments = st.floats(-2000, 20_000)
influences = st.builds(
    Influence,
    minutes=st.just(1.0),
    emits=st.dictionaries(
        st.sampled_from(["pm25", "coarse", "tvoc", "co2", "water"]), st.floats(0, 1e5)
    ),
    outdoors=st.dictionaries(st.sampled_from(["pm25", "coarse"]), st.floats(0, 500)),
    window=st.sampled_from(Window),
    people=st.integers(0, 5),
)
events = st.builds(
    lambda influence, start, length: Event(influence, start, start + length),
    influences,
    moments,
    st.floats(0, 10_000),
)


@given(
    happening=st.lists(events, max_size=4),
    cuts=st.lists(st.floats(0, 10_000), max_size=40),
    clean=st.floats(0, 1000),
    water=st.floats(0, 300),
)
def test_step_size_does_not_matter(
    happening: Sequence[Event], cuts: Sequence[float], clean: float, water: float
) -> None:
    """One big step gives what many small ones give, whatever happens within."""
    whole, cut = Room(at=0.0), Room(at=0.0)
    for event in happening:
        whole.add(event)
        cut.add(event)
    dust = whole.advance(10_000, clean_air_m3_per_h=clean, water_g_per_h=water)
    parts = [
        cut.advance(moment, clean_air_m3_per_h=clean, water_g_per_h=water)
        for moment in [*sorted(cuts), 10_000]
    ]
    assert cut.values() == pytest.approx(whole.values(), rel=1e-9, abs=1e-9)
    assert sum(parts) == pytest.approx(dust, rel=1e-9, abs=1e-9)


@given(
    level=st.floats(0, 1e4),
    supply=st.floats(0, 1e5),
    loss=st.floats(0, 50),
    hours=st.floats(0, 100),
)
def test_relax_solves_the_equation(
    level: float, supply: float, loss: float, hours: float
) -> None:
    """What flowed in is there or was lost: no mass appears or vanishes."""
    after, area = relax(level, supply, loss, hours)
    assert after + loss * area == pytest.approx(level + supply * hours, rel=1e-9)
    assert after >= 0


@given(st.floats(0, 50), st.floats(0, 1e9))
def test_any_step_is_stable(loss: float, hours: float) -> None:
    """However long a step, the level lies between where it was and its balance."""
    after, _ = relax(100.0, 10.0, loss, hours)
    balance = 10.0 / loss if loss > 1e-12 else math.inf
    low, high = min(100.0, balance), max(100.0, balance)
    assert low * (1 - 1e-9) <= after <= high * (1 + 1e-9)


def test_series_meets_the_closed_form() -> None:
    """Both ways to solve agree where one takes over from the other."""
    below = relax(7.0, 3.0, 1.0, 0.000999999)
    above = relax(7.0, 3.0, 1.0, 0.001000001)
    assert below == pytest.approx(above, rel=1e-5)
    x = 0.000999999
    assert below[0] == pytest.approx(3 + 4 * math.exp(-x), rel=1e-14)
    assert below[1] == pytest.approx(3 * x - 4 * math.expm1(-x), rel=1e-14)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "pm25": st.floats(0, 900),
            "pm10": st.floats(0, 900),
            "co2": st.floats(0, 5000),
            "tvoc": st.floats(0, 5000),
            "humidity": st.floats(0, 100),
            "temperature": st.floats(-20, 50),
        },
    )
)
def test_put_is_read_back(values: dict[str, float]) -> None:
    """Whatever metrics are set, all of them read as they were set."""
    room = Room(at=0.0)
    room.put(values)
    read = room.values()
    assert {name: read[name] for name in values} == pytest.approx(values, abs=1e-6)


def test_pm10_alone_pulls_pm25_down() -> None:
    """PM2.5 is part of PM10: a small PM10 leaves no larger PM2.5."""
    room = Room(at=0.0)
    room.put({"pm10": 12})
    assert room.values()["pm25"] == 12
    room.put({"pm25": 40})
    assert room.values()["pm10"] == 40


def test_temperature_keeps_relative_humidity() -> None:
    """A temperature that is set does not change the humidity that was there."""
    room = Room(at=0.0)
    before = room.values()["humidity"]
    room.put({"temperature": 30})
    assert room.values()["humidity"] == pytest.approx(before)


def test_saturation_is_right() -> None:
    """Air at 20 C holds 17.3 g/m3 of water, as every table of humidity says."""
    assert saturation_g_per_m3(20) == pytest.approx(17.3, abs=0.1)


def test_past_and_present_do_nothing() -> None:
    """A clock that steps back leaves the room as it is."""
    room = Room(at=100.0)
    before = room.values()
    assert room.advance(100.0) == 0
    assert room.advance(-5.0) == 0
    assert before == room.values()
    assert room.time == 100.0


def test_past_part_of_an_event_has_no_effect() -> None:
    """An event that is over when it is added changes nothing."""
    room = Room(at=1000.0)
    before = room.values()
    room.add(make_event("frying", at=0.0))
    room.advance(2000.0)
    assert room.values() == pytest.approx(before)


def test_events_may_follow_within_a_second() -> None:
    """Events that begin and end a moment apart are told apart exactly."""
    window = RoomParameters(window=Window.OPEN)
    room = Room(window, at=0.0)
    room.put({"pm25": 0, "co2": 420})
    ppm_per_s = 18.72e-3 / 3600 / 50 * 1e6 * 1000
    crowd = Influence(minutes=1, people=1000)
    room.add(Event(crowd, 0.25, 0.5))
    room.add(Event(crowd, 0.5, 0.75))
    room.advance(1.0)
    assert room.values()["co2"] - 420 == pytest.approx(ppm_per_s * 0.5, rel=1e-3)


def test_sealed_room_only_gathers() -> None:
    """Without air change and loss, an emission simply adds up."""
    substances = {
        name: replace(substance, loss=0.0, supply=0.0)
        for name, substance in default_substances().items()
    }
    sealed = RoomParameters(air_changes_per_h=(0, 0, 0), substances=substances)
    room = Room(sealed, at=0.0)
    start = room.values()["pm25"]
    room.begin("frying")
    room.advance(LONG)
    assert room.values()["pm25"] - start == pytest.approx(2056 * 10 / 50)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda room: room.put({"pm2": 5}), "did you mean pm25"),
        (lambda room: room.begin("fryin"), "did you mean frying"),
        (lambda room: room.begin("frying", minutes=0), "more than 0"),
        (lambda _: Event(EVENTS["frying"], 5.0, 4.0), "before its start"),
        (lambda _: RoomParameters(volume_m3=0), "above 0"),
    ],
)
def test_nonsense_is_refused(act: object, words: str) -> None:
    """What cannot be is refused with one line that names it."""
    assert callable(act)
    with pytest.raises(DeviceError, match=words) as caught:
        act(Room(at=0.0))
    assert "\n" not in str(caught.value)
