"""
faster-whisper with one pass of its encoder for each utterance.

Strategy: the encoder takes most of the time, and faster-whisper runs it once to find the
language and again for the text. Here the sound is encoded once; the language is read
from that, chosen by the caller, and the text decoded from the same. The window may be
shorter than the model's own: an encoder takes any length up to its positions. All that
the library adds for long recordings (segments, timestamps, fallbacks to other
temperatures) is left out, so the time is bounded.
"""

from __future__ import annotations

import time
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens

from .model_files import ModelFacts
from .parts import RATE, Samples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sanso.agent.wording.language import Language

    Chosen = tuple[Language, Sequence[str]]

_NEEDED: Final = (
    *("<|endoftext|>", "<|startoftranscript|>", "<|notimestamps|>", "<|transcribe|>"),
    *("<|translate|>", "<|startoflm|>", "<|startofprev|>"),
)
_LANGUAGES: Final = ("<|en|>", "<|ko|>")
_NO_SPEECH: Final = ("<|nospeech|>", "<|nocaptions|>")

_LONGEST: Final[dict[Language, str]] = {
    "ko": "두 시간 뒤에 공기청정기 바람을 삼 단으로 줄이고 화면 불도 꺼 줘",
    "en": "turn the fan of the air purifier down to level three in two hours",
}
"""Commands of the longer kind: what a vocabulary needs for them, it may need in all."""
_LEAST_TOKENS: Final = 64
_MOST_TEXT: Final = 448
_MOST_PROMPT_TOKENS: Final = 223
"""What Whisper was trained with at most: half of its positions less one."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one pass made of an utterance."""

    text: str
    """In NFC, stripped."""
    language: Language
    languages: Mapping[str, float]
    """Probability of each language that the model knows, by its code."""
    no_speech: float
    mean_logprob: float
    whole: bool
    """Whether the text ended by itself."""
    prompt: Sequence[str]
    """The terms that were given."""
    encode_seconds: float
    """Spectrogram, encoder and language."""
    decode_seconds: float


class OnePass:
    """A model that hears an utterance in one pass."""

    def __init__(self, facts: ModelFacts, *, compute_type: str, threads: int) -> None:
        """Load the model of a checked folder.

        Raises ValueError where a token is missing, and what the library raises.
        """
        self._whisper: Any = WhisperModel(
            str(facts.folder),
            device="cpu",
            compute_type=compute_type,
            cpu_threads=threads,
        )
        self._facts = facts
        self._frames_a_second = RATE / facts.hop
        self._hf: Any = self._whisper.hf_tokenizer
        self._writings: dict[Language, tuple[Any, Any]] = {}
        missing = [token for token in self._needed() if self._id(token) is None]
        if missing or not any(self._id(token) is not None for token in _NO_SPEECH):
            raise ValueError(f"its tokens lack {' '.join(missing or _NO_SPEECH[:1])}")
        needed = max(len(self._encoded(text)) for text in _LONGEST.values())
        self.tokens = max(_LEAST_TOKENS, 2 * needed)
        """Most tokens of a text, unless the caller says less or more: 64, or twice what a
        long command takes in a vocabulary of letters."""

    @property
    def knows_languages(self) -> bool:
        """Whether it knows others than English."""
        return bool(self._whisper.model.is_multilingual)

    def hear(
        self,
        samples: Samples,
        choose: Callable[[Mapping[str, float]], Chosen],
        *,
        window_seconds: float,
        tokens: int,
    ) -> Heard:
        """
        Recognise what is said in at most one window; what is behind it is cut.

        `choose` gets the probabilities of the languages, and gives the one to write down
        and the terms to prompt with. Raises RuntimeError and ValueError where the model
        is not what its files said.
        """
        started = time.perf_counter()
        encoded = self._encode(samples, window_seconds)
        languages = self._languages(encoded)
        language, terms = choose(languages)
        between = time.perf_counter()
        tokenizer, suppressed = self._writing(language)
        prompt = [
            *self._prompt(tokenizer, terms),
            *tokenizer.sot_sequence,
            tokenizer.no_timestamps,
        ]
        room = (self._facts.text_positions or _MOST_TEXT) - len(prompt)
        most = max(1, min(tokens, room))
        (found,) = self._whisper.model.generate(
            encoded,
            [prompt],
            beam_size=1,
            # the text gets what the prompt leaves of it, and never more than half
            max_length=max(2 * most, most + len(prompt)),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=suppressed,
        )
        said = found.sequences_ids[0]
        text = unicodedata.normalize("NFC", tokenizer.decode(said)).strip()
        # the score is the mean over the text; its end was a choice as well
        mean = found.scores[0] * len(said) / (len(said) + 1)
        return Heard(
            text=text,
            language=language,
            languages=languages,
            no_speech=float(found.no_speech_prob),
            mean_logprob=float(mean),
            whole=len(said) < most,
            prompt=tuple(terms),
            encode_seconds=between - started,
            decode_seconds=time.perf_counter() - between,
        )

    def close(self) -> None:
        """Give back its memory."""
        self._whisper.model.unload_model()

    def _encode(self, samples: Samples, window_seconds: float) -> Any:
        """Return the encoder's output for one window, filled up with zeros."""
        # an encoder halves the frames: their number must be even
        frames = 2 * round(window_seconds * self._frames_a_second / 2)
        features = self._whisper.feature_extractor(samples)
        known = min(features.shape[-1] - 1, frames)  # the last lies behind the sound
        window = np.zeros((features.shape[0], frames), np.float32)
        window[:, :known] = features[:, :known]
        return self._whisper.encode(window)

    def _languages(self, encoded: Any) -> dict[str, float]:
        if not self.knows_languages:
            return {"en": 1.0}
        (found,) = self._whisper.model.detect_language(encoded)
        return {token[2:-2]: float(share) for token, share in found}

    def _writing(self, language: Language) -> tuple[Any, Any]:
        """Return the tokenizer of a language, and the tokens that are never text."""
        if language not in self._writings:
            tokenizer = Tokenizer(
                self._hf, self.knows_languages, task="transcribe", language=language
            )
            suppressed = get_suppressed_tokens(tokenizer, [-1])
            self._writings[language] = tokenizer, suppressed
        return self._writings[language]

    def _prompt(self, tokenizer: Any, terms: Sequence[str]) -> list[int]:
        if not terms:
            return []
        told = self._encoded(" " + ", ".join(terms))[:_MOST_PROMPT_TOKENS]
        return [tokenizer.sot_prev, *told]

    def _needed(self) -> tuple[str, ...]:
        return (*_NEEDED, *(_LANGUAGES if self.knows_languages else ()))

    def _id(self, token: str) -> int | None:
        found: int | None = self._hf.token_to_id(token)
        return found

    def _encoded(self, text: str) -> list[int]:
        ids: list[int] = self._hf.encode(text, add_special_tokens=False).ids
        return ids
