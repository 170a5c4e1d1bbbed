from __future__ import annotations

import json
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

from sanso.agent.service import notify
from sanso.agent.service.client import Client
from sanso.agent.service.log import ServiceLog
from sanso.devices import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def events(path: Path) -> list[dict[str, Any]]:
    """Return what a log holds."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_what_comes_due_is_told_with_the_next_answer(
    serve: Callable[..., Any],
) -> None:
    """A timer that fired while nobody listened is told once, to whoever comes first."""
    service, path, clock = serve()
    with Client(path) as client:
        client.ask(
            {"do": "after(hours=0, minutes=5) -> set_light(level=off)", "lang": "en"}
        )
        clock.advance(301)
        service.tick()
        answer = client.ask({"ask": "state"})
        assert answer["state"]["light"] == "off"
        assert len(answer["told"]) == 1
        assert client.ask({"ask": "state"})["told"] == []


def test_sentences_stay_out_of_the_log(
    serve: Callable[..., Any], tmp_path: Path
) -> None:
    """Without leave the log says that something was said, and what was done, in no words of anybody."""
    _, path, _ = serve()
    with Client(path) as client:
        client.ask({"do": "set_fan_level(level=4)"})
    (said,) = [e for e in events(tmp_path / "events.log") if e["event"] == "said"]
    assert said["program"] == "set_fan_level(level=4)"
    assert said["outcomes"] == ["confirmed"]
    assert not {"sentence", "words"} & said.keys()


def test_sentences_are_logged_where_that_is_allowed(
    serve: Callable[..., Any], tmp_path: Path
) -> None:
    """With leave they are, cut to a length."""
    _, path, _ = serve(sentences=True)
    with Client(path) as client:
        client.ask({"do": "set_fan_level(level=4)", "lang": "en"})
    (said,) = [e for e in events(tmp_path / "events.log") if e["event"] == "said"]
    assert said["words"] == "Fan set to level 4."


def test_the_log_is_bounded(tmp_path: Path) -> None:
    """However much happens, four files of a megabyte are the end of it."""
    path = tmp_path / "events.log"
    log = ServiceLog(path)
    for number in range(20_000):
        log.event("noise", number=number, padding="x" * 300)
    log.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == 4
    assert all(file.stat().st_size <= 1_000_000 for file in files)


def test_trouble_is_logged_once(
    serve: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A purifier that is gone does not fill the log, and the service lives on."""
    service, path, _ = serve()

    def gone() -> list[str]:
        msg = "the cable is out"
        raise DeviceError(msg)

    monkeypatch.setattr(service.agent, "tick", gone)
    for _ in range(5):
        assert service.tick(), "a purifier that is gone is no sickness of the service"
    monkeypatch.undo()
    found = [e for e in events(tmp_path / "events.log") if e["event"] == "trouble"]
    assert [e["what"] for e in found] == ["DeviceError: the cable is out"]
    with Client(path) as client:
        assert "state" in client.ask({"ask": "state"})


def test_an_answer_under_way_is_given(serve: Callable[..., Any]) -> None:
    """Stopping waits for what was asked before it."""
    service, path, _ = serve()
    begun, go_on = threading.Event(), threading.Event()
    apply = service.agent.purifier.apply

    def slow(call: Any) -> Any:
        begun.set()
        go_on.wait()
        return apply(call)

    service.agent.purifier.apply = slow
    found: list[str] = []

    def ask() -> None:
        with Client(path) as client:
            found.append(
                client.ask({"do": "set_fan_level(level=4)", "lang": "en"})["words"]
            )

    asking = threading.Thread(target=ask)
    asking.start()
    begun.wait()
    closing = threading.Thread(target=service.close)
    closing.start()
    go_on.set()
    asking.join()
    closing.join()
    assert found == ["Fan set to level 4."]
    assert not path.exists()


def test_systemd_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serve: Callable[..., Any]
) -> None:
    """Ready at the start, alive while ticks succeed, stopping at the end."""
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as inbox:
        inbox.bind(str(path))
        inbox.settimeout(20)
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        monkeypatch.setenv("WATCHDOG_USEC", "400000")
        service, _, _ = serve()
        assert inbox.recv(100) == b"READY=1"
        assert inbox.recv(100) == b"WATCHDOG=1"
        assert inbox.recv(100) == b"WATCHDOG=1"
        service.stop()
        while (told := inbox.recv(100)) == b"WATCHDOG=1":
            time.sleep(0)
        assert told == b"STOPPING=1"


def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable, no datagram, no error; a socket that is gone neither."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify.notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", "/no/such/socket")
    notify.notify("READY=1")
    monkeypatch.setenv("WATCHDOG_USEC", "nonsense")
    assert notify.watchdog_seconds() is None
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    monkeypatch.setenv("WATCHDOG_PID", "1")
    assert notify.watchdog_seconds() is None
    monkeypatch.delenv("WATCHDOG_PID")
    assert notify.watchdog_seconds() == 15.0
