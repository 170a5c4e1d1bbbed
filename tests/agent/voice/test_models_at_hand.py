"""Which folder a word names, and what is wrong with it: each file missing, cut, or of another kind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sanso.agent.voice.errors import TranscriberError
from sanso.agent.voice.model_files import check_folder
from sanso.agent.voice.models_at_hand import (
    DEFAULT,
    MEGABYTES,
    REPOSITORIES,
    data_folder,
    find_model,
    place_of,
)
from sanso.agent.voice.transcribe import WhisperTranscriber
from sanso.agent.voice.transcribe_random import Shape

from .random_recogniser import make_recogniser


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a whole recogniser."""
    return make_recogniser(tmp_path_factory.mktemp("whole") / "whole")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give folders of its own to whatever is kept, and no way to a network."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(
        "huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache")
    )
    monkeypatch.chdir(tmp_path)

    def refused(*_: object) -> None:
        message = "a look-up asked the network"
        raise AssertionError(message)

    monkeypatch.setattr("socket.socket.connect", refused)
    return tmp_path


def test_facts(whole: Path) -> None:
    """The files tell how much is heard at once, and how long a text may grow."""
    facts = check_folder(whole)
    assert (facts.positions, facts.text_positions) == (500, 448)
    assert (facts.mels, facts.hop) == (80, 160)
    assert facts.seconds == 10


def test_a_folder_is_a_folder(whole: Path, home: Path) -> None:
    """A path is taken as it is, relative, absolute, or below the home of the user."""
    shutil.copytree(whole, home / "models" / "whisper")
    for word in ("models/whisper", "./models/whisper", home / "models" / "whisper"):
        assert find_model(word).folder == Path(word)


def test_a_name_is_a_name(whole: Path, home: Path) -> None:
    """A folder that is called like a size hides no size; `./base` means the folder."""
    shutil.copytree(whole, home / "base")
    with pytest.raises(TranscriberError, match="sanso voice pull base"):
        find_model("base")
    assert find_model("./base").folder == Path("base")
    assert find_model(home / "base").folder == home / "base"
    shutil.copytree(whole, data_folder() / "base")
    assert find_model("base").folder == data_folder() / "base"


@pytest.mark.parametrize(
    ("name", "other"), [("large", "large-v3"), ("turbo", "large-v3-turbo")]
)
def test_two_names_of_one_model(name: str, other: str, whole: Path) -> None:
    """What was pulled by one name is there by the other."""
    assert place_of(name) == place_of(other) == data_folder() / other
    shutil.copytree(whole, place_of(name))
    assert find_model(name) == find_model(other)


