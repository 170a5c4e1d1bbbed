"""Restore: putting the settings back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices import (
    Fault,
    OutcomeCode,
    ScriptedClock,
    SimulatedPurifier,
    WriteFaults,
)
from sanso.grammars import (
    Call,
    SetFanLevel,
    SetLight,
    SetMode,
    SetPower,
    enumerate_calls,
    parse,
)

CALLS = [
    parse(text).calls()[0]
    for text in enumerate_calls()
    if text.startswith(("set_", "step_"))
]
calls = st.lists(st.sampled_from(CALLS), max_size=6)


@settings(max_examples=200)
@given(first=calls, then=calls)
def test_restore_puts_everything_back(first: list[Call], then: list[Call]) -> None:
    """Whatever was done after a snapshot, its settings come back, confirmed."""
    clock = ScriptedClock()
    purifier = SimulatedPurifier.from_settings({}, clock=clock)
    for call in first:
        purifier.apply(call)
    snapshot = purifier.snapshot()
    for call in then:
        purifier.apply(call)
        clock.advance(3)
    differed = purifier.state().settings() != snapshot.settings()
    outcome = purifier.restore(snapshot)
    assert purifier.state().settings() == snapshot.settings()
    assert (outcome is not None) == differed
    if outcome is not None:
        assert outcome.code is OutcomeCode.CONFIRMED
        assert outcome.after.settings() == snapshot.settings()


def test_restore_says_what_failed(clock: ScriptedClock) -> None:
    """The first step that is not done ends the restoring and is returned."""
    purifier = SimulatedPurifier(clock=clock)
    snapshot = purifier.snapshot()
    purifier.apply(SetLight(level="off"))
    purifier.apply(SetFanLevel(level=5))
    purifier.write_faults = WriteFaults(ignore_writes=True)
    outcome = purifier.restore(snapshot)
    assert outcome is not None
    assert outcome.code is OutcomeCode.UNCONFIRMED
    assert outcome.call == SetLight(level="on")


def test_restore_respects_faults(clock: ScriptedClock) -> None:
    """A fault that came in between still blocks switching on."""
    purifier = SimulatedPurifier(clock=clock)
    snapshot = purifier.snapshot()
    purifier.apply(SetPower(state="off"))
    purifier.break_down(Fault.DOOR_OPEN)
    outcome = purifier.restore(snapshot)
    assert outcome is not None
    assert outcome.code is OutcomeCode.BLOCKED_FAULT
    assert not purifier.state().power


def test_restoring_off_does_not_start_the_fan(clock: ScriptedClock) -> None:
    """Back to off, with another mode, the motor never heads for a speed."""
    purifier = SimulatedPurifier.from_settings({"power": "off"}, clock=clock)
    snapshot = purifier.snapshot()
    purifier.apply(SetMode(mode="turbo"))
    purifier.apply(SetPower(state="off"))
    purifier.restore(snapshot)
    assert purifier.appliance.heading == 0
    assert purifier.state().settings() == snapshot.settings()
