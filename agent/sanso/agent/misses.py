"""
What was not understood: kept for the owner, and only if the owner agreed.

Strategy: one file of JSON lines beside a file that says that the owner agreed; both are the owner's alone. Without the second nothing is ever written. Keeping
never gets in the way of an answer: where it fails, nothing is kept. A label, given by a person, makes a miss a sentence to train on.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sanso.grammars import parse

from .errors import AgentError
from .miss_lines import (
    iso,
    kept_line,
    miss_name,
    read_kept,
    training_key,
    training_line,
)
from .miss_watch import Miss, MissWatch

try:
    import fcntl
except ImportError:  # Windows: one program at a time
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .reply import Reply

CONSENT: Final = "misses.consent"
KEPT: Final = "misses.jsonl"
MOST: Final = 1000
MOST_BYTES: Final = 512 * 1024
_SHARE_LEFT: Final = 7 / 8
"""Of the bounds, once they are passed: so that not every miss from then on writes the whole file."""
_AGREED: Final = "agreed "


class MissError(AgentError):
    """What is kept cannot be found or not be written."""


@dataclass(frozen=True)
class MissStatus:
    """How it stands with keeping."""

    on: bool
    since: str
    """When the owner agreed, ISO 8601; empty where not."""
    kept: int
    labelled: int
    size: int
    """Bytes."""


class Misses:
    """The misses of one owner, in one folder."""

    def __init__(
        self, folder: Path | None, *, most: int = MOST, most_bytes: int = MOST_BYTES
    ) -> None:
        """Keep at most so many, in at most so many bytes; without a folder nothing is kept."""
        self._folder = folder
        self._most, self._most_bytes = most, most_bytes
        self._watch = MissWatch()

    def notice(self, reply: Reply, now: float, source: str = "") -> None:
        """Look at a reply, and keep what it shows to be missed, if the owner agreed; never raises."""
        miss = self._watch.noticed(reply, now, source)
        if miss is not None:
            self.keep(miss)

    def keep(self, miss: Miss) -> bool:
        """Keep a miss; False where it is not: without consent, known already, or nothing can be written."""
        if self._folder is None or not self.consent():
            return False
        try:
            with _alone(self._folder):  # the owner may just have taken it back
                return bool(self.consent()) and self._keep(self._folder, miss)
        except (OSError, ValueError):
            return False

    def consent(self) -> str:
        """When the owner agreed, ISO 8601; empty where not. What cannot be read is no consent."""
        try:
            text = self._path(CONSENT).read_text(encoding="utf-8").strip()
            datetime.fromisoformat(text.removeprefix(_AGREED))
        except (OSError, ValueError, MissError):
            return ""
        return text.removeprefix(_AGREED) if text.startswith(_AGREED) else ""

    def agree(self, now: float) -> None:
        """
        Write down that the owner agrees.

        Raises:
            MissError: it cannot be written down.
        """
        if not self.consent():
            folder = self._made()
            self._written(folder / CONSENT, [f"{_AGREED}{iso(now)}\n".encode()])

    def withdraw(self, *, delete: bool = False) -> None:
        """
        Keep nothing from now on; `delete` removes what was kept as well.

        Raises:
            MissError: a file cannot be removed.
        """
        paths = [
            self._path(name) for name in ((CONSENT, KEPT) if delete else (CONSENT,))
        ]
        if not paths[0].parent.is_dir():
            return
        try:
            with _alone(paths[0].parent):
                for path in paths:
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(paths[0], error) from None

    def status(self) -> MissStatus:
        """How it stands."""
        kept, since = self.kept(), self.consent()
        labelled = sum(bool(miss.label) for miss in kept)
        try:
            size = self._path(KEPT).stat().st_size
        except (OSError, MissError):
            size = 0
        return MissStatus(bool(since), since, len(kept), labelled, size)

    def kept(self) -> list[Miss]:
        """Everything that is kept, the oldest first; a line that cannot be read is passed over."""
        try:
            data = self._path(KEPT).read_bytes()
        except (OSError, MissError):
            return []
        read = (read_kept(line) for line in data.splitlines())
        return [miss for miss in read if miss is not None]

    def label(self, name: str, program: str) -> Miss:
        """
        Say which program is right for a miss.

        Raises:
            CallError: it is no program.
            MissError: there is no such miss, or it cannot be written down.
        """
        right = parse(program.strip()).render()
        return self._change(name, lambda miss: replace(miss, label=right))

    def forget(self, name: str) -> Miss:
        """
        Remove a miss.

        Raises:
            MissError: there is no such miss, or the file cannot be written.
        """
        return self._change(name, lambda _: None)

    def export(self) -> list[str]:
        """
        The labelled misses as lines of training, `sentence => program`, each sentence once.

        A sentence that such a line cannot hold is left out.
        """
        lines: dict[str, str] = {}
        for miss in self.kept():
            if line := training_line(miss):
                lines[training_key(miss.sentence)] = line
        return list(lines.values())

    def _keep(self, folder: Path, miss: Miss) -> bool:
        kept = self.kept()
        if miss_name(miss) in map(miss_name, kept):
            return False
        path, line = folder / KEPT, kept_line(miss)
        size = path.stat().st_size if path.exists() else 0
        if len(kept) + 1 > self._most or size + len(line) > self._most_bytes:
            self._replace(folder / KEPT, map(kept_line, self._bounded([*kept, miss])))
            return True
        number = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(number, "a+b") as file:
            if size:
                file.seek(size - 1)
                # A power cut may have torn the last line: the next one begins below it.
                line = line if file.read(1) == b"\n" else b"\n" + line
            file.write(line)
        return True

    def _bounded(self, misses: Sequence[Miss]) -> list[Miss]:
        """What is left within the bounds: the oldest goes first, a labelled one last."""
        most = max(1, int(self._most * _SHARE_LEFT))
        most_bytes = self._most_bytes * _SHARE_LEFT
        size = sum(len(kept_line(miss)) for miss in misses)
        left = list(misses)
        for miss in sorted(misses, key=lambda miss: bool(miss.label)):
            if len(left) <= most and size <= most_bytes:
                break
            left.remove(miss)
            size -= len(kept_line(miss))
        return left

    def _change(self, name: str, change: Callable[[Miss], Miss | None]) -> Miss:
        """Change one miss, or remove it where nothing is given back; the miss as it is now, or was."""
        if self._folder is None or name not in map(miss_name, self.kept()):
            msg = f"there is no miss {name!r}; see `sanso misses label` for all of them"
            raise MissError(msg)
        path = self._folder / KEPT
        try:
            with _alone(self._folder):
                changed = [
                    (m, change(m) if miss_name(m) == name else m) for m in self.kept()
                ]
                self._replace(path, [kept_line(new) for _, new in changed if new])
        except OSError as error:
            raise _unwritable(path, error) from None
        return next(new or old for old, new in changed if miss_name(old) == name)

    def _path(self, name: str) -> Path:
        if self._folder is None:
            msg = "there is no folder to keep misses in; set XDG_STATE_HOME to a folder that can be written"
            raise MissError(msg)
        return self._folder / name

    def _made(self) -> Path:
        path = self._path(CONSENT)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(path.parent, error) from None
        return path.parent

    def _written(self, path: Path, lines: Iterable[bytes]) -> None:
        try:
            self._replace(path, lines)
        except OSError as error:
            raise _unwritable(path, error) from None

    def _replace(self, path: Path, lines: Iterable[bytes]) -> None:
        """Write a file whole or not at all, for its owner alone."""
        number, part = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(number, "wb") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)  # noqa: PTH105 - atomic by contract
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only program that writes there: the agent keeps while its owner labels."""
    if fcntl is None:
        yield
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def _unwritable(path: Path, error: OSError) -> MissError:
    return MissError(
        f"{path} cannot be written ({error.strerror}); check its permissions and the space"
    )
