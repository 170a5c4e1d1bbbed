"""
Everything that Sanso raises.

SansoError
├── CallError            the text is not a program
│   ├── CallSyntaxError      .text .column
│   └── UnknownName          .name .nearest .column
├── SchemaError          a declared call cannot be spelled
├── GrammarTextError     a text is not GBNF                       .line .column
└── NotRegularError      a grammar has no automaton of a usable size
(the other folders add DeviceError and AgentError below the same root)
"""

from __future__ import annotations


class SansoError(Exception):
    """The root: nothing that Sanso raises on purpose lies outside it."""


class SchemaError(SansoError):
    """A call class has an argument that the call language cannot spell."""


class CallError(SansoError):
    """A text is not a program of the call language."""

    def __init__(self, message: str, *, text: str, column: int) -> None:
        """Keep the text and the column (from 1) where reading stopped."""
        super().__init__(message)
        self.text = text
        self.column = column


class CallSyntaxError(CallError):
    """The text breaks the grammar."""


class UnknownName(CallError):
    """A call, argument or value that does not exist."""

    def __init__(
        self, message: str, *, text: str, column: int, name: str, nearest: str | None
    ) -> None:
        """Keep the unknown name and the nearest valid one, if any is near."""
        super().__init__(message, text=text, column=column)
        self.name = name
        self.nearest = nearest
