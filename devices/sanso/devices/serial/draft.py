"""Write the first profile of an appliance that was listened to.

Strategy: what was seen with its likely meaning becomes tables, each guess marked
`# check:`; what has no meaning stands below as a comment. Power, mode and fan make a
purifier: before all three were seen, the tables are comments too, and the profile, which
loads all the same, says what to press.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, get_args

from sanso.devices.purifier import UNITS
from sanso.grammars.calls import Option

from .capture import CaptureError
from .meanings import ORDER, Meanings, Table, find_meanings, history

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sanso.devices.profile import Profile

    from .sniff import Draft

_BAUDS: Final = {"tuya": 9600, "miot": 115200}
_ESSENTIAL: Final = {
    "power": "press the power button twice",
    "mode": "press the mode button until you have been through all modes, the manual one too",
    "fan_level": "press the fan button until you have been through all speeds",
}


def write_draft(draft: Draft) -> str:
    """Return the profile of what was seen, as TOML that `load_profile` accepts.

    Raises:
        CaptureError: nothing that was heard made sense.

    """
    protocol = draft.protocol
    if protocol is None:
        msg = f"{draft.bytes} bytes, and neither a Tuya frame nor a line of MIoT among them; is the baud right, and RX at the TX of the appliance?"
        raise CaptureError(msg, kind="nothing", path="")
    plan = find_meanings(draft)
    missing = [name for name in _ESSENTIAL if plan.find(name) is None]
    lines = [*_head(draft, missing), *_capabilities(plan, missing), ""]
    body = [
        *_timing(plan.book),
        *(line for t in plan.tables for line in _shown(t, plan.book)),
    ]
    if missing:
        lines += [
            "# What is known so far; take away the `# ` once the rest is known.",
            "#",
        ]
        body = [f"# {line}".rstrip() for line in [*_wire(draft), "", *body]]
    lines += body
    if plan.unknown:
        lines += [
            "",
            "# Not understood. Give one of these a table once you know what it is:",
        ]
        lines += [f"#   {line}" for line in plan.unknown]
    return "\n".join(lines).rstrip() + "\n"


def _head(draft: Draft, missing: Iterable[str]) -> list[str]:
    slug = re.sub(r"[^a-z0-9]+", "-", draft.product.lower()).strip("-")
    protocol = draft.protocol or ""
    lines = [
        f"# A draft, made of {draft.frames[protocol]} frames that were seen on the wire.",
        "# Everything behind `# check:` is a guess: try it, correct it, take the mark away.",
        "# Then: sanso devices check THIS-FILE",
        f"id = {_toml(slug or 'my-purifier')}",
        f'summary = "a purifier that speaks {protocol}"  # check: give it a name of your own',
    ]
    if not missing:
        return [*lines, *_wire(draft), ""]
    lines += [
        "",
        "# Not a profile of the purifier yet. Record again, and while it runs:",
    ]
    lines += [f"#   {name}: {_ESSENTIAL[name]}" for name in missing]
    return [*lines, ""]


def _wire(draft: Draft) -> list[str]:
    protocol = draft.protocol or ""
    lines = [f"protocol = {_toml(protocol)}"]
    if draft.baud is None:
        lines.append(
            f"baud = {_BAUDS[protocol]}  # check: the usual rate; the recording does not tell it"
        )
    else:
        lines.append(f"baud = {draft.baud}")
    if draft.product:
        lines.append(f"model = {_toml(draft.product)}")
    return lines


def _capabilities(plan: Meanings, missing: list[str]) -> list[str]:
    """Write what the tables make possible; of an unfinished profile, nothing."""
    names = [] if missing else [table.name for table in plan.tables]
    fan, mode = plan.find("fan_level"), plan.find("mode")
    levels = 1 if missing or fan is None else len(fan.seen.numbers)
    modes = ["manual"] if missing or mode is None else list(mode.values["values"])
    lights = _lights(plan) if "light" in names else []
    timer = plan.find("timer_off") if "timer_off" in names else None
    minutes = timer.values["minutes"] if timer else {}
    lines = [
        "[capabilities]",
        f"fan_levels = {levels}",
        f"modes = {_toml(modes)}",
        f"options = {_toml([n for n in names if n in get_args(Option)])}",
        f"lights = {_toml(lights)}",
        f"metrics = {_toml([n for n in names if n in UNITS])}",
        "filter_reset = true"
        if "filter_reset" in names
        else "filter_reset = false  # check: no data point of it was seen",
        f"off_timer_minutes = {_toml(sorted(int(m) for m in minutes if int(m)))}",
    ]
    start = ["fan = 1"] if levels == 1 else []
    start += [f"light = {_toml(lights[0])}"] if lights and "on" not in lights else []
    return [*lines, *(["", "[start]", *start] if start else [])]


def _lights(plan: Meanings) -> list[str]:
    light = plan.find("light")
    words = light.values.get("values") if light else None
    return list(words) if words else ["off", "on"]


def _timing(book: Profile) -> list[str]:
    timing = book.timing
    return [
        f"[timing]  # check: as in {book.id}",
        f"gap_ms = {timing.gap_ms}",
        f"confirm_ms = {timing.confirm_ms}",
        f"settle_ms = {_toml(dict(timing.settle_ms))}",
    ]


def _shown(table: Table, book: Profile) -> list[str]:
    lines = [
        "",
        f"# {history(table.seen)}",
        f"[attr.{table.name}]  # check: has this meaning in {book.id}",
    ]
    lines += [f"# check: {line}" for line in table.checks]
    values = table.values
    return lines + [f"{k} = {_toml(values[k])}" for k in ORDER if k in values]


def _toml(value: object) -> str:
    if isinstance(value, dict):
        rows = (f"{_word(key)} = {_toml(item)}" for key, item in value.items())
        return "{ " + ", ".join(rows) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # What is printable ASCII is spelled in TOML as in JSON.
    return json.dumps(value)


def _word(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) else json.dumps(key)
