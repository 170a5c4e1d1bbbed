"""A service on a simulated purifier, without a model."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from sanso.agent import Agent
from sanso.agent.service.log import ServiceLog
from sanso.agent.service.service import Service
from sanso.devices import ScriptedClock, open_purifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Run a service in a thread; gives it, its socket's path and its clock."""
    running: list[tuple[Service, threading.Thread]] = []

    def run(log: Path | None = None, **options: Any) -> tuple[Service, Path, Any]:
        clock = ScriptedClock()
        agent = Agent(None, open_purifier("sim:", clock=clock))
        path = tmp_path / "run" / "agent.sock"
        log = tmp_path / "events.log" if log is None else log
        service = Service(agent, path, ServiceLog(log, **options))
        thread = threading.Thread(target=service.run)
        thread.start()
        running.append((service, thread))
        return service, path, clock

    yield run
    for service, thread in running:
        service.stop()
        thread.join()
        service.close()
