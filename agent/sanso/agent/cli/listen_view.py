"""What `sanso listen` shows: lines as things happen, and in a terminal how it stands below them.

Strategy: one method a kind of thing that happened. A terminal has a last line that moves
with the sound; down a pipe there are only the lines; with `--json` each is an object.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.live import Live
from rich.text import Text

from sanso.agent.voice.happenings import (
    Called,
    Due,
    Exchange,
    Happening,
    Late,
    MicrophoneChanged,
    Overheard,
    Pulse,
    Trouble,
    Voiced,
)
from sanso.agent.voice.level import bar
from sanso.devices import DeviceError

from .failures import explain
from .tables import plain
from .terminal import write_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sanso.agent.voice.attention import Mode
    from sanso.agent.voice.parts import Microphone

    from .listen_agent import ListenAgent
    from .texts import Texts

_STAGES: Final = ("ending", "waiting", "recogniser", "model", "device")
_LEAST_SHOWN: Final = 0.0005
"""Seconds; a shorter stage is left out."""


class ListenView:
    """Lines on standard output; what went wrong goes to standard error."""

    def __init__(
        self,
        texts: Texts,
        agent: ListenAgent,
        microphone: Microphone,
        console: Console,
        *,
        times: bool,
    ) -> None:
        """Show things in the language of the terminal; `times` adds that of each stage."""
        self._texts = texts
        self._agent = agent
        self._microphone = microphone
        self._console = console
        self._times = times
        self._exchanges = 0
        self._clipped = False

    def ready(
        self, mode: Mode, names: Sequence[str], recogniser: str, voice: str, source: str
    ) -> None:
        """Say what it listens with, and how one speaks to it."""
        facts = {"recogniser": recogniser, "voice": voice, "purifier": self._agent.name}
        self._line(self._texts.say("listen.with", microphone=source, **facts), "dim")
        how = self._texts.say(f"listen.how.{mode}", names=", ".join(names))
        self._line(how, "bold")

    def show(self, happening: Happening) -> None:
        """Show what happened."""
        if isinstance(happening, Pulse):
            self._pulse(happening)
        elif isinstance(happening, Exchange):
            self._exchanges += 1
            self._exchange(happening)
            if happening.reply is not None:
                self._agent.keep(happening.reply)
        elif isinstance(happening, Voiced):
            self._voiced(happening)
        elif isinstance(happening, Overheard):
            self._heard(happening.transcript.text, "dim")
            self._line(self._texts.say("listen.overheard"), "dim")
        elif isinstance(happening, Called):
            self._line(self._texts.say("listen.called"), "green")
        elif isinstance(happening, MicrophoneChanged):
            self._line(self._texts.say(f"listen.microphone.{happening.state}"), "yellow")
        elif isinstance(happening, Due):
            self._line(happening.words, "yellow")
        elif isinstance(happening, Late):
            self._line(self._texts.say("listen.late"), "yellow")
        else:
            self._trouble(happening)

    def end(self) -> None:
        """Say what was lost, and which timers nobody keeps now."""
        if not self._exchanges:
            self._line(self._texts.say("listen.nothing"), "dim")
        if self._microphone.drops:
            drops = self._microphone.drops
            self._line(self._texts.say("listen.drops", number=drops), "yellow")
        if number := self._agent.timers_lost:
            self._line(self._texts.say("chat.timers_end", number=number), "yellow")

    def _pulse(self, pulse: Pulse) -> None:
        if pulse.level.clipped and not self._clipped:
            self._clipped = True
            self._line(self._texts.say("listen.clipped"), "yellow")

    def _exchange(self, exchange: Exchange) -> None:
        heard, reply = exchange.transcript, exchange.reply
        self._heard(heard.text if heard is not None else "", "bold")
        if exchange.missed is not None:
            self._line(self._texts.say(f"listen.missed.{exchange.missed}"), "dim")
        elif reply is not None and reply.program is not None:
            self._line(reply.program.render(), "cyan")
        if exchange.words:
            self._line(exchange.words)
        if reply is not None:
            self._stand()
        if self._times:
            self._line(self._stages(exchange), "dim")

    def _heard(self, text: str, style: str) -> None:
        self._line(f"> {text}" if text else ">", style)

    def _stages(self, exchange: Exchange) -> str:
        spent = exchange.seconds
        parts = [
            f"{self._texts.say(f'listen.stage.{name}')} {spent[name]:.3f}"
            for name in _STAGES
            if spent.get(name, 0.0) >= _LEAST_SHOWN
        ]
        total = spent.get("obeyed", sum(spent.get(name, 0.0) for name in _STAGES))
        return self._texts.say("listen.times", total=f"{total:.3f}", stages=", ".join(parts))

    def _voiced(self, voiced: Voiced) -> None:
        if self._times and voiced.began is not None:
            began = f"{voiced.began:.3f}"
            self._line(self._texts.say("listen.voiced", seconds=began), "dim")

    def _stand(self) -> None:
        try:
            line = self._agent.stand(self._texts)
        except DeviceError as error:
            line = explain(error, self._texts)[0]
        if line:
            self._line(line, "dim")

    def _trouble(self, trouble: Trouble) -> None:
        line, _ = explain(trouble.error, self._texts)
        print(line, file=sys.stderr)  # noqa: T201 - as all errors are told
        sys.stderr.flush()

    def _line(self, text: str, style: str = "") -> None:
        self._console.print(Text(plain(text), style=style), soft_wrap=True)
        self._console.file.flush()


class LiveView(ListenView):
    """In a terminal the last line shows level and state."""

    def __init__(self, live: Live, *parts: Any, **options: Any) -> None:
        """Show it through a live display."""
        super().__init__(*parts, **options)
        self._live = live

    def _pulse(self, pulse: Pulse) -> None:
        super()._pulse(pulse)
        state = self._texts.say(f"listen.state.{pulse.state}")
        shown = Text.assemble(bar(pulse.level), " ", (state, "bold"))
        self._live.update(shown, refresh=True)


class JsonView(ListenView):
    """One object a line for each thing that happens."""

    def ready(
        self, mode: Mode, names: Sequence[str], recogniser: str, voice: str, source: str
    ) -> None:
        """Write what it listens with."""
        facts = {"mode": mode, "names": list(names), "recogniser": recogniser}
        facts |= {"voice": voice, "microphone": source, "purifier": self._agent.name}
        write_json({"event": "ready", **facts})

    def end(self) -> None:
        """Write what was counted."""
        counted = {"exchanges": self._exchanges, "drops": self._microphone.drops}
        write_json({"event": "end", **counted, "timers_lost": self._agent.timers_lost})

    def show(self, happening: Happening) -> None:
        """Write what happened; the level is left out."""
        if isinstance(happening, Trouble):
            self._trouble(happening)
        elif not isinstance(happening, Pulse):
            if isinstance(happening, Exchange):
                self._exchanges += 1
                if happening.reply is not None:
                    self._agent.keep(happening.reply)
            write_json(_as_json(happening))


def _as_json(happening: Happening) -> dict[str, Any]:
    match happening:
        case Exchange():
            return {"event": "exchange", **happening.as_json()}
        case Voiced(began=began, lasted=lasted):
            began_ms = None if began is None else round(began * 1000, 1)
            spent = {"began_ms": began_ms, "lasted_ms": round(lasted * 1000, 1)}
            return {"event": "voiced", **spent}
        case Overheard(transcript=heard):
            return {"event": "overheard", "heard": heard.text, "lang": heard.language}
        case MicrophoneChanged(state=state):
            return {"event": "microphone", "state": state}
        case Due(words=words):
            return {"event": "due", "words": words}
        case Late(segment=segment):
            return {"event": "late", "start": round(segment.start, 3)}
        case _:
            return {"event": "called"}


@contextmanager
def open_view(
    texts: Texts,
    agent: ListenAgent,
    microphone: Microphone,
    *,
    as_json: bool,
    times: bool,
) -> Iterator[ListenView]:
    """Open the view that fits: JSON, a terminal, or lines."""
    console = Console(highlight=False)
    parts = (texts, agent, microphone, console)
    if as_json:
        yield JsonView(*parts, times=times)
    elif console.is_terminal:
        with Live(console=console, auto_refresh=False, transient=True) as live:
            yield LiveView(live, *parts, times=times)
    else:
        yield ListenView(*parts, times=times)
