"""The words of the voice in English, help included; `texts_voice_ko` has the same keys in Korean."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    # sanso voice
    "command.voice": "look at the recognisers of speech, download one, time them",
    "about.voice": "Tells which sizes of Whisper are on this machine. Nothing is downloaded "
    "but by `sanso voice pull`.",
    "command.voice.models": "which recognisers are on this machine",
    "about.voice.models": "Tells which sizes of Whisper are on this machine, and where.",
    "command.voice.pull": "download a recogniser",
    "about.voice.pull": "Downloads a size of Whisper, once. What broke off goes on where it "
    "was. Without a network, copy the folder from another machine.",
    "option.voice.pull.size": "tiny, base, small, medium, large-v3, turbo and so on",
    "examples.voice.pull": "sanso voice pull base",
    "command.voice.cost": "time every size on this machine, without a download",
    "about.voice.cost": "Builds models of the standard shapes with random weights, and times "
    "their encoder and decoder, in int8.",
    "option.voice.cost.shapes": "which sizes, with commas between; tiny,base,small by default",
    "option.voice.cost.threads": "how many threads, with commas between; 1,2 by default",
    "option.voice.cost.rounds": "how often each is timed; 20 by default",
    "voice.model": "size",
    "voice.size": "weights",
    "voice.where": "where",
    "voice.not_here": "not on this machine",
    "voice.how": "* by default. `sanso voice pull {name}` downloads one; a folder does as well.",
    "voice.pulling": "downloading {name}",
    "voice.pulled": "{name} is in {path}",
    "cost.timing": "timing {name}",
    "cost.head.threads": "threads",
    "cost.head.window": "window",
    "cost.head.encode": "encode, ms",
    "cost.head.decode": "{tokens} tokens, ms",
    "cost.head.ratio": "×",
    "cost.legend": "Median / 95th percentile; × is the median over that of the first row.",
    "cost.shape": "there is no shape {name!r} to time; choose from {known}",
    "cost.threads": "{given!r} are no numbers of threads; write them like 1,2",
}
