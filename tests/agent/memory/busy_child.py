"""
A process that is killed: an agent under load, with a memory, that says what it promised before it goes on.

Run as `python busy_child.py DATABASE DEEDS SEED FIRST START`: random commands and timers of marks, numbered from FIRST, on a clock that runs
a thousand times as fast from START on, until it is killed. Each line on the standard output is JSON, written whole. What the purifier is
made to do is added to the file DEEDS, as a wire would carry it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from random import Random
from typing import Annotated, Any

from pydantic import Field

from sanso.agent import Agent
from sanso.agent.memory.memory import Memory
from sanso.devices import SimulatedPurifier
from sanso.grammars import PURIFIER, Call, CallSet, parse

FACTOR = 1000.0
MOST_WAITING = 20


class Mark(Call):
    """Leave a mark in the file of deeds."""

    number: Annotated[int, Field(ge=0, le=99_999)]


CALLS: CallSet = PURIFIER.adding(Mark)


class FastClock:
    """A clock that runs fast from a time that the parent gives, so that it goes on over a restart."""

    def __init__(self, start: float) -> None:
        """Begin now."""
        self._start, self._begun = start, time.monotonic()

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return self._start + (time.monotonic() - self._begun) * FACTOR


def say(**plain: Any) -> None:
    """Write a line at once and whole."""
    os.write(1, (json.dumps(plain) + "\n").encode())


def marks(agent: Agent) -> list[int]:
    """Tell the numbers that wait."""
    calls = [entry.statement.call for entry in agent.scheduler.snapshot()]
    return [call.number for call in calls if isinstance(call, Mark)]


def live(agent: Agent, clock: FastClock, rng: Random, number: int) -> None:
    """Give commands until the end."""
    while True:
        waiting = marks(agent)
        draw = rng.random()
        if draw < 0.5 and len(waiting) < MOST_WAITING:
            minutes = rng.choice([1, 1, 2, 3, 5])
            text = f"after(hours=0, minutes={minutes}) -> mark(number={number})"
            say(try_=number, text=text)
            agent.carry_out(parse(text, CALLS))
            say(promised=number)
            number += 1
        elif draw < 0.55:
            say(dropping=waiting)
            agent.carry_out(parse("cancel_timer()"))
            say(dropped=waiting)
        elif draw < 0.65:
            level = rng.randrange(1, 6)
            agent.carry_out(parse(f"set_fan_level(level={level})"))
            say(done=f"set_fan_level(level={level})")
        else:
            agent.tick()
        say(now=clock.now())


def main() -> None:
    """Live until killed."""
    path, deeds, seed, first, start = sys.argv[1:]
    clock = FastClock(float(start))
    log = os.open(deeds, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def mark(call: Mark) -> str:
        os.write(log, f"{call.number}\n".encode())
        return f"Mark {call.number}."

    purifier = SimulatedPurifier(clock=clock)
    memory = Memory.open(Path(path))
    agent = Agent(None, purifier, lang="en", memory=memory, calls=CALLS)
    agent.on(Mark, mark)
    say(began=marks(agent))
    live(agent, clock, Random(seed), int(first))


if __name__ == "__main__":
    main()
