"""
The prompt for a general instruct model: the calls explained, with examples, through the file's own chat template.

Strategy: a template out of a GGUF is a foreign program: it is rendered by jinja2 in its immutable sandbox, with a limit on its size and on what it
may print. A file without a template, or with a broken one, gets a plain transcript instead.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sanso.grammars import PURIFIER, CallSet

if TYPE_CHECKING:
    from sanso.grammars import Call, Trigger

    from .bundle import Bundle
    from .prompt import Turn

_MOST_TEMPLATE: Final = 60_000
_MOST_TEXT: Final = 20_000
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


def chat_text(
    bundle: Bundle, sentence: str, turns: tuple[Turn, ...], calls: CallSet
) -> str:
    """The whole prompt as text, up to where the program begins."""
    messages = [{"role": "system", "content": instructions(calls)}]
    shown = [*_EXAMPLES] if calls.calls[: len(PURIFIER.calls)] == PURIFIER.calls else []
    for said, program in [*shown, *((t.sentence, t.program) for t in turns)]:
        messages.append({"role": "user", "content": said})
        messages.append({"role": "assistant", "content": program})
    messages.append({"role": "user", "content": sentence})
    return _rendered(bundle.chat_template, messages) or _transcript(messages)


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


def _rendered(template: str, messages: list[dict[str, str]]) -> str:
    """The template's text, or nothing if it cannot be trusted to work."""
    if not template or len(template) > _MOST_TEMPLATE:
        return ""
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.globals["raise_exception"] = _refuse
    for shown in (messages, _without_system(messages)):
        try:
            text = environment.from_string(template).render(
                messages=shown, add_generation_prompt=True, bos_token="", eos_token=""
            )
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError):
            continue
        if 0 < len(text) <= _MOST_TEXT and messages[-1]["content"] in text:
            return text
    return ""


def _refuse(reason: str) -> None:
    raise ValueError(reason)


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
