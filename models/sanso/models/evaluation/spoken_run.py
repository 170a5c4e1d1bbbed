"""
Run spoken cases through everything that listens: detector, segmenter, recogniser, agent, simulator.

Strategy: the loop of the agent itself, with a file as its microphone, on a fresh simulator in the state of the case. What was done is judged as a
written sentence is; where it is lost is told by the first stage that failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Self

import numpy as np

from sanso.agent import Agent, Caution
from sanso.agent.caution import Doing
from sanso.agent.voice.attention import Manners
from sanso.agent.voice.errors import MicrophoneEnded
from sanso.agent.voice.files import SoundFiles
from sanso.agent.voice.happenings import Exchange, Happening, Trouble
from sanso.agent.voice.hearing import Hearing
from sanso.agent.voice.loop import Listening
from sanso.agent.voice.parts import FRAME
from sanso.agent.voice.speakers import SilentSpeaker
from sanso.agent.voice.voicing import Voicing
from sanso.devices import ScriptedClock, SimulatedPurifier

from .effect import Bench
from .score import Mark, judge
from .transcripts import said_form

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

    from sanso.agent import Engine
    from sanso.agent.voice.parts import Samples, Transcriber
    from sanso.agent.voice.vad import VoiceActivity

    from .spoken_cases import SpokenCase

Lost = Literal["", "unheard", "refused", "misheard", "misunderstood", "unsure"]
"""Nothing was cut out of the sound; a gate refused what was; the words are wrong; they are right and the program is wrong; the program is
right and the agent asked, or was not sure enough. Empty where it was done."""


_QUIET_BEFORE: Final = 12
_QUIET_BEHIND: Final = 32
"""Frames: 0.4 s for the start of speech, 1 s for the pause that ends it."""


@dataclass(frozen=True)
class Heard:
    """What came of one spoken case."""

    spoken: SpokenCase
    exchanges: tuple[Exchange, ...]
    mark: Mark
    lost: Lost

    @property
    def text(self) -> str:
        """What the recogniser wrote down."""
        found = (e.transcript.text for e in self.exchanges if e.transcript is not None)
        return " ".join(text for text in found if text)

    @property
    def program(self) -> str:
        """What was decided."""
        return "; ".join(_programs(self.exchanges))

    def as_json(self) -> dict[str, Any]:
        """What is kept of it in a file."""
        return {
            "id": self.spoken.case.name,
            "said": self.spoken.text,
            "heard": self.text,
            "got": self.program,
            "mark": self.mark.value,
            "lost": self.lost or None,
            "exchanges": [exchange.as_json() for exchange in self.exchanges],
        }


class QuietRoom:
    """A file as a microphone would hear it: in a room that is quiet before and behind."""

    def __init__(self, wav: Path) -> None:
        """Hear a file."""
        self._file = SoundFiles(wav)
        self.name = self._file.name
        self.drops = 0
        self.waiting = 0.0
        self.live = False
        self._before, self._behind = _QUIET_BEFORE, _QUIET_BEHIND

    def __enter__(self) -> Self:
        """Open the file. Raises MicrophoneError."""
        self._file.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        self._file.__exit__(kind, error, traceback)

    def read(self, timeout: float) -> Samples | None:
        """Return the next frame. Raises MicrophoneEnded, and MicrophoneError."""
        if self._before:
            self._before -= 1
            return np.zeros(FRAME, np.float32)
        try:
            return self._file.read(timeout)
        except MicrophoneEnded:
            if not self._behind:
                raise
            self._behind -= 1
            return np.zeros(FRAME, np.float32)


def run_spoken(
    cases: Sequence[SpokenCase],
    transcriber: Transcriber,
    engine: Engine,
    activity: VoiceActivity,
    *,
    caution: Caution = Caution.NORMAL,
    tell: Callable[[int], None] | None = None,
) -> list[Heard]:
    """
    Hear all cases, in order; `tell` is called after each.

    Raises:
        MicrophoneError: a file cannot be used.
        TranscriberError: the recogniser fails.
    """
    found = []
    for number, spoken in enumerate(cases, 1):
        found.append(_hear(spoken, transcriber, engine, activity, caution))
        if tell:
            tell(number)
    return found


def _hear(
    spoken: SpokenCase,
    transcriber: Transcriber,
    engine: Engine,
    activity: VoiceActivity,
    caution: Caution,
) -> Heard:
    purifier = SimulatedPurifier.from_settings(spoken.case.state, clock=ScriptedClock())
    happened: list[Happening] = []
    activity.reset()
    Listening(
        QuietRoom(spoken.wav),
        Hearing(activity, Manners(mode="open")),
        transcriber,
        Agent(engine, purifier, caution=caution),
        Voicing(SilentSpeaker()),
        happened.append,
    ).run()
    for one in happened:
        if isinstance(one, Trouble):
            raise one.error
    exchanges = tuple(one for one in happened if isinstance(one, Exchange))
    mark = _mark(spoken, exchanges)
    return Heard(spoken, exchanges, mark, _lost(spoken, exchanges, mark))


def _programs(exchanges: Sequence[Exchange]) -> list[str]:
    replies = [e.reply for e in exchanges if e.reply is not None]
    return [reply.program.render() for reply in replies if reply.program is not None]


def _is_done(exchange: Exchange) -> bool:
    judgement = None if exchange.reply is None else exchange.reply.judgement
    return judgement is not None and judgement.doing is Doing.DO


def _mark(spoken: SpokenCase, exchanges: Sequence[Exchange]) -> Mark:
    """How what was carried out does; where nothing was, it is a miss and harmless."""
    done = "; ".join(_programs([e for e in exchanges if _is_done(e)]))
    if not done:
        return Mark.MISS
    return judge(spoken.case.turns[0], done, Bench(spoken.case.state))


def _lost(spoken: SpokenCase, exchanges: Sequence[Exchange], mark: Mark) -> Lost:
    heard = Heard(spoken, tuple(exchanges), mark, "")
    lost: Lost = "misheard"
    if mark is Mark.RIGHT:
        lost = ""
    elif not exchanges:
        lost = "unheard"
    elif all(e.missed is not None for e in exchanges):
        lost = "refused"
    elif not all(_is_done(e) for e in exchanges if e.reply) and _would_do(heard):
        lost = "unsure"
    elif said_form(heard.text) == said_form(spoken.text):
        lost = "misunderstood"
    return lost


def _would_do(heard: Heard) -> bool:
    """Whether the program was right, had the agent been sure of it."""
    case = heard.spoken.case
    bench = Bench(case.state)
    return judge(case.turns[0], heard.program, bench) is Mark.RIGHT
