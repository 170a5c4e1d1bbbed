"""The pages of help in English; `help_ko` has the same keys in Korean."""

from typing import Final

HELP: Final[dict[str, str]] = {
    # the pages of help
    "help.usage": "Usage:",
    "help.command": "COMMAND",
    "help.some": "OPTIONS",
    "help.commands": "Commands",
    "help.foreign": "To train and judge models",
    "help.arguments": "Arguments",
    "help.options": "Options",
    "help.examples": "Examples",
    "about.": "Sanso turns a Korean or English sentence into function calls on an air "
    "purifier, entirely on this device.",
    "command.say": "understand one sentence and carry it out",
    "command.chat": "talk to a purifier in the terminal",
    "command.why": "tell why the last sentence came to what it came to",
    "command.parse": "sentences as JSON lines in, programs out; nothing is carried out",
    "command.grammar": "print the call language, or write its files",
    "command.devices": "which purifiers can be opened, and what they can do",
    "command.run": "keep the agent alive as a service, with a local socket",
    "command.twin": "play a purifier on a serial line, to try without hardware",
    "command.misses": "if you agree, keep sentences it did not understand on this device, to label and "
    "export for training",
    "command.doctor": "whether everything is there, and what to do about what is not",
    "command.evaluate": "score a model on held-out cases",
    "command.train": "train a model",
    "command.data": "check, count and show the training sentences",
    "command.bench": "time the engine",
    "command.sweep": "train a recipe in several variations",
    "command.compare": "put the model beside others and beside baselines",
    "command.round": "report what a model gets wrong, and why",
    "command.refusals": "count acts on public sentences that ask for nothing",
    "command.foreign": "brought by another package",
    "about.say": "Understands one sentence, carries it out and prints the answer. A "
    "simulated purifier, with its timers, ends with the command.",
    "about.chat": "A conversation, which keeps timers while it lasts. /why shows what the "
    "model decided, /state how the purifier stands, /help the rest.",
    "about.why": "Tells how the last sentence of `sanso say` was understood, judged "
    "and carried out: tokens, choices, other readings, thresholds, guards, outcome.",
    "examples.why": "sanso say fan to three\nsanso why\nsanso why --png why.png",
    "option.caution": "how sure an act must be before it is done instead of asked about: "
    "off, low, normal or high; normal by default",
    "option.png": "draw the choices into this file as well",
    "command.calibrate": "measure how far a model's evidence can be trusted",
    "about.calibrate": "Decides the held-out families, fits how often the model is right "
    "at a given evidence, and writes that and the thresholds into its paper.",
    "option.calibrate.model": "a GGUF; by default the shipped one",
    "option.calibrate.cases": "cases to show the effect on as well; may be repeated",
    "option.calibrate.out": "folder for figures and picture",
    "about.grammar": "Prints the call language in a notation that other programs read, "
    "or writes its files.",
    "about.devices": "Lists the purifiers that can be opened with --device, and what each "
    "product can do.",
    "command.devices.watch": "show live state, ages, link quality and counters",
    "about.devices.watch": "Shows what a purifier reports, live: state, age, link, counters "
    "and what is odd about it. Ctrl-C ends it.",
    "examples.devices.watch": "sanso devices watch 'serial:/tmp/purifier?profile=kj-standard'",
    "option.url": "the purifier, see `sanso devices`",
    "option.seconds": "end after so many seconds; by default when it is stopped",
    "about.run": "Keeps the agent alive: timers come due, the purifier is watched, and "
    "`sanso say` speaks to it through a socket that only its owner may open. Ctrl-C or "
    "SIGTERM ends it.",
    "examples.run": "sanso run --device 'serial:/dev/ttyUSB0?profile=kj-standard'",
    "option.policy": "the rules of the house: default, house, or the path of a .toml file",
    "option.memory": "keep timers, journal and undo in this file",
    "option.run.memory": "where timers, journal and undo are kept; by default in the state folder",
    "option.zone": "the time zone of clock times, such as Asia/Seoul; by default the machine's",
    "option.socket": "where to listen; by default in the user's runtime folder",
    "option.log": "write events into this file instead of standard error; 1 MB, 3 kept",
    "option.log_sentences": "write what was said and answered down as well",
    "option.alone": "do not speak to a running service",
    "about.twin": "Plays the controller of a purifier on a pseudo-terminal: it stands in a "
    "simulated room, answers, reports, takes key presses for its buttons and can be made "
    "to fail. Whatever opens serial: ports can talk to it.",
    "examples.twin": "sanso twin tuya --pty /tmp/purifier\n"
    "sanso twin miot --pty /tmp/purifier --fault drop=0.05 --fault slow_ms=800",
    "option.protocol": "tuya, miot or modbus",
    "option.pty": "make a link to the terminal under this name",
    "option.profile": "the product: the name of a profile, or the path of a .toml file",
    "option.fault": "what goes wrong, such as drop=0.05, mute or slow_ms=800; may be repeated",
    "option.set_": "how it stands at the start, such as fan=3; may be repeated",
    "option.seed": "another number gives other noise and other faults",
    "option.paced": "let bytes take the time that they take on a wire",
    "about.doctor": "Looks whether everything is there, and says what to do about what "
    "is not. Ends with 1 if something is missing.",
    "about.parse": "Reads one JSON object a line from standard input, with `id` and "
    "`text`, or `turns` for a dialogue, and writes one line for each.",
    "examples.": 'sanso say "fan to three, and off in two hours"\n'
    "sanso chat --device 'sim:?event=frying'\nsanso doctor",
    "examples.say": "sanso say it is stuffy in here\n"
    "sanso say --json --device 'sim:?profile=sim-basic' sleep mode",
    "examples.parse": """echo '{"id": 1, "text": "turn it on"}' | sanso parse --jsonl""",
    "examples.chat": "sanso chat --device 'sim:?speed=60&event=frying'",
    "examples.grammar": "sanso grammar --format json-schema",
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
    "option.check": "end with 1 if the files there differ from what would be written",
    # the commands below `devices`
    "command.devices.check": "tell what is wrong with a profile, and what will bite",
    "about.devices.check": "Tells everything that is wrong with a profile at once, and what "
    "loads but will bite, each with the change to make. Ends with 1 on an error.",
    "option.devices.check.file": "a profile's .toml file, or the name of one of the package",
    "command.devices.sniff": "listen to an appliance, and draft its profile",
    "about.devices.sniff": "Shows what an appliance says on a serial line, records it and "
    "drafts a profile. Reads a recording or any log of bytes in hexadecimal as well; - is "
    "standard input. Nothing is sent without --ask.",
    "option.devices.sniff.port_or_file": "a port such as /dev/ttyUSB0 or socket://host:port, "
    "or a file",
    "option.devices.sniff.baud": "the rate; by default 9600 and 115200 in turn",
    "option.devices.sniff.out": "record into this new .jsonl file",
    "option.devices.sniff.draft": "write the drafted profile into this new .toml file",
    "option.devices.sniff.ask": "play the Wi-Fi module, so that the appliance talks; only "
    "where that is not connected",
    "option.devices.sniff.seconds": "end after so long; by default with Ctrl-C",
    "command.devices.audio": "list microphones and loudspeakers, and show how loud it is",
    "about.devices.audio": "Lists microphones and loudspeakers, each with its channels and the "
    "rates that it takes. With --meter, shows how loud each microphone hears it.",
    "examples.devices.audio": "sanso devices audio\nsanso devices audio --meter 10\n"
    "sanso devices audio USB --meter 0",
    "option.devices.audio.device": "a microphone: its number, a part of its name, or default; "
    "all of them otherwise",
    "option.devices.audio.meter": "show the level for so many seconds; 0: until Ctrl-C",
    # the commands below `misses`
    "about.misses": "Keeps sentences that were refused, asked about or undone within a minute, if "
    "you agree. Say what each should have done, and export them as sentences to train on.",
    "command.misses.on": "agree that misses are kept on this device",
    "command.misses.off": "keep nothing more",
    "command.misses.status": "whether misses are kept, and how many there are",
    "command.misses.label": "list the misses, or say what was right for one",
    "command.misses.export": "write the labelled ones as lines of training",
    "about.misses.on": "Agrees that misses are kept, and tells what is kept and where.",
    "about.misses.off": "Keeps nothing more. What was kept stays, unless --delete is given.",
    "about.misses.label": "Without a name, lists what was missed. With a name and a program of the "
    "call language, says that the program is right for that sentence.",
    "about.misses.export": "Writes each labelled sentence as `sentence => program`, as "
    "models/WRITING.md describes it.",
    "option.misses.off.delete": "remove what was kept as well",
    "option.misses.label.name": "the name of a miss, from the list",
    "option.misses.label.program": "the right program, such as 'set_mode(mode=pet)'",
    "option.misses.label.forget": "remove this miss instead",
    "option.misses.export.out": "a new file; by default the terminal",
    # the commands of the folder `models`
    "about.data": "Looks at the sentences that the model is trained on.",
    "command.data.check": "read every hand-written line and check it",
    "command.data.report": "show how many there are of what, and what is thin",
    "command.data.sample": "show what training really sees",
    "command.data.leak": "show that no training sentence is an evaluation case",
    "about.data.check": "Reads every hand-written line and checks it.",
    "about.data.report": "Shows coverage, balance, length and vocabulary of the sentences, "
    "and what is thin.",
    "option.data.report.plots": "draw pictures into this folder",
    "about.data.sample": "Shows what the model is trained on: sentences drawn, filled and "
    "spoiled as training does it.",
    "option.data.sample.count": "how many; 20 by default",
    "option.data.sample.seed": "a whole number; another one draws other sentences",
    "about.data.leak": "Shows that no training sentence equals, or nearly equals, an "
    "evaluation case. Ends with 1 if one does.",
    "option.data.leak.cases": "files or folders of cases",
    "about.evaluate": "Runs a model over evaluation cases and reports successes, wrong "
    "acts and harmless misses.",
    "option.evaluate.cases": "a .jsonl file of cases, or a folder of them",
    "option.evaluate.model": "a GGUF; by default the shipped one",
    "option.evaluate.out": "write every verdict into this JSON file",
    "option.evaluate.failures": "show so many failures",
    "option.evaluate.readme": "write the table into both READMEs and the model card",
    "examples.evaluate": "sanso evaluate my_cases/ --failures 20",
    "about.train": "Trains a model by a recipe, from the sentences to the GGUF. Ctrl-C "
    "stops it; the same command goes on from there.",
    "option.train.recipe": "a recipe's name, or a .toml file",
    "option.train.folder": "where to work; by default runs/ and the recipe's name",
    "option.train.corpus": "a folder of public sentences to train on as well",
    "option.train.avoid": "cases that must not be drawn by accident; may be repeated",
    "option.train.quantization": "how small the GGUF gets; Q8_0 by default",
    "option.train.stop_at": "stop at this step",
    "option.train.threads": "threads of torch; by default all cores",
    "option.train.ship": "make the result the shipped model",
    "option.train.compiled": "let torch compile the layers: quicker steps, a C++ compiler needed",
    "examples.train": "sanso train first\nsanso train my.toml --folder runs/mine",
    "about.bench": "Times the engine against llama-cpp-python's own way, and writes "
    "models/bench/.",
    "option.bench.count": "how many sentences; 200 by default",
    "option.bench.out": "folder for the figures; by default models/bench",
    "option.bench.larger": "time random models of 40 million and 0.5 billion as well",
    "option.bench.model": "a GGUF; by default the shipped one",
    "about.sweep": "Trains a recipe in several variations and judges each on the same "
    "cases. What is finished is not done again.",
    "option.sweep.name": "a sweep's name (method, curve), or a .toml file",
    "option.sweep.cases": "cases to judge every run on; may be repeated",
    "option.sweep.folder": "where to work; by default runs/ and the sweep's name",
    "option.sweep.corpus": "a folder of public sentences to train on as well",
    "option.sweep.threads": "threads of torch; by default all cores",
    "about.compare": "Judges the shipped model, a former one and the baselines on the same "
    "cases, adds the runs of sweeps, and writes a report with pictures.",
    "option.compare.cases": "files or folders of cases",
    "option.compare.out": "the folder for the report",
    "option.compare.former": "a GGUF to compare the shipped one with",
    "option.compare.sweeps": "a folder of a finished sweep; may be repeated",
    "option.compare.examples": "how many sentences the baselines learn from; 60000 by default",
    "option.compare.corpus": "a folder of public sentences that the baselines learn from as well",
    "about.round": "Evaluates a model, groups the failures by their causes, compares with "
    "a former run, and says what to write next.",
    "option.round.cases": "a .jsonl file of cases, or a folder of them",
    "option.round.report": "the Markdown file to write",
    "option.round.former": "the JSON that a former `sanso evaluate --out` wrote",
    "option.round.model": "a GGUF; by default the shipped one",
    "about.refusals": "Counts how often a model acts on public sentences that ask a "
    "purifier for nothing.",
    "option.refusals.corpus": "the folder of the public sentences",
    "option.refusals.count": "how many to draw; 2000 by default",
    "option.refusals.model": "a GGUF; by default the shipped one",
}
