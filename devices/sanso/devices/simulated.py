"""A purifier that exists in arithmetic only: what the agent drives in tests and demos.

Strategy: this is the host's end. It plans a call, writes settings to the simulated
appliance, reads its report back and compares the two: no outcome is known beforehand,
so an appliance that ignores or alters a write is found out here as on a wire.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .appliance import Appliance, Button, WriteFaults
from .clock import RealClock
from .errors import DeviceError
from .motor import noise_db, power_watts
from .names import hint
from .plan import Refusal, Situation, calls_back, differing, plan, verdict
from .profile import Profile, load_profile
from .purifier import Capabilities, Fault, Outcome, OutcomeCode, State
from .room import Room
from .settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from sanso.grammars import Call

    from .clock import Clock
    from .plan import Settings
    from .profile import Start


class SimulatedPurifier:
    """A `Purifier` in a simulated room; it moves on only when it is looked at."""

    def __init__(
        self,
        room: Room | None = None,
        clock: Clock | None = None,
        *,
        seed: int = 0,
        profile: Profile | str = "sim",
        start: Start | None = None,
        noisy: bool = True,
    ) -> None:
        """Stand in a room, set up as `start` or else the profile's start says.

        Without a room it gets one of its own, at the clock's time, in balance. The same
        seed gives the same sensor noise; `noisy=False` leaves it out.

        Raises:
            ProfileError: there is no such profile.

        """
        self._clock: Clock = RealClock() if clock is None else clock
        room = Room(at=self._clock.now()) if room is None else room
        room.advance(self._clock.now())
        chosen = load_profile(profile) if isinstance(profile, str) else profile
        self.profile = chosen
        self.write_faults = WriteFaults()
        begin = chosen.start if start is None else start
        self._appliance = Appliance(room, chosen, begin, seed=seed, noisy=noisy)
        self._capabilities = chosen.make_capabilities()
        self._last = self._appliance.report()
        self._last_at = self.now()

    @classmethod
    def from_settings(
        cls,
        settings: Mapping[str, object],
        *,
        clock: Clock | None = None,
        seed: int = 0,
        profile: Profile | str = "sim",
        noisy: bool = False,
        room: Room | None = None,
    ) -> Self:
        """Make a purifier that stands as written, e.g. {"fan": 3, "pm25": 80}.

        Names are those of `SETTINGS`; what is not written is as the profile's start
        says. Sensors have no noise unless it is asked for: they read what is written.

        Raises:
            DeviceError: a name or value that does not exist; one line that names it.

        """
        chosen = load_profile(profile) if isinstance(profile, str) else profile
        start, values = read_settings(settings, chosen)
        clock = RealClock() if clock is None else clock
        room = Room(at=clock.now()) if room is None else room
        room.put(values)
        return cls(room, clock, seed=seed, profile=chosen, start=start, noisy=noisy)

    @property
    def capabilities(self) -> Capabilities:
        """What this purifier has."""
        return self._capabilities

    @property
    def appliance(self) -> Appliance:
        """The appliance at the other end, caught up with the clock."""
        self._appliance.advance(self.now())
        return self._appliance

    @property
    def room(self) -> Room:
        """The room around it, caught up with the clock."""
        return self.appliance.room

    @property
    def noise_db(self) -> float:
        """How loud it is now, in dB(A); 0 at standstill."""
        return noise_db(self.appliance.speed)

    @property
    def power_watts(self) -> float:
        """What it draws now, in W; 0 when it is off and stands still."""
        appliance = self.appliance
        drawing = appliance.power or appliance.speed > 0
        return power_watts(appliance.speed) if drawing else 0.0

    def state(self) -> State:
        """Return the latest report; while offline the last one, with its age."""
        if self.write_faults.offline:
            self._appliance.advance(self.now())
            age = max(0.0, self.now() - self._last_at)
            return replace(self._last, online=False, age_seconds=age)
        return self._report()

    def snapshot(self) -> State:
        """Return a state for `restore`."""
        return self.state()

    def apply(self, call: Call) -> Outcome:
        """Carry out one call that concerns the appliance, and read back.

        A call that an appliance cannot be asked is UNSUPPORTED, with its name.
        """
        before = self.state()
        appliance = self._appliance
        situation = Situation(
            state=before,
            capabilities=self._capabilities,
            heading=appliance.heading,
            resumed=appliance.fan,
        )
        wanted = plan(call, situation)
        if isinstance(wanted, Refusal):
            return Outcome(wanted.code, call, before, before, wanted.detail)
        return self._carry_out(call, wanted, before)

    def restore(self, state: State) -> Outcome | None:
        """Put the settings back to those of an earlier state.

        Returns the last outcome, which is the first that was not done, if there is one;
        None if nothing differed.
        """
        outcome = None
        for call, wanted in calls_back(state, self.state()):
            outcome = self._carry_out(call, wanted, self.state())
            if not outcome.done:
                break
        return outcome

    def now(self) -> float:
        """Return the seconds since the epoch (UTC), on the purifier's clock."""
        return self._clock.now()

    def close(self) -> None:
        """Let go of it; there is nothing to release."""

    def press(self, button: Button) -> bool:
        """Press a button on its panel; False if the child lock or a fault forbids it.

        Raises:
            DeviceError: there is no such button.

        """
        return self.appliance.press(button)

    def begin(self, event: str, minutes: float | None = None) -> None:
        """Let an event of `EVENTS` begin in the room now.

        Raises:
            DeviceError: there is no such kind, or the time is not positive.

        """
        self.room.begin(event, minutes)

    def break_down(self, fault: Fault) -> None:
        """Let something break: it switches itself off and cannot be switched on."""
        self.appliance.break_down(fault)

    def mend(self, fault: Fault) -> None:
        """Repair a fault; it stays off until it is switched on."""
        self.appliance.mend(fault)

    def fail_sensor(self, metric: str) -> None:
        """Break a sensor: its reading is FAILED.

        Raises:
            DeviceError: it has no such sensor.

        """
        if metric not in self._capabilities.metrics:
            known = self._capabilities.metrics
            msg = f"there is no sensor {metric!r}; {hint(metric, known)}"
            raise DeviceError(msg)
        self.appliance.sensors.fail(metric)

    def repair_sensor(self, metric: str) -> None:
        """Mend a sensor; one that is whole stays so."""
        self.appliance.sensors.repair(metric)

    def _report(self) -> State:
        self._last = self.appliance.report()
        self._last_at = self.now()
        return self._last

    def _carry_out(self, call: Call, wanted: Settings, before: State) -> Outcome:
        if not before.online:
            return Outcome(OutcomeCode.OFFLINE, call, before, before)
        writes = differing(wanted, before)
        if not writes:
            return Outcome(OutcomeCode.UNCHANGED, call, before, before)
        if writes.get("power") is True and before.faults:
            fault = min(before.faults)
            return Outcome(OutcomeCode.BLOCKED_FAULT, call, before, before, fault)
        earlier = dict(self._appliance.reports)
        for name, value in writes.items():
            self._appliance.write(name, value, self.write_faults)
        after = self.state()
        counts = self._appliance.reports
        reported = {name for name in writes if counts.get(name) != earlier.get(name)}
        code, detail = verdict(wanted, after, reported)
        return Outcome(code, call, before, after, detail)
