"""
Blocks on their way from the sound thread to the reader.

Strategy: the sound thread must never wait, so the queue has an end: where the reader is
too slow the oldest block goes, because what was said last is what counts. Each block knows
how many are missing before it, so that the reader learns of a hole where it comes to it.
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
        self._blocks: deque[tuple[int, Block]] = deque()
        self._lock = threading.Lock()

    def put(self, block: Block, missing: int = 0) -> None:
        """Add a block, before which so many are missing; where it is full, the oldest goes."""
        with self._lock:
            self._blocks.append((missing, block))
            if len(self._blocks) > self._most:
                gone, _ = self._blocks.popleft()
                missing, block = self._blocks[0]
                self._blocks[0] = (missing + gone + 1, block)
        self.stirred.set()

    def get(self) -> tuple[int, Block] | None:
        """Take the oldest block, and how many are missing before it; None where there is none."""
        with self._lock:
            return self._blocks.popleft() if self._blocks else None

    @property
    def samples(self) -> int:
        """How many samples of a channel wait."""
        with self._lock:
            return sum(len(block) for _, block in self._blocks)

    def clear(self) -> None:
        """Forget what is there."""
        with self._lock:
            self._blocks.clear()
