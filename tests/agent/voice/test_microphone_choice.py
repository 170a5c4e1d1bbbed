from __future__ import annotations

from dataclasses import replace

import pytest

from sanso.agent.cli.messages import translated
from sanso.agent.voice.errors import MicrophoneError
from sanso.agent.voice.microphone_choice import (
    SoundDevice,
    choose_again,
    choose_input,
)

HDMI = SoundDevice(0, "HDA Intel: HDMI 0 (hw:0,3)", "ALSA", 0, 8, 48_000)
USB = SoundDevice(1, "USB PnP Audio: - (hw:1,0)", "ALSA", 1, 0, 44_100)
ARRAY = SoundDevice(2, "ReSpeaker Array: USB Audio (hw:2,0)", "ALSA", 6, 2, 16_000)
PULSE = SoundDevice(3, "pulse", "ALSA", 32, 32, 44_100, default_input=True)
ALL = [HDMI, USB, ARRAY, PULSE]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (None, PULSE),
        (1, USB),
        (2, ARRAY),
        ("pulse", PULSE),
        ("respeaker", ARRAY),
        ("USB PNP", USB),
        ("hw:2,0", ARRAY),
        (USB.name, USB),
    ],
)
def test_finds_what_is_meant(wanted: str | int | None, found: SoundDevice) -> None:
    """By number, by the whole name, by a part of it in any case, or the default."""
    assert found == choose_input(wanted, ALL)


def test_a_whole_name_wins_over_a_part() -> None:
    """A device whose name is a part of another's can be meant."""
    short = SoundDevice(5, "USB", "ALSA", 1, 0, 16_000)
    assert short == choose_input("usb", [*ALL, short])


def test_one_name_under_several_interfaces_is_one_device() -> None:
    """The system may list a device several times; the first of equal names is taken."""
    again = replace(USB, index=9, api="JACK")
    assert choose_input("pnp", [*ALL, again]) == USB


def test_without_a_default_the_first_input_is_it() -> None:
    """Where the system names no default, there still is one."""
    assert choose_input(None, [HDMI, USB, ARRAY]) == USB


@pytest.mark.parametrize(
    ("wanted", "devices", "told"),
    [
        (None, [], "there is no microphone; plug one in"),
        ("USB", [HDMI], "there is no microphone; plug one in"),
        (0, ALL, "device 0 is no microphone; choose one"),
        (17, ALL, "device 17 is no microphone; choose one"),
        ("USB", ALL, r"USB may be USB PnP Audio.*, ReSpeaker.*; write more"),
        ("plse", ALL, "there is no microphone plse; there is pulse$"),
        ("qqq", ALL, r"no microphone qqq; there is USB .*, ReSpeaker .*, pulse$"),
        (
            "qqq",
            [replace(USB, index=n, name=f"card {n}") for n in range(9)],
            r"there is card 0, .*card 4 \(\+4\)$",
        ),
    ],
)
def test_refuses_with_what_there_is(
    wanted: str | int | None, devices: list[SoundDevice], told: str
) -> None:
    """What is not there, or not clear, is told with the names that are near."""
    with pytest.raises(MicrophoneError, match=told) as caught:
        choose_input(wanted, devices)
    korean = translated(str(caught.value), "ko")
    assert korean is not None
    assert ("default" if wanted is None else str(wanted)) == caught.value.device


def test_a_device_is_known_again_by_its_name() -> None:
    """After an unplug the numbers are others; the device is the same."""
    moved = replace(USB, index=7, name="USB PnP Audio: - (hw:3,0)")
    assert moved == choose_again(1, USB, [HDMI, ARRAY, moved])
    assert moved == choose_again("USB", USB, [HDMI, ARRAY, moved])
    assert choose_again(1, USB, [moved, USB]) == USB
    with pytest.raises(MicrophoneError, match="no microphone USB PnP"):
        choose_again(1, USB, [HDMI, replace(ARRAY, index=1)])


def test_another_device_that_fits_the_name_is_taken() -> None:
    """Whoever asked for a name gets another device of that name, if the first is gone."""
    assert choose_again("USB", USB, [HDMI, ARRAY, PULSE]) == ARRAY


def test_the_default_is_what_the_system_says_now() -> None:
    """Who asked for no device in particular follows the system."""
    assert choose_again(None, PULSE, [HDMI, replace(PULSE, inputs=0), ARRAY]) == ARRAY
