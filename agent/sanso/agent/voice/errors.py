"""
What can go wrong with sound.

VoiceError               an AgentError: sound cannot come in, be understood or go out
├── MicrophoneError          .device   no such device, no library, not to be opened
├── MicrophoneEnded                    behind the last sample of a file: no fault
├── TranscriberError         .model    no recogniser, damaged, not of this kind
├── SpeakerError             .way      nothing can be said: no program, no sound device
└── WakeError                          the service that listens for a name is not there
"""

from __future__ import annotations

from sanso.agent.errors import AgentError


class VoiceError(AgentError):
    """Sound cannot come in, be understood or go out."""


class MicrophoneError(VoiceError):
    """The microphone cannot be used."""

    def __init__(self, message: str, *, device: str) -> None:
        """Keep the device that was asked for."""
        super().__init__(message)
        self.device = device


class MicrophoneEnded(VoiceError):
    """There is no more sound: a file or standard input came to its end."""


class TranscriberError(VoiceError):
    """The recogniser cannot be used."""

    def __init__(self, message: str, *, model: str) -> None:
        """Keep the model that was asked for."""
        super().__init__(message)
        self.model = model


class SpeakerError(VoiceError):
    """Nothing can be said aloud."""

    def __init__(self, message: str, *, way: str) -> None:
        """Keep the way of speaking that failed."""
        super().__init__(message)
        self.way = way


class WakeError(VoiceError):
    """The service that listens for a name is not there."""
