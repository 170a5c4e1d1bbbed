"""Shared by the tests of the voice: a sound server without a sound card."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .sound_server import SoundServer, running_sound_server


@pytest.fixture
def sound_server() -> Iterator[SoundServer]:
    """Give a virtual microphone and a virtual loudspeaker; fails where PulseAudio is missing."""
    with running_sound_server() as server:
        yield server
