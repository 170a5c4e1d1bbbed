"""What the page of `sanso recogniser` says, in Korean."""

from typing import Final

HELP: Final[dict[str, str]] = {
    "command.recogniser": "시험에 쓰는 작은 음성 인식기를 만들어요",
    "about.recogniser": "합성 음성으로 음성 인식기를 만들고 채점해요. 시험용이라 무엇을 들어도 "
    "명령으로 바꿔요. 사람에게 쓰지 마세요.",
    "command.recogniser.train": "문장을 소리로 만들어 학습해요",
    "about.recogniser.train": "espeak-ng로 문장을 읽고, 학습하고, 음성 인식기를 저장해요. 멈췄던 "
    "학습은 이어서 해요.",
    "option.recogniser.train.recipe": "레시피 이름이나 .toml 파일",
    "option.recogniser.train.folder": "작업 폴더. 정하지 않으면 runs/recogniser 아래 레시피 이름",
    "option.recogniser.train.avoid": "학습하면 안 되는 평가 문장. 여러 번 쓸 수 있어요",
    "option.recogniser.train.start": "이어서 배울 이전 학습 폴더. 정하지 않으면 처음부터",
    "option.recogniser.train.stop_at": "멈출 단계",
    "option.recogniser.train.processes": "소리를 만드는 프로세스 수",
    "option.recogniser.train.threads": "torch의 스레드 수",
    "command.recogniser.export": "학습의 마지막 체크포인트를 음성 인식기로 저장해요",
    "about.recogniser.export": "faster-whisper가 읽는 파일로 저장해요.",
    "option.recogniser.export.folder": "학습 폴더",
    "option.recogniser.export.out": "음성 인식기를 둘 폴더",
    "option.recogniser.export.quantization": "int8 또는 float32",
    "command.recogniser.evaluate": "처음 듣는 문장과 목소리로 채점해요",
    "about.recogniser.evaluate": "문장, 단어, 글자를 얼마나 맞게 들었는지 조용할 때와 시끄러울 때 "
    "세어요.",
    "option.recogniser.evaluate.model": "음성 인식기 폴더",
    "option.recogniser.evaluate.speech": "채점용 소리가 들어 있는 학습 폴더",
    "option.recogniser.evaluate.count": "종류마다 문장 몇 개",
    "option.recogniser.evaluate.noise": "백색 잡음보다 말소리가 몇 데시벨 큰지",
    "option.recogniser.evaluate.misses": "틀린 것을 이만큼 보여 줘요",
    "command.recogniser.collect": "시끄러운 데서 문장을 들려주고 들은 대로 적어요",
    "about.recogniser.collect": "들은 말과 한 말을 탭으로 나눠 한 줄씩 적어요. 멈췄던 파일은 이어서 "
    "적어요.",
    "option.recogniser.collect.model": "음성 인식기 폴더",
    "option.recogniser.collect.out": "들은 말과 한 말을 적을 파일",
    "option.recogniser.collect.count": "들려줄 문장 수",
    "option.recogniser.collect.seed": "문장, 목소리, 잡음을 고르는 수",
    "option.recogniser.collect.sentences": "한 줄에 한 문장인 파일. 정하지 않으면 손으로 쓴 문장에서 "
    "골라요",
    "command.recogniser.hear": "잘못 들은 말을 학습 자료로 적어요",
    "about.recogniser.hear": "손으로 쓴 문장을 들려주고, 다르게 들었지만 짐작할 수 있는 것을 원래 "
    "뜻과 함께 남겨요.",
    "option.recogniser.hear.model": "음성 인식기 폴더",
    "option.recogniser.hear.count": "들려줄 문장 수",
    "option.recogniser.hear.seed": "문장, 목소리, 잡음을 고르는 수",
    "option.recogniser.hear.pairs": "지금까지 들은 것. 같은 명령을 다시 하면 이어서 해요",
    "option.recogniser.hear.out": "결과를 둘 폴더. 정하지 않으면 프로젝트의 자료 폴더",
    "command.recogniser.speak": "평가 문장을 소리로 만들어요(`sanso voice bench`용)",
    "about.recogniser.speak": "학습에 쓰지 않은 목소리로 espeak-ng가 평가 문장을 읽고, WAV와 목록을 "
    "저장해요.",
    "option.recogniser.speak.cases": "평가 문장 파일이나 폴더",
    "option.recogniser.speak.out": "소리를 둘 폴더",
    "option.recogniser.speak.voices": "문장마다 목소리 몇 개",
    "option.recogniser.speak.seed": "목소리를 고르는 수",
}
