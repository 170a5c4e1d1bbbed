"""
What can go wrong in understanding.

AgentError               the agent could not be set up, or not be asked
├── ModelError               .path     the GGUF is missing, damaged, or of another grammar
├── UtteranceError           .reason   the sentence cannot be read: empty, too long
├── MemoryUnavailable        .reason   what is to be kept cannot be stored, or not be read
├── ServiceError                       the service cannot run, or not be reached
├── MissError                          what was not understood cannot be kept
└── UsageError                         a wrong word on the command line; RulesError: a wrong policy
"""

from __future__ import annotations

from typing import Literal

from sanso.grammars import SansoError


class AgentError(SansoError):
    """The agent could not be set up, or not be asked."""


class ModelError(AgentError):
    """The model cannot be used."""

    def __init__(self, message: str, *, path: str) -> None:
        """Keep the path of the model."""
        super().__init__(message)
        self.path = path


class UtteranceError(AgentError):
    """The sentence cannot be read."""

    def __init__(self, message: str, *, reason: Literal["empty", "too_long"]) -> None:
        """Keep the reason, for wording."""
        super().__init__(message)
        self.reason = reason


class UsageError(AgentError):
    """A word on the command line, or a file that it names, is wrong."""
