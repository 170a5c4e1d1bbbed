from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a distribution that brings one command."""

    def make(
        source: str, *, name: str = "greet", package: str = "sanso", group: str = ""
    ) -> None:
        info = tmp_path / f"{package}-9.9.dist-info"
        info.mkdir()
        info.joinpath("METADATA").write_text(f"Name: {package}\nVersion: 9.9\n")
        points = f"[sanso.commands]\n{group}{name} = foreign_{name}:{name}\n"
        info.joinpath("entry_points.txt").write_text(points)
        tmp_path.joinpath(f"foreign_{name}.py").write_text(source)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, f"foreign_{name}", raising=False)

    return make


GREET = '''
def greet(name: str, times: int = 1) -> None:
    """Greet somebody."""
    print(*["hello", name] * times)
'''


def test_runs(install: Install, sanso: Any) -> None:
    """A function of another package is a command; its options are its arguments."""
    install(GREET)
    run = sanso("greet", "you", "--times", "2", "--lang", "ko")
    assert (run.code, run.out, run.err) == (0, "hello you hello you\n", "")


def test_has_a_page(install: Install, sanso: Any) -> None:
    """Its help is its own words in our frame."""
    install(GREET)
    run = sanso("greet", "--help", "--lang", "ko")
    assert run.code == 0
    assert "Greet somebody." in run.out
    assert "--times" in run.out
    assert "인자" in run.out


GROUP = '''
import typer

greet = typer.Typer(help="Greetings.")

@greet.command()
def one(name: str) -> None:
    """Greet one."""
    print("hello", name)

@greet.command()
def all() -> None:
    """Greet all."""
'''


def test_a_group_is_a_command_with_commands(install: Install, sanso: Any) -> None:
    """A Typer of several commands works like a function, down to help and errors."""
    install(GROUP)
    for words in (["one", "you", "--lang", "ko"], ["--lang", "ko", "one", "you"]):
        run = sanso("greet", *words)
        assert (run.code, run.out, run.err) == (0, "hello you\n", "")
    run = sanso("greet", "--help")
    assert run.code == 0
    assert "Greetings." in run.out
    assert "Greet all." in run.out
    assert "Greet one." in sanso("greet", "one", "--help").out
    run = sanso("greet", "two")
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert "there is no command 'two'" in run.err


def test_a_command_in_a_group_of_ours(install: Install, sanso: Any) -> None:
    """A dot in its name puts a command below one of ours, and nowhere else."""
    install(GREET, group="voice.")
    run = sanso("voice", "greet", "you", "--lang", "ko")
    assert (run.code, run.out, run.err) == (0, "hello you\n", "")
    assert "Greet somebody." in sanso("voice", "--help").out
    assert "인자" in sanso("voice", "greet", "--help", "--lang", "ko").out
    assert sanso("greet", "you").code == 2
    assert "greet" not in sanso("--help").out


def test_cannot_take_names_in_a_group(install: Install, sanso: Any) -> None:
    """Nobody replaces a command of a group of ours."""
    install("raise SystemExit('imported')", name="models", group="voice.")
    assert sanso("voice", "models").code == 0


def test_is_listed_without_import(install: Install, sanso: Any) -> None:
    """Listing names imports nothing."""
    install("raise SystemExit('imported')", name="evaluate")
    run = sanso("--help")
    assert run.code == 0
    assert "evaluate" in run.out
    assert "foreign_evaluate" not in sys.modules


def test_says_what_to_install(install: Install, sanso: Any) -> None:
    """A package that is missing is one line with the extra that brings it."""
    install("import no_such_torch\n\ndef train(): ...\n", name="train")
    run = sanso("train")
    assert (run.code, run.out) == (1, "")
    expected = "sanso: train needs no_such_torch, which is not installed; "
    assert f"{expected}pip install 'sanso[train]'\n" == run.err


def test_says_what_to_install_when_it_runs(install: Install, sanso: Any) -> None:
    """So it is where the import comes later."""
    install("def train() -> None:\n    import no_such_torch\n", name="train")
    run = sanso("train", "--lang", "ko")
    assert run.code == 1
    expected = "sanso: no_such_torch 패키지가 없어요; pip install 'sanso[train]'\n"
    assert expected == run.err


@pytest.mark.parametrize(
    "source", ["import sanso.no_such_part", "", "from typing import nothing"]
)
def test_broken(source: str, install: Install, sanso: Any) -> None:
    """A command that cannot be loaded for another reason is one line too."""
    install(source, package="other")
    run = sanso("greet")
    assert run.code == 1
    assert run.err.startswith("sanso: greet cannot be loaded (")
    assert run.err.endswith("pip install 'other'\n")


def test_cannot_take_our_names(install: Install, sanso: Any) -> None:
    """Nobody replaces a command of ours."""
    install("raise SystemExit('imported')", name="devices")
    assert sanso("devices").code == 0


def test_errors_of_its_own(install: Install, sanso: Any) -> None:
    """What it raises is told like everything else."""
    install("def greet() -> None:\n    raise ValueError('odd')\n")
    run = sanso("greet")
    assert run.code == 1
    assert "this should not happen (ValueError: odd)" in run.err
