"""What errors of policies and of misses say of themselves, in Korean; the rest is in `messages_ko`."""

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # misses
    "there is no miss {name}; see `sanso misses label` for all of them": (
        "{name} 이름으로 남은 문장은 없어요; `sanso misses label`로 모두 볼 수 있어요"
    ),
    "there is no folder to keep misses in; set XDG_STATE_HOME to a folder that can be written": (
        "문장을 남길 폴더가 없어요; XDG_STATE_HOME에 쓸 수 있는 폴더를 적으세요"
    ),
    "{path} cannot be written ({reason}); check its permissions and the space": (
        "{path:을/를} 쓸 수 없어요 ({reason}); 권한과 남은 공간을 확인하세요"
    ),
    # policies
    "there is no policy {name}; {hint}": "{name} 정책은 없어요; {hint}",
    "policy {path} cannot be read: {reason}; check the path": (
        "정책 {path:을/를} 읽을 수 없어요 ({reason}); 경로를 확인하세요"
    ),
    "policy {path} is not a file of UTF-8 text; save it as UTF-8": (
        "정책 {path:은/는} UTF-8 글 파일이 아니에요; UTF-8로 저장하세요"
    ),
    "policy {path} is not TOML: {reason}; mend that line": (
        "정책 {path:은/는} TOML이 아니에요 ({reason}); 그 줄을 고치세요"
    ),
    "policy {path}: {cause}": "정책 {path:이/가} 잘못됐어요: {cause}",
    "{where}: {value} is no span of hours; write it like 22:00-07:00": (
        "{where}: {value:은/는} 시간대가 아니에요; 22:00-07:00처럼 쓰세요"
    ),
    "{where}: {value} has no length or ends at 00:00; write 24:00 for the end of a day": (
        "{where}: {value:은/는} 길이가 없거나 00:00에 끝나요; 하루의 끝은 24:00으로 쓰세요"
    ),
    "{where}: {value} is no call; write it like reset_filter() or set_mode(mode=turbo)": (
        "{where}: {value:은/는} 호출이 아니에요; reset_filter()나 set_mode(mode=turbo)처럼 쓰세요"
    ),
    "{where}: there is no call {name}; {hint}": "{where}: {name} 호출은 없어요; {hint}",
    "{where}: {value} is no argument; write it like state=off": (
        "{where}: {value:은/는} 인자가 아니에요; state=off처럼 쓰세요"
    ),
    "{where}: {call} has no argument {name}; {hint}": (
        "{where}: {call}에 {name} 인자는 없어요; {hint}"
    ),
    "{where}: it holds nothing back; give highest_level, light or sound": (
        "{where}: 제한하는 것이 없어요; highest_level, light, sound 가운데 하나를 쓰세요"
    ),
    "two rules are named {name}; rename one of them": (
        "이름이 {name}인 규칙이 둘이에요; 하나의 이름을 바꾸세요"
    ),
    "{where} is {value}; put {wanted} there": "{where} 값이 {value:이에요/예요}; {wanted:을/를} 쓰세요",
    "a whole number": "정수",
    "a number of at least {number}": "{number} 이상의 수",
    "a number of at most {number}": "{number} 이하의 수",
    'a text in quotes, "like this"': '"이렇게" 따옴표로 감싼 글',
    "at least one letter": "한 글자 이상",
    "at most {number} letters": "{number}자 이하의 글",
    "a list with something in it": "무엇이라도 든 목록",
    "a list, [like, this]": "[이런, 식의] 목록",
    "a table, [like.this]": "[이런.식의] 표",
}
