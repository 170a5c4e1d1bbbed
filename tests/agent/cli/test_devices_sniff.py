"""`sanso devices sniff`: from a file or a line to a draft, however it ends."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sanso.devices import LinkLost, RealClock, load_profile
from sanso.devices.profile import parse_profile
from sanso.devices.serial.tuya_frames import MCU_VERSION, Command, Frame
from sanso.devices.serial.tuya_units import Unit, UnitType, join_units
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.pty_port import PtyPort
from sanso.devices.twin.runner import Runner, make_twin

ON = Unit.of(1, UnitType.BOOL, 1)
BASIC = [ON, Unit.of(3, UnitType.ENUM, 0), Unit.of(4, UnitType.ENUM, 2)]
LOG = Frame(Command.REPORT, join_units(BASIC), MCU_VERSION).to_bytes()
SNIFF = ("devices", "sniff")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Give a log of hexadecimal text."""
    path = tmp_path / "log.txt"
    path.write_text(f"12:00:01 RX: {LOG.hex(' ')}\n", encoding="utf-8")
    return path


def test_a_log_becomes_a_draft(log: Path, tmp_path: Path, sanso: Any) -> None:
    """Frames are shown, what was learned is shown, and the draft passes its check."""
    draft = tmp_path / "draft.toml"
    run = sanso(*SNIFF, str(log), "--draft", str(draft))
    assert (run.code, run.err) == (0, "")
    assert "report  1 bool 1, 3 enum 0, 4 enum 2  new: 1, 3, 4" in run.out
    assert "Learned: tuya" in run.out
    assert f"sanso devices check {draft}" in run.out.replace("\n", "")
    text = draft.read_text(encoding="utf-8")
    assert {"power", "mode", "fan_level"} == set(parse_profile(text, path="x").attr)
    assert sanso("devices", "check", str(draft)).code == 0


def test_standard_input(sanso: Any) -> None:
    """A log can be pasted."""
    run = sanso(*SNIFF, "-", given=LOG.hex().encode())
    assert (run.code, "Learned: tuya" in run.out) == (0, True)


def test_in_korean(log: Path, sanso: Any) -> None:
    """The program's own words are Korean."""
    run = sanso(*SNIFF, str(log), "--lang", "ko")
    assert "새로 봄: 1, 3, 4" in run.out
    assert "알아낸 것: tuya" in run.out


def test_nothing_is_overwritten(log: Path, tmp_path: Path, sanso: Any) -> None:
    """A draft or recording that is there already is kept."""
    draft = tmp_path / "draft.toml"
    draft.write_text("mine", encoding="utf-8")
    for option in ("--draft", "--out"):
        run = sanso(*SNIFF, str(log), option, str(draft))
        assert (run.code, run.err.count("\n")) == (2, 1)
        assert "there already" in run.err
    assert draft.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\x00\x01", "is binary"),
        (b"milk and bread", "no bytes in hexadecimal"),
        (b'{"t": 0, "dir": "in", "hex": "55"}\n{"t": 0, "dir', ":2: the line is torn"),
    ],
)
def test_wrong_files(content: bytes, words: str, tmp_path: Path, sanso: Any) -> None:
    """An empty, binary, foreign or torn file is one line, in both languages."""
    path = tmp_path / "capture.jsonl"
    path.write_bytes(content)
    run = sanso(*SNIFF, str(path))
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
    assert words in run.err
    korean = sanso(*SNIFF, str(path), "--lang", "ko")
    assert (korean.code, "요" in korean.err) == (2, True)


def test_a_missing_log(tmp_path: Path, sanso: Any) -> None:
    """A file that is not there is not taken for a port."""
    run = sanso(*SNIFF, str(tmp_path / "missing.jsonl"))
    assert (run.code, "cannot be read" in run.err) == (2, True)


def test_a_missing_port(tmp_path: Path, sanso: Any) -> None:
    """A port that is not there is named, and no empty recording stays behind."""
    out = tmp_path / "capture.jsonl"
    run = sanso(*SNIFF, str(tmp_path / "ttyNONE"), "--out", str(out))
    assert (run.code, "there is no port" in run.err) == (1, True)
    assert not out.exists()


def test_bytes_without_sense(tmp_path: Path, sanso: Any) -> None:
    """Bytes of neither protocol end with 1 and say what to look at; no draft is written."""
    path, draft = tmp_path / "log.txt", tmp_path / "draft.toml"
    path.write_text("01 02 03 04\n", encoding="utf-8")
    run = sanso(*SNIFF, str(path), "--draft", str(draft))
    assert (run.code, draft.exists()) == (1, False)
    assert "4 bytes came" in run.err


