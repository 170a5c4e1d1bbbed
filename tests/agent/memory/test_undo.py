from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.agent import Agent
from sanso.agent.wording import word_undo
from sanso.devices import ScriptedClock, SimulatedPurifier, load_profile
from sanso.grammars import ResetFilter, Undo, When, draw_program, parse

from .conftest import KeptHome

PROFILE = load_profile("sim")
HAS = PROFILE.make_capabilities()
STATES = st.fixed_dictionaries(
    {
        "power": st.sampled_from(["on", "off"]),
        "light": st.sampled_from(sorted(HAS.lights)),
        **{option: st.booleans() for option in sorted(HAS.options)},
    }
).flatmap(
    lambda given: st.one_of(
        st.integers(1, HAS.fan_levels).map(lambda fan: {**given, "fan": fan}),
        st.sampled_from(sorted(HAS.modes)).map(lambda mode: {**given, "mode": mode}),
    )
)
BUTTONS = st.lists(st.sampled_from(["power", "fan", "mode", "light"]), max_size=2)


def program_of(seed: int) -> str:
    """Draw a program that an undo may follow: none that undoes itself, waits for a reading, or cannot be taken back."""
    rng = Random(seed)
    while True:
        program = parse(draw_program(rng))
        undoing = any(isinstance(call, Undo | ResetFilter) for call in program.calls())
        if not undoing and not any(
            isinstance(s.trigger, When) for s in program.statements
        ):
            return program.render()


PROGRAMS = st.integers(0, 2**32).map(program_of)


def settings_of(purifier: SimulatedPurifier) -> dict[str, object]:
    """Tell every attribute that can be set."""
    return purifier.state().settings()


def waiting(agent: Agent) -> list[str]:
    """Tell what waits, and for when."""
    return sorted(map(repr, agent.scheduler.snapshot()))


@given(STATES, PROGRAMS, PROGRAMS)
@settings(max_examples=150, deadline=None)
def test_undo_restores_what_the_program_changed(
    given_state: dict[str, Any], earlier: str, program: str
) -> None:
    """From any state, an undo puts back every attribute and timer that the last program changed, and no other."""
    clock = ScriptedClock()
    purifier = SimulatedPurifier.from_settings(given_state, clock=clock)
    agent = Agent(None, purifier, lang="en")
    agent.carry_out(parse(earlier))
    before, timers = settings_of(purifier), waiting(agent)
    agent.carry_out(parse(program))
    if (settings_of(purifier), waiting(agent)) == (before, timers):
        return
    agent.carry_out(parse("undo()"))
    assert (before, timers) == (settings_of(purifier), waiting(agent))


@given(STATES, st.lists(PROGRAMS, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_undo_goes_all_the_way_back(
    given_state: dict[str, Any], programs: list[str]
) -> None:
    """As many undos as programs that changed something lead back to the beginning, each by one program."""
    clock = ScriptedClock()
    purifier = SimulatedPurifier.from_settings(given_state, clock=clock)
    agent = Agent(None, purifier, lang="en")
    stood = [(settings_of(purifier), waiting(agent))]
    for text in programs:
        agent.carry_out(parse(text))
        now = settings_of(purifier), waiting(agent)
        stood += [now] * (now != stood[-1])
    for expected in reversed(stood[:-1]):
        agent.carry_out(parse("undo()"))
        assert expected == (settings_of(purifier), waiting(agent))


@given(STATES, PROGRAMS, BUTTONS)
@settings(max_examples=40, deadline=None)
def test_undo_behind_a_restart_restores_what_is_still_as_it_was_left(
    given_state: dict[str, Any], program: str, buttons: list[Any]
) -> None:
    """Behind a restart an undo puts back what the program changed and nobody since, and leaves all else."""
    with TemporaryDirectory() as folder:
        home = KeptHome(Path(folder) / "memory.db", **given_state)
        before = settings_of(home.purifier)
        home.do(program)
        left = settings_of(home.purifier)
        home.drop()
        for button in buttons:
            home.purifier.press(button)
        found = settings_of(home.purifier)
        home.begin()
        home.do("undo()")
        after = settings_of(home.purifier)
        home.drop()
    speed = ("mode", "fan")
    for name, value in after.items():
        names = speed if name in speed else (name,)
        ours = any(before[n] != left[n] for n in names)
        still = all(left[n] == found[n] for n in names)
        assert value == (before if ours and still else found)[name]


def test_nothing_to_undo(home: KeptHome) -> None:
    """Where nothing was changed there is nothing to undo, before a restart and after it."""
    nothing = word_undo(None, "en")
    assert nothing == home.do("undo()")
    home.do("set_fan_level(level=2)")
    assert nothing == home.do("undo()")
    home.restart()
    assert nothing == home.do("undo()")
