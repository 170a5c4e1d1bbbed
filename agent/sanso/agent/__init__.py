"""
What understands: a sentence in, a purifier moved, an answer back.

Strategy: names are imported when they are asked for, so that the command line answers `--help` without loading a model's library.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .agent import Agent
    from .caution import Caution, Doing, Judgement
    from .engine import Cancelled, Decision, Engine
    from .errors import AgentError, ModelError, UtteranceError
    from .evidence import Choice, Evidence, RunnerUp
    from .reply import Reply

__all__ = [
    "Agent",
    "AgentError",
    "Cancelled",
    "Caution",
    "Choice",
    "Decision",
    "Doing",
    "Engine",
    "Evidence",
    "Judgement",
    "ModelError",
    "Reply",
    "RunnerUp",
    "UtteranceError",
]

_HOMES = {
    "Agent": "agent",
    "AgentError": "errors",
    "Cancelled": "engine",
    "Caution": "caution",
    "Choice": "evidence",
    "Decision": "engine",
    "Doing": "caution",
    "Engine": "engine",
    "Evidence": "evidence",
    "Judgement": "caution",
    "ModelError": "errors",
    "Reply": "reply",
    "RunnerUp": "evidence",
    "UtteranceError": "errors",
}


def __getattr__(name: str) -> object:
    """Import a public name from the module that holds it."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
