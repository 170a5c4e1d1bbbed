"""The pages of help in Korean; `help_en` has the same keys in English."""

from typing import Final

HELP: Final[dict[str, str]] = {
    # the pages of help
    "help.usage": "사용법:",
    "help.command": "명령",
    "help.some": "옵션",
    "help.commands": "명령",
    "help.foreign": "모델을 학습하고 평가할 때",
    "help.arguments": "인자",
    "help.options": "옵션",
    "help.examples": "예",
    "about.": "산소는 한국어나 영어 문장을 공기청정기의 함수 호출로 바꿔요. "
    "모든 일은 이 기기 안에서만 해요.",
    "command.say": "문장 하나를 알아듣고 실행해요",
    "command.chat": "터미널에서 공기청정기와 대화해요",
    "command.why": "마지막 문장을 왜 그렇게 처리했는지 알려 줘요",
    "command.parse": "JSON 줄로 문장을 읽고 프로그램을 써요. 실행하지는 않아요",
    "command.grammar": "호출 언어의 문법을 보여 주거나 파일로 써요",
    "command.devices": "열 수 있는 공기청정기와 그 기능을 보여 줘요",
    "command.run": "에이전트를 서비스로 켜 두고 로컬 소켓으로 대답해요",
    "command.twin": "시리얼 선에 연결된 공기청정기를 흉내 내요. 기기 없이 시험할 때 써요",
    "command.misses": "허락하면 못 알아들은 문장을 이 기기에 남겨요. 정답을 붙여 학습 문장으로 내보낼 수 있어요",
    "command.doctor": "빠진 것이 없는지, 있다면 어떻게 할지 알려 줘요",
    "command.evaluate": "따로 둔 평가 문장으로 모델을 채점해요",
    "command.train": "모델을 학습해요",
    "command.data": "학습 문장을 검사하고, 세고, 보여 줘요",
    "command.bench": "엔진의 속도를 재요",
    "command.sweep": "레시피를 조금씩 바꿔 가며 학습해요",
    "command.compare": "모델을 다른 모델, 기준선과 나란히 견줘요",
    "command.round": "모델이 무엇을 왜 틀렸는지 보고서로 써요",
    "command.refusals": "아무것도 시키지 않은 공개 문장에 움직인 횟수를 세요",
    "command.foreign": "다른 패키지가 더한 명령",
    "about.say": "문장 하나를 알아듣고 실행한 뒤 대답을 보여 줘요. "
    "가상 공기청정기와 그 예약은 명령이 끝나면 함께 사라져요.",
    "about.chat": "공기청정기와 대화하고, 그동안 예약을 지켜요. /이유는 모델의 판단을, "
    "/상태는 공기청정기의 상태를, /도움말은 나머지를 보여 줘요.",
    "about.why": "`sanso say`의 마지막 문장을 어떻게 이해하고 판단하고 실행했는지 알려 줘요. "
    "토큰, 고른 것, 다른 해석, 기준, 확인, 결과를 보여 줘요.",
    "examples.why": "sanso say 바람 3단으로\nsanso why\nsanso why --png why.png",
    "option.caution": "되묻지 않고 실행하려면 얼마나 확실해야 하는지: "
    "off, low, normal, high. 정하지 않으면 normal",
    "option.png": "고른 것을 이 파일에 그림으로도 그려요",
    "command.calibrate": "모델의 확신을 얼마나 믿을 수 있는지 재요",
    "about.calibrate": "따로 둔 문장으로 모델의 확신과 실제 정답률을 견주고, 그 결과와 기준을 "
    "모델 옆의 문서에 써요.",
    "option.calibrate.model": "GGUF 파일. 정하지 않으면 함께 설치된 모델",
    "option.calibrate.cases": "효과를 함께 볼 평가 문장. 여러 번 쓸 수 있어요",
    "option.calibrate.out": "수치와 그림을 둘 폴더",
    "about.grammar": "다른 프로그램이 읽는 표기로 호출 언어의 문법을 보여 주거나, "
    "파일로 써요.",
    "about.devices": "--device로 열 수 있는 공기청정기와 제품마다 할 수 있는 일을 "
    "보여 줘요.",
    "command.devices.watch": "상태, 마지막 보고, 연결 품질, 통신 기록을 실시간으로 보여 줘요",
    "about.devices.watch": "공기청정기가 알려 오는 것을 실시간으로 보여 줘요. 상태, 마지막 "
    "보고, 연결, 통신 기록, 이상한 점이 나와요. Ctrl-C로 끝내요.",
    "examples.devices.watch": "sanso devices watch 'serial:/tmp/purifier?profile=kj-standard'",
    "option.url": "공기청정기. `sanso devices`를 보세요",
    "option.seconds": "몇 초 뒤에 끝낼지. 정하지 않으면 멈출 때까지",
    "about.run": "에이전트를 켜 둬요. 예약을 지키고, 공기청정기를 지켜보고, 주인만 열 수 있는 "
    "소켓으로 `sanso say`에 대답해요. Ctrl-C나 SIGTERM으로 끝내요.",
    "examples.run": "sanso run --device 'serial:/dev/ttyUSB0?profile=kj-standard'",
    "option.policy": "집의 규칙. default, house, 또는 .toml 파일의 경로",
    "option.memory": "예약, 기록, 되돌리기를 이 파일에 남겨요",
    "option.run.memory": "예약, 기록, 되돌리기를 남길 파일. 정하지 않으면 상태 폴더 안",
    "option.zone": "시각의 시간대. Asia/Seoul처럼 써요. 정하지 않으면 이 컴퓨터의 시간대",
    "option.socket": "소켓 경로. 정하지 않으면 사용자의 런타임 폴더",
    "option.log": "표준 오류 대신 이 파일에 기록해요. 1 MB씩 3개까지 남겨요",
    "option.log_sentences": "말한 것과 대답한 것도 기록해요",
    "option.alone": "켜져 있는 서비스에 맡기지 않아요",
    "about.twin": "가상 터미널에서 공기청정기의 제어기를 흉내 내요. 가상의 방에 놓여 있고, "
    "대답하고 보고하며, 키를 누르면 버튼이 눌리고, 고장도 낼 수 있어요. serial: 주소를 "
    "여는 프로그램이면 무엇이든 대화할 수 있어요.",
    "examples.twin": "sanso twin tuya --pty /tmp/purifier\n"
    "sanso twin miot --pty /tmp/purifier --fault drop=0.05 --fault slow_ms=800",
    "option.protocol": "tuya, miot, modbus 가운데 하나",
    "option.pty": "이 이름으로 터미널에 링크를 만들어요",
    "option.profile": "제품. 프로파일 이름이나 .toml 파일의 경로",
    "option.fault": "무엇을 고장 낼지. drop=0.05, mute, slow_ms=800처럼 쓰고 여러 번 쓸 수 있어요",
    "option.set_": "처음 상태. fan=3처럼 쓰고 여러 번 쓸 수 있어요",
    "option.seed": "숫자를 바꾸면 잡음과 고장이 달라져요",
    "option.paced": "바이트가 실제 선에서처럼 시간을 들여 오가요",
    "about.doctor": "필요한 것이 다 있는지 살펴보고, 없으면 어떻게 할지 알려 줘요. "
    "빠진 것이 있으면 1로 끝나요.",
    "about.parse": "표준 입력에서 한 줄에 JSON 객체 하나씩 `id`와 `text`를, "
    "대화라면 `turns`를 읽고, 줄마다 한 줄씩 써요.",
    "examples.": 'sanso say "바람 3단으로 하고 두 시간 뒤에 꺼 줘"\n'
    "sanso chat --device 'sim:?event=frying'\nsanso doctor",
    "examples.say": "sanso say 방 공기가 답답해\n"
    "sanso say --json --device 'sim:?profile=sim-basic' 수면 모드",
    "examples.parse": """echo '{"id": 1, "text": "켜 줘"}' | sanso parse --jsonl""",
    "examples.chat": "sanso chat --device 'sim:?speed=60&event=frying'",
    "examples.grammar": "sanso grammar --format json-schema",
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
    # the commands below `devices`
    "command.devices.check": "프로파일에서 틀린 것과 나중에 문제가 될 것을 알려 줘요",
    "about.devices.check": "프로파일에서 틀린 것을 모두 한 번에, 그리고 불러올 수는 있지만 나중에 문제가 될 것을 "
    "고치는 방법과 함께 알려 줘요. 오류가 있으면 1로 끝나요.",
    "option.devices.check.file": "프로파일의 .toml 파일이나, 함께 설치된 프로파일의 이름",
    "command.devices.sniff": "기기의 말을 듣고 프로파일의 초안을 써요",
    "about.devices.sniff": "기기가 시리얼 선으로 하는 말을 보여 주고, 녹음하고, 프로파일의 초안을 써요. "
    "녹음한 파일이나 바이트를 16진수로 적은 기록도 읽어요. -는 표준 입력이에요. "
    "--ask 없이는 아무것도 보내지 않아요.",
    "option.devices.sniff.port_or_file": "/dev/ttyUSB0이나 socket://host:port 같은 포트, 또는 파일",
    "option.devices.sniff.baud": "통신 속도. 정하지 않으면 9600과 115200을 번갈아 써요",
    "option.devices.sniff.out": "새 .jsonl 파일에 녹음해요",
    "option.devices.sniff.draft": "프로파일의 초안을 새 .toml 파일에 써요",
    "option.devices.sniff.ask": "와이파이 모듈을 대신해서 기기가 말하게 해요. 모듈을 뗐을 때만 쓰세요",
    "option.devices.sniff.seconds": "이만큼 지나면 끝내요. 정하지 않으면 Ctrl-C로 끝내요",
    "command.devices.audio": "마이크와 스피커를 보여 주고, 소리 크기를 재요",
    "about.devices.audio": "마이크와 스피커를 채널 수, 쓸 수 있는 주파수와 함께 보여 줘요. --meter를 주면 "
    "마이크마다 들리는 소리의 크기를 보여 줘요.",
    "examples.devices.audio": "sanso devices audio\nsanso devices audio --meter 10\n"
    "sanso devices audio USB --meter 0",
    "option.devices.audio.device": "마이크의 번호나 이름의 일부, 또는 default. 정하지 않으면 모두",
    "option.devices.audio.meter": "이만큼의 초 동안 소리 크기를 보여 줘요. 0이면 Ctrl-C로 끝내요",
    # the commands below `misses`
    "about.misses": "허락을 받아 거절했거나 되물은 문장, 1분 안에 되돌린 문장을 남겨요. 문장마다 정답을 "
    "알려 주면 학습할 문장으로 내보낼 수 있어요.",
    "command.misses.on": "이 기기에 문장을 남기도록 허락해요",
    "command.misses.off": "더는 남기지 않아요",
    "command.misses.status": "남기고 있는지, 몇 개나 있는지 알려 줘요",
    "command.misses.label": "남긴 문장을 보여 주거나 정답을 붙여요",
    "command.misses.export": "정답을 붙인 문장을 학습할 줄로 써요",
    "about.misses.on": "문장을 남기도록 허락하고, 무엇을 어디에 남기는지 알려 줘요.",
    "about.misses.off": "더는 남기지 않아요. 이미 남긴 것은 --delete를 쓸 때만 지워요.",
    "about.misses.label": "이름이 없으면 남긴 문장을 모두 보여 줘요. 이름과 호출 언어의 프로그램을 주면 "
    "그 문장의 정답으로 삼아요.",
    "about.misses.export": "정답을 붙인 문장을 models/WRITING.md에 적힌 대로 `문장 => 프로그램`으로 써요.",
    "option.misses.off.delete": "이미 남긴 문장도 지워요",
    "option.misses.label.name": "목록에 나온 문장의 이름",
    "option.misses.label.program": "맞는 프로그램. 예: 'set_mode(mode=pet)'",
    "option.misses.label.forget": "정답을 붙이는 대신 이 문장을 지워요",
    "option.misses.export.out": "새로 쓸 파일. 없으면 터미널에 써요",
    # the commands of the folder `models`
    "about.data": "모델이 배우는 문장을 살펴봐요.",
    "command.data.check": "손으로 쓴 줄을 모두 읽고 검사해요",
    "command.data.report": "무엇이 얼마나 있고 무엇이 모자라는지 보여 줘요",
    "command.data.sample": "학습할 때 실제로 쓰는 문장을 보여 줘요",
    "command.data.leak": "학습 문장에 평가 문장이 섞이지 않았는지 확인해요",
    "about.data.check": "손으로 쓴 줄을 모두 읽고 검사해요.",
    "about.data.report": "문장의 종류, 균형, 길이, 어휘와 모자라는 것을 보여 줘요.",
    "option.data.report.plots": "이 폴더에 그림을 그려요",
    "about.data.sample": "학습할 때처럼 뽑고, 채우고, 흐트러뜨린 문장을 보여 줘요.",
    "option.data.sample.count": "몇 개. 정하지 않으면 20",
    "option.data.sample.seed": "정수. 바꾸면 다른 문장을 뽑아요",
    "about.data.leak": "평가 문장과 같거나 거의 같은 학습 문장이 없는지 확인해요. "
    "있으면 1로 끝나요.",
    "option.data.leak.cases": "평가 문장의 파일이나 폴더",
    "about.evaluate": "모델을 평가 문장으로 돌려 성공, 잘못된 동작, 무해한 실패를 "
    "알려 줘요.",
    "option.evaluate.cases": "평가 문장의 .jsonl 파일이나 그 폴더",
    "option.evaluate.model": "GGUF 파일. 정하지 않으면 함께 설치된 모델",
    "option.evaluate.out": "모든 판정을 이 JSON 파일에 써요",
    "option.evaluate.failures": "틀린 문장을 이만큼 보여 줘요",
    "option.evaluate.readme": "두 README와 모델 카드에 표를 써요",
    "examples.evaluate": "sanso evaluate my_cases/ --failures 20",
    "about.train": "레시피에 따라 문장에서 GGUF까지 모델을 학습해요. Ctrl-C로 멈춰도 "
    "같은 명령으로 이어서 해요.",
    "option.train.recipe": "레시피 이름이나 .toml 파일",
    "option.train.folder": "작업 폴더. 정하지 않으면 runs/ 아래 레시피 이름",
    "option.train.corpus": "함께 학습할 공개 문장의 폴더",
    "option.train.avoid": "우연히 뽑히면 안 되는 평가 문장. 여러 번 쓸 수 있어요",
    "option.train.quantization": "GGUF를 얼마나 줄일지. 정하지 않으면 Q8_0",
    "option.train.stop_at": "이 단계에서 멈춰요",
    "option.train.threads": "torch의 스레드 수. 정하지 않으면 코어를 모두 써요",
    "option.train.ship": "결과를 함께 배포하는 모델로 삼아요",
    "option.train.compiled": "torch가 층을 컴파일해 더 빨리 학습해요. C++ 컴파일러가 있어야 해요",
    "examples.train": "sanso train first\nsanso train my.toml --folder runs/mine",
    "about.bench": "엔진의 속도를 llama-cpp-python의 방식과 견주어 재고 models/bench/에 "
    "써요.",
    "option.bench.count": "문장 수. 정하지 않으면 200",
    "option.bench.out": "결과를 둘 폴더. 정하지 않으면 models/bench",
    "option.bench.larger": "무작위로 만든 4천만, 5억 매개변수 모델도 함께 재요",
    "option.bench.model": "GGUF 파일. 정하지 않으면 함께 설치된 모델",
    "about.sweep": "레시피를 조금씩 바꿔 가며 학습하고, 모두 같은 문장으로 평가해요. "
    "끝난 것은 다시 하지 않아요.",
    "option.sweep.name": "비교 실험의 이름(method, curve)이나 .toml 파일",
    "option.sweep.cases": "모두를 채점할 평가 문장. 여러 번 쓸 수 있어요",
    "option.sweep.folder": "작업 폴더. 정하지 않으면 runs/ 아래 실험 이름",
    "option.sweep.corpus": "함께 학습할 공개 문장의 폴더",
    "option.sweep.threads": "torch의 스레드 수. 정하지 않으면 코어를 모두 써요",
    "about.compare": "함께 설치된 모델, 이전 모델, 기준선을 같은 문장으로 채점하고, 비교 실험의 결과까지 "
    "그림을 곁들인 보고서로 써요.",
    "option.compare.cases": "평가 문장의 파일이나 폴더",
    "option.compare.out": "보고서를 쓸 폴더",
    "option.compare.former": "함께 설치된 모델과 견줄 GGUF 파일",
    "option.compare.sweeps": "끝난 비교 실험의 폴더. 여러 번 쓸 수 있어요",
    "option.compare.examples": "기준선이 배울 문장 수. 정하지 않으면 60000",
    "option.compare.corpus": "기준선도 함께 배울 공개 문장의 폴더",
    "about.round": "모델을 평가해 틀린 것을 원인별로 묶고, 지난 결과와 견주고, 다음에 "
    "무엇을 쓸지 알려 줘요.",
    "option.round.cases": "평가 문장의 .jsonl 파일이나 그 폴더",
    "option.round.report": "보고서를 쓸 Markdown 파일",
    "option.round.former": "지난 `sanso evaluate --out`이 쓴 JSON 파일",
    "option.round.model": "GGUF 파일. 정하지 않으면 함께 설치된 모델",
    "about.refusals": "공기청정기에 아무것도 시키지 않은 공개 문장에 모델이 얼마나 "
    "움직이는지 세요.",
    "option.refusals.corpus": "공개 문장의 폴더",
    "option.refusals.count": "뽑을 문장 수. 정하지 않으면 2000",
    "option.refusals.model": "GGUF 파일. 정하지 않으면 함께 설치된 모델",
}
