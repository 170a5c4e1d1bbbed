"""The words of the voice in Korean, help included; `texts_voice_en` has the same keys in English."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    # sanso voice
    "command.voice": "음성 인식 모델을 살펴보고, 내려받고, 얼마나 걸리는지 재요",
    "about.voice": "이 기기에 어떤 크기의 Whisper가 있는지 알려 줘요. `sanso voice pull`로만 "
    "내려받고, 다른 때에는 아무것도 내려받지 않아요.",
    "command.voice.models": "이 기기에 있는 음성 인식 모델을 알려 줘요",
    "about.voice.models": "이 기기에 어떤 크기의 Whisper가 있고 어디에 있는지 알려 줘요.",
    "command.voice.pull": "음성 인식 모델을 내려받아요",
    "about.voice.pull": "Whisper를 한 번 내려받아요. 끊겼다면 그 자리부터 이어서 받아요. "
    "인터넷이 없으면 다른 기기에서 폴더를 복사하세요.",
    "option.voice.pull.size": "tiny, base, small, medium, large-v3, turbo 같은 크기",
    "examples.voice.pull": "sanso voice pull base",
    "command.voice.cost": "내려받지 않고, 크기마다 이 기기에서 얼마나 걸리는지 재요",
    "about.voice.cost": "표준 크기의 모델을 무작위 가중치로 만들어서 인코더와 디코더에 걸리는 "
    "시간을 int8로 재요.",
    "option.voice.cost.shapes": "잴 크기. 쉼표로 나눠 써요. 정하지 않으면 tiny,base,small",
    "option.voice.cost.threads": "스레드 수. 쉼표로 나눠 써요. 정하지 않으면 1,2",
    "option.voice.cost.rounds": "몇 번씩 잴지. 정하지 않으면 20",
    "voice.model": "크기",
    "voice.size": "가중치",
    "voice.where": "위치",
    "voice.not_here": "이 기기에 없음",
    "voice.how": "*는 정하지 않을 때 쓰는 크기예요. `sanso voice pull {name}` 명령으로 내려받아요. 폴더를 줘도 돼요.",
    "voice.pulling": "{name} 내려받는 중",
    "voice.pulled": "{name} 모델을 {path}에 받았어요",
    "cost.timing": "{name} 재는 중",
    "cost.head.threads": "스레드",
    "cost.head.window": "구간",
    "cost.head.encode": "인코더, ms",
    "cost.head.decode": "토큰 {tokens}개, ms",
    "cost.head.ratio": "×",
    "cost.legend": "중앙값 / 95백분위수. ×는 중앙값이 첫 줄의 몇 배인지예요.",
    "cost.shape": "{name!r} 크기는 잴 수 없어요; {known} 가운데 고르세요",
    "cost.threads": "{given!r}: 스레드 수가 아니에요; 1,2처럼 쓰세요",
}
