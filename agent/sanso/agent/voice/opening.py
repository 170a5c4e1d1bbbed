"""A microphone by what a person writes: a device, a file, a folder, or standard input."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from .files import SoundFiles
from .microphone import DeviceMicrophone
from .microphone_choice import DEFAULT
from .standard_input import NAME, StandardInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from .microphone import MicrophoneState


def open_microphone(
    device: str | int | Path | None = None,
    *,
    channel: int | None = None,
    paced: bool = False,
    report: Callable[[MicrophoneState], None] | None = None,
) -> DeviceMicrophone | SoundFiles | StandardInput:
    """Return a microphone that `with` opens.

    `device` is `default` or None; a number; a part of the name of a device; the path of a
    WAV file or of a folder of them; `-` for standard input. `channel` is taken as by
    `Framer`; `paced` gives the frames of a file at their real pace; `report` is told of the
    states of a device. Nothing is opened yet, and so nothing raised.
    """
    if isinstance(device, Path):
        return SoundFiles(device, channel=channel, paced=paced)
    if isinstance(device, str):
        text = device.strip()
        if text == NAME:
            return StandardInput(channel=channel, paced=paced)
        if _is_path(text):
            path = Path(os.path.expanduser(text))  # noqa: PTH111 - Path's raises without a home
            return SoundFiles(path, channel=channel, paced=paced)
        device = device_of(text)
    return DeviceMicrophone(device, channel=channel, report=report)


def device_of(text: str) -> str | int | None:
    """Return the number or name of a device that a text means; None for the default one."""
    if text.casefold() in {"", DEFAULT}:
        return None
    return int(text) if text.isascii() and text.isdigit() else text


def _is_path(text: str) -> bool:
    """Say whether a text means a file, also one that is not there."""
    if text.casefold() in {"", DEFAULT}:
        return False
    typical = text.startswith(("/", "./", "../", "~")) or text.lower().endswith(".wav")
    return typical or os.path.exists(text)  # noqa: PTH110 - Path's raises for a long text
