from __future__ import annotations

import re
from string import Formatter

import pytest
from typer.main import get_command

from sanso.agent.cli import (
    help_en,
    help_ko,
    texts_en,
    texts_ko,
    texts_listen_en,
    texts_listen_ko,
    texts_voice_en,
    texts_voice_ko,
)
from sanso.agent.cli.devices import kind_rows
from sanso.agent.cli.texts import TEXTS, choose_texts
from sanso.agent.cli.tree import COMMANDS, _app
from sanso.devices import KINDS, SETTINGS

_HANGUL = re.compile(r"[가-힣]")
PAIRS = [
    (help_en.HELP, help_ko.HELP),
    (texts_en.TEXTS, texts_ko.TEXTS),
    (texts_voice_en.TEXTS, texts_voice_ko.TEXTS),
    (texts_listen_en.TEXTS, texts_listen_ko.TEXTS),
]


def slots(text: str) -> set[str]:
    """Return the names of a text's slots."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(("english", "korean"), PAIRS)
def test_tables_are_equals(english: dict[str, str], korean: dict[str, str]) -> None:
    """Both tables have the same keys in the same order."""
    assert list(english) == list(korean)


@pytest.mark.parametrize(("english", "korean"), PAIRS)
def test_slots_are_equals(english: dict[str, str], korean: dict[str, str]) -> None:
    """A text offers the same facts in both languages, an error its message at least."""
    for key, text in english.items():
        assert slots(text) == slots(korean[key]), key


def test_english_has_no_hangul() -> None:
    """Nobody who reads English alone meets Korean."""
    table = TEXTS["en"].table
    assert [key for key, text in table.items() if _HANGUL.search(text)] == []


def test_korean_is_korean() -> None:
    """Only names, numbers and what is typed stays without Hangul in the Korean table."""
    table = TEXTS["ko"].table
    bare = {key for key, text in table.items() if text and not _HANGUL.search(text)}
    assert bare == {
        "check.digest",
        "check.llama",
        "cure.packages",
        "error.CommandMissing",
        "error.UsageError",
        "state.running",
        "examples.devices.audio",
        "examples.devices.watch",
        "examples.run",
        "examples.twin",
        "examples.voice.bench",
        "examples.voice.pull",
        "examples.voice.push",
        "cost.head.ratio",
        *(f"examples.{name}" for name in ("chat", "evaluate", "grammar", "train")),
    }


@pytest.mark.parametrize(
    ("words", "environment", "lang"),
    [
        ([], {}, "en"),
        ([], {"LANG": "ko_KR.UTF-8"}, "ko"),
        ([], {"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ([], {"LC_ALL": "ko", "LC_MESSAGES": "en_US.UTF-8"}, "ko"),
        ([], {"LC_ALL": "", "LANG": "ko_KR"}, "ko"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        (["--lang", "ko", "say"], {}, "ko"),
        (["say", "hi", "--lang=ko"], {}, "ko"),
        (["say", "hi", "--lang", "en"], {"LANG": "ko_KR"}, "en"),
        (["--lang", "en", "say", "--lang", "ko"], {}, "ko"),
        (["say", "--", "--lang", "ko"], {}, "en"),
        (["say", "--lang"], {"LANG": "ko_KR"}, "ko"),
        (["--lang", "fr"], {"LANG": "ko_KR"}, "ko"),
    ],
)
def test_chooses_the_language(
    words: list[str], environment: dict[str, str], lang: str
) -> None:
    """`--lang` counts wherever it stands, then the locale, then English."""
    assert lang == choose_texts(words, environment).lang


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained(name: str, lang: str) -> None:
    """Every command, argument and option has its words in both languages."""
    texts = TEXTS[lang]
    tree = get_command(_app())
    context = tree.make_context("sanso", [name], obj=texts)
    command = tree.get_command(context, name)  # type: ignore[attr-defined]
    assert texts.find(f"command.{name}")
    for parameter in command.params:
        assert texts.find(f"option.{parameter.name}"), parameter.name


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_device_option_is_explained(lang: str) -> None:
    """Every kind of device and its options have words of their own in both languages."""
    for name, kind in KINDS.items():
        assert TEXTS[lang].find(f"device.{name}")
        rows = dict(kind_rows(name, kind, TEXTS[lang]))
        options = [option for option in kind.options if option not in SETTINGS]
        for option in options:
            assert TEXTS[lang].find(f"device.{name}.{option}"), option
            assert rows[option]
