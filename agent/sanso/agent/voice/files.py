"""
WAV files as a microphone: one, or all of a folder one after another.

Strategy: every header is looked at when it is opened, so that a bad file is told of
before anything is heard. Sound is read in pieces, so that length costs no memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

import numpy as np

from .errors import MicrophoneEnded, MicrophoneError
from .microphone_frames import Framer
from .pace import Pace
from .parts import FRAME, RATE, Samples
from .wav import WavDecoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO

    from .wav import WavFormat

PIECE_BYTES: Final = 1 << 16
BETWEEN_SECONDS: Final = 1.0
"""Silence between two files, so that what is said in one ends before the next."""


class SoundFiles:
    """Frames from a WAV file or a folder of them; see `parts.Microphone`."""

    def __init__(
        self,
        path: Path,
        *,
        channel: int | None = None,
        paced: bool = False,
        make_pace: Callable[[], Pace] = Pace,
    ) -> None:
        """Read a file, or the files of a folder in the order of their names.

        As fast as it can, unless `paced` to the time that the sound takes. `channel` is
        taken as by `Framer`.
        """
        self.name = str(path)
        self.drops = 0
        self.live = paced
        self.current: Path | None = None
        """The file of the last frame; the silence behind a file belongs to it."""
        self._path = path
        self._channel = channel
        self._make_pace = make_pace
        self._pace: Pace | None = None
        self._frames: Iterator[Samples] = iter(())

    def __enter__(self) -> Self:
        """Look at all files.

        Raises:
            MicrophoneError: there is none, or one of them cannot be used.

        """
        paths = wav_paths(self._path)
        for path in paths:
            check_wav(path)
        self.current = None
        self._frames = self._read(paths)
        self._pace = self._make_pace() if self.live else None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let go of the file that is being read."""
        self._frames = iter(())

    @property
    def waiting(self) -> float:
        """Seconds of sound that would have been heard and were not read yet."""
        return 0.0 if self._pace is None else self._pace.behind

    def read(self, timeout: float) -> Samples | None:
        """Return the next frame; None only where its time has not come.

        Raises:
            MicrophoneEnded: that was the last one.
            MicrophoneError: the file cannot be read on.

        """
        if self._pace is not None and not self._pace.wait(timeout):
            return None
        for frame in self._frames:
            return frame
        msg = f"{self.name} is at its end"
        raise MicrophoneEnded(msg)

    def _read(self, paths: list[Path]) -> Iterator[Samples]:
        for number, path in enumerate(paths):
            if number:
                for _ in range(-(-round(BETWEEN_SECONDS * RATE) // FRAME)):
                    yield np.zeros(FRAME, np.float32)
            self.current = path
            yield from read_wav(path, channel=self._channel)


def wav_paths(path: Path) -> list[Path]:
    """Return a file itself, or the WAV files of a folder in the order of their names.

    Raises:
        MicrophoneError: there is none.

    """
    name = str(path)
    try:
        if not path.exists():
            msg = f"there is no file or folder {name}; check the path"
            raise MicrophoneError(msg, device=name)
        if path.is_file():
            return [path]
        if not path.is_dir():
            msg = f"{name} is no file; pipe it into standard input, and name -"
            raise MicrophoneError(msg, device=name)
        found = sorted(
            one
            for one in path.iterdir()
            if one.suffix.lower() == ".wav" and not one.name.startswith(".")
        )
    except OSError as error:
        raise _unreadable(name, error) from None
    if not found:
        msg = (
            f"the folder {name} holds no WAV file; put some there, or name another one"
        )
        raise MicrophoneError(msg, device=name)
    return found


def read_wav(path: Path, *, channel: int | None = None) -> Iterator[Samples]:
    """Yield the frames of a WAV file, the last one filled with silence.

    Raises:
        MicrophoneError: it cannot be read.

    """
    name = str(path)
    decoder = WavDecoder(name)
    framer: Framer | None = None
    with _opened(path) as stream:
        for piece in _pieces(stream, name):
            block = decoder.feed(piece)
            if framer is None and decoder.format is not None:
                framer = Framer(decoder.format.rate, name=name, channel=channel)
            if framer is not None:
                yield from framer.feed(block)
    decoder.end()
    if framer is not None:
        yield from framer.finish()


def check_wav(path: Path) -> WavFormat:
    """Return how the sound of a file is stored.

    Raises:
        MicrophoneError: it is no WAV, or damaged, cut off or empty; with the cure.

    """
    name = str(path)
    decoder = WavDecoder(name)
    with _opened(path) as stream:
        for piece in _pieces(stream, name):
            decoder.feed(piece)
            if decoder.format is not None:
                break
        decoder.end()
        there = stream.seek(0, 2) - decoder.header_bytes
    made = decoder.format
    assert made is not None  # noqa: S101 - `end` raises otherwise
    if made.data_bytes is not None and there < made.data_bytes:
        msg = (
            f"{name} is cut off: {there} of {made.data_bytes} bytes of sound are there; "
            "copy it again"
        )
        raise MicrophoneError(msg, device=name)
    return made


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise _unreadable(str(path), error) from None


def _pieces(stream: BinaryIO, name: str) -> Iterator[bytes]:
    try:
        while piece := stream.read(PIECE_BYTES):
            yield piece
    except OSError as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: OSError) -> MicrophoneError:
    msg = f"{name} cannot be read ({error.strerror}); check it and its permissions"
    return MicrophoneError(msg, device=name)
