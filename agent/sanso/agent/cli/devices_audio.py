"""`sanso devices audio`: which microphones and loudspeakers there are, and how loud it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .options import AsJson

if TYPE_CHECKING:
    from .texts import Texts


def audio(
    context: typer.Context,
    device: Annotated[str, typer.Argument(metavar="DEVICE")] = "",
    meter: Annotated[float | None, typer.Option(metavar="SECONDS", min=0)] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List microphones and loudspeakers, or show how loud the microphones are."""
    # numpy takes time to import, and other commands import this module to list it
    from sanso.agent.voice.microphone_choice import choose_input
    from sanso.agent.voice.microphone_portaudio import PortAudio
    from sanso.agent.voice.opening import device_of

    from .audio_list import list_audio
    from .audio_meter import meter_audio

    texts: Texts = context.obj
    sound = PortAudio()
    devices = sound.devices()
    if device or meter is not None:
        chosen = choose_input(device_of(device), devices)
        if device:
            devices = [chosen]
    if meter is None:
        list_audio(devices, sound, texts, as_json=as_json)
    else:
        inputs = [one for one in devices if one.inputs]
        meter_audio(inputs, meter, texts, as_json=as_json)
