"""
Turn a segment of speech into text with faster-whisper, held to Korean and English.

Strategy: whatever comes as samples is made fit or refused before the model sees it, one
pass gives language and text, and gates judge what came out. Library and model are loaded
when the transcriber is made, so that what is wrong with them is told before anybody
speaks; nothing is fetched.
"""

from __future__ import annotations

import os
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sanso.agent.wording.language import LANGUAGES, Language

from .errors import TranscriberError
from .gates import Thresholds, compression, refuse_sound, refuse_text
from .model_files import own_gates
from .models_at_hand import DEFAULT, find_model
from .parts import RATE, Gate, Samples, Transcript
from .terms import MOST_TERMS, call_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .transcribe_once import OnePass

COMPUTE_TYPE: Final = "int8"
_SURE_SHARE: Final = 0.6
"""Of Korean and English together: a language with less is not told from the other."""
_MARGIN_SECONDS: Final = 2.0
"""What a shortened window keeps behind the sound; without it models were seen to repeat
themselves (transcribe.cpp, pull request 149: windows from 10 s, and 2 s behind)."""
_WARM_LOUDNESS: Final = 0.02
"""Silence would be refused before it came to the model."""
_FULL_SCALE: Final = 32_768.0
_NO_SOUND: Final = 4.0
"""A peak that no sound from -1 to 1 has, however it was amplified: it is counted in the
steps of 16 bits."""


class WhisperTranscriber:
    """Turns a segment into text with a Whisper model."""

    def __init__(
        self,
        model: str | Path = DEFAULT,
        *,
        language: Language | None = None,
        languages: Sequence[Language] = LANGUAGES,
        window_s: float | None = None,
        compute_type: str = COMPUTE_TYPE,
        cpu_threads: int | None = None,
        max_new_tokens: int | None = None,
        thresholds: Thresholds | None = None,
        terms: Callable[[Language], Sequence[str]] = call_terms,
        has_speech: Callable[[Samples], bool] | None = None,
    ) -> None:
        """
        Find a model on this machine and load it.

        `language` is written down where the sound could be either; the likelier one where
        it is None. `window_s` shortens the window to so many seconds, for sound that fits.
        `cpu_threads` are the cores less one where it is None, `max_new_tokens` 64, or more
        for a vocabulary of letters. `thresholds` are the recogniser's own where it is
        None. `has_speech` tells whether there is speech in sound: only then is the model
        prompted with `terms`, never without it. Raises TranscriberError with cause and
        cure.
        """
        self._model = str(model)
        self.name = f"{self._model} {compute_type}"
        self._facts = find_model(model)
        self._window = self._checked_window(window_s)
        self._language = language
        self._allowed = tuple(languages) or LANGUAGES
        self._thresholds = thresholds or own_thresholds(self._facts.folder)
        self._terms = terms
        self._has_speech = has_speech
        threads = default_threads() if cpu_threads is None else max(1, cpu_threads)
        self._once: OnePass | None = self._loaded(compute_type, threads)
        self._tokens = max_new_tokens or self._once.tokens
        if not self._once.knows_languages:
            self._allowed = ("en",)

    @property
    def window_s(self) -> float:
        """Seconds that it hears at once, at least; more where the sound is longer."""
        return self._window

    @property
    def most_seconds(self) -> float:
        """The longest sound that it hears; a longer one is refused as `long`."""
        return self._facts.seconds

    def transcribe(self, samples: Samples) -> Transcript:
        """
        Transcribe one segment; a gate that refuses is told in the transcript.

        Samples of another kind (integers, more than one dimension, NaN) are made fit.
        Raises TranscriberError after `close`, and where the model itself fails.
        """
        started = time.perf_counter()
        sound = as_sound(samples)
        gate = refuse_sound(sound, self._thresholds, most_seconds=self.most_seconds)
        if gate is not None:
            return self._unheard(gate, time.perf_counter() - started)
        prompted = self._has_speech is not None and self._has_speech(sound)
        try:
            heard = self._opened().hear(
                sound,
                lambda shares: self._chosen(shares, prompted=prompted),
                window_seconds=self._window_for(len(sound) / RATE),
                tokens=self._tokens,
            )
        except (RuntimeError, ValueError, IndexError) as error:
            reason = " ".join(str(error).split())
            msg = f"the recogniser {self._model} failed ({reason}); try another one"
            raise TranscriberError(msg, model=self._model) from error
        found = Transcript(
            text=heard.text,
            language=heard.language,
            language_mass=min(
                1.0, sum(heard.languages.get(known, 0.0) for known in LANGUAGES)
            ),
            no_speech=heard.no_speech,
            mean_logprob=heard.mean_logprob,
            compression=compression(heard.text),
            seconds={
                "encode": heard.encode_seconds,
                "decode": heard.decode_seconds,
                "total": time.perf_counter() - started,
            },
        )
        gate = refuse_text(
            found, self._thresholds, prompt=heard.prompt, whole=heard.whole
        )
        return replace(found, refused=gate)

    def warm_up(self) -> None:
        """Recognise a moment of noise, for nobody: the first time takes several times as long.

        Raises TranscriberError where the model fails.
        """
        noise = np.random.default_rng(0).normal(0.0, _WARM_LOUDNESS, RATE)
        self.transcribe(noise.astype(np.float32))

    def close(self) -> None:
        """Give back the memory of the model."""
        if self._once is not None:
            self._once.close()
            self._once = None

    def _unheard(self, gate: Gate, seconds: float) -> Transcript:
        """Return the transcript of sound that was refused before it was recognised."""
        spent = {"encode": 0.0, "decode": 0.0, "total": seconds}
        language = self._language or self._allowed[0]
        return Transcript("", language, 0.0, 1.0, 0.0, 0.0, gate, spent)

    def _chosen(
        self, shares: Mapping[str, float], *, prompted: bool
    ) -> tuple[Language, Sequence[str]]:
        language = choose_language(shares, self._allowed, self._language)
        terms = tuple(self._terms(language))[:MOST_TERMS] if prompted else ()
        return language, terms

    def _window_for(self, seconds: float) -> float:
        """Return the window for a sound: what was asked for, or more where it needs more."""
        return min(max(self._window, seconds + _MARGIN_SECONDS), self.most_seconds)

    def _checked_window(self, asked: float | None) -> float:
        own = self._facts.seconds
        if asked is None:
            return own
        if not 1.0 <= asked <= own:
            msg = f"the recogniser {self._model} hears 1 to {own:g} seconds at once; choose a window within that"
            raise TranscriberError(msg, model=self._model)
        return asked

    def _opened(self) -> OnePass:
        if self._once is None:
            msg = f"the recogniser {self._model} is closed; open it again"
            raise TranscriberError(msg, model=self._model)
        return self._once

    def _loaded(self, compute_type: str, threads: int) -> OnePass:
        try:
            from .transcribe_once import OnePass
        except ImportError as error:
            what = error.name or "faster_whisper"
            msg = f"speech recognition needs {what}, which is not installed; pip install 'sanso[voice]'"
            raise TranscriberError(msg, model=self._model) from error
        try:
            return OnePass(self._facts, compute_type=compute_type, threads=threads)
        except Exception as error:  # each library below raises its own
            reason = " ".join(str(error).split())
            msg = f"the recogniser {self._model} cannot be loaded ({reason}); copy or pull it again"
            raise TranscriberError(msg, model=self._model) from error


