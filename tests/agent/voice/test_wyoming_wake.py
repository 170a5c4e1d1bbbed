from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from wyoming.event import Event, read_event, write_event

from sanso.agent.voice.errors import WakeError
from sanso.agent.voice.parts import FRAME, Samples
from sanso.agent.voice.wyoming_wake import WyomingWake

LONGEST = 10.0
"""Seconds to wait for another thread before a test has failed."""
SILENCE: Samples = np.zeros(FRAME, dtype=np.float32)


class Caller:
    """One connection of a client, as the service sees it."""

    def __init__(self, client: socket.socket) -> None:
        """Take the connection."""
        self._stream: Any = client.makefile("rwb")

    def hears(self) -> Event | None:
        """Wait for the next event; None at the end of the connection."""
        return read_event(self._stream)

    def hears_chunks(self, count: int) -> list[Event]:
        """Wait until so many chunks have come; all events until then."""
        events: list[Event] = []
        while count and (event := self.hears()):
            events.append(event)
            count -= event.type == "audio-chunk"
        return events

    def says(self, kind: str, **data: Any) -> None:
        """Send an event."""
        write_event(Event(kind, data), self._stream)

    def writes(self, data: bytes) -> None:
        """Send bytes that are no event."""
        self._stream.write(data)
        self._stream.flush()

    def close(self) -> None:
        """Let go of it."""
        with suppress(OSError):
            self._stream.close()


