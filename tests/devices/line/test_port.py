"""The line as a port: plugged and unplugged, locked, at the wrong rate, gone."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sanso.devices import (
    DeviceError,
    NoAnswer,
    OutcomeCode,
    PortError,
    RealClock,
    load_profile,
    open_purifier,
)
from sanso.devices.serial.link import SerialLink
from sanso.devices.serial.purifier import SerialPurifier
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.faults import Faults
from sanso.devices.twin.pty_port import PtyPort
from sanso.devices.twin.runner import Runner, make_twin
from sanso.grammars import SetFanLevel, SetLight, SetPower

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sanso.devices import Purifier

PATIENCE_SECONDS = 20.0
"""Far more than anything here takes; only a failure reaches it."""


@pytest.fixture
def twin_on(tmp_path: Path) -> Iterator[Callable[..., tuple[Runner, str]]]:
    """Run a twin of a profile on a pseudo-terminal; gives it with its URL."""
    runners: list[Runner] = []

    def run(
        profile: str = "kj-standard", settings: dict[str, object] | None = None
    ) -> tuple[Runner, str]:
        controller = Controller.open(
            load_profile(profile), RealClock(), settings, noisy=False
        )
        path = tmp_path / f"purifier{len(runners)}"
        runner = Runner(make_twin(controller), PtyPort(path))
        runners.append(runner.start())
        return runner, f"serial:{path}?profile={profile}"

    yield run
    for runner in runners:
        runner.close()


def until(is_so: Callable[[], bool]) -> bool:
    """Wait for something that other threads bring about."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so() and time.monotonic() < end:
        time.sleep(0.01)
    return is_so()


def descriptors() -> int:
    """Return how many files this process has open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names alone are wanted


@pytest.mark.parametrize("profile", ["kj-standard", "zhimi-airp-mb4a"])
def test_twenty_times_unplugged(
    profile: str, twin_on: Callable[..., tuple[Runner, str]]
) -> None:
    """Each time it is found again, nothing is applied anew, and no descriptor or thread is left behind."""
    runner, url = twin_on(profile, {"fan": 2})
    controller = runner.twin.controller
    purifier = open_purifier(url)
    assert isinstance(purifier, SerialPurifier)
    assert purifier.apply(SetFanLevel(level=1)).code == OutcomeCode.CONFIRMED
    before, threads = descriptors(), threading.active_count()
    for number in range(20):
        with runner.locked():
            taken = len(controller.taken)
            runner.port.unplug()
        assert until(lambda: not purifier.state().online)
        outcome = purifier.apply(SetFanLevel(level=4))
        assert outcome.code == OutcomeCode.OFFLINE
        with runner.locked():
            runner.port.plug()
        assert until(lambda: purifier.state().online and purifier.state().fan == 1)
        assert taken == len(controller.taken), "nothing is written by coming back"
        if number % 5 == 0:
            call = SetLight(level="off" if number % 2 else "on")
            assert purifier.apply(call).done
    assert purifier.session.counters.reconnects == 20
    assert (before, threads) == (descriptors(), threading.active_count())
    purifier.close()
    assert threads - 1 == threading.active_count()


def test_a_port_is_for_one(twin_on: Callable[..., tuple[Runner, str]]) -> None:
    """A second program is told that the port is in use; when the first lets go, it may."""
    _, url = twin_on()
    first = open_purifier(url)
    with pytest.raises(PortError, match="in use by another program"):
        open_purifier(url)
    first.close()
    open_purifier(url).close()


def test_a_wrong_rate_is_found(twin_on: Callable[..., tuple[Runner, str]]) -> None:
    """At another rate only noise comes: the error names the right one."""
    _, url = twin_on()
    with pytest.raises(NoAnswer, match=r"speaks at 9600 baud, not 115200"):
        open_purifier(f"{url}&baud=115200")


def test_silence_is_explained(twin_on: Callable[..., tuple[Runner, str]]) -> None:
    """A line on which nobody answers says what to check."""
    runner, url = twin_on()
    runner.twin.controller.faults = Faults(mute=True)
    with pytest.raises(NoAnswer, match=r"stays silent .* check RX, TX and ground"):
        open_purifier(url)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/dev/no-such-port", "there is no port /dev/no-such-port"),
        ("socket://127.0.0.1:1", "cannot be reached"),
        ("/dev/null", "is it a serial port"),
        ("/etc/hostname", "is no serial port"),
        ("/etc", "is no serial port"),
    ],
)
def test_a_port_that_cannot_be_opened_says_why(name: str, words: str) -> None:
    """Cause and cure in one line."""
    with pytest.raises(PortError, match=words):
        SerialLink(name, 9600)


def test_permission_names_the_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the right to a port, the group that has it is named, and how to join it."""
    path = tmp_path / "port"
    path.touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(Path, "group", lambda _: "dialout")
    with pytest.raises(PortError, match="usermod -aG dialout "):
        SerialLink(str(path), 9600)
    monkeypatch.setattr(Path, "group", lambda _: "root")
    with pytest.raises(PortError, match="root's alone"):
        SerialLink(str(path), 9600)


def test_a_path_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    """A file in the place of the link is not overwritten."""
    path = tmp_path / "mine"
    path.write_text("precious")
    with pytest.raises(DeviceError, match="choose another --pty"):
        PtyPort(path)
    assert path.read_text() == "precious"


def test_several_threads_at_once(twin_on: Callable[..., tuple[Runner, str]]) -> None:
    """Calls from several threads are carried out one after another, and each is told its own end."""
    runner, url = twin_on("kj-standard", {"fan": 1})
    purifier: Purifier = open_purifier(url)
    ends: list[OutcomeCode] = []

    def work(level: int) -> None:
        ends.append(purifier.apply(SetFanLevel(level=level)).code)
        ends.append(purifier.apply(SetLight(level="off")).code)

    threads = [threading.Thread(target=work, args=(n,)) for n in (2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = {OutcomeCode.CONFIRMED, OutcomeCode.UNCHANGED}
    late = {OutcomeCode.RATE_LIMITED, OutcomeCode.REJECTED}
    assert len(ends) == 6
    assert set(ends) <= done | late
    assert (
        purifier.state().settings()
        == runner.twin.controller.purifier.state().settings()
    )
    assert purifier.apply(SetPower(state="off")).done
    purifier.close()
