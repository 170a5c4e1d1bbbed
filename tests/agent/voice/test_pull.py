"""Downloading a recogniser from a hub that fails in every way a network does."""

from __future__ import annotations

import errno
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sanso.agent.voice.errors import TranscriberError
from sanso.agent.voice.hub import Remote
from sanso.agent.voice.models_at_hand import data_folder, find_model, models_at_hand
from sanso.agent.voice.pull import _fetch, pull

from .fake_hub import REVISION, FakeHub, running_hub
from .random_recogniser import make_recogniser


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a whole recogniser."""
    return make_recogniser(tmp_path_factory.mktemp("hub") / "tiny")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give folders of its own to whatever is kept."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(
        "huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache")
    )
    return tmp_path / "data" / "sanso" / "voice"


class Waits:
    """Counts the pauses instead of making them."""

    def __init__(self) -> None:
        """Count from nothing."""
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        """Count."""
        self.seconds.append(seconds)


def pulled(hub: FakeHub, name: str = "tiny", waits: Waits | None = None) -> list[Any]:
    """Pull from a hub, and return what was reported."""
    seen: list[tuple[int, int]] = []
    pull(
        name,
        lambda have, total: seen.append((have, total)),
        endpoint=hub.address,
        sleep=waits or Waits(),
    )
    return seen


def test_brings_every_file_and_no_other(recogniser: Path, home: Path) -> None:
    """What was pulled is found by its name, is whole, and nothing else lies there."""
    with running_hub(recogniser) as hub:
        seen = pulled(hub)
    total = sum(path.stat().st_size for path in recogniser.iterdir())
    assert seen[-1] == (total, total)
    assert [have for have, _ in seen] == sorted(have for have, _ in seen)
    assert find_model("tiny").folder == home / "tiny"
    assert {path.name for path in (home / "tiny").iterdir()} == {
        path.name for path in recogniser.iterdir()
    }
    at_hand = {one.name: one.place for one in models_at_hand()}
    assert at_hand["tiny"] == "folder"
    assert at_hand["base"] is None


def test_goes_on_within_one_download(recogniser: Path) -> None:
    """A connection that is cut is taken up where it was, as long as each try brings something."""
    waits = Waits()
    with running_hub(recogniser, cut_after=20_000, cuts=10**6) as hub:
        pulled(hub, waits=waits)
    asked = [one for one in hub.asked if one.startswith("model.bin")]
    assert asked[:3] == [
        "model.bin",
        "model.bin bytes=20000-",
        "model.bin bytes=40000-",
    ]
    assert find_model("tiny")
    assert waits.seconds


def test_goes_on_another_day(recogniser: Path, home: Path) -> None:
    """What came before a download broke off is not asked for again."""
    with (
        running_hub(recogniser, ends_at=50_000) as hub,
        pytest.raises(TranscriberError, match="run it again to go on"),
    ):
        pulled(hub)
    (part,) = (home / "tiny").glob("*.part")
    assert part.name.startswith("model.bin.")
    assert part.stat().st_size == 50_000
    with pytest.raises(TranscriberError, match="is not on this machine"):
        find_model("tiny")
    with running_hub(recogniser) as hub:
        pulled(hub)
    assert hub.asked == ["model.bin bytes=50000-"]
    assert find_model("tiny")


def test_a_server_that_starts_over(recogniser: Path) -> None:
    """Where the server cannot go on from the middle, the file begins anew and is right."""
    with running_hub(recogniser, cut_after=50_000, cuts=1, ranges=False) as hub:
        pulled(hub)
    assert find_model("tiny")


def test_an_empty_file_that_does_not_come(tmp_path: Path) -> None:
    """Without a network it is tried as often as any other, with pauses, and no more."""
    waits = Waits()
    file = Remote("empty.txt", "http://127.0.0.1:9/empty.txt", 0, "")
    with pytest.raises(TranscriberError, match="broke off at 0 % of empty"):
        _fetch("tiny", tmp_path, file, lambda _: None, waits)
    assert len(waits.seconds) == 5


def test_damaged_on_its_way(recogniser: Path, home: Path) -> None:
    """Bytes of another digest are thrown away, and no file gets its name."""
    with (
        running_hub(recogniser, damaged=True) as hub,
        pytest.raises(TranscriberError, match="damaged on its way"),
    ):
        pulled(hub)
    assert list((home / "tiny").iterdir()) == []


def test_mends_what_is_damaged_here(recogniser: Path, home: Path) -> None:
    """A file of the right length with other bytes is brought again, the others are not."""
    with running_hub(recogniser) as hub:
        pulled(hub)
        weights = home / "tiny" / "model.bin"
        weights.write_bytes(bytes(weights.stat().st_size))
        hub.asked.clear()
        pulled(hub)
    assert hub.asked == ["model.bin"]
    assert find_model("tiny")


def test_offline(home: Path) -> None:
    """Without a network there is one line with the cure, and nothing is left behind."""
    with pytest.raises(TranscriberError, match="check the network, or copy") as caught:
        pull("base", lambda *_: None, endpoint="http://127.0.0.1:9", sleep=Waits())
    assert "\n" not in str(caught.value)
    assert str(home / "base") in str(caught.value)
    assert not home.exists()


def test_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library there is one line with the cure."""
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(TranscriberError, match=r"pip install 'sanso\[voice\]'"):
        pull("base", lambda *_: None)


@pytest.mark.parametrize(
    "name", ["bsae", "models/whisper", "Systran/faster-whisper-base", ""]
)
def test_only_sizes_are_pulled(name: str) -> None:
    """A path, a repository and a slip are no sizes: no request is made for them."""
    with pytest.raises(TranscriberError, match="there is no size"):
        pull(name, lambda *_: None, endpoint="http://127.0.0.1:9", sleep=Waits())


def test_too_little_space(recogniser: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk without room is told before anything is fetched."""
    monkeypatch.setattr(
        shutil, "disk_usage", lambda _: SimpleNamespace(free=2_000_000 - 1_900_000)
    )
    with (
        running_hub(recogniser) as hub,
        pytest.raises(TranscriberError, match="free some space"),
    ):
        pulled(hub)
    assert hub.asked == []


def test_the_disk_fills_up(recogniser: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up on the way is told as that, at once, and not tried again."""
    waits = Waits()
    opened = Path.open

    def full(self: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if self.name.startswith("model.bin") and "r" not in mode:
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(self, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", full)
    with (
        running_hub(recogniser) as hub,
        pytest.raises(TranscriberError, match="the disk is full"),
    ):
        pulled(hub, waits=waits)
    assert waits.seconds == []


def test_found_in_the_cache(recogniser: Path, tmp_path: Path) -> None:
    """A model that another program downloaded is used where it lies, without a request."""
    folder = tmp_path / "cache" / "models--Systran--faster-whisper-base"
    snapshot = folder / "snapshots" / REVISION
    shutil.copytree(recogniser, snapshot)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text(REVISION)
    assert find_model("base").folder == snapshot
    (at_hand,) = (one for one in models_at_hand() if one.name == "base")
    assert (at_hand.place, at_hand.folder) == ("cache", snapshot)
    assert data_folder() not in snapshot.parents
