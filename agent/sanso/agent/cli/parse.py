"""`sanso parse --jsonl`: sentences in, programs out, nothing carried out.

Strategy: one line in, one line out, in order, each written at once. A line is bytes
until it is known to be a question; whatever it is instead, it gets an answer of its own
and the rest go on. A dialogue runs on a simulator of its own, whose clock stands still,
so that open questions exist; it ends with its line.
"""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from sanso.agent.agent import Agent
from sanso.agent.caution import Caution
from sanso.agent.engine import Engine
from sanso.agent.errors import UsageError, UtteranceError
from sanso.agent.prompt import normalize
from sanso.devices import ScriptedClock, open_purifier
from sanso.grammars import SansoError

from .messages import in_words
from .options import Model
from .terminal import existing_model, write_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from .texts import Texts

LINE_BYTES: Final = 1 << 20
"""A longer line is read past, not kept."""


class LineError(SansoError):
    """A line that holds no question; the name is the key of a text."""

    def __init__(self, key: str, name: object = None, **slots: object) -> None:
        """Keep the line's own name, if it was found."""
        super().__init__(key)
        self.key = key
        self.name = name
        self.slots = slots


def parse(
    context: typer.Context,
    model: Model = None,
    *,
    jsonl: Annotated[bool, typer.Option("--jsonl")] = False,
) -> None:
    """Read sentences as JSON lines and write the program of each."""
    texts: Texts = context.obj
    if not jsonl:
        raise UsageError(texts.say("usage.jsonl"))
    with Engine.open(existing_model(model, texts)) as engine:
        for raw in split_lines(sys.stdin.buffer):
            write_json(answer(raw, engine, texts))


def split_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield each line; None for one that is too long."""
    while raw := stream.readline(LINE_BYTES + 1):
        if len(raw) <= LINE_BYTES or raw.endswith(b"\n"):
            yield raw
            continue
        while (rest := stream.readline(LINE_BYTES)) and not rest.endswith(b"\n"):
            pass
        yield None


def answer(raw: bytes | None, engine: Engine, texts: Texts) -> dict[str, Any]:
    """Return the object that answers a line: a program, or why there is none."""
    try:
        name, said = _read(raw)
    except LineError as error:
        message = texts.say(f"line.{error.key}", **error.slots)
        return {"id": error.name, "error": message}
    try:
        body = _decided(said, engine) if isinstance(said, str) else _run(said, engine)
    except LineError as error:
        return {"id": name, "error": texts.say(f"line.{error.key}", **error.slots)}
    except UtteranceError as error:
        return {"id": name, "error": texts.say(f"line.{error.reason}")}
    except (SansoError, RuntimeError) as error:  # llama.cpp's refusals are the latter
        message = in_words(str(error), texts.lang)
        return {"id": name, "error": texts.say("line.failed", message=message)}
    return {"id": name, **body}


def _read(raw: bytes | None) -> tuple[object, str | list[str]]:
    """Return the name of a line, and its sentence or its turns."""
    if raw is None:
        raise LineError("long", limit=LINE_BYTES)
    try:
        text = raw.decode("utf-8-sig").strip()
        row = json.loads(text, parse_constant=_refuse) if text else None
    except UnicodeDecodeError:
        raise LineError("utf8") from None
    except (ValueError, RecursionError):
        raise LineError("json") from None
    if not text:
        raise LineError("blank")
    if not isinstance(row, dict):
        raise LineError("object")
    name = row.get("id")
    if isinstance(name, dict | list) or (
        isinstance(name, float) and not math.isfinite(name)
    ):
        raise LineError("id")
    if ("text" in row) == ("turns" in row):
        raise LineError("text", name)
    if isinstance(row.get("text"), str):
        return name, row["text"]
    turns = _turns(row.get("turns"))
    if not turns:
        raise LineError("text", name)
    return name, turns


def _turns(listed: object) -> list[str]:
    """Return a dialogue's sentences; those of a case are objects that hold one."""
    if not isinstance(listed, list):
        return []
    texts = [turn.get("text") if isinstance(turn, dict) else turn for turn in listed]
    said = [text for text in texts if isinstance(text, str)]
    return said if len(said) == len(texts) else []


def _decided(text: str, engine: Engine) -> dict[str, Any]:
    decision = engine.decide(normalize(text))
    return {
        "program": decision.program.texts(),
        "confidence": round(decision.evidence.confidence, 6),
        "ms": round(decision.milliseconds, 3),
    }


def _run(turns: list[str], engine: Engine) -> dict[str, Any]:
    """Run a dialogue; its confidence is that of its least certain turn."""
    purifier = open_purifier("sim:", clock=ScriptedClock())
    agent = Agent(engine, purifier, caution=Caution.OFF)
    programs: list[list[str]] = []
    confidence, milliseconds = 1.0, 0.0
    for number, text in enumerate(turns, 1):
        reply = agent.say(text)
        if reply.program is None or reply.evidence is None:
            raise LineError(f"turn.{reply.error}", number=number)
        programs.append(reply.program.texts())
        confidence = min(confidence, reply.evidence.confidence)
        milliseconds += reply.milliseconds["decide"]
    purifier.close()
    return {
        "programs": programs,
        "confidence": round(confidence, 6),
        "ms": round(milliseconds, 3),
    }


def _refuse(_: str) -> NoReturn:
    """NaN and Infinity are no JSON."""
    raise ValueError
