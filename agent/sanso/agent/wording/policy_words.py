"""What the policy says, in words: why something is not done, done in a lesser form, or asked about first.

Strategy: two tables with equal keys. Every sentence is made from the plain values of a
verdict, so that `sanso why` says of a record what was said when it happened.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

from sanso.devices import Outcome, OutcomeCode, State
from sanso.grammars import SetFanLevel, SetFanPercent, parse

from .korean import Word
from .outcomes import word_confirm, word_outcome
from .tongue import TONGUES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sanso.agent.policy_verdict import Review, Verdict
    from sanso.devices import Capabilities

    from .language import Language

_MINUTE: Final = 60

POLICY_EN: Final[dict[str, str]] = {
    "caller.read": "From here you can only ask about the purifier, not change anything.",
    "caller.act": "From here you can't change what lasts: repeating schedules, all timers "
    "at once, the child lock or the filter counter.",
    "level": "The rule “{rule}” allows the fan no higher than {level}.",
    "level.until": "Until {clock}, the rule “{rule}” allows the fan no higher than {level}.",
    "light.dim": "The rule “{rule}” allows a dimmed light at most.",
    "light.dim.until": "Until {clock}, the rule “{rule}” allows a dimmed light at most.",
    "light.off": "The rule “{rule}” keeps the light off.",
    "light.off.until": "Until {clock}, the rule “{rule}” keeps the light off.",
    "sound": "The rule “{rule}” keeps sound off.",
    "sound.until": "Until {clock}, the rule “{rule}” keeps sound off.",
    "motor": "The fan speed was changed just now. Please ask again in {wait}.",
    "power": "The power was switched just now. Please ask again in {wait}.",
    "acts": "That is too much within a minute: the rule “{rule}” allows {limit}. "
    "Please ask again in {wait}.",
    "confirm": "The rule “{rule}” wants a yes first.",
    "final": "It can't be taken back, so it wants a yes first.",
    "nothing": "So I changed nothing.",
    "held.back": "I kept to the rule “{rule}” in doing so.",
    "second.one": "a second",
    "second.many": "{number} seconds",
}
POLICY_KO: Final[dict[str, str]] = {
    "caller.read": "여기서는 상태를 물어볼 수만 있고, 바꿀 수는 없어요.",
    "caller.act": "여기서는 반복 예약, 전체 예약 취소, 버튼 잠금, 필터 초기화처럼 "
    "계속 남는 설정은 바꿀 수 없어요.",
    "level": "‘{rule}’ 규칙이 있어서 풍량을 {level}까지만 올릴 수 있어요.",
    "level.until": "‘{rule}’ 규칙이 있어서 {clock}까지는 풍량을 {level}까지만 올릴 수 있어요.",
    "light.dim": "‘{rule}’ 규칙이 있어서 표시등은 어둡게만 켤 수 있어요.",
    "light.dim.until": "‘{rule}’ 규칙이 있어서 {clock}까지는 표시등을 어둡게만 켤 수 있어요.",
    "light.off": "‘{rule}’ 규칙이 있어서 표시등을 켤 수 없어요.",
    "light.off.until": "‘{rule}’ 규칙이 있어서 {clock}까지는 표시등을 켤 수 없어요.",
    "sound": "‘{rule}’ 규칙이 있어서 소리를 켤 수 없어요.",
    "sound.until": "‘{rule}’ 규칙이 있어서 {clock}까지는 소리를 켤 수 없어요.",
    "motor": "풍량을 방금 바꿨어요. {wait} 뒤에 다시 말해 주세요.",
    "power": "전원을 방금 켜거나 껐어요. {wait} 뒤에 다시 말해 주세요.",
    "acts": "1분 안에 너무 많이 바꿨어요. ‘{rule}’ 규칙은 1분에 {limit}번까지 허용해요. "
    "{wait} 뒤에 다시 말해 주세요.",
    "confirm": "‘{rule}’ 규칙이 있어서 먼저 여쭤봐야 해요.",
    "final": "되돌릴 수 없는 일이라 먼저 여쭤봐야 해요.",
    "nothing": "그래서 아무것도 바꾸지 않았어요.",
    "held.back": "‘{rule}’ 규칙에 맞춰서 했어요.",
    "second.one": "1초",
    "second.many": "{number}초",
}
POLICY: Final[Mapping[Language, Mapping[str, str]]] = {"ko": POLICY_KO, "en": POLICY_EN}


def word_verdict(
    verdict: Verdict, lang: Language, capabilities: Capabilities | None = None
) -> str:
    """Return why a statement is not simply done; nothing where it is."""
    return word_row(verdict.as_json(), lang, capabilities)


def word_row(
    row: Mapping[str, Any], lang: Language, capabilities: Capabilities | None = None
) -> str:
    """Return the same from a verdict's plain values, as a record keeps them."""
    tongue = TONGUES[lang]
    reason = row["reason"]
    if reason is None:
        return ""
    if reason == "lacking":
        return _lacking(row, lang, capabilities)
    key = f"{reason}.{row['limit']}" if reason in ("caller", "light") else reason
    if row["until"]:
        key += ".until"
    slots = {
        "rule": row["rule"] or "",
        "limit": row["limit"] or "",
        "wait": _wait(row["seconds"] or 0.0, lang),
    }
    if row["until"]:
        slots["clock"] = tongue.clock(row["until"])
    if reason == "level":
        slots["level"] = tongue.level(int(row["limit"]))
    return _say(key, lang, **slots)


def word_refused(
    review: Review, lang: Language, capabilities: Capabilities | None = None
) -> str:
    """Return why a program is not done, and that none of it is; nothing where nothing is refused."""
    told = [word_verdict(v, lang, capabilities) for v in review.refused]
    if not told:
        return ""
    return " ".join([*dict.fromkeys(told), _say("nothing", lang)])


def word_lowered(review: Review, lang: Language) -> str:
    """Return why less is done than was said; nothing where all of it is done. What is done is told by its outcome."""
    told = [word_verdict(v, lang) for v in review.lowered]
    return " ".join(dict.fromkeys(told))


def word_asked(verdict: Verdict, lang: Language) -> str:
    """Return the question that a yes answers."""
    return word_confirm(verdict.doing.call, lang)


def word_held_back(rules: Sequence[str], lang: Language) -> str:
    """Return that what was put back was held back by these rules; nothing where none bit."""
    return " ".join(_say("held.back", lang, rule=rule) for rule in rules)


def _lacking(
    row: Mapping[str, Any], lang: Language, capabilities: Capabilities | None
) -> str:
    call = parse(row["statement"]).statements[0].call
    ranged = isinstance(call, SetFanLevel | SetFanPercent)
    code = OutcomeCode.OUT_OF_RANGE if ranged else OutcomeCode.UNSUPPORTED
    outcome = Outcome(code, call, State(), State(), row["limit"] or "")
    return word_outcome(outcome, lang, capabilities)


def _wait(seconds: float, lang: Language) -> str:
    whole = max(1, ceil(seconds))
    if whole > _MINUTE:
        return TONGUES[lang].span(seconds)
    return _say("second.one" if whole == 1 else "second.many", lang, number=whole)


def _say(key: str, lang: Language, **slots: object) -> str:
    return POLICY[lang][key].format_map({n: Word(v) for n, v in slots.items()})
