"""Thousands of commands over lines and appliances that fail: nothing is said that is not so.

`SANSO_COMMANDS` sets how many commands a case takes; a long run takes 10,000.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from sanso.devices import OutcomeCode, Purifier
from sanso.devices.plan import Refusal, Situation, differing, plan
from sanso.devices.twin.faults import Faults
from sanso.grammars import Call, ResetFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanso.devices import Outcome


COUNT = int(os.environ.get("SANSO_COMMANDS", "60"))
WORN_SINCE_PERCENT = 99.5
"""A new filter is worn a little by the time that somebody looks."""
FAULTS = {
    "none": Faults(),
    "drop": Faults(drop=0.05),
    "corrupt": Faults(corrupt=0.02),
    "tear": Faults(tear=0.01),
    "restart": Faults(restart_seconds=20),
    "all": Faults(drop=0.05, corrupt=0.02, tear=0.01, restart_seconds=20),
    "ignore_set": Faults(ignore_set=0.2),
    "clamp_set": Faults(clamp_set=2),
    "slow": Faults(slow_ms=700),
    "duplicate": Faults(duplicate=0.1),
    "burst": Faults(burst=0.2),
    "delay": Faults(delay_ms=150),
}


def wanted_by(outcome: Outcome, purifier: Purifier) -> dict[str, object]:
    """Return the settings that a call asked for, from where it started."""
    before = outcome.before
    heading = before.fan_now or 1
    situation = Situation(before, purifier.capabilities, heading, before.fan or heading)
    found = plan(outcome.call, situation)
    return {} if isinstance(found, Refusal) else found


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("profile", ["kj-standard", "zhimi-airp-mb4a"])
def test_nothing_is_claimed_that_is_not_so(
    profile: str,
    fault: str,
    joined: Callable[..., Any],
    calls_of: Callable[..., list[Call]],
) -> None:
    """What is reported as done is so; a reset is never sent twice; both ends agree when the line is good again."""
    line = joined(profile, {"fan": 2, "pm25": 20})
    purifier, controller = line.purifier, line.controller
    controller.faults = FAULTS[fault]
    rng = random.Random(11)
    calls = calls_of(purifier.capabilities)
    mean = FAULTS[fault].restart_seconds
    restart_at = line.clock.now() + rng.expovariate(1 / mean) if mean else None
    ends: Counter[OutcomeCode] = Counter()
    for _number in range(COUNT):
        if restart_at is not None and line.clock.now() >= restart_at:
            line.twin.restart()
            restart_at = line.clock.now() + rng.expovariate(1 / mean)
        call = rng.choice(calls)
        if isinstance(call, ResetFilter):
            controller.purifier.appliance.filter.wear_to(50)
            line.pass_time(2)
        started = line.clock.now()
        outcome = purifier.apply(call)
        ends[outcome.code] += 1
        if outcome.done:
            state = controller.purifier.state()
            missed = differing(wanted_by(outcome, purifier), state)
            if "filter" in missed and (state.filter_percent or 0) > WORN_SINCE_PERCENT:
                del missed["filter"]
            assert missed == {}, (call, outcome)
        resets = [t for t in controller.taken if t.at >= started]
        assert sum(t.attribute == "filter_reset" for t in resets) <= 1
        line.pass_time(rng.random())
    controller.faults = Faults()
    line.pass_time(70)
    state = controller.purifier.state()
    assert state.settings() == purifier.state().settings()
    assert ends.total() == COUNT
    assert ends[OutcomeCode.CONFIRMED] > COUNT / 5
    if "SANSO_COMMANDS" in os.environ:
        counts = purifier.session.counters
        sys.stderr.write(
            f"\n{profile} {fault}: {dict(ends)}, {counts.resent} resent, "
            f"{counts.missed} missed, spoiled {controller.line.spoiled}\n"
        )
