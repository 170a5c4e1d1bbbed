"""
What was cut out of the sound becomes an act and an answer: the one thread behind the microphone.

Strategy: one utterance after another, each through recogniser, attention, agent and voice.
Nothing is carried out on a transcript that a gate refused, and nothing that waited so long
that nobody means it any more. What goes wrong costs that utterance; a mistake of our own
ends the thread and is raised where the loop is run.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from sanso.agent.wording.language import Language, language_of
from sanso.grammars import SansoError

from .attention import Do
from .happenings import Called, Due, Exchange, Late, Overheard, Trouble, Voiced
from .parts import Gate, Segment, Transcript
from .voicing import is_question, word_failed, word_missed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .happenings import Happening
    from .hearing import Hearing
    from .jobs import Answerer, Job
    from .parts import Transcriber
    from .voicing import Voicing

Stage = Literal["idle", "understanding", "speaking"]

SOURCE: Final = "microphone"
"""Name of the conversation."""
SAY_SECONDS: Final = 20.0
"""The longest that the model may take."""
TICK_SECONDS: Final = 1.0
"""How often what is due is carried out while nothing is said."""
STALE_SECONDS: Final = 10.0
"""What waited longer for its turn is not carried out any more."""
END_SECONDS: Final = 12.0
"""How long the end waits for what is carried out; a service is tried for 10 s at most."""
_SURVIVED: Final = (SansoError, RuntimeError, OSError)
"""What costs an utterance at most; llama.cpp and CTranslate2 refuse with RuntimeError."""
_STOP_SECONDS: Final = 0.1
"""How often it is told to fall silent at the end: what is about to be said cannot be yet."""
_NOBODY_SPOKE: Final[tuple[Gate, ...]] = ("short", "silence", "noise")


class Answering:
    """Takes jobs in one thread and answers them in another, until it is stopped."""

    def __init__(
        self,
        hearing: Hearing,
        transcriber: Transcriber,
        agent: Answerer,
        voicing: Voicing,
        tell: Callable[[Happening], None],
        *,
        duplex: Callable[[], bool],
        waiting: Callable[[], float] = lambda: 0.0,
        quiet_misses: bool = False,
        language: Language = "ko",
        say_seconds: float = SAY_SECONDS,
        monotonic: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Answer through these; `tell` is called by this thread.

        `duplex` says whether the microphone hears the voice: then the attention is told when
        it speaks. `waiting` gives the seconds of sound that the microphone heard and the loop
        has not read: as it falls silent, its voice is still in them. `language` is that of the first words where no sentence told another.
        """
        self._hearing = hearing
        self._transcriber = transcriber
        self._agent = agent
        self._voicing = voicing
        self._tell = tell
        self._duplex = duplex
        self._unread = waiting
        self._quiet = quiet_misses
        self._language: Language = language
        self._say_seconds = say_seconds
        self._now = monotonic
        self.stage: Stage = "idle"
        self.speeches = 0
        """How often it began to speak."""
        self.failure: BaseException | None = None
        """What ended the thread against its will."""
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._waiting = 0
        self._count = threading.Lock()
        self._recognising = threading.Lock()
        self._stopped = False
        self._trouble = ""
        """What went wrong last in keeping the time."""
        self._thread = threading.Thread(
            target=self._run, name="sanso-voice", daemon=True
        )

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def take(self, job: Job) -> None:
        """Take a job in; never waits."""
        with self._count:
            self._waiting += 1
        self._jobs.put(job)

    @property
    def idle(self) -> bool:
        """Whether all that was taken in is done, or never will be."""
        return not self._waiting or not self._thread.is_alive()

    def transcribe(self, segment: Segment) -> Transcript:
        """Recognise a segment in the thread of the caller, while this one speaks. Raises TranscriberError."""
        with self._recognising:
            return self._transcriber.transcribe(segment.samples)

    def hush(self, speech: int) -> bool:
        """Fall silent if this is the speech under way; from any thread. False where it is over.

        What is about to be said cannot be stopped yet: ask again until it is over.
        """
        if self.stage != "speaking" or self.speeches != speech:
            return False
        self._voicing.stop()
        return True

    def stop(self) -> None:
        """End the thread: what is carried out is, what is being understood is not.

        Waits `END_SECONDS` at most; what hangs longer ends with the process.
        """
        self._stopped = True
        self._jobs.put(None)
        if self.stage == "understanding":
            self._agent.cancel()
        for _ in range(round(END_SECONDS / _STOP_SECONDS)):
            if not self._thread.is_alive():
                break
            self._voicing.stop()
            self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        try:
            while not self._stopped:
                try:
                    job = self._jobs.get(timeout=TICK_SECONDS)
                except queue.Empty:
                    self._keep_time()
                    continue
                if job is None:
                    return
                try:
                    self._do(job)
                finally:
                    self.stage = "idle"
                    with self._count:
                        self._waiting -= 1
        except BaseException as error:  # noqa: BLE001 - raised again by the loop
            self.failure = error

    def _do(self, job: Job) -> None:
        segment = job.segment
        began = self._now()
        if began - job.at > STALE_SECONDS:
            self._tell(Late(segment))
            return
        self.stage = "understanding"
        seconds = {
            "ending": segment.decided - segment.speech_end,
            "waiting": began - job.at,
        }
        if job.do is Do.REFUSE:
            self._miss(
                Exchange(segment, self._language, missed=job.gate, seconds=seconds)
            )
            return
        with self._surviving():
            heard = job.transcript or self.transcribe(segment)
            seconds |= {
                name: heard.seconds.get(name, 0.0) for name in ("encode", "decode")
            }
            seconds["recogniser"] = heard.seconds.get("total", 0.0)
            self._heard(job, segment, heard, seconds)

    def _heard(
        self, job: Job, segment: Segment, heard: Transcript, seconds: dict[str, float]
    ) -> None:
        if heard.refused is not None:
            known = heard.text and heard.refused != "language"
            language = heard.language if known else self._language
            self._miss(
                Exchange(segment, language, heard, "", heard.refused, seconds=seconds)
            )
            return
        do, sentence = job.reading or self._hearing.read(segment, heard.text)
        if do is Do.ATTEND:
            self._attend(segment)
        elif do is not Do.ACT:
            self._tell(Overheard(heard))
        elif not self._stopped:
            self._act(job, segment, heard, sentence, seconds)

    def _act(
        self,
        job: Job,
        segment: Segment,
        heard: Transcript,
        sentence: str,
        seconds: dict[str, float],
    ) -> None:
        try:
            reply = self._agent.say(
                sentence, source=SOURCE, timeout_seconds=self._say_seconds
            )
        except _SURVIVED as error:
            self._fail(segment, heard, sentence, seconds, error)
            return
        done = self._now()
        spent = reply.milliseconds
        seconds["model"] = spent.get("decide", 0.0) / 1000
        seconds["device"] = spent.get("act", 0.0) / 1000
        seconds["obeyed"] = seconds["ending"] + done - job.at
        language: Language = "ko" if reply.lang == "ko" else "en"
        self._language = language
        exchange = Exchange(
            segment, language, heard, sentence, None, reply, reply.words, seconds
        )
        self._tell(exchange)
        if is_question(reply):
            self._hearing.ask()
        if self._stopped:
            return
        self._aloud(exchange, done, lambda: self._voicing.answer(reply, language))

    def _fail(
        self,
        segment: Segment,
        heard: Transcript,
        sentence: str,
        seconds: dict[str, float],
        error: Exception,
    ) -> None:
        """Tell what was heard and why nothing came of it, and say that something went wrong."""
        words = word_failed(heard.language)
        failed = Exchange(
            segment, heard.language, heard, sentence, words=words, seconds=seconds
        )
        self._tell(failed)
        self._tell(Trouble(error))
        if not self._stopped:
            self._aloud(
                failed, self._now(), lambda: self._voicing.say(words, heard.language)
            )

    def _miss(self, exchange: Exchange) -> None:
        """Tell what was not caught, and say so where that is wanted and somebody spoke to the agent."""
        gate = exchange.missed
        assert gate is not None  # noqa: S101 - that is what a miss is
        told = exchange
        if self._says(gate, exchange.segment):
            told = replace(exchange, words=word_missed(gate, exchange.language))
        self._tell(told)
        if told.words and not self._stopped:
            self._aloud(
                told,
                self._now(),
                lambda: self._voicing.miss(told.words, told.language),
            )

    def _says(self, gate: Gate, segment: Segment) -> bool:
        if self._quiet or not self._hearing.is_meant(segment):
            return False
        return gate not in _NOBODY_SPOKE or self._hearing.by_key

    def _attend(self, segment: Segment) -> None:
        self._tell(Called(segment))
        if self._voicing.signals:
            with self._surviving():
                self._speak(self._voicing.attend)

    def _keep_time(self) -> None:
        """Carry out what is due, and say it; the same trouble is not told each second."""
        try:
            due = self._agent.tick()
            self._trouble = ""
        except _SURVIVED as error:
            if str(error) != self._trouble:
                self._tell(Trouble(error))
            self._trouble = str(error)
            return
        with self._surviving():
            for words in due:
                self._tell(Due(words))
                language = language_of(words, otherwise=self._language)
                self._speak(partial(self._voicing.say, words, language))

    def _aloud(self, exchange: Exchange, since: float, say: Callable[[], None]) -> None:
        self._voicing.forget()
        with self._surviving():
            self._speak(say)
            began = self._voicing.began
            self._tell(
                Voiced(
                    exchange,
                    None if began is None else began - since,
                    self._now() - since,
                )
            )

    def _speak(self, say: Callable[[], None]) -> None:
        """Speak, while the attention knows; not over somebody who speaks to the agent again."""
        duplex = self._duplex() and not self._voicing.mute
        self.speeches += 1
        self.stage = "speaking"  # first: who is told that it speaks may want to stop it
        try:
            if not duplex:
                say()
            elif self._hearing.speak():
                try:
                    say()
                finally:
                    self._hearing.fall_silent(self._unread())
        finally:
            self.stage = "idle"

    @contextmanager
    def _surviving(self) -> Iterator[None]:
        """Let listening survive what the recogniser, the model, the purifier or the voice refuses."""
        try:
            yield
        except _SURVIVED as error:
            self._tell(Trouble(error))
