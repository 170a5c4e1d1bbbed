"""
What understands: a sentence in, a purifier moved, an answer back.

Strategy: names are imported when they are asked for, so that the command line answers `--help` without loading a model's library.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .agent import Agent
    from .engine import Decision, Engine
    from .errors import AgentError, ModelError, UtteranceError
    from .evidence import Choice, Evidence
    from .reply import Reply

__all__ = [
    "Agent",
    "AgentError",
    "Choice",
    "Decision",
    "Engine",
    "Evidence",
    "ModelError",
    "Reply",
    "UtteranceError",
]

_HOMES = {
    "Agent": "agent",
    "AgentError": "errors",
    "Choice": "evidence",
    "Decision": "engine",
    "Engine": "engine",
    "Evidence": "evidence",
    "ModelError": "errors",
    "Reply": "reply",
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
