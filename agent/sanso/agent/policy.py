"""
What may be done at once, what needs a yes, and what may not be done: every program is looked at whole before anything is written.

Strategy: pure. Each statement is judged at its own time, on the purifier as the statements before it leave it. What a call wants is asked of `devices.plan`, so
that the rules know settings and no calls. What depends on how the purifier stands later (a step, a condition) is judged as it stands now, and again by
whoever carries it out when it is due: then as a statement without a trigger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING, Final

from sanso.devices import OutcomeCode
from sanso.devices.plan import Refusal, Situation, plan
from sanso.grammars import (
    Answer,
    Ask,
    At,
    Call,
    CancelTimer,
    Chat,
    GiveTip,
    Lasting,
    Query,
    Reject,
    ResetFilter,
    SetFanLevel,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    Statement,
    StepFan,
    When,
)

from .policy_effects import BRIGHTNESS, after_settings, highest_level
from .policy_moments import moments
from .policy_rules import Ceiling, May, Quiet, Rules
from .policy_terms import DAYS
from .policy_verdict import (
    ACTS_SECONDS,
    History,
    Reason,
    Review,
    Ruling,
    Verdict,
    level_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import tzinfo

    from sanso.devices import Capabilities, State
    from sanso.grammars import Program

_READS: Final = (Answer, Ask, Chat, GiveTip, Query, Reject)
_ORDER: Final[tuple[May, ...]] = ("read", "act", "configure")
_NO_HISTORY: Final = History()


def needs_yes(call: Call) -> bool:
    """Whether the call is carried out only after a yes: what cannot be taken back."""
    return isinstance(call, ResetFilter)


def changes(statement: Statement) -> bool:
    """Whether the statement would change the purifier or what waits, now or later."""
    return statement.trigger is not None or not isinstance(statement.call, _READS)


def lacking(call: Call, has: Capabilities) -> tuple[OutcomeCode, str] | None:
    """Why this purifier cannot do it at all, with the word or number that it fails on."""
    if isinstance(call, SetMode) and call.mode not in has.modes:
        return OutcomeCode.UNSUPPORTED, call.mode
    if isinstance(call, SetOption) and call.option not in has.options:
        return OutcomeCode.UNSUPPORTED, call.option
    if isinstance(call, SetLight) and call.level not in has.lights:
        return OutcomeCode.UNSUPPORTED, call.level
    if isinstance(call, ResetFilter) and not has.filter_reset:
        return OutcomeCode.UNSUPPORTED, "filter_reset"
    level = call.level if isinstance(call, SetFanLevel) else 0
    if isinstance(level, int) and level > has.fan_levels:
        return OutcomeCode.OUT_OF_RANGE, str(has.fan_levels)
    return None


def review(
    program: Program,
    state: State,
    capabilities: Capabilities,
    rules: Rules,
    now: float,
    zone: tzinfo | None = None,
    caller: str | None = "",
    history: History = _NO_HISTORY,
    *,
    agreed: Sequence[bool] = (),
) -> Review:
    """
    What becomes of each statement of a program; nothing is written, and nothing is raised.

    `now` is the purifier's clock in seconds since the epoch; without a `zone` the machine's own counts. Without a `caller` it was permitted
    before, when it was promised. `agreed` says of each statement, in order, whether a person has said yes to it: then it is not asked about, and
    everything else holds as before.
    """
    judged = _Judged(capabilities, rules, now, zone, caller, state, history)
    told = chain(agreed, repeat(False))  # noqa: FBT003 - whoever is not named has not said yes
    pairs = zip(program.statements, told, strict=False)
    return Review(tuple(judged.verdict(s, agreed=yes) for s, yes in pairs))


def write_count(program: Program) -> int:
    """How many of a program's statements act on the purifier at once: what `acts_per_minute` counts."""
    return sum(_at_once(s) and _is_act(s.call) for s in program.statements)


