"""A decode ends when it is told to: by its deadline, or by another thread; the engine goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanso.agent import Agent, Cancelled, Engine
from sanso.agent.decoder import DeadlineExceeded
from sanso.agent.llama import LlamaError
from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import PURIFIER

pytestmark = pytest.mark.engine

LONG = "바람 " * 90
LAYERS = 120


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A model so deep that a long sentence takes seconds."""
    import torch

    from sanso.agent.bundle import shipped_model
    from sanso.models.export import write_gguf
    from sanso.models.network import Network, Shape
    from sanso.models.restoring import read_model

    _, vocabulary = read_model(shipped_model())
    torch.manual_seed(0)
    shape = Shape(len(vocabulary), width=256, layers=LAYERS, heads=4, hidden=768)
    path = tmp_path_factory.mktemp("slow") / "slow.gguf"
    write_gguf(path, Network(shape).eval(), vocabulary, {"grammar": PURIFIER.digest})
    with Engine.open(path) as engine:
        yield engine


def spent(engine: Engine) -> float:
    """Seconds of the long sentence without a deadline, its beginning not computed before."""
    engine.decide("아")
    started = time.perf_counter()
    engine.decide(LONG.strip())
    return time.perf_counter() - started


def test_the_deadline_really_ends_it(slow: Engine) -> None:
    """It returns soon after the deadline, not when the pass is done; the next sentence is understood as if nothing had been."""
    whole = spent(slow)
    untouched = slow.decide("켜").program
    deadline = whole / 5
    late = []
    for _ in range(3):
        slow.decide("아")
        started = time.perf_counter()
        with pytest.raises(DeadlineExceeded, match="in time"):
            slow.decide(LONG.strip(), timeout_seconds=deadline)
        late.append(time.perf_counter() - started - deadline)
    # a share of the whole, since the machine may be slow: the passes that were saved are most of it
    assert min(late) < whole / 5
    assert slow.decide("켜").program == untouched
    slow.decide(LONG.strip(), timeout_seconds=whole * 50)


def test_another_thread_cancels(slow: Engine) -> None:
    """The caller gets its own error, and a cancel without a decision is nothing."""
    whole = spent(slow)
    slow.cancel()
    slow.decide("아")
    timer = threading.Timer(whole / 5, slow.cancel)
    started = time.perf_counter()
    timer.start()
    with pytest.raises(Cancelled):
        slow.decide(LONG.strip())
    assert time.perf_counter() - started < whole
    timer.join()
    slow.decide("켜")


def test_a_deadline_counts_the_waiting(slow: Engine) -> None:
    """A caller behind another one gives up at its own deadline."""
    slow.decide("아")
    other = threading.Thread(target=slow.decide, args=(LONG.strip(),))
    other.start()
    while slow._running is None:
        time.sleep(0.001)
    with pytest.raises(DeadlineExceeded):
        slow.decide("켜", timeout_seconds=0.01)
    other.join()


def test_the_agent_says_so(slow: Engine) -> None:
    """Too late or cancelled, nothing is done, and both languages say it."""
    purifier = SimulatedPurifier.from_settings({}, clock=ScriptedClock())
    agent = Agent(slow, purifier)
    before = purifier.state()
    late = agent.say(LONG, timeout_seconds=0.02)
    assert late.error == "too_slow"
    assert "오래 걸려서" in late.words
    slow.decide("아")
    threading.Timer(0.05, agent.cancel).start()
    stopped = agent.say("wind " * 60)
    assert stopped.error == "cancelled"
    assert "did not act" in stopped.words
    assert purifier.state() == before
    assert not late.results


def test_many_threads_queue(slow: Engine, tmp_path: Path) -> None:
    """Callers from several threads wait for one another and each gets its own answer."""
    del tmp_path
    alone = {text: slow.decide(text).program for text in ("켜", "꺼", "off", "on")}
    found: dict[str, object] = {}
    threads = [
        threading.Thread(
            target=lambda text=text: found.__setitem__(text, slow.decide(text).program)
        )
        for text in alone
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == alone


def test_a_cancel_after_the_last_pass_counts(
    slow: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However late it comes, as long as the caller waits."""
    write = slow._decoder.write

    def then_cancelled(*args: Any, **options: Any) -> Any:
        written = write(*args, **options)
        slow.cancel()
        return written

    monkeypatch.setattr(slow._decoder, "write", then_cancelled)
    with pytest.raises(Cancelled):
        slow.decide("켜")
    monkeypatch.undo()
    slow.decide("켜")


def test_other_readings_are_a_luxury(
    slow: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadline while they are looked for costs them, not the program."""
    alone = slow.decide("켜")

    def late(*_: Any) -> Any:
        raise DeadlineExceeded

    monkeypatch.setattr("sanso.agent.engine.runner_ups", late)
    decision = slow.decide("켜", runner_ups_below=2.0)
    assert decision.program == alone.program
    assert not decision.evidence.runner_ups


def test_branches_that_are_too_much_are_refused(slow: Engine) -> None:
    """What llama.cpp would abort on: more tokens than a batch holds, or none."""
    context = slow._context
    context.run([1, 2, 3])
    with pytest.raises(LlamaError, match="do not fit"):
        context.branch([[1]] * 9)
    with (
        context.branch([[5] * context.room] * 3) as branches,
        pytest.raises(LlamaError, match="at once"),
    ):
        branches.run()
    context.run([1, 2, 3])
    with context.branch([[1, 2, 4]]) as branches:
        assert branches.run()
        with pytest.raises(LlamaError, match="at once"):
            branches.run()
    context.run([1, 2, 3])


def test_endless_patience(slow: Engine) -> None:
    """A timeout beyond what the clock can wait for is none."""
    assert slow.decide("켜", timeout_seconds=float("inf")).program