class Service:
    """A wake service that follows a script for each connection, the last one for ever."""

    def __init__(self, *scripts: Callable[[Caller], None], port: int = 0) -> None:
        """Listen, on a free port unless told otherwise."""
        self.scripts = scripts
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = self._listener.getsockname()[1]
        self.uri = f"tcp://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            script = self.scripts[min(self.connections, len(self.scripts) - 1)]
            self.connections += 1
            with client, suppress(OSError):
                caller = Caller(client)
                try:
                    script(caller)
                finally:
                    caller.close()

    def close(self) -> None:
        """Listen no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(LONGEST)


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    """Start services; they end with the test."""
    running: list[Service] = []

    def start(*scripts: Callable[[Caller], None], port: int = 0) -> Service:
        running.append(Service(*scripts, port=port))
        return running[-1]

    yield start
    for service in running:
        service.close()


def until(wake: WyomingWake, done: Callable[[], Any]) -> list[str]:
    """Feed silence until something has come true; the names heard meanwhile."""
    names: list[str] = []
    tick = threading.Event()
    for _ in range(int(LONGEST / 0.005)):
        wake.feed(SILENCE)
        names += wake.woken()
        if done() or names:
            return names
        tick.wait(0.005)
    pytest.fail("it never came true")


def quick(uri: str, *names: str) -> WyomingWake:
    """Return a client that does not wait long."""
    return WyomingWake(uri, names, first_wait=0.01, longest_wait=0.02)


def wait_to_end(caller: Caller) -> None:
    """Read until the client goes."""
    while caller.hears():
        pass


def test_a_detection_wakes(serve: Callable[..., Service]) -> None:
    """The service gets the request, then sound with its format and time, and its detection arrives."""
    heard: list[Event] = []

    def script(caller: Caller) -> None:
        heard.extend(caller.hears_chunks(3))
        caller.says("detection", name="ok_sanso", timestamp=0)
        wait_to_end(caller)

    with quick(serve(script).uri, "ok_sanso") as wake:
        assert wake.connected
        wake.feed(np.full(FRAME, 0.5, dtype=np.float32))
        wake.feed(np.full(FRAME, -7.0, dtype=np.float32))
        assert until(wake, lambda: False) == ["ok_sanso"]
        assert wake.woken() == []
        assert (wake.trouble, wake.drops) == ("", 0)
    kinds = [event.type for event in heard]
    assert kinds == ["detect", "audio-start", *["audio-chunk"] * 3]
    assert heard[0].data == {"names": ["ok_sanso"]}
    form = {"rate": 16_000, "width": 2, "channels": 1}
    assert heard[1].data == form | {"timestamp": 0}
    assert [chunk.data for chunk in heard[2:]] == [
        form | {"timestamp": at} for at in (0, 32, 64)
    ]
    sound = [np.frombuffer(chunk.payload or b"", "<i2") for chunk in heard[2:]]
    assert [(len(s), set(s.tolist())) for s in sound[:2]] == [
        (FRAME, {16_383}),
        (FRAME, {-32_767}),
    ]


def test_listening_is_asked_for_anew(serve: Callable[..., Service]) -> None:
    """A service that is deaf after a detection is asked again, on the same connection."""

    def script(caller: Caller) -> None:
        for _ in range(3):
            while (event := caller.hears()) and event.type != "detect":
                pass
            caller.hears_chunks(2)
            caller.says("detection", name=None)
        wait_to_end(caller)

    service = serve(script)
    with quick(service.uri) as wake:
        for _ in range(3):
            assert until(wake, lambda: False) == [""]
    assert service.connections == 1


def test_other_names_do_not_wake(serve: Callable[..., Service]) -> None:
    """A service that detects all it knows wakes only by the names that were asked for."""

    def script(caller: Caller) -> None:
        caller.hears_chunks(1)
        caller.says("detection", name="other")
        caller.says("not-detected")
        caller.says("something-new", more=1)
        caller.says("detection", name="ours")
        wait_to_end(caller)

    with quick(serve(script).uri, "ours") as wake:
        assert until(wake, lambda: False) == ["ours"]


@pytest.mark.parametrize("rude", ["closes", "error", "garbage", "array"])
def test_a_lost_connection_is_made_again(
    serve: Callable[..., Service], rude: str
) -> None:
    """Whatever a service does, we come back to it, and the name is heard then."""

    def bad(caller: Caller) -> None:
        caller.hears_chunks(1)
        if rude == "error":
            caller.says("error", text="model gone")
            wait_to_end(caller)
        elif rude != "closes":
            caller.writes(b"\x00\xff\n" if rude == "garbage" else b"[1]\n")
            wait_to_end(caller)

    def good(caller: Caller) -> None:
        caller.hears_chunks(2)
        caller.says("detection", name="sanso")
        wait_to_end(caller)

    service = serve(bad, bad, good)
    with quick(service.uri) as wake:
        assert until(wake, lambda: False) == ["sanso"]
        assert wake.trouble == ""
    assert service.connections == 3


def test_trouble_is_told_while_it_lasts(serve: Callable[..., Service]) -> None:
    """While the service is away it is said why, nothing waits, and frames count as dropped."""
    service = serve(lambda caller: caller.hears_chunks(1) and None)
    with quick(service.uri) as wake:
        until(wake, lambda: service.connections)
        service.close()
        until(wake, lambda: "cannot be reached" in wake.trouble)
        assert not wake.connected
        until(wake, lambda: wake.drops > 100)
        assert len(wake._frames) <= 64
    assert not wake._thread.is_alive()


def test_old_sound_is_not_sent(serve: Callable[..., Service]) -> None:
    """A service that comes back hears what is said now, at its time, not what it missed."""
    first: list[int] = []

    def script(caller: Caller) -> None:
        events = caller.hears_chunks(1)
        first.extend([int(event.data["timestamp"]) for event in events[-1:]])
        caller.says("detection")
        wait_to_end(caller)

    service = serve(lambda caller: caller.hears_chunks(1) and None)
    with quick(service.uri) as wake:
        until(wake, lambda: service.connections)
        service.close()
        until(wake, lambda: "cannot be reached" in wake.trouble)
        for _ in range(40):
            wake.feed(SILENCE)
        missed = wake._clock // FRAME * 32
        serve(script, port=service.port)
        until(wake, lambda: False)
    assert first[0] >= missed


def test_a_service_that_stands_still_holds_nobody_up(
    serve: Callable[..., Service],
) -> None:
    """One that reads nothing costs frames, never time, and is left when we close."""
    done = threading.Event()
    service = serve(lambda _caller: done.wait(LONGEST) and None)
    with quick(service.uri) as wake:
        for _ in range(20_000):
            wake.feed(SILENCE)
        assert len(wake._frames) <= 64
        assert wake.drops > 1000
    assert not wake._thread.is_alive()
    done.set()


def test_nobody_there() -> None:
    """Without a service, or without a right address, opening says so with the cure."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    gone = pytest.raises(WakeError, match=r"cannot be reached .*; is the service")
    with gone, quick(f"tcp://127.0.0.1:{port}"):
        pass
    for uri in ("", "localhost:10400", "http://x:1", "tcp://x", "tcp://x:99999"):
        with pytest.raises(WakeError, match="write it like tcp://"):
            WyomingWake(uri)


def test_the_library_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library the extra to install is named."""
    monkeypatch.setitem(sys.modules, "wyoming.event", None)
    missing = pytest.raises(WakeError, match=r"sanso\[voice\]")
    with missing, quick("tcp://127.0.0.1:1"):
        pass
