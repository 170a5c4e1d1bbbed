"""What errors say of themselves, in Korean: the English of the code, and beside it ours.

A slot of the English stands for what the code fills in, and is filled into the Korean
in turn, in Korean where it is a message of this table itself. The semicolon between
cause and cure stands in both.
"""

from typing import Final

from . import (
    messages_policy_ko,
    messages_speak_ko,
    messages_voice_ko,
    messages_wire_ko,
)

MESSAGES: Final[dict[str, str]] = {
    **messages_wire_ko.MESSAGES,
    **messages_policy_ko.MESSAGES,
    **messages_speak_ko.MESSAGES,
    **messages_voice_ko.MESSAGES,
    # models: what is wrong with a file
    "this installation has no model; install it again, or give one with --model": (
        "함께 설치된 모델이 없어요; 다시 설치하거나 --model로 모델을 주세요"
    ),
    "there is no model at {path}; check --model, or leave it out": (
        "{path}에 모델이 없어요; --model을 확인하거나 빼세요"
    ),
    "the model {path} cannot be read ({reason}); check its permissions": (
        "모델 {path:을/를} 읽을 수 없어요 ({reason}); 권한을 확인하세요"
    ),
    "{name} is not a usable GGUF: {reason}; copy it again": (
        "{name:은/는} 쓸 수 있는 GGUF가 아니에요 ({reason}); 다시 복사하세요"
    ),
    "it is empty": "빈 파일",
    "it is cut off": "중간에 잘림",
    "it is a web page: the download went wrong": "내려받기가 잘못되어 웹 페이지가 들어 있음",
    "it does not begin with GGUF": "GGUF로 시작하지 않음",
    "it lists a token twice": "같은 토큰이 두 번 있음",
    "its metadata are damaged": "메타데이터가 깨짐",
    "its version {number} is unknown": "모르는 버전 {number}",
    "its vocabulary cannot spell every text": "어휘로 쓸 수 없는 글이 있음",
    "its {key} is {value}": "{key} 값이 {value}",
    "the paper {name} beside the model is damaged; restore it or remove it": (
        "모델 옆의 {name} 파일이 깨졌어요; 되살리거나 지우세요"
    ),
    "{name} is not the file that {paper} describes (SHA-256 {found}, expected "
    "{expected}); copy it again": (
        "{name:은/는} {paper:이/가} 설명하는 파일이 아니에요 (SHA-256 {found}, "
        "기대한 값 {expected}); 다시 복사하세요"
    ),
    "{name} names no architecture; it is not a language model": (
        "{name}에 구조 정보가 없어요; 언어 모델이 아니에요"
    ),
    "{name} was trained with prompt version {found}, this program writes version "
    "{expected}; train it again, or use the shipped model": (
        "{name:은/는} 프롬프트 {found}판으로 학습했는데 이 프로그램은 {expected}판을 "
        "써요; 다시 학습하거나 함께 설치된 모델을 쓰세요"
    ),
    "{name} was trained on another grammar ({found}, not {expected}); train it on these "
    "calls, or use a general instruct model for calls of your own": (
        "{name:은/는} 다른 문법으로 학습했어요 ({expected} 대신 {found}); 이 호출로 다시 "
        "학습하거나, 직접 만든 호출에는 일반 instruct 모델을 쓰세요"
    ),
    "{name} cannot read enough tokens to have the calls explained": (
        "{name:은/는} 읽을 수 있는 토큰이 적어서 호출을 설명할 수 없어요"
    ),
    "{name} cannot be used: {reason}": "{name:을/를} 쓸 수 없어요: {reason}",
    "llama.cpp cannot load {name}: it is damaged, or too new; copy it again": (
        "llama.cpp가 {name:을/를} 열 수 없어요. 깨졌거나 너무 새로운 파일이에요; "
        "다시 복사하세요"
    ),
    "{name} has no vocabulary of a known kind; use another language model": (
        "{name}의 어휘를 읽을 수 없어요; 다른 언어 모델을 쓰세요"
    ),
    "llama.cpp could not make a context; is there enough memory?": (
        "llama.cpp가 실행을 준비하지 못했어요; 메모리가 넉넉한지 확인하세요"
    ),
    "a context needs weights, and room for a token": (
        "실행하려면 가중치와 토큰 자리가 있어야 해요"
    ),
    "the grammar is empty": "문법이 비었어요",
    "the grammar has more than {number} parentheses inside one another": (
        "문법의 괄호가 {number}겹보다 깊어요"
    ),
    "llama.cpp cannot read the grammar; make it with `sanso grammar`": (
        "llama.cpp가 문법을 읽을 수 없어요; `sanso grammar`로 만드세요"
    ),
    "this agent has no model; open it with Agent.open, or use carry_out": (
        "이 에이전트에는 모델이 없어요; Agent.open으로 열거나 carry_out을 쓰세요"
    ),
    # sentences
    "the sentence is empty; say or type what the purifier shall do": (
        "문장이 비어 있어요; 공기청정기에 시킬 일을 쓰세요"
    ),
    "the sentence was not understood in time; nothing was done": (
        "시간 안에 알아듣지 못했어요; 아무것도 하지 않았어요"
    ),
    # device URLs
    "this version has no serial adapter yet; use sim:": (
        "이 버전에는 시리얼 어댑터가 아직 없어요; sim:을 쓰세요"
    ),
    "there is no kind of device {name}; {hint}": "{name}: 그런 종류의 기기는 없어요; {hint}",
    "{name} lacks its colon; write {url}": "{name} 뒤에 콜론(:)이 빠졌어요; {url:으로/로} 쓰세요",
    "{text} is no list of options; write sim:?name=value&name=value": (
        "{text:은/는} 옵션이 아니에요; sim:?이름=값&이름=값으로 쓰세요"
    ),
    "there is no option {name}; {hint}": "{name} 옵션은 없어요; {hint}",
    "there is no window {name}; {hint}": "{name} 창문 상태는 없어요; {hint}",
    "there is no event {name}; {hint}": "{name} 사건은 없어요; {hint}",
    "there is no setting {name}; {hint}": "{name} 설정은 없어요; {hint}",
    "there is no metric {name}; {hint}": "{name} 측정값은 없어요; {hint}",
    "there is no sensor {name}; {hint}": "{name} 센서는 없어요; {hint}",
    "there is no button {name}; {hint}": "{name} 버튼은 없어요; {hint}",
    "{name} is a whole number up to {high}, not {value}": (
        "{name:은/는} {high:을/를} 넘지 않는 0 이상의 정수예요. {value:은/는} 쓸 수 없어요"
    ),
    "{name} is a whole number from {low} to {high}, not {value}": (
        "{name:은/는} {low}부터 {high}까지의 정수예요. {value:은/는} 쓸 수 없어요"
    ),
    "{name} is a number from {low} to {high}, not {value}": (
        "{name:은/는} {low}부터 {high}까지의 수예요. {value:은/는} 쓸 수 없어요"
    ),
    "{name} is on or off, not {value}": (
        "{name:은/는} on이나 off예요. {value:은/는} 쓸 수 없어요"
    ),
    "this purifier has no {name} {value}; {hint}": (
        "이 공기청정기의 {name}에는 {value:이/가} 없어요; {hint}"
    ),
    "{name} must last more than 0 minutes, not {value}": (
        "{name:은/는} 0분보다 길어야 해요. {value:은/는} 쓸 수 없어요"
    ),
    "an event ends at {end}, before its start at {start}": (
        "사건이 시작({start})보다 먼저 끝나요({end})"
    ),
    "a room's volume must be above 0 m3, not {value}": (
        "방의 부피는 0 m3보다 커야 해요. {value:은/는} 쓸 수 없어요"
    ),
    # profiles
    "there is no profile {name}; {hint}": "{name} 프로파일은 없어요; {hint}",
    "profile {path} cannot be read: it is not a file of UTF-8 text": (
        "프로파일 {path:은/는} UTF-8 글 파일이 아니에요"
    ),
    "profile {path} cannot be read: {reason}; check the path": (
        "프로파일 {path:을/를} 읽을 수 없어요 ({reason}); 경로를 확인하세요"
    ),
    "profile {path} is not TOML: {reason}": (
        "프로파일 {path:은/는} TOML이 아니에요: {reason}"
    ),
    "profile {path}: {reason}": "프로파일 {path:이/가} 잘못됐어요: {reason}",
    "there is no {name}; {hint}": "{name} 항목은 없어요; {hint}",
    "{name} is missing; write it": "{name:이/가} 빠졌어요; 써 넣으세요",
    "{name} has no value {value}; {hint}": "{name}에 {value} 값은 없어요; {hint}",
    "did you mean {name}?": "혹시 {name}?",
    "choose from {names}": "{names} 가운데 고르세요",
    "there is none": "있는 것이 없어요",
    # training and judging
    "there are no cases at {path}; give a .jsonl file or a folder of them": (
        "{path}에 평가 문장이 없어요; .jsonl 파일이나 그런 파일의 폴더를 주세요"
    ),
    "{file}:{number}: {kind}: {reason}": (
        "{file} 파일 {number}번째 줄이 잘못됐어요 ({kind}: {reason})"
    ),
    "accept is empty": "accept가 비었어요",
    "there is no recipe {name}; there are {names}, or give a .toml file": (
        "{name} 레시피는 없어요; {names} 가운데 고르거나 .toml 파일을 주세요"
    ),
    "recipe {name}: {reason}": "레시피 {name:이/가} 잘못됐어요: {reason}",
    "there is no quantization {name}; there are {names}": (
        "{name} 양자화는 없어요; {names} 가운데 고르세요"
    ),
    "llama.cpp could not quantize {name} to {kind} (code {number})": (
        "llama.cpp가 {name:을/를} {kind:으로/로} 양자화하지 못했어요 (코드 {number})"
    ),
    "there is no folder {path}; give the public sentences' folder, or none": (
        "{path} 폴더가 없어요; 공개 문장의 폴더를 주거나 옵션을 빼세요"
    ),
    "there is no {path}; --readme needs a clone with the shipped model": (
        "{path:이/가} 없어요; --readme는 모델이 함께 든 저장소에서만 쓸 수 있어요"
    ),
    "there is no {path}; --readme works in a clone of the repository only": (
        "{path:이/가} 없어요; --readme는 복제한 저장소에서만 쓸 수 있어요"
    ),
    "there is no {begin} ... {end} to write between; put the markers back": (
        "써 넣을 자리인 {begin} ... {end:이/가} 없어요; 표시를 되돌려 놓으세요"
    ),
    "{where}: write `sentence => program`, got {text}": (
        "{where}: `문장 => 프로그램`으로 쓰세요. {text:은/는} 그렇지 않아요"
    ),
    "{where}: says the same as {other}; remove one of them": (
        "{where}: {other:과/와} 같은 말이에요; 하나를 지우세요"
    ),
    "{where}: no sentence says the slot {name} of the program": (
        "{where}: 프로그램의 {name} 자리를 말하는 문장이 없어요"
    ),
    "the calibration in the model's paper is damaged; `sanso calibrate` makes it anew": (
        "모델 문서의 보정값이 망가졌어요; `sanso calibrate`로 다시 만드세요"
    ),
    "{name} has no paper beside it; only a model that was trained here can be calibrated": (
        "{name} 옆에 문서가 없어요; 여기서 학습한 모델만 보정할 수 있어요"
    ),
    "what is kept of the last sentence cannot be read; say one again": (
        "기억해 둔 마지막 문장을 읽을 수 없어요; 다시 한 번 말해 주세요"
    ),
    "the last sentence was decided by another model; say one again": (
        "마지막 문장은 다른 모델이 판단했어요; 다시 한 번 말해 주세요"
    ),
    "cannot start from {path}: it is missing or damaged ({reason})": (
        "{path:으로/로} 시작할 수 없어요: 없거나 망가진 파일이에요 ({reason})"
    ),
    "cannot start from {path}: it was not made by `sanso train`": (
        "{path:으로/로} 시작할 수 없어요: `sanso train`으로 만든 모델이 아니에요"
    ),
    "cannot start from {path}: it lacks {name}": (
        "{path:으로/로} 시작할 수 없어요: {name:이/가} 빠져 있어요"
    ),
    "the model to start from is {have}, the recipe {wanted}: only layers can be added": (
        "시작할 모델은 {have}, 레시피는 {wanted}예요. 늘릴 수 있는 것은 층의 수뿐이에요"
    ),
    "there is no sweep {name}; there are {names}, or give a .toml file": (
        "{name} 스윕은 없어요; {names} 가운데 고르거나 .toml 파일을 주세요"
    ),
    "sweep {path}: two runs have one name; give each its own": (
        "스윕 {path}에 이름이 같은 실행이 둘 있어요; 서로 다른 이름을 주세요"
    ),
    "sweep {path}: {reason}": "스윕 {path:이/가} 잘못됐어요: {reason}",
    "there is no finished run in {path}; give the folder of a sweep": (
        "{path}에 끝난 실행이 없어요; 스윕의 폴더를 주세요"
    ),
    "the vocabulary of {name} cannot spell the grammar; use a model whose vocabulary holds all bytes and an end": (
        "{name}의 어휘로는 문법을 쓸 수 없어요; 모든 바이트와 끝 토큰이 어휘에 있는 모델을 쓰세요"
    ),
    # what the system and the parser of the command line say
    "No such file or directory": "그런 파일이나 폴더가 없어요",
    "Permission denied": "권한이 없어요",
    "Operation not permitted": "허용되지 않아요",
    "Is a directory": "파일이 아니라 폴더예요",
    "Not a directory": "폴더가 아니에요",
    "File exists": "이미 있어요",
    "File name too long": "이름이 너무 길어요",
    "No space left on device": "저장 공간이 모자라요",
    "Read-only file system": "읽기만 할 수 있는 디스크예요",
    "Input/output error": "읽거나 쓰다가 오류가 났어요",
    "{value} is not a valid integer": "{value:은/는} 정수가 아니에요",
    "Input should be a valid integer, unable to parse string as an integer": (
        "정수가 아니에요"
    ),
    "Input should be a valid number, unable to parse string as a number": (
        "수가 아니에요"
    ),
    "{value} is not one of {names}": (
        "{value:은/는} 쓸 수 없어요. {names} 가운데 고르세요"
    ),
    "{value} is not a valid float": "{value:은/는} 수가 아니에요",
}
