"""
Whether the agent listens, and to whom.

Strategy: a pure state machine. Each method is an event, on the microphone's own clock, and
answers what to do; whoever owns the microphone, the recogniser and the speaker does it.

Rule 1: half duplex. While the agent speaks, and `echo_s` after, the microphone is ignored:
        it would hear the agent itself. Not so with `barge_in`, which is for owners whose
        sound system takes the echo out, and not while the key of push-to-talk is held.
Rule 2: a key and the wake service interrupt the agent at any time. Speech does so only
        with `barge_in`: any in `open`, and one with the name in it in `name`. It does not
        begin to speak over somebody who has just called it.
Rule 3: in `push` and `open` all that is cut out is meant for the agent. In `service` and
        `name` it is what is said while a window of attention is open, which a wake, a key,
        a name alone, or a question of the agent opens, and which an act closes; and in
        `name` what begins with a name. A window opens anew when the agent falls silent.
Rule 4: half a sentence is nothing to act on: speech that was cut off at the cap is refused,
        and so is speech in which sound is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Literal, get_args

from .errors import VoiceError
from .parts import FRAME, RATE, Segment

if TYPE_CHECKING:
    from .wake import SpokenNames

Mode = Literal["push", "open", "service", "name"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)

_CLOSED: Final = (0.0, 0.0)
_FRAME_SECONDS: Final = FRAME / RATE
ECHO: Final = 0.3
LONGEST_ECHO: Final = 5.0
_LONGEST_WINDOW: Final = 60.0
_CALL_SECONDS: Final = 3.0
"""Who called and says nothing for so long may be spoken to."""
_NAME_SECONDS: Final = 0.3
"""A wake service detects a name at its end or shortly before: what ends no later than
this behind the detection, and starts with no name that we know, was the name alone."""


class Do(Enum):
    """What is to be done."""

    LISTEN = "listen"
    """Go on as before."""
    IGNORE = "ignore"
    """Take no notice of it."""
    TRANSCRIBE = "transcribe"
    """Have the segment recognised, and tell its text."""
    REFUSE = "refuse"
    """It was meant for the agent, and too long to be a command, or heard in pieces."""
    ATTEND = "attend"
    """Fall silent, and show that the agent listens now."""
    ACT = "act"
    """Fall silent, and carry out what was said."""
    STOP = "stop"
    """Fall silent."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How the agent listens.

    Raises:
        VoiceError: a value is out of its range.

    """

    mode: Mode = "push"
    barge_in: bool = False
    """Whether it also listens while it speaks: only where echo is cancelled."""
    echo_s: float = ECHO
    """How long the microphone hears the agent after it fell silent."""
    window_s: float = 8.0
    """How long it attends after a wake."""

    def __post_init__(self) -> None:
        """Check each value."""
        if self.mode not in MODES:
            msg = f"there is no listening mode {self.mode}; choose from {', '.join(MODES)}"
            raise VoiceError(msg)
        if not 0 <= self.echo_s <= LONGEST_ECHO:
            msg = f"echo_s is {self.echo_s}; it must be 0 to {LONGEST_ECHO:g}"
            raise VoiceError(msg)
        if not 1 <= self.window_s <= _LONGEST_WINDOW:
            msg = f"window_s is {self.window_s}; it must be 1 to {_LONGEST_WINDOW:g}"
            raise VoiceError(msg)


class Attention:
    """Decides. All times are seconds from the microphone's first sample."""

    def __init__(self, manners: Manners, names: SpokenNames) -> None:
        """Attend to nobody yet; a name is taken off a sentence in every mode."""
        self._manners = manners
        self._names = names
        self._speaking = False
        self._pressed = False
        self._deaf_until = float("-inf")
        self._window = _CLOSED
        """From when to when it attends; the end is not past the start when it does not."""
        self._woken_at: float | None = None
        """Detection of the wake service that opened the window."""
        self._called_at: float | None = None
        """When a key or the service called; None since something was said to the agent."""

    @property
    def _wakes(self) -> bool:
        return self._manners.mode in {"service", "name"}

    def hears(self, at: float) -> bool:
        """Whether the frame that ends then is listened to; else let it go by unheard."""
        if self._manners.barge_in or (self._pressed and self._manners.mode == "push"):
            return True
        return not self._speaking and at - _FRAME_SECONDS >= self._deaf_until

    def attends(self, at: float) -> bool:
        """Whether what is said then is meant for the agent, to show it."""
        if self._manners.mode == "push":
            return self._pressed
        return self._manners.mode == "open" or self._window[0] <= at < self._window[1]

    def press(self, at: float) -> Do:
        """Take in that a key was pressed."""
        self._pressed = True
        return self._call(at, None)

    def release(self) -> None:
        """Take in that it was released."""
        self._pressed = False

    def wake(self, at: float) -> Do:
        """Take in that the wake service heard its name."""
        return self._call(at, at)

    def begin(self) -> Do:
        """Take in that somebody began to speak where the agent listens."""
        interrupts = self._manners.barge_in and self._manners.mode == "open"
        return Do.STOP if self._speaking and interrupts else Do.LISTEN

    def cut(self, segment: Segment) -> Do:
        """Take in a segment: TRANSCRIBE, REFUSE or IGNORE."""
        meant = self._is_meant(segment)
        if meant:
            self._called_at = None
        if segment.ending in {"cap", "lost"}:
            return Do.REFUSE if meant else Do.IGNORE
        return Do.TRANSCRIBE if meant or self._manners.mode == "name" else Do.IGNORE

    def read(self, segment: Segment, text: str, at: float) -> tuple[Do, str]:
        """Take in the text of a segment, known at a time: ACT on what is returned, ATTEND, IGNORE.

        A text that a gate refused is not told here; the window stays for another try.
        """
        called = self._names.called(text)
        by_name = called is not None and self._manners.mode == "name"
        if not text.strip() or not (by_name or self._is_meant(segment)):
            return Do.IGNORE, ""
        rest = text if called is None else called.rest
        if not rest or (called is None and self._woke(segment)):
            if self._wakes:  # what was said since then is meant as well
                self._open(segment.decided, at, None)
            return Do.ATTEND, ""
        self._window = _CLOSED
        return Do.ACT, rest

    def ask(self, at: float) -> None:
        """Take in that the agent's answer is a question, before it is said."""
        if self._wakes:
            self._open(at, at, None)

    def speak(self, at: float) -> None:
        """Take in that the agent begins to speak."""
        if not self._speaking and at >= self._window[1]:
            self._window = _CLOSED
        self._speaking = True

    def fall_silent(self, at: float) -> None:
        """Take in that it is silent, at its end or because it was stopped."""
        if not self._speaking:
            return
        self._speaking = False
        self._deaf_until = at + self._manners.echo_s
        if self._window[1] > self._window[0]:
            self._window = (self._window[0], at + self._manners.window_s)

    def is_called(self, at: float, *, speech: bool) -> bool:
        """Whether somebody has called and not been heard yet, but speaks or may be about to."""
        called = self._called_at
        return called is not None and (speech or at < called + _CALL_SECONDS)

    def _call(self, at: float, woken_at: float | None) -> Do:
        if self._wakes:
            self._called_at = at
            self._open(at, at, woken_at)
        if self._speaking:
            return Do.STOP
        return Do.ATTEND if self._wakes else Do.LISTEN

    def _open(self, since: float, at: float, woken_at: float | None) -> None:
        self._window = (since, at + self._manners.window_s)
        self._woken_at = woken_at

    def _is_meant(self, segment: Segment) -> bool:
        """Whether it is for the agent, as far as that can be told without its text."""
        if not self._wakes:
            return True
        opened, closes = self._window
        woken = self._woken_at is not None  # a name is detected when it is over
        heard_until = segment.decided if woken else segment.speech_end
        return heard_until > opened and segment.start < closes

    def _woke(self, segment: Segment) -> bool:
        """Whether it seems to hold no more than the name that woke the service."""
        at = self._woken_at
        if at is None or not self._wakes:
            return False
        return segment.start <= at and segment.speech_end <= at + _NAME_SECONDS
