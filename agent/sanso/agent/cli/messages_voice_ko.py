"""What errors of listening say of themselves, in Korean; the rest is in `messages_ko`."""

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # microphone: devices, files, standard input
    "there is no microphone; plug one in, and look with: sanso devices audio": (
        "마이크가 없어요; 마이크를 꽂고 이렇게 확인하세요: sanso devices audio"
    ),
    "device {number} is no microphone; choose one from: sanso devices audio": (
        "{number}번 장치는 마이크가 아니에요; 여기에서 고르세요: sanso devices audio"
    ),
    "there is no microphone {name}; there is {names}": (
        "{name} 마이크는 없어요; 있는 마이크: {names}"
    ),
    "{name} may be {names}; write more of the name, or its number": (
        "{name}에 맞는 마이크가 여럿이에요 ({names}); 이름을 더 길게 쓰거나 번호를 쓰세요"
    ),
    "{name} does not answer; plug it in again, or choose another microphone": (
        "{name:이/가} 응답하지 않아요; 뽑았다가 다시 꽂거나 다른 마이크를 고르세요"
    ),
    "{name} is in use by another program; end that one, or choose another microphone": (
        "{name:을/를} 다른 프로그램이 쓰고 있어요; 그 프로그램을 끝내거나 다른 마이크를 고르세요"
    ),
    "{name} cannot be opened ({reason}); plug it in again, or choose another microphone": (
        "{name:을/를} 열 수 없어요 ({reason}); 뽑았다가 다시 꽂거나 다른 마이크를 고르세요"
    ),
    "Unanticipated host error": "장치에서 알 수 없는 오류가 났어요",
    "Invalid sample rate": "지원하지 않는 샘플 주파수",
    "Invalid number of channels": "지원하지 않는 채널 수",
    "Illegal combination of I/O devices": "소리 장치에 연결할 수 없어요",
    "the sound system does not answer ({reason}); restart it, or this machine": (
        "소리 시스템이 응답하지 않아요 ({reason}); 소리 시스템이나 컴퓨터를 다시 시작하세요"
    ),
    "a microphone needs sounddevice; install it with: pip install 'sanso[voice]'": (
        "마이크를 쓰려면 sounddevice가 필요해요; 이렇게 설치하세요: pip install 'sanso[voice]'"
    ),
    "PortAudio is missing; install it with: sudo apt install libportaudio2": (
        "PortAudio가 없어요; 이렇게 설치하세요: sudo apt install libportaudio2"
    ),
    "{name} gives {number} Hz, and soxr, which converts that, is missing; install it "
    "with: pip install 'sanso[voice]'": (
        "{name}의 주파수가 {number}Hz인데 그것을 바꾸는 soxr가 없어요; 이렇게 설치하세요: "
        "pip install 'sanso[voice]'"
    ),
    "there is no file or folder {name}; check the path": (
        "{name} 경로에 파일이나 폴더가 없어요; 경로를 확인하세요"
    ),
    "the folder {name} holds no WAV file; put some there, or name another one": (
        "{name} 폴더에 WAV 파일이 없어요; 파일을 넣거나 다른 폴더를 쓰세요"
    ),
    "{name} is no file; pipe it into standard input, and name -": (
        "{name:은/는} 보통 파일이 아니에요; 파이프로 표준 입력에 연결하고 -를 쓰세요"
    ),
    "{name} cannot be read ({reason}); check it and its permissions": (
        "{name:을/를} 읽을 수 없어요 ({reason}); 파일과 권한을 확인하세요"
    ),
    "{name} is cut off: {there} of {size} bytes of sound are there; copy it again": (
        "{name} 파일이 중간에 잘렸어요. 소리 {size}바이트 가운데 {there}바이트만 있어요; 다시 복사하세요"
    ),
    "{name} is empty; record it again": "{name:이/가} 비어 있어요; 다시 녹음하세요",
    "{name} holds no sound; record it again": (
        "{name}에 소리가 들어 있지 않아요; 다시 녹음하세요"
    ),
    "{name} is longer than a day; cut it into pieces": (
        "{name:은/는} 하루보다 길어요; 여러 조각으로 나누세요"
    ),
    "{name} is no WAV file; {cure}": "{name:은/는} WAV 파일이 아니에요; {cure}",
    "{name} is {what}, not WAV; {cure}": "{name:은/는} WAV가 아니에요 ({what}); {cure}",
    "convert it with: ffmpeg -i FILE sound.wav": (
        "이렇게 변환하세요: ffmpeg -i 파일 sound.wav"
    ),
    "RF64, which is for more than 4 GB": "4GB가 넘는 파일에 쓰는 RF64",
    "big-endian WAV": "빅 엔디언 WAV",
    "{name} holds compressed sound (format {number}); convert it with: ffmpeg -i FILE "
    "-c:a pcm_s16le sound.wav": (
        "{name}에는 압축된 소리가 들어 있어요 (형식 {number}번); 이렇게 변환하세요: "
        "ffmpeg -i 파일 -c:a pcm_s16le sound.wav"
    ),
    "the header of {name} is damaged ({reason}); record it again": (
        "{name}의 헤더가 깨졌어요 ({reason}); 다시 녹음하세요"
    ),
    "{number} channels": "채널 {number}개",
    "{number} samples a second": "1초에 샘플 {number}개",
    "{number} bits a sample": "샘플마다 {number}비트",
    "its format is missing": "형식 정보가 없음",
    "its format is damaged": "형식 정보가 깨짐",
    "it ends before the sound": "소리가 나오기 전에 끝남",
    "no sound in the first megabyte": "처음 1MB 안에 소리가 없음",
    "standard input": "표준 입력",
    "standard input is closed; {cure}": "표준 입력이 닫혀 있어요; {cure}",
    "standard input is a terminal; {cure}": "표준 입력이 터미널이에요; {cure}",
    "pipe sound into it: arecord -t raw -f S16_LE -r 16000 -c 1 | sanso ...": (
        "소리를 파이프로 보내세요: arecord -t raw -f S16_LE -r 16000 -c 1 | sanso ..."
    ),
    "standard input cannot be read ({reason}); start it again": (
        "표준 입력을 읽을 수 없어요 ({reason}); 다시 시작하세요"
    ),
    "no sound came through standard input; check the program that sends it": (
        "표준 입력으로 소리가 오지 않았어요; 소리를 보내는 프로그램을 확인하세요"
    ),
    # model_files: what is wrong with a recogniser's folder
    "the recogniser {folder} lacks {name}; copy the whole folder again": (
        "음성 인식 모델 {folder}에 {name:이/가} 없어요; 폴더를 통째로 다시 복사하세요"
    ),
    "{name} of the recogniser {folder} cannot be read ({reason}); check its permissions": (
        "음성 인식 모델 {folder}의 {name:을/를} 읽을 수 없어요 ({reason}); 권한을 확인하세요"
    ),
    "{name} of the recogniser {folder} is damaged: {reason}; copy it again": (
        "음성 인식 모델 {folder}의 {name:이/가} 망가졌어요 ({reason}); 다시 복사하세요"
    ),
    "it is no tokenizer": "토크나이저가 아님",
    "it is no list of tokens": "토큰 목록이 아님",
    "it has {tokens} tokens where the weights are for {rows}": (
        "토큰이 {tokens}개지만 가중치는 {rows}개용"
    ),
    "it says {mels} mels where the weights are for {found}": (
        "멜 대역 {mels}개로 적혀 있지만 가중치는 {found}개용"
    ),
    "it is no Whisper model for CTranslate2": "CTranslate2용 Whisper 모델이 아님",
    "Git LFS left only its pointer here": "Git LFS 포인터만 들어 있음",
    "it is no JSON object": "JSON 객체가 아님",
    "it is not JSON": "JSON이 아님",
    "{key} is no number above 0": "{key} 값이 0보다 큰 수가 아님",
    "{key} is no number": "{key} 값이 수가 아님",
    "there is no gate {key}": "{key}라는 기준은 없음",
    # models_at_hand: a word that names no recogniser
    "this user has no home; set XDG_DATA_HOME to a folder for recognisers": (
        "이 사용자에게는 홈 폴더가 없어요; XDG_DATA_HOME에 음성 인식 모델을 둘 폴더를 적으세요"
    ),
    "the recogniser {name} is not on this machine; sanso voice pull {size}": (
        "이 기기에 음성 인식 모델 {name:이/가} 없어요; sanso voice pull {size}"
    ),
    "no recogniser is named; give a size such as base, or a folder": (
        "음성 인식 모델의 이름이 비었어요; base 같은 크기나 폴더를 주세요"
    ),
    "{name} is a file; give the folder that it lies in": (
        "{name:은/는} 파일이에요; 그 파일이 든 폴더를 주세요"
    ),
    "there is no folder {name}; check the path, or give a size: {known}": (
        "{name} 폴더가 없어요; 경로를 확인하거나 크기를 주세요: {known}"
    ),
    "there is no recogniser {name}; did you mean {near}?": (
        "{name} 음성 인식 모델은 없어요; 혹시 {near}?"
    ),
    "there is no recogniser {name}; choose from {known}, or give a folder": (
        "{name} 음성 인식 모델은 없어요; {known} 가운데 고르거나 폴더를 주세요"
    ),
    # pull
    "there is no size {name}; choose from {known}": (
        "{name} 크기는 없어요; {known} 가운데 고르세요"
    ),
    "the recogniser {name} cannot be kept in {folder} ({cause}); free some space there, or set XDG_DATA_HOME to another folder": (
        "음성 인식 모델 {name:을/를} {folder}에 둘 수 없어요 ({cause}); 공간을 비우거나 XDG_DATA_HOME에 다른 폴더를 적으세요"
    ),
    "the disk is full": "저장 공간이 모자라요",
    "a download needs {name}, which is not installed; pip install 'sanso[voice]'": (
        "내려받으려면 {name:이/가} 있어야 하는데 설치되지 않았어요; pip install 'sanso[voice]'"
    ),
    "the recogniser {name} cannot be looked up ({error}); check the network, or copy {folder} from another machine": (
        "음성 인식 모델 {name:을/를} 찾아볼 수 없어요 ({error}); 인터넷 연결을 확인하거나 다른 기기에서 {folder:을/를} 복사하세요"
    ),
    "the recogniser {name} needs {wanted} MB more and {folder} has {free} MB; free some space there, or set XDG_DATA_HOME to another folder": (
        "음성 인식 모델 {name:은/는} {wanted} MB가 더 필요한데 {folder}에는 {free} MB가 남았어요; 공간을 비우거나 XDG_DATA_HOME에 다른 폴더를 적으세요"
    ),
    "the download of {name} broke off at {share} % of {file} ({reason}); run it again to go on": (
        "{name} 내려받기가 {file}의 {share}%에서 끊겼어요 ({reason}); 다시 실행하면 이어서 받아요"
    ),
    "the connection was closed": "연결이 끊김",
    "{file} of {name} was damaged on its way; run it again": (
        "{name}의 {file:이/가} 받는 도중에 망가졌어요; 다시 실행하세요"
    ),
    # transcribe
    "the recogniser {name} failed ({reason}); try another one": (
        "음성 인식 모델 {name:이/가} 실패했어요 ({reason}); 다른 모델을 써 보세요"
    ),
    "the recogniser {name} hears 1 to {seconds} seconds at once; choose a window within that": (
        "음성 인식 모델 {name:은/는} 한 번에 1초에서 {seconds}초까지 들어요; 구간을 그 안에서 정하세요"
    ),
    "the recogniser {name} is closed; open it again": (
        "음성 인식 모델 {name:이/가} 닫혔어요; 다시 여세요"
    ),
    "speech recognition needs {name}, which is not installed; pip install 'sanso[voice]'": (
        "음성을 알아들으려면 {name:이/가} 있어야 하는데 설치되지 않았어요; pip install 'sanso[voice]'"
    ),
    "the recogniser {name} cannot be loaded ({reason}); copy or pull it again": (
        "음성 인식 모델 {name:을/를} 불러올 수 없어요 ({reason}); 다시 복사하거나 내려받으세요"
    ),
    "its tokens lack {tokens}": "토큰 가운데 {tokens:이/가} 없음",
    # transcribe_cost
    "the measurement needs {name}, which is not installed; pip install 'sanso[voice]'": (
        "시간을 재려면 {name:이/가} 있어야 하는데 설치되지 않았어요; pip install 'sanso[voice]'"
    ),
    # attention, segmentation
    "{name} is {value}; it must be {low} to {high}": (
        "{name} 값 {value:은/는} 쓸 수 없어요; {low}에서 {high} 사이로 정하세요"
    ),
    "{first} is {low} and {second} {high}; {again} must not be the larger": (
        "{first:이/가} {low}인데 {second:은/는} {high:이에요/예요}; {again:이/가} 더 크면 안 돼요"
    ),
    "there is no listening mode {mode}; choose from {modes}": (
        "{mode} 듣기 방식은 없어요; {modes} 가운데 고르세요"
    ),
    # push_gpio
    "there is no GPIO {pin}; choose from 0 to {last}, numbered as pinout shows them": (
        "GPIO {pin}번은 없어요; pinout이 보여 주는 번호로 0에서 {last} 사이에서 고르세요"
    ),
    "a button needs gpiozero; install it with: pip install 'sanso[gpio]'": (
        "버튼을 쓰려면 gpiozero가 필요해요; 이렇게 설치하세요: pip install 'sanso[gpio]'"
    ),
    "GPIO {pin} cannot be used ({reason}); on a Raspberry Pi its library helps: pip install lgpio": (
        "GPIO {pin}번을 쓸 수 없어요 ({reason}); 라즈베리 파이라면 이것을 설치해 보세요: "
        "pip install lgpio"
    ),
    # vad
    "listening needs {name}; install it with: pip install 'sanso[voice]'": (
        "소리를 들으려면 {name:이/가} 필요해요; 이렇게 설치하세요: pip install 'sanso[voice]'"
    ),
    "there is no speech detector in {folder}; install 1.2 or later: pip install -U faster-whisper": (
        "{folder}에 말소리 감지 모델이 없어요; 1.2 이상을 설치하세요: pip install -U faster-whisper"
    ),
    "the speech detector {path} cannot be read; install it again: pip install --force-reinstall faster-whisper": (
        "말소리 감지 모델 {path:을/를} 읽을 수 없어요; 다시 설치하세요: "
        "pip install --force-reinstall faster-whisper"
    ),
    # wake, wyoming_wake
    "there is no name to listen to; write one, such as 산소야": (
        "부를 이름이 없어요; 산소야 같은 이름을 하나 정하세요"
    ),
    "{name} is too short for a name; choose a longer one": (
        "{name:은/는} 이름으로 쓰기에는 너무 짧아요; 더 긴 이름을 고르세요"
    ),
    "{uri} cannot listen ({reason}); look at its log": (
        "{uri} 서비스가 들을 수 없대요 ({reason}); 그 서비스의 로그를 보세요"
    ),
    "{uri} ended the connection; look at its log": (
        "{uri} 서비스가 연결을 끊었어요; 그 서비스의 로그를 보세요"
    ),
    # speak, speak_program: a program that speaks
    "{name} is not installed; install it with: sudo apt install espeak-ng": (
        "{name:이/가} 설치되지 않았어요; 이렇게 설치하세요: sudo apt install espeak-ng"
    ),
    "{name} cannot be started ({reason}); install it again": (
        "{name:을/를} 시작할 수 없어요 ({reason}); 다시 설치하세요"
    ),
    "{name} failed ({reason}); try it in a terminal": (
        "{name}에서 오류가 났어요 ({reason}); 터미널에서 직접 실행해 보세요"
    ),
    "no end after {seconds} s": "{seconds}초가 지나도 끝나지 않음",
    "status {number}": "종료 상태 {number}",
    # wyoming_link
    "{uri} is no address of a service; write it like tcp://localhost:10200": (
        "{uri:은/는} 서비스 주소가 아니에요; tcp://localhost:10200처럼 쓰세요"
    ),
    "{uri} cannot be reached ({reason}); is the service running there?": (
        "{uri}에 연결할 수 없어요 ({reason}); 거기에 서비스가 켜져 있는지 보세요"
    ),
    "{uri} does not speak Wyoming; check its address": (
        "{uri:은/는} Wyoming 서비스가 아니에요; 주소를 확인하세요"
    ),
    "the connection to {uri} is lost ({reason}); try again": (
        "{uri:과/와} 연결이 끊겼어요 ({reason}); 다시 해 보세요"
    ),
    "Connection refused": "연결이 거부됨",
    "Connection reset by peer": "상대가 연결을 끊음",
    "Name or service not known": "그런 호스트를 찾을 수 없음",
    "Network is unreachable": "네트워크에 연결되어 있지 않음",
    "No route to host": "호스트까지 가는 경로가 없음",
    "no answer": "응답이 없음",
    "no answer in time": "제때 응답하지 않음",
    "Wyoming services need wyoming; install it with: pip install 'sanso[voice]'": (
        "Wyoming 서비스를 쓰려면 wyoming 라이브러리가 필요해요; 이렇게 설치하세요: pip install 'sanso[voice]'"
    ),
    # spoken cases of a benchmark
    "there is no cases.jsonl in {folder}; write one case a line, with id, wav, text, lang and accept": (
        "{folder}에 cases.jsonl이 없어요; 한 줄에 사례 하나씩 id, wav, text, lang, accept를 적으세요"
    ),
    "{table} holds no case; write one a line, with id, wav, text, lang and accept": (
        "{table}에 사례가 없어요; 한 줄에 하나씩 id, wav, text, lang, accept를 적으세요"
    ),
    "the case {name} is not one sentence with a wav; name its file, or take it out": (
        "사례 {name:은/는} wav가 있는 한 문장이 아니에요; 파일 이름을 적거나 사례를 빼세요"
    ),
    "the case {name} lacks its file {path}; copy it there, or take it out": (
        "사례 {name}의 파일 {path:이/가} 없어요; 파일을 복사하거나 사례를 빼세요"
    ),
    "another sanso listen takes its key at {path}; end that one first, or set SANSO_SOCKET": (
        "다른 sanso listen이 {path}에서 키를 받고 있어요; 먼저 그것을 끝내거나 SANSO_SOCKET을 다르게 정하세요"
    ),
    # the recogniser for tests
    "{file}:{number}: not JSON ({reason})": "{file} {number}째 줄: JSON이 아님 ({reason})",
    "--quantization is int8 or float32, not {given}": (
        "--quantization은 int8이나 float32예요. {given:은/는} 안 돼요"
    ),
}
