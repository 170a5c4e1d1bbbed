"""What is kept on disk: only for its owner, never trusted when torn, never needed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sanso.grammars import PURIFIER, cache_folder, parse
from sanso.grammars.cache import private_file

TEXT = "set_fan_level(level=3)"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, and no reader in memory."""
    import importlib

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    module = importlib.import_module("sanso.grammars.parse")
    monkeypatch.setattr(module, "_readers", {})
    return tmp_path / "sanso"


def kept(folder: Path) -> list[Path]:
    """Files of readers."""
    return sorted(folder.glob("reader-*"))


def test_the_reader_is_kept(folder: Path) -> None:
    """One file a grammar; a program read by the stored one is the same."""
    assert cache_folder() == folder
    program = parse(TEXT)
    (stored,) = kept(folder)
    assert PURIFIER.digest[:32] in stored.name
    assert parse(TEXT) == program


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x80\x04\x95"])
def test_a_torn_file_is_made_anew(
    folder: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be read is as if it were not there."""
    import importlib

    program = parse(TEXT)
    (stored,) = kept(folder)
    whole = stored.read_bytes()
    stored.write_bytes(content)
    module = importlib.import_module("sanso.grammars.parse")
    monkeypatch.setattr(module, "_readers", {})
    assert parse(TEXT) == program
    assert len(stored.read_bytes()) > len(whole) / 2


def test_a_folder_that_others_write_to_is_not_used(folder: Path) -> None:
    """What is unpickled must be one's own."""
    folder.mkdir(mode=0o700)
    assert private_file("x") == folder / "x"
    folder.chmod(0o777)
    assert private_file("x") is None
    assert parse(TEXT).render() == TEXT
    assert not kept(folder)


def test_without_a_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file in the way, or no home: everything works, nothing is kept."""
    del folder
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert private_file("x") is None
    assert parse(TEXT).render() == TEXT
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert private_file("x") == tmp_path / ".cache" / "sanso" / "x"
    assert os.access(tmp_path / ".cache" / "sanso", os.W_OK)
