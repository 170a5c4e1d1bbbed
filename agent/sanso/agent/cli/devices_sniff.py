"""`sanso devices sniff`: what is said on a line, and the first profile made of it.

Strategy: a file is read at once, a port is listened to until Ctrl-C; both go through the
same draft. However it ends, what was learned is shown and written.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sanso.agent.errors import UsageError
from sanso.devices import DeviceError, LinkLost, RealClock
from sanso.devices.serial.asking import BAUDS, listen
from sanso.devices.serial.link import SerialLink
from sanso.devices.serial.sniff import (
    CaptureError,
    Draft,
    Recorder,
    parse_capture,
    read_capture,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sanso.devices.serial.sniff import Heard, Piece

    from .texts import Texts

_LOGS: Final = (".jsonl", ".json", ".txt", ".log", ".hex", ".csv")
_STDIN: Final = "-"


def sniff(
    context: typer.Context,
    port_or_file: Annotated[str, typer.Argument(metavar="PORT|FILE")],
    baud: Annotated[int | None, typer.Option(metavar="BAUD", min=1)] = None,
    out: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
    draft: Annotated[Path | None, typer.Option(metavar="PATH")] = None,
    seconds: Annotated[float | None, typer.Option(metavar="SECONDS", min=0)] = None,
    *,
    ask: Annotated[bool, typer.Option("--ask")] = False,
) -> None:
    """Show what an appliance says, record it, and draft a profile."""
    texts: Texts = context.obj
    for path in (out, draft):
        if path is not None and path.exists():  # never over what somebody has corrected
            raise UsageError(texts.say("sniff.exists", path=path))
    learned = Draft(baud=baud)
    lost: DeviceError | None = None
    name = port_or_file.removeprefix("serial:")
    with contextlib.ExitStack() as stack:
        if _is_log(name):
            if ask or out is not None:
                raise UsageError(texts.say("sniff.log_only"))
            source = _read(name, learned, texts)
        else:
            recorder = stack.enter_context(_recording(out)) if out else None
            source = stack.enter_context(
                contextlib.closing(
                    listen(
                        lambda rate: SerialLink(name, rate),
                        BAUDS if baud is None else (baud,),
                        learned,
                        recorder=recorder,
                        clock=RealClock() if ask else None,
                        seconds=seconds,
                    )
                )
            )
            typer.echo(
                texts.say("sniff.asking" if ask else "sniff.listening", port=name)
            )
        try:
            _show(source, learned, texts)
        except KeyboardInterrupt:
            typer.echo("")
        except LinkLost as error:
            lost = error
    _end(learned, draft, texts, lost)


@contextlib.contextmanager
def _recording(path: Path) -> Iterator[Recorder]:
    """Give a recorder; a file into which nothing came is not left behind."""
    recorder = Recorder.open(path)
    try:
        yield recorder
    finally:
        recorder.close()
        if not recorder.pieces:
            path.unlink(missing_ok=True)


def _is_log(name: str) -> bool:
    path = Path(name)
    return name == _STDIN or path.suffix in _LOGS or path.is_file()


def _read(name: str, learned: Draft, texts: Texts) -> Iterator[Heard]:
    try:
        if name == _STDIN:
            pieces = parse_capture(sys.stdin.buffer.read(), _STDIN)
        else:
            pieces = read_capture(Path(name))
    except CaptureError as error:
        key = f"capture.{error.kind}"
        raise UsageError(texts.say(key, path=error.path, line=error.line)) from None
    return _learned(pieces, learned)


def _learned(pieces: list[Piece], learned: Draft) -> Iterator[Heard]:
    for piece in pieces:
        yield from learned.learn(piece)
    yield from learned.finish()


def _show(source: Iterator[Heard], learned: Draft, texts: Texts) -> None:
    """Show each frame as it comes; on a terminal, what was learned stands below."""
    from rich.console import Console  # rich takes time to import
    from rich.live import Live

    from .sniff_view import heard_line, learned_table

    console = Console(highlight=False)
    if not console.is_terminal:
        for heard in source:
            if heard.is_news:
                console.print(heard_line(heard, texts))
        return
    with Live(console=console, auto_refresh=False, transient=True) as live:
        for heard in source:
            if heard.is_news:
                live.console.print(heard_line(heard, texts))
            live.update(
                learned_table(learned, texts, console.height // 2), refresh=True
            )


def _end(
    learned: Draft, path: Path | None, texts: Texts, lost: DeviceError | None
) -> None:
    """Show what was learned, write the draft, and say what went wrong."""
    from rich.console import Console

    from .sniff_view import learned_table
    from .tables import print_lean

    try:
        text = learned.draft_profile()
    except CaptureError:
        if lost is not None:
            raise lost from None
        typer.echo(
            f"sanso: {texts.say('capture.nothing', count=learned.bytes)}", err=True
        )
        raise typer.Exit(1) from None
    print_lean(Console(highlight=False), learned_table(learned, texts))
    if path is not None:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
        typer.echo(texts.say("sniff.drafted", path=path))
    if lost is not None:
        raise lost
