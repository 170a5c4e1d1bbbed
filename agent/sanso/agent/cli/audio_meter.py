"""How loud each microphone hears it, for `sanso devices audio --meter`.

Strategy: all of them are listened to at once, so that whoever speaks sees which one it is.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.live import Live
from rich.text import Text

from sanso.agent.voice.errors import MicrophoneError
from sanso.agent.voice.level import Meter, bar
from sanso.agent.voice.microphone import DeviceMicrophone

from .audio_list import device_grid
from .messages import in_words
from .tables import plain, print_lean
from .terminal import write_json

if TYPE_CHECKING:
    from rich.table import Table

    from sanso.agent.voice.microphone import MicrophoneState
    from sanso.agent.voice.microphone_choice import SoundDevice

    from .texts import Texts

_PERIOD_SECONDS: Final = 0.05


class _Ear:
    """An input that is listened to."""

    def __init__(self, device: SoundDevice) -> None:
        self.device = device
        self.failure = ""
        self.whole = Meter()
        self.latest = Meter()
        self.microphone = DeviceMicrophone(device.index, report=self._told)
        self._lost = False

    @property
    def heard(self) -> bool:
        """Whether sound comes."""
        return self.whole.samples > 0 and not self._lost

    def listen(self) -> None:
        """Take what came since the last time."""
        latest = Meter()
        while (frame := self.microphone.read(0.0)) is not None:
            self.whole.add(frame)
            latest.add(frame)
        if latest.samples:
            self.latest = latest

    def as_json(self) -> dict[str, Any]:
        """Return what was heard, as JSON can hold it."""
        return {
            "index": self.device.index,
            "name": self.device.name,
            "samples": self.whole.samples,
            "drops": self.microphone.drops,
            "failure": self.failure or None,
            **asdict(self.whole.level),
        }

    def _told(self, state: MicrophoneState) -> None:
        self._lost = state == "lost"


def meter_audio(
    inputs: list[SoundDevice], seconds: float, texts: Texts, *, as_json: bool
) -> None:
    """Show levels live for so many seconds, or until Ctrl-C with 0; then the whole of it.

    Raises:
        MicrophoneError: the only one cannot be opened.

    """
    console = Console(highlight=False)
    ears = [_Ear(one) for one in inputs]
    with contextlib.ExitStack() as stack:
        for ear in ears:
            try:
                stack.enter_context(ear.microphone)
            except MicrophoneError as error:
                if len(ears) == 1:
                    raise
                ear.failure = in_words(str(error), texts.lang)
        live = None
        if console.is_terminal and not as_json:
            made = Live(console=console, auto_refresh=False, transient=True)
            live = stack.enter_context(made)
        with contextlib.suppress(KeyboardInterrupt):
            _listen(
                [ear for ear in ears if not ear.failure], seconds, ears, live, texts
            )
    if as_json:
        write_json([ear.as_json() for ear in ears])
    else:
        print_lean(console, _shown(ears, texts, whole=True))


def _listen(
    open_ears: list[_Ear],
    seconds: float,
    ears: list[_Ear],
    live: Live | None,
    texts: Texts,
) -> None:
    end = time.monotonic() + seconds if seconds else None
    while end is None or time.monotonic() < end:
        for ear in open_ears:
            ear.listen()
        if live is not None:
            live.update(_shown(ears, texts, whole=False), refresh=True)
        time.sleep(_PERIOD_SECONDS)


def _shown(ears: list[_Ear], texts: Texts, *, whole: bool) -> Table:
    table = device_grid()
    for ear in ears:
        number, name = str(ear.device.index), Text(plain(ear.device.name))
        if ear.failure:
            table.add_row(number, name, "", Text(plain(ear.failure), style="dim"))
        elif not (whole and ear.whole.samples) and not ear.heard:
            table.add_row(number, name, "", texts.say("audio.nothing"))
        else:
            meter = ear.whole if whole else ear.latest
            told = _told(meter, ear, texts)
            table.add_row(number, name, bar(meter.level), told)
    return table


def _told(meter: Meter, ear: _Ear, texts: Texts) -> str:
    level = meter.level
    rms, peak = f"{level.rms_dbfs:.0f}", f"{level.peak_dbfs:.0f}"
    parts = [texts.say("audio.level", rms=rms, peak=peak)]
    if ear.whole.level.clipped:
        parts.append(texts.say("audio.clipped"))
    if ear.microphone.drops:
        parts.append(texts.say("audio.drops", number=ear.microphone.drops))
    return ", ".join(parts)
