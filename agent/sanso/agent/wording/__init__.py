"""What the agent answers, in the language of the sentence, from what was read back."""

from .korean import attach
from .language import LANGUAGES, Language, language_of
from .numerals import spoken
from .outcomes import word_confirm, word_outcome, word_program_did
from .queries import word_query
from .replies import (
    word_answer,
    word_ask,
    word_chat,
    word_did_you_mean,
    word_error,
    word_meant,
    word_reject,
    word_undo,
)
from .timers import (
    PendingTimer,
    word_cancelled,
    word_due,
    word_full,
    word_missed,
    word_scheduled,
)
from .tips import word_tip

__all__ = [
    "LANGUAGES",
    "Language",
    "PendingTimer",
    "attach",
    "language_of",
    "spoken",
    "word_answer",
    "word_ask",
    "word_cancelled",
    "word_chat",
    "word_confirm",
    "word_did_you_mean",
    "word_due",
    "word_error",
    "word_full",
    "word_meant",
    "word_missed",
    "word_outcome",
    "word_program_did",
    "word_query",
    "word_reject",
    "word_scheduled",
    "word_tip",
    "word_undo",
]
