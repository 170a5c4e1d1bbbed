"""A text-to-speech service at the other end of a socket, which follows a script."""

from __future__ import annotations

import sys
import threading

import numpy as np
import pytest
from wyoming.event import Event

from sanso.agent.voice.errors import SpeakerError, VoiceError
from sanso.agent.voice.speak_wyoming import WyomingSpeaker
from sanso.agent.voice.wyoming_link import address

from .ear import Ear
from .wyoming_peer import Peer, serving

FORMAT = {"rate": 22_050, "width": 2, "channels": 1}
SOUND = np.arange(-300, 300, dtype="<i2") * 100


def speak(peer: Peer, asked: list[Event]) -> None:
    """Say a little in three pieces."""
    event = peer.read()
    assert event is not None
    asked.append(event)
    peer.write("audio-start", timestamp=0, **FORMAT)
    for piece in np.split(SOUND, 3):
        peer.write("audio-chunk", piece.tobytes(), **FORMAT)
    peer.write("pong")  # what is of no interest
    peer.write("audio-stop", timestamp=9)


def test_a_sentence() -> None:
    """It is asked for in words, in its language, and heard whole; the next one on a connection of its own."""
    asked: list[Event] = []
    ear = Ear()
    with serving(lambda peer: speak(peer, asked)) as uri:
        speaker = WyomingSpeaker(uri, ear)
        speaker.say("풍량을 3단으로 맞췄어요.", "ko")
        assert np.allclose(ear.samples, SOUND / 32768)
        speaker.say("Fan set to level 3.", "en")
    assert [event.type for event in asked] == ["synthesize"] * 2
    assert [event.data for event in asked] == [
        {"text": "풍량을 삼 단으로 맞췄어요.", "voice": {"language": "ko"}},
        {"text": "Fan set to level three.", "voice": {"language": "en"}},
    ]
    assert {sound.rate for sound in ear.sounds} == {22_050}
    assert len(ear.samples) == 2 * len(SOUND)


def test_a_voice_by_its_name() -> None:
    """Where the owner names a voice, that one is asked for."""
    asked: list[Event] = []
    with serving(lambda peer: speak(peer, asked)) as uri:
        WyomingSpeaker(uri, Ear(), voices={"ko": "kss"}).say("네.", "ko")
    assert asked[0].data["voice"] == {"name": "kss"}


@pytest.mark.parametrize(
    ("width", "channels", "stored"), [(2, 2, "<i2"), (4, 1, "<i4"), (4, 3, "<i4")]
)
def test_other_formats(width: int, channels: int, stored: str) -> None:
    """Channels are joined, and 32 bits are taken as well as 16."""
    loudest = 2 ** (8 * width - 1)
    both = (np.linspace(-0.5, 0.5, 60)[:, None] * loudest).astype(stored)
    sound = np.repeat(both, channels, axis=1)
    settings = {"rate": 48_000, "width": width, "channels": channels}

    def script(peer: Peer) -> None:
        peer.read()
        peer.write("audio-chunk", sound.tobytes() + b"\x01", **settings)
        peer.write("audio-stop")

    ear = Ear()
    with serving(script) as uri:
        WyomingSpeaker(uri, ear).say("Yes.", "en")
    assert np.allclose(ear.samples, np.linspace(-0.5, 0.5, 60), atol=1e-3)
    assert ear.sounds[0].rate == 48_000


def refuse(peer: Peer) -> None:
    """Say that it cannot."""
    peer.read()
    peer.write("error", text="no such voice", code="x")


def hang_up(peer: Peer) -> None:
    """End the connection in the middle of a sentence."""
    peer.read()
    peer.write("audio-chunk", SOUND.tobytes(), **FORMAT)


