"""What errors of serial lines and twins say of themselves, in Korean; the rest is in `messages_ko`."""

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # ports
    'serial purifiers need pyserial; install it with: pip install "sanso[serial]"': (
        '시리얼 공기청정기에는 pyserial이 필요해요; 이렇게 설치하세요: pip install "sanso[serial]"'
    ),
    "serial: needs a port; write serial:/dev/ttyUSB0 or serial:socket://host:port": (
        "serial: 뒤에 포트가 빠졌어요; serial:/dev/ttyUSB0이나 "
        "serial:socket://호스트:포트로 쓰세요"
    ),
    "baud is a whole number such as 9600 or 115200, not {value}": (
        "baud는 9600이나 115200 같은 정수예요. {value:은/는} 쓸 수 없어요"
    ),
    "{name} cannot be reached ({reason}); is the server running there?": (
        "{name}에 연결할 수 없어요 ({reason}); 서버가 켜져 있는지 보세요"
    ),
    "there is no port {name}; there is {ports}": (
        "{name} 포트는 없어요; 있는 포트: {ports}"
    ),
    "there is no port {name}; no serial port is there": (
        "{name} 포트는 없어요; 이 컴퓨터에 시리얼 포트가 하나도 없어요"
    ),
    "no permission for {name}; join its group and log in again: sudo usermod -aG "
    "{group} $USER": (
        "{name:을/를} 열 권한이 없어요; 그룹에 들어간 뒤 다시 로그인하세요: "
        "sudo usermod -aG {group} $USER"
    ),
    "{name} is in use by another program; end that one first": (
        "{name:을/를} 다른 프로그램이 쓰고 있어요; 그 프로그램을 먼저 끝내세요"
    ),
    "{name} cannot be opened ({reason}); is it a serial port?": (
        "{name:을/를} 열 수 없어요 ({reason}); 시리얼 포트가 맞는지 보세요"
    ),
    "the connection to {name} is lost ({reason}); is it plugged in?": (
        "{name:과/와} 연결이 끊겼어요 ({reason}); 꽂혀 있는지 보세요"
    ),
    'Modbus purifiers need pymodbus; install it with: pip install "sanso[modbus]"': (
        'Modbus 공기청정기에는 pymodbus가 필요해요; 이렇게 설치하세요: pip install "sanso[modbus]"'
    ),
    # an appliance that does not answer
    "unit {unit} stays silent for {seconds} s; check A and B, its address, {baud} baud "
    "without parity, and that it has power": (
        "{unit}번 기기가 {seconds}초 동안 대답하지 않아요; A와 B 선, 기기 주소, 통신 속도 "
        "{baud}(패리티 없음), 전원을 확인하세요"
    ),
    "the connection is closed; open the purifier again": (
        "연결이 닫혔어요; 공기청정기를 다시 여세요"
    ),
    "the appliance answers, and never reports attr.power of {profile}; check its address "
    "in the profile": (
        "기기가 대답은 하는데 {profile} 프로파일의 attr.power를 보내지 않아요; "
        "프로파일의 주소를 확인하세요"
    ),
    "{count} bytes came and none made sense; is {baud} baud right, and {protocol} its "
    "protocol?": (
        "{count}바이트가 왔지만 해석할 수 없어요; 통신 속도 {baud}, 프로토콜 "
        "{protocol:이/가} 맞는지 보세요"
    ),
    "the appliance stays silent for {seconds} s; check RX, TX and ground, {baud} baud, "
    "and that it has power": (
        "기기가 {seconds}초 동안 대답하지 않아요; RX, TX, 접지, 통신 속도 {baud}, "
        "전원을 확인하세요"
    ),
    "{port}: the appliance speaks at {found} baud, not {baud}; write ?baud={again}, or "
    "baud = {once} in the profile": (
        "{port}: 기기의 통신 속도는 {baud:이/가} 아니라 {found:이에요/예요}; ?baud={again:으로/로} "
        "쓰거나 프로파일에 baud = {once:을/를} 쓰세요"
    ),
    "profile {name} has no serial protocol; use sim:?profile={again}, or another profile": (
        "{name} 프로파일에는 시리얼 프로토콜이 없어요; sim:?profile={again:을/를} 쓰거나 다른 "
        "프로파일을 고르세요"
    ),
    # the memory
    "the memory {path} cannot be used: {reason}; {cure}": (
        "기억 파일 {path:을/를} 쓸 수 없어요: {reason}; {cure}"
    ),
    "the disk is full": "디스크가 가득 찼어요",
    "free some space": "공간을 비우세요",
    "the disk or the file is read-only": "디스크나 파일이 읽기 전용이에요",
    "make it writable": "쓸 수 있게 하세요",
    "another process uses it": "다른 프로그램이 쓰고 있어요",
    "end that one, or choose another file": "그 프로그램을 끝내거나 다른 파일을 고르세요",
    "it is damaged": "파일이 깨졌어요",
    "start again, and it is set aside": "다시 시작하면 그 파일은 따로 치워 둬요",
    "a newer version wrote it": "더 새로운 버전이 쓴 파일이에요",
    "update, or choose another file": "업데이트하거나 다른 파일을 고르세요",
    "it cannot be opened": "열 수 없어요",
    "check its path": "경로를 확인하세요",
    "the disk reports an error": "디스크가 오류를 알렸어요",
    "check the disk": "디스크를 확인하세요",
    "there is no time zone {name}; write one such as Asia/Seoul": (
        "{name} 시간대는 없어요; Asia/Seoul처럼 쓰세요"
    ),
    # the service
    "this user has no home; set {name} to a path for the socket": (
        "홈 폴더가 없어요; {name}에 소켓 경로를 정하세요"
    ),
    "the path {path} is too long for a socket; set {name} to a shorter one": (
        "{path:은/는} 소켓 경로로 너무 길어요; {name}에 더 짧은 경로를 정하세요"
    ),
    "the folder {path} cannot be made ({reason}); set {name} to another path": (
        "{path} 폴더를 만들 수 없어요 ({reason}); {name}에 다른 경로를 정하세요"
    ),
    "others may write to {path}; set {name} to a path in a folder of your own": (
        "{path}에는 다른 사용자도 쓸 수 있어요; {name}에 자기만 쓰는 폴더를 정하세요"
    ),
    "no socket can be made at {path} ({reason}); set SANSO_SOCKET to another path": (
        "{path}에 소켓을 만들 수 없어요 ({reason}); SANSO_SOCKET에 다른 경로를 정하세요"
    ),
    "{path} is there and is no socket; set SANSO_SOCKET to another path": (
        "{path}에 소켓이 아닌 파일이 있어요; SANSO_SOCKET에 다른 경로를 정하세요"
    ),
    "{path} cannot be used ({reason}); set SANSO_SOCKET to another path": (
        "{path:을/를} 쓸 수 없어요 ({reason}); SANSO_SOCKET에 다른 경로를 정하세요"
    ),
    "a service listens at {path} already; stop it first, or set SANSO_SOCKET": (
        "{path}에서 이미 서비스가 듣고 있어요; 먼저 끄거나 SANSO_SOCKET을 정하세요"
    ),
    "no service answers at {path} ({reason}); start it with: sanso run": (
        "{path}에서 대답하는 서비스가 없어요 ({reason}); 이렇게 켜세요: sanso run"
    ),
    "the service at {path} does not answer ({reason}); is it still running?": (
        "{path} 서비스가 대답하지 않아요 ({reason}); 아직 켜져 있는지 보세요"
    ),
    "the service refuses: {reason}": "서비스가 거절했어요: {reason}",
    # twins
    "there is no fault {name}; {hint}": "{name} 고장은 없어요; {hint}",
    "profile {name} has no protocol; a twin needs one that is on a wire": (
        "{name} 프로파일에는 프로토콜이 없어요; 트윈에는 선으로 통하는 프로파일이 필요해요"
    ),
    "profile {name} has no protocol; choose another": (
        "{name} 프로파일에는 프로토콜이 없어요; 다른 것을 고르세요"
    ),
    "{path} is there already and is {what}; choose another --pty, or remove it": (
        "{path:은/는} 이미 있어요 ({what}); --pty를 바꾸거나 그것을 지우세요"
    ),
    "in use by another twin": "다른 트윈이 쓰고 있음",
    "no link of a twin": "트윈의 링크가 아님",
    "{url} lacks its kind; write serial:{again}": (
        "{url} 앞에 종류가 빠졌어요; serial:{again:으로/로} 쓰세요"
    ),
    "no permission for {name}, which is root's alone; give it a group with a udev rule, or "
    "run this as root": (
        "{name:은/는} root만 열 수 있어요; udev 규칙으로 그룹을 주거나 root로 실행하세요"
    ),
    "{name} is no serial port; choose one, such as /dev/ttyUSB0": (
        "{name:은/는} 시리얼 포트가 아니에요; /dev/ttyUSB0 같은 포트를 고르세요"
    ),
    "there are no pseudo-terminals here ({reason}); run it on Linux or macOS": (
        "여기에는 가상 터미널이 없어요 ({reason}); Linux나 macOS에서 실행하세요"
    ),
    "{path} cannot be written ({reason}); choose another --pty": (
        "{path}에 쓸 수 없어요 ({reason}); --pty를 바꾸세요"
    ),
}
