"""What is to be answered, and who knows the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sanso.agent.reply import Reply

    from .attention import Do
    from .parts import Gate, Segment, Transcript


class Answerer(Protocol):
    """Whoever understands sentences: an `Agent`, or the service that has one."""

    def say(
        self, text: str, *, source: str = "", timeout_seconds: float | None = None
    ) -> Reply:
        """Understand a sentence, carry it out, and answer."""
        ...

    def tick(self) -> list[str]:
        """Carry out what is due, and return what is to be told of it."""
        ...

    def cancel(self) -> None:
        """End the understanding of the sentence that another thread says now."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """A segment, and what is to be done with it."""

    do: Do
    """TRANSCRIBE it, or REFUSE it."""
    segment: Segment
    at: float
    """When it was decided, by the clock of this process."""
    transcript: Transcript | None = None
    """Where it was recognised already."""
    reading: tuple[Do, str] | None = None
    """What the attention said of its text already."""
    gate: Gate = "long"
    """Why it is refused."""