@dataclass
class _Judged:
    """One program being judged; state and history run ahead of what is not yet done."""

    capabilities: Capabilities
    rules: Rules
    now: float
    zone: tzinfo | None
    caller: str | None
    state: State
    history: History
    _starting: bool = False
    """Whether this program's last change of the motor was switching on: what follows names the speed to start with."""

    def verdict(self, statement: Statement, *, agreed: bool) -> Verdict:
        found = next(self._found(statement), Verdict(statement))
        if found.ruling in (Ruling.ALLOW, Ruling.LOWER):
            found = next(self._too_soon(found), found)
        if found.ruling in (Ruling.ALLOW, Ruling.LOWER):
            if not agreed:
                found = next(self._asking(found), found)
            if found.ruling is not Ruling.ASK:
                self._go_on(found.doing)
        return found

    def _found(self, statement: Statement) -> Iterator[Verdict]:
        """What refuses the statement, or takes something off it; the first counts."""
        call = statement.call
        if self.caller is not None:
            may, name = self.rules.may(self.caller)
            if _ORDER.index(_needs(statement)) > _ORDER.index(may):
                yield _refused(statement, Reason.CALLER, name, limit=may)
        if cannot := lacking(call, self.capabilities):
            yield _refused(statement, Reason.LACKING, "", limit=cannot[1])
        holding = self._holding(statement)
        if isinstance(call, SetOption):
            yield from self._heard(statement, call, holding)
        elif isinstance(call, SetLight):
            yield from self._seen(statement, call, holding)
        else:
            yield from self._blown(statement, holding)

    def _holding(self, statement: Statement) -> list[Quiet | Ceiling]:
        """The rules of the hours in which the statement begins, each once."""
        if isinstance(statement.trigger, When):
            # It may come true at any hour: only what always holds is known to hold then.
            return [rule for rule in self.rules.timed if _always(rule)]
        times = moments(statement.trigger, self.now, self.zone)
        found = {r.name: r for time in times for r in self.rules.holding(time)}
        return list(found.values())

    def _heard(
        self, statement: Statement, call: SetOption, holding: list[Quiet | Ceiling]
    ) -> Iterator[Verdict]:
        for rule in holding:
            if rule.bounds[2] and (call.option, call.state) == ("sound", "on"):
                yield _refused(statement, Reason.SOUND, rule, limit="off")

    def _seen(
        self, statement: Statement, call: SetLight, holding: list[Quiet | Ceiling]
    ) -> Iterator[Verdict]:
        bounds = [(BRIGHTNESS.index(r.bounds[1]), r) for r in holding if r.bounds[1]]
        if not bounds:
            return
        least, rule = min(bounds, key=lambda pair: pair[0])
        if BRIGHTNESS.index(call.level) <= least:
            return
        light = BRIGHTNESS[least]
        if light == "dim" and light in self.capabilities.lights:
            lesser = SetLight(level="dim")
            yield _lowered(statement, Reason.LIGHT, rule, light, lesser)
        else:  # whoever wants light is not helped by darkness
            yield _refused(statement, Reason.LIGHT, rule, limit=light)

    def _blown(
        self, statement: Statement, holding: list[Quiet | Ceiling]
    ) -> Iterator[Verdict]:
        call, levels = statement.call, [r for r in holding if r.bounds[0]]
        if not levels:
            return
        if isinstance(call, SetPower) and self.state.power and _at_once(statement):
            return  # it is on: nothing is said of how fast
        rule = min(levels, key=lambda r: r.bounds[0] or 0)
        ceiling = rule.bounds[0] or 0
        wanted = self._wanted(call)
        if highest_level(wanted, self.state, self.capabilities) <= ceiling:
            return
        if (
            isinstance(call, StepFan)
            and call.by > 0
            and level_of(self.state) >= ceiling
        ):
            yield _refused(statement, Reason.LEVEL, rule, limit=str(ceiling))
        lesser = SetFanLevel(level=ceiling)
        yield _lowered(statement, Reason.LEVEL, rule, str(ceiling), lesser)

    def _too_soon(self, found: Verdict) -> Iterator[Verdict]:
        statement, pace = found.doing, self.rules.pace
        if not _at_once(statement) or not _is_act(statement.call):
            return
        then = after_settings(
            self._wanted(statement.call), self.state, self.capabilities
        )
        if self.state.power and not then.power:
            return  # off is always allowed
        limits = [
            (Reason.ACTS, pace.acts_per_minute, self._acts_left(pace.acts_per_minute))
        ]
        if then.power != self.state.power:
            left = self._left(self.history.power_at, pace.power_seconds)
            limits.append((Reason.POWER, pace.power_seconds, left))
        if level_of(then) != level_of(self.state) and not self._starting:
            left = self._left(self.history.motor_at, pace.motor_seconds)
            limits.append((Reason.MOTOR, pace.motor_seconds, left))
        for reason, limit, left in limits:
            if left > 0:
                refused = _refused(found.statement, reason, pace.name, limit=str(limit))
                yield replace(refused, seconds=left)

    def _left(self, last: float | None, seconds: int) -> float:
        """Seconds until as many have passed; a clock that was set back since has nothing to say."""
        passed = seconds if last is None else self.now - last
        return seconds - passed if 0 <= passed < seconds else 0.0

    def _acts_left(self, most: int) -> float:
        """Seconds until one more act fits into the minute."""
        recent = [t for t in self.history.acts if 0 <= self.now - t < ACTS_SECONDS]
        if not most or len(recent) < most:
            return 0.0
        return ACTS_SECONDS - (self.now - sorted(recent)[-most])

    def _asking(self, found: Verdict) -> Iterator[Verdict]:
        """The question, about what is left of the statement by the rules of the hour."""
        call, instead = found.statement.call, found.instead
        asks = Verdict(found.statement, Ruling.ASK, instead=instead)
        for rule in self.rules.confirm:
            if any(p.fits(call) or p.fits(found.doing.call) for p in rule.calls):
                yield replace(asks, reason=Reason.CONFIRM, rule=rule.name)
        if needs_yes(call):
            yield replace(asks, reason=Reason.FINAL)

    def _go_on(self, statement: Statement) -> None:
        """Take what was allowed for done."""
        if not _at_once(statement) or not _is_act(statement.call):
            return
        before = self.state
        wanted = self._wanted(statement.call)
        self.state = after_settings(wanted, before, self.capabilities)
        self.history = self.history.after(before, self.state, self.now, acts=1)
        if level_of(before) != level_of(self.state):
            self._starting = isinstance(statement.call, SetPower) and self.state.power

    def _wanted(self, call: Call) -> Mapping[str, object]:
        """The settings that a call asks for; none where it does not concern the appliance."""
        state, has = self.state, self.capabilities
        resumed = has.fan_levels if state.fan is None else state.fan
        planned = plan(call, Situation(state, has, state.fan_now, resumed))
        return {} if isinstance(planned, Refusal) else planned


