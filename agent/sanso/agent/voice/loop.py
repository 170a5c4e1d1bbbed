"""
Listen: microphone, hearing, recogniser, agent and voice, joined.

Strategy: the thread that runs the loop reads frames and tells what happens; one other
thread recognises, carries out and speaks. Sound that is not heard as it is made (a file, a
pipe that runs ahead of the clock) waits for each answer instead, so that nothing of it is
said over. Whatever ends the loop, nothing of it is left running.
"""

from __future__ import annotations

import queue
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .answering import Answering
from .attention import Do
from .errors import MicrophoneEnded, VoiceError, WakeError
from .happenings import Called, LeftOut, MicrophoneChanged, Muted, Pulse, Trouble
from .jobs import Job
from .level import Meter
from .parts import FRAME, RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanso.agent.wording import Language

    from .happenings import Happening, ListenState
    from .hearing import Hearing, Noticed
    from .jobs import Answerer
    from .microphone import MicrophoneState
    from .parts import Microphone, Samples, Transcriber
    from .voicing import Voicing

READ_SECONDS: Final = 0.1
"""How long the microphone is waited for before keys and the end are looked at."""
_PULSE_FRAMES: Final = 3
_AHEAD_SECONDS: Final = 1.0
"""Sound that is so far ahead of the clock does not come from a microphone."""
_FASTEST_CLOCK: Final = 1.01
"""No microphone runs faster than this: that of a sound card is right to 0.1 %, and hours add up."""
_WAIT_SECONDS: Final = 0.01
_MUTED_SECONDS: Final = 5.0
"""Even a quiet room moves the last bit of a microphone that is not muted more often than this."""
_LASTING_SECONDS: Final = 1.0
"""A wake service that is away for less is not missed: some end the connection after each name."""