def test_a_file_is_only_read(log: Path, sanso: Any) -> None:
    """Asking a file makes no sense."""
    assert sanso(*SNIFF, str(log), "--ask").code == 2


@pytest.fixture
def twin_on(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Run a twin of a profile on a pseudo-terminal; gives the port's path."""
    runners: list[Runner] = []

    def run(profile: str) -> Path:
        path = tmp_path / f"purifier{len(runners)}"
        controller = Controller.open(load_profile(profile), RealClock(), noisy=False)
        runners.append(Runner(make_twin(controller), PtyPort(path)).start())
        return path

    yield run
    for runner in runners:
        runner.close()


@pytest.mark.parametrize(
    ("profile", "baud", "product"),
    [
        ("kj-standard", "9600", "sanso0twin"),
        ("zhimi-airp-mb4a", "115200", "miot"),
    ],
)
def test_a_line_is_recorded_and_drafted(
    profile: str,
    baud: str,
    product: str,
    twin_on: Callable[[str], Path],
    tmp_path: Path,
    sanso: Any,
) -> None:
    """A real port: asked, recorded, learned; the recording teaches the same."""
    port, out, draft = twin_on(profile), tmp_path / "c.jsonl", tmp_path / "d.toml"
    words = ("--baud", baud, "--ask", "--seconds", "3")
    run = sanso(*SNIFF, str(port), *words, "--out", str(out), "--draft", str(draft))
    assert (run.code, run.err) == (0, "")
    assert product in run.out
    first = draft.read_text(encoding="utf-8")
    parse_profile(first, path="d")
    again = sanso(*SNIFF, str(out), "--baud", baud, "--draft", str(tmp_path / "e.toml"))
    assert again.code == 0
    assert (tmp_path / "e.toml").read_text(encoding="utf-8") == first


class ScriptedLink:
    """A line that says one frame, and then ends as a test wants."""

    name = "scripted"

    def __init__(self, end: BaseException) -> None:
        """End with this."""
        self._said, self._end = [LOG], end

    def read(self, seconds: float) -> bytes:
        """Say the frame, or end."""
        del seconds
        if not self._said:
            raise self._end
        return self._said.pop()

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("end", "code"),
    [(KeyboardInterrupt(), 0), (LinkLost("the connection is lost", url="x"), 1)],
)
def test_however_it_ends_the_draft_is_written(
    end: BaseException,
    code: int,
    tmp_path: Path,
    sanso: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C is no error and a lost line is one; what was heard is kept in both cases."""
    link = ScriptedLink(end)
    monkeypatch.setattr("sanso.agent.cli.devices_sniff.SerialLink", lambda *_: link)
    out, draft = tmp_path / "c.jsonl", tmp_path / "d.toml"
    run = sanso(*SNIFF, "port", "--out", str(out), "--draft", str(draft))
    assert code == run.code
    assert "Learned: tuya" in run.out
    assert LOG.hex() in out.read_text(encoding="utf-8")
    parse_profile(draft.read_text(encoding="utf-8"), path="d")


def test_on_a_terminal(log: Path, sanso: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal sees the frames and the table as well."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    run = sanso(*SNIFF, str(log))
    assert run.code == 0
    assert "bool 1" in run.out


GUIDES = Path(__file__).resolve().parents[3] / "devices"


def commands(name: str) -> list[str]:
    """Return the commands of a guide, a line each."""
    lines = (GUIDES / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.startswith("    sanso ")]


def test_the_guide_in_both_languages() -> None:
    """Both guides have the same commands, sections and rows of tables."""
    english, korean = commands("GUIDE.md"), commands("GUIDE.ko.md")
    assert english == korean
    texts = [
        (GUIDES / n).read_text(encoding="utf-8") for n in ("GUIDE.md", "GUIDE.ko.md")
    ]
    for mark in ("\n## ", "\n| ", "\n- "):
        assert len({text.count(mark) for text in texts}) == 1, mark


@pytest.mark.parametrize("command", sorted(set(commands("GUIDE.md"))))
def test_a_command_of_the_guide_exists(command: str, sanso: Any) -> None:
    """Every command and option of the guide is one of the program."""
    words = shlex.split(command)[1:]
    name = words[:2] if words[0] == "devices" else words[:1]
    page = sanso(*name, "--help")
    assert page.code == 0
    for option in [word for word in words if word.startswith("--")]:
        assert option in page.out, option
