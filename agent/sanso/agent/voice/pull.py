"""
Download a recogniser, once, because a person asked for it.

Strategy: the Hugging Face library tells which files there are, how large, and by which
digest; the bytes come over plain HTTP into a file beside their place, so that a download
that broke off goes on where it was, today or tomorrow. A file gets its name only when it
is whole and its digest is right.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import shutil
import time
from functools import partial
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib.request import Request, urlopen

from .errors import TranscriberError
from .hub import TIMEOUT_SECONDS, HubError, Remote, listed_files
from .model_files import check_folder
from .models_at_hand import REPOSITORIES, place_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Report = Callable[[int, int], None]
    Sleep = Callable[[float], None]

_TRIES: Final = 5
_PAUSE_SECONDS: Final = 2.0
_BLOCK: Final = 1 << 18
_MEGABYTE: Final = 1_000_000
_SHA256_LENGTH: Final = 64
_OF_THE_DISK: Final = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS),
    *(errno.EACCES, errno.EPERM, errno.EIO),
)
"""Errors that no further try mends; all others are taken for the network's."""


def pull(
    name: str,
    report: Report,
    *,
    endpoint: str | None = None,
    sleep: Sleep = time.sleep,
) -> Path:
    """
    Download a size of Whisper into the data folder, and return its folder.

    `report` is called with the bytes that are there and those that there will be.
    `endpoint` is another server than the library's own. Raises TranscriberError with
    cause and cure; what has come by then stays for the next time.
    """
    if name not in REPOSITORIES:
        known = ", ".join(REPOSITORIES)
        msg = f"there is no size {name}; choose from {known}"
        raise TranscriberError(msg, model=name)
    folder = place_of(name)
    files = _listed(name, folder, endpoint)
    total = sum(file.size for file in files)
    there = sum(_there(folder, file) for file in files)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _check_space(name, folder, total - there)
        done = 0
        for file in files:
            _fetch(name, folder, file, partial(_tell, report, done, total), sleep)
            done += file.size
    except OSError as error:
        full = error.errno == errno.ENOSPC
        cause = "the disk is full" if full else error.strerror or str(error)
        msg = f"the recogniser {name} cannot be kept in {folder} ({cause}); free some space there, or set XDG_DATA_HOME to another folder"
        raise TranscriberError(msg, model=name) from error
    check_folder(folder)
    return folder


def _listed(name: str, folder: Path, endpoint: str | None) -> list[Remote]:
    try:
        return listed_files(REPOSITORIES[name], endpoint)
    except ModuleNotFoundError as error:
        msg = f"a download needs {error.name}, which is not installed; pip install 'sanso[voice]'"
        raise TranscriberError(msg, model=name) from error
    except HubError as error:
        msg = f"the recogniser {name} cannot be looked up ({error}); check the network, or copy {folder} from another machine"
        raise TranscriberError(msg, model=name) from error


def _tell(report: Report, before: int, total: int, have: int) -> None:
    """Report the bytes of all files, of which one has so many."""
    report(before + have, total)


def _there(folder: Path, file: Remote) -> int:
    """Return how many bytes of a file are there."""
    for path in (folder / file.name, _part(folder, file)):
        with contextlib.suppress(OSError):
            return min(path.stat().st_size, file.size)
    return 0


def _part(folder: Path, file: Remote) -> Path:
    """Return where the bytes of a file come in: another version of it elsewhere."""
    return folder / f"{file.name}.{file.digest[:12]}.part"


def _check_space(name: str, folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if wanted > free:
        msg = f"the recogniser {name} needs {_megabytes(wanted)} MB more and {folder} has {_megabytes(free)} MB; free some space there, or set XDG_DATA_HOME to another folder"
        raise TranscriberError(msg, model=name)


def _fetch(
    name: str, folder: Path, file: Remote, report: Callable[[int], None], sleep: Sleep
) -> None:
    """Bring one file in, in as many tries as it takes while each brings something."""
    path, part = folder / file.name, _part(folder, file)
    if path.is_file() and _is_right(path, file):
        report(file.size)
        return
    failed = 0
    reason = ""
    while (have := _size(part)) < file.size or not part.exists():
        if failed == _TRIES:
            share = 100 * have // max(1, file.size)
            msg = f"the download of {name} broke off at {share} % of {file.name} ({reason}); run it again to go on"
            raise TranscriberError(msg, model=name)
        try:
            _append(part, file, have, report)
            reason = "the connection was closed"
        except HTTPException as error:
            reason = " ".join(str(error).split()) or type(error).__name__
        except OSError as error:
            if error.errno in _OF_THE_DISK:
                raise
            reason = " ".join(str(error).split())
        if _size(part) < file.size or not part.exists():
            failed = 1 if _size(part) > have else failed + 1
            sleep(_PAUSE_SECONDS)
    if not _is_right(part, file):
        part.unlink()
        msg = f"{file.name} of {name} was damaged on its way; run it again"
        raise TranscriberError(msg, model=name)
    part.replace(path)


def _append(part: Path, file: Remote, have: int, report: Callable[[int], None]) -> None:
    """Read on from where a file stands until the connection ends."""
    request = Request(file.url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310 - an address that the library made
    with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - likewise
        goes_on = answer.status == HTTPStatus.PARTIAL_CONTENT
        with part.open("ab" if goes_on else "wb") as stream:
            have = have if goes_on else 0
            while block := answer.read(_BLOCK):
                stream.write(block)
                have += len(block)
                report(have)


def _is_right(path: Path, file: Remote) -> bool:
    """Tell whether a file has the size and the digest that the hub told."""
    if path.stat().st_size != file.size:
        return False
    digest: Any = (
        hashlib.sha256()
        if len(file.digest) == _SHA256_LENGTH
        # Git's name of a file: the digest of its kind, its length, a zero, and itself
        else hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)
    )
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return not file.digest or bool(digest.hexdigest() == file.digest)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _megabytes(count: int) -> int:
    return -(-count // _MEGABYTE)
