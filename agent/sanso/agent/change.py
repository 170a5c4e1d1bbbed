"""
What a command changed, and how to put back just that.

Strategy: settings as they were found and as they were left, by name; mode and fan are one, as each decides the other. Whoever puts back restores
the present state with these settings in it, so that what others changed meanwhile stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from sanso.grammars import SetLight, SetOption, SetPower

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sanso.devices import State
    from sanso.grammars import Call


@dataclass(frozen=True)
class Change:
    """Settings before and after a command, under the same names."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @classmethod
    def between(cls, before: State, after: State, call: Call | None = None) -> Self:
        """All settings, or those that a call is about; none where a state is no report."""
        if not (before.online and after.online):
            return cls({}, {})
        old, new = _settings(before), _settings(after)
        names = [n for n in old if n in new and (call is None or n in _about(call))]
        return cls({n: old[n] for n in names}, {n: new[n] for n in names})

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return self.before != self.after

    def as_json(self) -> dict[str, dict[str, Any]]:
        """Plain values, for `from_json`."""
        return {"before": dict(self.before), "after": dict(self.after)}

    @classmethod
    def from_json(cls, plain: Mapping[str, Mapping[str, Any]]) -> Self:
        """
        Make a change from plain values.

        Raises:
            KeyError, TypeError, ValueError: they are none of a change.
        """
        before, after = (_read(plain[side]) for side in ("before", "after"))
        if before.keys() != after.keys():
            msg = "a change has the same names before and after"
            raise ValueError(msg)
        return cls(before, after)

    def undone(self, present: State) -> State:
        """The present state with all that was changed as it was found."""
        changed = {n: v for n, v in self.before.items() if v != self.after[n]}
        return _with(present, changed)

    def ended(self, present: State) -> State:
        """The same, but only with what still is as it was left."""
        return _with(present, self.kept(present).before)

    def until(self, present: State) -> Change:
        """A change from the same beginning to the present; nothing where there is no report."""
        now = _settings(present)
        names = [n for n in self.before if n in now and present.online]
        return Change({n: self.before[n] for n in names}, {n: now[n] for n in names})

    def kept(self, present: State) -> Change:
        """What of this change nobody has changed since."""
        now = _settings(present)
        names = [n for n, v in self.after.items() if now.get(n) == v]
        return Change(
            {n: self.before[n] for n in names}, {n: self.after[n] for n in names}
        )

    def over(self, earlier: Change) -> Change:
        """This change, going back to before an earlier one where it began as that one ended."""
        begun = {
            name: earlier.before[name]
            for name, value in self.before.items()
            if name in earlier.after and earlier.after[name] == value
        }
        return replace(self, before={**self.before, **begun})

    def under(self, later: Change) -> Change:
        """What is left of this change under a later one: where that came over it, there is nothing to put back."""
        names = [name for name in self.before if name not in later.before]
        before, after = self.before, self.after
        return Change({n: before[n] for n in names}, {n: after[n] for n in names})


def _about(call: Call) -> tuple[str, ...]:
    """The settings that a call may change."""
    if isinstance(call, SetLight):
        return ("light",)
    if isinstance(call, SetOption):
        return (f"option.{call.option}",)
    return ("power",) if isinstance(call, SetPower) else ("power", "speed")


def _read(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Mode and fan are a pair, which JSON writes as a list."""
    settings = dict(plain)
    if "speed" in settings:
        mode, fan = settings["speed"]
        settings["speed"] = (mode, fan)
    return settings


def _settings(state: State) -> dict[str, Any]:
    options = {f"option.{name}": on for name, on in state.options.items()}
    speed = (state.mode, state.fan)
    return {"power": state.power, "speed": speed, "light": state.light, **options}


def _with(state: State, settings: Mapping[str, Any]) -> State:
    mode, fan = settings.get("speed", (state.mode, state.fan))
    options = {n: settings.get(f"option.{n}", on) for n, on in state.options.items()}
    return replace(
        state,
        power=settings.get("power", state.power),
        mode=mode,
        fan=fan,
        light=settings.get("light", state.light),
        options=options,
    )
