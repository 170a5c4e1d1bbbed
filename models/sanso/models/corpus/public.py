"""
Read the licensed public sentences, and decide for each of their labels what a purifier's agent shall make of it.

Strategy: every label of MASSIVE, CLINC150 and the chatbot data is named here: off topic, noise, small talk, or left out because
its sentences lie in the purifier's own domain or mean several things. What is left out still teaches the
languages (loss on the sentence), but no program.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

FILES: Final = {
    "massive": ("massive_ko.jsonl", "massive_en.jsonl"),
    "clinc150": ("clinc150_en.jsonl",),
    "chatbot": ("chatbot_ko.jsonl",),
}
ATTRIBUTION: Final = (
    "MASSIVE 1.x, Amazon (FitzGerald et al. 2022), CC BY 4.0",
    "CLINC150, Larson et al. 2019, CC BY 3.0",
    "Chatbot_data, Youngsook Song 2018, MIT",
)
_OFF_TOPIC, _NOISE = "reject(reason=off_topic)", "reject(reason=noise)"
_UNSUPPORTED = "reject(reason=unsupported)"

# Labels whose sentences are, to a purifier, something else than off topic. An empty text: no program is learned.
LABELS: Final = {
    "massive": {
        # "turn off the lights", "make it brighter": the purifier has a light of its own.
        "iot_hue_lightoff": "",
        "iot_hue_lighton": "",
        "iot_hue_lightdim": "",
        "iot_hue_lightup": "",
        "iot_hue_lightchange": "",
        # Plugs, "be quiet", "louder": could be meant for the purifier.
        "iot_wemo_on": "",
        "iot_wemo_off": "",
        "audio_volume_mute": "",
        "audio_volume_down": "",
        "audio_volume_up": "",
        "audio_volume_other": "",
        # Holds "good morning", "yes", "stop", "thanks" without a common meaning.
        "general_greet": "",
        "general_quirky": "",
        "cooking_query": "",
        "cooking_recipe": _OFF_TOPIC,
    },
    "clinc150": {
        "greeting": "chat(kind=greeting)",
        "goodbye": "chat(kind=goodbye)",
        "thank_you": "chat(kind=thanks)",
        "what_can_i_ask_you": "chat(kind=help)",
        "what_is_your_name": "chat(kind=identity)",
        "are_you_a_bot": "chat(kind=identity)",
        "yes": "",
        "no": "",
        "maybe": "",
        "cancel": "",
        "repeat": "",
        "timer": "",
        "smart_home": "",
        "change_speed": "",
        "change_volume": "",
        "whisper_mode": "",
        "change_language": _UNSUPPORTED,
        "change_accent": _UNSUPPORTED,
        "change_ai_name": _UNSUPPORTED,
        "reset_settings": "",
        "sync_device": _UNSUPPORTED,
        "user_name": "",
        "change_user_name": "",
        "who_made_you": "",
        "what_are_your_hobbies": "",
        "who_do_you_work_for": "",
        "how_old_are_you": "",
        "where_are_you_from": "",
        "meaning_of_life": "",
        "do_you_have_pets": "",
        "fun_fact": "",
        "tell_joke": _OFF_TOPIC,
        "order": "",
    },
    "chatbot": {"chat": _NOISE},
}
_HELD_OUT_SHARE = 10
# Of everyday talk, these touch the purifier's needs; none of them is taught as noise.
_NEAR: Final = (
    "공기",
    "먼지",
    "황사",
    "청소",
    "냄새",
    "추워",
    "더워",
    "춥",
    "덥",
    "졸려",
    "자야",
    "잘래",
    "잔다",
    "잠",
    "시끄",
    "담배",
    "바람",
    "환기",
    "건조",
    "습",
    "감기",
    "기침",
    "재채기",
    "고마",
    "감사",
    "안녕",
    "이름",
    "누구",
    "반가",
    "외출",
    "나갔다",
    "다녀",
    "나간다",
    "목이",
    "목 아",
    "답답",
    "꽃가루",
    "알레르기",
    "알러지",
    "비염",
    "고양이",
    "강아지",
    "아기",
    "불 ",
    "불꺼",
    "켜",
    "꺼",
    "필터",
    "굿나잇",
    "좋은 밤",
    "넌 ",
    "너는",
    "뭐 할",
    "응",
    "네",
    "아니",
    "맞아",
    "그래",
    "싫어",
    "바이",
)


@dataclass(frozen=True)
class Public:
    """A public sentence: its source's label, and the program to learn ("" for none)."""

    text: str
    lang: str
    source: str
    intent: str
    program: str
    held_out: bool


def read_public(folder: Path) -> list[Public]:
    """
    All sentences of the corpora; a tenth of each label is held out, by the digest of its text.

    Raises:
        OSError: a file is missing; ValueError: a line is not JSON.
    """
    found: list[Public] = []
    for source, names in FILES.items():
        for name in names:
            for raw in (folder / name).read_text(encoding="utf-8").splitlines():
                row = json.loads(raw)
                found.append(_public(source, row["text"], row["lang"], row["intent"]))
    return found


def _public(source: str, text: str, lang: str, intent: str) -> Public:
    program = LABELS[source].get(intent, _OFF_TOPIC)
    if source == "chatbot" and any(mark in text for mark in _NEAR):
        program = ""
    digest = hashlib.sha256(text.encode()).digest()
    return Public(text, lang, source, intent, program, digest[0] % _HELD_OUT_SHARE == 0)
