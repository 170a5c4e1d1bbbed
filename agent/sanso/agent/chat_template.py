"""
Render the chat template out of a GGUF.

Strategy: it is a foreign program, so it runs in jinja2's immutable sandbox, and that in a process of its own with limits on time,
memory and output: a loop without end stops there and not here. This file is that process too, and imports nothing of
the package, so that it starts quickly. Equal questions are asked once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import lru_cache
from typing import Any, Final

_MOST_TEMPLATE: Final = 60_000
_MOST_TEXT: Final = 20_000
_SECONDS: Final = 10
_BYTES: Final = 256 * 1024 * 1024


@lru_cache(maxsize=8)
def rendered(template: str, conversations: str, needed: tuple[str, ...]) -> str:
    """
    The text of the first conversation that the template takes, or nothing.

    Conversations are a JSON list of lists of `{"role", "content"}`; a text in which one of `needed` is missing does not count.
    """
    # A frozen program is its own interpreter: starting it would start the agent again.
    if not template or len(template) > _MOST_TEMPLATE or getattr(sys, "frozen", False):
        return ""
    question = {
        "template": template,
        "conversations": json.loads(conversations),
        "needed": needed,
    }
    paths = os.pathsep.join(path for path in sys.path if path)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-P", __file__],
            input=json.dumps(question).encode(),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, "PYTHONPATH": paths},
        )
        return str(json.loads(done.stdout))
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""


def answer() -> None:
    """Read a question from standard input, write the text to standard output; both JSON."""
    _limit()
    question = json.load(sys.stdin)
    for messages in question["conversations"]:
        try:
            text = _text(question["template"], messages)
        except Exception:  # noqa: BLE001, S112 - a foreign program fails as it likes
            continue
        if all(part in text for part in question["needed"]):
            sys.stdout.write(json.dumps(text))
            return
    sys.stdout.write('""')


def _limit() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    except (ImportError, OSError, ValueError):  # not Linux: the parent's clock remains
        return


def _text(template: str, messages: list[dict[str, str]]) -> str:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.globals["raise_exception"] = _refuse
    given: dict[str, Any] = {"bos_token": "", "eos_token": ""}
    text = ""
    for piece in environment.from_string(template).generate(
        messages=messages, add_generation_prompt=True, **given
    ):
        text += piece
        if len(text) > _MOST_TEXT:
            msg = "the template prints too much"
            raise ValueError(msg)
    return text


def _refuse(reason: str) -> None:
    raise ValueError(reason)


if __name__ == "__main__":
    answer()
