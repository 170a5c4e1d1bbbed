"""`sanso listen`: say it, and the purifier answers.

Strategy: what is wrong with the command line is told first, then what is missing, in the
order in which it is quickly found: recogniser, voice, agent, microphone. Ctrl-C and
SIGTERM are the ways to end it, and no failures.
"""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sanso.agent.caution import Caution
from sanso.agent.errors import UsageError

from .options import AsJson, CautionLevel, Device, Policy, was_named
from .terminal import existing_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sanso.agent.voice.attention import Mode
    from sanso.agent.voice.loop import Listening
    from sanso.agent.voice.microphone import MicrophoneState

    from .texts import Texts

_SERVICE: Final = "tcp://"


def listen(
    context: typer.Context,
    wav: Annotated[str, typer.Option(metavar="FILE|FOLDER|-")] = "",
    device: Device = "sim:",
    mic: Annotated[str, typer.Option(metavar="NAME")] = "",
    wake: Annotated[list[str] | None, typer.Option(metavar="NAME|URL")] = None,
    model: Annotated[str, typer.Option(metavar="SIZE|FOLDER")] = "base",
    echo: Annotated[float | None, typer.Option(metavar="SECONDS")] = None,
    window: Annotated[float | None, typer.Option(metavar="SECONDS")] = None,
    threads: Annotated[int | None, typer.Option(metavar="NUMBER", min=1)] = None,
    speak: Annotated[str, typer.Option(metavar="WAY")] = "auto",
    loudspeaker: Annotated[str, typer.Option(metavar="NAME")] = "",
    into: Annotated[Path | None, typer.Option(metavar="FILE")] = None,
    gpio: Annotated[int | None, typer.Option(metavar="PIN")] = None,
    channel: Annotated[int | None, typer.Option(metavar="NUMBER", min=0)] = None,
    gguf: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
    caution: CautionLevel = Caution.NORMAL,
    policy: Policy = "default",
    memory: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
    *,
    push: Annotated[bool, typer.Option("--push")] = False,
    open_: Annotated[bool, typer.Option("--open")] = False,
    barge_in: Annotated[bool, typer.Option("--barge-in")] = False,
    terse: Annotated[bool, typer.Option("--terse")] = False,
    quiet_misses: Annotated[bool, typer.Option("--quiet-misses")] = False,
    hints: Annotated[bool | None, typer.Option("--hints/--no-hints")] = None,
    paced: Annotated[bool, typer.Option("--paced")] = False,
    times: Annotated[bool, typer.Option("--times")] = False,
    alone: Annotated[bool, typer.Option("--alone")] = False,
    as_json: AsJson = False,
) -> None:
    """Listen to a microphone or to files, carry out what is said, and answer aloud."""
    texts: Texts = context.obj
    mode = _mode(texts, push=push, gpio=gpio, wake=wake or [], open_=open_, wav=wav)
    if wav and mic:
        raise UsageError(texts.say("listen.usage.sources"))
    path = existing_model(gguf, texts, "listen.usage.gguf")
    # numpy and what lies on it take time to import, and listing commands imports this.
    from sanso.agent.voice.attention import ECHO, LONGEST_ECHO, Manners
    from sanso.agent.voice.hearing import Hearing
    from sanso.agent.voice.loop import Listening
    from sanso.agent.voice.opening import open_microphone
    from sanso.agent.voice.vad import SileroActivity
    from sanso.agent.voice.wake import NAMES, SpokenNames

    from .listen_agent import open_agent
    from .listen_parts import Parts, source_of
    from .listen_view import Facts, open_view

    parts = Parts(texts)
    uris = [one for one in wake or [] if one.startswith(_SERVICE)]
    names = [one for one in wake or [] if not one.startswith(_SERVICE)]
    spoken = SpokenNames(names or NAMES)
    if echo is not None and not 0 <= echo <= LONGEST_ECHO:
        raise UsageError(texts.say("listen.usage.echo", most=f"{LONGEST_ECHO:g}"))
    manners = Manners(mode, barge_in, ECHO if echo is None else echo)
    with ExitStack() as opened:
        activity = SileroActivity()
        transcriber = parts.transcriber(
            model, window=window, threads=threads, hints=hints
        )
        opened.callback(transcriber.close)
        named = was_named(context, "device", "gguf", "caution", "policy", "memory")
        agent = opened.enter_context(
            open_agent(
                texts,
                device,
                path,
                caution,
                policy,
                memory,
                served=not alone and not named,
            )
        )
        voicing = parts.voicing(
            speak,
            device=loudspeaker,
            into=into,
            terse=terse,
            volume=agent.volume,
        )
        opened.callback(voicing.close)
        talks = parts.talks(push=push, gpio=gpio, wav=wav)
        for talk in talks:
            opened.enter_context(talk)
        service = parts.wake(uris)
        if service is not None:
            opened.enter_context(service)

        def told(state: MicrophoneState) -> None:
            listening.microphone_is(state)  # which is made below

        microphone = open_microphone(
            source_of(wav, mic), channel=channel, paced=paced, report=told
        )
        facts = Facts(mode, names or list(NAMES), transcriber.name, voicing.name)
        interrupts = bool(talks) and mode != "push"
        view = opened.enter_context(
            open_view(
                texts,
                agent,
                microphone,
                facts,
                as_json=as_json,
                times=times,
                interrupts=interrupts,
            )
        )
        listening = Listening(
            microphone,
            Hearing(activity, manners, names=spoken, talks=talks, wake=service),
            transcriber,
            agent,
            voicing,
            view.show,
            quiet_misses=quiet_misses,
            language=texts.lang,
        )
        with _ended_by_signals(listening):
            listening.run()
        view.end()


def _mode(
    texts: Texts,
    *,
    push: bool,
    gpio: int | None,
    wake: list[str],
    open_: bool,
    wav: str,
) -> Mode:
    """Return how it listens. Raises UsageError where that is not said, or said twice."""
    held = push or gpio is not None
    if held + bool(wake) + open_ > 1:
        raise UsageError(texts.say("listen.usage.mode"))
    if held and wav:
        raise UsageError(texts.say(f"listen.usage.{'push' if push else 'gpio'}"))
    if held:
        return "push"
    services = [one for one in wake if one.startswith(_SERVICE)]
    if len(services) > 1 or (services and len(services) < len(wake)):
        raise UsageError(texts.say("listen.usage.wake"))
    if services:
        return "service"
    return "name" if wake else "open"


@contextmanager
def _ended_by_signals(listening: Listening) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the loop; a second Ctrl-C does not wait for it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        for number, handler in before.items():
            signal.signal(number, handler)
        listening.stop()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
