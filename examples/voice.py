"""
A spoken command through everything: file, recogniser, model, simulator, and the answer into another file.

    python examples/voice.py COMMAND.wav [RECOGNISER]

RECOGNISER is a size of Whisper that is on this machine (`sanso voice pull base`) or a folder.
"""

import sys
from pathlib import Path

from sanso.agent import Agent
from sanso.agent.voice.attention import Manners
from sanso.agent.voice.files import SoundFiles
from sanso.agent.voice.happenings import Exchange, Happening
from sanso.agent.voice.hearing import Hearing
from sanso.agent.voice.loop import Listening
from sanso.agent.voice.speak import EspeakSpeaker
from sanso.agent.voice.speak_file import WavPlayer
from sanso.agent.voice.transcribe import WhisperTranscriber
from sanso.agent.voice.vad import SileroActivity
from sanso.agent.voice.voicing import Voicing


def show(happening: Happening) -> None:
    """Print what came of an utterance, and how long each stage took."""
    if isinstance(happening, Exchange):
        print("heard   ", happening.transcript.text if happening.transcript else "")
        print("program ", happening.reply.program if happening.reply else "none")
        print("words   ", happening.words)
        for stage, seconds in happening.seconds.items():
            print(f"  {stage:10} {seconds * 1000:7.1f} ms")


def main(command: Path, recogniser: str) -> None:
    """Hear a file, and write the answer beside it."""
    answer = command.with_suffix(".answer.wav")
    transcriber = WhisperTranscriber(recogniser)
    with Agent.open("sim:") as agent:
        Listening(
            SoundFiles(command),
            Hearing(SileroActivity(), Manners(mode="open")),
            transcriber,
            agent,
            Voicing(EspeakSpeaker(WavPlayer(answer))),
            show,
        ).run()
    transcriber.close()
    print("answer  ", answer)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:] or ["base"])
