"""Shared by the tests of the command line: one run of it, and an engine that is told what to decide."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from sanso.agent.agent import Agent
from sanso.agent.cli import main
from sanso.agent.engine import Decision
from sanso.agent.evidence import Choice, Evidence, Option
from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import PURIFIER, parse


@dataclass(frozen=True)
class Run:
    """What one run of the command line left behind."""

    code: int
    out: str
    err: str


Sanso = Callable[..., Run]


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give an environment of its own: English, 80 columns, no one's real state."""
    names = {
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "80",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    for name in ("FORCE_COLOR", "SANSO_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    return {**os.environ, **names}


@pytest.fixture
def sanso(environment: dict[str, str]) -> Sanso:
    """Run the command line in this process."""
    del environment

    def run(*words: str, given: bytes = b"") -> Run:
        with CliRunner().isolation(input=given) as (out, err, _):
            code = main(words)
            sys.stdout.flush()
            sys.stderr.flush()
            return Run(code, out.getvalue().decode(), err.getvalue().decode())

    return run


class ScriptedEngine:
    """An engine that decides what it was told, by sentence."""

    def __init__(self, programs: dict[str, str]) -> None:
        """Know the program of each normalized sentence."""
        self.programs = programs
        self.bundle = SimpleNamespace(papers={}, sha256="0" * 64)
        self.calls = PURIFIER

    def decide(self, sentence: str, turns: Any = (), **_: Any) -> Decision:
        """Return the program that was scripted."""
        del turns
        choice = Choice("set_power(state=", 0.95, 0.9, (Option("query(item=", 0.02),))
        end = Choice("(end)", 0.8, 0.8, (Option("\x1b[2J", 0.1),))
        evidence = Evidence((choice, end), passes=3, tokens=4, prompt_tokens=5)
        return Decision(parse(self.programs[sentence]), evidence, 1.25)

    def close(self) -> None:
        """Do nothing: there is no model."""


@pytest.fixture
def clock() -> ScriptedClock:
    """Give a clock that stands still until the test advances it."""
    return ScriptedClock()


MakeAgent = Callable[..., Agent]


@pytest.fixture
def make_agent(clock: ScriptedClock) -> MakeAgent:
    """Make an agent that is told what to decide, for a simulator that stands as written."""

    def make(programs: dict[str, str], **settings: object) -> Agent:
        purifier = SimulatedPurifier.from_settings(settings, clock=clock)
        engine: Any = ScriptedEngine(programs)
        return Agent(engine, purifier)

    return make
