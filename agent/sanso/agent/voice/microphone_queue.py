"""
Blocks on their way from the sound thread to the reader.

Strategy: the sound thread must never wait, so the queue has an end: where the reader is
too slow the oldest block goes, because what was said last is what counts.
"""

from __future__ import annotations

import threading
from collections import deque

from .microphone_frames import Block


class BlockQueue:
    """A bounded queue between two threads, which wakes the reader."""

    def __init__(self, most: int) -> None:
        """Hold at most so many blocks."""
        self.stirred = threading.Event()
        """Set by whatever the reader should look at."""
        self._most = most
        self._blocks: deque[Block] = deque()
        self._lock = threading.Lock()

    def put(self, block: Block) -> int:
        """Add a block; return how many had to go for it."""
        with self._lock:
            full = len(self._blocks) >= self._most
            if full:
                self._blocks.popleft()
            self._blocks.append(block)
        self.stirred.set()
        return int(full)

    def get(self) -> Block | None:
        """Take the oldest block; None where there is none."""
        with self._lock:
            return self._blocks.popleft() if self._blocks else None

    def clear(self) -> None:
        """Forget what is there."""
        with self._lock:
            self._blocks.clear()
