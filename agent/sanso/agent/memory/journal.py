"""
What was said, done, due and changed by others, line by line.

Strategy: one row an event, written in the transaction of the command. The oldest rows go when there are too many, by number or by size, a
few hundred at once, so that the file neither grows for ever nor is combed at every command.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from sanso.agent.evidence import Evidence

Kind = Literal["program", "due", "overdue", "missed", "interrupted", "not_ours"]
"""Said; due in time; carried out late; dropped as too late; cut off, nobody knows where; changed by somebody else."""
MOST_ROWS: Final = 10_000
MOST_BYTES: Final = 4 << 20
_SPARE: Final = 0.05
"""How much more is dropped than needed."""
_MOST_CHARACTERS: Final = 2_000
"""Of one text; a sentence has at most 300, an answer seldom more than 500."""
_ROW_BYTES: Final = 64
"""What a row costs besides its texts."""


@dataclass(frozen=True)
class Event:
    """One row."""

    at: float
    """Seconds since the epoch."""
    kind: Kind
    source: str = ""
    sentence: str = ""
    program: str = ""
    evidence: Mapping[str, Any] | None = None
    before: Mapping[str, object] = field(default_factory=dict)
    """Settings as reported before; nothing where there was no report."""
    after: Mapping[str, object] = field(default_factory=dict)
    words: str = ""


class Journal:
    """The rows of one file."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        most_rows: int = MOST_ROWS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """Read and write through a connection; transactions are the caller's."""
        self._connection = connection
        self._most_rows = most_rows
        self._most_bytes = most_bytes
        self._rows, self._bytes = self._measured()

    def write(self, event: Event) -> int:
        """Add a row and drop old ones if need be; the number of the row."""
        texts = [
            event.source[:_MOST_CHARACTERS],
            event.sentence[:_MOST_CHARACTERS],
            event.program[:_MOST_CHARACTERS],
            None if event.evidence is None else _json(event.evidence),
            _json(event.before),
            _json(event.after),
            event.words[:_MOST_CHARACTERS],
        ]
        size = _ROW_BYTES + sum(len((text or "").encode()) for text in texts)
        cursor = self._connection.execute(
            "INSERT INTO journal (at, kind, source, sentence, program, evidence, before, after, words, bytes) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (event.at, event.kind, *texts, size),
        )
        self._rows, self._bytes = self._rows + 1, self._bytes + size
        if self._rows > self._most_rows or self._bytes > self._most_bytes:
            self._drop_old()
        return int(cursor.lastrowid or 0)

    def measure(self) -> None:
        """Count anew, after a transaction that was taken back."""
        self._rows, self._bytes = self._measured()

    def lines(self) -> Iterator[str]:
        """Every row as a line of JSON, the oldest first; times are UTC, as ISO 8601."""
        columns = (
            "id, at, kind, source, sentence, program, evidence, before, after, words"
        )
        rows = self._connection.execute(f"SELECT {columns} FROM journal ORDER BY id")  # noqa: S608 - names of our own
        for number, at, kind, source, sentence, program, evidence, *rest in rows:
            before, after, words = rest
            plain = {
                "number": number,
                "at": datetime.fromtimestamp(at, UTC).isoformat(
                    timespec="milliseconds"
                ),
                "kind": kind,
                "source": source,
                "sentence": sentence,
                "program": program,
                "evidence": None if evidence is None else json.loads(evidence),
                "before": json.loads(before),
                "after": json.loads(after),
                "words": words,
            }
            yield json.dumps(plain, ensure_ascii=False)

    def _measured(self) -> tuple[int, int]:
        query = "SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM journal"
        rows, size = self._connection.execute(query).fetchone()
        return int(rows), int(size)

    def _drop_old(self) -> None:
        rows = self._most_rows - int(self._most_rows * _SPARE)
        size_left = self._most_bytes - int(self._most_bytes * _SPARE)
        doomed = 0
        ordered = self._connection.execute("SELECT id, bytes FROM journal ORDER BY id")
        for number, size in ordered.fetchall()[:-1]:
            if self._rows <= rows and self._bytes <= size_left:
                break
            doomed = number
            self._rows, self._bytes = self._rows - 1, self._bytes - size
        self._connection.execute("DELETE FROM journal WHERE id <= ?", (doomed,))


def evidence_json(evidence: Evidence | None) -> dict[str, Any] | None:
    """How sure the model was, in a few numbers."""
    if evidence is None:
        return None
    return {
        "confidence": round(evidence.confidence, 4),
        "legal_mass": round(evidence.legal_mass, 4),
        "margin": round(min((c.margin for c in evidence.choices), default=1.0), 4),
        "choices": len(evidence.choices),
        "tokens": evidence.tokens,
    }


def _json(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
