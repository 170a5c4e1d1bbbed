"""What understands: a sentence in, a purifier moved, an answer back."""

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