def talk_web(peer: Peer) -> None:
    """Be something else altogether."""
    peer.write_raw(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def be_odd(peer: Peer) -> None:
    """Send JSON that is no event."""
    peer.write_raw(b'["audio-chunk"]\n')


def have_no_type(peer: Peer) -> None:
    """Send an object without a type."""
    peer.write_raw(b'{"data": 3}\n')


def sleep(peer: Peer) -> None:
    """Say nothing for ever."""
    peer.gone.wait(60)


def stop_in_a_chunk(peer: Peer) -> None:
    """Promise more bytes than come."""
    peer.write_raw(b'{"type": "audio-chunk", "payload_length": 999}\nabc')


def send_odd_sound(peer: Peer) -> None:
    """Send sound that nobody can play."""
    peer.read()
    peer.write("audio-chunk", SOUND.tobytes(), rate="x", width=3, channels=0)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (refuse, r"cannot say it \(no such voice\)"),
        (hang_up, "ended the connection in the middle"),
        (talk_web, "ended the connection|does not speak Wyoming"),
        (be_odd, "does not speak Wyoming"),
        (have_no_type, "does not speak Wyoming"),
        (sleep, r"is lost \(no answer in time\)"),
        (stop_in_a_chunk, "ended the connection|is lost"),
        (send_odd_sound, "0 Hz, 3 bytes, 0 channels, which cannot be played"),
    ],
)
def test_a_service_that_fails(script: object, told: str) -> None:
    """Whatever it does, it is one line that names the service."""
    with serving(script) as uri:  # type: ignore[arg-type]
        speaker = WyomingSpeaker(uri, Ear(), seconds=0.3)
        with pytest.raises(SpeakerError, match=told) as caught:
            speaker.say("Yes.", "en")
        assert "\n" not in str(caught.value)
        assert uri in str(caught.value)


def test_nobody_is_there() -> None:
    """A service that is not running is told of when something is to be said."""
    with serving(sleep) as uri:
        pass
    speaker = WyomingSpeaker(uri, Ear(), seconds=1.0)
    with pytest.raises(SpeakerError, match=r"cannot be reached .*; is the service"):
        speaker.say("Yes.", "en")


def test_stop_in_the_middle() -> None:
    """Stopped at the first sound, it waits for no more, and the service sees the connection end."""
    ended = threading.Event()

    def script(peer: Peer) -> None:
        peer.read()
        peer.write("audio-chunk", SOUND.tobytes(), **FORMAT)
        if peer.read() is None:
            ended.set()

    ear = Ear()
    with serving(script) as uri:
        speaker = WyomingSpeaker(uri, ear, seconds=60.0)
        ear.on_sound = speaker.stop
        speaker.say("Yes.", "en")
        assert ended.wait(10)
        assert len(ear.samples) == len(SOUND)
        ear.on_sound = None


def test_stop_while_the_service_thinks() -> None:
    """Stopped before the first sound, by another thread, it does not wait either."""
    asked = threading.Event()

    def script(peer: Peer) -> None:
        peer.read()
        asked.set()
        peer.gone.wait(60)

    with serving(script) as uri:
        speaker = WyomingSpeaker(uri, Ear(), seconds=60.0)
        saying = threading.Thread(target=speaker.say, args=("Yes.", "en"))
        saying.start()
        assert asked.wait(10)
        speaker.stop()
        saying.join(10)
        assert not saying.is_alive()


@pytest.mark.parametrize(
    "uri",
    ["", "localhost:1", "tcp://", "tcp://a", "tcp://a:0", "tcp://a:70000", "udp://a:1"],
)
def test_a_wrong_address(uri: str) -> None:
    """What is no address is told of at once, with an example."""
    with pytest.raises(SpeakerError, match="write it like tcp://localhost:10200"):
        WyomingSpeaker(uri, Ear())


def test_addresses() -> None:
    """Names, and both kinds of numbers."""
    assert address("tcp://pi.local:10200") == ("pi.local", 10_200)
    assert address("tcp://127.0.0.1:1/") == ("127.0.0.1", 1)
    assert address("tcp://[::1]:65535") == ("::1", 65_535)
    with pytest.raises(VoiceError):
        address("tcp://::1:5")


def test_the_library_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library it says what to install."""
    monkeypatch.setitem(sys.modules, "wyoming.event", None)
    with pytest.raises(SpeakerError, match=r"pip install 'sanso\[voice\]'"):
        WyomingSpeaker("tcp://127.0.0.1:1", Ear()).say("Yes.", "en")
