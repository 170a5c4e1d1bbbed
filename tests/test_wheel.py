"""What is installed is what was tried: the wheel holds the model and every piece of data."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        str(folder),
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def test_it_holds_all_data(wheel: Path) -> None:
    """No data file of the source tree is left out, and nothing but the package is in."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("agent", "devices", "grammars", "models"):
        for path in (ROOT / folder / "sanso").rglob("*"):
            if path.is_file() and path.suffix in (
                ".toml",
                ".gguf",
                ".json",
                ".txt",
                ".py",
            ):
                assert path.relative_to(ROOT / folder).as_posix() in inside
    assert {name.split("/")[0] for name in inside} <= {"sanso", "sanso-0.1.0.dist-info"}


def test_the_installed_program_finds_its_model(wheel: Path, tmp_path: Path) -> None:
    """Installed apart from the source tree, a sentence is understood with the model of the wheel."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    script = (
        "from sanso.agent.bundle import shipped_model\n"
        "from sanso.agent import Engine\n"
        "path = shipped_model()\n"
        "print(path)\n"
        "with Engine.open() as engine:\n"
        "    print(engine.decide('바람 3단으로 해 줘').program)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONSAFEPATH": "1"}
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    where, program = run.stdout.splitlines()
    assert Path(where).is_relative_to(tmp_path)
    assert program == "set_fan_level(level=3)"
