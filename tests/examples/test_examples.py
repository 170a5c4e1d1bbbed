from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
EXAMPLES = TREE / "examples"
MOST_LINES = 60
SECONDS = 300

WITHOUT_MODEL = ("a_day_in_the_room", "own_call")
WITH_MODEL = ("eight_commands", "on_a_wire", "ten_lines")
WITH_VOICE = ("voice",)
RECOGNISER = TREE / "tests" / "agent" / "voice" / "recogniser"
ALL = (
    *WITHOUT_MODEL,
    *(pytest.param(name, marks=pytest.mark.engine) for name in WITH_MODEL),
)


def run(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run an example as the README says: from the root of the repository."""
    roots = (TREE / folder for folder in ("grammars", "devices", "agent", "models"))
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, roots)),
        "PYTHONUTF8": "1",
    }
    return subprocess.run(
        [sys.executable, f"examples/{name}.py", *words],
        cwd=TREE,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("name", ALL)
def test_runs(name: str) -> None:
    """Every example ends well, prints something, and complains about nothing."""
    done = run(name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


def test_every_example_is_run() -> None:
    """No example is left out here."""
    assert sorted(path.stem for path in EXAMPLES.glob("*.py")) == sorted(
        (*WITHOUT_MODEL, *WITH_MODEL, *WITH_VOICE)
    )


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda p: p.stem)
def test_is_short(path: Path) -> None:
    """An example has 60 lines at most, and begins with what it shows."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES
    assert lines[0].startswith('"""')


def test_the_room_is_cleaner_with_the_purifier() -> None:
    """Half an hour after the frying began, turbo has cut PM2.5 to less than a third."""
    rows = run("a_day_in_the_room").stdout.splitlines()
    off, turbo = map(int, next(r for r in rows if "19:30" in r).split()[1:3])
    assert 3 * turbo < off


def test_the_own_call_is_answered_by_its_own_function() -> None:
    """The example's call is carried out beside one of the purifier's."""
    told = run("own_call").stdout
    assert told.endswith("수면 모드로 바꿨어요. 향을 2단계로 맞췄어요.\n")


@pytest.mark.engine
def test_the_demo_understands_all_eight() -> None:
    """Each sentence of the demo becomes the program that it asks for."""
    lines = run("eight_commands").stdout.splitlines()
    programs = [
        line.split(None, 1)[1] for line in lines if line.startswith("   program")
    ]
    assert programs == [
        "set_fan_level(level=4)",
        "step_fan(by=-1)",
        "set_mode(mode=turbo)",
        "after(hours=1, minutes=30) -> set_power(state=off)",
        "query(item=pm25)",
        "give_tip(topic=ventilation)",
        "reject(reason=off_topic)",
        "set_mode(mode=sleep); set_light(level=off)",
    ]


@pytest.mark.engine
def test_the_spoken_command_is_obeyed(tmp_path: Path) -> None:
    """A file goes through everything, and the answer into another file."""
    program = shutil.which("espeak-ng")
    assert program, "install it with: sudo apt-get install espeak-ng"
    wav = tmp_path / "command.wav"
    words = [program, "-v", "ko", "-s", "150", "--stdin", "-w", str(wav)]
    subprocess.run(words, input="바람 세게 해 줘".encode(), check=True)
    done = run("voice", str(wav), str(RECOGNISER))
    assert (done.returncode, done.stderr) == (0, "")
    assert "program  set_fan_level(level=high)\n" in done.stdout
    assert wav.with_suffix(".answer.wav").stat().st_size > 20_000
