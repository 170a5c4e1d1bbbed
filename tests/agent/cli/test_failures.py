from __future__ import annotations

import pytest
import typer

from sanso.agent.cli.failures import explain
from sanso.agent.cli.texts import TEXTS
from sanso.agent.errors import AgentError, ModelError, UsageError, UtteranceError
from sanso.devices import DeviceError, LinkLost, NoAnswer, ProfileError, UnknownDevice
from sanso.grammars import CallSyntaxError, SansoError

OURS = [
    (SansoError("cause\n and more; cure"), 1),
    (CallSyntaxError("cause; cure", text="x", column=1), 1),
    (AgentError("cause; cure"), 1),
    (ModelError("cause; cure", path="x"), 1),
    (UtteranceError("cause; cure", reason="empty"), 1),
    (DeviceError("cause; cure"), 1),
    (LinkLost("cause; cure", url="x:"), 1),
    (NoAnswer("cause; cure", seconds=1.0), 1),
    (UsageError("cause; cure"), 2),
    (UnknownDevice("cause; cure", url="x:"), 2),
    (ProfileError("cause; cure", path="x"), 2),
]
OTHERS = [
    (ValueError("a\nb"), 1),
    (OSError(28, "No space left on device", "/x"), 1),
    (OSError("odd"), 1),
    (PermissionError(13, "Permission denied"), 1),
    (ModuleNotFoundError("No module named 'torch'", name="torch"), 1),
    (MemoryError(), 1),
    (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"), 1),
]


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize(("error", "code"), [*OURS, *OTHERS])
def test_one_line(error: Exception, code: int, lang: str) -> None:
    """Every error is one line with a cure, and has its exit code."""
    line, found = explain(error, TEXTS[lang])
    assert code == found
    assert line.startswith("sanso: ")
    assert "\n" not in line
    assert ";" in line


@pytest.mark.parametrize(
    ("error", "english", "korean"),
    [
        (
            OSError(28, "No space left on device"),
            "sanso: No space left on device; free some space",
            "저장 공간을 비우세요",
        ),
        (
            OSError(28, "No space left on device", "/x"),
            "sanso: /x: No space left on device; free some space",
            "/x: ",
        ),
        (OSError(5, "Input/output error"), "sanso: Input/output error; try again", ""),
        (PermissionError(13, "Permission denied", "/x"), "sanso: /x: ", "권한"),
    ],
)
def test_errors_of_the_system(error: OSError, english: str, korean: str) -> None:
    """What names no file has no colon in front, and a full disk its own cure."""
    line, _ = explain(error, TEXTS["en"])
    assert line.startswith(english)
    line, _ = explain(error, TEXTS["ko"])
    assert korean in line
    assert ": :" not in line
    assert ":  " not in line


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (typer.Abort(), 130),
        (typer.Exit(3), 3),
        (SystemExit(4), 4),
        (SystemExit("words"), 1),
    ],
)
def test_ends_say_nothing(error: BaseException, code: int) -> None:
    """An interruption and a wanted end have a number and no words."""
    assert ("", code) == explain(error, TEXTS["en"])


def test_traceback_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where an unexpected error came from is shown to those who ask."""
    explain(ValueError("x"), TEXTS["en"])
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("SANSO_TRACEBACK", "1")
    explain(ValueError("x"), TEXTS["en"])
    assert "ValueError: x" in capsys.readouterr().err
