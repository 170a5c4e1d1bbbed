"""
What the Hugging Face library knows: which files a model has, and what lies in its cache.

Strategy: two questions, and this the only module that asks them. The library is imported
when it is asked, and raises errors of its own and of the HTTP client beneath it, which
differ from version to version: any of them means that there is no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .errors import VoiceError
from .model_files import FILES

TIMEOUT_SECONDS: Final = 20.0


class HubError(VoiceError):
    """The hub gave no answer; the reason is all that it says."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A file as the hub describes it."""

    name: str
    url: str
    size: int
    digest: str
    """SHA-256 of a large file; of a small one the SHA-1 that Git names it by."""


def cached_folder(repository: str) -> Path | None:
    """Return where a model lies in the cache of the library; None if it does not. Asks no network."""
    try:
        from huggingface_hub import snapshot_download

        found = snapshot_download(
            repository, local_files_only=True, allow_patterns=list(FILES)
        )
    except (ImportError, OSError, ValueError):  # not there, or only a part of it
        return None
    return Path(found)


def listed_files(repository: str, endpoint: str | None = None) -> list[Remote]:
    """
    Ask for the files of a model that a recogniser needs, small ones first.

    Raises ModuleNotFoundError without the library, and HubError.
    """
    from huggingface_hub import HfApi, hf_hub_url

    try:
        found = HfApi(endpoint=endpoint).model_info(
            repository, files_metadata=True, timeout=TIMEOUT_SECONDS
        )
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        raise HubError(reason or type(error).__name__) from error
    files = [
        Remote(
            name=one.rfilename,
            url=hf_hub_url(
                repository, one.rfilename, revision=found.sha, endpoint=endpoint
            ),
            size=int(one.size or 0),
            digest=one.lfs.sha256 if one.lfs else str(one.blob_id or ""),
        )
        for one in found.siblings or ()
        if one.rfilename in FILES
    ]
    return sorted(files, key=lambda file: file.size)
