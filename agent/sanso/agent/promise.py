"""An answer that promises something, told apart from one that tells what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sanso.grammars import Statement


class Promise(str):
    """Words that promise something for later; they hold only once it is stored."""

    __slots__ = ("statement",)

    statement: Statement

    @classmethod
    def of(cls, statement: Statement, words: str) -> Promise:
        """The promise of a statement."""
        promise = cls(words)
        promise.statement = statement
        return promise
