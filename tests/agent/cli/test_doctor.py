from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sanso.agent.cli import checks
from sanso.agent.cli.checks import check_packages, check_state
from sanso.agent.cli.texts import TEXTS

NEEDED = (
    "python",
    "packages",
    "llama",
    "model",
    "digest",
    "metadata",
    "load",
    "decision",
)


def by_name(run: Any) -> dict[str, Any]:
    """Return the findings of a run by their names."""
    return {finding["name"]: finding for finding in json.loads(run.out)["findings"]}


def test_a_model_that_cannot_be_used(tmp_path: Path, sanso: Any) -> None:
    """Without a usable model the doctor ends with 1 and says what to do."""
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF")
    run = sanso("doctor", "--json", "--model", str(path))
    found = by_name(run)["model"]
    assert (run.code, json.loads(run.out)["ok"], found["ok"]) == (1, False, False)
    assert "broken.gguf" in found["found"]
    assert "--model" in found["cure"]
    told = sanso("doctor", "--lang", "ko", "--model", str(path))
    assert (told.code, told.err) == (1, "")
    words = " ".join(told.out.split())
    assert "broken.gguf는 쓸 수 있는 GGUF가 아니에요 (중간에 잘림)" in words
    assert "--model로 다른 GGUF를" in words
    assert told.out.endswith("해결 방법이 있어요.\n")
    assert not any(line.endswith(" ") for line in told.out.splitlines())


@pytest.mark.engine
def test_all_is_well(random_gguf: Path, sanso: Any) -> None:
    """With a model everything needed is ok, and what was measured is told."""
    run = sanso("doctor", "--json", "--model", str(random_gguf))
    found = by_name(run)
    assert run.code == 0
    assert all(found[name]["ok"] for name in NEEDED)
    assert str(random_gguf) in found["model"]["found"]
    assert len(found["digest"]["found"]) == 64
    assert "sanso.grammar" in found["metadata"]["found"]
    assert found["load"]["found"].endswith(" ms")
    assert found["memory"]["found"].endswith(" MiB")
    for lang, word in (("ko", "정상"), ("en", "ok")):
        told = sanso("doctor", "--lang", lang, "--model", str(random_gguf))
        assert told.code == 0
        assert told.out.startswith(f"{word} ")


def test_packages() -> None:
    """Every package that the agent needs is found, with its version."""
    found = check_packages(TEXTS["en"])
    assert (found.ok, found.cure) == (True, "")
    assert "llama-cpp-python 0." in found.found


def test_state_folder(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state folder is made; where that cannot be, the cure names the variable."""
    assert environment["XDG_STATE_HOME"] in check_state(TEXTS["en"]).found
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    found = check_state(TEXTS["en"])
    assert not found.ok
    assert "XDG_STATE_HOME" in found.cure
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    expected = tmp_path / ".local" / "state" / "sanso"
    assert str(expected) == check_state(TEXTS["en"]).found


@pytest.mark.parametrize(
    ("installed", "library", "program", "ok", "told"),
    [
        (True, True, True, True, "faster-whisper"),
        (False, True, True, True, "sanso[voice]"),
        (True, False, True, False, "libportaudio2"),
        (True, True, False, False, "espeak-ng"),
    ],
)
def test_voice(
    monkeypatch: pytest.MonkeyPatch,
    installed: bool,  # noqa: FBT001 - a row of a table
    library: bool,  # noqa: FBT001
    program: bool,  # noqa: FBT001
    ok: bool,  # noqa: FBT001
    told: str,
) -> None:
    """What hears and speaks is looked for, and only half of it is a problem, with its cure."""
    found = "libportaudio.so.2" if library else None
    monkeypatch.setattr(checks, "_is_installed", lambda _: installed)
    monkeypatch.setattr(checks, "find_library", lambda _: found)
    monkeypatch.setattr(
        checks, "which", lambda name: f"/usr/bin/{name}" if program else None
    )
    finding = checks.check_voice(TEXTS["en"])
    assert finding.ok is ok
    assert told in (finding.found if ok else finding.cure)
