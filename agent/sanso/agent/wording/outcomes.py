"""What became of a call, in words: built from what the device reported, never claimed.

Strategy: the code of the outcome chooses the kind of sentence, and the state that was
read back chooses its words. So "fan set to level 3" is said because the device reports
level 3, whatever was asked; and what no report confirms is said to be unconfirmed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanso.devices import Fault, Outcome, OutcomeCode
from sanso.grammars import (
    ResetFilter,
    SetFanLevel,
    SetFanPercent,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    StepFan,
)

from .acts import do, now, read_back, thing
from .tongue import TONGUES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sanso.devices import Capabilities
    from sanso.grammars import Call

    from .language import Language
    from .tongue import Tongue

_LACKS: Final[Mapping[type[Call], str]] = {
    SetPower: "power",
    SetFanLevel: "fan",
    SetFanPercent: "fan",
    StepFan: "fan",
    ResetFilter: "filter",
}
"""What a purifier lacks that cannot carry out any call of this class."""


def word_outcome(
    outcome: Outcome, lang: Language, capabilities: Capabilities | None = None
) -> str:
    """Return what became of one call, from what was read back.

    With `capabilities`, a range is named for certain; without, from the outcome's
    detail, where the device gave it.
    """
    tongue = TONGUES[lang]
    if outcome.code is OutcomeCode.OUT_OF_RANGE:
        return _range(outcome, tongue, capabilities)
    return _WORDINGS[outcome.code](outcome, tongue)


def word_confirm(call: Call, lang: Language) -> str:
    """Return the question that asks for a yes before the call is carried out."""
    return _confirm(call, TONGUES[lang])


def word_program_did(
    results: Sequence[Outcome | str],
    lang: Language,
    capabilities: Capabilities | None = None,
) -> str:
    """Return one reply from the results of a whole program, in their order.

    A result is an outcome, or a reply that is worded already (a reading, a timer).
    Confirmed acts in a row become one sentence; what failed after something was done is
    set against it; what would be said twice is said once.
    """
    tongue = TONGUES[lang]
    parts: list[str] = []
    row: list[str] = []
    anything_done = False
    for result in results:
        done = isinstance(result, Outcome) and result.code is OutcomeCode.CONFIRMED
        if isinstance(result, str):
            text = result
        else:
            text = word_outcome(result, lang, capabilities)
        if done:
            row.append(text)
            continue
        anything_done = _close(row, parts, tongue) or anything_done
        if isinstance(result, Outcome) and not result.done and anything_done:
            text = tongue.say("however", sentence=tongue.amid(text))
        parts.append(text)
    _close(row, parts, tongue)
    return " ".join(dict.fromkeys(part for part in parts if part))


def _close(row: list[str], parts: list[str], tongue: Tongue) -> bool:
    """Move the confirmed acts said so far into the parts, as one sentence."""
    if not row:
        return False
    parts.append(tongue.chained(list(dict.fromkeys(row))))
    row.clear()
    return True


def faults_now(faults: Iterable[str], tongue: Tongue) -> str:
    """Return what is broken and what to do about it, a sentence or two a fault."""
    every = set(Fault)
    known = dict.fromkeys(name if name in every else "other" for name in faults)
    return " ".join(tongue.say(f"fault.{name}") for name in known or ("other",))


def _confirm(call: Call, tongue: Tongue) -> str:
    act = do(call, tongue)
    return tongue.say("shall", do=act, shall=tongue.shall(act))


def _done(outcome: Outcome, tongue: Tongue) -> str:
    before, after, call = outcome.before, outcome.after, outcome.call
    key, slots = read_back(call, after, tongue)
    if isinstance(call, StepFan) and key == "fan.set":
        key = _direction(outcome)
    text = tongue.say(f"done.{key}", **slots)
    if after.power and not before.power and not isinstance(call, SetPower):
        return tongue.say("turned.on", done=tongue.amid(text))
    return text


def _direction(outcome: Outcome) -> str:
    """Tell which way the fan went: by the reported levels, else by the step asked."""
    before, after, call = outcome.before, outcome.after, outcome.call
    if not before.power or after.fan is None or not isinstance(call, StepFan):
        return "fan.set"
    went = call.by if before.fan is None else after.fan - before.fan
    if went == 0:
        return "fan.set"
    return "fan.up" if went > 0 else "fan.down"


def _already(outcome: Outcome, tongue: Tongue) -> str:
    key, slots = read_back(outcome.call, outcome.after, tongue)
    call = outcome.call
    if isinstance(call, StepFan) and key in ("fan.set", "fan.mode"):
        # a step that leads nowhere ends at the top or at the bottom
        key = "fan.up" if call.by > 0 else "fan.down"
    return tongue.say(f"already.{key}", **slots)


def _lack(outcome: Outcome, tongue: Tongue) -> str:
    call = outcome.call
    if isinstance(call, SetMode):
        return tongue.name("mode", call.mode)
    if isinstance(call, SetOption):
        return tongue.name("lack", call.option)
    if isinstance(call, SetLight):
        return tongue.name("lack", "dim" if call.level == "dim" else "light")
    return tongue.name("lack", _LACKS.get(type(call), "other"))


def _unsupported(outcome: Outcome, tongue: Tongue) -> str:
    return tongue.say("unsupported", lack=_lack(outcome, tongue))


def _range(outcome: Outcome, tongue: Tongue, capabilities: Capabilities | None) -> str:
    call, detail = outcome.call, outcome.detail
    if isinstance(call, SetFanPercent):
        return tongue.say("range.percent")
    if isinstance(call, (SetFanLevel, StepFan)):
        top = int(detail) if detail.isdecimal() else 0
        if capabilities is not None:
            top = capabilities.fan_levels
        if top > 0:
            return tongue.say("range.fan", level=tongue.level(top), number=top)
    return tongue.say("range.other")


def _blocked(outcome: Outcome, tongue: Tongue) -> str:
    faults: Iterable[str] = sorted(outcome.after.faults) or [outcome.detail]
    return tongue.say("blocked", faults=faults_now(faults, tongue))


def _open(outcome: Outcome, tongue: Tongue) -> str:
    """Say what is not known to be done; the tables have a row of each code's name."""
    return tongue.say(
        outcome.code.value,
        do=do(outcome.call, tongue),
        thing=thing(outcome.call, tongue),
        now=now(outcome.call, outcome.after, tongue),
    )


_WORDINGS: Final[Mapping[OutcomeCode, Callable[[Outcome, Tongue], str]]] = {
    OutcomeCode.CONFIRMED: _done,
    OutcomeCode.UNCHANGED: _already,
    OutcomeCode.PENDING: _open,
    OutcomeCode.UNCONFIRMED: _open,
    OutcomeCode.REJECTED: _open,
    OutcomeCode.UNSUPPORTED: _unsupported,
    OutcomeCode.BLOCKED_FAULT: _blocked,
    OutcomeCode.NEEDS_CONFIRMATION: lambda outcome, tongue: _confirm(
        outcome.call, tongue
    ),
    OutcomeCode.RATE_LIMITED: lambda _, tongue: tongue.say("limited"),
    OutcomeCode.OFFLINE: lambda _, tongue: tongue.say("offline"),
}
