"""What the service writes down: one JSON object a line, bounded, without what people said unless that is allowed."""

from __future__ import annotations

import json
import logging
import sys
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES: Final = 1_000_000
_KEPT: Final = 3
_LONGEST: Final = 300


class ServiceLog:
    """Writes events to a file, or to standard error for the journal."""

    def __init__(self, path: Path | None = None, *, sentences: bool = False) -> None:
        """Open the file; it is followed by another when it has grown to 1 MB, and three are kept. Raises OSError."""
        self._sentences = sentences
        self._logger = logging.getLogger(f"sanso.service.{id(self)}")
        self._logger.setLevel(logging.INFO)
        self._logger.propagate = False
        self._handler: logging.Handler = (
            logging.StreamHandler(sys.stderr)
            if path is None
            else RotatingFileHandler(
                path, maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8"
            )
        )
        self._handler.setFormatter(_JsonLines())
        self._logger.addHandler(self._handler)

    def event(self, name: str, **facts: Any) -> None:
        """Write an event with its facts."""
        self._logger.info(name, extra={"facts": facts})

    def said(self, sentence: str, words: str, **facts: Any) -> None:
        """Write that a sentence was answered; what was said and answered only where that is allowed."""
        if self._sentences:
            facts |= {"sentence": sentence[:_LONGEST], "words": words[:_LONGEST]}
        self.event("said", **facts)

    def close(self) -> None:
        """Close the file."""
        self._logger.removeHandler(self._handler)
        self._handler.close()


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = getattr(record, "facts", {})
        moment = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        line = {"time": moment, "event": record.getMessage(), **facts}
        text = json.dumps(line, ensure_ascii=False, default=str)
        return text.encode("utf-8", "backslashreplace").decode()
