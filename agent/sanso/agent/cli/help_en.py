"""The pages of help in English; `help_ko` has the same keys in Korean."""

from typing import Final

HELP: Final[dict[str, str]] = {
    # the pages of help
    "help.usage": "Usage:",
    "help.command": "COMMAND",
    "help.some": "OPTIONS",
    "help.commands": "Commands",
    "help.arguments": "Arguments",
    "help.options": "Options",
    "help.examples": "Examples",
    "about.": "Sanso turns a Korean or English sentence into function calls on an air "
    "purifier, entirely on this device.",
    "command.say": "understand one sentence and carry it out",
    "command.chat": "talk to a purifier in the terminal",
    "command.parse": "sentences as JSON lines in, programs out; nothing is carried out",
    "command.grammar": "print the call language, or write its files",
    "command.devices": "which purifiers can be opened, and what they can do",
    "command.doctor": "whether everything is there, and what to do about what is not",
    "command.evaluate": "score a model on held-out cases",
    "command.train": "train a model",
    "command.data": "make and look at training data",
    "command.foreign": "brought by another package",
    "about.say": "Understands one sentence, carries it out and prints the answer. A "
    "simulated purifier, with its timers, ends with the command.",
    "about.chat": "A conversation: /why shows what the model decided, /state how the "
    "purifier stands, /help the rest.",
    "about.parse": "Reads one JSON object a line from standard input, with `id` and "
    "`text`, or `turns` for a dialogue, and writes one line for each.",
    "examples.": 'sanso say "fan to three, and off in two hours"\n'
    "sanso chat --device 'sim:?event=frying'\nsanso doctor",
    "examples.say": "sanso say it is stuffy in here\n"
    "sanso say --json --device 'sim:?profile=sim-basic' sleep mode",
    "examples.parse": """echo '{"id": 1, "text": "turn it on"}' | sanso parse --jsonl""",
    "option.help": "show this page",
    "option.lang": "language of this program's own words; by default that of the locale",
    "option.show_version": "print the version",
    "option.text": "the sentence; several words are one sentence",
    "option.device": "the purifier, see `sanso devices`; sim: by default",
    "option.model": "a GGUF; by default the shipped one",
    "option.as_json": "print one JSON object",
    "option.jsonl": "JSON lines, the only format there is",
    "option.notation": "which notation to print",
    "option.write": "write purifier.gbnf and purifier.lark there",
    "option.check": "exit with 1 if these files differ from what would be written",
}
