"""`sanso chat`: a conversation in the terminal.

Strategy: a loop over lines. What begins with a slash is for this program, the rest for
the agent. The state stands above every prompt, as the purifier reports it; timers come
due while the prompt waits, and are told above it. Down a pipe there is neither prompt
nor state.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from sanso.agent.agent import Agent
from sanso.agent.caution import Caution
from sanso.agent.explanation import explained, record
from sanso.agent.misses import Misses
from sanso.devices import DeviceError
from sanso.grammars import SansoError

from .failures import explain
from .folders import state_folder
from .line import LineEditor
from .options import CautionLevel, Device, Model, Policy
from .reasons import reasons
from .status import state_line, state_rows
from .tables import print_lean, rows_table
from .terminal import existing_model, readable
from .texts import TEXTS, Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sanso.agent.reply import Reply

SLASH: Final = ("why", "state", "help", "quit")


def chat(
    context: typer.Context,
    device: Device = "sim:",
    model: Model = None,
    caution: CautionLevel = Caution.NORMAL,
    policy: Policy = "default",
    memory: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
) -> None:
    """Talk to a purifier until the end of input."""
    texts: Texts = context.obj
    folder = state_folder()
    with Agent.open(
        device,
        model=existing_model(model, texts),
        lang=texts.lang,
        caution=caution,
        policy=policy,
        memory=memory,
        misses=Misses(folder) if folder else None,
    ) as agent:
        conversation = Conversation(agent, texts, keeps=memory is not None)
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            for line in sys.stdin:
                if not conversation.take(line):
                    break
            return
        conversation.greet()
        with LineEditor(slash_words(texts)) as editor:
            _converse(conversation, editor)


def _converse(conversation: Conversation, editor: LineEditor) -> None:
    """Ask and answer until the end, and say what ends with it."""

    def meanwhile() -> None:
        conversation.collect_due()
        if editor.can_write_above() and (told := conversation.told_meanwhile()):
            editor.write_above(told)

    try:
        while (line := editor.ask(conversation.before_prompt, meanwhile)) is not None:
            if not conversation.take(line):
                break
    finally:
        conversation.part()


def slash_words(*languages: Texts) -> dict[str, str]:
    """Return what may stand behind a slash, with what it means; English always may."""
    named = {texts.say(f"slash.{n}"): n for texts in languages for n in SLASH}
    return {**named, **{name: name for name in SLASH}}


class Conversation:
    """One person at one purifier."""

    def __init__(
        self,
        agent: Agent,
        texts: Texts,
        console: Console | None = None,
        *,
        keeps: bool = False,
    ) -> None:
        """Talk about an agent's purifier, on the standard output if not told otherwise; `keeps` tells that timers outlive it."""
        self._keeps = keeps
        self._agent = agent
        self._texts = texts
        self._console = Console(highlight=False) if console is None else console
        self._last: Reply | None = None
        self._due: list[str] = []
        self._trouble = ""
        self._commands: Mapping[str, Callable[[], None]] = {
            "why": self._why,
            "state": self._state,
            "help": self._help,
        }

    def greet(self) -> None:
        """Say what this is, once."""
        self._say(self._texts.say("chat.greeting"), "bold")

    def before_prompt(self) -> None:
        """Tell what came due, and how the purifier stands."""
        self._say("")
        self._tell_due()
        self._guarded(self._tell_state)

    def collect_due(self) -> None:
        """Carry out what came due, and keep what is to be told of it."""
        try:
            self._due += self._agent.tick()
        except (SansoError, RuntimeError) as error:
            trouble = explain(error, self._texts)[0]
            self._due += [trouble] * (trouble != self._trouble)  # not each second
            self._trouble = trouble
        else:
            self._trouble = ""

    def told_meanwhile(self) -> str:
        """Return what came due since the last time, and how the purifier stands then."""
        if not self._due:
            return ""
        with self._console.capture() as told:
            self._tell_due()
            self._guarded(self._tell_state)
        return told.get()

    def part(self) -> None:
        """Say which timers nobody will keep now."""
        now = self._agent.purifier.now()
        waiting = len(self._agent.scheduler.pending(now))
        if waiting and not self._keeps:
            self._say(self._texts.say("chat.timers_end", number=waiting), "yellow")

    def take(self, line: str) -> bool:
        """Answer a line; False where it ends the conversation."""
        text = readable(line).strip()
        if not text:
            return True
        if not text.startswith("/"):
            self._tell_due()
            self._guarded(lambda: self._answer(text))
            return True
        word = text.removeprefix("/").strip().casefold()
        name = slash_words(*TEXTS.values()).get(word)
        if name is None:
            self._say(self._texts.say("chat.unknown", word=text), "red")
        elif name == "quit":
            return False
        else:
            self._guarded(self._commands[name])
        return True

    def _guarded(self, act: Callable[[], None]) -> None:
        """Let a conversation survive what the purifier or the model refuses."""
        try:
            act()
        except (
            SansoError,
            RuntimeError,
        ) as error:  # llama.cpp's refusals are the latter
            line, _ = explain(error, self._texts)
            self._say(line, "red")

    def _answer(self, text: str) -> None:
        reply = self._agent.say(text)
        self._last = reply
        self._say(reply.words)
        if reply.program is not None:
            spent = f"{reply.milliseconds.get('total', 0):.0f} ms"
            self._say(f"{reply.program.render()} · {spent}", "dim")

    def _tell_due(self) -> None:
        self.collect_due()
        for told in self._due:
            self._say(told, "yellow")
        self._due.clear()

    def _tell_state(self) -> None:
        purifier = self._agent.purifier
        timers = self._agent.scheduler.pending(purifier.now())
        self._say(state_line(purifier.state(), timers, self._texts), "cyan")

    def _why(self) -> None:
        reply, engine = self._last, self._agent.engine
        if reply is None or reply.evidence is None or engine is None:
            self._say(self._texts.say("why.nothing"), "dim")
            return
        has = self._agent.purifier.capabilities
        found = explained(record(reply, has, engine.bundle.sha256), engine)
        print_lean(self._console, reasons(found, self._texts))

    def _state(self) -> None:
        purifier = self._agent.purifier
        timers = self._agent.scheduler.pending(purifier.now())
        try:
            rows = state_rows(purifier.state(), timers, self._texts)
        except DeviceError as error:
            self._say(explain(error, self._texts)[0], "red")
            return
        print_lean(self._console, rows_table(rows))

    def _help(self) -> None:
        words = slash_words(self._texts).items()
        rows = [
            (
                ", ".join(f"/{word}" for word, meant in words if meant == name),
                self._texts.say(f"chat.help.{name}"),
            )
            for name in SLASH
        ]
        self._say(self._texts.say("chat.help"))
        print_lean(self._console, rows_table(rows))

    def _say(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style=style))
