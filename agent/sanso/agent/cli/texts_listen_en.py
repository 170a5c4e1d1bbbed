"""The words of listening in English, help included; `texts_listen_ko` has the same keys in Korean."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    # sanso listen
    "command.listen": "speak to a purifier, and be answered aloud",
    "about.listen": "Listens to a microphone, carries out what is said, and answers aloud in "
    "the same language. A running service is spoken to where no purifier is named, else a "
    "simulator. Ctrl-C ends it.",
    "examples.listen": "sanso listen --push\nsanso listen --wake 'hey purifier'\n"
    "sanso listen --wav command.wav --speak none --times",
    "option.wav": "listen to a WAV file, to a folder of them, or to standard input (-)",
    "option.mic": "the microphone: its number or a part of its name, see `sanso devices audio`",
    "option.wake": "carry out only what begins with this name; may be repeated. The address of "
    "a Wyoming wake service, such as tcp://localhost:10400, works as well",
    "option.listen.model": "the recogniser: a size of Whisper or a folder; base by default",
    "option.window": "hear so many seconds at once, which is quicker; 10 to 15 for commands",
    "option.threads": "threads of the recogniser; by default one less than there are cores",
    "option.speak": "how it answers: auto, espeak, piper:VOICE.onnx, "
    "wyoming:tcp://HOST:PORT, earcon or none",
    "option.loudspeaker": "the loudspeaker: its number or a part of its name",
    "option.into": "write the answers into this WAV file instead of saying them",
    "option.gpio": "push-to-talk by a button between this GPIO pin and ground",
    "option.channel": "listen to this channel alone, counted from 0; of two both are heard otherwise, "
    "of more the first",
    "option.gguf": "the language model, a GGUF; by default the shipped one",
    "option.push": "push-to-talk: press the space bar, speak, press it again; or hold it. "
    "`sanso voice push` does it from elsewhere",
    "option.open_": "an open microphone: all that is said is meant for the purifier; the default",
    "option.barge_in": "listen while it speaks, too; only where the sound system takes out its echo",
    "option.echo": "do not listen for so many seconds behind an answer, in which the room still "
    "sounds; 0.3 by default, 5 at most",
    "option.terse": "answer with a short sound wherever that says enough",
    "option.quiet_misses": "say nothing where something was not caught",
    "option.hints": "tell the recogniser which words to expect; by default for the sizes of "
    "Whisper alone",
    "option.paced": "hear a file as long as it takes, like a microphone",
    "option.times": "show how long each stage took",
    "option.listen.as_json": "write each thing that happens as a JSON object on a line of its own",
    "listen.with": "microphone {microphone} · recogniser {recogniser} · voice {voice} · "
    "purifier {purifier}",
    "listen.how.open": "Speak; everything that is said is meant for the purifier.",
    "listen.how.push": "Press the space bar or the button, speak, and press again or let go.",
    "listen.how.name": "Begin with a name: {names}.",
    "listen.how.service": "Call it by the name that the wake service knows.",
    "listen.interrupt": "The space bar interrupts the answer.",
    "listen.state.waiting": "waiting to be called",
    "listen.state.listening": "listening",
    "listen.state.hearing": "hearing you",
    "listen.state.understanding": "understanding",
    "listen.state.speaking": "speaking",
    "listen.state.lost": "no microphone",
    "listen.called": "Yes?",
    "listen.overheard": "(not said to the purifier)",
    "listen.late": "(waited too long for its turn; nothing was done)",
    "listen.left_out.long": "(the last {seconds} s were too long to be heard; say it in one short "
    "sentence)",
    "listen.left_out.unheard": "({seconds} s of speech had begun before I listened; say it again. If "
    "it was my own voice, raise --echo)",
    "listen.muted": "The microphone gives nothing but zeros; if it is muted, unmute it, and look "
    "with: sanso devices audio --meter 10",
    "listen.microphone.lost": "The microphone is gone; plug it in again, it will be found.",
    "listen.microphone.back": "The microphone is back.",
    "listen.clipped": "The sound is clipped; turn the microphone down, or speak from further away.",
    "listen.drops": "{number} frames of sound were lost: this machine was too busy; take a smaller "
    "recogniser with --model, or end other programs.",
    "listen.nothing": "There was sound, and nobody spoke in it; speak closer to the microphone, and "
    "turn off what makes noise or music.",
    "listen.nothing.silent": "Nothing was to be heard; unmute the microphone or turn it up, and look "
    "with: sanso devices audio --meter 10",
    "listen.nothing.short": "The sound was too short for a word; record a whole sentence.",
    "listen.nothing.ended": "It ended before anybody could speak; start it again, and say a whole "
    "sentence.",
    "listen.missed.short": "(too short; say a whole sentence)",
    "listen.missed.silence": "(too quiet; come closer, or turn the microphone up)",
    "listen.missed.clipped": "(clipped; turn the microphone down or step back, and say it again)",
    "listen.missed.long": "(too long; say it again in one short sentence)",
    "listen.missed.lost": "(a piece of it was not heard; say it again)",
    "listen.missed.noise": "(noise, no speech; come closer, and turn off what makes noise)",
    "listen.missed.language": "(neither Korean nor English; say it in one of them)",
    "listen.missed.repetition": "(the recogniser repeated itself; say it in other words)",
    "listen.missed.echo": "(the recogniser only repeated its hints; say a whole sentence, or leave "
    "them out with --no-hints)",
    "listen.missed.doubt": "(not understood surely enough; say it again, closer to the microphone)",
    "listen.times": "{total} s after the last word: {stages}",
    "listen.voiced": "first sound {seconds} s later",
    "listen.stage.ending": "end",
    "listen.stage.waiting": "waiting",
    "listen.stage.recogniser": "recogniser",
    "listen.stage.model": "model",
    "listen.stage.device": "purifier",
    "listen.usage.mode": "choose one of --push, --open and --wake",
    "listen.usage.sources": "--wav and --mic exclude each other; give one of them",
    "listen.usage.echo": "--echo is a time of 0 to {most} seconds; choose one within that",
    "listen.usage.push": "a file has no key to press; leave --push out",
    "listen.usage.gpio": "a file has no button to press; leave --gpio out",
    "listen.usage.wake": "one wake service listens alone; give one address, or names",
    "listen.usage.gguf": "there is no file {path}; check --gguf, or leave it out",
    "listen.usage.gguf.folder": "{path} is a folder; name the GGUF file in it with --gguf",
    # any command: an error of the system
    "error.OSError.bare": "{message}; try again",
    "error.OSError.full": "{where}{message}; free some space",
    # sanso voice push
    "command.voice.push": "press the key of push-to-talk from elsewhere",
    "about.voice.push": "Presses or releases the key of a `sanso listen --push` that is running, "
    "as a button of a panel would.",
    "option.voice.push.what": "press, release or toggle; toggle by default",
    "examples.voice.push": "sanso voice push press",
    "voice.push.unknown": "there is no push {word!r}; choose press, release or toggle",
    "voice.push.nobody": "nobody listens with push-to-talk at {path}; start it with: "
    "sanso listen --push",
    "voice.pressed": "pressed: it listens",
    "voice.released": "released",
    # sanso voice bench
    "command.voice.bench": "how well and how fast spoken commands are understood",
    "about.voice.bench": "Runs a folder of WAVs with its cases.jsonl through recogniser, model "
    "and simulator: character and word errors, time by stage, and what was carried out rightly.",
    "option.voice.bench.folder": "a folder with cases.jsonl and the WAVs that it names",
    "option.voice.bench.model": "the recogniser: a size of Whisper or a folder; base by default",
    "option.voice.bench.gguf": "the language model, a GGUF; by default the shipped one",
    "option.voice.bench.window": "hear so many seconds at once",
    "option.voice.bench.threads": "threads of the recogniser; by default one less than cores",
    "option.voice.bench.hints": "tell the recogniser which words to expect; by default for the "
    "sizes of Whisper alone",
    "option.voice.bench.failures": "show so many of what went wrong",
    "option.voice.bench.out": "write every utterance into this JSON file",
    "examples.voice.bench": "sanso voice bench recordings/ --model small --window 12",
    "bench.hearing": "hearing",
    "bench.cases": "spoken commands",
    "bench.all": "all",
    "bench.ko": "Korean",
    "bench.en": "English",
    "bench.mix": "mixed",
    "bench.right": "carried out rightly",
    "bench.wrong": "wrong acts",
    "bench.cer": "letters wrong",
    "bench.wer": "words wrong",
    "bench.lost": "lost because",
    "bench.number": "how many",
    "bench.lost.unheard": "no speech was found in the sound",
    "bench.lost.refused": "a gate refused the transcript",
    "bench.lost.misheard": "the words were misheard",
    "bench.lost.misunderstood": "the words were right, the program was not",
    "bench.lost.unsure": "the program was right, and not sure enough to be done",
    "bench.stage": "time after the last word, ms",
    "bench.stage.obeyed": "until it was obeyed",
    "bench.p50": "median",
    "bench.p95": "95th percentile",
    "bench.real_time": "recogniser: seconds for a second of sound",
}
