"""Keep an agent alive: what is due is carried out, the purifier is watched, clients are answered.

Strategy: the main thread ticks twice a second and tells systemd that it lives, as long as
a tick succeeds; clients are answered by the socket's threads. A request is one JSON
object: {"say": text}, {"do": program} or {"ask": "state"}; `source` names a conversation,
`lang` a language. What came due while nobody listened is told with the next answer.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from sanso.devices import DeviceError
from sanso.grammars import parse

from .notify import notify, watchdog_seconds
from .server import SocketServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

    from sanso.agent.agent import Agent
    from sanso.agent.reply import Reply

    from .log import ServiceLog

TICK_SECONDS: Final = 0.5
_MOST_UNTOLD: Final = 20
_LONGEST_NAME: Final = 80


class Service:
    """An agent, its socket, and its time."""

    def __init__(
        self,
        agent: Agent,
        path: Path,
        log: ServiceLog,
        keep: Callable[[Reply], None] | None = None,
        more: Callable[[Reply], dict[str, Any]] | None = None,
    ) -> None:
        """Listen at a path; the agent is closed with the service. `keep` gets each reply; what `more` gives is told with it.

        Raises:
            ServiceError: another service listens there, or the socket cannot be made.

        """
        self.agent = agent
        self._log = log
        self._keep = keep or (lambda _reply: None)
        self._more = more or (lambda _reply: {})
        self._ended = threading.Event()
        self._untold: deque[str] = deque(maxlen=_MOST_UNTOLD)
        self._online: bool | None = None
        self._trouble = ""
        self._ticking = threading.Lock()
        self._server = SocketServer(path, self.answer, self._left)

    def run(self) -> None:
        """Serve until `stop` is called from another thread or a signal handler."""
        self._server.start()
        watchdog = watchdog_seconds()
        alive_at = 0.0
        self._log.event("started", path=str(self._server.path))
        notify("READY=1")
        while not self._ended.is_set():
            healthy = self.tick()
            now = time.monotonic()
            if watchdog is not None and healthy and now - alive_at >= watchdog:
                notify("WATCHDOG=1")
                alive_at = now
            self._ended.wait(TICK_SECONDS)
        notify("STOPPING=1")

    def stop(self) -> None:
        """End `run` soon."""
        self._ended.set()

    def tick(self) -> bool:
        """Carry out what is due and look at the purifier; False where that failed. From any thread, one at a time."""
        with self._ticking:
            return self._tick()

    def _tick(self) -> bool:
        try:
            for words in self.agent.tick():
                self._untold.append(words)
                self._log.said("", words, kind="due")
            self._watch()
        except Exception as error:  # noqa: BLE001 - one thing that is due must not end the rest
            trouble = " ".join(f"{type(error).__name__}: {error}".split())
            if trouble != self._trouble:  # not twice a second
                self._log.event("trouble", what=trouble)
            self._trouble = trouble
            return isinstance(error, DeviceError)
        self._trouble = ""
        return True

    def answer(self, request: dict[str, Any], client: str) -> dict[str, Any]:
        """Answer one request; what is wrong with it is in `error`."""
        source = str(request.get("source") or client)[:_LONGEST_NAME]
        if isinstance(text := request.get("say"), str):
            reply = self.agent.say(text, source=source)
            self._tell(reply, text, source)
            return {**reply.as_json(), **self._more(reply), "told": self._told()}
        if isinstance(text := request.get("do"), str):
            lang = request.get("lang")
            program = parse(text)
            reply = self.agent.carry_out(
                program, source=source, lang="en" if lang == "en" else "ko"
            )
            self._tell(reply, text, source)
            return {**reply.as_json(), "told": self._told()}
        if request.get("ask") == "state":
            return {"state": self._state(), "told": self._told()}
        known = '{"say": "..."}, {"do": "..."}, {"ask": "state"}'
        return {"error": f"this asks for nothing that is known; send {known}"}

    def close(self) -> None:
        """Let answers that are under way end, then close everything."""
        self._ended.set()
        self._server.close()
        self.agent.close()
        self._log.event("stopped")
        self._log.close()

    def __enter__(self) -> Self:
        """Use it in a `with` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _tell(self, reply: Reply, text: str, source: str) -> None:
        facts: dict[str, Any] = {
            "source": source,
            "program": reply.program.render() if reply.program else None,
            "outcomes": [outcome.code.value for outcome in reply.outcomes],
            "ms": round(reply.milliseconds.get("total", 0.0), 1),
        }
        self._log.said(text, reply.words, **facts)
        self._keep(reply)

    def _told(self) -> list[str]:
        told = []
        while self._untold:
            told.append(self._untold.popleft())
        return told

    def _left(self, client: str) -> None:
        """Forget the conversation of a client that has gone; one that it named itself goes on."""
        self.agent.forget(client)

    def _state(self) -> dict[str, Any]:
        state = self.agent.purifier.state()
        return {
            "online": state.online,
            "age_seconds": round(state.age_seconds, 1),
            **state.settings(),
            "readings": {n: r.value for n, r in state.readings.items()},
            "filter_percent": state.filter_percent,
            "faults": sorted(state.faults),
        }

    def _watch(self) -> None:
        online = self.agent.purifier.state().online
        if online != self._online:
            self._online = online
            self._log.event("purifier", online=online)