def _needs(statement: Statement) -> May:
    """What a caller must be allowed, to have this done."""
    call, trigger = statement.call, statement.trigger
    if isinstance(call, CancelTimer | ResetFilter):
        return "configure"
    if isinstance(call, SetOption) and call.option == "child_lock":
        return "configure"
    if isinstance(trigger, At) and trigger.repeat != "once":
        return "configure"
    return "read" if isinstance(call, _READS) and trigger is None else "act"


def _at_once(statement: Statement) -> bool:
    return statement.trigger is None or isinstance(statement.trigger, Lasting)


def _is_act(call: Call) -> bool:
    """Whether the call concerns the appliance."""
    return type(call) in plan.registry


def _always(rule: Quiet | Ceiling) -> bool:
    return not rule.hours.until and set(rule.days) == set(DAYS)


def _refused(
    statement: Statement, reason: Reason, rule: Quiet | Ceiling | str, *, limit: str
) -> Verdict:
    name = rule if isinstance(rule, str) else rule.name
    until = "" if isinstance(rule, str) else rule.hours.until
    return Verdict(statement, Ruling.REFUSE, reason, name, limit, until)


def _lowered(
    statement: Statement, reason: Reason, rule: Quiet | Ceiling, limit: str, call: Call
) -> Verdict:
    lesser = Statement(call=call, trigger=statement.trigger)
    return replace(
        _refused(statement, reason, rule, limit=limit),
        ruling=Ruling.LOWER,
        instead=lesser,
    )
