from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from sanso.agent.service.client import Client, running_service
from sanso.agent.service.place import VARIABLE, ServiceError, make_place, socket_path
from sanso.agent.service.server import MOST_BYTES, MOST_CLIENTS, SocketServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CLIENTS = 50
COMMANDS = 100


def test_a_command_through_the_socket(serve: Callable[..., Any]) -> None:
    """A program is carried out and answered in words, with the id that it was sent under."""
    service, path, _ = serve()
    with Client(path) as client:
        answer = client.ask({"id": 7, "do": "set_fan_level(level=4)", "lang": "en"})
        assert (answer["id"], answer["words"]) == (7, "Fan set to level 4.")
        assert client.ask({"ask": "state"})["state"]["fan"] == 4
    assert service.agent.purifier.state().fan == 4


def test_fifty_clients_at_once(serve: Callable[..., Any]) -> None:
    """Five thousand commands of fifty clients: each answered once, in its client's order."""
    _, path, _ = serve()
    found: dict[int, list[int]] = {}

    def work(number: int) -> None:
        with Client(path) as client:
            answers = [
                client.ask({"id": n, "do": f"set_fan_level(level={n % 5 + 1})"})
                for n in range(COMMANDS)
            ]
        assert all(answer["error"] is None for answer in answers)
        found[number] = [answer["id"] for answer in answers]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: list(range(COMMANDS)) for n in range(CLIENTS)}


def test_many_lines_at_once(serve: Callable[..., Any]) -> None:
    """A client that does not wait gets its answers in the order of its lines."""
    _, path, _ = serve()
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(path))
        lines = [json.dumps({"id": n, "ask": "state"}) + "\n" for n in range(200)]
        raw.sendall("".join(lines).encode())
        with raw.makefile("rb") as file:
            assert [json.loads(file.readline())["id"] for _ in lines] == [*range(200)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"fan to three", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 5000, "no JSON"),
        (b"[1]", "no JSON object"),
        (b'{"say": 3}', "nothing that is known"),
        (b'{"ask": "weather"}', "nothing that is known"),
        (b'{"do": "set_fan(level=3)"}', "UnknownName"),
        (b'{"say": "hello"}', "no model"),
    ],
)
def test_a_wrong_line_costs_a_line(
    line: bytes, words: str, serve: Callable[..., Any]
) -> None:
    """What cannot be understood is said, and the next line is answered."""
    _, path, _ = serve()
    with socket.socket(socket.AF_UNIX) as raw, raw.makefile("rb") as file:
        raw.connect(str(path))
        raw.sendall(line + b"\n" + b'{"ask": "state"}\n')
        assert words in json.loads(file.readline())["error"]
        assert "state" in json.loads(file.readline())


def test_a_line_without_end(serve: Callable[..., Any]) -> None:
    """A line that is too long ends its connection, and nobody else's."""
    _, path, _ = serve()
    with Client(path) as other, socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(path))
        raw.sendall(b"x" * (MOST_BYTES + 1))
        with raw.makefile("rb") as file:
            assert "at most" in json.loads(file.readline())["error"]
            assert file.readline() == b""
        assert "state" in other.ask({"ask": "state"})


def test_a_client_that_leaves(serve: Callable[..., Any]) -> None:
    """Whoever leaves before the answer takes nothing with him."""
    _, path, _ = serve()
    for _ in range(20):
        with socket.socket(socket.AF_UNIX) as raw:
            raw.connect(str(path))
            raw.sendall(b'{"do": "set_fan_level(level=3)"}\n')
    with Client(path) as client:
        assert "state" in client.ask({"ask": "state"})


def test_only_the_owner_may_speak(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Socket and folder are the owner's alone, and whoever comes as somebody else is told so and let go."""
    _, path, _ = serve()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    with (
        Client(path) as client,
        pytest.raises(
            ServiceError, match=f"for user {me + 1}, not for user {me}|has ended"
        ),
    ):
        client.ask({"ask": "state"})


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_another_user_is_refused(serve: Callable[..., Any]) -> None:
    """A process of another user cannot connect; with the files opened to him, he is refused by name."""
    _, path, _ = serve()
    child = (
        "import os, socket, sys\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "s = socket.socket(socket.AF_UNIX)\n"
        "try:\n"
        "    s.connect(sys.argv[1])\n"
        "    print(s.makefile('rb').readline().decode())\n"
        "except PermissionError:\n"
        "    print('no permission')\n"
    )

    def seen() -> str:
        done = subprocess.run(
            [sys.executable, "-c", child, str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert "no permission" in seen()
    path.chmod(0o666)
    for folder in (path.parent, *path.parents):
        if folder.stat().st_uid == 0 and len(folder.parts) > 1:
            folder.chmod(folder.stat().st_mode | 0o055)
    assert "not for user 65534" in seen()


@pytest.mark.parametrize("late_seconds", [0, 0.3])
def test_one_client_too_many(serve: Callable[..., Any], late_seconds: float) -> None:
    """Behind the last place a client is told to come later."""
    _, path, _ = serve()
    clients = [Client(path) for _ in range(MOST_CLIENTS)]
    try:
        for client in clients:
            client.ask({"ask": "state"})
        with Client(path) as late:
            time.sleep(late_seconds)
            with pytest.raises(ServiceError, match="clients already"):
                late.ask({"ask": "state"})
    finally:
        for client in clients:
            client.close()


def test_a_second_service_is_refused(serve: Callable[..., Any]) -> None:
    """Where one listens, another one does not take its place."""
    _, path, _ = serve()
    with pytest.raises(ServiceError, match=r"listens at .* already"):
        SocketServer(path, lambda *_: {})
    with Client(path) as client:
        assert "state" in client.ask({"ask": "state"})


def test_a_dead_socket_is_replaced_and_a_file_is_not(tmp_path: Path) -> None:
    """What a killed service left is removed; anything else is somebody's."""
    path = tmp_path / "agent.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    SocketServer(path, lambda *_: {}).close()
    assert not path.exists()
    path.write_text("precious")
    with pytest.raises(ServiceError, match="is no socket"):
        SocketServer(path, lambda *_: {})
    assert path.read_text() == "precious"


def test_places_for_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable wins, then the runtime folder, then the state folder; a folder that others write to is refused."""
    monkeypatch.setenv(VARIABLE, "/x/y")
    assert str(socket_path()) == "/x/y"
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert socket_path() == tmp_path / "sanso" / "agent.sock"
    monkeypatch.setenv("XDG_RUNTIME_DIR", "relative")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert socket_path() == tmp_path / "sanso" / "agent.sock"
    assert running_service() is None
    open_folder = tmp_path / "open"
    open_folder.mkdir()
    open_folder.chmod(0o777)
    with pytest.raises(ServiceError, match="others may write"):
        make_place(open_folder / "agent.sock")
    with pytest.raises(ServiceError, match="too long"):
        make_place(tmp_path / ("x" * 120) / "agent.sock")
    with pytest.raises(ServiceError, match="cannot be made"):
        make_place(tmp_path / "open" / "file" / "agent.sock") if (
            (tmp_path / "open" / "file").write_text("") == 0
        ) else None


def test_nobody_listens(tmp_path: Path) -> None:
    """Without a service the error says how to start one."""
    with pytest.raises(ServiceError, match="start it with: sanso run"):
        Client(tmp_path / "agent.sock")