def test_the_data_folder(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """It follows the specification of base directories."""
    assert data_folder() == home / "data" / "sanso" / "voice"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert data_folder() == Path("/home/somebody/.local/share/sanso/voice")


WORDS: dict[str, str] = {
    "": "no recogniser is named",
    "bsae": "did you mean base",
    "Base": "did you mean base",
    "xyz": "choose from tiny",
    "models/whisper": "there is no folder models/whisper",
    "Systran/faster-whisper-base": "there is no folder",
    "./tiny": "there is no folder ./tiny",
    "~/whisper": "there is no folder ~/whisper",
    "file.bin": "is a file; give the folder",
}


@pytest.mark.parametrize("word", WORDS)
def test_what_names_nothing(word: str, home: Path) -> None:
    """A slip or a path that is not there is told as that; it never becomes a repository."""
    (home / "file.bin").touch()
    with pytest.raises(TranscriberError, match=WORDS[word]) as caught:
        find_model(word)
    assert caught.value.model == word


@pytest.mark.parametrize("size", REPOSITORIES)
def test_a_size_that_is_not_here(size: str) -> None:
    """Every size says how to get it, and how much that is can be told."""
    with pytest.raises(TranscriberError, match=f"sanso voice pull {size}"):
        find_model(size)
    assert MEGABYTES[size] > 0


def test_no_size_is_of_our_own() -> None:
    """What is used by default, and every size, are Whisper's published ones."""
    assert DEFAULT in REPOSITORIES
    owners = {repository.split("/")[0] for repository in REPOSITORIES.values()}
    assert owners == {"Systran", "mobiuslabsgmbh"}


def cut(path: Path) -> None:
    """Let the last third of a file be missing."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def fill(content: bytes) -> Callable[[Path], None]:
    """Write other content."""

    def change(path: Path) -> None:
        path.write_bytes(content)

    return change


def put(key: str, value: object) -> Callable[[Path], None]:
    """Change an entry of a JSON object."""

    def change(path: Path) -> None:
        found = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**found, key: value}), encoding="utf-8")

    return change


WRONG: list[tuple[str, Callable[[Path], None], str]] = [
    *(
        (name, Path.unlink, f"lacks {name}")
        for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json")
    ),
    *(
        (name, cut, f"{name} of the recogniser .* is damaged")
        for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json")
    ),
    ("model.bin", fill(b""), "it is empty"),
    ("model.bin", fill(b"\x06\x00"), "it is cut off"),
    ("model.bin", fill(b"<!DOCTYPE html><html>"), "no Whisper model for CTranslate2"),
    ("model.bin", fill(b"GGUF\x03\x00\x00\x00"), "no Whisper model for CTranslate2"),
    (
        "model.bin",
        fill(b"\x06\x00\x00\x00\x10\x00TransformerSpec\x00"),
        "no Whisper model for CTranslate2",
    ),
    (
        "model.bin",
        fill(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
        "only its pointer",
    ),
    ("config.json", fill(b"[]"), "it is no JSON object"),
    ("tokenizer.json", fill(b"{}"), "it is no tokenizer"),
    ("vocabulary.json", fill(b"{}"), "it is no list of tokens"),
    ("vocabulary.json", fill(b'["a"]'), "it has 1 tokens where the weights are for"),
    ("preprocessor_config.json", fill(b"{"), "it is not JSON"),
    ("preprocessor_config.json", fill(b"\xff\xfe"), "it is not JSON"),
    ("preprocessor_config.json", put("feature_size", 128), "says 128 mels .* for 80"),
    ("preprocessor_config.json", put("chunk_length", 0), "chunk_length is no number"),
    ("preprocessor_config.json", put("hop_length", "x"), "hop_length is no number"),
]


@pytest.mark.parametrize(
    ("name", "harm", "told"), WRONG, ids=[f"{n}-{t}" for n, _, t in WRONG]
)
def test_each_damaged_file_is_named(
    name: str, harm: Callable[[Path], None], told: str, whole: Path, home: Path
) -> None:
    """Whatever is wrong with a file is told with its name, before a library sees it."""
    folder = home / "model"
    shutil.copytree(whole, folder)
    harm(folder / name)
    with pytest.raises(TranscriberError, match=told) as caught:
        find_model(folder)
    assert name in str(caught.value)
    assert "; copy" in str(caught.value)


def test_an_unreadable_file(whole: Path, home: Path) -> None:
    """A folder in the place of a file is told as the system tells it."""
    folder = home / "model"
    shutil.copytree(whole, folder)
    (folder / "config.json").unlink()
    (folder / "config.json").mkdir()
    with pytest.raises(TranscriberError, match="cannot be read"):
        find_model(folder)


def test_weights_that_only_the_library_finds_wrong(whole: Path, home: Path) -> None:
    """What the look at the files lets pass is told on loading, in one line."""
    folder = home / "model"
    shutil.copytree(whole, folder)
    put("model", {"type": "Nothing"})(folder / "tokenizer.json")
    with pytest.raises(TranscriberError, match="cannot be loaded") as caught:
        WhisperTranscriber(folder)
    assert "\n" not in str(caught.value)


def test_a_stock_folder_without_features(home: Path) -> None:
    """Without its last file a folder has Whisper's own features, and hears 30 s."""
    folder = make_recogniser(home / "stock", Shape(width=32, heads=2, layers=1))
    (folder / "preprocessor_config.json").unlink()
    (folder / "vocabulary.json").rename(folder / "vocabulary.txt")
    assert find_model(folder).seconds == 30


def test_features_longer_than_the_weights(whole: Path, home: Path) -> None:
    """A model hears no more at once than its encoder has positions for."""
    folder = home / "model"
    shutil.copytree(whole, folder)
    put("chunk_length", 30)(folder / "preprocessor_config.json")
    assert find_model(folder).seconds == 10
