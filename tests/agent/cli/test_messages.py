from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, TypeGuard

import pytest

from sanso.agent.bundle import open_bundle
from sanso.agent.cli.failures import explain
from sanso.agent.cli.messages import in_words, translated
from sanso.agent.cli.messages_ko import MESSAGES
from sanso.agent.cli.texts import TEXTS
from sanso.agent.errors import ModelError
from sanso.agent.wording.korean import PARTICLES, Word
from sanso.devices import DeviceError, load_profile, open_purifier
from sanso.grammars import PURIFIER, SansoError

TREE = Path(__file__).resolve().parents[3]
TOLD = {
    *("ModelError", "NotGguf", "UtteranceError", "DeadlineExceeded"),
    *("DeviceError", "UnknownDevice", "ProfileError"),
    *("PortError", "LinkLost", "NoAnswer", "ServiceError"),
    *("UsageError", "CaseError", "RecipeError"),
    *("RulesError", "MissError"),
    "MicrophoneError",
    *("SpeakerError", "VoiceError"),
    *("TranscriberError", "WakeError"),
}
"""Errors whose message a person at the command line may see."""
_HANGUL = re.compile(r"[가-힣]")


def sources() -> list[Path]:
    """Return the modules that speak English only: all but those of the command line."""
    folders = ("agent/sanso/agent", "devices/sanso/devices", "models/sanso/models")
    paths = [path for folder in folders for path in (TREE / folder).rglob("*.py")]
    return sorted(path for path in paths if "cli" not in path.parts)


def sample(node: ast.expr, names: dict[str, ast.expr]) -> Iterator[str]:
    """Yield what an expression of a message may say, with 7 for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value)
            if isinstance(part, ast.Constant)
            else "there is none"
            if "hint(" in ast.unparse(part)
            else "7"
            for part in node.values
        )
    elif isinstance(node, ast.IfExp):
        yield from sample(node.body, names)
        yield from sample(node.orelse, names)
    elif isinstance(node, ast.Name) and node.id in names:
        yield from sample(names[node.id], names)


def _is_told(raised: ast.expr | None) -> TypeGuard[ast.Call]:
    called = isinstance(raised, ast.Call) and raised.args
    return bool(called) and ast.unparse(raised.func) in TOLD  # type: ignore[union-attr]


def raised(path: Path) -> Iterator[str]:
    """Yield a sample of each message that a module raises."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        names: dict[str, ast.expr] = {}
        nodes = [n for n in ast.walk(function) if isinstance(n, ast.Assign | ast.Raise)]
        for node in sorted(nodes, key=lambda n: n.lineno):
            if isinstance(node, ast.Assign):
                target = node.targets[0]
                names |= {target.id: node.value} if isinstance(target, ast.Name) else {}
            elif _is_told(node.exc):
                yield from sample(node.exc.args[0], names)


def test_every_message_is_known() -> None:
    """Whatever our code raises at a person can be said in Korean."""
    found = {text for path in sources() for text in raised(path)}
    assert len(found) > 50
    # an URL before its own message is taken off by `explain`
    assert {text for text in found if translated(text, "ko") is None} == {"7: 7"}


def slots(text: str) -> set[str]:
    """Return the names of a text's slots."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("english", MESSAGES)
def test_each_row_is_found_by_its_own_message(english: str) -> None:
    """No row of the table takes the message of another one, and none loses a fact."""
    korean = MESSAGES[english]
    assert slots(english) == slots(korean)
    assert _HANGUL.search(korean)
    specs = {spec for *_, spec, _ in Formatter().parse(korean) if spec}
    assert set() == specs - set(PARTICLES)
    values = dict.fromkeys(slots(english), "7")
    values |= {"hint": "there is none"} if "hint" in values else {}
    expected = {name: Word(in_words(value, "ko")) for name, value in values.items()}
    told = translated(english.format_map(values), "ko")
    assert korean.format_map(expected) == told


@pytest.mark.parametrize("english", MESSAGES)
def test_the_cure_stays_behind_its_semicolon(english: str) -> None:
    """Where the English tells a cure behind the cause, the Korean does."""
    assert english.count("; ") == MESSAGES[english].count("; ")


URLS = (
    *("foo:", "", "sim", "serial:", "sim:fan=3", "sim:?profil=sim"),
    *("sim:?profile=none", "sim:?profile=none.toml", "sim:?event=fry", "sim:?fan=9"),
    *("sim:?event=frying:x", "sim:?window=x", "sim:?people=-1", "sim:?seed=a"),
    *("sim:?speed=0", "sim:?volume=x", "sim:?power=maybe", "sim:?mode=swim"),
    *("sim:?pm25=x", "sim:?light=blue", "sim:?uv=2", "sim:?filter=101"),
)


@pytest.mark.parametrize("url", URLS)
def test_wrong_device_urls_in_korean(url: str) -> None:
    """A wrong URL is explained in Korean, with nothing left in English."""
    with pytest.raises(DeviceError) as caught:
        open_purifier(url)
    line, code = explain(caught.value, TEXTS["ko"])
    assert code == 2
    assert _HANGUL.search(line)
    assert not re.search(r"\b(there|is|not|from|of|did)\b", line), line
    english, _ = explain(caught.value, TEXTS["en"])
    assert not _HANGUL.search(english)


FILES = {
    "empty": b"",
    "cut": b"GGUF",
    "page": b"<!DOCTYPE html><html>",
    "other": b"PK\x03\x04 and more",
    "version": b"GGUF\x09\x00\x00\x00",
}


@pytest.mark.parametrize("name", FILES)
def test_wrong_models_in_korean(name: str, tmp_path: Path, sanso: Any) -> None:
    """A file that is no model is explained in Korean, in one line with its name."""
    path = tmp_path / f"{name}.gguf"
    path.write_bytes(FILES[name])
    with pytest.raises(ModelError):
        open_bundle(path, PURIFIER)
    run = sanso("say", "켜 줘", "--model", str(path), "--lang", "ko")
    assert (run.code, run.out, run.err.count("\n")) == (1, "", 1)
    assert run.err.startswith(f"sanso: {path.name}")
    assert "쓸 수 있는 GGUF가 아니에요" in run.err
    assert not re.search(r"\b(it|is|not|copy)\b", run.err)


def test_wrong_profile_in_korean(tmp_path: Path) -> None:
    """A profile says where it is wrong; the names of its keys stay as they are."""
    path = tmp_path / "mine.toml"
    path.write_text("fan_levels = 3\n", encoding="utf-8")
    with pytest.raises(SansoError) as caught:
        load_profile(str(path))
    line, _ = explain(caught.value, TEXTS["ko"])
    assert "mine.toml이 잘못됐어요: fan_levels 항목은 없어요" in line


def test_an_unknown_message_stays_inside_a_sentence() -> None:
    """What the table does not know is told as it is, in a Korean sentence of its class."""
    assert translated("never heard of", "ko") is None
    assert in_words("never heard of", "ko") == "never heard of"
    assert translated("never heard of", "en") == "never heard of"
    line, _ = explain(DeviceError("never heard of"), TEXTS["ko"])
    assert "공기청정기와 연결할 수 없어요 (never heard of)" in line


def test_system_errors_in_korean() -> None:
    """What the system says of files is Korean too."""
    error = PermissionError(13, "Permission denied", "/x")
    line, _ = explain(error, TEXTS["ko"])
    assert line == "sanso: /x: 권한이 없어요; 경로와 권한을 확인하세요"
