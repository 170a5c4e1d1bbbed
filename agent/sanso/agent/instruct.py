"""
The prompt for a general instruct model: the calls explained, with examples, through the file's own chat template.

Strategy: what people said stands in the conversation only as a mark while the template is rendered, and is put in afterwards, so that their words can
become neither template nor control tokens. A file without a template, or with a broken one, gets a plain transcript.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sanso.grammars import PURIFIER, CallSet

from .chat_template import rendered

if TYPE_CHECKING:
    from sanso.grammars import Call, Trigger

    from .bundle import Bundle
    from .prompt import Turn

_MARK: Final = re.compile("(SENTENCE-(?:NOW|[0-9]+)|PROGRAM-[0-9]+)")
_EXAMPLES: Final = (
    ("풍량 4단으로 해 주세요", "set_fan_level(level=4)"),
    ("a little weaker, would you", "step_fan(by=-1)"),
    (
        "두 시간 반 있다가 전원 내려줘",
        "after(hours=2, minutes=30) -> set_power(state=off)",
    ),
    (
        "baby mode and lock the keys",
        "set_mode(mode=baby); set_option(option=child_lock, state=on)",
    ),
    ("거실 습도가 어떻게 돼?", "query(item=humidity)"),
    ("please play some jazz", "reject(reason=off_topic)"),
)


@dataclass(frozen=True)
class Part:
    """A stretch of the prompt."""

    text: str
    said: bool
    """Whether a person said it: then it is never read as control tokens."""


def chat_parts(
    bundle: Bundle, sentence: str, turns: tuple[Turn, ...], calls: CallSet
) -> list[Part]:
    """The whole prompt, up to where the program begins."""
    parts = {"SENTENCE-NOW": Part(sentence, said=True)}
    pairs: list[tuple[str, str]] = []
    for index, turn in enumerate(turns):
        pairs.append((f"SENTENCE-{index}", f"PROGRAM-{index}"))
        parts[pairs[-1][0]] = Part(turn.sentence, said=True)
        parts[pairs[-1][1]] = Part(turn.program, said=False)
    messages = [{"role": "system", "content": instructions(calls)}]
    shown = [*_EXAMPLES] if calls.calls[: len(PURIFIER.calls)] == PURIFIER.calls else []
    for question, program in [*shown, *pairs]:
        messages.append({"role": "user", "content": question})
        messages.append({"role": "assistant", "content": program})
    messages.append({"role": "user", "content": "SENTENCE-NOW"})
    conversations = json.dumps([messages, _without_system(messages)])
    needed = (instructions(calls), "SENTENCE-NOW")
    text = rendered(bundle.chat_template, conversations, needed)
    return [
        parts.get(piece, Part(piece, said=False))
        for piece in _MARK.split(text or _transcript(messages))
        if piece
    ]


@lru_cache(maxsize=4)
def instructions(calls: CallSet) -> str:
    """What a model that does not know the call language must be told."""
    lines = [
        "You control an air purifier. Answer with one program and nothing else.",
        "A program is one to four statements separated by '; '.",
        "A statement is a call, or a trigger, ' -> ' and a call. Calls:",
        *(_described(cls, calls) for cls in calls.calls),
    ]
    if calls.triggers:
        lines += ["Triggers:", *(_described(cls, calls) for cls in calls.triggers)]
    return "\n".join(lines)


def _described(cls: type[Call | Trigger], calls: CallSet) -> str:
    first = calls.cases(cls)[-1]
    inner = ", ".join(f"{name}=..." for name, _ in first)
    values = []
    for name, field in cls.model_fields.items():
        schema = cls.model_json_schema()["properties"][name]
        words = [w for part in _parts(schema) for w in part.get("enum", [])]
        spans = [
            f"{part['minimum']}..{part['maximum']}"
            for part in _parts(schema)
            if "minimum" in part
        ]
        if words or spans:
            values.append(f"{name}: {' '.join([*spans, *words])}")
        elif field.metadata:
            values.append(f"{name}: HH:MM")
    told = (cls.__doc__ or "").strip().split("\n")[0]
    tail = f" [{'; '.join(values)}]" if values else ""
    return f"- {cls.call_name()}({inner}): {told}{tail}"


def _parts(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return list(schema.get("anyOf", [schema]))


def _without_system(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """Some templates know no system role: its text goes before the first question."""
    system, first, *rest = messages
    joined = f"{system['content']}\n\n{first['content']}"
    return [{"role": "user", "content": joined}, *rest]


def _transcript(messages: list[dict[str, str]]) -> str:
    lines = [m["content"] if m["role"] == "system" else "" for m in messages[:1]]
    for message in messages[1:]:
        name = "Person" if message["role"] == "user" else "Program"
        lines.append(f"{name}: {message['content']}")
    return "\n".join([*lines, "Program:"])