class Listening:
    """Listens until the sound ends or it is stopped."""

    def __init__(
        self,
        microphone: Microphone,
        hearing: Hearing,
        transcriber: Transcriber,
        agent: Answerer,
        voicing: Voicing,
        report: Callable[[Happening], None],
        *,
        quiet_misses: bool = False,
        language: Language = "ko",
        monotonic: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Join them; none is opened or closed here but the microphone.

        `report` is told what happens, in the thread that runs the loop. With `quiet_misses`
        nothing is said where something was not caught. `language` is that of what is said
        before there was a sentence.
        """
        self._microphone = microphone
        self._hearing = hearing
        self._report = report
        self._now = monotonic
        self._happened: queue.SimpleQueue[Happening] = queue.SimpleQueue()
        self._answering = Answering(
            hearing,
            transcriber,
            agent,
            voicing,
            self._happened.put,
            duplex=self._is_live,
            waiting=lambda: self._microphone.waiting,
            quiet_misses=quiet_misses,
            language=language,
            monotonic=monotonic,
        )
        self._meter = Meter()
        self._frames = 0
        self._began = 0.0
        self._drops = 0
        """Of the microphone, so far."""
        self._zeros: int | None = 0
        """Frames of nothing but zeros since it was opened; None behind the first other one."""
        self._unwanted: int | None = None
        """The speech that is to fall silent."""
        self._lost = False
        self._wake_trouble = ""
        """Of the wake service, as it stands ..."""
        self._wake_since = 0.0
        """... since when ..."""
        self._wake_told = ""
        """... and as it was told last."""
        self._stopped = False

    def run(self) -> None:
        """Listen.

        Raises:
            MicrophoneError: the microphone cannot be opened or read, with the cure.

        """
        with self._microphone:
            self._began = self._now()
            self._answering.start()
            try:
                self._report(MicrophoneChanged("open"))
                while not self._stopped:
                    self._step()
                    self._tell()
            except MicrophoneEnded:
                self._pulse()
                self._take(self._hearing.finish())
                self._await_answers()
            finally:
                self._answering.stop()
                self._tell()

    def stop(self) -> None:
        """End `run` soon; from any thread, or a signal handler."""
        self._stopped = True

    def microphone_is(self, state: MicrophoneState) -> None:
        """Take in what a microphone reports of itself."""
        if (
            state != "back"
        ):  # where it begins somebody may be in the middle of a sentence
            self._take(self._hearing.lose())
        if state == "open":
            return
        self._lost = state == "lost"
        self._zeros = 0
        self._happened.put(MicrophoneChanged(state))

    @property
    def state(self) -> ListenState:
        """How it stands."""
        stage = self._answering.stage
        if stage != "idle":
            return stage
        if self._lost:
            return "lost"
        if self._hearing.speech:
            return "hearing"
        return "listening" if self._hearing.attends else "waiting"

    def _step(self) -> None:
        frame = self._microphone.read(READ_SECONDS)
        if frame is None:
            self._take(self._hearing.look())
            self._pulse()
        else:
            if self._microphone.drops > self._drops:
                self._hearing.tear()
            self._drops = self._microphone.drops
            self._take(self._hearing.feed(frame))
            self._weigh(frame)
            self._doubt(frame)
        self._hush()
        self._watch()
        if not self._is_live():
            self._await_answers()

    def _weigh(self, frame: Samples) -> None:
        self._frames += 1
        self._meter.add(frame)
        if self._frames % _PULSE_FRAMES == 0:
            self._pulse()

    def _doubt(self, frame: Samples) -> None:
        """Tell once of a microphone that seems to be muted."""
        if self._zeros is None:
            return
        self._zeros = None if frame.any() else self._zeros + 1
        if self._zeros == round(_MUTED_SECONDS * RATE / FRAME) and self._is_live():
            self._happened.put(Muted())

    def _pulse(self) -> None:
        meter = self._meter
        self._report(Pulse(self.state, meter.level, meter.samples / RATE))
        self._meter = Meter()

    def _watch(self) -> None:
        """Tell once that the wake service hears nothing, where that lasts."""
        trouble, now = self._hearing.trouble, self._now()
        if trouble != self._wake_trouble:
            self._wake_trouble, self._wake_since = trouble, now
        lasts = now - self._wake_since >= _LASTING_SECONDS
        if lasts and trouble != self._wake_told:
            self._wake_told = trouble
            if trouble:
                self._happened.put(Trouble(WakeError(trouble)))

    def _take(self, noticed: list[Noticed]) -> None:
        for one in noticed:
            segment = one.segment
            if one.do in {Do.STOP, Do.ATTEND}:
                self._unwanted = self._answering.speeches
                self._hush()
            if one.left_out:
                self._happened.put(LeftOut(one.left_out, one.why))
            elif segment is None:
                if one.do is Do.ATTEND:
                    self._happened.put(Called(None))
            elif one.do is Do.TRANSCRIBE and self._is_over_speech():
                self._interrupt(Job(one.do, segment, self._now()))
            else:
                self._answering.take(Job(one.do, segment, self._now(), gate=one.gate))

    def _is_over_speech(self) -> bool:
        return self._hearing.barge_in and self._answering.stage == "speaking"

    def _interrupt(self, job: Job) -> None:
        """Take in what was said while the agent speaks; the thread that speaks cannot recognise it.

        Falls silent only where it was said to the agent: its own voice is heard as well.
        """
        try:
            heard = self._answering.transcribe(job.segment)
        except VoiceError as error:
            self._happened.put(Trouble(error))
            return
        if heard.refused is not None:
            return
        do, sentence = self._hearing.read(job.segment, heard.text)
        if do is not Do.IGNORE:
            self._unwanted = self._answering.speeches
            self._hush()
            self._answering.take(replace(job, transcript=heard, reading=(do, sentence)))

    def _hush(self) -> None:
        if self._unwanted is not None and not self._answering.hush(self._unwanted):
            self._unwanted = None

    def _is_live(self) -> bool:
        """Whether the sound is heard as it is made, and with it the voice of the agent."""
        elapsed = (self._now() - self._began) * _FASTEST_CLOCK
        ahead = self._hearing.seconds - elapsed
        return self._microphone.live and ahead < _AHEAD_SECONDS

    def _await_answers(self) -> None:
        while not (self._answering.idle or self._stopped):
            self._tell()
            time.sleep(_WAIT_SECONDS)
        self._tell()

    def _tell(self) -> None:
        """Report what the other thread told, and raise what ended it."""
        while not self._happened.empty():
            self._report(self._happened.get())
        if self._answering.failure is not None:
            raise self._answering.failure
