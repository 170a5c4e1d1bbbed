from __future__ import annotations

import io
import os
import pty
import sys
import termios
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanso.agent.voice.errors import VoiceError
from sanso.agent.voice.push import Contact, Push, Switch, Talk
from sanso.agent.voice.push_gpio import GpioButton
from sanso.agent.voice.push_key import TerminalKey
from sanso.agent.voice.push_repeat import Move, Repeats
from sanso.agent.voice.push_socket import SocketSwitch

LONGEST = 10.0
"""Seconds to wait for another thread before a test has failed."""


def wait_for(talk: Talk, count: int) -> list[Push]:
    """Ask until so many pushes have come."""
    told: list[Push] = []
    tick = threading.Event()
    for _ in range(int(LONGEST / 0.005)):
        told += talk.pushes()
        if len(told) >= count:
            break
        tick.wait(0.005)
    return told


class Stream:
    """What has a descriptor."""

    def __init__(self, descriptor: int) -> None:
        """Hold it."""
        self._descriptor = descriptor

    def fileno(self) -> int:
        """Give it."""
        return self._descriptor


@given(st.lists(st.sampled_from(["press", "release", "toggle"]), max_size=40))
def test_pushes_alternate(calls: list[str]) -> None:
    """Whatever is called: first a press, then one after another, ending as it stands."""
    switch = Switch()
    with switch:
        for call in calls:
            getattr(switch, call)()
        told = switch.pushes()
    assert told == (["press", "release"] * len(calls))[: len(told)]
    assert switch.pressed == (len(told) % 2 == 1)
    assert switch.pushes() == []


def test_switches_of_one_contact_are_one() -> None:
    """Each ends what another began, and what happened is told once."""
    contact = Contact()
    space, socket = Switch(contact=contact), Switch(contact=contact)
    space.toggle()
    assert socket.pressed
    socket.release()
    socket.release()
    space.toggle()
    assert socket.pushes() == ["press", "release", "press"]
    assert space.pushes() == []


@pytest.mark.parametrize("how", ["press", "toggle"])
def test_what_nobody_released(how: str) -> None:
    """A key that was tapped begins anew; one that is held down waits for the hand."""
    switch = Switch()
    switch.let_go()
    getattr(switch, how)()
    switch.let_go()
    assert switch.pressed == (how == "press")
    switch.release()
    assert switch.pushes() == ["press", "release"]
    getattr(switch, how)()
    assert switch.pressed


def test_what_nobody_asks_for_is_bounded() -> None:
    """Pushes that nobody fetches do not grow for ever."""
    switch = Switch()
    for _ in range(1000):
        switch.toggle()
    assert len(switch.pushes()) == 64


def test_a_line_toggles_where_there_is_no_terminal() -> None:
    """Through a pipe each line is a push, and its end is no error."""
    reading, writing = os.pipe()
    with TerminalKey(Stream(reading)) as key:
        os.write(writing, b"\n")
        assert wait_for(key, 1) == ["press"]
        os.write(writing, b"a b c\n\n")
        assert wait_for(key, 2) == ["release", "press"]
        os.close(writing)
    os.close(reading)


