"""
A guard for time: a sentence that names a time, a span or a condition is not carried out at once as if it had named none.

Strategy: the model understands, the guard only doubts. It looks for words that hardly ever stand in an order without a time, in both languages, and knows
nothing of what they mean; where the program has no trigger, the agent asks before it acts. It rewrites nothing. Which words are sure enough was
measured on the labelled sentences of the project.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanso.grammars import (
    CancelTimer,
    ResetFilter,
    SetFanLevel,
    SetFanPercent,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    StepFan,
)

if TYPE_CHECKING:
    from sanso.grammars import Program

_GUARDED: Final = (
    SetFanLevel,
    SetFanPercent,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    StepFan,
)
"""Acts that happen at once; what takes a timer or a step back names a time without having one."""
_NATIVE: Final = "한|두|세|네|다섯|여섯|일곱|여덟|아홉|열(?:한|두)?"
_COUNT_KO: Final = (
    rf"(?:\d+|{_NATIVE}|스무|스물|서른|마흔|쉰|[일이삼사오육칠팔구]?십[일이삼사오육칠팔구]?"
    r"|백[이삼사오육]?십?|[오])"
)
_HOUR_EN: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight"
)
_COUNT_EN: Final = (
    r"(?:\d+|a couple of|a quarter of an|ninety|sixty|(?:fifty|forty|thirty|twenty)"
    rf"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|fifteen|\w+teen|{_HOUR_EN})"
)
_SIGNS: Final = (
    # spans and clock times; not what is past, and not persons (두 분)
    rf"{_COUNT_KO} ?분(?![의기위율]| ?전|이? ?(?:오[셨시]|계[셨시]|께))",
    rf"{_COUNT_KO} ?시간(?! ?전)",
    r"반 ?시간",
    rf"(?:\b|[^가-힣])(?:{_NATIVE}|\d{{1,2}}) ?시(?=[에엔까부쯤경반정되로]| |$|,|\.)",
    r"\d{1,2}:\d\d",
    r"자정|정오|\b(?:noon|midnight)\b",
    rf"\b{_COUNT_EN} ?-?(?:minutes?|mins?|hours?|hrs?)(?! ago)(?![a-z])",
    r"\bhalf an hour|\b(?:in|for|after|within) an? (?:minute|hour)\b",
    rf"\b(?:\d{{1,2}}|{_HOUR_EN}) ?(?:[ap]\.?m\b|o'? ?clock)",
    r"\b\d{1,2} ?h\b",
    rf"\b(?:half past|quarter past|quarter to|until|till) (?:{_HOUR_EN}|\d)",
    r"이따가? |나중에 |(?:조금|좀|잠시|잠깐) ?(?:있다가?|이따가?|뒤에|후에) ",
    r"\b(?:later|after a while|in a (?:while|bit))$",
    # conditions
    r"(?:넘|올라가|올라오|떨어지|내려가|높아지|낮아지|나빠지|초과하|밑돌|이상이|이하이)(?:으)?(?:면|거든)",
    (
        r"\b(?:when|once|if|whenever|as soon as|should)\b.{0,40}"
        r"\b(?:above|below|exceeds?|drops?|falls?|rises?|climbs?|reach(?:es)?|passes|hits)\b"
    ),
    (
        r"(?:\b(?:co2|pm ?(?:2\.5|10)|t?voc|humidity|temperature)|습도|온도|미세먼지|이산화탄소|가스 ?(?:수치|농도)).{0,20}"
        r"\d.{0,12}(?:\b(?:above|below|over|under|past|less than|more than)\b|넘[으어는을기]|밑|아래|이하|이상(?![하해한])|초과|미만|찍으면)"
    ),
    (
        r"\b(?:co2|pm ?(?:2\.5|10)|t?voc|humidity|temperature)\b.{0,20}"
        r"\b(?:above|below|over|under|past|less than|more than)\b"
    ),
    # repetition, and another day
    "매일|날마다|평일|주말마다|아침마다|저녁마다|밤마다|[월화수목금토일]요일|내일|모레",
    r"\b(?:every|each) (?:day|morning|night|evening|weekday|weekend)",
    r"\b(?:weekdays|on weekends|tomorrow|nightly)\b",
)
_TIME: Final = re.compile("|".join(_SIGNS))
_SECONDS: Final = re.compile(
    rf"{_COUNT_KO} ?초(?=[간만쯤뒤후있동까로에 ,.]|$)(?! ?전)"
    rf"|\b{_COUNT_EN} ?-?(?:seconds?|secs?)\b(?! ago)"
)
"""A span that no program can say: they count whole minutes."""


def named_time(sentence: str) -> str:
    """The words of a normalized sentence that name a time, a span or a condition; empty without any."""
    found = _TIME.search(sentence)
    return found.group().strip() if found else ""


def lost_time(sentence: str, program: Program) -> str:
    """The words that name a time where the program acts at once, or seconds, which no program has; empty where nothing is in doubt."""
    statements = program.statements
    acts = any(isinstance(s.call, _GUARDED) for s in statements)
    if acts and (found := _SECONDS.search(sentence)):
        return found.group().strip()
    if any(s.trigger is not None for s in statements):
        return ""
    if any(isinstance(s.call, CancelTimer | ResetFilter) for s in statements):
        return ""
    return named_time(sentence) if acts else ""
