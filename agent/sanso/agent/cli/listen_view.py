"""What `sanso listen` shows: lines as things happen, and in a terminal how it stands below them.

Strategy: one method a kind of thing that happened. A terminal has a last line that moves
with the sound; down a pipe there are only the lines; with `--json` each is an object.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
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
    LeftOut,
    MicrophoneChanged,
    Muted,
    Overheard,
    Pulse,
    Trouble,
    Voiced,
)
from sanso.agent.voice.level import SILENT_DBFS, bar
from sanso.devices import DeviceError

from .failures import explain
from .tables import plain
from .terminal import write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sanso.agent.voice.attention import Mode
    from sanso.agent.voice.parts import Microphone

    from .listen_agent import ListenAgent
    from .texts import Texts

_STAGES: Final = ("ending", "waiting", "recogniser", "model", "device")
_LEAST_SHOWN: Final = 0.0005
"""Seconds; a shorter stage is left out."""
_FLOOR_DBFS: Final = -60.0
"""Sound without a higher peak is silence: what a microphone gives in an empty room."""
_WORD_SECONDS: Final = 0.2
"""No word is shorter."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What it listens with."""

    mode: Mode
    names: Sequence[str]
    """Those that it may be called by."""
    recogniser: str
    voice: str


class ListenView:
    """Lines on standard output; what went wrong goes to standard error."""

    def __init__(
        self,
        texts: Texts,
        agent: ListenAgent,
        microphone: Microphone,
        facts: Facts,
        console: Console,
        *,
        times: bool,
        interrupts: bool = False,
    ) -> None:
        """Show things in the language of the terminal; `times` adds that of each stage.

        `interrupts` says that a key interrupts the answers.
        """
        self._facts = facts
        self._texts = texts
        self._agent = agent
        self._microphone = microphone
        self._console = console
        self._times = times
        self._interrupts = interrupts
        self._spoken = False
        self._clipped = False
        self._peak_dbfs = SILENT_DBFS
        self._seconds = 0.0

    def show(self, happening: Happening) -> None:
        """Show what happened."""
        shown: Mapping[type, Callable[[Any], None]] = {
            Pulse: self._pulse,
            MicrophoneChanged: self._microphone_is,
            Exchange: self._exchange,
            Voiced: self._voiced,
            Trouble: self._trouble,
        }
        self._spoken |= isinstance(happening, Exchange | Overheard | Called | Late)
        shown.get(type(happening), self._told)(happening)

    def end(self) -> None:
        """Say what was lost, and which timers nobody keeps now."""
        if not self._spoken:
            self._line(self._texts.say(self._nothing()), "dim")
        if self._microphone.drops:
            drops = self._microphone.drops
            self._line(self._texts.say("listen.drops", number=drops), "yellow")
        if number := self._agent.timers_lost:
            self._line(self._texts.say("chat.timers_end", number=number), "yellow")

    def _nothing(self) -> str:
        """Return the key of why nobody was heard."""
        if self._seconds < _WORD_SECONDS:
            return f"listen.nothing.{'ended' if self._microphone.live else 'short'}"
        return f"listen.nothing{'.silent' * (self._peak_dbfs < _FLOOR_DBFS)}"

    def _told(
        self, happening: Called | Overheard | Due | Late | LeftOut | Muted
    ) -> None:
        say = self._texts.say
        match happening:
            case Overheard(transcript=heard):
                self._heard(heard.text, "dim")
                self._line(say("listen.overheard"), "dim")
            case Called():
                self._line(say("listen.called"), "green")
            case Due(words=words):
                self._line(words, "yellow")
            case Late():
                self._line(say("listen.late"), "yellow")
            case LeftOut(seconds=seconds, why=why):
                key = f"listen.left_out.{why}"
                self._line(say(key, seconds=f"{seconds:.1f}"), "yellow")
            case Muted():
                self._line(say("listen.muted"), "yellow")

    def _microphone_is(self, changed: MicrophoneChanged) -> None:
        """Say that it was lost or found; at the start, with what and how it listens."""
        say, facts = self._texts.say, self._facts
        if changed.state != "open":
            self._line(say(f"listen.microphone.{changed.state}"), "yellow")
            return
        told = {"microphone": self._microphone.name, "purifier": self._agent.name}
        told |= {"recogniser": facts.recogniser, "voice": facts.voice}
        self._line(say("listen.with", **told), "dim")
        how = say(f"listen.how.{facts.mode}", names=", ".join(facts.names))
        self._line(how, "bold")
        if self._interrupts:
            self._line(say("listen.interrupt"), "dim")

    def _pulse(self, pulse: Pulse) -> None:
        if self._weigh(pulse):
            self._line(self._texts.say("listen.clipped"), "yellow")

    def _weigh(self, pulse: Pulse) -> bool:
        """Take a level in, and tell whether it is the first one that is clipped."""
        self._seconds += pulse.seconds
        self._peak_dbfs = max(self._peak_dbfs, pulse.level.peak_dbfs)
        first = pulse.level.clipped and not self._clipped
        self._clipped |= first
        return first

    def _exchange(self, exchange: Exchange) -> None:
        heard, reply = exchange.transcript, exchange.reply
        if reply is not None:
            self._agent.keep(reply)
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
        return self._texts.say(
            "listen.times", total=f"{total:.3f}", stages=", ".join(parts)
        )

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

    _exchanges = 0

    def end(self) -> None:
        """Write what was counted."""
        counted = {"exchanges": self._exchanges, "drops": self._microphone.drops}
        sound = {
            "seconds": round(self._seconds, 3),
            "peak_dbfs": round(self._peak_dbfs, 1) + 0.0,  # no -0.0
        }
        lost = {"timers_lost": self._agent.timers_lost}
        write_json({"event": "end", **counted, **sound, **lost})

    def show(self, happening: Happening) -> None:
        """Write what happened; of the level only that it is clipped, once."""
        if isinstance(happening, Pulse) and self._weigh(happening):
            write_json({"event": "clipped"})
        if isinstance(happening, Trouble):
            self._trouble(happening)
            return
        if isinstance(happening, Exchange):
            self._exchanges += 1
            if happening.reply is not None:
                self._agent.keep(happening.reply)
        if (row := _as_json(happening)) is not None:
            write_json({**row, **self._more(happening)})

    def _more(self, happening: Happening) -> dict[str, Any]:
        """Return what it listens with, where the microphone was opened."""
        if happening != MicrophoneChanged("open"):
            return {}
        told = {"microphone": self._microphone.name, "purifier": self._agent.name}
        return {**told, **asdict(self._facts)}


