"""The pages of help in Korean; `help_en` has the same keys in English."""

from typing import Final

HELP: Final[dict[str, str]] = {
    # the pages of help
    "help.usage": "사용법:",
    "help.command": "명령",
    "help.some": "옵션",
    "help.commands": "명령",
    "help.arguments": "인자",
    "help.options": "옵션",
    "help.examples": "예",
    "about.": "산소는 한국어나 영어 문장을 공기청정기의 함수 호출로 바꿔요. "
    "모든 일은 이 기기 안에서만 해요.",
    "command.say": "문장 하나를 알아듣고 실행해요",
    "command.chat": "터미널에서 공기청정기와 대화해요",
    "command.parse": "JSON 줄로 문장을 읽고 프로그램을 써요. 실행하지는 않아요",
    "command.grammar": "호출 언어의 문법을 보여 주거나 파일로 써요",
    "command.devices": "열 수 있는 공기청정기와 그 기능을 보여 줘요",
    "command.doctor": "빠진 것이 없는지, 있다면 어떻게 할지 알려 줘요",
    "command.evaluate": "따로 둔 평가 문장으로 모델을 채점해요",
    "command.train": "모델을 학습해요",
    "command.data": "학습 데이터를 만들고 살펴봐요",
    "command.foreign": "다른 패키지가 더한 명령",
    "about.say": "문장 하나를 알아듣고 실행한 뒤 대답을 보여 줘요. "
    "가상 공기청정기와 그 예약은 명령이 끝나면 함께 사라져요.",
    "about.chat": "대화해요. /이유는 모델의 판단을, /상태는 공기청정기의 상태를, "
    "/도움말은 나머지를 보여 줘요.",
    "about.parse": "표준 입력에서 한 줄에 JSON 객체 하나씩 `id`와 `text`를, "
    "대화라면 `turns`를 읽고, 줄마다 한 줄씩 써요.",
    "examples.": 'sanso say "바람 3단으로 하고 두 시간 뒤에 꺼 줘"\n'
    "sanso chat --device 'sim:?event=frying'\nsanso doctor",
    "examples.say": "sanso say 방 공기가 답답해\n"
    "sanso say --json --device 'sim:?profile=sim-basic' 수면 모드",
    "examples.parse": """echo '{"id": 1, "text": "켜 줘"}' | sanso parse --jsonl""",
    "option.help": "이 도움말을 보여 줘요",
    "option.lang": "이 프로그램이 쓰는 말. 정하지 않으면 로캘을 따라요",
    "option.show_version": "버전을 보여 줘요",
    "option.text": "문장. 여러 낱말도 한 문장으로 읽어요",
    "option.device": "공기청정기. `sanso devices`를 보세요. 정하지 않으면 sim:",
    "option.model": "GGUF 파일. 정하지 않으면 함께 설치된 모델",
    "option.as_json": "JSON 객체 하나로 보여 줘요",
    "option.jsonl": "JSON 줄. 형식은 이것뿐이에요",
    "option.notation": "보여 줄 표기",
    "option.write": "이 폴더에 purifier.gbnf와 purifier.lark를 써요",
    "option.check": "이 폴더의 파일이 새로 쓸 것과 다르면 1로 끝나요",
}
