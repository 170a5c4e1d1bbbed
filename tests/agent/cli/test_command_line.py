from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sanso.agent.cli.tree import COMMANDS

WRONG: list[tuple[list[str], str, str]] = [
    (["sya", "hi"], "did you mean say?", "혹시 say?"),
    (["켜 줘"], "there is no command '켜 줘'", "'켜 줘' 명령은 없어요"),
    (["say"], "TEXT is missing", "TEXT가 빠졌어요"),
    (["say", "--nope", "hi"], "no option --nope", "--nope 옵션은 없어요"),
    (["say", "hi", "--device"], "--device lacks its value", "--device 옵션에 값이"),
    (["say", "hi", "--json=1"], "--json takes no value", "--json 옵션에는 값을"),
    (["say", "--modle", "x", "hi"], "(did you mean --model?)", "(혹시 --model?)"),
    (["chat", "--zone", "x"], "no option --zone; see", "--zone 옵션은 없어요; sanso"),
    (
        ["say", "--caution", "max", "hi"],
        "wrong: 'max' is not one of 'off', 'low', 'normal', 'high'; see",
        "잘못됐어요: 'max'는 쓸 수 없어요. 'off', 'low', 'normal', 'high' 가운데 고르세요; ",
    ),
    (
        ["devices", "watch", "sim:", "--seconds", "x"],
        "should be a valid number",
        "잘못됐어요: 수가 아니에요; ",
    ),
    (["chat", "hi"], "'hi' is one argument too many", "'hi': 필요 없는"),
    (["parse"], "write sanso parse --jsonl", "sanso parse --jsonl로 쓰세요"),
    (["grammar", "--format", "xml"], "no format 'xml'", "'xml' 형식은 없어요"),
    (["grammar", "--check", "/no/such"], "no folder /no/such", "/no/such 폴더가"),
    (["grammar", "--write", "a", "--check", "b"], "exclude", "함께 쓸 수 없어요"),
    (["say", "hi", "--model", "/no.gguf"], "no file /no.gguf", "/no.gguf 파일이"),
    (["chat", "--model", "/no.gguf"], "no file /no.gguf", "/no.gguf 파일이 없어요"),
    (["doctor", "--model", "/no.gguf"], "no file /no.gguf", "/no.gguf 파일이 없어요"),
    (["parse", "--jsonl", "--model", "."], ". is a folder", ". 경로는 폴더예요"),
    (["say", "hi", "--device", "foo:"], "no kind of device", "그런 종류의 기기는"),
    (["say", "hi", "--device", "sim"], "lacks its colon", "sim:으로 쓰세요"),
    (["say", "hi", "--device", "sim:?fna=3"], "did you mean fan?", "혹시 fan?"),
    (
        ["say", "hi", "--device", "sim:?profile=x"],
        "no profile 'x'",
        "프로파일은 없어요",
    ),
    (["say", "hi", "--device", "\ud800"], "no kind of device", "그런 종류의 기기는"),
]


@pytest.mark.parametrize(("words", "english", "korean"), WRONG)
def test_wrong_words_are_explained(
    words: list[str], english: str, korean: str, sanso: Any
) -> None:
    """A wrong command line ends with 2 and one line, in the language of the person."""
    for lang, expected in (("en", english), ("ko", korean)):
        run = sanso("--lang", lang, *words)
        assert (run.code, run.out) == (2, "")
        assert run.err.startswith("sanso: ")
        assert expected in run.err
        assert run.err.count("\n") == 1


def test_a_wrong_option_leads_to_its_own_page(sanso: Any) -> None:
    """What is wrong with an option of a command points to the help of that command."""
    for word in ("--device", "--json=1", "--nope"):
        assert sanso("say", "hi", word).err.endswith("; see sanso say --help\n")


def test_unknown_language(sanso: Any) -> None:
    """A language that does not exist is refused before anything else."""
    run = sanso("say", "hi", "--lang", "fr")
    assert run.code == 2
    assert run.err == "sanso: there is no language 'fr'; choose ko or en\n"


@pytest.mark.parametrize(
    "content", [b"", b"<!doctype html>", b"GGUF\x03\0\0\0", b"\xff" * 64]
)
def test_a_damaged_model_is_an_error(
    content: bytes, tmp_path: Path, sanso: Any
) -> None:
    """A file that is no model ends with 1 and one line, in both languages."""
    path = tmp_path / "broken.gguf"
    path.write_bytes(content)
    english = sanso("say", "hi", "--model", str(path))
    korean = sanso("say", "hi", "--model", str(path), "--lang", "ko")
    assert (english.code, korean.code) == (1, 1)
    assert english.err.startswith("sanso: broken.gguf is not a usable GGUF")
    assert korean.err.startswith("sanso: broken.gguf는 쓸 수 있는 GGUF가")
    assert (english.err.count("\n"), korean.err.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("lang", "usage", "told"),
    [("en", "Usage: sanso", "Commands"), ("ko", "사용법: sanso", "명령")],
)
def test_without_words_there_is_help(
    lang: str, usage: str, told: str, sanso: Any
) -> None:
    """The bare command lists every command, in both languages, and is no error."""
    run = sanso("--lang", lang)
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(usage)
    assert told in run.out
    for name in COMMANDS:
        assert f"  {name} " in run.out
    assert run.out == sanso("--lang", lang, "--help").out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_page(name: str, sanso: Any) -> None:
    """The help of a command differs by language and fits into 80 columns."""
    english, korean = sanso(name, "--help"), sanso("--lang", "ko", name, "--help")
    assert (english.code, korean.code) == (0, 0)
    assert english.out.startswith(f"Usage: sanso {name}")
    assert korean.out.startswith(f"사용법: sanso {name}")
    assert max(map(len, english.out.splitlines())) <= 80
    assert "--lang ko|en" in english.out


def test_version(sanso: Any) -> None:
    """`--version` prints name and version."""
    run = sanso("--version")
    assert run.code == 0
    assert run.out.startswith("sanso ")


def test_the_locale_chooses(sanso: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Korean locale gets Korean errors without being asked."""
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert sanso("say").err == "sanso: TEXT가 빠졌어요; sanso say --help 참고\n"