def _as_json(happening: Happening) -> dict[str, Any] | None:
    """Return what is written; None for what is not."""
    row: dict[str, Any] | None = None
    match happening:
        case Exchange():
            row = {"event": "exchange", **happening.as_json()}
        case Voiced(began=float(began), lasted=lasted):
            spent = {"began": began, "lasted": lasted}
            ms = {name: round(seconds * 1000, 1) for name, seconds in spent.items()}
            row = {"event": "voiced", "ms": ms}
        case Overheard(transcript=heard):
            row = {"event": "overheard", "heard": heard.text, "lang": heard.language}
        case MicrophoneChanged(state=state):
            row = {"event": "microphone", "state": state}
        case Due(words=words):
            row = {"event": "due", "words": words}
        case Late(segment=segment):
            row = {"event": "late", "start": round(segment.start, 3)}
        case LeftOut(seconds=seconds, why=why):
            row = {"event": "left_out", "why": why, "ms": round(seconds * 1000, 1)}
        case Muted():
            row = {"event": "muted"}
        case Called():
            row = {"event": "called"}
    return row


@contextmanager
def open_view(
    texts: Texts,
    agent: ListenAgent,
    microphone: Microphone,
    facts: Facts,
    *,
    as_json: bool,
    times: bool,
    interrupts: bool = False,
) -> Iterator[ListenView]:
    """Open the view that fits: JSON, a terminal, or lines."""
    console = Console(highlight=False)
    parts = (texts, agent, microphone, facts, console)
    if as_json:
        yield JsonView(*parts, times=times, interrupts=interrupts)
    elif console.is_terminal:
        with Live(console=console, auto_refresh=False, transient=True) as live:
            yield LiveView(live, *parts, times=times, interrupts=interrupts)
    else:
        yield ListenView(*parts, times=times, interrupts=interrupts)
