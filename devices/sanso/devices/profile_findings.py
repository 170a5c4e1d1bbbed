"""What can be found in a profile: each kind with its level and its sentence.

Strategy: one table. A sentence has slots, so that another language can be put beside it
by the kind, and each ends with the change to make.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Level = Literal["error", "warning", "hint"]


@dataclass(frozen=True)
class Finding:
    """One thing about a profile that is wrong, will bite, or could be better."""

    level: Level
    where: str
    """The dotted key, or the line of the file."""
    message: str
    """One line: what is so, and what to change."""
    kind: str
    """Which row of `WORDS` it is."""
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)
    """What was filled into the row."""


def found(kind: str, where: str, **facts: object) -> Finding:
    """Return a finding of a kind at a dotted key.

    Raises:
        KeyError: there is no such kind, or it lacks a fact.

    """
    level, words = WORDS[kind]
    return Finding(level, where, words.format_map(facts), kind, facts)


WORDS: Final[Mapping[str, tuple[Level, str]]] = {
    # what no profile may be
    "syntax": ("error", "this is not TOML: {reason}; mend it there"),
    "bom": (
        "error",
        "the file begins with a byte order mark; save it as UTF-8 without one",
    ),
    "unknown": ("error", "there is no {key}; {hint}"),
    "missing": ("error", "it is missing; write {example}"),
    "choice": ("error", "there is no {given}; {hint}"),
    "least": ("error", "{given} is too low; write {bound} or more"),
    "above": ("error", "{given} is too low; write more than {bound}"),
    "most": ("error", "{given} is too high; write {bound} or less"),
    "type": ("error", "{given} is no {wanted}; write {example}"),
    "name": (
        "error",
        "{given} is no name; use small letters, digits and hyphens, as in my-purifier",
    ),
    "pair": (
        "error",
        "a range is two numbers; write [lowest, highest], as in [0, 999]",
    ),
    "other": ("error", "{reason}"),
    # what contradicts itself
    "manual": (
        "error",
        'modes lack "manual", where a chosen speed leads; add it, and its number to attr.mode',
    ),
    "start.fan": (
        "error",
        "the start is level {fan} of {levels}; write 1 to {levels}",
    ),
    "start.word": ("error", "{list} lacks {given}; add it there, or {hint}"),
    "protocol": (
        "error",
        'there are data points and no protocol; write protocol = "tuya", "miot" or "modbus"',
    ),
    "points": (
        "error",
        "there is a protocol and no data point; write [attr.power], [attr.mode] and [attr.fan_level]",
    ),
    "address": ("error", "it lies nowhere; write {lacking}"),
    "taken": (
        "error",
        "attr.{other} has the address {address} too; give one of them its own",
    ),
    "point": (
        "error",
        "capabilities need {name}, and there is no [attr.{name}]; write it, or take {name} out of capabilities",
    ),
    "modes": (
        "error",
        "attr.mode has {given}, capabilities.modes have {wanted}; make both the same",
    ),
    "levels": (
        "error",
        "attr.fan_level has {given} levels, capabilities.fan_levels is {wanted}; make both the same",
    ),
    "lights": (
        "error",
        "attr.light has {given}, capabilities.lights have {wanted}; make both the same",
    ),
    "light.bool": (
        "error",
        'a bool is off or on, and capabilities.lights have {wanted}; write ["off", "on"] there, or make it an enum with values',
    ),
    "enum": (
        "error",
        "an enum has words; write values = {{ word = number }}, or minutes for an off-timer",
    ),
    "words": (
        "error",
        'only an enum or a value has values and minutes; write type = "enum", or take them out',
    ),
    "bits": (
        "error",
        'only a bitmap has bits; write type = "bitmap", or take them out',
    ),
    "bitmap": (
        "error",
        'a bitmap says what its bits mean; write bits = {{ "0" = "wrong_filter" }}',
    ),
    "bit": (
        "error",
        "{given} is no number of a bit; write a number from 0 to 31 in quotes",
    ),
    "minutes": (
        "error",
        '{given} is no number of minutes; write "60" = 1 for an hour, and "0" = 0 to cancel',
    ),
    "byte": (
        "error",
        "{given} does not fit on a Tuya wire; a number of an enum is from 0 to 255; correct it",
    ),
    "switch": (
        "error",
        "its values are {given}; a switch has off and on: write values = {{ off = 0, on = 1 }}",
    ),
    "twice": (
        "error",
        "{words} all stand for {number}; give each its own number",
    ),
    "rising": ("error", "levels must rise; write {example}"),
    "reversed": ("error", "the range begins above its end; write {example}"),
    # what loads and will bite
    "kj": (
        "warning",
        "data point {number} is {usual} on most Tuya purifiers, not {name}; compare with what the appliance reports",
    ),
    "invalid": (
        "warning",
        "a sensor without range or invalid passes off 65535 as a reading; write range = [0, 999] and invalid = [65535]",
    ),
    "no_fault": (
        "warning",
        "without attr.fault nobody hears of an open door or a wrong filter; write the data point of the faults",
    ),
    "no_block": (
        "warning",
        'its faults do not keep the fan off; write blocks = ["power_on"]',
    ),
    "fault.word": (
        "warning",
        "{given} is no fault that Sanso knows; use none, wrong_filter, door_open or motor",
    ),
    "fault.silent": (
        "warning",
        "its numbers mean nothing; give a bitmap its bits, or an enum its values",
    ),
    "implies": (
        "warning",
        'on most products a chosen speed switches to manual mode; write implies = {{ mode = "manual" }}, if yours does it by itself',
    ),
    "implied": (
        "warning",
        "it implies {given}, which capabilities.modes lack; {hint}",
    ),
    "timer.values": (
        "warning",
        'an off-timer counts by its minutes; write minutes = {{ "0" = 0, "60" = 1 }} instead of values',
    ),
    "timer.differ": (
        "warning",
        "attr.timer_off has {given} minutes, capabilities.off_timer_minutes have {wanted}; make both the same",
    ),
    "unused": (
        "warning",
        "capabilities never use it; add {name} to capabilities.{list}, or take the table out",
    ),
    "unused.flag": (
        "warning",
        "capabilities never use it; write {key} in capabilities, or take the table out",
    ),
    "confirm": (
        "warning",
        "a command and its report take {least} ms at {baud} baud, and {given} are given; write {least} or more",
    ),
    "pace": (
        "warning",
        "without a pause {name} may switch many times a second, which wears relays and motors; write {name} = 1000",
    ),
    "gap": (
        "warning",
        "controllers lose commands that come within 40 ms of each other; write gap_ms = 60",
    ),
    "sensor.rw": (
        "warning",
        'what an appliance measures cannot be written; write access = "ro"',
    ),
    "setting.ro": (
        "warning",
        'a setting that is "{given}" can never be changed and confirmed; write access = "rw"',
    ),
    "table": (
        "warning",
        "the table {given} of Modbus cannot be written; write holding or coil",
    ),
    "baud": (
        "warning",
        "{given} baud is unusual for {protocol}; write {usual}, unless you have measured it",
    ),
    "repeated": ("warning", "{given} stands there twice; take one out"),
    "order.words": (
        "warning",
        "levels count in the order of the words, and {given} is no rising order; write {wanted}",
    ),
    "order.numbers": (
        "warning",
        "levels count in the order of the words, and their numbers do not rise; is the first really the slowest? put the slowest first",
    ),
    "order.minutes": (
        "warning",
        "longer times have smaller numbers here, which is rare; compare with the buttons of the appliance",
    ),
    "order.timer": ("warning", "the minutes do not rise; write {wanted}"),
    "outside": (
        "warning",
        "{given} lies outside its range {range}; widen the range, or correct the number",
    ),
    # what could be better
    "moved": (
        "hint",
        "most Tuya purifiers have {name} at data point {usual}; look twice that yours has it at {number}",
    ),
    "model": (
        "hint",
        "without a model nobody notices that the profile is for another product; write what the appliance calls itself",
    ),
    "file": (
        "hint",
        "the file is called {file}; a profile is found best when both names are the same",
    ),
    "no_filter": (
        "hint",
        "without attr.filter_percent a reset of the filter is never confirmed; write its data point",
    ),
}
