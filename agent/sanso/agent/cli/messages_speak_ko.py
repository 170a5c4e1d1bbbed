"""What errors of the agent's own voice say of themselves, in Korean; those of listening are in `messages_voice_ko`."""

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # speak_device
    "there is no loudspeaker; plug one in, or choose no speech: --speak none": (
        "스피커가 없어요; 스피커를 꽂거나, 말하지 않게 하세요: --speak none"
    ),
    "there is no loudspeaker {name}; choose one from: sanso devices audio": (
        "{name} 스피커는 없어요; 여기에서 고르세요: sanso devices audio"
    ),
    "the loudspeaker {name} cannot be opened ({reason}); is it in use, or unplugged?": (
        "{name} 스피커를 열 수 없어요 ({reason}); 다른 프로그램이 쓰고 있거나 빠져 있는지 보세요"
    ),
    "the loudspeaker {name} does not play any more; is it plugged in?": (
        "{name} 스피커에서 더는 소리가 나지 않아요; 꽂혀 있는지 보세요"
    ),
    "a loudspeaker needs sounddevice; install it with: pip install 'sanso[voice]'": (
        "스피커를 쓰려면 sounddevice가 필요해요; 이렇게 설치하세요: pip install 'sanso[voice]'"
    ),
    # speak_file
    "{path} cannot be written ({reason}); check its folder and the free space": (
        "{path:을/를} 쓸 수 없어요 ({reason}); 폴더와 남은 공간을 확인하세요"
    ),
    # speak_piper
    "piper is not installed; install it with: pip install piper-tts": (
        "piper가 설치되지 않았어요; 이렇게 설치하세요: pip install piper-tts"
    ),
    "there is no voice {path}; give the path of its .onnx file": (
        "{path}에 목소리 파일이 없어요; .onnx 파일의 경로를 쓰세요"
    ),
    "{path} cannot be read ({reason}); it belongs beside the voice": (
        "{path:을/를} 읽을 수 없어요 ({reason}); 목소리 파일 옆에 있어야 해요"
    ),
    "{name} is damaged; download the voice again": (
        "{name:이/가} 망가졌어요; 목소리를 다시 내려받으세요"
    ),
    "{name} speaks {code}; choose a voice for English or Korean": (
        "{name:은/는} {code} 목소리예요; 영어나 한국어 목소리를 고르세요"
    ),
    "{name} speaks no {language}; choose another voice for it": (
        "{name:은/는} {language:을/를} 하지 못해요; 그 언어에는 다른 목소리를 고르세요"
    ),
    "Korean": "한국어",
    "English": "영어",
    # speak_wyoming
    "{uri} ended the connection in the middle of a sentence; look at its log": (
        "{uri} 서비스가 말하는 도중에 연결을 끊었어요; 그 서비스의 로그를 보세요"
    ),
    "{uri} cannot say it ({reason}); look at its log": (
        "{uri} 서비스가 말하지 못했어요 ({reason}); 그 서비스의 로그를 보세요"
    ),
    "no reason given": "이유를 알려 주지 않음",
    "{uri} sends sound of {rate} Hz, {width} bytes, {channels} channels, which cannot be "
    "played; choose another voice there": (
        "{uri} 서비스가 재생할 수 없는 소리를 보내요 ({rate}Hz, {width}바이트, 채널 {channels}개); "
        "그 서비스에서 다른 목소리를 고르세요"
    ),
    # speakers
    "there is no way to speak like {way}; choose from {known}": (
        "{way}: 그런 말하기 방식은 없어요; {known} 가운데 고르세요"
    ),
}
