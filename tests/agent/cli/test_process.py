from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "sanso.agent.cli"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and bytes of POSIX")


def test_argument_that_is_no_text(environment: dict[str, str]) -> None:
    """Bytes that are not UTF-8 on the command line give one line, no traceback."""
    words = [*map(os.fsencode, COMMAND), b"say", b"hi", b"--model", b"/no/\xff.gguf"]
    done = subprocess.run(words, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"sanso: there is no file /no/?.gguf")
    assert done.stderr.count(b"\n") == 1


def test_a_reader_that_leaves(environment: dict[str, str]) -> None:
    """A closed pipe ends the command without a word."""
    read, write = os.pipe()
    os.close(read)
    words = [*COMMAND, "grammar", "--format", "json-schema"]
    done = subprocess.run(
        words, env=environment, stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("stream", ["<&-", ">&-", "2>&-"])
def test_closed_streams(stream: str, environment: dict[str, str]) -> None:
    """A stream that was closed by the caller is no reason to fail."""
    script = f'exec "$0" -m sanso.agent.cli grammar {stream}'
    words = ["/bin/sh", "-c", script, sys.executable]
    done = subprocess.run(words, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.engine
def test_each_line_is_answered_at_once(
    random_gguf: Path, environment: dict[str, str]
) -> None:
    """An answer comes before the next question; an interruption ends with 130, quietly."""
    words = [*COMMAND, "parse", "--jsonl", "--model", str(random_gguf)]
    with subprocess.Popen(
        words,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        for number in range(3):
            row = json.dumps({"id": number, "text": "켜 줘"}) + "\n"
            process.stdin.write(row.encode())
            process.stdin.flush()
            assert number == json.loads(process.stdout.readline())["id"]
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr.read() == b""


@pytest.mark.engine
@pytest.mark.parametrize(
    ("last", "code"), [(b"/quit\n", 0), (b"\x04", 0), (b"\x03", 130)]
)
def test_a_conversation_in_a_terminal(
    last: bytes, code: int, random_gguf: Path, environment: dict[str, str]
) -> None:
    """In a terminal there is a prompt below the state; what was typed is remembered.

    Ctrl-C takes back a line that was begun, and ends the conversation only where none was.
    """
    import pty  # there is none on Windows

    ours, theirs = pty.openpty()
    words = [*COMMAND, "chat", "--lang", "ko", "--model", str(random_gguf)]
    with subprocess.Popen(
        words,
        env={**environment, "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=_own_terminal,  # noqa: PLW1509 - no threads here
    ) as process:
        os.close(theirs)
        shown = _until(ours, "> ")
        assert "켜짐 · 수동 모드 2단" in shown
        os.write(ours, "켜 줘\n".encode())
        assert " ms" in _until(ours, "> ", after="켜짐 ·")
        os.write(ours, b"half a line")
        _until(ours, "half a line")
        assert "켜짐 ·" in _taken_back(ours)
        assert code == _ended(process, ours, last)
    os.close(ours)
    history = Path(environment["XDG_STATE_HOME"]) / "sanso" / "history"
    assert history.read_text(encoding="utf-8").startswith("켜 줘\n")


def _ended(process: subprocess.Popen[bytes], terminal: int, last: bytes) -> int:
    """Type the last key until it is heard; return the exit code.

    A signal that comes just before CPython waits for a key is noticed at the next one.
    """
    for _ in range(20):
        os.write(terminal, last)
        try:
            return process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    raise AssertionError(last)


def _taken_back(terminal: int) -> str:
    """Press Ctrl-C until it is heard; return what is shown then, up to the prompt."""
    for _ in range(20):
        os.write(terminal, b"\x03")
        if select.select([terminal], [], [], 5)[0]:
            return _until(terminal, "> ", after="켜짐 ·")
    raise AssertionError(terminal)


def _own_terminal() -> None:
    """Make the terminal at standard input the one that signals come from."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _until(terminal: int, end: str, *, after: str = "") -> str:
    """Read until a text stands at the end, behind another one."""
    shown = b""
    while chunk := os.read(terminal, 4096):
        shown += chunk
        text = shown.decode("utf-8", "ignore")
        if text.endswith(end) and after in text:
            return text
    raise AssertionError(shown)
