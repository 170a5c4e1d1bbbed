"""What the page of `sanso recogniser` says, in English."""

from typing import Final

HELP: Final[dict[str, str]] = {
    "command.recogniser": "make the small speech recogniser that the tests use",
    "about.recogniser": "Makes and judges a recogniser of synthetic speech. It is for "
    "tests: whatever it hears becomes a command. It is not for people.",
    "command.recogniser.train": "speak the sentences and train on them",
    "about.recogniser.train": "Speaks the sentences with espeak-ng, trains, and writes the "
    "recogniser. A run that was stopped goes on.",
    "option.recogniser.train.recipe": "a recipe's name, or a .toml file",
    "option.recogniser.train.folder": "where to work; by default runs/recogniser and the "
    "recipe's name",
    "option.recogniser.train.avoid": "cases whose sentences must not be learned; may be repeated",
    "option.recogniser.train.start": "folder of a former training to begin from",
    "option.recogniser.train.stop_at": "stop at this step",
    "option.recogniser.train.processes": "how many processes speak",
    "option.recogniser.train.threads": "threads of torch",
    "command.recogniser.export": "write the recogniser of a training's last checkpoint",
    "about.recogniser.export": "Writes the files that faster-whisper reads.",
    "option.recogniser.export.folder": "folder of a training",
    "option.recogniser.export.out": "folder of the recogniser",
    "option.recogniser.export.quantization": "int8 or float32",
    "command.recogniser.evaluate": "judge it on unseen sentences in unseen voices",
    "about.recogniser.evaluate": "Counts whole sentences, words and letters that are heard "
    "right, clean and in noise.",
    "option.recogniser.evaluate.model": "folder of a recogniser",
    "option.recogniser.evaluate.speech": "folder of a training, for its held-out speech",
    "option.recogniser.evaluate.count": "how many sentences of each set",
    "option.recogniser.evaluate.noise": "decibels of the speech over white noise",
    "option.recogniser.evaluate.misses": "show so many misses",
    "command.recogniser.collect": "speak sentences in noise and write down what was heard",
    "about.recogniser.collect": "Writes lines of what was heard and what was said, with a "
    "tab between. A longer file goes on where a stopped one ended.",
    "option.recogniser.collect.model": "folder of a recogniser",
    "option.recogniser.collect.out": "file of what was heard and said",
    "option.recogniser.collect.count": "how many sentences to speak",
    "option.recogniser.collect.seed": "chooses sentences, voices and noise",
    "option.recogniser.collect.sentences": "file of sentences, one a line; by default "
    "hand-written ones are drawn",
    "command.recogniser.hear": "write what it mishears as training data",
    "about.recogniser.hear": "Speaks hand-written sentences and keeps those that were heard "
    "otherwise and can still be guessed, with what their speaker wanted.",
    "option.recogniser.hear.model": "folder of a recogniser",
    "option.recogniser.hear.count": "how many sentences to speak",
    "option.recogniser.hear.seed": "chooses sentences, voices and noise",
    "option.recogniser.hear.pairs": "what was heard so far; the same command goes on",
    "option.recogniser.hear.out": "folder of the result; by default that of the project's data",
    "command.recogniser.speak": "have cases spoken, for `sanso voice bench`",
    "about.recogniser.speak": "Speaks cases with espeak-ng in voices that no training used, "
    "and writes WAVs and their table.",
    "option.recogniser.speak.cases": "files or folders of cases",
    "option.recogniser.speak.out": "folder of what is spoken",
    "option.recogniser.speak.voices": "how many voices for each case",
    "option.recogniser.speak.seed": "chooses the voices",
}