@pytest.mark.parametrize(
    "stream",
    [io.StringIO(" \n"), object(), Stream(-1), Stream(999_999)],
    ids=["stand-in", "none", "closed", "unknown"],
)
def test_no_input_is_no_error(stream: Any) -> None:
    """Where nothing can be read, nothing is pressed, and nothing fails."""
    with TerminalKey(stream) as key:
        assert key.pushes() == []


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Give both ends of a terminal: the keyboard's and the program's."""
    keyboard, program = pty.openpty()
    yield keyboard, program
    os.close(keyboard)
    os.close(program)


def test_the_space_bar_toggles(terminal: tuple[int, int]) -> None:
    """Space presses and releases at once, without Enter; other keys do nothing."""
    keyboard, program = terminal
    before = termios.tcgetattr(program)
    with TerminalKey(Stream(program)) as key:
        assert not termios.tcgetattr(program)[3] & termios.ICANON
        os.write(keyboard, b"x\x1b[A\xea\xba\xbc ")
        assert wait_for(key, 1) == ["press"]
        assert key.pressed
        os.write(keyboard, b" ")
        assert wait_for(key, 1) == ["release"]
    assert before == termios.tcgetattr(program)


def test_a_tap_of_the_space_bar_calls(terminal: tuple[int, int]) -> None:
    """Where it is no push-to-talk, it is released as soon as it is pressed."""
    keyboard, program = terminal
    with TerminalKey(Stream(program), taps=True) as key:
        os.write(keyboard, b" ")
        assert wait_for(key, 2) == ["press", "release"]


def test_a_held_space_bar_is_held_down(terminal: tuple[int, int]) -> None:
    """Its repeats do not toggle; when they end it is let go."""
    keyboard, program = terminal
    with TerminalKey(Stream(program)) as key:
        os.write(keyboard, b" " * 9)
        assert wait_for(key, 2) == ["press", "release"]
    assert key.pushes() == []


def played(times: list[float]) -> list[tuple[Move, float]]:
    """Return what keys at these times mean, and when that is known."""
    repeats = Repeats()
    told: list[tuple[Move, float]] = []
    for at in [*times, float("inf")]:
        now = times[0] if not told else told[-1][1]
        while (wait := repeats.wait(now)) is not None and now + wait < at:
            now += wait
            told += [(move, now) for move in repeats.quiet(now)]
            if repeats.wait(now) == 0.0:
                now += 1e-9
        if at < float("inf"):
            told += [(move, at) for move in repeats.key(at)]
    return told


@pytest.mark.parametrize("first", [0.25, 0.5, 0.66])
@pytest.mark.parametrize("next_", [0.03, 0.092])
@pytest.mark.parametrize("count", [2, 3, 40])
def test_a_held_key_is_held(first: float, next_: float, count: int) -> None:
    """Its repeats move nothing, and when they end it is let go."""
    times = [10.0, *(10.0 + first + next_ * n for n in range(count))]
    (tap, pressed), (let_go, released) = played(times)
    assert (tap, let_go) == ("tap", "let go")
    assert pressed == 10.0
    assert times[-1] < released < times[-1] + 0.25


def test_a_key_pressed_twice_is_no_held_one() -> None:
    """Soon after the first it is known a moment later, else at once."""
    assert played([1.0, 3.0]) == [("tap", 1.0), ("tap", 3.0)]
    (_, at), (again, later) = played([1.0, 1.4])
    assert (at, again) == (1.0, "tap")
    assert later == pytest.approx(1.6, abs=0.01)


def test_a_second_one_that_listens_is_told_what_to_do(tmp_path: Path) -> None:
    """One key moves one listener: the other is named, not some service."""
    path = tmp_path / "listen.sock"
    second = pytest.raises(VoiceError, match=r"another sanso listen .*; end that one")
    with SocketSwitch(path), second, SocketSwitch(path):
        pass
    with SocketSwitch(path):
        assert path.exists()


def test_the_terminal_is_put_back_after_a_failure(terminal: tuple[int, int]) -> None:
    """An error inside leaves no terminal that swallows what is typed."""
    _, program = terminal
    before = termios.tcgetattr(program)
    with pytest.raises(RuntimeError), TerminalKey(Stream(program)):
        raise RuntimeError
    assert before == termios.tcgetattr(program)


def test_a_program_in_the_background_leaves_the_terminal_alone(
    terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal would stop it otherwise."""
    keyboard, program = terminal
    monkeypatch.setattr(os, "tcgetpgrp", lambda _descriptor: os.getpgrp() + 1)
    before = termios.tcgetattr(program)
    with TerminalKey(Stream(program)) as key:
        assert before == termios.tcgetattr(program)
        os.write(keyboard, b" \n")
        assert key.pushes() == []


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give the pins of a board that gpiozero plays itself."""
    from gpiozero import Device
    from gpiozero.pins.mock import MockFactory

    factory = MockFactory()
    monkeypatch.setattr(Device, "pin_factory", factory)
    yield factory
    factory.reset()


@pytest.mark.parametrize("to_ground", [True, False])
def test_a_button_at_a_pin(pins: Any, *, to_ground: bool) -> None:
    """A button is pressed while it is held, and the pin is free again afterwards."""
    for _ in range(2):
        with GpioButton(17, to_ground=to_ground) as button:
            pin = pins.pin(17)
            down, up = (
                (pin.drive_low, pin.drive_high)
                if to_ground
                else (pin.drive_high, pin.drive_low)
            )
            down()
            assert wait_for(button, 1) == ["press"]
            up()
            assert wait_for(button, 1) == ["release"]


@pytest.mark.usefixtures("pins")
def test_a_pin_in_use_is_explained() -> None:
    """A pin that cannot be used is named, with the reason and what helps."""
    again = pytest.raises(VoiceError, match=r"GPIO 4 cannot be used \(.*4.*\); .*lgpio")
    with GpioButton(4), again, GpioButton(4):
        pass


def test_no_board_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without pins it is said what is missing."""
    from gpiozero import Device

    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "nowhere")
    with pytest.raises(VoiceError, match=r"GPIO 4 cannot be used"), GpioButton(4):
        pass


def test_gpiozero_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without gpiozero the extra to install is named."""
    monkeypatch.setitem(sys.modules, "gpiozero", None)
    with pytest.raises(VoiceError, match=r"sanso\[gpio\]"), GpioButton(4):
        pass


@pytest.mark.parametrize("pin", [-1, 28, 100])
def test_no_such_pin(pin: int) -> None:
    """A pin that no board has is refused at once."""
    with pytest.raises(VoiceError, match=f"no GPIO {pin}; choose from 0 to 27"):
        GpioButton(pin)
