"""The simulated appliance itself: its settings, motor, sensors, filter and panel.

Strategy: nothing runs in the background. Whoever looks brings the moment with him, and
the appliance catches up piece by piece: up to the next change of the motor, the next
30 s refresh (when a mode looks at the air again), or the moment itself. It knows no
calls: settings are written one by one, as over a wire, and each write that it takes
notice of is reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from .errors import DeviceError
from .filter import Filter
from .modes import level_in_mode
from .motor import Motor, level_at, share_of
from .names import hint
from .purifier import Fault, State
from .sensors import Sensors

if TYPE_CHECKING:
    from .profile import Profile, Start
    from .room import Room

Button = Literal["power", "fan", "mode", "light", "child_lock"]
BUTTONS: Final[tuple[Button, ...]] = ("power", "fan", "mode", "light", "child_lock")


@dataclass(frozen=True)
class WriteFaults:
    """How an appliance lets its host down; for tests."""

    offline: bool = False
    """The link is dead: no write arrives, no report comes."""
    ignore_writes: bool = False
    """Writes arrive and nothing happens, not even a report."""
    clamp: int | None = None
    """A higher fan level is taken for this one."""


class Appliance:
    """A purifier in a room, before any host talks to it."""

    def __init__(
        self, room: Room, profile: Profile, start: Start, *, seed: int, noisy: bool
    ) -> None:
        """Stand in the room; if on, as if for a while: warm, motor at its speed."""
        features, build = profile.capabilities, profile.build
        self.room = room
        self.power = False
        self.mode: str = start.mode
        self.fan = start.fan
        self.light: str = start.light if features.lights else "off"
        self.options = {str(o): start.options.get(o, False) for o in features.options}
        self.faults: set[Fault] = set()
        self.filter = Filter(build.filter_grams, build.filter_days)
        self.filter.wear_to(start.filter_percent)
        self.sensors = Sensors(
            features.metrics,
            seed=seed,
            noisy=noisy,
            warm_up_seconds=build.warm_up_seconds,
        )
        self.reports: dict[str, int] = {}
        """How often each setting was reported after a write."""
        self._features = features
        self._build = build
        self._motor = Motor(build.slew_per_second)
        self._time = room.time
        self._clean_share = self.filter.clean_air_share
        if start.power:
            self._run_warm(build.warm_up_seconds)

    @property
    def speed(self) -> float:
        """The motor's share of full speed."""
        return self._motor.speed(self._time)

    @property
    def heading(self) -> int:
        """The level that the motor turns at or heads for; 0 when off."""
        return level_at(self._motor.target, self._features.fan_levels)

    def advance(self, now: float) -> None:
        """Catch up with the moment `now`; a moment gone by does nothing."""
        while self._time < now:
            sampling = self.sensors.next_edge(self._time, now)
            edge = min(now, sampling, self._motor.next_edge(self._time))
            self._flow(edge)
            if edge == sampling and self.sensors.sample(edge, self.room.values()):
                self._scan()

    def report(self) -> State:
        """Return what the appliance says of itself at the moment it has reached."""
        return State(
            power=self.power,
            mode=self.mode,
            fan=self.fan if self.mode == "manual" else None,
            fan_now=level_at(self.speed, self._features.fan_levels),
            light=self.light,
            options=dict(self.options),
            readings=self.sensors.readings(self._time),
            filter_percent=self.filter.percent,
            filter_days=self.filter.days_left,
            faults=frozenset(self.faults),
        )

    def write(self, name: str, value: object, faults: WriteFaults) -> None:
        """Take one setting from the host, named as in `State.settings`; or `filter`."""
        if faults.offline or faults.ignore_writes:
            return
        if name == "fan" and isinstance(value, int) and faults.clamp is not None:
            value = min(value, faults.clamp)
        self._set(name, value)
        self.reports[name] = self.reports.get(name, 0) + 1

    def press(self, button: Button) -> bool:
        """Press a button on the panel; False if the child lock or a fault forbids it.

        The lock's own button, held down, always works. `fan` goes round the levels,
        `mode` round the modes, `light` round the lights.

        Raises:
            DeviceError: there is no such button.

        """
        if button not in BUTTONS:
            msg = f"there is no button {button!r}; {hint(button, BUTTONS)}"
            raise DeviceError(msg)
        locked = self.options.get("child_lock", False) and button != "child_lock"
        asleep = not self.power and button in ("fan", "mode")
        return not (locked or asleep) and self._pressed(button)

    def break_down(self, fault: Fault) -> None:
        """Let something break: the appliance switches itself off."""
        self.faults.add(fault)
        self._switch(on=False)
        self._drive()

    def mend(self, fault: Fault) -> None:
        """Repair it; the appliance stays off until it is switched on."""
        self.faults.discard(fault)

    def _run_warm(self, warm_up: int) -> None:
        self.power = True
        self.sensors.switch_on(self._time - warm_up, self.room.values())
        self.sensors.sample(self._time, self.room.values())
        self._scan()
        self._motor.settle(self._motor.target, self._time)

    def _pressed(self, button: Button) -> bool:
        lock = self.options.get("child_lock")
        rounds: dict[Button, tuple[str, object, tuple[object, ...]]] = {
            "power": ("power", self.power, (False, True)),
            "fan": (
                "fan",
                self.heading,
                tuple(range(1, self._features.fan_levels + 1)),
            ),
            "mode": ("mode", self.mode, self._features.modes),
            "light": ("light", self.light, self._features.lights),
            "child_lock": ("option.child_lock", lock, (False, True)),
        }
        name, value, values = rounds[button]
        if value not in values:
            return False
        self._set(name, values[(values.index(value) + 1) % len(values)])
        return button != "power" or self.power != value

    def _set(self, name: str, value: object) -> None:
        if name == "power":
            self._switch(on=value is True)
        elif name == "filter":
            self.filter.reset()
            self._clean_share = self.filter.clean_air_share
        elif name == "fan" and isinstance(value, int):
            self.fan = min(max(1, value), self._features.fan_levels)
            self.mode = "manual"
        elif name == "mode":
            self.mode = str(value)
        elif name == "light":
            self.light = str(value)
        else:
            self.options[name.removeprefix("option.")] = bool(value)
        self._drive()

    def _switch(self, *, on: bool) -> None:
        if on == self.power or (on and self.faults):
            return
        self.power = on
        if on:
            self.sensors.switch_on(self._time, self.room.values())
        else:
            self.sensors.switch_off()

    def _scan(self) -> None:
        """Look at the air and at the filter again: once in 30 s."""
        self._clean_share = self.filter.clean_air_share
        self._drive()

    def _drive(self) -> None:
        levels = self._features.fan_levels
        if not self.power:
            level = 0
        elif self.mode == "manual":
            level = self.fan
        else:
            level = level_in_mode(self.mode, levels, self._value)
        self._motor.drive(share_of(level, levels), self._time)

    def _value(self, metric: str) -> float | None:
        return self.sensors.value(metric, self._time)

    def _clean_air_m3_per_h(self) -> float:
        speed = self._motor.held_speed(self._time)
        return self._build.clean_air_m3_per_h * speed * self._clean_share

    def _flow(self, until: float) -> None:
        """Let the air pass with everything held as it is."""
        turning = self._motor.held_speed(self._time) > 0
        humid = self.power and self.options.get("humidifier", False)
        dust_mg = self.room.advance(
            until,
            clean_air_m3_per_h=self._clean_air_m3_per_h(),
            water_g_per_h=self._build.humidifier_g_per_h if humid else 0.0,
        )
        self.filter.load(dust_mg, until - self._time if turning else 0.0)
        self._time = until