def own_thresholds(folder: Path) -> Thresholds:
    """
    Return where the gates close for the recogniser of a folder: Whisper's thresholds, but for those that it brings along.

    How likely a text must be depends on what a recogniser can say at all: one of few
    sentences is sure of them, and of noise as sure as Whisper is of speech. Raises
    TranscriberError where its file of them is damaged.
    """
    names = [field.name for field in fields(Thresholds)]
    return Thresholds(**own_gates(folder, names))


def default_threads() -> int:
    """Return the cores that this process may use less one, so that sound keeps coming in."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        cores = os.cpu_count() or 1
    return max(1, cores - 1)


def choose_language(
    shares: Mapping[str, float],
    allowed: Sequence[Language] = LANGUAGES,
    preferred: Language | None = None,
) -> Language:
    """Return the likeliest of the allowed languages; the preferred one where two are near.

    Other languages do not matter here: how little is left for these tells a gate.
    """
    likeliest = max(allowed, key=lambda language: shares.get(language, 0.0))
    together = sum(shares.get(language, 0.0) for language in allowed)
    sure = together > 0 and shares.get(likeliest, 0.0) / together >= _SURE_SHARE
    if sure or preferred is None or preferred not in allowed:
        return likeliest
    return preferred


def as_sound(samples: Any) -> Samples:
    """
    Return samples as mono sound of 32-bit floats from -1 to 1; never fails on numbers.

    Integers are taken by the range of their type. Floats as large as integers of 16 bits
    are taken for such. What is no number is silence. Of several dimensions the longest is
    time, and the others are channels, which become one in their mean.
    """
    given = np.asarray(samples)
    kind = given.dtype
    with np.errstate(all="ignore"):
        if given.ndim > 1 and given.size:
            by_time = np.moveaxis(given, int(np.argmax(given.shape)), 0)
            channels = by_time.reshape(len(by_time), -1)
            given = channels.mean(axis=1, dtype=np.float32)
        sound = given.ravel().astype(np.float32)
    sound = np.nan_to_num(sound, copy=False, posinf=0.0, neginf=0.0)
    if np.issubdtype(kind, np.integer):
        sound /= float(np.iinfo(kind).max) + 1.0
    elif sound.size and np.max(np.abs(sound)) > _NO_SOUND:
        sound /= _FULL_SCALE
    return np.clip(sound, -1.0, 1.0)
