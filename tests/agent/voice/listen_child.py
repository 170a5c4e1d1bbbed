"""Listen to a device until standard input ends; run as a child by the tests.

Writes a line for each thing that happens, and what was heard into a .npy file.
"""

from __future__ import annotations

import select
import sys
from pathlib import Path

import numpy as np

from sanso.agent.voice.microphone import DeviceMicrophone


def tell(what: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def listen(device: str, path: Path) -> None:
    """Keep all frames."""
    frames = []
    with DeviceMicrophone(device, report=tell) as microphone:
        while not select.select([sys.stdin], [], [], 0)[0]:
            frame = microphone.read(0.1)
            if frame is not None:
                frames.append(frame)
                if len(frames) == 1:
                    tell("heard")
    np.save(path, np.concatenate(frames))
    tell(f"drops {microphone.drops}")


if __name__ == "__main__":
    listen(sys.argv[1], Path(sys.argv[2]))
