"""What the agent answers, in the language of the sentence, from what was read back."""

from .keeping import (
    word_aside,
    word_beyond,
    word_clock_unknown,
    word_gone,
    word_interrupted,
    word_late,
    word_missed_late,
    word_still_counts,
    word_trouble,
    word_unkept,
    word_unkept_drop,
    word_unkept_due,
    word_unread,
)
from .korean import attach
from .language import LANGUAGES, Language, language_of
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
    "word_answer",
    "word_aside",
    "word_ask",
    "word_beyond",
    "word_cancelled",
    "word_chat",
    "word_clock_unknown",
    "word_confirm",
    "word_did_you_mean",
    "word_due",
    "word_error",
    "word_full",
    "word_gone",
    "word_interrupted",
    "word_late",
    "word_meant",
    "word_missed",
    "word_missed_late",
    "word_outcome",
    "word_program_did",
    "word_query",
    "word_reject",
    "word_scheduled",
    "word_still_counts",
    "word_tip",
    "word_trouble",
    "word_undo",
    "word_unkept",
    "word_unkept_drop",
    "word_unkept_due",
    "word_unread",
]
