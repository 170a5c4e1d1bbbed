"""A loop whose peers follow a script, and steps of scripts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sanso.agent.voice.attention import Manners
from sanso.agent.voice.happenings import (
    Happening,
)
from sanso.agent.voice.hearing import Hearing
from sanso.agent.voice.loop import Listening
from sanso.agent.voice.parts import Samples
from sanso.agent.voice.push import Switch
from sanso.agent.voice.voicing import Voicing

from .scripted import (
    Clock,
    Loudness,
    ScriptedAgent,
    ScriptedMicrophone,
    ScriptedSpeaker,
    ScriptedTranscriber,
    Step,
)

OPEN = Manners(mode="open")


@dataclass
class Scene:
    """A loop whose peers follow a script."""

    texts: Iterable[str | Exception] = ()
    manners: Manners = OPEN
    live: bool = False
    clocked: bool = True
    programs: dict[str, str] = field(default_factory=dict)
    endless: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Set the peers up."""
        self.clock = Clock()
        self.agent = ScriptedAgent(self.programs, self.clock)
        self.speaker = ScriptedSpeaker(endless=self.endless)
        self.transcriber = ScriptedTranscriber(*self.texts, clock=self.clock)
        self.switch = Switch()
        self.happened: list[Happening] = []
        self.microphone = ScriptedMicrophone(
            self._steps(), self.clock if self.clocked else None, live=self.live
        )
        self.hearing = Hearing(Loudness(), self.manners, talks=[self.switch])
        self.loop = Listening(
            self.microphone,
            self.hearing,
            self.transcriber,
            self.agent,
            Voicing(self.speaker),
            self.happened.append,
            monotonic=self.clock,
            **self.options,
        )

    def _steps(self) -> Iterable[Step]:
        yield from self.steps

    def run(self, *steps: Step | Sequence[Step]) -> Scene:
        """Play steps through the loop; nothing of it is left."""
        for step in steps:
            self.steps += step if isinstance(step, Sequence) else [step]
        before = threading.active_count()
        self.loop.run()
        assert threading.active_count() == before
        assert not self.microphone.opened
        return self

    def of(self, kind: type[Any]) -> list[Any]:
        """Return what happened of a kind."""
        return [one for one in self.happened if isinstance(one, kind)]

    @property
    def acts(self) -> list[str]:
        """Return what was said to the agent."""
        return [text for text, _ in self.agent.said]


class FakeWake:
    """A wake service that hears what the script tells it to."""

    def __init__(self) -> None:
        """Have heard nothing."""
        self.frames = 0
        self.trouble = ""
        self.names: list[str] = []

    def feed(self, frame: Samples) -> None:
        """Count it."""
        assert len(frame)
        self.frames += 1

    def woken(self) -> list[str]:
        """Return what was scripted."""
        names, self.names = self.names, []
        return names


def wait(event: threading.Event) -> Callable[[], None]:
    """Return a step that waits until something is so."""

    def step() -> None:
        assert event.wait(20.0)

    return step


def settled(scene: Scene) -> Callable[[], None]:
    """Return a step that waits until the last answer is over."""

    def step() -> None:
        answering = scene.loop._answering
        while not (answering.idle and answering.stage == "idle"):
            threading.Event().wait(0.001)

    return step


def check(so: bool) -> None:  # noqa: FBT001 - a step of a script
    """Insist."""
    assert so
